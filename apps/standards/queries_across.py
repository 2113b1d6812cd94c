"""The overview of figures kept for many branches."""

from __future__ import annotations

from datetime import date

from django.db.models import Min, QuerySet

from apps.standards.models_figures import BranchFigure


def counted_since(figures: QuerySet[BranchFigure], *, year: int) -> date | None:
    """The earliest day on which one of that year's figures was counted; None where none was."""
    found: date | None = figures.filter(year=year).aggregate(oldest=Min("counted_on"))["oldest"]
    return found
