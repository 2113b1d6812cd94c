"""Measures of organizational life: cadence, procedure, decisions, agenda, records, attendance."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from apps.rules.duties import Duty, duties
from apps.rules.facts_records import ItemFacts, MeetingFacts, MotionFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Counter, Tally
from apps.rules.kinds import AttendanceStatus, DutyState, ItemNature, Matter, MeetingKind, Topic
from apps.rules.measures_base import COMMITTEE, DECIDING, NOT_FILED, decisions, in_order, sittings
from apps.rules.periods import DatedPeriod, day_words
from apps.rules.periods import words as period_words
from apps.rules.quorum import opening
from apps.rules.voting import VoteState

#: Days after a sitting within which its record is to be entered.
ENTRY_DAYS = 7

PARTY_NATURES = frozenset({ItemNature.POLITICAL_STUDY, ItemNature.PARTY_AFFAIRS, ItemNature.CENTRAL_WORK})
NO_MEETINGS = "这段时间没有已归档的党员大会、支委会。"
NO_COMMITTEE = "这段时间没有已归档的支委会；不设支委会的支部不作要求。"


def org_life_overall(facts: BranchYearFacts) -> Tally:
    """A round belongs to the year in which its last day to act lies, whenever it was held."""
    counter = Counter(kind="duty")
    unknown = ""
    found = duties(facts.org, cadences=facts.cadences, today=facts.judged_on, since=facts.first_day)
    for duty in found:
        if not facts.first_day <= duty.due_on < facts.next_year or duty.state is DutyState.NOT_APPLICABLE:
            continue
        if duty.state is DutyState.UNKNOWN:
            unknown = duty.why_not
        reason = _not_judged(duty, facts)
        if reason:
            counter.leave_out(duty.key, words=_duty_words(duty), reason=reason)
        else:
            short = "" if duty.state is DutyState.DONE else "本期没有开展的记录。"
            counter.judge(duty.key, words=_duty_words(duty), short=short)
    tally = counter.share(nothing="还没有一期到期，或者各项都不作要求。")
    if tally.not_applicable and unknown:
        return Tally(excluded=tally.excluded, unknown=unknown)
    return tally


def _not_judged(duty: Duty, facts: BranchYearFacts) -> str:
    """Why a round does not count yet, or not at all; empty when it does."""
    if duty.state is DutyState.EXCUSED:
        return f"已说明免做：{duty.why_not}"
    if duty.state is DutyState.UNKNOWN:
        return duty.why_not
    done_today = duty.due_on == facts.until and duty.state is DutyState.DONE
    if duty.due_on < facts.judged_on or done_today:
        return ""
    return f"本期到{day_words(duty.due_on)}为止，期满后计入。"


def _duty_words(duty: Duty) -> str:
    period = DatedPeriod(start=duty.period_start, end=duty.period_end)
    return f"{period_words(duty.period, period)}{duty.group_name}{duty.title}"


def procedure_valid(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="meeting")
    for meeting in sittings(facts, counter, kinds=DECIDING):
        counter.judge(meeting.id, short="；".join(_shortfalls(facts, meeting)))
    return counter.share(nothing=NO_MEETINGS)


def _shortfalls(facts: BranchYearFacts, meeting: MeetingFacts) -> Iterator[str]:
    """What the sitting lacked of a quorum: as an assembly, as a committee meeting, and for each vote."""
    if not meeting.roll:
        yield "没有登记到会情况，看不出是否够人数。"
        return
    if MeetingKind.GENERAL in meeting.kinds:
        voters = [line for line in meeting.roll if line.has_vote]
        present = sum(line.present for line in voters)
        opened = opening(Matter.ORDINARY, entitled=len(voters), present=present)
        if not opened.opens:
            yield f"党员大会有表决权的{len(voters)}人，到会{present}人，不足半数。"
    if MeetingKind.COMMITTEE in meeting.kinds:
        on_roll = {line.member_id for line in meeting.roll if line.on_committee}
        seats = len(on_roll | facts.committee_on(meeting.held_on))
        present = sum(line.present for line in meeting.roll if line.on_committee)
        opened = opening(Matter.COMMITTEE_DECISION, entitled=seats, present=present)
        if not opened.opens:
            yield f"支委{seats}人，到会{present}人，不足半数。"
    for item in meeting.items:
        for motion in item.motions:
            opened = opening(motion.matter, entitled=motion.entitled, present=motion.present)
            if not opened.opens:
                yield f"{motion.matter.label}应到{motion.entitled}人，实到{motion.present}人，不够表决人数。"


def decisions_voted(facts: BranchYearFacts) -> Tally:
    """A vote is required of major matters that were decided, and wherever one was put."""
    counter = Counter(kind="item")
    for _, item in decisions(facts, counter):
        if item.motions:
            counter.judge(item.id, short=_vote_shortfall(item))
        elif item.is_major:
            counter.judge(item.id, short="重大事项作出了决议，没有表决记录。")
        else:
            counter.leave_out(item.id, reason="不是重大事项，也没有提交表决。")
    return counter.share(nothing="这段时间没有需要表决的决议。")


def _vote_shortfall(item: ItemFacts) -> str:
    final = [motion for motion in item.motions if not motion.replaced]
    problems = [words for motion in final if (words := _motion_shortfall(motion))]
    return "；".join(problems)


def _motion_shortfall(motion: MotionFacts) -> str:
    if motion.state is VoteState.FAILED:
        return ""
    if motion.state is not VoteState.PASSED:
        return f"表决结果是「{motion.state.label}」，还没有了结。"
    if not opening(motion.matter, entitled=motion.entitled, present=motion.present).opens:
        return f"应到{motion.entitled}人，实到{motion.present}人，不够表决人数。"
    if motion.in_favour < motion.needed:
        return f"须有{motion.needed}票赞成，实得{motion.in_favour}票。"
    return ""


def deliberation_breadth(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="item")
    for meeting, item in decisions(facts, counter):
        others = {line.member_id for line in meeting.roll if line.present} - {meeting.chair_id}
        spoke = len(item.opinions_by & others)
        if not others:
            counter.leave_out(item.id, reason="除主持人外没有登记到会的人。")
        else:
            words = f"除主持人外到会{len(others)}人，记录了{spoke}人的意见，不足半数。"
            counter.judge(item.id, short="" if 2 * spoke >= len(others) else words)
    return counter.share(nothing="这段时间党员大会、支委会没有形成决议。")


def party_agenda_share(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="meeting")
    for meeting in sittings(facts, counter, kinds=DECIDING):
        if any(item.nature in PARTY_NATURES for item in meeting.items):
            short = ""
        else:
            short = "议题里没有党务、政治学习或中心工作。" if meeting.items else "没有登记议题。"
        counter.judge(meeting.id, short=short)
    return counter.share(nothing=NO_MEETINGS)


def first_topic_study(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="meeting")
    for meeting in sittings(facts, counter, kinds=COMMITTEE):
        first = min(meeting.items, key=lambda item: item.position, default=None)
        if first is None:
            short = "没有登记议题。"
        else:
            short = "" if first.nature is ItemNature.POLITICAL_STUDY else "第一个议题不是政治学习。"
        counter.judge(meeting.id, short=short)
    return counter.share(nothing=NO_COMMITTEE)


def central_work_share(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="meeting")
    for meeting in sittings(facts, counter, kinds=DECIDING | {MeetingKind.THEMED_DAY}):
        on_it = Topic.CENTRAL_WORK in meeting.topics or any(
            item.nature is ItemNature.CENTRAL_WORK for item in meeting.items
        )
        counter.judge(meeting.id, short="" if on_it else "议题和主题都没有涉及中心工作。")
    return counter.share(nothing="这段时间没有已归档的党员大会、支委会、主题党日。")


def record_substance(facts: BranchYearFacts) -> Tally:
    """Sittings held, filed or not; one that is not filed yet has a week before it is missed.

    That week may run into the next year, so it is counted to the day we look and not to 31 December.
    """
    counter = Counter(kind="meeting")
    for meeting in in_order(facts.meetings):
        if not facts.in_year(meeting.held_on):
            continue
        if not meeting.closed and (facts.as_of - meeting.held_on).days <= ENTRY_DAYS:
            counter.leave_out(meeting.id, reason=f"会后{ENTRY_DAYS}天以内，还来得及补齐归档。")
        else:
            counter.judge(meeting.id, short="；".join(_record_faults(meeting)))
    return counter.share(nothing="这段时间没有开过会、办过活动。")


def _record_faults(meeting: MeetingFacts) -> Iterator[str]:
    if not meeting.closed:
        yield NOT_FILED
    if not meeting.complete:
        yield "记录不完整。"
    if meeting.entered_on is None:
        yield "不知道是哪天录入的。"
    elif (late := (meeting.entered_on - meeting.held_on).days) > ENTRY_DAYS:
        yield f"会后{late}天才录入。"
    if meeting.near_copy_of is not None:
        yield "会议情况和以前的一次记录几乎相同。"


def participation(facts: BranchYearFacts) -> Tally:
    """Counted in persons, told in sittings: nobody's own attendance is a figure."""
    counter = Counter(kind="meeting")
    present = expected = 0
    for meeting in sittings(facts, counter):
        lines = [line for line in meeting.roll if line.status is not AttendanceStatus.EXEMPT]
        if not lines:
            counter.leave_out(meeting.id, reason="没有登记到会情况。")
            continue
        came = sum(line.present for line in lines)
        short = "" if came == len(lines) else f"应到{len(lines)}人，实到{came}人。"
        counter.judge(meeting.id, short=short)
        present, expected = present + came, expected + len(lines)
    tally = counter.share(nothing="这段时间没有登记过到会情况。")
    return Tally(
        numerator=Fraction(present),
        denominator=Fraction(expected),
        counted=tally.counted,
        missed=tally.missed,
        excluded=tally.excluded,
        not_applicable=tally.not_applicable,
    )
