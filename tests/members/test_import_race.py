"""Two officers confirm the same list in the same moment. SQLite lets only one write at a time anyway."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from apps.members.models import ImportState, Member, RosterImport
from apps.members.services_confirm import RaceLost, confirm_import
from apps.members.services_import import NotReady
from tests import factories
from tests.conftest import NOW
from tests.members.rosters import Capture, good, id_number, preview, roster_bytes

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="threads need a server database"),
]


def both_at_once(imports: list[tuple[int, int]]) -> list[str]:
    """(import, actor) pairs, each confirmed in a thread of its own."""
    start, told = Barrier(len(imports)), []

    def run(roster_id: int, actor_id: int) -> None:
        from apps.accounts.models import User

        try:
            roster, actor = RosterImport.objects.get(pk=roster_id), User.objects.get(pk=actor_id)
            start.wait()
            done = confirm_import(roster=roster, actor=actor, now=NOW)
            told.append(f"{done.new_count} new")
        except (NotReady, RaceLost) as refusal:
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in imports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.mark.parametrize("same_preview", [True, False])
def test_one_list_confirmed_twice_makes_its_people_once(
    same_preview: bool, django_capture_on_commit_callbacks: Capture
) -> None:
    committee = factories.make_organization("committee")
    branch = factories.make_organization(parent=committee)
    actors = [factories.make_secretary(branch), factories.make_user(username="second")]
    factories.make_post(actors[1], branch, "organization")
    rows = [good(姓名=f"张{'一二三四五'[at]}", 身份证号=id_number(order=2 * at + 1)) for at in range(5)]
    content = roster_bytes(rows)
    imports = [
        preview(content, into=branch, by=actor, capture=django_capture_on_commit_callbacks)
        for actor in actors
    ]
    pairs = [(roster.pk, actor.pk) for roster, actor in zip(imports, actors, strict=True)]
    told = both_at_once([pairs[0], pairs[0]] if same_preview else pairs)
    assert told == (["5 new", "NotReady"] if same_preview else ["0 new", "5 new"])
    assert Member.objects.filter(id_index__isnull=False).count() == 5
    assert RosterImport.objects.filter(state=ImportState.DONE).count() == (1 if same_preview else 2)
