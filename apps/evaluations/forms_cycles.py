"""Forms of the committee: the draft of a cycle, its standards, its reviewers, its opening."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.evaluations.models import BranchEvaluation, Cycle, CycleStandard, Reviewer
from apps.evaluations.services_cycles import FIELDS, HIGHEST_WEIGHT
from apps.rules.evaluation_steps import USUAL_DAYS, usual_calendar
from apps.rules.kinds import Aspect
from apps.standards.queries import HeldStandard
from apps.ui.forms import DateInput, SearchSelect, idempotency_field, version_field

GRADES = "好、较好、一般、差"
SEPARATORS = re.compile(r"[、，,；;\s]+")


class CycleFields(forms.ModelForm):
    """What may be changed as long as it is a draft."""

    grades = forms.CharField(
        label="等次名称",
        max_length=100,
        initial=GRADES,
        help_text="从好到差，用顿号隔开，2 到 6 个。等次由党组织研究确定，系统不计算。",
    )

    class Meta:
        model = Cycle
        fields = FIELDS
        widgets = {name: DateInput() for name in USUAL_DAYS} | {"notice": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(1, "1 名"), (2, "2 名（各自评定，意见不同的由党组织研究确定）")]
        self.fields["reviewers_needed"] = forms.TypedChoiceField(
            label="每个支部几名评审人", choices=choices, coerce=int, initial=1
        )
        self.fields["notice"].help_text = "支部自评页面上会显示，可不填。"
        self.fields["weighted"].label = "标准分权重"

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        names = [name for name in SEPARATORS.split(self.cleaned_data["grades"]) if name]
        return {"values": {name: self.cleaned_data[name] for name in FIELDS}, "grades": names}


class CycleForm(CycleFields):
    idempotency_key = idempotency_field()
    organization = forms.ModelChoiceField(label="组织考核的党组织", queryset=None, widget=SearchSelect)
    year = forms.TypedChoiceField(label="考核年度", coerce=int)
    field_order = ["organization", "year", "title"]

    def __init__(self, *args: Any, places: Any, today: date, **kwargs: Any) -> None:
        years = [today.year, today.year - 1]
        first = places.first()
        # In the first months of a year the year before is evaluated.
        year = today.year if today.month > 3 else today.year - 1
        initial = {"year": year, "title": f"{year} 年度党支部考核", "organization": first}
        super().__init__(*args, initial=initial | usual_calendar(today), **kwargs)
        self.fields["organization"].queryset = places
        self.fields["year"].choices = [(one, f"{one} 年") for one in years]

    def cycle(self) -> dict[str, Any]:
        kept = {name: self.cleaned_data[name] for name in ("organization", "year", "idempotency_key")}
        return {**kept, **self.values()}


class CycleUpdateForm(CycleFields):
    version = version_field()

    def __init__(self, *args: Any, cycle: Cycle, grades: Sequence[str], **kwargs: Any) -> None:
        initial = {"version": cycle.version, "grades": "、".join(grades)}
        super().__init__(*args, instance=cycle, initial=initial, **kwargs)

    def changes(self) -> dict[str, Any]:
        return {"version": self.cleaned_data["version"], **self.values()}


class StandardsForm(forms.Form):
    """A box for each standard that holds, and its weight where weights are used."""

    version = version_field()

    def __init__(
        self,
        data: Any = None,
        *,
        cycle: Cycle,
        offered: Sequence[tuple[HeldStandard, CycleStandard | None]],
    ) -> None:
        super().__init__(data, initial={"version": cycle.version})
        self.weighted = cycle.weighted
        self.offered = offered
        for held, row in offered:
            self.fields[f"take_{held.id}"] = forms.BooleanField(
                label=held.title, required=False, initial=row is not None
            )
            self.fields[f"take_{held.id}"].widget.attrs["class"] = "form-check-input"
            if self.weighted:
                self.fields[f"weight_{held.id}"] = self._weight(held, row)

    def _weight(self, held: HeldStandard, row: CycleStandard | None) -> forms.IntegerField:
        field = forms.IntegerField(
            label=f"{held.title}的权重",
            required=False,
            min_value=1,
            max_value=HIGHEST_WEIGHT,
            initial=row.weight if row else None,
        )
        field.widget.attrs["class"] = "form-control"
        return field

    def parts(self) -> list[tuple[Aspect, list[dict[str, Any]]]]:
        """By aspect, for the page."""
        found = [
            (aspect, [self._line(held) for held, _ in self.offered if held.aspect is aspect])
            for aspect in Aspect
        ]
        return [(aspect, lines) for aspect, lines in found if lines]

    def _line(self, held: HeldStandard) -> dict[str, Any]:
        weight = self[f"weight_{held.id}"] if self.weighted else None
        return {"held": held, "take": self[f"take_{held.id}"], "weight": weight}

    def chosen(self) -> dict[int, int | None]:
        return {
            held.id: self.cleaned_data.get(f"weight_{held.id}")
            for held, _ in self.offered
            if self.cleaned_data.get(f"take_{held.id}")
        }


class OpenForm(forms.Form):
    """A tick for each branch that usually does not take part; others are left out afterwards, one by one."""

    version = version_field()
    left_out = forms.MultipleChoiceField(
        label="这些支部本年度不参加",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不勾的照常参加。别的支部有原因不参加的，开始后在该支部的页面办理。",
    )

    def __init__(self, data: Any = None, *, cycle: Cycle, usual: Sequence[tuple[Organization, str]]) -> None:
        self.usual = {str(branch.pk): reason for branch, reason in usual}
        super().__init__(data, initial={"version": cycle.version, "left_out": list(self.usual)})
        self.fields["left_out"].choices = [
            (str(branch.pk), f"{branch}：{reason}") for branch, reason in usual
        ]
        if not usual:
            del self.fields["left_out"]

    def reasons(self) -> dict[int, str]:
        return {int(pk): self.usual[pk] for pk in self.cleaned_data.get("left_out", [])}


class ReviewerForm(forms.Form):
    """Somebody with a post in the subtree, or anybody by his login name."""

    person = forms.TypedChoiceField(
        label="从上级组织员和各支部书记中选",
        required=False,
        coerce=int,
        empty_value=None,
        widget=SearchSelect,
    )
    username = forms.CharField(
        label="或者填登录名",
        max_length=50,
        required=False,
        help_text="没有登录账号的人也可以担任评审人，在纸上评审后由组织员录入。",
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[int, str]], people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.offered = {pk for pk, _ in offered}
        self.fields["person"].choices = [("", "请选择"), *offered]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if not data.get("person") and not data.get("username"):
            raise forms.ValidationError("请选择一个人，或者填他的登录名。")
        if data.get("person"):
            data["found"] = User.objects.get(pk=data["person"])
            return data
        data["found"] = self.people.filter(username=data["username"].strip()).first()
        if data["found"] is None:
            self.add_error("username", "没有这个登录名。请核对，或请系统操作员先开通账号。")
        return data


class SeatsForm(forms.Form):
    """The branches of one reviewer. Those he has to keep out of cannot be ticked."""

    seats = forms.MultipleChoiceField(
        label="评审哪些支部", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        reviewer: Reviewer,
        evaluations: Sequence[BranchEvaluation],
        barred: Mapping[int, str],
        others: Mapping[int, str],
        held: Sequence[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={"seats": [str(pk) for pk in held]}, **kwargs)
        self.reviewer = reviewer
        self.barred = [(one, barred[one.pk]) for one in evaluations if one.pk in barred]
        free = [one for one in evaluations if one.pk not in barred]
        self.fields["seats"].choices = [
            (str(one.pk), seat_label(one, taken_by=others.get(one.pk, ""))) for one in free
        ]

    def chosen(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["seats"]]


def seat_label(evaluation: BranchEvaluation, *, taken_by: str) -> SafeString | str:
    if not taken_by:
        return str(evaluation.branch)
    return format_html('{}<span class="eval-taken">已安排：{}</span>', evaluation.branch, taken_by)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤回原因", max_length=300)


class LeaveOutForm(forms.Form):
    reason = forms.CharField(label="不参加的原因", max_length=200, help_text="如：十月成立，不满半年。")


class AddBranchForm(forms.Form):
    branch = forms.ModelChoiceField(label="党支部", queryset=None, widget=SearchSelect)

    def __init__(self, *args: Any, branches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches


class NothingForm(forms.Form):
    """Nothing to fill in: the question is the page."""
