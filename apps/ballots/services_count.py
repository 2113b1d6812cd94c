"""Opening the ballots, once and for all; and the totals of paper ballots, which two tellers vouch for."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import date

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.ballots.models import PaperCount, Poll, PollKey, Question, Remark, Result, SealedBallot, Tally
from apps.ballots.queries import questions_of, voted_in
from apps.ballots.sealing import Unopenable, unseal, unwrap
from apps.ballots.services import WrongPhase, locked_in
from apps.members.models import Member
from apps.rules.ballots import answers_in, enough, enough_for_text, paper_problems
from apps.rules.kinds_ballots import PollMode, PollPurpose, PollState
from apps.ui.refusals import Refusal

register(
    {
        "poll.unsealed": "开票",
        "poll.totals_entered": "录入纸质票结果",
        "poll.totals_confirmed": "确认纸质票结果",
    }
)

log = logging.getLogger(__name__)


class WrongPassphrase(Refusal):
    default = "开票口令不对，请按打印件上的六个词重新输入。票没有打开，可以再试。"


class Damaged(Refusal):
    default = "选票与名册对不上，或有选票被改动过，不能开票。请报告上级党组织，作废后重新投票。"


class NotEnough(Refusal):
    default = "有效票太少，开票会暴露个人意见，不能开票。可以作废，不开票。"


class WrongTotals(Refusal):
    default = "票数对不上，请重新核对。"


class SameTeller(Refusal):
    default = "录入和确认须由计票人、监票人两个人分别完成。"


@transaction.atomic
def open_ballots(*, poll: Poll, passphrase: str, actor: User, today: date) -> Result:
    """Read all ballots at once, write the totals, destroy ballots and key. A refusal writes nothing."""
    locked = locked_in(poll, PollState.CLOSED)
    key = PollKey.objects.select_for_update().filter(poll=locked).first()
    if key is None:
        raise WrongPhase
    blobs = [bytes(blob) for blob in SealedBallot.objects.filter(poll=locked).values_list("blob", flat=True)]
    if len(blobs) != voted_in(locked):
        raise Damaged
    if not blobs or not enough(len(blobs), purpose=PollPurpose(locked.purpose), threshold=locked.threshold):
        raise NotEnough(f"只有 {len(blobs)} 张票，不足 {locked.threshold} 张，不予开票。可以作废，不开票。")
    ballots = _read(blobs, private=_private(key, passphrase=passphrase), poll=locked)
    result = Result(
        poll=locked, issued=locked.roll_count, returned=len(ballots), valid=len(ballots), invalid=0
    )
    result.counted_on = today
    result.ballots_hash = hashlib.sha256(b"\n".join(ballots)).hexdigest()
    result.save()
    _write_totals(locked, ballots=ballots)
    SealedBallot.objects.filter(poll=locked).delete()
    key.delete()
    _finish(locked)
    record(actor=actor, action="poll.unsealed", target=locked, path=locked.path, reason=f"{len(ballots)} 张")
    transaction.on_commit(compact)
    return result


@transaction.atomic
def enter_paper_totals(
    *, poll: Poll, numbers: Mapping[str, int], votes: Mapping[int, list[int]], teller: Member, actor: User
) -> PaperCount:
    """`votes` names the question by its key. Entering again replaces what is not confirmed yet."""
    locked = locked_in(poll, PollState.OPEN, PollState.CLOSED)
    if locked.mode != PollMode.PAPER:
        raise WrongPhase
    questions = [one for one in questions_of(locked) if not one.is_text]
    sums = {one.words: sum(votes[one.pk]) for one in questions}
    problems = paper_problems(**numbers, on_roll=locked.roll_count, sums=sums)
    if problems:
        raise WrongTotals("".join(problems))
    PaperCount.objects.filter(poll=locked).delete()
    counts = [[one.pk, list(votes[one.pk])] for one in questions]
    count = PaperCount.objects.create(poll=locked, entered_by=teller, counts=counts, **numbers)
    if locked.state == PollState.OPEN:
        locked.state = PollState.CLOSED
        locked.version += 1
        locked.save(update_fields=["state", "version"])
    record(actor=actor, action="poll.totals_entered", target=locked, path=locked.path)
    return count


@transaction.atomic
def confirm_paper_totals(*, poll: Poll, teller: Member, actor: User, today: date) -> Result:
    """The other teller vouches. Under the threshold only how many ballots there were is kept."""
    locked = locked_in(poll, PollState.CLOSED)
    count = PaperCount.objects.select_for_update().filter(poll=locked).first()
    if count is None:
        raise WrongPhase
    if count.entered_by_id == teller.pk:
        raise SameTeller
    result = Result(poll=locked, issued=count.issued, returned=count.returned, counted_on=today)
    result.valid, result.invalid = count.valid, count.invalid
    result.save()
    if enough(count.valid, purpose=PollPurpose(locked.purpose), threshold=locked.threshold):
        Tally.objects.bulk_create(
            Tally(question_id=pk, grade=grade, votes=number)
            for pk, numbers in count.counts
            for grade, number in enumerate(numbers)
        )
    count.delete()
    _finish(locked)
    record(actor=actor, action="poll.totals_confirmed", target=locked, path=locked.path)
    return result


def compact() -> None:
    """Rewrite what the opening has freed, so that no old page keeps a sealed ballot. After the commit only.

    The key is gone already: where the database is too busy, nothing readable is left behind.
    """
    try:
        # Reason for SQL: the ORM knows no VACUUM.
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("VACUUM FULL ballots_sealedballot")
                cursor.execute("VACUUM FULL ballots_pollkey")
            else:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except DatabaseError:
        log.warning("The tables of ballots could not be rewritten now.")


def _private(key: PollKey, *, passphrase: str) -> X25519PrivateKey:
    try:
        return unwrap(bytes(key.wrapped_key), passphrase=passphrase, poll_id=key.poll_id)
    except Unopenable as error:
        raise WrongPassphrase(field="passphrase") from error


def _read(blobs: list[bytes], *, private: X25519PrivateKey, poll: Poll) -> list[bytes]:
    """Sorted by content: the order of casting ends here."""
    try:
        return sorted(unseal(blob, private=private, poll_id=poll.pk) for blob in blobs)
    except Unopenable as error:
        raise Damaged from error


def _write_totals(poll: Poll, *, ballots: list[bytes]) -> None:
    questions = questions_of(poll)
    columns = list(zip(*map(answers_in, ballots), strict=True))
    for question, column in zip(questions, columns, strict=True):
        if question.is_text:
            _write_remarks(question, poll=poll, texts=[str(text) for text in column if text])
        else:
            votes = Counter(grade for grade in column if grade is not None)
            Tally.objects.bulk_create(
                Tally(question=question, grade=grade, votes=votes[grade])
                for grade in range(len(question.grades))
            )


def _write_remarks(question: Question, *, poll: Poll, texts: list[str]) -> None:
    """Too few ballots: the words are not kept at all."""
    if enough_for_text(voted_in(poll), text_threshold=poll.text_threshold):
        Remark.objects.bulk_create(Remark(question=question, text=text) for text in sorted(texts))


def _finish(poll: Poll) -> None:
    poll.state = PollState.OPENED
    poll.version += 1
    poll.save(update_fields=["state", "version"])
