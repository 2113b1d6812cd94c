"""Drafting a cycle, opening it (which freezes what it goes by), withdrawing it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.facts import overrides_of
from apps.branches.models import Organization
from apps.branches.queries import overrides_since
from apps.evaluations.frozen import kept
from apps.evaluations.models import (
    BranchEvaluation,
    Cycle,
    CycleGrade,
    CycleLevel,
    CycleRule,
    CycleStandard,
)
from apps.evaluations.queries_cycles import branches_of
from apps.rules.figures import RULE_VERSION, Unit
from apps.rules.kinds import OrgKind
from apps.rules.kinds_evaluations import CycleState, EvaluationState
from apps.rules.measures import MEASURES
from apps.standards.queries import HeldStandard, levels_for, standards_for
from apps.ui.refusals import Refusal, Stale

register(
    {
        "cycle.created": "起草年度考核",
        "cycle.updated": "修改年度考核",
        "cycle.standards_chosen": "选定考核标准",
        "cycle.opened": "开始年度考核",
        "cycle.withdrawn": "撤回年度考核",
        "cycle.published": "发布年度考核结果",
    }
)

FIELDS = (
    "title",
    "notice",
    "report_by",
    "appraisal_by",
    "review_by",
    "objection_by",
    "publish_by",
    "reviewers_needed",
    "weighted",
)
LABELS = labels_of(Cycle, FIELDS)
SETTLED = (EvaluationState.PUBLISHED, EvaluationState.LEFT_OUT)
FEWEST_GRADES, MOST_GRADES = 2, 6
LONGEST_GRADE = 12
HIGHEST_WEIGHT = 100


class WrongPlace(Refusal):
    default = "年度考核由党委或党总支组织，请选择党委或党总支。"


class WrongPhase(Refusal):
    default = "这次考核已经进入别的阶段，不能再这样操作。请刷新页面。"


class WrongGrades(Refusal):
    default = (
        f"请写 {FEWEST_GRADES} 到 {MOST_GRADES} 个等次，从好到差，每个不超过 {LONGEST_GRADE} 字，不能重复。"
    )


class WrongWeights(Refusal):
    default = f"使用权重的，每条勾选的标准都填 1 到 {HIGHEST_WEIGHT} 的整数。"


class NoStandards(Refusal):
    default = "请至少勾选一条考核标准。"


class NoBranches(Refusal):
    default = "这个党组织下面没有可以参加考核的党支部。"


class PartlyPublished(Refusal):
    default = "已经有支部发布了结果，不能撤回。其余支部不考核的，在支部的页面办理“本年度不参加”。"


class TooLate(Refusal):
    default = "支部自评的截止日期已经过了，请先修改日期。"


@transaction.atomic
def create_cycle(
    *,
    organization: Organization,
    year: int,
    values: Mapping[str, Any],
    grades: Sequence[str],
    actor: User,
    today: date,
    now: datetime,
    idempotency_key: uuid.UUID,
) -> Cycle:
    """A draft with every standard in force ticked. The same key gives the cycle that it made first."""
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    known = Cycle.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if locked.kind not in (OrgKind.COMMITTEE, OrgKind.GENERAL_BRANCH):
        raise WrongPlace(field="organization")
    cycle = Cycle(
        organization=locked,
        path=locked.path,
        year=year,
        created_by=actor,
        created_at=now,
        idempotency_key=idempotency_key,
        **{name: values[name] for name in FIELDS},
    )
    cycle.full_clean(exclude=["path"])
    cycle.save()
    _write_grades(cycle, grades)
    held = standards_for(locked, on=today)
    if not held:
        raise NoStandards("这个党组织还没有可用的考核标准，请先到“评议标准”里制定。", field="organization")
    _write_standards(cycle, {one.id: None for one in held}, today=today)
    record(actor=actor, action="cycle.created", target=cycle, path=cycle.path)
    return cycle


@transaction.atomic
def update_cycle(
    *, cycle: Cycle, version: int, values: Mapping[str, Any], grades: Sequence[str], actor: User
) -> Cycle:
    locked = locked_cycle(cycle, CycleState.DRAFT)
    if locked.version != version:
        raise Stale
    before = snapshot(locked, FIELDS)
    for name in FIELDS:
        setattr(locked, name, values[name])
    locked.version += 1
    locked.full_clean(exclude=["path"])
    locked.save()
    _write_grades(locked, grades)
    if not locked.weighted:
        CycleStandard.objects.filter(cycle=locked).update(weight=None)
    changes = changed_fields(before, snapshot(locked, FIELDS), labels=LABELS)
    record(actor=actor, action="cycle.updated", target=locked, path=locked.path, changes=changes)
    return locked


@transaction.atomic
def choose_standards(
    *, cycle: Cycle, version: int, chosen: Mapping[int, int | None], actor: User, today: date
) -> Cycle:
    """`chosen`: standard → its weight, None where no weights are used. Raises NoStandards, WrongWeights."""
    locked = locked_cycle(cycle, CycleState.DRAFT)
    if locked.version != version:
        raise Stale
    weights = {pk: weight if locked.weighted else None for pk, weight in chosen.items()}
    _check_weights(locked, weights)
    _write_standards(locked, weights, today=today)
    locked.version += 1
    locked.save(update_fields=["version"])
    words = f"{len(chosen)} 条"
    record(actor=actor, action="cycle.standards_chosen", target=locked, path=locked.path, reason=words)
    return locked


@transaction.atomic
def open_cycle(*, cycle: Cycle, version: int, left_out: Mapping[int, str], actor: User, today: date) -> Cycle:
    """Freeze standards, levels, local rules and the way of counting; one evaluation for each open branch.

    `left_out`: branch → why it does not take part. Raises NoStandards, WrongWeights, NoBranches, TooLate.
    """
    locked = locked_cycle(cycle, CycleState.DRAFT)
    if locked.version != version:
        raise Stale
    if locked.report_by < today:
        raise TooLate
    chosen = dict(CycleStandard.objects.filter(cycle=locked).values_list("standard_id", "weight"))
    _check_weights(locked, chosen)
    freeze_terms(cycle=locked, chosen=chosen, today=today)
    made = _write_evaluations(locked, left_out=left_out, today=today)
    locked.state, locked.opened_on, locked.rule_version = CycleState.OPEN, today, RULE_VERSION
    locked.version += 1
    locked.save(update_fields=["state", "opened_on", "rule_version", "version"])
    words = f"{len(made)} 个党支部，{len(chosen)} 条标准"
    record(actor=actor, action="cycle.opened", target=locked, path=locked.path, reason=words)
    return locked


@transaction.atomic
def withdraw_cycle(*, cycle: Cycle, reason: str, actor: User) -> Cycle:
    """What was written stays to be read from above; the year may then be opened anew.

    Raises PartlyPublished: what a branch was told as its result is not taken back.
    """
    locked = locked_cycle(cycle, CycleState.DRAFT, CycleState.OPEN)
    if BranchEvaluation.objects.filter(cycle=locked, state=EvaluationState.PUBLISHED).exists():
        raise PartlyPublished
    locked.state = CycleState.WITHDRAWN
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    record(actor=actor, action="cycle.withdrawn", target=locked, path=locked.path, reason=reason)
    return locked


def close_when_all_are_out(*, cycle: Cycle, actor: User, today: date) -> None:
    """With the last branch that is published, or left out beside published ones, the cycle is published.

    `cycle` is locked; a part of the step that calls it.
    """
    states = set(BranchEvaluation.objects.filter(cycle=cycle).values_list("state", flat=True))
    if EvaluationState.PUBLISHED not in states or states - set(SETTLED):
        return
    cycle.state, cycle.published_on = CycleState.PUBLISHED, today
    cycle.version += 1
    cycle.save(update_fields=["state", "published_on", "version"])
    record(actor=actor, action="cycle.published", target=cycle, path=cycle.path)


def locked_cycle(cycle: Cycle, *states: CycleState) -> Cycle:
    """The cycle, locked, in one of these states. Raises WrongPhase."""
    locked = Cycle.objects.select_for_update(of=("self",)).select_related("organization").get(pk=cycle.pk)
    if locked.state not in states:
        raise WrongPhase
    return locked


def freeze_terms(*, cycle: Cycle, chosen: Mapping[int, int | None], today: date) -> None:
    """What the cycle goes by from now on; a part of its opening, which leaves the deed."""
    _write_standards(cycle, chosen, today=today)
    _write_levels(cycle, today=today)
    _write_rules(cycle)


def _write_grades(cycle: Cycle, names: Sequence[str]) -> None:
    fits = all(0 < len(name) <= LONGEST_GRADE for name in names)
    if not FEWEST_GRADES <= len(names) <= MOST_GRADES or len(set(names)) != len(names) or not fits:
        raise WrongGrades(field="grades")
    CycleGrade.objects.filter(cycle=cycle).delete()
    CycleGrade.objects.bulk_create(
        [CycleGrade(cycle=cycle, position=place, name=name) for place, name in enumerate(names)]
    )


def _write_standards(cycle: Cycle, chosen: Mapping[int, int | None], *, today: date) -> None:
    """As they stand today; those that no longer hold are dropped."""
    held = [one for one in standards_for(cycle.organization, on=today) if one.id in chosen]
    if not held:
        raise NoStandards
    CycleStandard.objects.filter(cycle=cycle).delete()
    CycleStandard.objects.bulk_create(
        [_standard(cycle, one, place=place, weight=chosen[one.id]) for place, one in enumerate(held)]
    )


def _check_weights(cycle: Cycle, chosen: Mapping[int, int | None]) -> None:
    if cycle.weighted and not all(1 <= (weight or 0) <= HIGHEST_WEIGHT for weight in chosen.values()):
        raise WrongWeights


def _standard(cycle: Cycle, held: HeldStandard, *, place: int, weight: int | None) -> CycleStandard:
    return CycleStandard(
        cycle=cycle,
        standard_id=held.id,
        position=place,
        code=held.code,
        aspect=held.aspect,
        polarity=held.polarity,
        title=held.title,
        requirement=held.requirement,
        source=f"{held.source or held.owner_name} {held.locator}".strip()[:200],
        evidence="\n".join(item.code for item in held.evidence),
        weight=weight,
    )


def _write_levels(cycle: Cycle, *, today: date) -> None:
    own = levels_for([cycle.organization], on=today)[cycle.organization_id]
    rows = []
    for key, spec in MEASURES.items():
        share = 100 if spec.unit is Unit.RATIO else 1
        good, warn = int(spec.good * share), int(spec.warn * share)
        if key in own:
            good, warn = own[key].good, own[key].warn
        rows.append(CycleLevel(cycle=cycle, measure=key, good=good, warn=warn))
    CycleLevel.objects.bulk_create(rows)


def _write_rules(cycle: Cycle) -> None:
    """All that bears on the year: set above, at the committee, or anywhere below it."""
    paths = Organization.objects.under(cycle.path).values_list("path", flat=True)
    rows = overrides_since(date(cycle.year - 1, 1, 1), paths=[*paths])
    related = [
        (path, rule)
        for path, rule in overrides_of(rows)
        if path.startswith(cycle.path) or cycle.path.startswith(path)
    ]
    CycleRule.objects.bulk_create(
        [
            CycleRule(cycle=cycle, bearing_path=path, code=rule.code, values=kept(rule))
            for path, rule in related
        ]
    )


def _write_evaluations(cycle: Cycle, *, left_out: Mapping[int, str], today: date) -> list[BranchEvaluation]:
    branches = list(branches_of(cycle.organization, today=today))
    if all(left_out.get(branch.pk) for branch in branches):
        raise NoBranches
    return BranchEvaluation.objects.bulk_create(
        [
            BranchEvaluation(
                cycle=cycle,
                branch=branch,
                path=branch.path,
                rules_path=branch.path,
                state=EvaluationState.LEFT_OUT if left_out.get(branch.pk) else EvaluationState.REPORT,
                left_out_reason=left_out.get(branch.pk, ""),
            )
            for branch in branches
        ]
    )
