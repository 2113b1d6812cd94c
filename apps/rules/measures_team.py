"""Measures of the secretary in office and of the committee: presence, talks, consultation, seats, study."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

from apps.rules.facts_records import STUDY_CATEGORIES, ItemFacts, MeetingFacts, StudyFacts
from apps.rules.facts_year import BranchYearFacts, Tenure
from apps.rules.figures import Counter, Tally
from apps.rules.kinds import COMMITTEE_POSTS, AttendanceStatus, BranchForm, ConsultationKind, MeetingKind
from apps.rules.measures_base import decisions, sittings
from apps.rules.periods import day_words
from apps.rules.terms import committee_advice

#: EDU-2, a setting: hours of study of a secretary in a year.
#: Days after a reminder talk from which its follow-up is judged.
REMINDER_DAYS = 30

VACANT = "现在没有在任的书记。"
NOT_ON_ROSTER = "书记不在本支部花名册上，系统对不上他的记录；请核对职务和党员档案。"


def _in_office(facts: BranchYearFacts) -> tuple[Tenure, int] | Tally:
    """The secretary with his member id, or why there is no figure about one."""
    tenure = facts.tenure()
    if tenure is None:
        return Tally(not_applicable=VACANT)
    if tenure.member_id is None:
        return Tally(unknown=NOT_ON_ROSTER)
    return tenure, tenure.member_id


def _before(tenure: Tenure) -> str:
    return f"现任书记{day_words(tenure.since)}到任，此前的不计。"


def _months_in_office(facts: BranchYearFacts, tenure: Tenure) -> int:
    return facts.months_since(max(facts.start, tenure.since))


def secretary_engagement(facts: BranchYearFacts) -> Tally:
    """Sittings of the whole branch, and of a group where the secretary stands on its roll."""
    found = _in_office(facts)
    if isinstance(found, Tally):
        return found
    tenure, member_id = found
    counter = Counter(kind="meeting")
    for meeting in sittings(facts, counter):
        line = meeting.line_of(member_id)
        if meeting.group_id is not None and line is None:
            counter.leave_out(meeting.id, reason="书记不在这个党小组。")
        elif meeting.held_on < tenure.since:
            counter.leave_out(meeting.id, reason=_before(tenure))
        elif line is not None and line.status is AttendanceStatus.EXEMPT:
            counter.leave_out(meeting.id, reason="这次不要求书记出席。")
        else:
            counter.judge(meeting.id, short="" if line is not None and line.present else "书记没有出席。")
    return counter.share(nothing="书记任内还没有已归档的会议和活动。")


def lectures_by_secretary(facts: BranchYearFacts) -> Tally:
    found = _in_office(facts)
    if isinstance(found, Tally):
        return found
    tenure, member_id = found
    counter = Counter(kind="meeting")
    for meeting in sittings(facts, counter, kinds=frozenset({MeetingKind.LECTURE})):
        reason = _no_lecture_of(meeting, tenure=tenure, member_id=member_id)
        if reason:
            counter.leave_out(meeting.id, reason=reason)
        else:
            counter.judge(meeting.id, short="")
    return counter.total(months=_months_in_office(facts, tenure))


def _no_lecture_of(meeting: MeetingFacts, *, tenure: Tenure, member_id: int) -> str:
    if meeting.held_on < tenure.since:
        return _before(tenure)
    return "" if meeting.lecturer_id == member_id else "主讲人不是书记。"


def talks_coverage(facts: BranchYearFacts) -> Tally:
    """Members reached by the committee, and pairs of the committee, counted together.

    Reminder talks are left out, so that nobody can be found out by this figure.
    """
    talks = [talk for talk in facts.talks if facts.in_year(talk.held_on) and not talk.is_reminder]
    leaders = {day: facts.leaders_on(day) for day in {facts.until, *(talk.held_on for talk in talks)}}
    members, pairs = Counter(kind="member"), Counter(kind="pair")
    committee, now = facts.committee_on(facts.until), leaders[facts.until]
    if not now:
        if facts.tenure():
            return Tally(unknown=NOT_ON_ROSTER)
        return Tally(not_applicable="现在既没有支委会，也没有书记。")
    for member in facts.members_here():
        if now == {member.id}:
            continue
        met = any(
            member.id in talk.member_ids and (leaders[talk.held_on] & talk.member_ids) - {member.id}
            for talk in talks
        )
        members.judge(member.id, short="" if met else "今年支委还没有同这名党员谈过。")
    for one, other in combinations(sorted(committee), 2):
        met = any({one, other} <= talk.member_ids for talk in talks)
        pairs.judge(f"{one}-{other}", short="" if met else "今年这两名支委还没有谈过。")
    members.counted += pairs.counted
    members.missed += pairs.missed
    return members.share(nothing="支部没有需要谈的党员。")


def talks_by_secretary(facts: BranchYearFacts) -> Tally:
    found = _in_office(facts)
    if isinstance(found, Tally):
        return found
    tenure, member_id = found
    reached: set[int] = set()
    for talk in facts.talks:
        own = member_id in talk.member_ids and talk.held_on >= tenure.since
        if own and facts.in_year(talk.held_on) and not talk.is_reminder:
            reached |= talk.member_ids
    counter = Counter(kind="member")
    for member in facts.members_here():
        if member.id != member_id:
            counter.judge(
                member.id, short="" if member.id in reached else "书记任内今年还没有同这名党员谈过。"
            )
    return counter.share(nothing="支部没有其他党员。", months=_months_in_office(facts, tenure))


def reminders_followed_up(facts: BranchYearFacts) -> Tally:
    """Numbers only: who was reminded is known to four people, and no figure may tell.

    A talk belongs to the year in which it becomes older than thirty days.
    """
    closed = due = 0
    for talk in facts.talks:
        if not talk.is_reminder or not _ripe(facts, talk.held_on):
            continue
        due += 1
        closed += talk.followed_up_on is not None and talk.followed_up_on <= facts.until
    return Tally(
        numerator=Fraction(closed),
        denominator=Fraction(due),
        not_applicable="" if due else f"没有满{REMINDER_DAYS}天的提醒谈话。",
    )


def _ripe(facts: BranchYearFacts, held_on: date) -> bool:
    ripe_on = held_on + timedelta(days=REMINDER_DAYS + 1)
    return facts.first_day <= ripe_on <= facts.until


def consulted_before_decision(facts: BranchYearFacts) -> Tally:
    """Whoever asks the others need not ask himself: the secretary is taken as the one who does."""
    counter = Counter(kind="item")
    for meeting, item in decisions(facts, counter):
        if not item.is_major:
            continue
        committee = facts.committee_on(meeting.held_on)
        secretary = facts.secretary_on(meeting.held_on)
        host = facts.member_of(secretary.person_id) if secretary else None
        others = committee - {host}
        if not others:
            counter.leave_out(item.id, reason="没有设支委会，或者没有其他支委。")
            continue
        missing = len(others - _consulted(item, before=meeting.held_on))
        counter.judge(item.id, short=f"会前还有{missing}名支委没有通气的记录。" if missing else "")
    return counter.share(nothing="这段时间没有需要会前通气的重大事项决议。")


def _consulted(item: ItemFacts, *, before: date) -> frozenset[int]:
    """Days only are recorded, so one held on the day of the sitting is taken to have come before it."""
    asked = (entry.member_ids for entry in item.consultations if entry.held_on <= before)
    return frozenset().union(*asked)


def consultation_kinds(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="consultation")
    used: set[ConsultationKind] = set()
    entries = [
        entry
        for meeting in facts.meetings
        for item in meeting.items
        for entry in item.consultations
        if facts.in_year(entry.held_on)
    ]
    for entry in sorted(entries, key=lambda entry: (entry.held_on, entry.id)):
        if entry.kind in used:
            counter.leave_out(entry.id, reason=f"「{entry.kind.label}」已经计过一次。")
        else:
            used.add(entry.kind)
            counter.judge(entry.id, short="")
    if not used and not facts.committee_on(facts.until):
        return Tally(not_applicable="没有设支委会，不作要求。")
    return counter.total()


def committee_complete(facts: BranchYearFacts) -> Tally:
    """The secretary's seat, the other seats that a branch of this size must fill, and the running term."""
    org, until = facts.org, facts.until
    counter = Counter(kind="seat")
    secretary = facts.secretary_on(until)
    held = "" if secretary else "没有在任的书记。"
    counter.judge("secretary", words="书记", short=held)
    if org.form is BranchForm.TEMPORARY:
        return counter.share(nothing="")
    full = org.full_members_on(until)
    others = len(_committee_people(facts) - {secretary.person_id if secretary else None})
    for seat in range(1, max(1, committee_advice(full).seats_min)):
        short = "" if others >= seat else f"正式党员{full}人，这个委员席位还空着。"
        counter.judge(f"seat-{seat}", words=f"第{seat}名其他委员", short=short)
    term = org.term_on(until)
    if term is None:
        return Tally(unknown="没有登记届次，不知道任期到什么时候；请在「届次与职务」里登记。")
    short = f"本届{day_words(term.up_on)}已经届满。" if term.up_on <= until else ""
    counter.judge("term", words="任期", short=short)
    return counter.share(nothing="")


def _committee_people(facts: BranchYearFacts) -> set[int]:
    return {post.person_id for post in facts.org.posts_on(facts.until) if post.kind in COMMITTEE_POSTS}


def study_hours_secretary(facts: BranchYearFacts) -> Tally:
    found = _in_office(facts)
    if isinstance(found, Tally):
        return found
    tenure, member_id = found
    months = _months_in_office(facts, tenure)
    asked = facts.study_targets.committee
    if not asked:
        return Tally(not_applicable="上级规定书记学时不作要求。")
    share = Fraction(asked * months, 12)
    hours, counter = Fraction(0), Counter(kind="study")
    for entry in facts.study:
        if entry.member_id != member_id or not facts.in_year(entry.studied_on):
            continue
        kind = _source(entry)
        if entry.studied_on < tenure.since:
            counter.leave_out(entry.id, kind=kind, reason=_before(tenure))
        else:
            counter.judge(entry.id, kind=kind, short="")
            hours += Fraction(entry.hours)
    return Tally(
        numerator=hours,
        denominator=share,
        counted=tuple(counter.counted),
        excluded=tuple(counter.excluded),
        not_applicable="" if share else "书记任内还不满一个月。",
    )


def _source(entry: StudyFacts) -> str:
    return "meeting" if entry.from_sitting else "study"


def study_breadth(facts: BranchYearFacts) -> Tally:
    """Of the secretary: both standards that rest on it speak of his own learning."""
    found = _in_office(facts)
    if isinstance(found, Tally):
        return found
    tenure, member_id = found
    counter = Counter(kind="study")
    seen: set[str] = set()
    for entry in sorted(facts.study, key=lambda entry: (entry.studied_on, entry.id)):
        if entry.member_id != member_id or not facts.in_year(entry.studied_on):
            continue
        kind = _source(entry)
        if entry.studied_on < tenure.since:
            counter.leave_out(entry.id, kind=kind, reason=_before(tenure))
        elif entry.category not in STUDY_CATEGORIES:
            counter.leave_out(entry.id, kind=kind, reason="没有注明理论、专业还是辅助知识。")
        else:
            seen.add(entry.category)
            counter.judge(entry.id, kind=kind, short="")
    return counter.total(len(seen), months=_months_in_office(facts, tenure))
