"""Rounds for tests, made by the services that people use."""

import uuid
from datetime import date
from typing import Any

from apps.accounts.models import User
from apps.ballots.models import Poll, Question, Result, Tally
from apps.ballots.queries import questions_of
from apps.branches.models import Organization
from apps.evaluations.models import MemberEvaluation, Opinion, OwnProblem, PeerOpinion, Round
from apps.evaluations.services_round import create_round
from apps.evaluations.services_round_lists import add_opinion, add_problem
from apps.evaluations.services_round_own import add_own_problem, speak_of, write_self
from apps.members.models import Member
from apps.rules.kinds_ballots import Electorate, PollMode, PollPurpose, PollState, Scale
from tests import factories
from tests.conftest import NOW, TODAY


def make_round(branch: Organization, *, actor: User | None = None, **fields: Any) -> Round:
    given = {
        "year": 2026,
        "starts_on": date(2026, 11, 2),
        "self_by": date(2026, 12, 10),
        "meeting_by": date(2027, 3, 31),
        "idempotency_key": uuid.uuid4(),
    }
    return create_round(branch=branch, actor=actor or factories.make_user(), now=NOW, **given | fields)


def evaluation_of(row: Round, member: Member) -> MemberEvaluation:
    return MemberEvaluation.objects.get(round=row, member=member)


def _made() -> dict[str, Any]:
    return {"actor": factories.make_user(), "today": TODAY, "idempotency_key": uuid.uuid4()}


def make_opinion(row: Round, **fields: Any) -> Opinion:
    given = {"source": "masses", "about": "work", "text": "办事大厅中午没有人", "received_on": TODAY}
    return add_opinion(row=row, **_made() | given | fields)


def make_problem(row: Round, **fields: Any) -> Any:
    return add_problem(row=row, **_made() | {"text": "学习不够经常"} | fields)


def make_own_problem(evaluation: MemberEvaluation, **fields: Any) -> OwnProblem:
    made = {"actor": evaluation.member.person, "idempotency_key": uuid.uuid4()}
    return add_own_problem(evaluation=evaluation, **made | {"text": "读书少"} | fields)


def make_self(evaluation: MemberEvaluation, **fields: Any) -> MemberEvaluation:
    given = {"self_text": "一年来做了一些工作", "self_on": TODAY, "version": evaluation.version}
    made = {"actor": evaluation.member.person, "today": TODAY}
    return write_self(evaluation=evaluation, **made | given | fields)


def make_peer(row: Round, *, author: Member, member: Member, **fields: Any) -> PeerOpinion:
    made = {"actor": author.person, "today": TODAY, "idempotency_key": uuid.uuid4()}
    people = {"author": author, "member": member}
    return speak_of(row=row, **people, **made | {"text": "到群众中去得少"} | fields)


def make_counted_poll(row: Round, votes: dict[Member, list[int]], *, valid: int = 8) -> Poll:
    """A paper ballot with its totals, linked to the round."""
    tellers = list(Member.objects.filter(branch=row.branch_id).order_by("pk")[:2])
    poll = Poll.objects.create(
        branch=row.branch,
        path=row.path,
        title="民主评议党员",
        purpose=PollPurpose.MEMBERS,
        mode=PollMode.PAPER,
        electorate=Electorate.ALL,
        state=PollState.OPENED,
        closes_on=TODAY,
        teller_one=tellers[0],
        teller_two=tellers[1],
        created_by=tellers[0].person,
        created_at=NOW,
        idempotency_key=uuid.uuid4(),
    )
    for place, member in enumerate(votes, start=1):
        Question.objects.create(
            poll=poll, position=place, words=str(member), scale=Scale.MEMBER, subject=member
        )
    counted = {"issued": valid, "returned": valid, "valid": valid, "invalid": 0}
    Result.objects.create(poll=poll, counted_on=TODAY, **counted)
    for question in questions_of(poll):
        for grade, number in enumerate(votes[question.subject]):
            Tally.objects.create(question=question, grade=grade, votes=number)
    row.poll = poll
    row.save(update_fields=["poll"])
    return poll


def of_year(year: int) -> dict[str, Any]:
    """The usual days of a round."""
    days = {
        "starts_on": date(year, 11, 2),
        "self_by": date(year, 12, 10),
        "meeting_by": date(year + 1, 3, 31),
    }
    return {"year": year, **days}


def put_round(branch: Organization, *, member: Member, year: int) -> MemberEvaluation:
    """Past the services, without a deed: a round with its roll, and the member's place on it."""
    row = Round.objects.create(
        branch=branch,
        path=branch.path,
        created_by=member.person,
        created_at=NOW,
        idempotency_key=uuid.uuid4(),
        **of_year(year),
    )
    members = Member.objects.active().filter(branch=branch)
    MemberEvaluation.objects.bulk_create(
        [MemberEvaluation(round=row, member=one, path=branch.path) for one in members]
    )
    return evaluation_of(row, member)
