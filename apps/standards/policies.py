"""Who reads which standards, who sets a committee's own, and who says a word to a figure."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import PATH_STEP, Organization, below
from apps.branches.policies import (
    ABOVE,
    COMMITTEE,
    EVERYONE_WITH_POST,
    KEEPERS,
    held_posts,
    holds,
    is_organizer,
    organizations_to_rule,
    within,
)
from apps.rules.kinds import OrgKind, PostKind
from apps.standards.discretion import Reader
from apps.standards.models import (
    FigureNote,
    LevelOverride,
    Standard,
    StandardImport,
    StandardSwitch,
)
from apps.standards.models_figures import BranchFigure

ORGANIZER = frozenset({PostKind.ORGANIZER})
#: Who answers for the branch's figures; the deputy where the post of secretary is vacant or he is away.
NOTERS = frozenset({PostKind.SECRETARY, PostKind.DEPUTY_SECRETARY})


def can_read(user: User) -> bool:
    """Everybody with a post."""
    return any(post.kind in EVERYONE_WITH_POST for post in held_posts(user))


def paths_above(user: User) -> set[str]:
    """Paths of all organizations above those in which the person holds a post."""
    held = {post.path for post in held_posts(user)}
    return {path[:end] for path in held for end in range(PATH_STEP, len(path), PATH_STEP)}


def places(user: User) -> QuerySet[Organization]:
    """Whose standards the person reads: those in reach, and the branch of a group that he leads."""
    of_groups = {post.path[:-PATH_STEP] for post in held_posts(user) if post.kind == PostKind.GROUP_LEADER}
    reach = within(user, ABOVE | COMMITTEE) | Q(path__in=of_groups)
    return Organization.objects.filter(reach).exclude(kind=OrgKind.GROUP).order_by("path")


def visible_standards(user: User) -> QuerySet[Standard]:
    """What ships with the product, and what committees in reach or above have set."""
    if not can_read(user):
        return Standard.objects.none()
    affecting = within(user, EVERYONE_WITH_POST) | Q(path__in=paths_above(user))
    return Standard.objects.filter(Q(organization__isnull=True) | affecting)


def visible_switches(user: User) -> QuerySet[StandardSwitch]:
    affecting = within(user, EVERYONE_WITH_POST) | Q(path__in=paths_above(user))
    return StandardSwitch.objects.filter(affecting)


def visible_overrides(user: User) -> QuerySet[LevelOverride]:
    affecting = within(user, EVERYONE_WITH_POST) | Q(path__in=paths_above(user))
    return LevelOverride.objects.filter(affecting)


def can_manage(user: User) -> bool:
    return is_organizer(user)


def organizations_to_manage(user: User) -> QuerySet[Organization]:
    return organizations_to_rule(user)


def can_change(user: User, standard: Standard) -> bool:
    """Only a committee's own text is changed; what ships with the product is switched off instead."""
    return not standard.is_shipped and holds(user, ORGANIZER, standard.path)


def can_switch_off(user: User, standard: Standard) -> bool:
    """What a committee above has set holds below it, whatever is thought of it there."""
    if standard.is_shipped:
        return can_manage(user)
    return holds(user, ORGANIZER, standard.path)


def organizations_to_switch_off(user: User, standard: Standard) -> QuerySet[Organization]:
    mine = organizations_to_manage(user)
    return mine if standard.is_shipped else mine.filter(below(standard.path))


def can_switch_on(user: User, switch: StandardSwitch) -> bool:
    return holds(user, ORGANIZER, switch.path)


def can_end_override(user: User, override: LevelOverride) -> bool:
    return holds(user, ORGANIZER, override.path)


def visible_notes(user: User) -> QuerySet[FigureNote]:
    return FigureNote.objects.filter(within(user, ABOVE | COMMITTEE))


def branches_to_note(user: User) -> QuerySet[Organization]:
    mine = Organization.objects.filter(within(user, NOTERS), closed_on__isnull=True)
    return mine.filter(kind=OrgKind.BRANCH).order_by("path")


def can_note(user: User) -> bool:
    return any(post.kind in NOTERS for post in held_posts(user))


def can_change_note(user: User, note: FigureNote) -> bool:
    return note.withdrawn_at is None and holds(user, NOTERS, note.path)


def visible_imports(user: User) -> QuerySet[StandardImport]:
    return StandardImport.objects.filter(within(user, ORGANIZER))


def can_confirm_import(user: User, sheet: StandardImport) -> bool:
    return holds(user, ORGANIZER, sheet.path)


def rights_on(user: User, standard: Standard) -> dict[str, bool]:
    """What the page of a standard offers this person; each view asks again."""
    return {
        "change": can_change(user, standard),
        "switch_off": can_switch_off(user, standard),
    }


def branches_with_record(user: User) -> QuerySet[Organization]:
    """Whose review record the person reads: his own branch's committee sees it first, those above as well."""
    reach = within(user, ABOVE | COMMITTEE)
    return Organization.objects.filter(reach, kind=OrgKind.BRANCH).order_by("path")


def can_see_records(user: User) -> bool:
    return any(post.kind in ABOVE | COMMITTEE for post in held_posts(user))


def may_note_for(user: User, branch: Organization) -> bool:
    return holds(user, NOTERS, branch.path) and branch.closed_on is None


def can_see_across(user: User) -> bool:
    return any(post.kind in ABOVE for post in held_posts(user))


def scopes_across(user: User) -> QuerySet[Organization]:
    """The committees whose branches the person looks after, the highest first."""
    paths = [post.path for post in held_posts(user) if post.kind in ABOVE]
    return Organization.objects.filter(path__in=paths).order_by("path")


def visible_figures(user: User) -> QuerySet[BranchFigure]:
    return BranchFigure.objects.filter(within(user, ABOVE))


def reader_of(user: User, branch: Organization) -> Reader:
    """What of the talks' figures the person may see: as on the pages of talks."""
    return Reader(
        talks=holds(user, KEEPERS | {PostKind.DISCIPLINE}, branch.path),
        reminders=holds(user, {PostKind.SECRETARY, PostKind.DISCIPLINE}, branch.path),
        acts=holds(user, KEEPERS, branch.path) and branch.closed_on is None,
    )
