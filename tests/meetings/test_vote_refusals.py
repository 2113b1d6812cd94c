"""What the vote desk refuses: figures that cannot be, and ways of voting that are not lawful."""

import pytest

from apps.branches.models import Organization
from apps.meetings.models import MeetingState, Motion
from apps.meetings.queries_vote_weigh import VoteEntry
from apps.meetings.services_roll import NotOpen
from apps.meetings.services_vote import CannotVote, ImpossibleVote
from apps.rules.kinds import Matter, MeetingKind, VoteMethod
from apps.rules.voting import Votes
from tests import factories
from tests.meetings.vote_rooms import PERSON, election, make_room, secret, simple, take


@pytest.fixture
def branch(db: None) -> Organization:
    return factories.make_organization(name="青川镇机关第一党支部")


def problems(item: object, data: VoteEntry) -> list[tuple[str | None, str]]:
    with pytest.raises(ImpossibleVote) as caught:
        take(item, data)
    assert not Motion.objects.exists()
    return [(problem.field, problem.message) for problem in caught.value.problems]


#: Nine of ten have come.
IMPOSSIBLE = [
    (simple(10), "votes_for", "赞成、反对、弃权合计10票，多于实到9人。"),
    (simple(5, against=3, abstain=2), "votes_for", "赞成、反对、弃权合计10票，多于实到9人。"),
    (simple(8), "votes_abstain", "赞成、反对、弃权合计 8，应等于实到会 9；没有表态的计入弃权。"),
    (VoteEntry(matter=Matter.ORDINARY, text="同意"), "votes_for", "请填写赞成、反对、弃权的票数。"),
    (
        VoteEntry(matter=Matter.ORDINARY, text="同意", votes=Votes(votes_for=9, written_for=1)),
        None,
        "党员大会一般事项不计书面意见。",
    ),
    (secret(Votes(votes_for=9), issued=10), "ballots_issued", "发出10张票，多于实到9人。"),
    (
        secret(Votes(votes_for=0), issued=9, invalid=10),
        "ballots_invalid",
        "无效票10张，多于收回的9张。",
    ),
    (
        secret(Votes(votes_for=9), issued=9, returned=8),
        "votes_for",
        "赞成、反对、弃权合计9票，多于有效票8张。",
    ),
    (
        secret(Votes(votes_for=7), issued=9, returned=9, invalid=1),
        "votes_abstain",
        "赞成、反对、弃权合计 7，应等于有效票 8；没有表态的计入弃权。",
    ),
    (
        secret(Votes(votes_for=9, written_for=2), issued=9),
        "written_for",
        "书面意见2份，多于未到会的1人。",
    ),
    (election(2, {"张甲": 8}, issued=9), "seats", "只有 1 名候选人，少于应选的 2 名。"),
    (election(0, {"张甲": 8}, issued=9), "seats", "应选名额至少1名。"),
    (election(1, {}, issued=9), None, "没有登记候选人。"),
    (election(1, {"张甲": 10}, issued=9), None, "张甲得票合计10张，多于有效票9张。"),
]


@pytest.mark.parametrize(("data", "field", "words"), IMPOSSIBLE)
def test_impossible_figures_are_refused_in_words_at_their_field(
    branch: Organization, data: VoteEntry, field: str | None, words: str
) -> None:
    assert (field, words) in problems(make_room(branch, entitled=10, present=9), data)


def test_every_name_is_chosen_on_no_more_ballots_than_seats_allow(branch: Organization) -> None:
    item = make_room(branch, entitled=10, present=9)
    found = problems(item, election(1, {"张甲": 6, "李乙": 5}, issued=9))
    assert len(found) == 1
    assert "每张最多选1名" in found[0][1]


UNLAWFUL = [
    (simple(9, matter=Matter.ADMISSION, subject_name=PERSON), "method", "接收预备党员须采用无记名投票。"),
    (secret(Votes(votes_for=9), issued=9, scrutineers=""), "scrutineers", "无记名投票须有监票人。"),
    (secret(Votes(votes_for=9), issued=9, tellers=" "), "tellers", "无记名投票须有计票人。"),
    (
        secret(Votes(votes_for=9), issued=9, scrutineers=f"王某、{PERSON}"),
        "scrutineers",
        f"{PERSON}是被表决的人，不能担任监票人。",
    ),
    (
        election(1, {"张甲": 6, "李乙": 3}, issued=9, scrutineers="李乙 周某"),
        "scrutineers",
        "李乙是被表决的人，不能担任监票人。",
    ),
    (secret(Votes(votes_for=9), issued=9, subject_name=""), "subject_name", "请写明表决的是哪一位同志。"),
    (
        secret(Votes(votes_for=9), issued=9, subject_name="张三、李四"),
        "subject_name",
        "接收预备党员须逐个讨论、逐个表决，一次只能表决一个人。",
    ),
    (
        VoteEntry(
            matter=Matter.ORDINARY,
            text="同意",
            method=VoteMethod.SECRET_BALLOT,
            votes=Votes(votes_for=9),
            scrutineers="甲",
            tellers="乙",
        ),
        "ballots_issued",
        "无记名投票请填发出和收回的票数。",
    ),
]


@pytest.mark.parametrize(("data", "field", "words"), UNLAWFUL)
def test_unlawful_ways_of_voting_are_refused(
    branch: Organization, data: VoteEntry, field: str, words: str
) -> None:
    assert (field, words) in problems(make_room(branch, entitled=10, present=9), data)


def test_all_mistakes_are_told_at_once(branch: Organization) -> None:
    data = secret(Votes(votes_for=9), issued=10, scrutineers="", tellers="")
    fields = [field for field, _ in problems(make_room(branch, entitled=10, present=9), data)]
    assert fields == ["scrutineers", "tellers", "ballots_issued"]


def test_the_same_person_is_admitted_by_one_vote_only(branch: Organization) -> None:
    item = make_room(branch, entitled=5)
    take(item, secret(Votes(votes_for=5), issued=5))
    with pytest.raises(ImpossibleVote, match="已经表决过是否接收沈小满"):
        take(item, secret(Votes(votes_for=5), issued=5))
    take(item, secret(Votes(votes_for=5), issued=5, subject_name="魏新"))
    assert Motion.objects.count() == 2


def test_a_void_vote_may_be_taken_again(branch: Organization) -> None:
    item = make_room(branch, entitled=5)
    void = take(item, secret(Votes(votes_for=5), issued=5, returned=6))
    assert (void.state, void.votes_for, void.ballots_returned) == ("invalid", 0, 6)
    assert void.explanation.startswith("收回6张票，多于发出的5张，表决无效，应重新投票。")
    assert take(item, secret(Votes(votes_for=5), issued=5)).state == "passed"


def test_a_matter_that_the_sitting_may_not_decide_is_refused(branch: Organization) -> None:
    item = make_room(branch, MeetingKind.COMMITTEE, entitled=5)
    with pytest.raises(CannotVote, match="会议的类别"):
        take(item, simple(5))


@pytest.mark.parametrize("state", [MeetingState.PLANNED, MeetingState.CLOSED])
def test_only_an_open_sitting_takes_votes(branch: Organization, state: str) -> None:
    item = make_room(branch, entitled=5)
    meeting = item.meeting
    meeting.state, meeting.closed_at = state, meeting.recorded_at
    meeting.save()
    with pytest.raises(NotOpen):
        take(item, simple(5))


def test_nobody_entitled_means_no_vote(branch: Organization) -> None:
    with pytest.raises(CannotVote, match="没有可以参加表决的人"):
        take(make_room(branch, entitled=0), simple(0))


def test_a_name_of_two_characters_written_apart_is_one_name(branch: Organization) -> None:
    item = make_room(branch, entitled=5)
    apart = secret(Votes(votes_for=5), issued=5, subject_name="王　刚", scrutineers="李 明、王刚")
    assert problems(item, apart) == [("scrutineers", "王刚是被表决的人，不能担任监票人。")]
    both = secret(Votes(votes_for=5), issued=5, subject_name="王　刚 李　明")
    [(field, words)] = problems(item, both)
    assert (field, "一次只能表决一个人" in words) == ("subject_name", True)
    motion = take(item, secret(Votes(votes_for=5), issued=5, subject_name="王　刚"))
    assert motion.subject_name == "王刚"
