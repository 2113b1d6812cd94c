"""What the overview of figures can be narrowed by."""

from __future__ import annotations

from collections.abc import Sequence

import django_filters
from django.db.models import Q, QuerySet

from apps.branches.models import Organization, below
from apps.rules.figures import FigureState
from apps.rules.measure_names import MEASURE_NAMES
from apps.standards.models_figures import BranchFigure
from apps.standards.queries import HeldStandard
from apps.ui.forms import SearchSelect

EXCEPTIONS = Q(state__in=[FigureState.WARN, FigureState.UNKNOWN])


class FigureFilter(django_filters.FilterSet):
    year = django_filters.ChoiceFilter(label="年度", method="of_year", empty_label="今年")
    standard = django_filters.ChoiceFilter(label="标准", method="by_standard", widget=SearchSelect)
    measure = django_filters.ChoiceFilter(
        label="指标", choices=list(MEASURE_NAMES.items()), widget=SearchSelect
    )
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[*FigureState.choices(), ("all", "全部")],
        empty_label="需要加强和尚无法判断",
        method="by_state",
    )
    under = django_filters.ModelChoiceFilter(
        label="党组织", queryset=None, method="by_place", empty_label="全部", widget=SearchSelect
    )

    class Meta:
        model = BranchFigure
        fields: list[str] = []

    def __init__(
        self,
        *args: object,
        standards: list[HeldStandard],
        places: QuerySet[Organization],
        years: Sequence[int],
        **kwargs: object,
    ) -> None:
        """`years` are those that may be chosen; the rows are already those of one year."""
        super().__init__(*args, **kwargs)
        self.measures = {one.code: one.measures for one in standards}
        choices = [(one.code, one.title) for one in standards if one.has_figure]
        self.filters["standard"].extra["choices"] = choices
        self.filters["under"].queryset = places
        self.filters["year"].extra["choices"] = [(str(year), f"{year} 年") for year in years]

    def of_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset

    def by_standard(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(measure__in=self.measures[value])

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset if value == "all" else queryset.filter(state=value)

    def by_place(self, queryset: QuerySet, name: str, value: Organization) -> QuerySet:  # noqa: ARG002
        return queryset.filter(below(value.path))

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(EXCEPTIONS)
