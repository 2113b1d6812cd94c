"""What a sitting still lacks before it is filed, in words.

Reads what `queries.whole` loaded and, for a committee, who sat on it on the day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from apps.meetings.models import AgendaItem, Attendance, Meeting, MotionState
from apps.meetings.queries import kinds_of
from apps.meetings.queries_roll import RollCounts, counts_of
from apps.meetings.queries_vote import committee_elsewhere, matters_for, stale_words
from apps.meetings.titles import ANNUAL
from apps.rules.cadences import ANNUAL_ROUND
from apps.rules.kinds import ItemNature, Matter, MeetingKind
from apps.rules.quorum import opening

#: Sittings that may decide only when enough of those with a vote are there (VOTE-1, VOTE-4).
DECIDES = {MeetingKind.GENERAL: Matter.ORDINARY, MeetingKind.COMMITTEE: Matter.COMMITTEE_DECISION}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingCheck:
    """`missing` comes first; `doubts` are filed as they are once confirmed; `advice` may be ignored."""

    missing: tuple[str, ...]
    doubts: tuple[str, ...]
    advice: tuple[str, ...]

    @property
    def ready(self) -> bool:
        return not self.missing


def check(meeting: Meeting, *, today: date, stale_ids: Collection[int] = frozenset()) -> ClosingCheck:
    """`stale_ids` are the votes that no longer fit the roll (queries_vote)."""
    items, roll = list(meeting.items.all()), list(meeting.roll.all())
    stale = [motion for item in items for motion in item.motions.all() if motion.pk in stale_ids]
    shortfall = quorum_words(meeting)
    return ClosingCheck(
        missing=(
            *_missing(meeting, items=items, counts=counts_of(roll), today=today),
            *stale_words(stale),
        ),
        doubts=(shortfall,) if shortfall else (),
        advice=tuple(_advice(meeting, items=items)),
    )


def quorum_words(meeting: Meeting) -> str:
    """The plain statement of a sitting that too few of those with a vote attended; empty otherwise."""
    roll, kinds = list(meeting.roll.all()), kinds_of(meeting)
    for kind, matter in DECIDES.items():
        if kind not in kinds:
            continue
        entitled, present = _who_decide(meeting, roll=roll, of_committee=kind == MeetingKind.COMMITTEE)
        opened = opening(matter, entitled=entitled, present=present)
        if not opened.opens:
            return (
                f"{kind.label}有表决权的应到 {entitled} 人、实到 {present} 人，"
                f"须到会 {opened.required} 人，人数不够，本次会议不能形成决议。"
            )
    return ""


def _who_decide(meeting: Meeting, *, roll: list[Attendance], of_committee: bool) -> tuple[int, int]:
    """How many are entitled, and how many of them are there, as at the vote desk."""
    counts = counts_of(row for row in roll if row.on_committee or not of_committee)
    elsewhere = len(committee_elsewhere(meeting, roll=roll)) if of_committee else 0
    return counts.entitled + elsewhere, counts.entitled_present


def _missing(meeting: Meeting, *, items: list[AgendaItem], counts: RollCounts, today: date) -> Iterator[str]:
    if meeting.held_on > today:
        yield "会议日期还没有到"
    if not counts.expected + counts.exempt:
        yield "还没有应到名单"
    elif not counts.present:
        yield "出席情况里没有一个人出席"
    if not items and not meeting.minutes.summary.strip():
        yield "至少写一个议题，或写几句会议（活动）情况"
    matters = matters_for(meeting)
    for item in items:
        if any(motion.matter not in matters for motion in item.motions.all()):
            yield f"议题 {item.position} 的表决与现在的会议类别不符，请改回会议类别，或删除后重新表决"


def _advice(meeting: Meeting, *, items: list[AgendaItem]) -> Iterator[str]:
    if not meeting.chair_id:
        yield "主持人没有填"
    if not meeting.recorder_id:
        yield "记录人没有填"
    if not meeting.place:
        yield "地点没有填"
    if ANNUAL & set(kinds_of(meeting)) and _counts_for(meeting) is None:
        yield f"{meeting.for_year} 年度的这次会在次年 3 月 31 日以后召开，不计入 {meeting.for_year} 年度"
    if MeetingKind.LECTURE in kinds_of(meeting):
        if not (meeting.lecturer_id or meeting.lecturer_name):
            yield "党课的主讲人没有填"
        if not meeting.lecture_title:
            yield "党课题目没有填"
    for number, item in enumerate(items, start=1):
        yield from _advice_on_item(item, number=number)


def _counts_for(meeting: Meeting) -> int | None:
    return ANNUAL_ROUND.year_of(held_on=meeting.held_on, for_year=meeting.for_year)


def _advice_on_item(item: AgendaItem, *, number: int) -> Iterator[str]:
    motions = list(item.motions.all())
    if item.nature != ItemNature.POLITICAL_STUDY and not item.resolution.strip() and not motions:
        yield f"议题 {number} 没有写决议，也没有表决"
    if item.is_major and not item.consultations.all():
        yield f"议题 {number} 是重大事项，没有会前通气的记录"
    if motions and motions[-1].state == MotionState.RUNOFF:
        yield f"议题 {number} 需要再次投票"
