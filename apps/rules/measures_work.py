"""Measures of work by a date and in common: tasks, concerns, directives, plan, activities, partners."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter as Tallied
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from apps.rules.facts_records import MeetingFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Counter, Tally
from apps.rules.kinds import ActivityForm, MeetingKind, PartnerKind, Topic
from apps.rules.measures_base import CANCELLED, NOT_FILED, in_order, judge_deadline, sittings
from apps.rules.periods import add_months, day_words

ACTIVITIES = frozenset({MeetingKind.THEMED_DAY, MeetingKind.LECTURE, MeetingKind.OTHER})
#: So many distinct forms in twelve months are full variety; one form above this share of enough is monotony.
FULL_VARIETY = 5
MONOTONY = Fraction(7, 10)
MONOTONY_FROM = 6

ORGANIZATIONS = frozenset(
    {PartnerKind.BRANCH, PartnerKind.UNIT, PartnerKind.EXPERT_POOL, PartnerKind.CONGRESS}
)
MASS_ORGANIZATIONS = frozenset(
    {
        PartnerKind.ADMINISTRATION,
        PartnerKind.UNION,
        PartnerKind.YOUTH_LEAGUE,
        PartnerKind.WOMEN,
        PartnerKind.SOCIAL,
    }
)


def tasks_on_time(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="task")
    for task in facts.tasks:
        judge_deadline(
            counter,
            facts,
            id_=task.id,
            due_on=task.due_on,
            done_on=task.closed_on,
            cancelled=task.cancelled,
        )
    return counter.share(nothing="还没有到期的任务。")


def concerns_registered(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="concern")
    for concern in facts.concerns:
        if not facts.in_year(concern.registered_on):
            continue
        if concern.cancelled:
            counter.leave_out(concern.id, reason=CANCELLED)
        else:
            counter.judge(concern.id, short="")
    return counter.total()


def concerns_resolved(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="concern")
    for concern in facts.concerns:
        judge_deadline(
            counter,
            facts,
            id_=concern.id,
            due_on=concern.due_on,
            done_on=concern.closed_on,
            cancelled=concern.cancelled,
        )
    return counter.share(nothing="还没有到期的诉求。")


def directives_conveyed(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="directive")
    for paper in facts.directives:
        judge_deadline(
            counter,
            facts,
            id_=paper.id,
            due_on=paper.convey_by,
            done_on=paper.conveyed_on,
            cancelled=paper.cancelled,
        )
    return counter.share(nothing="还没有到传达期限的上级来文。")


def directives_implemented(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="directive")
    for paper in facts.directives:
        if not paper.asks_action:
            continue
        judge_deadline(
            counter,
            facts,
            id_=paper.id,
            due_on=paper.do_by,
            done_on=paper.implemented_on,
            cancelled=paper.cancelled,
        )
    return counter.share(nothing="还没有到期、要求落实的上级来文。")


def self_found_share(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="rectification")
    for item in facts.rectifications:
        if not facts.in_year(item.found_on):
            continue
        if item.cancelled:
            counter.leave_out(item.id, reason=CANCELLED)
        else:
            counter.judge(item.id, short="" if item.self_found else "由上级或其他方面发现。")
    return counter.share(nothing="今年还没有登记整改问题。")


def rectified_on_time(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="rectification")
    for item in facts.rectifications:
        judge_deadline(
            counter,
            facts,
            id_=item.id,
            due_on=item.due_on,
            done_on=item.closed_on,
            cancelled=item.cancelled,
        )
    return counter.share(nothing="还没有到期的整改问题。")


def plan_progress(facts: BranchYearFacts) -> Tally:
    """A goal is behind when its day has passed and it is not done; one done late is behind no longer.

    No plan by the end of February is 0% until one is filed.
    """
    filed = facts.plan_filed_on
    counter = Counter(kind="goal")
    if filed is None or filed > facts.until or not facts.goals:
        last = plan_deadline(facts)
        words = "年度计划里还没有目标。" if filed is not None and filed <= facts.until else "还没有年度计划。"
        if facts.judged_on <= last:
            return Tally(not_applicable=f"{words}年度计划在{day_words(last)}以前提交就可以。")
        counter.judge("plan", words="年度计划", short=words)
        return counter.share(nothing="")
    for goal in facts.goals:
        done = goal.done_on is not None and goal.done_on <= facts.until
        late = goal.due_on < facts.judged_on and not done
        kind = "term_goal" if goal.of_term else "goal"
        if goal.cancelled:
            counter.leave_out(goal.id, kind=kind, reason=CANCELLED)
        else:
            short = f"应在{day_words(goal.due_on)}以前完成，还没有完成。" if late else ""
            counter.judge(goal.id, kind=kind, short=short)
    return counter.share(nothing="计划里的目标都已取消。")


def plan_deadline(facts: BranchYearFacts) -> date:
    """The end of February; two months for a branch that began (or began its records) within the year."""
    if facts.start <= facts.first_day:
        return date(facts.year, 2, monthrange(facts.year, 2)[1])
    return max(
        date(facts.year, 2, monthrange(facts.year, 2)[1]), add_months(facts.start, 2) - timedelta(days=1)
    )


def feature_project_progress(facts: BranchYearFacts) -> Tally:
    """Full quarters since the branch began, each with an entry or without."""
    counter = Counter(kind="quarter")
    entries = facts.project.progress if facts.project else ()
    seen = {entry.quarter for entry in entries if (entry.recorded_on or date.min) <= facts.until}
    for quarter in range(1, 5):
        starts = date(facts.year, 3 * quarter - 2, 1)
        if add_months(starts, 3) - timedelta(days=1) > facts.until:
            continue
        words = f"第{'一二三四'[quarter - 1]}季度"
        if starts < facts.start:
            counter.leave_out(quarter, words=words, reason="这个季度开始时还没有支部记录。")
        else:
            short = "这个季度没有登记进展。" if facts.project else "还没有特色项目。"
            counter.judge(quarter, words=words, short="" if quarter in seen else short)
    return counter.share(nothing="还没有一个完整的季度。")


def activity_variety(facts: BranchYearFacts) -> Tally:
    """Over the twelve months that end today; the levels follow the months that the branch can show."""
    counter = Counter(kind="meeting")
    forms: Tallied[ActivityForm] = Tallied()
    for meeting in in_order(facts.meetings):
        if not ACTIVITIES & meeting.kinds or not facts.window_start <= meeting.held_on <= facts.until:
            continue
        form = _form_of(meeting)
        if not meeting.closed:
            counter.leave_out(meeting.id, reason=NOT_FILED)
        elif form is None:
            counter.leave_out(meeting.id, reason="没有选活动形式。")
        else:
            forms[form] += 1
            counter.judge(meeting.id, short="")
    tally = counter.total(min(len(forms), FULL_VARIETY), months=_months_of_window(facts))
    return replace(tally, warn_because=_monotony(forms))


def _form_of(meeting: MeetingFacts) -> ActivityForm | None:
    """A lecture has its form by its name, where none was chosen."""
    if meeting.form is None and MeetingKind.LECTURE in meeting.kinds:
        return ActivityForm.LECTURE
    return meeting.form


def _monotony(forms: Tallied[ActivityForm]) -> str:
    total = forms.total()
    if total < MONOTONY_FROM:
        return ""
    form, times = forms.most_common(1)[0]
    if Fraction(times, total) <= MONOTONY:
        return ""
    return f"近12个月{total}次活动里有{times}次是「{form.label}」，形式过于集中。"


def _months_of_window(facts: BranchYearFacts) -> int:
    """Full months within the window in which the branch existed and kept records here."""
    known = max(facts.org.founded_on or date.min, facts.org.records_since or date.min)
    begins, after = max(known, facts.window_start), facts.until + timedelta(days=1)
    months = (after.year - begins.year) * 12 + after.month - begins.month
    return max(0, months - (after.day < begins.day))


def joint_with_organizations(facts: BranchYearFacts) -> Tally:
    return _joint(facts, partners=ORGANIZATIONS)


def joint_with_mass_orgs(facts: BranchYearFacts) -> Tally:
    return _joint(facts, partners=MASS_ORGANIZATIONS)


def _joint(facts: BranchYearFacts, *, partners: frozenset[PartnerKind]) -> Tally:
    counter = Counter(kind="meeting")
    for meeting in sittings(facts, counter):
        if partners & meeting.partners:
            counter.judge(meeting.id, short="")
        elif meeting.form is ActivityForm.JOINT and not meeting.partners:
            counter.leave_out(meeting.id, reason="形式是联建共建，但没有登记共建单位。")
    return counter.total()


def community_consultations(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="public_consultation")
    for entry in facts.public_consultations:
        if not facts.in_year(entry.held_on):
            continue
        if entry.has_result:
            counter.judge(entry.id, short="")
        else:
            counter.leave_out(entry.id, reason="还没有登记协商结果。")
    return counter.total()


def public_participants(facts: BranchYearFacts) -> Tally:
    counter, people = Counter(kind="meeting"), 0
    for meeting in sittings(facts, counter):
        if meeting.public_participants:
            counter.judge(meeting.id, short="")
            people += meeting.public_participants
    for entry in facts.public_consultations:
        if facts.in_year(entry.held_on) and entry.participants:
            counter.judge(entry.id, kind="public_consultation", short="")
            people += entry.participants
    return counter.total(people)


def governance_activities(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="meeting")
    for meeting in sittings(facts, counter):
        if Topic.GOVERNANCE in meeting.topics:
            counter.judge(meeting.id, short="")
    return counter.total()
