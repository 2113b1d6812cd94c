from datetime import date

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from apps.branches.models import Organization, Post, below
from apps.rules.kinds import BranchForm, OrgKind, PostKind
from apps.ui.forms import SearchSelect


class OrganizationFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label="名称", method="by_text", widget=forms.TextInput)
    kind = django_filters.ChoiceFilter(label="组织类别", choices=OrgKind.choices(), empty_label="全部")
    form = django_filters.ChoiceFilter(label="支部类型", choices=BranchForm.choices(), empty_label="全部")
    under = django_filters.ModelChoiceFilter(
        label="上级党组织", queryset=None, method="by_parent", empty_label="全部", widget=SearchSelect
    )
    closed = django_filters.ChoiceFilter(
        label="撤销",
        choices=[("yes", "只看已撤销"), ("all", "全部")],
        method="by_closed",
        empty_label="不含已撤销",
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def __init__(self, *args: object, parents: QuerySet[Organization], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["under"].queryset = parents

    def by_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(Q(name__contains=value) | Q(short_name__contains=value))

    def by_parent(self, queryset: QuerySet, name: str, value: Organization) -> QuerySet:  # noqa: ARG002
        return queryset.filter(below(value.path))

    def by_closed(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset if value == "all" else queryset.filter(closed_on__isnull=False)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("closed") else found.filter(closed_on__isnull=True)


class PostFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label="姓名", field_name="person__name", lookup_expr="contains")
    kind = django_filters.ChoiceFilter(label="职务", choices=PostKind.choices(), empty_label="全部")
    when = django_filters.ChoiceFilter(
        label="时间", choices=[("past", "已免职"), ("all", "全部")], method="by_when", empty_label="在任"
    )

    class Meta:
        model = Post
        fields: list[str] = []

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def by_when(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset if value == "all" else queryset.filter(ends_on__lte=self.today)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("when") else found.current_on(self.today)
