"""Filters of one's own attendance and of who looked at one's numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet

from apps.audit.actions import label_of
from apps.audit.models import Deed
from apps.meetings.models import Attendance
from apps.rules.kinds import AttendanceStatus
from apps.workbench.queries_mine_trail import kinds_of_looks, last_year_of


def _kinds_of_looks() -> list[tuple[str, str]]:
    return [(action, label_of(action)) for kind in kinds_of_looks() for action in kind.actions]


class OwnAttendanceFilter(django_filters.FilterSet):
    year = django_filters.NumberFilter(label="年度", method="by_year", min_value=1900, max_value=2999)
    status = django_filters.ChoiceFilter(
        label="出席情况", choices=AttendanceStatus.choices(), empty_label="全部"
    )

    class Meta:
        model = Attendance
        fields: list[str] = []

    def by_year(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:  # noqa: ARG002
        first = date(int(value), 1, 1)
        return queryset.filter(meeting__held_on__gte=first, meeting__held_on__lt=date(first.year + 1, 1, 1))


class LookFilter(django_filters.FilterSet):
    period = django_filters.ChoiceFilter(
        label="时间", choices=[("all", "全部（含更早）")], method="by_period", empty_label="近 12 个月"
    )
    action = django_filters.ChoiceFilter(label="操作", choices=_kinds_of_looks, empty_label="全部")

    class Meta:
        model = Deed
        fields: list[str] = []

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def by_period(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("period"):
            return found
        return last_year_of(found, today=self.today)
