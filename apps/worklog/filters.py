"""Narrowing the lists of the work log."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.branches.models import Organization, below
from apps.branches.policies import EVERYONE_WITH_POST, size_of_reach, visible_organizations, within
from apps.branches.queries import choices_for
from apps.rules.kinds import OrgKind
from apps.rules.kinds_worklog import Coverage, EntrySort, PostArea
from apps.ui.filter_forms import offer
from apps.worklog.models import CareUnit, Entry, EntryMember, KeyPost, StudyImportRow, StudyVerdict

SHORT = {"maxlength": 50}


class InReach(django_filters.FilterSet):
    """Adds the branch, where there are several to choose from."""

    branch = django_filters.ModelChoiceFilter(label="支部或小组", queryset=None, method="of_body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = visible_organizations(self.request.user)
        own = visible.filter(kind__in=[OrgKind.BRANCH, OrgKind.GROUP]).order_by("path")
        self.filters["branch"].queryset = own
        offer(self, "branch", choices=choices_for(own, known=size_of_reach(self.request.user)), least=2)

    def of_body(self, rows: QuerySet, name: str, value: Organization) -> QuerySet:  # noqa: ARG002
        return rows.filter(below(value.path))


class EntryFilter(InReach):
    sort = django_filters.ChoiceFilter(choices=EntrySort.choices(), widget=forms.HiddenInput)
    year = django_filters.NumberFilter(
        label="年度", method="in_year", min_value=1, max_value=9998, widget=forms.NumberInput(attrs=SHORT)
    )
    who = django_filters.CharFilter(label="姓名", method="about", widget=forms.TextInput(attrs=SHORT))
    q = django_filters.CharFilter(label="内容", method="saying", widget=forms.TextInput(attrs=SHORT))
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("withdrawn", "已撤回")], method="by_state", empty_label="有效"
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    def in_year(self, rows: QuerySet[Entry], name: str, value: Any) -> QuerySet[Entry]:  # noqa: ARG002
        return rows.filter(held_on__year=int(value))

    def about(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:  # noqa: ARG002
        """By the names that this reader sees: of an entry that is only about him, none but his own."""
        word = "".join(value.split())
        user = self.request.user
        spelled = Q(member__person__pinyin__startswith=word.lower())
        readable = within(user, EVERYONE_WITH_POST, column="entry__path") | Q(member__person_id=user.pk)
        named = EntryMember.objects.filter(Q(member__person__name__contains=word) | spelled, readable)
        return rows.filter(Exists(named.filter(entry=OuterRef("pk"))))

    def saying(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:  # noqa: ARG002
        words = ("title", "note", "by_name", "place", "result")
        found = Q()
        for column in words:
            found |= Q(**{f"{column}__icontains": value})
        return rows.filter(found)

    def by_state(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:  # noqa: ARG002
        return rows.filter(withdrawn_on__isnull=False)

    def filter_queryset(self, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(withdrawn_on__isnull=True)


class StudyRowFilter(django_filters.FilterSet):
    verdict = django_filters.ChoiceFilter(label="结果", choices=StudyVerdict.choices(), empty_label="全部")

    class Meta:
        model = StudyImportRow
        fields: list[str] = []


class KeyPostFilter(InReach):
    area = django_filters.ChoiceFilter(label="管什么", choices=PostArea.choices(), empty_label="全部")
    state = django_filters.ChoiceFilter(
        label="今年检查",
        choices=[("due", "还没检查"), ("done", "已检查")],
        method="by_state",
        empty_label="全部",
    )
    q = django_filters.CharFilter(
        label="岗位", field_name="title", lookup_expr="icontains", widget=forms.TextInput(attrs=SHORT)
    )

    class Meta:
        model = KeyPost
        fields: list[str] = []

    def by_state(self, rows: QuerySet[KeyPost], name: str, value: str) -> QuerySet[KeyPost]:  # noqa: ARG002
        return rows.filter(checked_this_year__isnull=value == "due", until=None)


class UnitFilter(InReach):
    coverage = django_filters.ChoiceFilter(label="覆盖方式", choices=Coverage.choices(), empty_label="全部")
    q = django_filters.CharFilter(
        label="单位", field_name="name", lookup_expr="icontains", widget=forms.TextInput(attrs=SHORT)
    )

    class Meta:
        model = CareUnit
        fields: list[str] = []
