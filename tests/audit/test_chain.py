"""The tamper drill: whatever somebody with the database but without the key file does, it shows."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from apps.audit.chain import FIRST, hash_of
from apps.audit.models import Deed
from apps.audit.queries import verify_chain
from apps.audit.services import record
from apps.vault import keys
from tests import factories
from tests.vault.conftest import no_ring, own_ring  # noqa: F401 - fixtures


@pytest.fixture
def trail(db: None) -> list[Deed]:
    person = factories.make_user("吴向前")
    return [
        record(
            actor=person,
            action="meeting.closed",
            target=person,
            path="00001",
            reason=f"第{n}次",
            ip="10.0.0.7",
        )
        for n in range(1, 6)
    ]


def edit(**values: object) -> Callable[[], object]:
    return lambda: Deed.objects.filter(number=3).update(**values)


def insert() -> None:
    Deed.objects.filter(number__gt=3).order_by("-number").update(number=F("number") + 100)
    forged = Deed.objects.get(number=3)
    forged.pk, forged.number, forged.previous_hash = None, 4, forged.hash
    forged.hash = "f" * 64
    forged.save()


def swap() -> None:
    Deed.objects.filter(number=3).update(number=1000)
    Deed.objects.filter(number=4).update(number=3)
    Deed.objects.filter(number=1000).update(number=4)


def rebuild_without_the_key() -> None:
    previous = FIRST
    for deed in Deed.objects.order_by("number"):
        deed.reason, deed.key_id, deed.previous_hash = "另一回事", "", previous
        previous = deed.hash = hash_of(deed, key=None)
        deed.save()


ATTACKS = {
    "time": edit(at="2026-01-01T00:00Z"),
    "actor": edit(actor=None),
    "name": edit(actor_name="郑明"),
    "action": edit(action="meeting.opened"),
    "object": edit(object_id=7),
    "label": edit(object_label="别人"),
    "organization": edit(path="00002"),
    "reason": edit(reason=""),
    "changes": edit(changes=[{"field": "x", "label": "x", "before": "", "after": "x"}]),
    "address": edit(ip="10.0.0.8"),
    "first row deleted": lambda: Deed.objects.filter(number=1).delete(),
    "middle deleted": lambda: Deed.objects.filter(number=3).delete(),
    "middle deleted and renumbered": lambda: (
        Deed.objects.filter(number=3).delete(),
        Deed.objects.filter(number=4).update(number=3),
        Deed.objects.filter(number=5).update(number=4),
    ),
    "inserted": insert,
    "swapped": swap,
    "key id erased": edit(key_id=""),
    "tail deleted": lambda: Deed.objects.filter(number__gt=3).delete(),
    "emptied": lambda: Deed.objects.all().delete(),
    "rebuilt": rebuild_without_the_key,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_shows_against_yesterdays_anchor(attack: str, trail: list[Deed]) -> None:
    anchors = {trail[4].number: trail[4].hash}
    assert verify_chain(anchors).fault is None
    ATTACKS[attack]()
    assert verify_chain(anchors).fault is not None


@pytest.mark.parametrize(
    "attack", [name for name in ATTACKS if name not in {"tail deleted", "emptied", "rebuilt"}]
)
def test_most_attacks_show_without_an_anchor(attack: str, trail: list[Deed]) -> None:
    ATTACKS[attack]()
    assert verify_chain({}).fault is not None


def test_a_row_that_was_edited_and_put_back_is_whole(trail: list[Deed]) -> None:
    edit(reason="")()
    edit(reason="第3次")()
    assert verify_chain({}).fault is None


def run(*arguments: object) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("audit_verify", *map(str, arguments), stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_command_answers_0_and_the_head(trail: list[Deed]) -> None:
    assert run() == (0, f"操作记录共 5 条，校验链完整。末条校验值 {trail[4].hash}\n")


def test_the_command_answers_1_and_names_the_first_broken_row(trail: list[Deed]) -> None:
    Deed.objects.filter(number=4).update(reason="改")
    Deed.objects.filter(number=2).update(reason="改")
    assert run() == (1, "操作记录有问题：第 2 条，内容与校验值不符：这一条被改动。\n")


def test_the_anchor_file_betrays_a_cut_tail(trail: list[Deed], tmp_path: Path) -> None:
    anchor = tmp_path / "anchor.txt"
    run("--write-anchor", anchor)
    assert anchor.read_text() == f"5 {trail[4].hash}\n"
    assert run("--anchor", anchor)[0] == 0
    record(actor=None, action="a.b")
    assert run("--anchor", anchor, "--write-anchor", anchor)[0] == 0
    assert len(anchor.read_text().splitlines()) == 2
    Deed.objects.filter(number=6).delete()
    code, words = run("--anchor", anchor)
    assert (code, words) == (
        1,
        "操作记录有问题：第 6 条，封存单上有这一条，数据库中没有：末尾的记录被删除，或恢复了较早的备份。\n",
    )


def test_a_file_that_is_no_anchor_is_refused(trail: list[Deed], tmp_path: Path) -> None:
    anchor = tmp_path / "anchor.txt"
    with pytest.raises(CommandError, match="无法读取封存单"):
        run("--anchor", anchor)
    anchor.write_text("one two three\n")
    with pytest.raises(CommandError, match="无法读取封存单"):
        run("--anchor", anchor)


def test_work_is_recorded_while_the_vault_is_locked_and_the_rows_say_so(own_ring: Path) -> None:  # noqa: F811
    record(actor=None, action="a.b")
    away = own_ring.rename(own_ring.with_name("away.json"))
    record(actor=None, action="a.locked")
    record(actor=None, action="a.locked")
    away.rename(own_ring)
    record(actor=None, action="a.c")
    assert [bool(key_id) for key_id in Deed.objects.order_by("number").values_list("key_id", flat=True)] == [
        True,
        False,
        False,
        True,
    ]
    verdict = verify_chain({})
    assert (verdict.count, verdict.unsealed, verdict.fault) == (4, (2, 3), None)
    code, words = run()
    assert (code, "有 2 条（第 2 至 3 条之间）" in words) == (1, True)
    assert run("--accept-unsealed")[0] == 0
    Deed.objects.filter(number=2).update(reason="改")
    assert verify_chain({}).fault is not None


def test_without_the_key_the_chain_cannot_be_verified(no_ring: Path) -> None:  # noqa: F811
    record(actor=None, action="a.b")
    Deed.objects.update(key_id="ab" * 8)
    assert verify_chain({}).fault.words == "缺少核对所需的密钥 abababab"
    assert keys.status().locked
