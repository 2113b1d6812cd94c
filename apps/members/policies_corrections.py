"""Who asks for a correction, who sees it, and who answers (security.md 4.7).

Whoever may change the record answers; nobody answers his own request. Where a branch has one keeper only, the
organizer above answers his.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.policies import holds, paths_of, within
from apps.members.models import CorrectionRequest, CorrectionState, Member
from apps.members.policies import ANSWERABLE, CHANGERS, SECRET_FIELDS, is_own


def visible_corrections(user: User) -> QuerySet[CorrectionRequest]:
    """One's own, and those of the people whose records one keeps."""
    return CorrectionRequest.objects.filter(
        within(user, CHANGERS, column="member__path") | Q(member__person_id=user.pk)
    )


def kept_corrections(user: User) -> QuerySet[CorrectionRequest]:
    """Those of the people whose records one keeps: the list of who answers them."""
    return CorrectionRequest.objects.filter(within(user, CHANGERS, column="member__path"))


def can_list_corrections(user: User) -> bool:
    return bool(paths_of(user, CHANGERS))


def can_create_correction(user: User, member: Member) -> bool:
    return is_own(user, member)


def can_withdraw_correction(user: User, correction: CorrectionRequest) -> bool:
    return is_own(user, correction.member)


def can_refuse_correction(user: User, correction: CorrectionRequest) -> bool:
    return not is_own(user, correction.member) and holds(user, CHANGERS, correction.member.path)


def can_accept_correction(user: User, correction: CorrectionRequest) -> bool:
    """A number or address is put right by those who may read it: it has to be held against a document."""
    may_read = correction.field not in SECRET_FIELDS or holds(user, ANSWERABLE, correction.member.path)
    return may_read and can_refuse_correction(user, correction)


def can_reveal_correction(user: User, correction: CorrectionRequest) -> bool:
    """The number asked for, in clear, to others than the member himself."""
    return not is_own(user, correction.member) and holds(user, ANSWERABLE, correction.member.path)


def rights_on_correction(user: User, correction: CorrectionRequest) -> dict[str, bool]:
    """All answers about one request, for the buttons of its page."""
    is_open = correction.state == CorrectionState.OPEN
    return {
        "withdraw": is_open and can_withdraw_correction(user, correction),
        "refuse": is_open and can_refuse_correction(user, correction),
        "accept": is_open and can_accept_correction(user, correction),
        "reveal": can_reveal_correction(user, correction) and correction.field in SECRET_FIELDS,
        "own": is_own(user, correction.member),
    }
