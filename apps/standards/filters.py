"""What the lists of levels, notes and imported rows can be narrowed by."""

from __future__ import annotations

from datetime import date

import django_filters
from django.db.models import Q, QuerySet

from apps.rules.measure_names import MEASURE_NAMES
from apps.standards.models import FigureNote, ImportLine, LevelOverride, LineVerdict
from apps.ui.forms import SearchSelect

MEASURES = list(MEASURE_NAMES.items())


class LevelFilter(django_filters.FilterSet):
    measure = django_filters.ChoiceFilter(label="指标", choices=MEASURES, widget=SearchSelect)
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[("past", "已停止"), ("all", "全部")],
        empty_label="执行中和将要执行",
        method="by_state",
    )

    class Meta:
        model = LevelOverride
        fields: list[str] = []

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.standing = Q(valid_to__isnull=True) | Q(valid_to__gt=today)

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.exclude(self.standing) if value == "past" else queryset

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(self.standing)


class NoteFilter(django_filters.FilterSet):
    measure = django_filters.ChoiceFilter(label="指标", choices=MEASURES, widget=SearchSelect)
    year = django_filters.NumberFilter(label="年度", min_value=2000, max_value=2100)
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[("withdrawn", "已撤回"), ("all", "全部")],
        empty_label="有效",
        method="by_state",
    )

    class Meta:
        model = FigureNote
        fields: list[str] = []

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(withdrawn_at__isnull=False) if value == "withdrawn" else queryset

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(withdrawn_at__isnull=True)


class LineFilter(django_filters.FilterSet):
    verdict = django_filters.ChoiceFilter(label="结果", choices=LineVerdict.choices())
    title = django_filters.CharFilter(label="标题", lookup_expr="contains")

    class Meta:
        model = ImportLine
        fields: list[str] = []
