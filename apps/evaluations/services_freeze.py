"""Keeping figures as they are on a day, whatever becomes of the records behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from apps.evaluations.models import BranchEvaluation, FrozenFigure
from apps.evaluations.queries_evidence import VALUE_LENGTH, BranchEvidence, evidence_of
from apps.rules.figures import Figure
from apps.rules.kinds_evaluations import EvaluationState, FrozenStage
from apps.standards.discretion import FROM_ABOVE
from apps.standards.figure_words import made_of, value_words
from apps.ui.refusals import Refusal

#: A year's records of so many branches fit into memory.
AT_A_TIME = 50


class AlreadyPublished(Refusal):
    default = "结果已经发布，不能再改。"


@transaction.atomic
def freeze_figures(*, evaluation: BranchEvaluation, stage: FrozenStage, today: date) -> int:
    """Part of the step that calls it, which leaves the deed. A report handed in anew is frozen anew.

    Kept as those above may see them. Raises AlreadyPublished. Returns how many figures are kept.
    """
    return freeze_all(evaluations=[evaluation], stage=stage, today=today)


@transaction.atomic
def freeze_all(*, evaluations: Sequence[BranchEvaluation], stage: FrozenStage, today: date) -> int:
    """Many as `freeze_figures` one; so many at a time cost the reading of one."""
    kept = 0
    for start in range(0, len(evaluations), AT_A_TIME):
        keys = [one.pk for one in evaluations[start : start + AT_A_TIME]]
        rows = BranchEvaluation.objects.select_for_update(of=("self",)).filter(pk__in=keys)
        locked = list(rows.select_related("cycle", "branch").order_by("pk"))
        if any(one.state == EvaluationState.PUBLISHED for one in locked):
            raise AlreadyPublished
        found = evidence_of(locked, today=today, reader=FROM_ABOVE)
        FrozenFigure.objects.filter(evaluation__in=keys, stage=stage).delete()
        made = [row for one in found.values() for row in kept_of(one, stage=stage)]
        kept += len(FrozenFigure.objects.bulk_create(made, batch_size=1000))
    return kept


def kept_of(found: BranchEvidence, *, stage: FrozenStage) -> list[FrozenFigure]:
    """Not written yet: of many branches they are written together."""
    figures = found.figures.values()
    return [_row(found.evaluation, one, stage=stage, as_of=found.as_of) for one in figures]


def _row(evaluation: BranchEvaluation, figure: Figure, *, stage: FrozenStage, as_of: date) -> FrozenFigure:
    return FrozenFigure(
        evaluation=evaluation,
        stage=stage,
        measure=figure.key,
        state=figure.state,
        value=value_words(figure)[:VALUE_LENGTH],
        made_of=made_of(figure)[:200],
        why=figure.why[:500],
        as_of=as_of,
    )
