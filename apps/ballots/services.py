"""Setting a poll up, starting the voting, ending it. Each phase leaves one deed; a vote leaves none."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.ballots.models import PaperCount, Poll, PollKey, Question, RollEntry, SealedBallot
from apps.ballots.queries import entitled_in, graded_at, roll_hash_of
from apps.ballots.sealing import new_pair, new_passphrase
from apps.branches.models import Organization, Post
from apps.rules.ballots import (
    OPINION,
    TooManyQuestions,
    appraisal_questions,
    enough,
    padded_size,
    scale_for,
)
from apps.rules.kinds import PostKind
from apps.rules.kinds_ballots import Electorate, PollMode, PollPurpose, PollState, Scale
from apps.ui.refusals import Refusal, Stale

register(
    {
        "poll.created": "起草测评",
        "poll.updated": "修改测评",
        "poll.opened": "开始测评投票",
        "poll.closed": "截止测评投票",
        "poll.destroyed": "作废测评",
    }
)

FIELDS = (
    "title",
    "purpose",
    "mode",
    "electorate",
    "closes_on",
    "threshold",
    "text_threshold",
    "teller_one",
    "teller_two",
)
MOST_QUESTIONS = 200
LONGEST_LINE = 200


class WrongPhase(Refusal):
    default = "这次测评已经进入别的阶段，不能再这样操作。请刷新页面。"


class NothingAsked(Refusal):
    default = "请写明测评（表决）的事项，一行一项。"


class NobodyToGrade(Refusal):
    default = "支部没有正式党员，不用测评：预备党员参加评议，不定等次。"


class TooMuch(Refusal):
    default = f"项目太多或太长：最多 {MOST_QUESTIONS} 项，每项不超过 {LONGEST_LINE} 字。"


class TooLate(Refusal):
    default = "截止日期不能早于今天。"


class TellerConcerned(Refusal):
    default = "测评班子和书记时，书记本人不能计票、监票，请换一人。"


class NotOfThisBranch(Refusal):
    default = "计票人、监票人须是本支部的党员。"


class CannotSignIn(Refusal):
    default = "计票人、监票人要在系统里开票，须有登录账号。请换一人，或先请系统操作员开账号。"


class TooFew(Refusal):
    default = "可以投票的人太少，开不了票。"


@transaction.atomic
def create_poll(
    *,
    branch: Organization,
    values: Mapping[str, Any],
    words: str,
    with_text: bool,
    actor: User,
    today: date,
    now: datetime,
    idempotency_key: uuid.UUID,
) -> Poll:
    """A draft with its questions. The same key gives the poll that it made the first time."""
    locked = Organization.objects.select_for_update().get(pk=branch.pk)
    known = Poll.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    poll = Poll(
        branch=locked, path=locked.path, created_by=actor, created_at=now, idempotency_key=idempotency_key
    )
    _write(poll, values, words=words, with_text=with_text, today=today)
    record(actor=actor, action="poll.created", target=poll, path=poll.path)
    return poll


@transaction.atomic
def update_poll(
    *,
    poll: Poll,
    version: int,
    values: Mapping[str, Any],
    words: str,
    with_text: bool,
    actor: User,
    today: date,
) -> Poll:
    locked = locked_in(poll, PollState.DRAFT)
    if locked.version != version:
        raise Stale
    locked.version += 1
    _write(locked, values, words=words, with_text=with_text, today=today)
    record(actor=actor, action="poll.updated", target=locked, path=locked.path)
    return locked


@transaction.atomic
def open_poll(*, poll: Poll, actor: User, today: date) -> str:
    """Freeze the roll and make the keys. The passphrase is returned this once and stands nowhere."""
    locked = locked_in(poll, PollState.DRAFT)
    if locked.closes_on < today:
        raise TooLate("截止日期已经过了，请先修改截止日期。")
    _check_tellers(locked, today=today)
    members = entitled_in(locked, today=today)
    _check_enough(len(members), poll=locked)
    RollEntry.objects.bulk_create([RollEntry(poll=locked, member_id=pk) for pk in sorted(members)])
    locked.state, locked.opened_on, locked.roll_count = PollState.OPEN, today, len(members)
    locked.roll_hash = roll_hash_of(locked)
    locked.version += 1
    locked.save(update_fields=["state", "opened_on", "roll_count", "roll_hash", "version"])
    passphrase = _make_keys(locked) if locked.mode == PollMode.SEALED else ""
    reason = f"名册 {len(members)} 人，校验值 {locked.roll_hash[:16]}"
    record(actor=actor, action="poll.opened", target=locked, path=locked.path, reason=reason)
    return passphrase


@transaction.atomic
def close_poll(*, poll: Poll, actor: User) -> Poll:
    locked = locked_in(poll, PollState.OPEN)
    locked.state = PollState.CLOSED
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    record(actor=actor, action="poll.closed", target=locked, path=locked.path)
    return locked


@transaction.atomic
def destroy_poll(*, poll: Poll, reason: str, actor: User) -> Poll:
    """The ballots and their key are gone, unopened; the poll stays, with the reason in the trail."""
    locked = locked_in(poll, PollState.DRAFT, PollState.OPEN, PollState.CLOSED)
    SealedBallot.objects.filter(poll=locked).delete()
    PollKey.objects.filter(poll=locked).delete()
    PaperCount.objects.filter(poll=locked).delete()
    locked.state = PollState.DESTROYED
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    record(actor=actor, action="poll.destroyed", target=locked, path=locked.path, reason=reason)
    return locked


def locked_in(poll: Poll, *states: PollState) -> Poll:
    """The poll, locked, in one of these phases. Raises WrongPhase."""
    locked = Poll.objects.select_for_update().get(pk=poll.pk)
    if locked.state not in states:
        raise WrongPhase
    return locked


def _check_enough(entitled: int, *, poll: Poll) -> None:
    """On paper the smallest branch votes, too: under the threshold only the number of ballots is kept."""
    enough_for_all = enough(entitled, purpose=PollPurpose(poll.purpose), threshold=poll.threshold)
    if entitled and (poll.mode == PollMode.PAPER or enough_for_all):
        return
    raise TooFew(
        f"可以投票的只有 {entitled} 人，不到 {poll.threshold} 人，网上开票会暴露个人意见，不能开始。"
        "请改用纸质票：当场计票，系统里只记票的张数。"
        if entitled
        else "名册上没有可以投票的人，不能开始。"
    )


def _make_keys(poll: Poll) -> str:
    passphrase = new_passphrase()
    pair = new_pair(passphrase=passphrase, poll_id=poll.pk)
    PollKey.objects.create(poll=poll, public_key=pair.public, wrapped_key=pair.wrapped)
    return passphrase


def _write(poll: Poll, values: Mapping[str, Any], *, words: str, with_text: bool, today: date) -> None:
    for name in FIELDS:
        setattr(poll, name, values[name])
    if poll.closes_on < today:
        raise TooLate(field="closes_on")
    for name in ("teller_one", "teller_two"):
        if getattr(poll, name).branch_id != poll.branch_id:
            raise NotOfThisBranch(field=name)
    poll.full_clean(exclude=["path"])
    questions = _questions(poll, words=words, with_text=with_text)
    poll.save()
    Question.objects.filter(poll=poll).delete()
    for place, question in enumerate(questions, start=1):
        question.poll, question.position = poll, place
    Question.objects.bulk_create(questions)


def _questions(poll: Poll, *, words: str, with_text: bool) -> list[Question]:
    purpose = PollPurpose(poll.purpose)
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    if purpose == PollPurpose.MEMBERS:
        people = graded_at(poll.branch)
        if not people:
            raise NobodyToGrade
        found = [Question(words=one.person.name, scale=Scale.MEMBER, subject=one) for one in people]
    elif purpose == PollPurpose.APPRAISAL:
        asked = appraisal_questions(Electorate(poll.electorate))
        found = [Question(words=one.words, scale=one.scale) for one in asked]
    else:
        found = []
    found += [
        Question(words=line, scale=scale_for(purpose)) for line in lines if purpose != PollPurpose.MEMBERS
    ]
    if not found:
        raise NothingAsked(field="words")
    if with_text:
        found.append(Question(words=OPINION, scale=Scale.TEXT))
    if len(found) > MOST_QUESTIONS or any(len(line) > LONGEST_LINE for line in lines):
        raise TooMuch(field="words")
    return found


def size_of(questions: list[Question]) -> int:
    """The one size of all ballots of a poll. Raises TooMuch."""
    try:
        return padded_size([Scale(one.scale) for one in questions])
    except TooManyQuestions as error:
        raise TooMuch from error


def _check_tellers(poll: Poll, *, today: date) -> None:
    """Whoever is voted on does not count the votes (VOTE-7); both have to be able to open them."""
    people = {poll.teller_one.person, poll.teller_two.person}
    if poll.purpose == PollPurpose.APPRAISAL:
        heads = Post.objects.current_on(today).filter(organization=poll.branch_id, kind=PostKind.SECRETARY)
        if heads.filter(person__in=people).exists():
            raise TellerConcerned
    if any(not person.username for person in people):
        raise CannotSignIn
