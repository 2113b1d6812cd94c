"""Narrowing the list of polls."""

from __future__ import annotations

import django_filters
from django import forms

from apps.ballots.models import Poll
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
