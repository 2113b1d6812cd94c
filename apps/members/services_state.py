"""Decisions about a member: membership, attendance, the right to vote. People make them, with a date."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import snapshot
from apps.branches.models import Post, below
from apps.members.models import Member
from apps.members.services import lock_member, require_reason, save_and_record
from apps.rules.kinds import ElectionExclusion, ExemptReason, MembershipState, VoteException
from apps.ui.refusals import Refusal

register(
    {
        "member.state_changed": "调整党籍状态",
        "member.exemption_set": "登记不作出席要求",
        "member.vote_exception_set": "登记无表决权的情形",
        "member.election_exclusion_set": "登记选举时不计入应到会",
    }
)

GONE = frozenset({MembershipState.REMOVED, MembershipState.LEFT, MembershipState.DIED})
STATE_FIELDS = ("state", "state_since", "state_note")
EXEMPTION_FIELDS = ("exempt_reason", "exempt_decided_on", "needs_care", "care_note")
EXCEPTION_FIELDS = ("vote_exception", "vote_exception_from", "vote_exception_to")
EXCLUSION_FIELDS = ("election_exclusion", "exclusion_approved_on", "exclusion_passed_on")


class WrongDate(Refusal):
    default = "日期不对，请检查。"


class SameState(Refusal):
    default = "党籍状态没有变化。"


class StillInPost(Refusal):
    default = "此人仍有任职，请先登记免职日期。"


class NotVoting(Refusal):
    default = "预备党员没有表决权和选举权，不需要登记。"


class NotOnRoster(Refusal):
    default = "此人已不在本支部名册上。"


@transaction.atomic
def change_state(
    *, member: Member, state: str, since: date, reason: str, version: int, actor: User, today: date
) -> Member:
    """Suspend, remove, let go, or restore. Nothing in the system ever does this by itself (MEM-5, MEM-6)."""
    locked = lock_member(member=member, version=version)
    if state == locked.state:
        raise SameState(field="state")
    if since > today:
        raise WrongDate("日期不能在今天之后。", field="since")
    if locked.admitted_on and since < locked.admitted_on:
        raise WrongDate("日期早于入党日期。", field="since")
    if state in GONE:
        _refuse_holders(locked, today)
    before = snapshot(locked, STATE_FIELDS)
    locked.state, locked.state_since = MembershipState(state), since
    locked.state_note = require_reason(reason)
    return save_and_record(
        member=locked,
        before=before,
        action="member.state_changed",
        actor=actor,
        fields=STATE_FIELDS,
        reason=reason,
    )


def _refuse_holders(member: Member, today: date) -> None:
    """Access follows from posts: whoever leaves the branch must hold none in it."""
    held = Post.objects.current_on(today).filter(
        below(member.branch.path, column="organization__path"), person_id=member.person_id
    )
    if post := held.select_related("organization").first():
        raise StillInPost(f"此人仍任“{post.organization}”{post.get_kind_display()}，请先登记免职日期。")


@transaction.atomic
def set_exemption(
    *,
    member: Member,
    exempt_reason: str,
    exempt_decided_on: date | None,
    needs_care: bool,
    care_note: str,
    version: int,
    actor: User,
    today: date,
) -> Member:
    """Old, ill and disabled members are not pressed to attend; the branch decides and visits (JY 23)."""
    locked = lock_member(member=member, version=version)
    if exempt_reason and exempt_decided_on is None:
        raise WrongDate("请填写支部决定的日期。", field="exempt_decided_on")
    if exempt_decided_on and exempt_decided_on > today:
        raise WrongDate("日期不能在今天之后。", field="exempt_decided_on")
    before = snapshot(locked, EXEMPTION_FIELDS)
    locked.exempt_reason = ExemptReason(exempt_reason) if exempt_reason else ""
    locked.exempt_decided_on = exempt_decided_on if exempt_reason else None
    locked.needs_care, locked.care_note = needs_care, care_note if needs_care else ""
    return save_and_record(
        member=locked, before=before, action="member.exemption_set", actor=actor, fields=EXEMPTION_FIELDS
    )


@transaction.atomic
def set_vote_exception(
    *,
    member: Member,
    vote_exception: str,
    vote_exception_from: date | None,
    vote_exception_to: date | None,
    reason: str,
    version: int,
    actor: User,
) -> Member:
    """No vote at all while it lasts (XJ 5, VOTE-5); an empty `vote_exception` ends it."""
    locked = _lock_voter(member, version)
    if vote_exception and vote_exception_from is None:
        raise WrongDate("请填写开始日期。", field="vote_exception_from")
    begins, ends = vote_exception_from, vote_exception_to
    if vote_exception and begins and ends and ends <= begins:
        raise WrongDate("结束日期应晚于开始日期。", field="vote_exception_to")
    before = snapshot(locked, EXCEPTION_FIELDS)
    locked.vote_exception = VoteException(vote_exception) if vote_exception else ""
    locked.vote_exception_from = vote_exception_from if vote_exception else None
    locked.vote_exception_to = vote_exception_to if vote_exception else None
    return save_and_record(
        member=locked,
        before=before,
        action="member.vote_exception_set",
        actor=actor,
        fields=EXCEPTION_FIELDS,
        reason=require_reason(reason),
    )


@transaction.atomic
def set_election_exclusion(
    *,
    member: Member,
    election_exclusion: str,
    exclusion_approved_on: date | None,
    exclusion_passed_on: date | None,
    version: int,
    actor: User,
    today: date,
) -> Member:
    """Not counted in elections only, once the organization above agreed and the assembly passed it (VOTE-6).

    Either date may still be missing: then the member goes on being counted, and the page says so.
    """
    locked = _lock_voter(member, version)
    if exclusion_approved_on and exclusion_approved_on > today:
        raise WrongDate("日期不能在今天之后。", field="exclusion_approved_on")
    if exclusion_passed_on and exclusion_passed_on > today:
        raise WrongDate("日期不能在今天之后。", field="exclusion_passed_on")
    before = snapshot(locked, EXCLUSION_FIELDS)
    locked.election_exclusion = ElectionExclusion(election_exclusion) if election_exclusion else ""
    locked.exclusion_approved_on = exclusion_approved_on if election_exclusion else None
    locked.exclusion_passed_on = exclusion_passed_on if election_exclusion else None
    return save_and_record(
        member=locked,
        before=before,
        action="member.election_exclusion_set",
        actor=actor,
        fields=EXCLUSION_FIELDS,
    )


def _lock_voter(member: Member, version: int) -> Member:
    locked = lock_member(member=member, version=version)
    if locked.state in GONE:
        raise NotOnRoster
    if not locked.is_full:
        raise NotVoting
    return locked
