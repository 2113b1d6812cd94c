from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django_filters.fields import ModelChoiceField

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.members import policies
from apps.members.consistency import years_after
from apps.members.models import ImportRow, Member, RowVerdict
from apps.members.queries import LAST_DIGITS, MOST_NUMBERS, ids_ending_in, named_like
from apps.members.roster_cells import DOTS
from apps.rules.kinds import MembershipState, MemberStatus
from apps.ui.forms import SearchSelect

NUMBER = re.compile(r"\d+[Xx]?")
YES_NO = [("yes", "是"), ("no", "否")]


class MemberFilterForm(forms.Form):
    #: Shown first, applied last: only what the other conditions leave is decrypted.
    field_order = ["text"]

    def clean_text(self) -> str:
        """A whole number would stay in addresses and logs; the last four digits find the person as well."""
        text = DOTS.sub("·", unicodedata.normalize("NFKC", self.cleaned_data["text"]).strip())
        if NUMBER.fullmatch(text) and len(text) != LAST_DIGITS:
            raise forms.ValidationError("按身份证号查找只输末四位。")
        return text


class GroupField(ModelChoiceField):
    def label_from_instance(self, group: Organization) -> str:
        """Every branch has a first group, so the branch is named."""
        return f"{group.parent} · {group}"


class GroupFilter(django_filters.ModelChoiceFilter):
    field_class = GroupField


class MemberFilter(django_filters.FilterSet):
    branch = django_filters.ModelChoiceFilter(
        label="党支部", queryset=None, empty_label="全部", widget=SearchSelect
    )
    group = GroupFilter(label="党小组", queryset=None, empty_label="全部")
    status = django_filters.ChoiceFilter(label="人员类别", choices=MemberStatus.choices(), empty_label="全部")
    state = django_filters.ChoiceFilter(
        label="党籍状态",
        choices=[*MembershipState.choices(), ("all", "全部")],
        method="by_state",
        empty_label="在册",
    )
    mobile = django_filters.ChoiceFilter(
        label="流动党员", choices=YES_NO, method="by_mobile", empty_label="不限"
    )
    exempt = django_filters.ChoiceFilter(
        label="不作出席要求", choices=YES_NO, method="by_exempt", empty_label="不限"
    )
    care = django_filters.ChoiceFilter(label="需要关怀", choices=YES_NO, method="by_care", empty_label="不限")
    verified = django_filters.ChoiceFilter(
        label="信息核实",
        choices=[("old", "超过一年或从未核实"), ("never", "从未核实")],
        method="by_verified",
        empty_label="不限",
    )

    text = django_filters.CharFilter(
        label="姓名、拼音或身份证末四位", method="by_text", widget=forms.TextInput(attrs={"maxlength": 15})
    )

    class Meta:
        model = Member
        fields: list[str] = []
        form = MemberFilterForm

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today, self.too_many = user, today, False
        branches, groups = policies.branches_to_list(user), policies.groups_to_list(user)
        self.filters["branch"].queryset = branches.order_by("path")
        self.filters["group"].queryset = groups.select_related("parent").order_by("path")

    def by_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        if not NUMBER.fullmatch(value):
            return named_like(queryset, value)
        inside = policies.searchable_by_number(self.user).filter(pk__in=queryset.values("pk"))
        found = ids_ending_in(inside, value)
        self.too_many = found is None
        return queryset.filter(pk__in=found or [])

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset if value == "all" else queryset.filter(state=value)

    def by_mobile(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(is_mobile=value == "yes")

    def by_exempt(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.exclude(exempt_reason="") if value == "yes" else queryset.filter(exempt_reason="")

    def by_care(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(needs_care=value == "yes")

    def by_verified(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        never = Q(verified_on__isnull=True)
        if value == "never":
            return queryset.filter(never)
        return queryset.filter(never | Q(verified_on__lt=years_after(self.today, -1)))

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        if self.too_many:
            self.form.add_error("text", f"范围内超过 {MOST_NUMBERS} 人，请先选择党支部再按身份证号查找。")
        return found if self.form.cleaned_data.get("state") else found.on_roster()

    def criteria(self) -> str:
        """What was asked for, in words, for the trail."""
        words = []
        for name, bound in ((field.name, field) for field in self.form):
            value = self.form.cleaned_data.get(name)
            if value:
                choices = dict(getattr(bound.field, "choices", ())) if isinstance(value, str) else {}
                words.append(f"{bound.label} {choices.get(value, value)}")
        return "，".join(words)


class ImportRowFilter(django_filters.FilterSet):
    verdict = django_filters.ChoiceFilter(label="结果", choices=RowVerdict.choices(), empty_label="全部")
    name = django_filters.CharFilter(label="姓名", lookup_expr="contains")

    class Meta:
        model = ImportRow
        fields: list[str] = []
