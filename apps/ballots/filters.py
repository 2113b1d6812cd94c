"""Narrowing the list of polls."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import QuerySet

from apps.ballots.models import Poll
from apps.rules.ballots import COMPARED
from apps.rules.kinds_ballots import PollPurpose, PollState


class PollFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=PollState.choices(), empty_label="全部")
    purpose = django_filters.ChoiceFilter(label="测什么", choices=PollPurpose.choices(), empty_label="全部")
    q = django_filters.CharFilter(
        label="标题",
        field_name="title",
        lookup_expr="icontains",
        widget=forms.TextInput(attrs={"maxlength": 50}),
    )

    class Meta:
        model = Poll
        fields: list[str] = []


class AcrossFilter(django_filters.FilterSet):
    """The rows were read for this year and purpose already, because their total belongs to all of them."""

    year = django_filters.ChoiceFilter(label="哪一年", method="as_read")
    purpose = django_filters.ChoiceFilter(
        label="测什么",
        method="as_read",
        choices=[(purpose.value, purpose.label) for purpose in COMPARED[1:]],
        empty_label=COMPARED[0].label,
    )

    class Meta:
        model = Poll
        fields: list[str] = []

    def __init__(self, *args: object, years: list[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["empty_label"] = f"{years[0]} 年"
        self.filters["year"].extra["choices"] = [(str(year), f"{year} 年") for year in years[1:]]

    def as_read(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset
