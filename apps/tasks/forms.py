"""Forms of tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization, below
from apps.ui.forms import DateInput, SearchSelect, idempotency_field, version_field


def search_words(person: User) -> str:
    return f"{person.pinyin} {person.initials}"


class TaskForm(forms.Form):
    title = forms.CharField(label="事项", max_length=100)
    due_on = forms.DateField(label="完成期限", required=False, widget=DateInput)
    owner = forms.ModelChoiceField(
        label="责任人",
        queryset=User.objects.none(),
        required=False,
        empty_label="（由支部书记负责）",
        widget=SearchSelect(words=search_words),
    )
    detail = forms.CharField(label="要求", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people


class TaskUpdateForm(TaskForm):
    idempotency_key = None
    version = version_field()


#: More boxes than this are no help; beyond it one chooses the committee or general branch above them.
MOST_BOXES = 100


class AssignForm(forms.Form):
    title = forms.CharField(label="事项", max_length=100)
    due_on = forms.DateField(label="完成期限", widget=DateInput)
    detail = forms.CharField(label="要求", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    to_all = forms.BooleanField(label="交办给全部党支部", required=False)
    under = forms.ModelChoiceField(
        label="或交办给某个党委、党总支下的全部党支部",
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
        self,
        *args: Any,
        branches: QuerySet[Organization],
        parents: QuerySet[Organization],
        **kwargs: Any,
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
            self.add_error("to_all", "请选择党支部，或勾选“交办给全部党支部”。")
        return data

    def assignment(self) -> dict[str, Any]:
        """The fields of the service; `to_all` and `under` stand for every standing branch below."""
        data = self.cleaned_data
        chosen = data["branches"]
        if data["to_all"]:
            chosen = self.below
        elif data["under"]:
            chosen = self.below.filter(below(data["under"].path))
        kept = {name: data[name] for name in ("title", "due_on", "detail", "idempotency_key")}
        return {"branches": list(chosen), **kept}


class NoteForm(forms.Form):
    text = forms.CharField(label="进展", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CloseForm(forms.Form):
    result = forms.CharField(
        label="办理结果", widget=forms.Textarea(attrs={"rows": 3}), help_text="一两句话写明做成了什么。"
    )
    closed_on = forms.DateField(label="办结日期", widget=DateInput)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=300)
