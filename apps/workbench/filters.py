"""Filters of the organizer's board."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_

import django_filters
from django.db.models import Q, QuerySet

from apps.branches.models import Organization, below
from apps.branches.queries import choices_for
from apps.ledger.models import Standing
from apps.ledger.queries import Versions, with_concern
from apps.rules.exceptions import Urgency
from apps.ui.filter_forms import offer

REASONS = {
    Urgency.PERIOD_CLOSING: "党员大会快到期还没开",
    Urgency.PERIOD_MISSED: "上期党员大会缺开",
    Urgency.TERM_EXPIRED: "任期已届满",
    Urgency.TERM_ENDING: "半年内届满",
    Urgency.VACANT: "书记空缺",
    Urgency.TOO_FEW: "正式党员不足 3 名",
    Urgency.NO_COMMITTEE: "应设支委会而未设",
    Urgency.TOO_MANY: "党员超过 50 名",
    Urgency.TASKS_OVERDUE: "任务逾期",
    Urgency.TALKS_BEHIND: "谈心谈话落后",
}


#: So many organizations above branches that a name fits are looked below.
MOST_PARENTS = 20


class BoardFilter(django_filters.FilterSet):
    reason = django_filters.ChoiceFilter(
        label="原因",
        choices=[(urgency.name.lower(), words) for urgency, words in REASONS.items()],
        method="by_reason",
        empty_label="全部",
    )
    under = django_filters.ModelChoiceFilter(
        label="上级党组织", queryset=None, method="by_parent", empty_label="全部"
    )
    text = django_filters.CharFilter(label="支部或上级名称", method="by_name", max_length=50)

    class Meta:
        model = Standing
        fields: list[str] = []

    def __init__(
        self,
        *args: object,
        versions: Versions,
        today: date,
        parents: QuerySet[Organization],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.versions, self.today = versions, today
        self.parents = parents
        self.filters["under"].queryset = parents
        offer(self, "under", choices=choices_for(parents))

    def by_reason(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        urgency = Urgency[value.upper()]
        return with_concern(queryset, urgency, versions=self.versions, today=self.today)

    def by_parent(self, queryset: QuerySet, name: str, value: Organization) -> QuerySet:  # noqa: ARG002
        return queryset.filter(below(value.path))

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        named = Q(branch__name__contains=value) | Q(branch__short_name__contains=value)
        above = self.parents.filter(Q(name__contains=value) | Q(short_name__contains=value))
        paths = above.values_list("path", flat=True)[:MOST_PARENTS]
        return queryset.filter(reduce(or_, [named, *(below(path) for path in paths)]))
