"""Finding deeds: by day, person, action, kind of object, and text."""

from datetime import date, datetime, time, timedelta

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.audit import actions
from apps.audit.changes import in_words
from apps.audit.models import Deed, object_types
from apps.ui.forms import DateInput

#: Days beyond these have no moment in another time zone; no deed lies there.
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


class DeedFilter(django_filters.FilterSet):
    since = django_filters.DateFilter(label="自", method="from_day", widget=DateInput)
    until = django_filters.DateFilter(label="至", method="to_day", widget=DateInput)
    actor_name = django_filters.CharFilter(label="操作人", lookup_expr="contains")
    action = django_filters.ChoiceFilter(label="操作", choices=actions.choices, empty_label="全部")
    object_type = django_filters.ChoiceFilter(label="对象类别", choices=object_types, empty_label="全部")
    text = django_filters.CharFilter(label="对象或事由中的文字", method="with_text")

    class Meta:
        model = Deed
        fields: list[str] = []

    def from_day(self, queryset: QuerySet[Deed], name: str, value: date) -> QuerySet[Deed]:  # noqa: ARG002 - filter's signature
        return queryset.filter(at__gte=start_of(value))

    def to_day(self, queryset: QuerySet[Deed], name: str, value: date) -> QuerySet[Deed]:  # noqa: ARG002
        """The last day is included."""
        return queryset.filter(at__lt=start_of(min(value, LATEST)) + timedelta(days=1))

    def with_text(self, queryset: QuerySet[Deed], name: str, value: str) -> QuerySet[Deed]:  # noqa: ARG002
        return queryset.filter(Q(object_label__contains=value) | Q(reason__contains=value))

    def in_words(self) -> str:
        """What was asked for, for the record of an export."""
        asked = self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}
        parts = [f"{self.filters[name].label}：{in_words(value)}" for name, value in asked.items() if value]
        return "，".join(parts) or "全部记录"


class OwnDeedFilter(DeedFilter):
    """One's own deeds need no name."""

    actor_name = None


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(max(day, EARLIEST), time.min))
