"""A committee's own standards: set, worded anew from a day on, and ended."""

from __future__ import annotations

import re
import uuid
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields
from apps.audit.services import record
from apps.branches.models import Organization, below
from apps.branches.queries import ancestors
from apps.rules.kinds import Aspect, OrgKind, Polarity
from apps.standards.evidence import StandardText
from apps.standards.models import Standard, StandardEvidence, StandardVersion
from apps.standards.queries import in_order, text_of
from apps.ui.refusals import Refusal, Stale

register(
    {
        "standard.created": "登记本级标准",
        "standard.updated": "修改本级标准",
        "standard.ended": "停止本级标准",
    }
)
LABELS = {
    "title": "标题",
    "requirement": "要求",
    "aspect": "方面",
    "polarity": "类型",
    "locator": "出处",
    "evidence": "评议依据",
}
CODE = re.compile(r"[\w.\-—·〔〕()（）]{1,20}")
#: Earlier days are no plan of anybody who types a year today.
EARLIEST = date(2000, 1, 1)


class CodeTaken(Refusal):
    default = "这个编号已有标准使用，请换一个编号。"


class WrongCode(Refusal):
    default = "编号只能用汉字、字母、数字和点、横线、括号，不超过 20 个字，中间不留空格。"


class NoEvidence(Refusal):
    default = "请至少选择一项评议依据：记录计算、无记名测评或者上级评审组评定。"


class NotForGroups(Refusal):
    default = "标准登记在党委、党总支或党支部，不登记在党小组。"


class PastDay(Refusal):
    default = "已经过去的日子按当时的标准评议，不能改写；请填今天或以后的日期。"


class NotOurs(Refusal):
    default = "系统自带的标准不能修改。如不适用，请停用并写明理由，另立本级标准。"


class Ended(Refusal):
    default = "这项标准已经停止执行。"


class NothingNew(Refusal):
    default = "内容没有变化，不必另立一版。"


@transaction.atomic
def create_standard(
    *,
    organization: Organization,
    code: str,
    text: StandardText,
    valid_from: date,
    actor: User,
    idempotency_key: uuid.UUID,
) -> Standard:
    """The same key gives the standard that it made the first time. Raises CodeTaken where two standards of
    the same code would meet in one branch."""
    if organization.kind == OrgKind.GROUP:
        raise NotForGroups(field="organization")
    Organization.objects.select_for_update().get(pk=organization.pk)
    known = Standard.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    check_code(code, organization=organization)
    if valid_from < EARLIEST:
        raise PastDay("日期不对，请检查。", field="valid_from")
    standard = Standard(
        code=code, organization=organization, path=organization.path, idempotency_key=idempotency_key
    )
    standard.full_clean(exclude=["path"])
    standard.save()
    add_version(standard=standard, text=text, number=1, valid_from=valid_from, actor=actor)
    words = f"{code} {text.title}"
    record(actor=actor, action="standard.created", target=standard, path=standard.path, reason=words)
    return standard


def check_code(code: str, *, organization: Organization) -> None:
    if not CODE.fullmatch(code):
        raise WrongCode(field="code")
    others = Standard.objects.filter(code=code).select_related("organization")
    if others.filter(organization__isnull=True).exists():
        raise CodeTaken("这是系统自带标准的编号，请换一个编号。", field="code")
    above = ancestors(organization).values("pk")
    meeting = others.filter(organization__in=above) | others.filter(below(organization.path))
    other = meeting.first()
    if other:
        raise CodeTaken(f"“{other.organization}”已有编号为 {code} 的标准，请换一个编号。", field="code")


def add_version(
    *,
    standard: Standard,
    text: StandardText,
    number: int,
    valid_from: date,
    actor: User | None,
) -> StandardVersion:
    if not text.evidence:
        raise NoEvidence(field="measures")
    version = StandardVersion(
        standard=standard,
        number=number,
        title=text.title,
        requirement=text.requirement,
        aspect=text.aspect,
        polarity=text.polarity,
        locator=text.locator,
        valid_from=valid_from,
        created_by=actor,
    )
    version.full_clean(exclude=["created_by"])
    version.save()
    _write_evidence(version, text=text)
    return version


def _write_evidence(version: StandardVersion, *, text: StandardText) -> list[StandardEvidence]:
    rows = [
        StandardEvidence(version=version, sort=item.sort, key=item.key, order=order)
        for order, item in enumerate(text.evidence)
    ]
    return StandardEvidence.objects.bulk_create(rows)


def latest_of(standard: Standard) -> StandardVersion:
    return standard.versions.prefetch_related(in_order()).order_by("-number")[0]


@transaction.atomic
def update_standard(
    *, standard: Standard, version: int, text: StandardText, valid_from: date, actor: User, today: date
) -> Standard:
    """A new version from `valid_from` on. One that no day has passed under yet is worded anew instead.

    Raises PastDay, NothingNew, Ended, NotOurs, Stale.
    """
    locked = _locked(standard, version=version)
    latest = latest_of(locked)
    if latest.valid_to is not None:
        raise Ended
    before, after = _words(text_of(latest)), _words(text)
    replaced = latest.valid_from >= today
    if before == after and not (replaced and valid_from != latest.valid_from):
        raise NothingNew
    if valid_from < today and valid_from != latest.valid_from:
        raise PastDay(field="valid_from")
    if replaced:
        _reword(locked, latest, text=text, valid_from=valid_from, actor=actor)
    else:
        if valid_from <= latest.valid_from:
            raise PastDay(field="valid_from")
        StandardVersion.objects.filter(pk=latest.pk).update(valid_to=valid_from)
        add_version(standard=locked, text=text, number=latest.number + 1, valid_from=valid_from, actor=actor)
    locked.version += 1
    locked.save(update_fields=["version"])
    record(
        actor=actor,
        action="standard.updated",
        target=locked,
        path=locked.path,
        reason=f"从 {valid_from} 起",
        changes=changed_fields(before, after, labels=LABELS),
    )
    return locked


def _reword(
    standard: Standard, latest: StandardVersion, *, text: StandardText, valid_from: date, actor: User
) -> None:
    """No day has passed under the version, so the one before may still end on another."""
    before = standard.versions.filter(valid_to=latest.valid_from).first()
    if before and valid_from <= before.valid_from:
        raise PastDay(field="valid_from")
    latest.delete()
    if before:
        StandardVersion.objects.filter(pk=before.pk).update(valid_to=valid_from)
    add_version(standard=standard, text=text, number=latest.number, valid_from=valid_from, actor=actor)


@transaction.atomic
def end_standard(*, standard: Standard, version: int, valid_to: date, actor: User, today: date) -> Standard:
    """From `valid_to` on it holds no more; what was judged by it stays as it was."""
    locked = _locked(standard, version=version)
    latest = latest_of(locked)
    if latest.valid_to is not None:
        raise Ended
    if valid_to < today:
        raise PastDay(field="valid_to")
    if valid_to <= latest.valid_from:
        raise PastDay(f"停止执行的日期应晚于开始执行的日期（{latest.valid_from}）。", field="valid_to")
    latest.valid_to = valid_to
    latest.save(update_fields=["valid_to"])
    locked.version += 1
    locked.save(update_fields=["version"])
    words = f"从 {valid_to} 起"
    record(actor=actor, action="standard.ended", target=locked, path=locked.path, reason=words)
    return locked


def _locked(standard: Standard, *, version: int) -> Standard:
    locked = Standard.objects.select_for_update().get(pk=standard.pk)
    if locked.is_shipped:
        raise NotOurs
    if locked.version != version:
        raise Stale
    return locked


def _words(text: StandardText) -> dict[str, str]:
    words = text.in_words()
    return words | {"aspect": Aspect(text.aspect).label, "polarity": Polarity(text.polarity).label}
