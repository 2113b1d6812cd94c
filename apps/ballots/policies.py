"""Who sets a poll up, who counts, who may vote (security.md 4.2). Nobody ever reads a single ballot.

The keepers draft; the tellers alone start the voting (they are shown the passphrase) and open the ballots.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.ballots.models import PaperCount, Poll, RollEntry
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, KEEPERS, holds, paths_of, within
from apps.rules.ballots import COMPARED
from apps.rules.kinds import PostKind
from apps.rules.kinds_ballots import PollMode, PollPurpose, PollState

READERS = ABOVE | COMMITTEE
#: Who reads how each member fared; the rest of the committee learns how many ballots there were.
GRADE_READERS = ABOVE | KEEPERS | {PostKind.DISCIPLINE}


def visible_polls(user: User) -> QuerySet[Poll]:
    """Those whose page the person may open: in his reach, or his to count."""
    return Poll.objects.filter(_readable(user))


def listed_polls(user: User) -> QuerySet[Poll]:
    """And those he is asked in, whose ballot is all he sees."""
    asked = RollEntry.objects.filter(member__person_id=user.pk).values("poll")
    return Poll.objects.filter(_readable(user) | Q(pk__in=asked))


def _readable(user: User) -> Q:
    tells = Q(teller_one__person_id=user.pk) | Q(teller_two__person_id=user.pk)
    return within(user, READERS) | tells


def compared_polls(user: User) -> QuerySet[Poll]:
    """Opened polls that the branches below have in common, for those above."""
    return Poll.objects.filter(within(user, ABOVE), state=PollState.OPENED, purpose__in=COMPARED)


def own_entries(user: User) -> QuerySet[RollEntry]:
    """The person's own places on rolls of online polls."""
    return RollEntry.objects.filter(member__person_id=user.pk, poll__mode=PollMode.SEALED)


def places_to_ask(user: User) -> QuerySet[Organization]:
    mine = Organization.objects.branches().filter(within(user, KEEPERS), closed_on__isnull=True)
    return mine.order_by("path")


def can_create(user: User) -> bool:
    return bool(paths_of(user, KEEPERS))


def can_compare(user: User) -> bool:
    return bool(paths_of(user, ABOVE))


def only_oversees(user: User, poll: Poll) -> bool:
    """Above the branch, and neither of its committee nor a teller."""
    return not is_teller(user, poll) and not holds(user, COMMITTEE, poll.path)


def is_teller(user: User, poll: Poll) -> bool:
    return user.pk in (poll.teller_one.person_id, poll.teller_two.person_id)


def keeps(user: User, poll: Poll) -> bool:
    return holds(user, KEEPERS, poll.path)


def can_read(user: User, poll: Poll) -> bool:
    """The page of the poll with how many have voted and, in the end, the totals."""
    return is_teller(user, poll) or holds(user, READERS, poll.path)


def can_read_counts(user: User, poll: Poll) -> bool:
    """Of whoever may open the page on which they stand, be it the poll's or that of the evaluation."""
    return (
        poll.purpose != PollPurpose.MEMBERS or is_teller(user, poll) or holds(user, GRADE_READERS, poll.path)
    )


def can_update(user: User, poll: Poll) -> bool:
    return poll.state == PollState.DRAFT and keeps(user, poll)


def can_open(user: User, poll: Poll) -> bool:
    return poll.state == PollState.DRAFT and is_teller(user, poll)


def can_close(user: User, poll: Poll) -> bool:
    return poll.state == PollState.OPEN and (is_teller(user, poll) or keeps(user, poll))


def can_unseal(user: User, poll: Poll) -> bool:
    return poll.mode == PollMode.SEALED and poll.state == PollState.CLOSED and is_teller(user, poll)


def can_destroy(user: User, poll: Poll) -> bool:
    alive = poll.state in (PollState.DRAFT, PollState.OPEN, PollState.CLOSED)
    return alive and (is_teller(user, poll) or keeps(user, poll))


def can_enter_totals(user: User, poll: Poll) -> bool:
    counting = poll.state in (PollState.OPEN, PollState.CLOSED)
    return poll.mode == PollMode.PAPER and counting and is_teller(user, poll)


def can_confirm_totals(user: User, poll: Poll) -> bool:
    """The teller who did not enter them."""
    if poll.mode != PollMode.PAPER or poll.state != PollState.CLOSED or not is_teller(user, poll):
        return False
    return PaperCount.objects.filter(poll=poll).exclude(entered_by__person_id=user.pk).exists()


def rights_on(user: User, poll: Poll) -> dict[str, bool]:
    return {
        "update": can_update(user, poll),
        "open": can_open(user, poll),
        "close": can_close(user, poll),
        "unseal": can_unseal(user, poll),
        "destroy": can_destroy(user, poll),
        "enter": can_enter_totals(user, poll),
        "confirm": can_confirm_totals(user, poll),
    }
