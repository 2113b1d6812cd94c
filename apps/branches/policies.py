"""Who may see and do what in which part of the tree. Every scope in the system starts here.

Access comes from current posts only. A post carries over a range of paths: the whole subtree for those
above, the branch for its committee, the group for its leader.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import or_

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import PATH_STEP, Excuse, Organization, Post, Reach, RuleOverride, Term, below
from apps.rules.kinds import OrgKind, PostKind
from apps.ui import clock

ABOVE = frozenset({PostKind.ORGANIZER, PostKind.COMMITTEE_SECRETARY})
#: Who writes a branch's records (security.md 4.2): the secretary, the deputy, the organization member.
KEEPERS = frozenset({PostKind.SECRETARY, PostKind.DEPUTY_SECRETARY, PostKind.ORGANIZATION})
#: Who plans and records sittings.
RECORDERS = KEEPERS | {PostKind.PUBLICITY}
COMMITTEE = RECORDERS | {PostKind.DISCIPLINE, PostKind.YOUTH}
IN_BRANCH = COMMITTEE
#: From one in this many organizations on, a reach is most quickly read in the order of the list.
GOOD_PART = 10
EVERYONE_WITH_POST = ABOVE | COMMITTEE | {PostKind.GROUP_LEADER}


@dataclass(frozen=True, slots=True)
class HeldPost:
    kind: PostKind
    organization_id: int
    organization_kind: OrgKind
    path: str

    @property
    def reach(self) -> Reach:
        if self.kind in ABOVE:
            return Reach.TREE
        return Reach.GROUP if self.kind == PostKind.GROUP_LEADER else Reach.BRANCH


def held_posts(user: User) -> tuple[HeldPost, ...]:
    """The current posts of this person, read once per request (the user object lives as long as it)."""
    held: tuple[HeldPost, ...] | None = user.__dict__.get("_held_posts")
    if held is None:
        rows = (
            Post.objects.current_on(clock.today())
            .filter(person_id=user.pk)
            .values_list("kind", "organization_id", "organization__kind", "organization__path")
        )
        held = tuple(HeldPost(PostKind(k), pk, OrgKind(org_kind), path) for k, pk, org_kind, path in rows)
        user.__dict__["_held_posts"] = held
    return held


def paths_of(user: User, kinds: Collection[PostKind]) -> list[str]:
    """The paths over which the person holds one of `kinds` today."""
    return sorted({post.path for post in held_posts(user) if post.kind in kinds})


def within(user: User, kinds: Collection[PostKind], *, column: str = "path") -> Q:
    """Rows in the reach of one of the person's current posts of `kinds`; none where there is none."""
    ranges = [below(path, column=column) for path in paths_of(user, kinds)]
    return reduce(or_, ranges) if ranges else Q(pk__in=[])


def holds(user: User, kinds: Collection[PostKind], path: str) -> bool:
    """Does a current post of `kinds` reach this path?"""
    return any(path.startswith(held) for held in paths_of(user, kinds))


def visible_organizations(user: User) -> QuerySet[Organization]:
    """Own subtree for those above; the own branch (with its groups) for everybody with a post in it.
    Operators see the names of the topmost committees, to appoint their first organizers."""
    paths = set(paths_of(user, ABOVE | COMMITTEE))
    for post in held_posts(user):
        if post.kind == PostKind.GROUP_LEADER:
            paths.add(post.path)
    ranges = [below(path) for path in sorted(paths)]
    if user.is_operator:
        ranges.append(Q(parent__isnull=True))
    return Organization.objects.filter(reduce(or_, ranges) if ranges else Q(pk__in=[]))


def visible_branches(user: User) -> QuerySet[Organization]:
    return visible_organizations(user).filter(kind=OrgKind.BRANCH)


def visible_terms(user: User) -> QuerySet[Term]:
    return Term.objects.filter(within(user, ABOVE | COMMITTEE, column="organization__path"))


def visible_posts(user: User) -> QuerySet[Post]:
    return Post.objects.filter(within(user, EVERYONE_WITH_POST, column="organization__path"))


def posts_to_end(user: User) -> QuerySet[Post]:
    """Posts in sight, and for an operator those at the top: who appointed the first organizer may end it."""
    at_the_top = Q(organization__parent=None, kind__in=ABOVE) if user.is_operator else Q(pk__in=[])
    return Post.objects.filter(within(user, EVERYONE_WITH_POST, column="organization__path") | at_the_top)


def visible_overrides(user: User) -> QuerySet[RuleOverride]:
    return RuleOverride.objects.filter(within(user, ABOVE))


def visible_excuses(user: User) -> QuerySet[Excuse]:
    return Excuse.objects.filter(within(user, ABOVE | COMMITTEE))


def is_above(user: User) -> bool:
    return any(post.kind in ABOVE for post in held_posts(user))


def oversees(user: User, path: str) -> bool:
    """Does the person stand above this path (organizer or secretary of the committee above)?"""
    return holds(user, ABOVE, path)


def size_of_reach(user: User) -> int:
    """How many organizations lie below the person's posts above branches, as counted today."""
    return sum(_size_below(path, clock.today()) for path in paths_of(user, ABOVE))


def oversees_many(user: User) -> bool:
    """Whether a good part of all organizations does."""
    size = size_of_reach(user)
    return size > 0 and size * GOOD_PART >= _size_below("", clock.today())


@lru_cache(maxsize=1024)
def _size_below(path: str, day: date) -> int:  # noqa: ARG001 - the next day counts anew
    """Counted once a day and process: it decides how the database is asked, never what may be seen."""
    return Organization.objects.under(path).count()


def can_found(user: User) -> bool:
    """The topmost committee of an installation is entered by an operator."""
    return user.is_operator


def can_add_organization(user: User, parent: Organization) -> bool:
    """An organizer builds the tree below; a branch's keepers set up groups in their own branch (ZB 13)."""
    if parent.kind == OrgKind.BRANCH:
        return holds(user, KEEPERS | {PostKind.ORGANIZER}, parent.path)
    return parent.kind != OrgKind.GROUP and holds(user, {PostKind.ORGANIZER}, parent.path)


def can_change_organization(user: User, organization: Organization) -> bool:
    if organization.kind in (OrgKind.BRANCH, OrgKind.GROUP):
        return holds(user, KEEPERS | {PostKind.ORGANIZER}, organization.path)
    return holds(user, {PostKind.ORGANIZER}, organization.path)


def can_close_organization(user: User, organization: Organization) -> bool:
    """Groups by their branch; branches and above by the organizer (ZB 6, 7: approved from above)."""
    if organization.kind == OrgKind.GROUP:
        return can_change_organization(user, organization)
    return holds(user, {PostKind.ORGANIZER}, organization.path)


def can_move_organization(user: User, organization: Organization) -> bool:
    return organization.parent_id is not None and holds(user, {PostKind.ORGANIZER}, organization.path)


def can_keep_terms(user: User, organization: Organization) -> bool:
    return holds(user, {PostKind.SECRETARY, PostKind.ORGANIZER}, organization.path)


def can_appoint(user: User, organization: Organization, *, kind: str) -> bool:
    """Group leaders by the branch's keepers; branch posts by the secretary or from above; posts above only
    from above. Nobody grants himself (checked by the service)."""
    if kind in ABOVE:
        by_operator = user.is_operator and organization.parent_id is None
        return by_operator or holds(user, {PostKind.ORGANIZER}, organization.path)
    if kind == PostKind.GROUP_LEADER:
        return holds(user, KEEPERS | {PostKind.ORGANIZER}, organization.path)
    return holds(user, {PostKind.SECRETARY, PostKind.ORGANIZER}, organization.path)


def can_override_rules(user: User, organization: Organization) -> bool:
    return holds(user, {PostKind.ORGANIZER}, organization.path)


def can_excuse(user: User, organization: Organization) -> bool:
    """A duty is excused from above only."""
    return holds(user, ABOVE, organization.path)


def may_use_admin(user: User) -> bool:
    """The admin panel is for organizers (their subtree), operators (accounts) and auditors (deeds)."""
    return user.is_active and (
        user.is_operator or user.is_auditor or bool(paths_of(user, {PostKind.ORGANIZER}))
    )


def possible_parents(user: User, organization: Organization) -> QuerySet[Organization]:
    """Where the person could move this organization to: in his own tree, not below itself. (Groups stay.)"""
    standing = visible_organizations(user).filter(closed_on__isnull=True).exclude(below(organization.path))
    return standing.filter(kind__in=[OrgKind.COMMITTEE, OrgKind.GENERAL_BRANCH])


def appointable(user: User, organization: Organization) -> list[PostKind]:
    """The posts of this organization that the person may fill."""
    if organization.kind == OrgKind.GROUP:
        kinds = [PostKind.GROUP_LEADER]
    elif organization.kind == OrgKind.BRANCH:
        kinds = [kind for kind in PostKind if kind in COMMITTEE]
    else:
        kinds = [kind for kind in PostKind if kind in ABOVE]
    return [kind for kind in kinds if can_appoint(user, organization, kind=kind)]


def can_end_post(user: User, post: Post) -> bool:
    return can_appoint(user, post.organization, kind=post.kind) and post.person_id != user.pk


def rights_on(user: User, organization: Organization) -> dict[str, bool]:
    """What the page of an organization offers this person; each view asks again."""
    return {
        "change": can_change_organization(user, organization),
        "close": organization.closed_on is None and can_close_organization(user, organization),
        "move": organization.kind != OrgKind.GROUP and can_move_organization(user, organization),
        "add": can_add_organization(user, organization),
        "terms": organization.kind != OrgKind.GROUP and can_keep_terms(user, organization),
        "appoint": bool(appointable(user, organization)),
        "excuse": organization.kind == OrgKind.BRANCH and can_excuse(user, organization),
    }


def open_children(user: User, organization: Organization) -> set[int]:
    """Keys of the organizations directly below whose page the person may open."""
    return set(visible_organizations(user).filter(parent=organization).values_list("pk", flat=True))


def people_with_login() -> QuerySet[User]:
    """For appointments by exact login name; never listed on a page."""
    return User.objects.with_login().filter(is_active=True)


def is_organizer(user: User) -> bool:
    return bool(paths_of(user, {PostKind.ORGANIZER}))


def organizations_to_rule(user: User) -> QuerySet[Organization]:
    """Where an organizer may set local rules: his committee and everything below it but groups."""
    mine = Organization.objects.filter(within(user, {PostKind.ORGANIZER}))
    return mine.exclude(kind=OrgKind.GROUP).filter(closed_on__isnull=True).order_by("path")


def overrides_affecting(user: User) -> QuerySet[RuleOverride]:
    """Local rules that bear on the person's organizations: those set within his reach or above it."""
    held = {post.path for post in held_posts(user)}
    above = {path[:end] for path in held for end in range(PATH_STEP, len(path), PATH_STEP)}
    affecting = within(user, EVERYONE_WITH_POST) | Q(path__in=above)
    return RuleOverride.objects.filter(affecting).order_by("code", "path")
