"""Forms of the registers: key posts, their checks, units in the branch's care."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.members.models import Member
from apps.rules.kinds_worklog import Coverage
from apps.ui.forms import DateInput, SearchSelect, idempotency_field, version_field
from apps.worklog.models import CareUnit, KeyPost, KeyPostCheck

NOT_VALUES = {"version", "idempotency_key"}


def search_words(member: Member) -> str:
    return f"{member.person.pinyin} {member.person.initials}"


class RegisterForm(forms.ModelForm):
    """`values()` is what the service writes; constraints are checked by the form before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = self.instance.pk is not None
        self.fields["version" if there else "idempotency_key"] = (
            version_field() if there else idempotency_field()
        )
        if there:
            self.initial["version"] = self.instance.version

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in NOT_VALUES}


class KeyPostForm(RegisterForm):
    class Meta:
        model = KeyPost
        fields = ("title", "area", "holder", "holder_name", "since", "until")
        widgets = {"since": DateInput, "until": DateInput, "holder": SearchSelect(words=search_words)}
        help_texts = {
            "title": "如：出纳、物资采购、人事考勤。",
            "until": "岗位撤销或不再管人财物时填写。",
        }

    def __init__(self, *args: Any, members: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = members

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("holder") and not data.get("holder_name") and "holder" not in self.errors:
            self.add_error("holder", "请选择在岗党员；不是本支部党员的，填在右边一栏。")
        return data


class CheckForm(RegisterForm):
    class Meta:
        model = KeyPostCheck
        fields = ("checked_on", "by_name", "finding")
        widgets = {"checked_on": DateInput}
        help_texts = {"finding": "一句话：查了什么，有没有问题。"}


class CareUnitForm(RegisterForm):
    class Meta:
        model = CareUnit
        fields = ("name", "kind", "coverage", "covered_since", "since", "until", "note")
        widgets = {"covered_since": DateInput, "since": DateInput, "until": DateInput}
        help_texts = {
            "covered_since": "已单独、联合组建或行业统建的填写。",
            "until": "单位注销或改由别的支部联系时填写。",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("coverage") == Coverage.NONE:
            data["covered_since"] = None
        elif data.get("coverage") and not data.get("covered_since") and "covered_since" not in self.errors:
            self.add_error("covered_since", "请填写从哪天起覆盖；还没有覆盖的，覆盖方式选“未覆盖”。")
        return data
