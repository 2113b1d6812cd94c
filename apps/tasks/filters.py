from datetime import date

import django_filters
from django import forms
from django.db.models import QuerySet

from apps.branches.models import Organization, below
from apps.rules.kinds import TaskKind
from apps.tasks.models import Assignment, Task, TaskState
from apps.ui.forms import SearchSelect


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


class AssignmentFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label="事项", field_name="title", lookup_expr="contains")

    class Meta:
        model = Assignment
        fields: list[str] = []
