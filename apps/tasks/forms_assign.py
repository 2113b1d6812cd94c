"""Choosing branches below, and the form of an assignment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.branches.models import Organization, below
from apps.ui.forms import DateInput, SearchSelect, idempotency_field

#: More boxes than this are no help; beyond it one chooses the committee or general branch above them.
MOST_BOXES = 100
#: Two working weeks; beyond it somebody typed hours or a date.
MOST_MINUTES = 4_800


class BranchesForm(forms.Form):
    """One, some or all branches below; those who inherit bring what is sent to them."""

    to_all = forms.BooleanField(label="发给全部党支部", required=False)
    under = forms.ModelChoiceField(
        label="或发给某个党委、党总支下的全部党支部",
        queryset=Organization.objects.none(),
        required=False,
        empty_label="不限定",
        widget=SearchSelect,
    )
    branches = forms.ModelMultipleChoiceField(
        label="或逐个选择党支部",
        queryset=Organization.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    idempotency_key = idempotency_field()

    def __init__(
        self, *args: Any, branches: QuerySet[Organization], parents: QuerySet[Organization], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.below = branches
        self.fields["branches"].queryset = branches
        self.fields["under"].queryset = parents
        if branches[: MOST_BOXES + 1].count() > MOST_BOXES:
            self.fields["branches"].widget = forms.MultipleHiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in ("to_all", "under", "branches")):
            self.add_error("to_all", "请选择党支部，或勾选“发给全部党支部”。")
        return data

    def chosen(self) -> list[Organization]:
        """`to_all` and `under` stand for every standing branch below."""
        data = self.cleaned_data
        if data["to_all"]:
            return list(self.below)
        if data["under"]:
            return list(self.below.filter(below(data["under"].path)))
        return list(data["branches"])


class AssignForm(BranchesForm):
    field_order = ("title", "due_on", "minutes", "detail", "to_all", "under", "branches")
    title = forms.CharField(label="事项", max_length=100)
    due_on = forms.DateField(label="完成期限", widget=DateInput)
    minutes = forms.IntegerField(
        label="每个支部约需多少分钟",
        min_value=1,
        max_value=MOST_MINUTES,
        help_text="如实估算一个支部从头到尾要花的时间；下一步会算出合计。",
    )
    detail = forms.CharField(label="要求", required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def assignment(self) -> dict[str, Any]:
        """The fields of the service."""
        data = self.cleaned_data
        kept = {name: data[name] for name in ("title", "due_on", "minutes", "detail", "idempotency_key")}
        return {"branches": self.chosen(), **kept}

    def hidden(self) -> list[Any]:
        """Everything that was typed, for the page that asks once more."""
        return [field.as_hidden() for field in self]
