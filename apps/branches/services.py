"""Building the tree of organizations and moving parts of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import PATH_LENGTH, PATH_STEP, InTree, Organization, below, path_step
from apps.rules.kinds import OrgKind
from apps.ui.refusals import Refusal, Stale

register(
    {
        "organization.created": "新建党组织",
        "organization.updated": "修改党组织",
        "organization.closed": "撤销党组织",
        "organization.moved": "调整隶属关系",
    }
)

#: What may stand directly below what (ZB 4, 5, 13).
ALLOWED_CHILDREN: dict[str, frozenset[str]] = {
    OrgKind.COMMITTEE: frozenset({OrgKind.COMMITTEE, OrgKind.GENERAL_BRANCH, OrgKind.BRANCH}),
    OrgKind.GENERAL_BRANCH: frozenset({OrgKind.BRANCH}),
    OrgKind.BRANCH: frozenset({OrgKind.GROUP}),
    OrgKind.GROUP: frozenset(),
}
FIELDS = (
    "name",
    "short_name",
    "form",
    "is_village",
    "founded_on",
    "units_covered",
    "records_since",
    "contact_name",
    "contact_phone",
)


class WrongPlace(Refusal):
    default = "这一类党组织不能设在所选的上级之下。"


class StillInUse(Refusal):
    default = "下面还有未撤销的组织，请先处理下级组织。"


class WrongDate(Refusal):
    default = "日期不对，请检查。"


@transaction.atomic
def create_root(*, name: str, actor: User | None, founded_on: date | None = None) -> Organization:
    """The topmost committee of an installation; made once at set-up by an operator."""
    organization = Organization.objects.create(kind=OrgKind.COMMITTEE, name=name, founded_on=founded_on)
    organization.path = path_step(organization.pk)
    organization.save(update_fields=["path"])
    record(actor=actor, action="organization.created", target=organization, path=organization.path)
    return organization


@transaction.atomic
def create_organization(*, parent: Organization, kind: str, actor: User, **fields: Any) -> Organization:
    """Raises WrongPlace when the kind may not stand below the parent, or the tree would grow too deep."""
    parent = Organization.objects.select_for_update().get(pk=parent.pk)
    if kind not in ALLOWED_CHILDREN[parent.kind]:
        raise WrongPlace(
            f"{OrgKind(kind).label}不能设在{OrgKind(parent.kind).label}“{parent}”之下。", field="kind"
        )
    if len(parent.path) + PATH_STEP > PATH_LENGTH:
        raise WrongPlace("组织层级太深，请联系系统操作员。")
    if kind == OrgKind.GROUP:
        fields = {"name": fields["name"], "founded_on": fields.get("founded_on")}
    organization = Organization(parent=parent, kind=kind, **fields)
    organization.full_clean(exclude=["path"])
    organization.save()
    organization.path = parent.path + path_step(organization.pk)
    organization.save(update_fields=["path"])
    _tell(organization)
    record(actor=actor, action="organization.created", target=organization, path=organization.path)
    return organization


def _tell(organization: Organization) -> None:
    branch = organization.parent if organization.kind == OrgKind.GROUP else organization
    if branch and branch.kind == OrgKind.BRANCH:
        branch_changed(branch.pk)


@transaction.atomic
def update_organization(
    *, organization: Organization, version: int, actor: User, **fields: Any
) -> Organization:
    """Raises Stale when somebody saved in between."""
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    if locked.version != version:
        raise Stale
    before = snapshot(locked, FIELDS)
    for name in FIELDS:
        if name in fields:
            setattr(locked, name, fields[name])
    locked.version += 1
    locked.full_clean(exclude=["path"])
    locked.save()
    _tell(locked)
    record(
        actor=actor,
        action="organization.updated",
        target=locked,
        path=locked.path,
        changes=changed_fields(before, snapshot(locked, FIELDS), labels=labels_of(Organization, FIELDS)),
    )
    return locked


@transaction.atomic
def close_organization(
    *, organization: Organization, closed_on: date, reason: str, actor: User
) -> Organization:
    """Dissolve it from `closed_on` on (ZB 7). Raises StillInUse while something below it stands."""
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    if locked.closed_on:
        raise StillInUse(f"“{locked}”已于 {locked.closed_on} 撤销。")
    if locked.founded_on and closed_on <= locked.founded_on:
        raise WrongDate("撤销时间应晚于成立时间。", field="closed_on")
    if locked.children.open_on(closed_on).exclude(kind=OrgKind.GROUP).exists():
        raise StillInUse
    locked.closed_on = closed_on
    locked.version += 1
    locked.save(update_fields=["closed_on", "version"])
    _tell(locked)
    record(actor=actor, action="organization.closed", target=locked, path=locked.path, reason=reason)
    return locked


@transaction.atomic
def move_organization(*, organization: Organization, parent: Organization, actor: User) -> Organization:
    """Hang a subtree under another parent and rewrite the path on every row that carries one."""
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    parent = Organization.objects.select_for_update().get(pk=parent.pk)
    if parent.path.startswith(locked.path):
        raise WrongPlace("不能移到自己或自己的下级之下。", field="parent")
    if locked.kind == OrgKind.GROUP or locked.kind not in ALLOWED_CHILDREN[parent.kind]:
        raise WrongPlace(f"{locked.get_kind_display()}不能设在“{parent}”之下。", field="parent")
    if parent.children.filter(name=locked.name).exclude(pk=locked.pk).exists():
        raise WrongPlace(f"“{parent}”之下已经有叫“{locked.name}”的，请先改名再移动。", field="parent")
    old, new = locked.path, parent.path + path_step(locked.pk)
    deepest = max(len(path) for path in Organization.objects.under(old).values_list("path", flat=True))
    if deepest - len(old) + len(new) > PATH_LENGTH:
        raise WrongPlace("移动后组织层级太深。", field="parent")
    for model in apps.get_models():
        if issubclass(model, InTree):
            model._default_manager.filter(below(old)).update(
                path=Concat(Value(new), Substr("path", len(old) + 1))
            )
    Organization.objects.filter(pk=locked.pk).update(parent=parent, version=F("version") + 1)
    locked.refresh_from_db()
    record(
        actor=actor,
        action="organization.moved",
        target=locked,
        path=new,
        changes=[
            {
                "field": "parent",
                "label": "上级党组织",
                "before": str(organization.parent),
                "after": str(parent),
            }
        ],
    )
    return locked
