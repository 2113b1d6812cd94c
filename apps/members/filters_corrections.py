from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet

from apps.branches.models import Organization
from apps.members.models import CorrectionRequest, CorrectionState
from apps.ui.forms import SearchSelect


class CorrectionFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[("late", "超过期限未答复"), *CorrectionState.choices()[1:], ("all", "全部")],
        method="by_state",
        empty_label="待答复",
    )
    name = django_filters.CharFilter(label="姓名", field_name="member__person__name", lookup_expr="contains")
    branch = django_filters.ModelChoiceFilter(
        label="党支部",
        field_name="member__branch",
        queryset=None,
        empty_label="全部",
        widget=SearchSelect,
    )

    class Meta:
        model = CorrectionRequest
        fields: list[str] = []

    def __init__(self, *args: Any, branches: QuerySet[Organization], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["branch"].queryset = branches
        self.today = today

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        if value == "late":
            return queryset.filter(state=CorrectionState.OPEN, due_on__lt=self.today)
        return queryset if value == "all" else queryset.filter(state=value)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(state=CorrectionState.OPEN)
