"""Members as plain values; many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from apps.members.models import Member
from apps.rules.facts import MemberFacts
from apps.rules.facts_worklog import LearnerFacts
from apps.rules.kinds import ElectionExclusion, Matter, MembershipState, MemberStatus, VoteException
from apps.rules.quorum import VoterFacts, electorate

#: Stands for "long ago" where a full member's date is not known.
LONG_AGO = date(1921, 7, 1)


def member_facts(branch_ids: Collection[int]) -> dict[int, list[MemberFacts]]:
    """Everybody ever on the roster of these branches. One query."""
    found: dict[int, list[MemberFacts]] = defaultdict(list)
    columns = ("branch_id", "pk", "joined_on", "state", "state_since", "status", "admitted_on", "full_since")
    rows = Member.objects.filter(branch_id__in=branch_ids).order_by("pk")
    for branch_id, pk, joined_on, state, since, status, admitted_on, full_since in rows.values_list(*columns):
        is_full = status == MemberStatus.FULL
        found[branch_id].append(
            MemberFacts(
                id=pk,
                joined_on=joined_on,
                # From the day of suspension, removal, leaving or death on a member no longer counts.
                left_on=None if state == MembershipState.ACTIVE else since or LONG_AGO,
                admitted_on=admitted_on,
                full_since=(full_since or LONG_AGO) if is_full else None,
            )
        )
    return found


def learner_facts(branch_ids: Collection[int]) -> dict[int, list[LearnerFacts]]:
    """Everybody ever on the roster, as far as study, groups and care go, by name. One query."""
    found: dict[int, list[LearnerFacts]] = defaultdict(list)
    columns = ("branch_id", "pk", "person_id", "person__name", "joined_on", "state", "state_since")
    more = ("exempt_reason", "exempt_decided_on", "needs_care", "group_id", "contact_until")
    rows = Member.objects.filter(branch_id__in=branch_ids).order_by("person__pinyin", "pk")
    for branch_id, pk, person_id, name, joined_on, state, since, *rest in rows.values_list(*columns, *more):
        exempt, decided_on, needs_care, group_id, contact_until = rest
        found[branch_id].append(
            LearnerFacts(
                id=pk,
                person_id=person_id,
                name=name,
                joined_on=joined_on,
                left_on=None if state == MembershipState.ACTIVE else since or LONG_AGO,
                exempt_from=decided_on if exempt else None,
                needs_care=needs_care,
                in_group=group_id is not None,
                contact_until=contact_until,
            )
        )
    return found


def voter_facts(branch_ids: Collection[int]) -> dict[int, list[VoterFacts]]:
    """Those on the roster, as far as voting goes. One query."""
    found: dict[int, list[VoterFacts]] = defaultdict(list)
    rows = Member.objects.on_roster().filter(branch_id__in=branch_ids).select_related("person")
    for member in rows.defer("id_number", "mobile_phone", "landline", "address").order_by("pk"):
        found[member.branch_id].append(voter_fact(member))
    return found


def voter_fact(member: Member) -> VoterFacts:
    return VoterFacts(
        id=member.pk,
        name=member.person.name,
        status=MemberStatus(member.status),
        state=MembershipState(member.state),
        vote_exception=VoteException(member.vote_exception) if member.vote_exception else None,
        exception_from=member.vote_exception_from,
        exception_until=member.vote_exception_to,
        election_exclusion=(
            ElectionExclusion(member.election_exclusion) if member.election_exclusion else None
        ),
        approved_above_on=member.exclusion_approved_on,
        approved_by_assembly_on=member.exclusion_passed_on,
    )


def voting_words(member: Member, *, today: date) -> list[tuple[str, bool, str]]:
    """(what, has the right, why) for decisions and for elections, as the rules see it today."""
    found = []
    for label, matter in (("表决权", Matter.ORDINARY), ("选举时", Matter.ELECTION)):
        body = electorate([voter_fact(member)], matter=matter, on=today)
        reasons = [*body.left_out, *body.pending]
        counted = "有表决权" if matter == Matter.ORDINARY else "计入应到会人数"
        left_out = "没有表决权" if matter == Matter.ORDINARY else "不计入应到会人数"
        why = reasons[0].reason if reasons else "正式党员，没有例外情形"
        found.append((f"{label}：{counted if body.size else left_out}", bool(body.size), why))
    return found
