"""The filter of documents from above."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import django_filters
from django.db.models import Q, QuerySet

from apps.branches.models import Organization, below
from apps.tasks.models import Directive
from apps.ui.forms import SearchSelect

STATES = (
    ("to_convey", "待传达"),
    ("late", "传达已逾期"),
    ("conveyed", "已传达"),
    ("to_do", "要求落实、尚未落实"),
    ("withdrawn", "已作废"),
)


class DirectiveFilter(django_filters.FilterSet):
    """Its rows come from `queries_directives.with_progress`."""

    text = django_filters.CharFilter(label="标题或文号", method="by_text")
    state = django_filters.ChoiceFilter(label="状态", choices=STATES, method="by_state", empty_label="全部")
    under = django_filters.ModelChoiceFilter(
        label="党组织", queryset=None, method="by_organization", empty_label="全部", widget=SearchSelect
    )
    year = django_filters.NumberFilter(label="收文年度", method="by_year")

    class Meta:
        model = Directive
        fields: list[str] = []

    def __init__(
        self, *args: object, organizations: QuerySet[Organization], today: date, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.filters["under"].queryset = organizations
        self.today = today

    def by_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(Q(title__contains=value) | Q(number__contains=value))

    def by_organization(self, queryset: QuerySet, name: str, value: Organization) -> QuerySet:  # noqa: ARG002
        return queryset.filter(below(value.path))

    def by_year(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:  # noqa: ARG002
        year = int(value)
        return queryset.filter(received_on__year=year) if 1921 <= year <= 9998 else queryset.none()

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        if value == "withdrawn":
            return queryset.filter(withdrawn_on__isnull=False)
        standing = queryset.filter(withdrawn_on__isnull=True)
        if value == "conveyed":
            return standing.filter(conveyed_on__isnull=False)
        if value == "to_do":
            return standing.filter(asks_action=True, done_on__isnull=True)
        waiting = standing.filter(conveyed_on__isnull=True, convey_by__isnull=False)
        return waiting.filter(convey_by__lt=self.today) if value == "late" else waiting
