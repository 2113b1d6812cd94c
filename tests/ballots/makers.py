"""Small makers of polls; valid by default, every field can be named."""

import uuid
from datetime import date, datetime
from typing import Any

from apps.accounts.models import User
from apps.ballots import services, services_voting
from apps.ballots.models import Poll, Question, Result, RollEntry, Tally
from apps.ballots.queries import questions_of
from apps.branches.models import Organization
from apps.members.models import Member
from apps.rules.kinds_ballots import Electorate, PollMode, PollPurpose, PollState, Scale
from tests.factories import SHANGHAI, make_member, make_user

TODAY = date(2026, 11, 20)
MOMENT = datetime(2026, 11, 1, 9, 0, tzinfo=SHANGHAI)


def make_tellers(branch: Organization) -> list[Member]:
    names = [f"teller{uuid.uuid4().hex[:8]}" for _ in range(2)]
    return [make_member(branch, person=make_user(username=name)) for name in names]


def make_poll(
    branch: Organization,
    *,
    tellers: list[Member] | None = None,
    words: str = "",
    with_text: bool = False,
    created_by: User | None = None,
    **values: Any,
) -> Poll:
    one, two = tellers or make_tellers(branch)
    given = {
        "title": "民主测评",
        "purpose": PollPurpose.APPRAISAL,
        "mode": PollMode.SEALED,
        "electorate": Electorate.ALL,
        "closes_on": date(2026, 11, 30),
        "threshold": 5,
        "text_threshold": 10,
        "teller_one": one,
        "teller_two": two,
    }
    return services.create_poll(
        branch=branch,
        values=given | values,
        words=words,
        with_text=with_text,
        actor=created_by or one.person,
        today=TODAY,
        now=MOMENT,
        idempotency_key=uuid.uuid4(),
    )


def open_poll(poll: Poll) -> str:
    passphrase = services.open_poll(poll=poll, actor=poll.teller_one.person, today=TODAY)
    poll.refresh_from_db()
    return passphrase


def cast(poll: Poll, member: Member, *, grade: int = 0, text: str = "") -> None:
    answers = {one.pk: text if one.is_text else grade for one in questions_of(poll)}
    services_voting.cast_ballot(poll=poll, member=member, answers=answers, today=TODAY)


def make_voters(branch: Organization, *, number: int) -> list[Member]:
    return [make_member(branch) for _ in range(number)]


def make_opened(
    branch: Organization, *, roll: list[Member], votes: list[int], began: date = TODAY, **values: Any
) -> Poll:
    """A poll with its result as it stands in the rows: one question, so many votes grade by grade."""
    one, two = make_tellers(branch)
    given = {"purpose": PollPurpose.APPRAISAL, "mode": PollMode.PAPER, "title": f"{began.year}年测评"}
    poll = Poll.objects.create(
        branch=branch,
        path=branch.path,
        state=PollState.OPENED,
        opened_on=began,
        closes_on=began,
        roll_count=len(roll),
        teller_one=one,
        teller_two=two,
        created_by=one.person,
        created_at=MOMENT,
        idempotency_key=uuid.uuid4(),
        **given | values,
    )
    RollEntry.objects.bulk_create(RollEntry(poll=poll, member=member) for member in roll)
    question = Question.objects.create(poll=poll, position=1, words="总体评价", scale=Scale.GOOD)
    valid = sum(votes)
    Result.objects.create(
        poll=poll, issued=len(roll), returned=valid, valid=valid, invalid=0, counted_on=began
    )
    Tally.objects.bulk_create(
        Tally(question=question, grade=grade, votes=number) for grade, number in enumerate(votes)
    )
    return poll
