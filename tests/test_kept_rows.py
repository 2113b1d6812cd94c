"""What is put back is what was written: every row of every table, and objects that know their rows."""

from __future__ import annotations

from django.db import transaction

from apps.members.models import Member
from tests.conftest import Cast, make_cast
from tests.kept_rows import SET_UP, KeptRows, Rows, has_rows, rows_of, tables


def everything() -> dict[str, Rows]:
    return {table: sorted(rows_of(table)) for table in tables() if table not in SET_UP}


def undone(kept: KeptRows[Cast]) -> tuple[Cast, dict[str, Rows]]:
    with transaction.atomic():
        world, rows = kept.world(), everything()
        transaction.set_rollback(True)
    return world, rows


def test_the_second_world_has_the_rows_and_objects_of_the_first(db: None) -> None:
    kept = KeptRows(make_cast)
    (first, written), (second, put_back) = undone(kept), undone(kept)
    assert put_back == written
    assert sum(map(len, written.values())) > 40
    assert first is not second
    assert {role: user.pk for role, user in first.people.items()} == {
        role: user.pk for role, user in second.people.items()
    }
    kept_besides = vars(second.members["member"]).keys() - vars(first.members["member"]).keys()
    assert kept_besides == {"_django_version"}


def test_what_is_put_back_can_be_worked_with(db: None) -> None:
    kept = KeptRows(make_cast)
    undone(kept)
    cast = kept.world()
    member = Member.objects.get(pk=cast.members["member"].pk)
    assert member.person == cast["member"]
    assert member.group == cast.group
    assert cast["member"].check_password("秋天的第17片枫树红叶")


def test_where_other_rows_stand_the_world_is_written_beside_them(cast: Cast) -> None:
    kept = KeptRows(Member.objects.count)
    assert has_rows("members_member")
    kept.world()
    assert (kept.objects, kept.rows) == (b"", {})
