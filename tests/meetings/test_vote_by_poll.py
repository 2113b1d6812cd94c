"""The totals of a secret vote that was held as a poll, taken over at the vote desk."""

import uuid

import pytest

from apps.ballots.queries import questions_of
from apps.meetings.models import Motion
from apps.rules.kinds import MeetingKind
from apps.rules.kinds_ballots import PollPurpose, Scale
from tests.ballots.makers import make_opened, make_voters
from tests.meetings.vote_rooms import add_url, make_room

pytestmark = pytest.mark.django_db
WORDS = "同意年度党费使用计划"


def counted(branch, votes: list[int]):
    """The last valid ballot bears no mark: an abstention."""
    poll = make_opened(
        branch, roll=make_voters(branch, number=5), votes=votes, purpose=PollPurpose.MOTION, title="党费表决"
    )
    question = questions_of(poll)[0]
    question.words, question.scale = WORDS, Scale.VOTE
    question.save()
    return question


def test_the_totals_of_a_poll_fill_the_desk_and_are_referred_to_once(cast, sign_in) -> None:
    item = make_room(cast.ours, MeetingKind.GENERAL, entitled=5)
    ours, _ = counted(cast.ours, [3, 1, 1]), counted(cast.sibling, [5, 0, 0])
    secretary = sign_in(cast["secretary"])
    page = secretary.get(add_url(item), {"matter": "ordinary"})
    assert [(one.key, one.words) for one in page.context["desk"].ballots] == [(ours.pk, WORDS)]
    committee = make_room(cast.ours, MeetingKind.COMMITTEE, entitled=5)
    assert secretary.get(add_url(committee)).context["desk"].ballots == []
    form = secretary.get(add_url(item), {"matter": "ordinary", "ballot": ours.pk}).context["form"]
    sent = {field.name: field.value() for field in form if field.value() is not None}
    assert sent["method"] == "secret_ballot"
    assert [sent[name] for name in ("votes_for", "votes_against", "votes_abstain")] == [3, 1, 1]
    other = secretary.post(add_url(item), sent | {"votes_for": 4, "votes_abstain": 0})
    assert "票数与无记名投票的测评结果单不一致" in other.content.decode()
    assert secretary.post(add_url(item), sent).status_code == 302
    motion = Motion.objects.get()
    assert (motion.ballot_id, motion.text, motion.ballots_issued, motion.state) == (
        ours.pk,
        WORDS,
        5,
        "passed",
    )
    assert motion.scrutineers == str(ours.poll.teller_two.person.name)
    assert secretary.get(add_url(item), {"matter": "ordinary"}).context["desk"].ballots == []
    twice = secretary.post(add_url(item), sent | {"idempotency_key": uuid.uuid4()})
    assert "不能取用" in twice.content.decode()
    again = {"replaces": motion.idempotency_key}
    form = secretary.get(add_url(item), again).context["form"]
    sent = {field.name: field.value() for field in form if field.value() is not None}
    assert secretary.post(add_url(item), sent).status_code == 302
    assert [one.ballot_id for one in Motion.objects.all()] == [ours.pk]
