from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.branches.models import Organization
from apps.members.models import Member
from apps.members.queries import named_like
from apps.rules.kinds import TalkOccasion, TalkPair, TalkState
from apps.talks.models import MustState, MustTalk, Talk, TalkPerson


class TalkFilter(django_filters.FilterSet):
    """By the facts of a talk; its words are in no search."""

    name = django_filters.CharFilter(label="姓名", method="by_name")
    year = django_filters.NumberFilter(label="年份", method="by_year", min_value=1921, max_value=9998)
    pair = django_filters.ChoiceFilter(label="谈话双方", choices=TalkPair.choices(), empty_label="全部")
    occasion = django_filters.ChoiceFilter(label="类别", choices=TalkOccasion.choices(), empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=TalkState.choices(), empty_label="全部")

    class Meta:
        model = Talk
        fields: list[str] = []

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        found = named_like(Member.objects.all(), value).values("pk")
        return queryset.filter(Exists(TalkPerson.objects.filter(talk=OuterRef("pk"), member__in=found)))

    def by_year(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:  # noqa: ARG002
        return queryset.filter(day__year=int(value))


class MustFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[*MustState.choices()[1:], ("all", "全部")],
        method="by_state",
        empty_label="待谈",
    )

    class Meta:
        model = MustTalk
        fields: list[str] = []

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset if value == "all" else queryset.filter(state=value)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        chosen = self.form.cleaned_data.get("state")
        return found if chosen else found.filter(state=MustState.OPEN)


class CountFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label="党支部", method="by_text")

    class Meta:
        model = Organization
        fields: list[str] = []

    def by_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(Q(name__contains=value) | Q(short_name__contains=value))
