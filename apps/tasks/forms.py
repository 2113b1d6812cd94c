"""Forms of tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.rules.kinds import FEEDBACK_KINDS
from apps.ui.forms import DateInput, SearchSelect, idempotency_field, version_field


def search_words(person: User) -> str:
    return f"{person.pinyin} {person.initials}"


class TaskForm(forms.Form):
    #: The fields that a change of the task starts with.
    kept = ("title", "detail", "owner", "due_on", "version")

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


class NoteForm(forms.Form):
    text = forms.CharField(label="进展", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CloseForm(forms.Form):
    result = forms.CharField(
        label="办理结果", widget=forms.Textarea(attrs={"rows": 3}), help_text="一两句话写明做成了什么。"
    )
    closed_on = forms.DateField(label="办结日期", widget=DateInput)


class ReportForm(forms.Form):
    result = forms.CharField(
        label="办理结果",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一两句话写明做成了什么，不必附材料。",
    )
    reported_on = forms.DateField(label="完成日期", widget=DateInput)


class FeedbackForm(forms.Form):
    kind = forms.ChoiceField(label="想说什么", choices=[(kind.value, kind.label) for kind in FEEDBACK_KINDS])
    text = forms.CharField(
        label="一句话",
        max_length=200,
        help_text="交办的党组织能看到。例：人数在花名册里，请直接查看；与上月的表重复。",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=300)
