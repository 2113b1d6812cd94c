"""The demo shows the work log in all its states."""

from datetime import date

from apps.branches.models import Organization
from apps.ledger.facts_study import study_books, work_books
from apps.rules.kinds_worklog import Coverage, EntrySort, StudyCategory
from apps.worklog.models import CareUnit, Entry, KeyPost

DAY = date(2026, 11, 20)


def test_four_branches_show_every_sort_and_state(demo) -> None:
    assert set(Entry.objects.values_list("sort", flat=True)) == {sort.value for sort in EntrySort}
    assert Entry.objects.values("branch").distinct().count() == 4
    assert Entry.objects.filter(withdrawn_on__isnull=False).exists()
    assert not Entry.objects.filter(held_on__gt=DAY).exists()
    assert set(CareUnit.objects.values_list("coverage", flat=True)) == {one.value for one in Coverage}
    assert KeyPost.objects.filter(until__isnull=False).exists()
    branches = list(Organization.objects.branches().order_by("pk")[:2])
    first, second = study_books(branches, year=2026, as_of=DAY).values()
    assert 0 < first.met < len(first.asked) < len(first.accounts)
    assert (first.categories, StudyCategory.AUXILIARY in second.categories) == (set(StudyCategory), False)
    [book] = work_books(branches[:1], since=date(2026, 1, 1), until=date(2027, 1, 1)).values()
    assert any(activity.partners for activity in book.activities)
    assert any(activity.public_participants for activity in book.activities)
