"""Measures of how the branch looks after its members: records, groups, study, care, encouragement, posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from apps.rules.facts import GroupFacts
from apps.rules.facts_records import MemberRecordFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Counter, Tally
from apps.rules.periods import add_months, day_words

#: EDU-1: hours of study of a member in a year.
#: MEM-5: so many months without contact are too many.
CONTACT_MONTHS = 6

NO_MEMBERS = "支部没有在册党员。"


def study_hours_members(facts: BranchYearFacts) -> Tally:
    """Each member against his share of the months since he joined, in whole hours, fractions dropped."""
    hours: dict[int, Fraction] = {}
    for entry in facts.study:
        if facts.in_year(entry.studied_on):
            hours[entry.member_id] = hours.get(entry.member_id, Fraction(0)) + Fraction(entry.hours)
    asked = facts.study_targets.members
    if not asked:
        return Tally(not_applicable="上级规定党员学时不作要求。")
    counter, records = Counter(kind="member"), facts.records_by_member()
    for member in facts.members_here():
        record = records.get(member.id)
        months = facts.months_since(max(facts.start, member.joined_on or date.min))
        share = asked * months // 12
        own = hours.get(member.id, Fraction(0))
        if record and record.exempt_since is not None and record.exempt_since <= facts.until:
            counter.leave_out(member.id, reason="年老或患病，支部决定不作要求。")
        elif not months:
            counter.leave_out(member.id, reason="计算的时间还不满一个月。")
        else:
            counter.judge(
                member.id, short="" if own >= share else f"应有{share}学时，现有{_plain(own)}学时。"
            )
    return counter.share(nothing="没有需要计算学时的党员。")


def _plain(hours: Fraction) -> str:
    return str(hours.numerator) if hours.denominator == 1 else f"{float(hours):.1f}"


def member_records_fresh(facts: BranchYearFacts) -> Tally:
    """The roster keeps the last check only: one made after the day we look hides those before it."""
    counter, records = Counter(kind="member"), facts.records_by_member()
    since = add_months(facts.until, -12)
    for member in facts.members_here():
        record = records.get(member.id)
        if record is not None and record.verified_on is not None and record.verified_on > facts.until:
            counter.leave_out(
                member.id, reason=f"{day_words(record.verified_on)}又核实过，当时的情况没有留存。"
            )
        else:
            counter.judge(member.id, short=_record_gap(record, since=since))
    tally = counter.share(nothing=NO_MEMBERS)
    if tally.not_applicable and tally.excluded:
        return Tally(excluded=tally.excluded, unknown="花名册只留最近一次核实的日期，当时的情况没有留存。")
    return tally


def _record_gap(record: MemberRecordFacts | None, *, since: date) -> str:
    if record is None or not record.complete:
        return "基本信息还不完整。"
    if record.verified_on is None:
        return "信息还没有核实过。"
    if record.verified_on < since:
        return f"{day_words(record.verified_on)}核实的，已超过12个月。"
    return ""


def members_enrolled(facts: BranchYearFacts) -> Tally:
    """Contact is what the roster notes, presence at a sitting, or a talk, whichever is latest."""
    counter, records, seen = Counter(kind="member"), facts.records_by_member(), _last_seen(facts)
    groups = {group.id for group in _groups_on(facts.org.groups, facts.until)}
    for member in facts.members_here():
        record = records.get(member.id)
        if groups and (record is None or record.group_id not in groups):
            short = "还没有编入党小组。"
        else:
            short = _lost_contact(record, seen=seen.get(member.id), until=facts.until)
        counter.judge(member.id, short=short)
    return counter.share(nothing=NO_MEMBERS)


def _groups_on(groups: Iterable[GroupFacts], day: date) -> list[GroupFacts]:
    return [
        group
        for group in groups
        if (group.founded_on is None or group.founded_on <= day)
        and (group.closed_on is None or day < group.closed_on)
    ]


def _last_seen(facts: BranchYearFacts) -> dict[int, date]:
    """When those whose contact is noted were last seen or talked to. Reminder talks tell nobody anything."""
    seen: dict[int, date] = {}
    asked = {one.member_id for one in facts.records if one.is_mobile or one.contact_until is not None}
    if not asked:
        return seen
    days = [
        *((m.held_on, line.member_id) for m in facts.meetings for line in m.roll if line.present),
        *((t.held_on, member) for t in facts.talks if not t.is_reminder for member in t.member_ids),
    ]
    for day, member_id in days:
        if day <= facts.until and member_id in asked:
            seen[member_id] = max(day, seen.get(member_id, day))
    return seen


def _lost_contact(record: MemberRecordFacts | None, *, seen: date | None, until: date) -> str:
    """Nobody is held to be lost for want of a note: only a noted contact can be too long ago.

    A mobile member, though, must have one at all. One noted later shows that he was not lost.
    """
    if record is None or (record.contact_until is None and not record.is_mobile):
        return ""
    noted = record.contact_until
    if noted is not None and noted > until:
        return ""
    last = max((day for day in (noted, seen) if day is not None and day <= until), default=None)
    if last is None:
        return "流动党员，还没有联系记录。"
    if add_months(last, CONTACT_MONTHS) <= until:
        return f"最近一次联系是{day_words(last)}，已满{CONTACT_MONTHS}个月。"
    return ""


def care_coverage(facts: BranchYearFacts) -> Tally:
    visited = {visit.member_id for visit in facts.visits if facts.in_year(visit.held_on)}
    counter, records = Counter(kind="member"), facts.records_by_member()
    for member in facts.members_here():
        record = records.get(member.id)
        if record is not None and record.needs_care:
            counter.judge(member.id, short="" if member.id in visited else "今年还没有走访或帮扶的记录。")
    return counter.share(nothing="没有标明需要关怀的党员。")


def recognitions(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="recognition")
    for entry in facts.recognitions:
        if facts.in_year(entry.held_on):
            counter.judge(entry.id, short="")
    return counter.total()


def development_placements(facts: BranchYearFacts) -> Tally:
    """Members sent, each once, however many trainings he went to; an entry may name several."""
    counter = Counter(kind="placement")
    entries: dict[tuple[date, int], set[int]] = {}
    for entry in facts.placements:
        if facts.in_year(entry.held_on):
            entries.setdefault((entry.held_on, entry.id), set()).add(entry.member_id)
    seen: set[int] = set()
    for (_, id_), members in sorted(entries.items()):
        if members <= seen:
            counter.leave_out(id_, reason="同一名党员今年已经计过一次。")
        else:
            counter.judge(id_, short="")
        seen |= members
    return counter.total(len(seen))


def key_posts_reviewed(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="key_post")
    for post in facts.key_posts:
        if not _listed(post.listed_on, post.ended_on, day=facts.until):
            continue
        checked = any(facts.in_year(day) for day in post.checked_on)
        counter.judge(post.id, short="" if checked else "今年还没有检查提醒过。")
    return counter.share(nothing="没有登记管人、管财、管物的岗位。")


def units_covered(facts: BranchYearFacts) -> Tally:
    counter = Counter(kind="unit")
    for unit in facts.units:
        if not _listed(unit.listed_on, unit.ended_on, day=facts.until):
            continue
        covered = unit.covered_on is not None and unit.covered_on <= facts.until
        counter.judge(unit.id, short="" if covered else "还没有单独、联合或按行业组建覆盖。")
    return counter.share(nothing="没有登记由本支部联系的单位。")


def _listed(since: date | None, ended: date | None, *, day: date) -> bool:
    return (since is None or since <= day) and (ended is None or day < ended)
