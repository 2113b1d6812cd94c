"""Reads of polls that pages and services share. None of them reads a ballot or who has not voted yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.ballots.models import PaperCount, Poll, Question, Remark, Result, RollEntry, Tally
from apps.branches.models import Organization, Post
from apps.members.facts import voter_facts
from apps.members.models import Member
from apps.members.queries import with_names
from apps.rules.ballots import appraisal_questions, enough, enough_for_text
from apps.rules.kinds import COMMITTEE_POSTS, Matter, MemberStatus
from apps.rules.kinds_ballots import Electorate, PollMode, PollPurpose, PollState
from apps.rules.quorum import electorate


@dataclass(frozen=True, slots=True)
class Counted:
    """A question with its votes per grade, or with its remarks; `shown` is false under the threshold."""

    question: Question
    votes: list[tuple[str, int]]
    remarks: list[str]
    shown: bool


def for_pages(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    return polls.select_related("branch", "teller_one__person", "teller_two__person")


def with_poll(entries: QuerySet[RollEntry]) -> QuerySet[RollEntry]:
    return entries.select_related("poll__branch", "member")


def draft_words(poll: Poll) -> dict[str, object]:
    """What a draft asks beyond its template, as it was typed."""
    questions = questions_of(poll)
    own = [one.words for one in questions if not one.is_text and one.subject_id is None]
    if poll.purpose == PollPurpose.APPRAISAL:
        fixed = {one.words for one in appraisal_questions(Electorate(poll.electorate))}
        own = [words for words in own if words not in fixed]
    return {"words": "\n".join(own), "with_text": any(one.is_text for one in questions)}


def entered_lines(poll: Poll) -> list[tuple[str, str]]:
    """What one teller entered, line by line, for the other to compare."""
    count = PaperCount.objects.get(poll=poll)
    numbers = (
        ("发出", count.issued),
        ("收回", count.returned),
        ("有效", count.valid),
        ("无效", count.invalid),
    )
    lines = [(label, f"{number} 张") for label, number in numbers]
    votes = dict(count.counts)
    for one in questions_of(poll):
        if not one.is_text:
            pairs = zip(one.grades, votes[one.pk], strict=True)
            lines.append((one.words, "，".join(f"{words} {number}" for words, number in pairs)))
    return lines


def questions_of(poll: Poll) -> list[Question]:
    return list(Question.objects.filter(poll=poll).select_related("subject").order_by("position"))


def people_at(branch: Organization) -> QuerySet[Member]:
    active = with_names(Member.objects.active().filter(branch=branch))
    return active.order_by("person__pinyin", "pk")


def graded_at(branch: Organization) -> list[Member]:
    """Probationary members vote on the others and get no grade (EV-4)."""
    return list(people_at(branch).filter(status=MemberStatus.FULL))


def entitled_in(poll: Poll, *, today: date) -> list[int]:
    """The members who may vote on the day the roll is frozen."""
    if poll.electorate == Electorate.VOTING:
        voters = voter_facts([poll.branch_id])[poll.branch_id]
        return list(electorate(voters, matter=Matter.ORDINARY, on=today).entitled)
    members = people_at(poll.branch)
    if poll.electorate == Electorate.COMMITTEE:
        posts = Post.objects.current_on(today).filter(organization=poll.branch, kind__in=COMMITTEE_POSTS)
        members = members.filter(person__in=posts.values("person"))
    return list(members.values_list("pk", flat=True))


def without_login(member_ids: list[int]) -> int:
    return Member.objects.filter(pk__in=member_ids, person__username__isnull=True).count()


def roll_of(poll: Poll) -> list[str]:
    """The names on the frozen roll, shown to every voter; nothing tells who has voted."""
    rows = RollEntry.objects.filter(poll=poll).order_by("member__person__pinyin", "member_id")
    return list(rows.values_list("member__person__name", flat=True))


def roll_hash_of(poll: Poll) -> str:
    rows = RollEntry.objects.filter(poll=poll).order_by("member_id")
    listed = [f"{pk} {name}" for pk, name in rows.values_list("member_id", "member__person__name")]
    return hashlib.sha256("\n".join([f"poll {poll.pk}", *listed]).encode()).hexdigest()


def voted_in(poll: Poll) -> int:
    return RollEntry.objects.filter(poll=poll, voted=True).count()


def waiting_for(user: User, *, today: date) -> list[Poll]:
    """The polls in which this person still may vote."""
    mine = RollEntry.objects.filter(member__person_id=user.pk, voted=False).values("poll")
    open_now = Poll.objects.filter(mode=PollMode.SEALED, state=PollState.OPEN, closes_on__gte=today)
    return list(open_now.filter(pk__in=mine).order_by("closes_on", "pk"))


def result_of(poll: Poll) -> Result | None:
    return Result.objects.filter(poll=poll).first()


def counted_in(poll: Poll, *, result: Result) -> list[Counted]:
    """Three queries, however many questions there are."""
    questions = questions_of(poll)
    votes: dict[tuple[int, int], int] = {
        (question_id, grade): number
        for question_id, grade, number in Tally.objects.filter(question__in=questions).values_list(
            "question_id", "grade", "votes"
        )
    }
    remarks: dict[int, list[str]] = {}
    for question_id, text in (
        Remark.objects.filter(question__in=questions).order_by("text").values_list("question_id", "text")
    ):
        remarks.setdefault(question_id, []).append(text)
    return [_counted(one, poll=poll, result=result, votes=votes, remarks=remarks) for one in questions]


def _counted(
    question: Question,
    *,
    poll: Poll,
    result: Result,
    votes: dict[tuple[int, int], int],
    remarks: dict[int, list[str]],
) -> Counted:
    if question.is_text:
        shown = enough_for_text(result.valid, text_threshold=poll.text_threshold)
        return Counted(question, [], remarks.get(question.pk, []) if shown else [], shown)
    numbers = [(words, votes.get((question.pk, place), 0)) for place, words in enumerate(question.grades)]
    # Whoever is graded was not asked about himself, and his ballot counts towards the threshold all the same.
    answered = sum(number for _, number in numbers) + (question.subject_id is not None)
    shown = enough(answered, purpose=PollPurpose(poll.purpose), threshold=poll.threshold)
    return Counted(question, numbers if shown else [], [], shown)
