"""Secret ballots: what a poll asks, from how many ballots on a result is shown, how large a ballot is.

Sources: ZB 18 and the notices on 民主评议党员 (EV-1, EV-2: secret, four grades; EV-4: no grade for
probationary members), XJ (VOTE-7: not more ballots returned than issued; whoever is voted on does not count
the votes).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from apps.rules.appraisal_items import APPRAISAL_ITEMS, OF_THE_COMMITTEE
from apps.rules.kinds_ballots import GRADES, Electorate, PollPurpose, Scale

#: A distribution gives its voters away in smaller numbers; a committee may ask for more, never for less.
THRESHOLD = 5
TEXT_THRESHOLD = 10
TEXT_LENGTH = 300
OPINION = "意见和建议（可不填）"

#: Votes whose exact count the resolution has to state: no threshold, however small the branch.
EXACT = frozenset({PollPurpose.MOTION})
#: Asked of every branch alike and year after year, so that results can be laid side by side.
COMPARED = (PollPurpose.APPRAISAL, PollPurpose.MEMBERS)

_SIZES = (1024, 4096, 16384, 65536, 262144)
_NONCE_BYTES = 64
_GRADE_BYTES = 5
_TEXT_BYTES = 4 * TEXT_LENGTH + 8


class TooManyQuestions(ValueError):
    """A ballot with so many questions has no size to be padded to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the rules see it: its words and its scale."""

    words: str
    scale: Scale


def appraisal_questions(electorate: Electorate) -> list[Asked]:
    """The items of the anonymous appraisal; the six nots are asked of committee members only."""
    keys = [
        key for key in APPRAISAL_ITEMS if (key in OF_THE_COMMITTEE) == (electorate == Electorate.COMMITTEE)
    ]
    return [Asked(APPRAISAL_ITEMS[key], Scale.GOOD) for key in keys]


def scale_for(purpose: PollPurpose) -> Scale:
    scales = {PollPurpose.MEMBERS: Scale.MEMBER, PollPurpose.MOTION: Scale.VOTE}
    return scales.get(purpose, Scale.GOOD)


def enough(valid: int, *, purpose: PollPurpose, threshold: int) -> bool:
    """Whether a distribution over so many valid ballots may be shown."""
    return purpose in EXACT or valid >= max(threshold, THRESHOLD)


def enough_for_text(valid: int, *, text_threshold: int) -> bool:
    return valid >= max(text_threshold, TEXT_THRESHOLD)


def hidden_cells(
    cells: Mapping[str, int], *, threshold: int, held_back: Collection[str] = ()
) -> frozenset[str]:
    """Which parts of a breakdown stay hidden beside a published total.

    Every part below the threshold or held back for a reason of its own, and then the next smallest until the
    hidden ones together reach the threshold and are at least two: otherwise the total less the shown parts
    would give the hidden one away.
    """
    present = sorted((count, name) for name, count in cells.items() if count)
    hidden = [(count, name) for count, name in present if count < threshold or name in held_back]
    shown = [part for part in present if part not in hidden]
    while shown and not covered([count for count, _ in hidden], threshold=threshold):
        hidden.append(shown.pop(0))
    return frozenset(name for _, name in hidden)


def covered(hidden: Sequence[int], *, threshold: int) -> bool:
    """Whether the total may stand beside these hidden parts: there are none, or enough to hide in."""
    return not hidden or (len(hidden) >= 2 and sum(hidden) >= threshold)


def one_apart(roll: AbstractSet[int], earlier: AbstractSet[int], *, valid: int, valid_earlier: int) -> bool:
    """Whether two results side by side tell how one person votes: he alone came or went, and few voted."""
    return len(roll ^ earlier) == 1 and max(valid, valid_earlier) < TEXT_THRESHOLD


def padded_size(scales: Sequence[Scale]) -> int:
    """The one size of every ballot of a poll, large enough for the longest one. Raises TooManyQuestions."""
    most = _NONCE_BYTES + sum(_TEXT_BYTES if scale == Scale.TEXT else _GRADE_BYTES for scale in scales)
    for size in _SIZES:
        if most <= size:
            return size
    raise TooManyQuestions(most)


def ballot_text(answers: Sequence[int | str | None], *, nonce: str) -> bytes:
    """A ballot as bytes: the answers in the order of the questions. The nonce keeps a hash of few possible
    ballots from being guessed."""
    return json.dumps([list(answers), nonce], ensure_ascii=False, separators=(",", ":")).encode()


def answers_in(ballot: bytes) -> list[int | str | None]:
    answers: list[int | str | None] = json.loads(ballot)[0]
    return answers


def fits(answer: int | str | None, *, scale: Scale) -> bool:
    """Whether an answer is one that the scale knows; None is a question left blank."""
    if answer is None:
        return True
    if scale == Scale.TEXT:
        return isinstance(answer, str) and len(answer) <= TEXT_LENGTH
    return isinstance(answer, int) and 0 <= answer < len(GRADES[scale])


def paper_problems(
    *, issued: int, returned: int, valid: int, invalid: int, on_roll: int, sums: Mapping[str, int]
) -> list[str]:
    """What is wrong with the totals of a paper ballot (VOTE-7); `sums` names each question's votes."""
    problems = []
    if issued > on_roll:
        problems.append(f"发出{issued}张，多于名册上的{on_roll}人。")
    if returned > issued:
        problems.append(f"收回{returned}张，多于发出的{issued}张，本次投票无效，应重新投票。")
    if valid + invalid != returned:
        problems.append(f"有效{valid}张加无效{invalid}张，应等于收回的{returned}张。")
    problems += [
        f"“{words}”合计{votes}票，多于有效票{valid}张。" for words, votes in sums.items() if votes > valid
    ]
    return problems
