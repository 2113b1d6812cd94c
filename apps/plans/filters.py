from datetime import date

import django_filters
from django.db.models import QuerySet

from apps.branches.models import Organization, below
from apps.plans.models import AnnualPlan
from apps.rules.kinds import PlanState
from apps.ui.forms import SearchSelect


def years_around(today: date) -> list[tuple[str, str]]:
    return [(str(year), f"{year} 年") for year in range(today.year + 1, today.year - 4, -1)]


class PlanFilter(django_filters.FilterSet):
    year = django_filters.ChoiceFilter(label="年度", empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=PlanState.choices(), empty_label="全部")
    under = django_filters.ModelChoiceFilter(
        label="党组织", queryset=None, method="by_organization", empty_label="全部", widget=SearchSelect
    )

    class Meta:
        model = AnnualPlan
        fields: list[str] = []

    def __init__(
        self, *args: object, organizations: QuerySet[Organization], today: date, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.filters["under"].queryset = organizations
        self.filters["year"].extra["choices"] = years_around(today)

    def by_organization(self, queryset: QuerySet, name: str, value: Organization) -> QuerySet:  # noqa: ARG002
        return queryset.filter(below(value.path))


class OverviewFilter(django_filters.FilterSet):
    """Branches by whether their plan of the year, which the rows bring along, is filed."""

    year = django_filters.ChoiceFilter(label="年度", method="by_year", empty_label="今年")
    state = django_filters.ChoiceFilter(
        label="计划",
        choices=[("filed", "已定稿"), ("all", "全部")],
        method="by_state",
        empty_label="尚未定稿",
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = years_around(today)

    def by_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        """The rows were read for this year already."""
        return queryset

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset if value == "all" else queryset.filter(filed_on__isnull=False)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("state"):
            return found
        return found.filter(filed_on__isnull=True)
