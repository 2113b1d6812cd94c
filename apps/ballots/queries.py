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
from apps.rules.ballots import (
    COMPARED,
    TEXT_THRESHOLD,
    THRESHOLD,
    appraisal_questions,
    enough,
    enough_for_text,
    one_apart,
)
from apps.rules.kinds import COMMITTEE_POSTS, Matter, MemberStatus
from apps.rules.kinds_ballots import Electorate, PollMode, PollPurpose, PollState
from apps.rules.quorum import electorate

ALIKE = "名册与上一次只差一个人，票数又少，对照两次结果会看出这个人的意见，不予显示"


@dataclass(frozen=True, slots=True)
class Counted:
    """A question with its votes per grade, or with its remarks; where it is not shown, `why` says so."""

    question: Question
    votes: list[tuple[str, int]]
    remarks: list[str]
    shown: bool
    why: str = ""


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


def next_step(poll: Poll) -> str:
    """Who goes on with it, in words; empty while everybody votes and when it is over."""
    one, two = poll.teller_one, poll.teller_two
    tellers = f"请计票人{one.person.name}或监票人{two.person.name}登录后"
    if poll.state == PollState.DRAFT:
        sealed = poll.mode == PollMode.SEALED
        return f"{tellers}开始投票，开票口令由他们保管。" if sealed else f"{tellers}开始投票，再发放纸质票。"
    if poll.mode == PollMode.SEALED:
        return f"{tellers}用口令开票。" if poll.state == PollState.CLOSED else ""
    if poll.state not in (PollState.OPEN, PollState.CLOSED):
        return ""
    entry = PaperCount.objects.filter(poll=poll).first()
    if entry is None:
        return f"投票结束、当场计票后，{tellers}录入票数，再由另一人核对确认。"
    first, second = (one, two) if entry.entered_by_id == one.pk else (two, one)
    return f"{first.person.name}已录入票数，请{second.person.name}登录后对照计票单核对确认。"


def entered_by(teller: Member, *, poll: Poll) -> dict[str, int]:
    """What this teller entered himself, to be put right; what the other one entered is checked elsewhere."""
    count = PaperCount.objects.filter(poll=poll, entered_by=teller).first()
    if count is None:
        return {}
    numbers = {name: getattr(count, name) for name in ("issued", "returned", "valid", "invalid")}
    votes = {f"n{pk}_{place}": number for pk, row in count.counts for place, number in enumerate(row)}
    return numbers | votes


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
    """What may be shown of a result; five queries at most, however many questions there are."""
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
    found = [_counted(one, poll=poll, result=result, votes=votes, remarks=remarks) for one in questions]
    small = poll.purpose in COMPARED and result.valid < TEXT_THRESHOLD
    if small and poll.pk in too_alike(Poll.objects.filter(pk=poll.pk)):
        return [without_votes(one, why=ALIKE) if one.shown else one for one in found]
    return found


def without_votes(one: Counted, *, why: str) -> Counted:
    return Counted(one.question, [], [], shown=False, why=why)


def too_alike(polls: QuerySet[Poll]) -> frozenset[int]:
    """Polls whose result stays hidden because of another of the year before or the same year, which is shown:
    the same circle was asked, the rolls differ by one person, and both are small."""
    small = Result.objects.filter(
        poll__branch__in=polls.values("branch"),
        poll__purpose__in=COMPARED,
        valid__range=(THRESHOLD, TEXT_THRESHOLD - 1),
    ).select_related("poll")
    rolls: dict[int, set[int]] = {result.poll_id: set() for result in small}
    for poll_id, member_id in RollEntry.objects.filter(poll__in=rolls).values_list("poll_id", "member_id"):
        rolls[poll_id].add(member_id)
    shown: dict[tuple[int, str, str], list[Result]] = {}
    hidden = set()
    for result in sorted(small, key=lambda one: (one.poll.opened_on or date.min, one.poll_id)):
        if result.valid < result.poll.threshold:
            continue
        poll = result.poll
        before = shown.setdefault((poll.branch_id, poll.purpose, poll.electorate), [])
        if any(_alike(result, earlier, rolls=rolls) for earlier in before):
            hidden.add(result.poll_id)
        else:
            before.append(result)
    return frozenset(hidden)


def _alike(result: Result, earlier: Result, *, rolls: dict[int, set[int]]) -> bool:
    began, began_earlier = result.poll.opened_on, earlier.poll.opened_on
    if began and began_earlier and began.year - began_earlier.year > 1:
        return False
    return one_apart(
        rolls[result.poll_id],
        rolls[earlier.poll_id],
        valid=result.valid,
        valid_earlier=earlier.valid,
    )


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
        why = "" if shown else few(poll.text_threshold)
        return Counted(question, [], remarks.get(question.pk, []) if shown else [], shown, why)
    numbers = [(words, votes.get((question.pk, place), 0)) for place, words in enumerate(question.grades)]
    answered = sum(number for _, number in numbers)
    shown = enough(answered, purpose=PollPurpose(poll.purpose), threshold=poll.threshold)
    return Counted(question, numbers if shown else [], [], shown, "" if shown else few(poll.threshold))


def few(threshold: int) -> str:
    return f"不足 {threshold} 票，不予显示"
