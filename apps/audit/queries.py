"""The history of one thing, and the proof that the chain is whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from apps.audit.chain import FIRST, hash_of
from apps.audit.models import Deed
from apps.vault import keys


def history_of(target: Model) -> QuerySet[Deed]:
    """All deeds on this thing, the latest first. Whoever may see the thing may see its history."""
    return Deed.objects.filter(object_type=target._meta.label_lower, object_id=target.pk).order_by("-pk")


@dataclass(frozen=True, slots=True)
class Fault:
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    count: int
    head: str
    #: Numbers recorded while the vault was locked: chained, but without the key.
    unsealed: tuple[int, ...]
    #: The first thing that is wrong, if anything is.
    fault: Fault | None


def verify_chain(anchors: Mapping[int, str]) -> Verdict:
    """Walk the whole chain. `anchors` (number → hash, kept outside) betray a cut tail or an old backup."""
    count, head = 0, FIRST
    unsealed: list[int] = []
    for deed in Deed.objects.order_by("number").iterator(chunk_size=2000):
        fault = _fault_of(deed, number=count + 1, previous=head, anchors=anchors)
        if fault:
            return Verdict(count, head, tuple(unsealed), fault)
        if not deed.key_id:
            unsealed.append(deed.number)
        count, head = deed.number, deed.hash
    lost = sorted(number for number in anchors if number > count)
    fault = (
        Fault(lost[0], "封存单上有这一条，数据库中没有：末尾的记录被删除，或恢复了较早的备份")
        if lost
        else None
    )
    return Verdict(count, head, tuple(unsealed), fault)


def _fault_of(deed: Deed, *, number: int, previous: str, anchors: Mapping[int, str]) -> Fault | None:
    return next(_faults(deed, number=number, previous=previous, anchors=anchors), None)


def _faults(deed: Deed, *, number: int, previous: str, anchors: Mapping[int, str]) -> Iterator[Fault]:
    if deed.number != number:
        yield Fault(number, f"缺少这一条，下一条是第 {deed.number} 条")
    if deed.previous_hash != previous:
        yield Fault(number, "与上一条不衔接：上一条被改动或替换")
    if deed.key_id and deed.key_id != known_key():
        yield Fault(number, f"缺少核对所需的密钥 {deed.key_id[:8]}")
    elif deed.hash != hash_of(deed, key=keys.subkey("audit") if deed.key_id else None):
        yield Fault(number, "内容与校验值不符：这一条被改动")
    if anchors.get(number, deed.hash) != deed.hash:
        yield Fault(number, "与封存单不符：自此以前的记录被整体改写")


def known_key() -> str:
    try:
        return keys.root_id()
    except keys.VaultLocked:
        return ""
