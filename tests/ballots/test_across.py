"""Results of many branches and of two years side by side: together they tell no more than each may."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.ballots.models import Poll, Question
from apps.ballots.queries import ALIKE, counted_in, result_of, too_alike
from apps.ballots.queries_across import ASIDE, FOR_OTHERS, HIS_OWN, TOO_FEW_BEHIND, across
from apps.branches.models import Organization
from apps.rules.kinds import PostKind
from apps.rules.kinds_ballots import Electorate, PollPurpose, Scale
from tests import factories
from tests.ballots.makers import make_opened, make_voters

pytestmark = pytest.mark.django_db
ACROSS = reverse("ballots:across")
LAST_YEAR = date(2025, 11, 20)


def in_two_years(branch: Organization, *, came: int, began: date = LAST_YEAR, number: int = 8) -> Poll:
    """This year's poll: so many came to the roll since the earlier one."""
    voters = make_voters(branch, number=number)
    make_opened(branch, roll=voters[came:], votes=[number - came], began=began)
    return make_opened(branch, roll=voters, votes=[number - 1, 1, 0, 0, 0])


def counted(branch: Organization, *, votes: list[int]) -> Poll:
    return make_opened(branch, roll=make_voters(branch, number=sum(votes)), votes=votes)


def polls_of(year: int) -> dict:
    found = across(Poll.objects.filter(opened_on__year=year), purpose=PollPurpose.APPRAISAL)
    lines = {line.poll.branch_id: (line.votes, line.why) for line in found.lines.values()}
    return lines | {"total": (found.total.votes, found.total.why)}


def test_a_hidden_branch_takes_the_next_smallest_along_and_nobody_above_reads_it_elsewhere(
    cast, sign_in
) -> None:
    third = factories.make_organization(parent=cast.committee, name="青川镇机关第三党支部")
    hidden = in_two_years(cast.ours, came=1)
    assert polls_of(2026) == {cast.ours.pk: ((), ALIKE), "total": ((), TOO_FEW_BEHIND)}
    aside = counted(cast.sibling, votes=[4, 2, 0, 0, 0])
    counted(third, votes=[9, 2, 1, 0, 0])
    assert polls_of(2026) == {
        cast.ours.pk: ((), ALIKE),
        cast.sibling.pk: ((), ASIDE),
        third.pk: ((9, 2, 1, 0, 0), ""),
        "total": ((20, 5, 1, 0, 0), ""),
    }
    organizer = sign_in(cast["organizer"])
    page = organizer.get(ACROSS).content.decode()
    assert (page.count(ALIKE), page.count(ASIDE), page.count(">合计<")) == (1, 1, 1)
    assert page.index(">合计<") < page.index("机关一支部") < page.index("机关二支部")
    for name in ("detail", "print"):
        seen = organizer.get(reverse(f"ballots:{name}", args=[aside.pk])).content.decode()
        assert (ASIDE in seen, "好 4 票" in seen) == (True, False)
    keeper = factories.make_user(username="keeper")
    factories.make_post(keeper, cast.sibling, PostKind.SECRETARY)
    own = sign_in(keeper).get(reverse("ballots:detail", args=[aside.pk])).content.decode()
    assert (ASIDE in own, "好 4 票" in own) == (False, True)
    for reader in ("secretary", "organizer"):
        told = sign_in(cast[reader]).get(reverse("ballots:detail", args=[hidden.pk])).content.decode()
        assert (ALIKE in told, "好 7 票" in told) == (True, False)


@pytest.mark.parametrize(
    "changed",
    [{"came": 0}, {"came": 2}, {"came": 1, "began": date(2024, 11, 20)}, {"came": 1, "number": 10}],
)
def test_a_result_is_hidden_for_one_newcomer_to_a_small_roll_of_the_year_before_only(cast, changed) -> None:
    poll = in_two_years(cast.ours, **changed)
    assert too_alike(Poll.objects.filter(pk=poll.pk)) == frozenset()
    assert [one.shown for one in counted_in(poll, result=result_of(poll))] == [True]


def test_the_committee_and_all_members_are_asked_different_things_and_are_not_compared(cast) -> None:
    voters = make_voters(cast.ours, number=6)
    make_opened(cast.ours, roll=voters[1:], votes=[5], electorate=Electorate.COMMITTEE)
    poll = make_opened(cast.ours, roll=voters, votes=[6], electorate=Electorate.ALL)
    assert [one.shown for one in counted_in(poll, result=result_of(poll))] == [True]


def test_few_paper_ballots_stay_out_of_the_line_and_out_of_the_total(cast) -> None:
    few = counted(cast.ours, votes=[4, 0, 0, 0, 0])
    Question.objects.filter(poll=few).update(words="作风")
    counted(cast.sibling, votes=[6, 0, 0, 0, 0])
    third = factories.make_organization(parent=cast.committee)
    counted(third, votes=[9, 0, 0, 0, 0])
    assert polls_of(2026) == {
        cast.ours.pk: ((), "不足 5 票，不予显示"),
        cast.sibling.pk: ((), ASIDE),
        third.pk: ((9, 0, 0, 0, 0), ""),
        "total": ((19, 0, 0, 0, 0), ""),
    }


def test_the_year_and_the_purpose_are_chosen_and_the_lines_cost_the_same(cast, sign_in) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert organizer.get(ACROSS).status_code == 200
        return len(captured)

    in_two_years(cast.ours, came=2)
    organizer = sign_in(cast["organizer"])
    organizer.get(ACROSS)
    one = cost()
    for _ in range(2):
        in_two_years(factories.make_organization(parent=cast.committee), came=2)
    assert cost() == one
    earlier = organizer.get(ACROSS, {"year": "2025"}).content.decode()
    assert ("2025年测评" in earlier, "2026年测评" in earlier) == (True, False)
    members = organizer.get(ACROSS, {"purpose": "members"}).content.decode()
    assert "2026年测评" not in members


def test_whoever_is_graded_does_not_read_his_own_votes(cast, sign_in) -> None:
    poll = counted(cast.ours, votes=[6, 1, 0, 0])
    Poll.objects.filter(pk=poll.pk).update(purpose=PollPurpose.MEMBERS)
    about = {"subject": cast.members["secretary"], "scale": Scale.MEMBER}
    Question.objects.filter(poll=poll).update(**about)
    pages = {}
    for role in ("secretary", "deputy", "publicity", "organizer"):
        for name in ("detail", "print"):
            pages[role, name] = sign_in(cast[role]).get(reverse(f"ballots:{name}", args=[poll.pk]))
    told = {key: ("优秀 6 票" in page.content.decode()) for key, page in pages.items()}
    assert [key[0] for key, shown in told.items() if not shown] == ["secretary"] * 2 + ["publicity"] * 2
    assert FOR_OTHERS in pages["publicity", "detail"].content.decode()
    assert HIS_OWN in pages["secretary", "detail"].content.decode()


def test_a_result_tells_its_numbers_and_every_grade(cast) -> None:
    poll = counted(cast.ours, votes=[6, 1, 0, 0, 0])
    result = result_of(poll)
    [told] = counted_in(poll, result=result)
    assert (told.question.words, told.question.subject_id, told.question.scale) == ("总体评价", None, "good")
    assert told.votes == [("好", 6), ("较好", 1), ("一般", 0), ("差", 0), ("不了解", 0)]
    assert (told.remarks, told.shown, told.why) == ([], True, "")
    assert (result.issued, result.returned, result.valid, result.invalid) == (7, 7, 7, 0)
    assert (result.poll_id, poll.purpose, result.counted_on) == (poll.pk, "appraisal", date(2026, 11, 20))
    poll.pk = 0
    assert result_of(poll) is None
