"""Keeping figures as they are on a day, whatever becomes of the records behind them."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from apps.evaluations.models import BranchEvaluation, FrozenFigure
from apps.evaluations.queries_evidence import VALUE_LENGTH, BranchEvidence, evidence_of
from apps.rules.figures import Figure
from apps.rules.kinds_evaluations import EvaluationState, FrozenStage
from apps.standards.discretion import FROM_ABOVE
from apps.standards.figure_words import made_of, value_words
from apps.ui.refusals import Refusal


class AlreadyPublished(Refusal):
    default = "结果已经发布，不能再改。"


@transaction.atomic
def freeze_figures(*, evaluation: BranchEvaluation, stage: FrozenStage, today: date) -> int:
    """Part of the step that calls it, which leaves the deed. A report handed in anew is frozen anew.

    Kept as those above may see them. Raises AlreadyPublished. Returns how many figures are kept.
    """
    rows = BranchEvaluation.objects.select_for_update(of=("self",)).select_related("cycle", "branch")
    locked = rows.get(pk=evaluation.pk)
    if locked.state == EvaluationState.PUBLISHED:
        raise AlreadyPublished
    found = evidence_of([locked], today=today, reader=FROM_ABOVE)[locked.pk]
    FrozenFigure.objects.filter(evaluation=locked, stage=stage).delete()
    return len(FrozenFigure.objects.bulk_create(kept_of(found, stage=stage)))


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
