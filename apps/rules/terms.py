"""Terms of office and the size of a committee: SET-8, VOTE-8, EL-1 to EL-4. Every `end` is exclusive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from apps.rules.norms import NORMS
from apps.rules.periods import add_months, add_years, day_words


class TermState(Enum):
    RUNNING = "running"
    ENDING = "ending"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitteeAdvice:
    """How many seats a branch of this size should fill; all zero where no committee is set up."""

    needs_committee: bool
    seats_min: int
    seats_usual: int
    seats_max: int
    words: str


def years(*, is_village: bool) -> int:
    """EL-1: five years in villages and communities, three elsewhere."""
    return NORMS["EL-1"].value("village_years" if is_village else "usual_years")


def ends_on(starts_on: date, *, years: int) -> date:
    """The day the term is up. Begun on 29 February it is up on 28 February, unless that year has a 29th."""
    return add_years(starts_on, years)


def latest_extension(ends: date) -> date:
    """EL-3: generally no more than a year."""
    return add_months(ends, NORMS["EL-3"].value("max_months"))


def extension_problems(*, ends: date, extended_to: date) -> list[str]:
    if extended_to <= ends:
        return ["延期后的届满日期应晚于原届满日期。"]
    latest = latest_extension(ends)
    if extended_to > latest:
        return [f"延期一般不超过1年，最迟到{day_words(latest)}。"]
    return []


def remind_from(ends: date) -> date:
    """EL-2: six months before the term is up."""
    return add_months(ends, -NORMS["EL-2"].value("months_before"))


def is_expired(ends: date, *, today: date) -> bool:
    return today >= ends


def state(ends: date, *, today: date) -> TermState:
    if is_expired(ends, today=today):
        return TermState.EXPIRED
    return TermState.ENDING if today >= remind_from(ends) else TermState.RUNNING


def words(ends: date, *, today: date) -> str:
    """「还有 40 天届满」 or 「已届满 12 天」."""
    days = (ends - today).days
    if days > 0:
        return f"{day_words(ends)}届满，还有{days}天"
    return f"{day_words(ends)}届满，今天到期" if days == 0 else f"{day_words(ends)}届满，已过{-days}天"


def committee_advice(full_members: int) -> CommitteeAdvice:
    """SET-8: from seven full members on, a committee of three to five, at most seven."""
    rule = NORMS["SET-8"]
    if full_members < rule.value("min_full"):
        return CommitteeAdvice(
            needs_committee=False,
            seats_min=0,
            seats_usual=0,
            seats_max=0,
            words="正式党员不足7人，设书记1名，必要时设副书记1名，不设支部委员会。",
        )
    return CommitteeAdvice(
        needs_committee=True,
        seats_min=rule.value("seats_min"),
        seats_usual=rule.value("seats_usual"),
        seats_max=rule.value("seats_max"),
        words="正式党员7人以上，设支部委员会，委员3至5人，一般不超过7人；设书记和组织、宣传、纪检等委员。",
    )


def seats_missing(*, full_members: int, filled: int) -> int:
    """How many committee members are lacking for the smallest lawful committee."""
    return max(0, committee_advice(full_members).seats_min - filled)


def candidates_needed(seats: int) -> int:
    """VOTE-8: a fifth more candidates than seats, fractions rounded up."""
    hundredths = seats * (100 + NORMS["VOTE-8"].value("percent_more"))
    return -(-hundredths // 100)
