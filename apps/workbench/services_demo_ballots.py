"""The demo's secret ballots: one poll in every phase, in the branch whose people can sign in."""

from __future__ import annotations

import random
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.ballots.models import (
    PaperCount,
    Poll,
    PollKey,
    Question,
    Remark,
    Result,
    RollEntry,
    SealedBallot,
    Tally,
)
from apps.ballots.queries import roll_hash_of
from apps.ballots.sealing import new_pair, seal
from apps.members.models import Member
from apps.rules.ballots import (
    OPINION,
    TEXT_THRESHOLD,
    appraisal_questions,
    ballot_text,
    enough,
    enough_for_text,
    padded_size,
)
from apps.rules.kinds import MemberStatus, PostKind
from apps.rules.kinds_ballots import Electorate, PollMode, PollPurpose, PollState, Scale
from apps.workbench.services_demo_people import Settled

#: Stands in the title of the poll that it opens, so that whoever tries the demo can open it.
PASSPHRASE = "bade fogi luna mika rosa temi"  # noqa: S105 - opens invented ballots only
OF_VOTERS = 0.6
REMARKS = ("学习内容可以再贴近工作实际。", "希望多到联系户走访。", "会议时间提前三天通知。")
WEIGHTS = (12, 6, 2, 0, 1)
#: So many members a branch has to have for a poll, and so many to be no small one.
LEAST, SMALL = 5, 10
OPEN, CLOSED, OPENED = PollState.OPEN, PollState.CLOSED, PollState.OPENED


@dataclass
class Desk:
    """Writes the polls of one branch."""

    voters: list[Member]
    tellers: tuple[Member, Member]
    rng: random.Random
    today: date
    now: datetime

    def poll(self, state: PollState, *, title: str, days: int, **fields: Any) -> Poll:
        """Begun so many days ago, two weeks to vote."""
        one, two = self.tellers
        begun = self.today - timedelta(days=days)
        drafted = {"created_by": one.person, "created_at": self.now - timedelta(days=days + 2)}
        poll = Poll.objects.create(
            branch=one.branch,
            path=one.branch.path,
            title=title,
            state=state,
            closes_on=begun + timedelta(days=14),
            teller_one=one,
            teller_two=two,
            idempotency_key=uuid.UUID(int=self.rng.getrandbits(128)),
            **drafted,
            **{"purpose": PollPurpose.APPRAISAL, "electorate": Electorate.ALL} | fields,
        )
        if state != PollState.DRAFT:
            self.freeze(poll, begun=begun)
        return poll

    def freeze(self, poll: Poll, *, begun: date) -> None:
        RollEntry.objects.bulk_create([RollEntry(poll=poll, member=one) for one in self.voters])
        poll.opened_on, poll.roll_count, poll.roll_hash = begun, len(self.voters), roll_hash_of(poll)
        poll.save(update_fields=["opened_on", "roll_count", "roll_hash"])

    def appraise(self, poll: Poll) -> list[Question]:
        asked = [(one.words, one.scale) for one in appraisal_questions(Electorate.ALL)]
        return self.ask(poll, [*asked, (OPINION, Scale.TEXT)])

    def ask(self, poll: Poll, asked: list[tuple[str, Scale]]) -> list[Question]:
        numbered = enumerate(asked, start=1)
        return Question.objects.bulk_create(
            [
                Question(poll=poll, position=place, words=words, scale=scale)
                for place, (words, scale) in numbered
            ]
        )

    def vote(self, poll: Poll, questions: list[Question]) -> None:
        """Part of the voters have voted; those who can sign in have not, so that they can try it."""
        pair = new_pair(passphrase=PASSPHRASE, poll_id=poll.pk)
        PollKey.objects.create(poll=poll, public_key=pair.public, wrapped_key=pair.wrapped)
        quiet = [one for one in self.voters if not one.person.username]
        voted = self.rng.sample(quiet, round(len(quiet) * OF_VOTERS))
        size = padded_size([Scale(one.scale) for one in questions])
        for _ in voted:
            answers = [self.answer(one) for one in questions]
            content = ballot_text(answers, nonce=secrets.token_hex(16))
            blob = seal(content, public=pair.public, poll_id=poll.pk, size=size)
            SealedBallot.objects.create(poll=poll, blob=blob)
        RollEntry.objects.filter(poll=poll, member__in=voted).update(voted=True)

    def answer(self, question: Question) -> int | str:
        if question.is_text:
            return self.rng.choice(("", "", *REMARKS))
        return self.rng.choices(range(len(WEIGHTS)), WEIGHTS)[0]

    def count(self, poll: Poll, questions: list[Question]) -> None:
        """Totals of an opened poll: everybody has voted but two."""
        valid = len(self.voters) - 2
        result = Result(poll=poll, issued=len(self.voters), returned=valid, valid=valid, invalid=0)
        result.counted_on = poll.closes_on
        result.save()
        RollEntry.objects.filter(poll=poll, member__in=self.voters[2:]).update(voted=True)
        if not enough(valid, purpose=PollPurpose(poll.purpose), threshold=poll.threshold):
            return
        for question in questions:
            self.totals(question, valid=valid)

    def totals(self, question: Question, *, valid: int) -> None:
        if question.is_text and not enough_for_text(valid, text_threshold=TEXT_THRESHOLD):
            return
        if question.is_text:
            Remark.objects.bulk_create([Remark(question=question, text=text) for text in sorted(REMARKS)])
            return
        weights = WEIGHTS[: len(question.grades)]
        drawn = self.rng.choices(range(len(weights)), weights, k=valid)
        Tally.objects.bulk_create(
            [Tally(question=question, grade=grade, votes=drawn.count(grade)) for grade in range(len(weights))]
        )


def write_ballots(*, settled: Settled, rng: random.Random, today: date, now: datetime) -> int:
    """Returns how many polls there are."""
    branch = settled.branches[0]
    common = next(one for one in branch.members if one.person_id == settled.people["member"].pk)
    tellers = (branch.posts[PostKind.DEPUTY_SECRETARY], common)
    desk = Desk(branch.members, tellers=tellers, rng=rng, today=today, now=now)
    _write_sealed(desk, year=today.year)
    _write_paper(desk, year=today.year)
    for other in (one for one in settled.branches[1:] if len(one.members) > LEAST):
        pair = (other.members[0], other.members[1])
        there = Desk(other.members, tellers=pair, rng=rng, today=today, now=now)
        if len(other.members) < SMALL:
            # One more than a year before: what each of the two results may tell, both together may not.
            before = Desk(other.members[1:], tellers=pair, rng=rng, today=today, now=now)
            _write_last_year(before, year=today.year - 1, mode=PollMode.PAPER)
        _write_last_year(there, year=today.year, mode=PollMode.PAPER)
    return Poll.objects.count()


def _write_last_year(desk: Desk, *, year: int, **fields: Any) -> None:
    """What every branch held in the December before."""
    days = (desk.today - date(year - 1, 12, 10)).days
    opened = desk.poll(OPENED, title=f"{year - 1}年支委会和书记民主测评", days=days, **fields)
    desk.count(opened, desk.appraise(opened))


def _write_sealed(desk: Desk, *, year: int) -> None:
    draft = desk.poll(PollState.DRAFT, title=f"{year}年民主评议党员", days=-5, purpose=PollPurpose.MEMBERS)
    full = [one for one in desk.voters if one.status == MemberStatus.FULL]
    Question.objects.bulk_create(
        Question(poll=draft, position=place, words=one.person.name, scale=Scale.MEMBER, subject=one)
        for place, one in enumerate(full, start=1)
    )
    voting = desk.poll(OPEN, title=f"{year}年支委会和书记民主测评", days=4)
    desk.vote(voting, desk.appraise(voting))
    closed = desk.poll(CLOSED, title=f"{year}年上半年民主测评（演示开票口令：{PASSPHRASE}）", days=120)
    desk.vote(closed, desk.appraise(closed))
    _write_last_year(desk, year=year)
    gone = desk.poll(
        PollState.DESTROYED, title="学习效果测评（投票人太少）", days=200, purpose=PollPurpose.OTHER
    )
    desk.ask(gone, [("学习安排", Scale.GOOD)])


def _write_paper(desk: Desk, *, year: int) -> None:
    """One that waits for the second teller, and one that is done."""
    paper = {"mode": PollMode.PAPER, "electorate": Electorate.VOTING}
    waiting = desk.poll(CLOSED, title="支部工作作风测评", days=20, purpose=PollPurpose.OTHER, **paper)
    questions = desk.ask(waiting, [("工作作风", Scale.GOOD), ("联系群众", Scale.GOOD)])
    valid = len(desk.voters) - 1
    votes = [valid - 3, 2, 1, 0, 0]
    counted = {"issued": valid + 1, "returned": valid, "valid": valid, "invalid": 0}
    counts = [[one.pk, votes] for one in questions]
    PaperCount.objects.create(poll=waiting, entered_by=desk.tellers[0], counts=counts, **counted)
    motion = desk.poll(OPENED, title=f"{year}年党费使用计划", days=60, purpose=PollPurpose.MOTION, **paper)
    desk.count(motion, desk.ask(motion, [("同意本年度党费使用计划", Scale.VOTE)]))
