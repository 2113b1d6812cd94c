from datetime import date

import django_filters
from django.db.models import QuerySet

from apps.branches.models import Organization
from apps.evaluations.models import Round
from apps.rules.kinds_evaluations import RoundState


def years_back(today: date) -> list[tuple[str, str]]:
    return [(str(year), f"{year} 年度") for year in range(today.year, today.year - 4, -1)]


class RoundFilter(django_filters.FilterSet):
    year = django_filters.ChoiceFilter(label="年度", empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=RoundState.choices(), empty_label="全部")

    class Meta:
        model = Round
        fields: list[str] = []

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = years_back(today)


class OverviewFilter(django_filters.FilterSet):
    """Branches; the rounds of the year are read for the rows of a page."""

    year = django_filters.ChoiceFilter(label="年度", method="by_year", empty_label="本年度")
    q = django_filters.CharFilter(label="党支部", method="by_name")

    class Meta:
        model = Organization
        fields: list[str] = []

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = years_back(today)

    def by_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(name__icontains=value) | queryset.filter(short_name__icontains=value)
