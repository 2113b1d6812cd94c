"""One person, one vote; opened once, by passphrase, in numbers that give nobody away."""

from __future__ import annotations

import pytest
from django.db import models

from apps.audit.models import Deed
from apps.ballots import services, services_count, services_voting
from apps.ballots.models import (
    PaperCount,
    Poll,
    PollKey,
    Remark,
    Result,
    RollEntry,
    SealedBallot,
    Tally,
)
from apps.ballots.queries import counted_in, questions_of, roll_of
from apps.rules.kinds import MemberStatus
from apps.rules.kinds_ballots import Electorate, PollMode, PollPurpose, PollState
from tests import factories
from tests.ballots.makers import TODAY, cast, make_poll, make_tellers, make_voters, open_poll
from tests.conftest import REAL_SCRYPT

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return factories.make_organization(parent=factories.make_organization("committee"))


def unseal(poll: Poll, passphrase: str) -> Result:
    teller = poll.teller_one.person
    return services_count.open_ballots(poll=poll, passphrase=passphrase, actor=teller, today=TODAY)


def closed_with(branch, *grades: int, **values) -> tuple[Poll, str]:
    """A closed poll in which so many voted, each with the same grade throughout."""
    poll = make_poll(branch, **values)
    voters = make_voters(branch, number=max(len(grades), 5))
    passphrase = open_poll(poll)
    for voter, grade in zip(voters, grades, strict=False):
        cast(poll, voter, grade=grade, text=f"意见{voter.pk}")
    services.close_poll(poll=poll, actor=poll.teller_one.person)
    poll.refresh_from_db()
    return poll, passphrase


def votes_of(poll: Poll) -> list[list[int]]:
    found = [
        list(Tally.objects.filter(question=one).order_by("grade").values_list("votes", flat=True))
        for one in questions_of(poll)
    ]
    return [row for row in found if row]


def test_the_ballots_are_counted_once_and_ballots_and_key_are_gone(branch) -> None:
    poll, passphrase = closed_with(branch, 0, 0, 0, 1, 4)
    result = unseal(poll, passphrase)
    assert (result.issued, result.returned, result.valid, result.invalid) == (7, 5, 5, 0)
    assert votes_of(poll) == [[3, 1, 0, 0, 1]] * 15
    poll.refresh_from_db()
    assert poll.state == PollState.OPENED
    assert not SealedBallot.objects.exists()
    assert not PollKey.objects.exists()
    with pytest.raises(services.WrongPhase):
        unseal(poll, passphrase)


def test_a_passphrase_typed_by_hand_is_read_kindly_and_a_wrong_one_opens_nothing(branch) -> None:
    poll, passphrase = closed_with(branch, 0, 0, 0, 0, 0)
    with pytest.raises(services_count.WrongPassphrase):
        unseal(poll, passphrase + " baba")
    assert SealedBallot.objects.count() == 5
    assert unseal(poll, "  " + passphrase.upper().replace(" ", "-")).valid == 5


def test_the_passphrase_has_six_words_and_stands_nowhere(branch) -> None:
    _, passphrase = closed_with(branch, 0, 0, 0, 0, 0)
    assert len(passphrase.split()) == 6
    assert REAL_SCRYPT == {"n": 2**15, "r": 8, "p": 1}
    stored = b"".join(bytes(key.public_key) + bytes(key.wrapped_key) for key in PollKey.objects.all())
    assert passphrase.encode() not in stored
    assert not Deed.objects.filter(reason__contains=passphrase).exists()


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_ballot_that_was_tampered_with_stops_the_opening(branch, place: int) -> None:
    poll, passphrase = closed_with(branch, 0, 0, 0, 0, 0)
    ballot = SealedBallot.objects.first()
    blob = bytearray(ballot.blob)
    blob[place] ^= 1
    SealedBallot.objects.filter(pk=ballot.pk).update(blob=bytes(blob))
    with pytest.raises(services_count.Damaged):
        unseal(poll, passphrase)
    assert (Tally.objects.count(), SealedBallot.objects.count()) == (0, 5)


def test_a_ballot_of_another_poll_does_not_open_here(branch) -> None:
    poll, passphrase = closed_with(branch, 0, 0, 0, 0, 0)
    other, _ = closed_with(branch, 0, 0, 0, 0, 0)
    stranger = SealedBallot.objects.filter(poll=other).first()
    own = SealedBallot.objects.filter(poll=poll).first()
    SealedBallot.objects.filter(pk=own.pk).update(blob=stranger.blob)
    with pytest.raises(services_count.Damaged):
        unseal(poll, passphrase)


def test_a_ballot_added_or_lost_stops_the_opening(branch) -> None:
    poll, passphrase = closed_with(branch, 0, 0, 0, 0, 0)
    SealedBallot.objects.create(poll=poll, blob=bytes(SealedBallot.objects.first().blob))
    with pytest.raises(services_count.Damaged):
        unseal(poll, passphrase)
    for ballot in SealedBallot.objects.all()[:2]:
        ballot.delete()
    with pytest.raises(services_count.Damaged):
        unseal(poll, passphrase)


def test_four_ballots_stay_shut_and_can_only_be_destroyed(branch) -> None:
    poll, passphrase = closed_with(branch, 0, 0, 0, 1)
    with pytest.raises(services_count.NotEnough):
        unseal(poll, passphrase)
    services.destroy_poll(poll=poll, reason="票太少", actor=poll.teller_one.person)
    poll.refresh_from_db()
    assert poll.state == PollState.DESTROYED
    assert (SealedBallot.objects.count(), PollKey.objects.count(), Tally.objects.count()) == (0, 0, 0)


def test_a_motion_is_counted_exactly_however_few_they_are(branch) -> None:
    poll, passphrase = closed_with(branch, 0, 1, 2, purpose=PollPurpose.MOTION, words="同意张明转正")
    unseal(poll, passphrase)
    assert votes_of(poll) == [[1, 1, 1]]


@pytest.mark.parametrize(("ballots", "kept"), [(9, 0), (10, 10)])
def test_remarks_are_kept_from_ten_ballots_on(branch, ballots: int, kept: int) -> None:
    poll, passphrase = closed_with(branch, *[0] * ballots, with_text=True)
    unseal(poll, passphrase)
    texts = list(Remark.objects.order_by("pk").values_list("text", flat=True))
    assert len(texts) == kept
    assert texts == sorted(texts)


def test_everybody_fills_in_the_same_sheet_so_that_no_sum_tells_who_voted(branch) -> None:
    probationary = factories.make_member(branch, status=MemberStatus.PROBATIONARY)
    poll = make_poll(branch, purpose=PollPurpose.MEMBERS, electorate=Electorate.ALL)
    voters = make_voters(branch, number=3)
    services.update_poll(
        poll=poll,
        version=1,
        values={name: getattr(poll, name) for name in services.FIELDS},
        words="",
        with_text=False,
        actor=poll.created_by,
        today=TODAY,
    )
    passphrase = open_poll(poll)
    for voter in (*voters, poll.teller_one, poll.teller_two, probationary):
        cast(poll, voter)
    services.close_poll(poll=poll, actor=poll.teller_one.person)
    result = unseal(poll, passphrase)
    assert votes_of(poll) == [[6, 0, 0, 0]] * 5
    assert all(one.shown for one in counted_in(poll, result=result))


def test_each_votes_once_and_only_whoever_is_asked(branch) -> None:
    poll = make_poll(branch, electorate=Electorate.VOTING)
    voters = make_voters(branch, number=4)
    probationary = factories.make_member(branch, status=MemberStatus.PROBATIONARY)
    open_poll(poll)
    late = factories.make_member(branch)
    cast(poll, voters[0])
    for person, refusal in (
        (voters[0], services_voting.AlreadyVoted),
        (probationary, services_voting.NotAsked),
        (late, services_voting.NotAsked),
    ):
        with pytest.raises(refusal):
            cast(poll, person)
    assert len(roll_of(poll)) == 6
    assert SealedBallot.objects.count() == RollEntry.objects.filter(voted=True).count() == 1


def test_an_answer_that_is_missing_or_unknown_leaves_the_vote_to_be_cast(branch) -> None:
    poll = make_poll(branch)
    voter = make_voters(branch, number=5)[0]
    open_poll(poll)
    for answers in ({}, dict.fromkeys([one.pk for one in questions_of(poll)], 5)):
        with pytest.raises(services_voting.Incomplete):
            services_voting.cast_ballot(poll=poll, member=voter, answers=answers, today=TODAY)
    cast(poll, voter)


def test_all_ballots_are_of_one_size_whatever_stands_in_them(branch) -> None:
    poll = make_poll(branch, with_text=True)
    voters = make_voters(branch, number=5)
    open_poll(poll)
    for voter, text in zip(voters, ("", "好", "长" * 300, "𠮷" * 300, '"\\' * 150), strict=True):
        cast(poll, voter, text=text)
    assert {len(bytes(one.blob)) for one in SealedBallot.objects.all()} == {4096 + 4 + 32 + 12 + 16}


def test_a_vote_leaves_no_deed(branch) -> None:
    poll = make_poll(branch)
    voters = make_voters(branch, number=5)
    passphrase = open_poll(poll)
    before = Deed.objects.count()
    for voter in voters:
        cast(poll, voter)
    assert Deed.objects.count() == before
    services.close_poll(poll=poll, actor=poll.teller_one.person)
    unseal(poll, passphrase)
    actions = list(Deed.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["poll.created", "poll.opened", "poll.closed", "poll.unsealed"]


def test_the_secretary_does_not_count_what_concerns_him(branch) -> None:
    tellers = make_tellers(branch)
    factories.make_post(tellers[1].person, branch, "secretary")
    make_voters(branch, number=5)
    with pytest.raises(services.TellerConcerned):
        open_poll(make_poll(branch, tellers=tellers))


def test_too_few_voters_are_told_before_the_voting_begins(branch) -> None:
    with pytest.raises(services.TooFew):
        open_poll(make_poll(branch))


def test_the_smallest_branch_votes_on_paper_and_keeps_only_how_many_ballots_there_were(branch) -> None:
    poll = make_poll(branch, mode=PollMode.PAPER)
    open_poll(poll)
    votes = {one.pk: [2, 0, 0, 0] for one in questions_of(poll)}
    numbers = {"issued": 2, "returned": 2, "valid": 2, "invalid": 0}
    one, two = ({"teller": who, "actor": who.person} for who in (poll.teller_one, poll.teller_two))
    services_count.enter_paper_totals(poll=poll, numbers=numbers, votes=votes, **one)
    result = services_count.confirm_paper_totals(poll=poll, today=TODAY, **two)
    assert (result.valid, votes_of(poll)) == (2, [])


def test_paper_totals_need_two_tellers_and_add_up(branch) -> None:
    poll = make_poll(branch, mode=PollMode.PAPER, purpose=PollPurpose.OTHER, words="工作作风")
    make_voters(branch, number=6)
    assert open_poll(poll) == ""
    question = questions_of(poll)[0]

    def enter(teller, votes: list[int], **numbers: int) -> PaperCount:
        given = {"issued": 8, "returned": 7, "valid": 6, "invalid": 1} | numbers
        return services_count.enter_paper_totals(
            poll=poll, numbers=given, votes={question.pk: votes}, teller=teller, actor=teller.person
        )

    for wrong in ({"issued": 9}, {"returned": 9}, {"invalid": 0}):
        with pytest.raises(services_count.WrongTotals):
            enter(poll.teller_one, [6, 0, 0, 0, 0], **wrong)
    with pytest.raises(services_count.WrongTotals):
        enter(poll.teller_one, [6, 1, 0, 0, 0])
    enter(poll.teller_one, [5, 1, 0, 0, 0])
    one, two = ({"teller": who, "actor": who.person} for who in (poll.teller_one, poll.teller_two))
    with pytest.raises(services_count.SameTeller):
        services_count.confirm_paper_totals(poll=poll, today=TODAY, **one)
    services_count.confirm_paper_totals(poll=poll, today=TODAY, **two)
    assert votes_of(poll) == [[5, 1, 0, 0, 0]]
    assert not PaperCount.objects.exists()


def test_four_valid_paper_ballots_leave_no_distribution(branch) -> None:
    poll = make_poll(branch, mode=PollMode.PAPER, purpose=PollPurpose.OTHER, words="工作作风")
    make_voters(branch, number=6)
    open_poll(poll)
    numbers = {"issued": 8, "returned": 4, "valid": 4, "invalid": 0}
    votes = {questions_of(poll)[0].pk: [4, 0, 0, 0, 0]}
    one, two = ({"teller": who, "actor": who.person} for who in (poll.teller_one, poll.teller_two))
    services_count.enter_paper_totals(poll=poll, numbers=numbers, votes=votes, **one)
    result = services_count.confirm_paper_totals(poll=poll, today=TODAY, **two)
    assert votes_of(poll) == []
    assert [one.shown for one in counted_in(poll, result=result)] == [False]


def test_a_sealed_ballot_has_no_column_that_could_tell_two_apart() -> None:
    columns = {field.name: type(field) for field in SealedBallot._meta.get_fields()}
    assert columns == {"id": models.UUIDField, "poll": models.ForeignKey, "blob": models.BinaryField}
    assert {field.name for field in RollEntry._meta.get_fields()} == {"id", "poll", "member", "voted"}
    assert {field.name for field in Remark._meta.get_fields()} == {"id", "question", "text"}
