"""Narrowing the reviewer's desk."""

from __future__ import annotations

from collections.abc import Sequence

import django_filters
from django import forms
from django.db.models import QuerySet

from apps.evaluations.models import Seat
from apps.rules.kinds_evaluations import EvaluationState

STATES = [("todo", "待我评审"), ("waiting", "支部还没有提交自评"), ("done", "已提交")]


class DeskFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label="进度", choices=STATES, method="by_state", empty_label="全部")
    cycle = django_filters.ChoiceFilter(label="考核", method="by_cycle", empty_label="全部")
    q = django_filters.CharFilter(
        label="党支部",
        field_name="evaluation__branch__name",
        lookup_expr="icontains",
        widget=forms.TextInput(attrs={"maxlength": 50}),
    )

    class Meta:
        model = Seat
        fields: list[str] = []

    def __init__(self, *args: object, cycles: Sequence[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["cycle"].extra["choices"] = cycles
        if len(cycles) < 2:
            del self.filters["cycle"]

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        if value == "done":
            return queryset.filter(handed_in_on__isnull=False)
        if value == "waiting":
            return queryset.filter(evaluation__state=EvaluationState.REPORT)
        return queryset.filter(handed_in_on__isnull=True, evaluation__state=EvaluationState.REVIEW)

    def by_cycle(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(evaluation__cycle=value)
