"""Who sees that a talk took place, and who reads what was said (security.md 4.2 and 4.3).

The words are for the people in the talk and for its recorder; a post opens them to nobody, but that the
branch secretary reads what somebody in the talk has opened to him. Of a reminder talk even the fact stays
with the people in it, the secretary and the discipline member. Those above see numbers only.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, KEEPERS, holds, paths_of, within
from apps.members.models import Member
from apps.rules.kinds import OrgKind, PostKind, TalkOccasion, TalkState
from apps.talks.models import MustState, MustTalk, Talk, TalkPerson, TalkWave

SECRETARY = frozenset({PostKind.SECRETARY})
#: Who sees the facts of the branch's talks, reminder talks among them, and without them.
ALL_FACTS = SECRETARY | {PostKind.DISCIPLINE}
FACTS = ALL_FACTS | KEEPERS
LEADER = frozenset({PostKind.GROUP_LEADER})


class OwnPlace(NamedTuple):
    member_id: int
    branch_id: int
    path: str


def own_place(user: User) -> OwnPlace | None:
    """The person's own place on a roster, read once per request."""
    if "_own_place" not in user.__dict__:
        rows = Member.objects.on_roster().filter(person_id=user.pk)
        row = rows.values_list("pk", "branch_id", "branch__path").first()
        user.__dict__["_own_place"] = OwnPlace(*row) if row else None
    found: OwnPlace | None = user.__dict__["_own_place"]
    return found


def talks_taken_part_in(user: User) -> QuerySet[Talk]:
    taken_part = TalkPerson.objects.filter(member__person_id=user.pk).values("talk_id")
    return Talk.objects.filter(pk__in=taken_part)


def own_talks(user: User) -> QuerySet[Talk]:
    """Those one is in, or recorded."""
    taken_part = TalkPerson.objects.filter(member__person_id=user.pk).values("talk_id")
    return Talk.objects.filter(Q(pk__in=taken_part) | Q(recorder_id=user.pk))


def talks_of_branch(user: User) -> QuerySet[Talk]:
    """The facts that come with a post in the branch."""
    return Talk.objects.filter(_by_post(user))


def visible_talks(user: User) -> QuerySet[Talk]:
    """Whose fact the person may know: his own, those he arranged, and those that come with his post."""
    taken_part = TalkPerson.objects.filter(member__person_id=user.pk).values("talk_id")
    arranged = Q(entered_by_id=user.pk) & ~Q(occasion=TalkOccasion.REMINDER)
    return Talk.objects.filter(Q(pk__in=taken_part) | Q(recorder_id=user.pk) | arranged | _by_post(user))


def _by_post(user: User) -> Q:
    told = within(user, KEEPERS) & ~Q(occasion=TalkOccasion.REMINDER)
    return within(user, ALL_FACTS) | told


def people_of(talk: Talk) -> list[TalkPerson]:
    """Whoever began first; read once for each talk in hand."""
    if "_people" not in talk.__dict__:
        rows = (
            TalkPerson.objects.filter(talk_id=talk.pk).select_related("member__person").order_by("role", "pk")
        )
        talk.__dict__["_people"] = list(rows)
    found: list[TalkPerson] = talk.__dict__["_people"]
    return found


def own_part(user: User, talk: Talk) -> TalkPerson | None:
    return next((one for one in people_of(talk) if one.member.person_id == user.pk), None)


def is_inside(user: User, talk: Talk) -> bool:
    """In the talk, or its recorder."""
    return own_part(user, talk) is not None or talk.recorder_id == user.pk


def can_read(user: User, talk: Talk) -> bool:
    """The words of the talk."""
    if is_inside(user, talk):
        return True
    is_open = any(one.opened_at for one in people_of(talk))
    return is_open and holds(user, SECRETARY, talk.path)


def can_update(user: User, talk: Talk) -> bool:
    return talk.state in (TalkState.HELD, TalkState.CLOSED) and is_inside(user, talk)


def can_hold(user: User, talk: Talk) -> bool:
    return talk.state == TalkState.PLANNED and _arranges(user, talk)


def can_cancel(user: User, talk: Talk) -> bool:
    """A plan that came to nothing, or a talk entered by mistake."""
    return talk.state in (TalkState.PLANNED, TalkState.HELD) and _arranges(user, talk)


def _arranges(user: User, talk: Talk) -> bool:
    return own_part(user, talk) is not None or talk.entered_by_id == user.pk


def can_close(user: User, talk: Talk) -> bool:
    return talk.state == TalkState.HELD and is_inside(user, talk)


def can_open_to_secretary(user: User, talk: Talk) -> bool:
    own = own_part(user, talk)
    return own is not None and own.opened_at is None and talk.state in (TalkState.HELD, TalkState.CLOSED)


def can_take_back(user: User, talk: Talk) -> bool:
    own = own_part(user, talk)
    return own is not None and own.opened_at is not None


def can_print(user: User, talk: Talk) -> bool:
    return can_update(user, talk)


def can_log(user: User) -> bool:
    return own_place(user) is not None or bool(paths_of(user, FACTS))


def branches_to_log(user: User) -> QuerySet[Organization]:
    """The own branch, and those whose talks one may enter by post."""
    own = own_place(user)
    mine = Q(pk=own.branch_id) if own else Q(pk__in=[])
    reach = mine | Q(path__in=paths_of(user, FACTS))
    return Organization.objects.branches().filter(reach, closed_on__isnull=True).order_by("path")


def people_to_enter(user: User, branch: Organization) -> QuerySet[Member]:
    """For whom the person may enter that they talked with somebody else; a group's leader for his group."""
    active = Member.objects.active().filter(branch=branch)
    if holds(user, FACTS, branch.path):
        return active
    return active.filter(within(user, LEADER) | Q(person_id=user.pk))


def can_enter_for(user: User, branch: Organization) -> bool:
    """Whether the form asks who talked, or takes the person himself for granted."""
    led = paths_of(user, LEADER)
    return holds(user, FACTS, branch.path) or any(path.startswith(branch.path) for path in led)


def can_remind_for(user: User, branch: Organization) -> bool:
    """Enter a reminder talk of two others: whoever may know its fact."""
    return holds(user, ALL_FACTS, branch.path)


def can_list(user: User) -> bool:
    return bool(paths_of(user, FACTS))


def branches_to_map(user: User) -> QuerySet[Organization]:
    return Organization.objects.branches().filter(path__in=paths_of(user, FACTS)).order_by("path")


def can_see_counts(user: User) -> bool:
    return bool(paths_of(user, ABOVE))


def branches_to_count(user: User) -> QuerySet[Organization]:
    return Organization.objects.branches().filter(within(user, ABOVE), closed_on__isnull=True)


def visible_musts(user: User) -> QuerySet[MustTalk]:
    return MustTalk.objects.filter(within(user, SECRETARY) | Q(asked__person_id=user.pk))


def can_set_must(user: User) -> bool:
    return bool(paths_of(user, SECRETARY))


def branches_to_set(user: User) -> QuerySet[Organization]:
    """Where the person is secretary."""
    mine = Organization.objects.filter(path__in=paths_of(user, SECRETARY), kind=OrgKind.BRANCH)
    return mine.filter(closed_on__isnull=True).order_by("path")


def can_withdraw(user: User, must: MustTalk) -> bool:
    return must.state == MustState.OPEN and holds(user, SECRETARY, must.path)


def visible_waves(user: User) -> QuerySet[TalkWave]:
    return TalkWave.objects.filter(within(user, FACTS))


def can_open_wave(user: User) -> bool:
    return bool(paths_of(user, SECRETARY))


def can_close_wave(user: User, wave: TalkWave) -> bool:
    return wave.closed_on is None and holds(user, SECRETARY, wave.path)


def rights_on(user: User, talk: Talk) -> dict[str, bool]:
    """What the page of a talk offers this person; each view asks again."""
    return {
        "read": can_read(user, talk),
        "update": can_update(user, talk),
        "hold": can_hold(user, talk),
        "cancel": can_cancel(user, talk),
        "close": can_close(user, talk),
        "open": can_open_to_secretary(user, talk),
        "take_back": can_take_back(user, talk),
        "print": can_print(user, talk),
        "inside": is_inside(user, talk),
    }
