from datetime import date
from decimal import Decimal

import django_filters
from django import forms
from django.db.models import QuerySet

from apps.branches.models import Organization, below
from apps.rules.kinds import ConcernSource, ProblemSource, TaskKind
from apps.tasks.models import Assignment, Task, TaskState
from apps.ui.forms import SearchSelect

PROGRESS = (
    ("open", "办理中"),
    ("reported", "待验收"),
    ("accepted", "已验收"),
    ("returned", "已退回"),
    ("late", "已逾期"),
)


class TaskFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label="事项", field_name="title", lookup_expr="contains")
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[("late", "已逾期"), *TaskState.choices()[1:], ("all", "全部")],
        method="by_state",
        empty_label="进行中",
    )
    kind = django_filters.ChoiceFilter(label="来源", choices=TaskKind.choices(), empty_label="全部")
    under = django_filters.ModelChoiceFilter(
        label="党组织", queryset=None, method="by_organization", empty_label="全部", widget=SearchSelect
    )
    due_before = django_filters.DateFilter(
        label="期限在此之前",
        field_name="due_on",
        lookup_expr="lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(
        self, *args: object, organizations: QuerySet[Organization], today: date, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.filters["under"].queryset = organizations
        self.today = today

    def by_organization(self, queryset: QuerySet, name: str, value: Organization) -> QuerySet:  # noqa: ARG002
        return queryset.filter(below(value.path))

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        if value == "late":
            return queryset.overdue_on(self.today)
        return queryset if value == "all" else queryset.filter(state=value)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.open()


class SentFilter(django_filters.FilterSet):
    """The branches of one assignment, by how far they are."""

    text = django_filters.CharFilter(label="党支部", field_name="organization__name", lookup_expr="contains")
    state = django_filters.ChoiceFilter(
        label="进度", choices=PROGRESS, method="by_progress", empty_label="全部"
    )
    feedback = django_filters.ChoiceFilter(
        label="反馈", choices=[("yes", "有反馈的")], method="with_feedback", empty_label="全部"
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def by_progress(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        if value == "late":
            return queryset.overdue_on(self.today)
        if value == "returned":
            return queryset.returned()
        if value == "open":
            return queryset.open().filter(return_reason="")
        state = {"reported": TaskState.REPORTED, "accepted": TaskState.DONE}[value]
        return queryset.filter(state=state)

    def with_feedback(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(feedback__isnull=False)


class LedgerFilter(TaskFilter):
    """A ledger shows everything unless asked for less, by year of entry too."""

    year = django_filters.NumberFilter(label="登记年度", method="by_year")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        del self.filters["kind"]
        del self.filters["due_before"]
        states = [("open", "进行中"), ("late", "已逾期"), ("done", "已办结"), ("cancelled", "已取消")]
        self.filters["state"].extra |= {"choices": states, "empty_label": "全部"}

    def by_year(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:  # noqa: ARG002
        year = int(value)
        return queryset.filter(created_at__year=year) if 1921 <= year <= 9998 else queryset.none()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return django_filters.FilterSet.filter_queryset(self, queryset)


class ConcernFilter(LedgerFilter):
    raised_by = django_filters.ChoiceFilter(
        label="提出人", field_name="concern__raised_by", choices=ConcernSource.choices(), empty_label="全部"
    )


class RectificationFilter(LedgerFilter):
    source = django_filters.ChoiceFilter(
        label="问题来源",
        field_name="rectification__source",
        choices=ProblemSource.choices(),
        empty_label="全部",
    )


class AssignmentFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label="事项", field_name="title", lookup_expr="contains")

    class Meta:
        model = Assignment
        fields: list[str] = []
