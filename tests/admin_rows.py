"""One row of each model for the tests of the admin panel, and the addresses of their pages."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db.models import Model
from django.urls import reverse

from apps.audit.models import Deed
from apps.branches.models import Excuse, Organization, RuleOverride
from apps.branches.services_rules import create_excuse, create_override
from apps.documents.models import UnitTemplate
from apps.members.models import RosterImport
from apps.rules.kinds import PostKind
from apps.standards.services_local import override_levels, switch_off
from apps.standards.services_notes import write_note
from apps.tasks.models import Assignment
from apps.tasks.services import assign_tasks
from tests import factories
from tests.access import things_evaluations_cycle
from tests.ballots.makers import make_poll
from tests.conftest import NOW, TODAY
from tests.evaluations.makers_round import make_round
from tests.plans.makers import make_plan
from tests.standards import makers
from tests.worklog import makers as worklog


def rows_of(branch: Organization) -> dict[str, Model]:
    """One row of each model that hangs on this branch."""
    person = factories.make_user()
    return {
        "branches.Organization": branch,
        "branches.Term": branch.terms.get(),
        "branches.Post": factories.make_post(person, branch, PostKind.YOUTH),
        "branches.RuleOverride": local_rule(branch, actor=person),
        "branches.Excuse": excuse(branch, actor=person),
        "members.Member": factories.make_member(branch, person=person),
        "members.RosterImport": roster(branch, uploaded_by=person),
        "tasks.Task": factories.make_task(branch),
        "tasks.Assignment": assignment(branch, actor=person),
        "tasks.Directive": factories.make_directive(branch, created_by=person),
        "worklog.KeyPost": worklog.make_key_post(branch, created_by=person),
        "worklog.CareUnit": worklog.make_unit(branch, created_by=person),
        "ballots.Poll": make_poll(branch),
        "meetings.Meeting": factories.make_meeting(branch, title="十月党员大会"),
        **of_standards(branch, actor=person),
        "documents.UnitTemplate": unit_template(branch, uploaded_by=person),
        "plans.AnnualPlan": make_plan(branch, created_by=person),
        **of_evaluations(branch),
        "evaluations.Round": make_round(branch, actor=person),
        "accounts.User": person,
        "audit.Deed": Deed.objects.first(),
    }


def of_evaluations(branch: Organization) -> dict[str, Model]:
    writer = factories.make_member(branch)
    cycle = things_evaluations_cycle.cycle_of(branch, year=2026, by=writer)
    one = things_evaluations_cycle.part_of(cycle, branch)
    return {"evaluations.Cycle": cycle, "evaluations.BranchEvaluation": one}


def local_rule(branch: Organization, **fields: Any) -> RuleOverride:
    rule = {"code": "MTG-3", "applies": True, "period": "", "min_count": 2, "reason": "镇党委〔2026〕3 号"}
    return create_override(organization=branch, valid_from=TODAY, valid_to=None, **rule, **fields)


def excuse(branch: Organization, **fields: Any) -> Excuse:
    missed = {"code": "MTG-3", "period_start": date(2026, 7, 1), "reason": "防汛抢险"}
    return create_excuse(organization=branch, decided_on=TODAY, **missed, **fields)


def assignment(branch: Organization, **fields: Any) -> Assignment:
    wanted = {"title": "核对花名册", "detail": "逐人核对。", "due_on": date(2026, 12, 10), "now": NOW}
    sent = {"organization": branch.parent, "branches": [branch], "idempotency_key": uuid.uuid4()}
    return assign_tasks(**wanted, **sent, **fields)


def roster(branch: Organization, **fields: Any) -> RosterImport:
    return RosterImport.objects.create(
        organization=branch, path=branch.path, uploaded_at=NOW, file_name="花名册.xlsx", **fields
    )


def unit_template(branch: Organization, **fields: Any) -> UnitTemplate:
    return UnitTemplate.objects.create(
        organization=branch.parent,
        path=branch.parent.path,
        kind="minutes",
        number=1 + UnitTemplate.objects.count(),
        state="earlier",
        file_name="记录.docx",
        stored_as=uuid.uuid4().hex,
        size=1,
        uploaded_at=NOW,
        idempotency_key=uuid.uuid4(),
        **fields,
    )


def of_standards(branch: Organization, *, actor: Any) -> dict[str, Model]:
    shipped = makers.shipped()
    decided = {"organization": branch, "reason": "镇党委〔2026〕3 号", "valid_from": TODAY, "valid_to": None}
    told = {"actor": actor, "today": TODAY}
    levels = {"measure": "participation", "good": 90, "warn": 80}
    figure = {"year": 2026, "measure": "participation", "text": "外出务工的多", "now": NOW}
    return {
        "standards.Source": shipped.source,
        "standards.Standard": makers.local(branch, code="支-1", actor=actor),
        "standards.StandardSwitch": switch_off(
            standard=shipped, idempotency_key=uuid.uuid4(), **decided, **told
        ),
        "standards.LevelOverride": override_levels(idempotency_key=uuid.uuid4(), **decided, **told, **levels),
        "standards.FigureNote": write_note(
            organization=branch, actor=actor, idempotency_key=uuid.uuid4(), **figure
        ),
    }


def page(model: str, which: str, *args: Any) -> str:
    return reverse(f"admin:{model.lower().replace('.', '_')}_{which}", args=args)
