"""Terms of office and posts: who holds what from when to when."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization, Post, Term
from apps.branches.policies import ABOVE
from apps.rules import terms
from apps.rules.kinds import COMMITTEE_POSTS, OrgKind, PostKind
from apps.ui.refusals import Refusal, Stale

register(
    {
        "term.created": "登记届次",
        "term.updated": "修改届次",
        "term.extended": "登记延期换届",
        "post.created": "登记任职",
        "post.ended": "登记免职",
    }
)
TERM_FIELDS = ("number", "starts_on", "years", "ends_on", "with_committee", "extended_to", "extension_note")


class WrongTerm(Refusal):
    default = "届次信息有误，请检查。"


class WrongPost(Refusal):
    default = "这一职务不能登记在该党组织。"


@transaction.atomic
def create_term(
    *,
    organization: Organization,
    number: int,
    starts_on: date,
    years: int,
    with_committee: bool,
    actor: User,
    ends_on: date | None = None,
) -> Term:
    """Raises WrongTerm for a group (groups have no terms), and when it would begin inside a later term."""
    if organization.kind == OrgKind.GROUP:
        raise WrongTerm("党小组没有届次，党小组组长由支部指定或由党小组推荐。")
    Organization.objects.select_for_update().get(pk=organization.pk)
    if organization.terms.filter(starts_on__gte=starts_on).exists():
        raise WrongTerm("已经登记了更晚的届次，请检查选举日期。", field="starts_on")
    term = Term(
        organization=organization,
        number=number,
        starts_on=starts_on,
        years=years,
        ends_on=ends_on or terms.ends_on(starts_on, years=years),
        with_committee=with_committee,
    )
    term.full_clean()
    term.save()
    branch_changed(organization.pk)
    record(actor=actor, action="term.created", target=term, path=organization.path)
    return term


@transaction.atomic
def update_term(*, term: Term, version: int, with_committee: bool, ends_on: date, actor: User) -> Term:
    locked = Term.objects.select_for_update().select_related("organization").get(pk=term.pk)
    if locked.version != version:
        raise Stale
    before = snapshot(locked, TERM_FIELDS)
    locked.with_committee, locked.ends_on = with_committee, ends_on
    locked.version += 1
    locked.full_clean()
    locked.save()
    branch_changed(locked.organization_id)
    record(
        actor=actor,
        action="term.updated",
        target=locked,
        path=locked.organization.path,
        changes=changed_fields(before, snapshot(locked, TERM_FIELDS), labels=labels_of(Term, TERM_FIELDS)),
    )
    return locked


@transaction.atomic
def extend_term(*, term: Term, extended_to: date, note: str, actor: User) -> Term:
    """An approved delay of the election, generally not more than a year (ZB 21; XJ 3)."""
    locked = Term.objects.select_for_update().select_related("organization").get(pk=term.pk)
    problems = terms.extension_problems(ends=locked.ends_on, extended_to=extended_to)
    if problems:
        raise WrongTerm(" ".join(problems), field="extended_to")
    locked.extended_to, locked.extension_note = extended_to, note
    locked.version += 1
    locked.full_clean()
    locked.save()
    branch_changed(locked.organization_id)
    record(actor=actor, action="term.extended", target=locked, path=locked.organization.path, reason=note)
    return locked


def check_place(*, organization: Organization, kind: str) -> None:
    """Raises WrongPost when the post does not exist at this level of organization."""
    fits = {
        OrgKind.GROUP: {PostKind.GROUP_LEADER},
        OrgKind.BRANCH: set(COMMITTEE_POSTS),
        OrgKind.GENERAL_BRANCH: set(ABOVE),
        OrgKind.COMMITTEE: set(ABOVE),
    }[OrgKind(organization.kind)]
    if kind not in fits:
        raise WrongPost(
            f"{organization.get_kind_display()}没有“{PostKind(kind).label}”这一职务。", field="kind"
        )


@transaction.atomic
def create_post(
    *, person: User, organization: Organization, kind: str, starts_on: date, actor: User, note: str = ""
) -> Post:
    """Raises WrongPost for a post of another level, and when somebody would grant a post to himself."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    check_place(organization=organization, kind=kind)
    if person.pk == actor.pk:
        raise WrongPost("不能给自己登记职务，请由上级组织员或其他有权限的同志办理。", field="person")
    if person.is_operator or person.is_auditor:
        raise WrongPost("系统操作员、审计员不能兼任党内职务账号。", field="person")
    still_held = Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)
    if kind == PostKind.SECRETARY and organization.posts.filter(still_held, kind=kind).exists():
        raise WrongPost("这一天该支部已有在任书记，请先登记原书记的免职日期，或核对任职日期。", field="kind")
    term = organization.terms.filter(starts_on__lte=starts_on).order_by("-starts_on").first()
    post = Post(
        person=person, organization=organization, kind=kind, starts_on=starts_on, note=note, term=term
    )
    post.full_clean()
    post.save()
    _tell(organization)
    record(actor=actor, action="post.created", target=post, path=organization.path)
    return post


def _tell(organization: Organization) -> None:
    if organization.kind == OrgKind.BRANCH:
        branch_changed(organization.pk)


@transaction.atomic
def end_post(*, post: Post, ends_on: date, reason: str, actor: User) -> Post:
    """The post, and the access that came with it, ends at the beginning of `ends_on`."""
    locked = Post.objects.select_for_update(of=("self",)).select_related("organization").get(pk=post.pk)
    if locked.ends_on:
        raise WrongPost(f"该职务已于 {locked.ends_on} 免去。")
    if ends_on < locked.starts_on:
        raise WrongPost("免职日期不能早于任职日期。", field="ends_on")
    locked.ends_on = ends_on
    locked.version += 1
    locked.save(update_fields=["ends_on", "version"])
    _tell(locked.organization)
    record(actor=actor, action="post.ended", target=locked, path=locked.organization.path, reason=reason)
    return locked
