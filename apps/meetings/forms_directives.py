"""Choosing the sitting for a document, and the document for a sitting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.meetings.models import Meeting
from apps.tasks.models import Directive
from apps.ui.forms import SearchSelect


class SittingChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Meeting) -> str:
        return f"{obj.held_on} {obj.title}（{obj.get_state_display()}）"


class DirectiveChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Directive) -> str:
        number = f"（{obj.number}）" if obj.number else ""
        return f"{obj.title}{number} 传达期限 {obj.convey_by}"


class ConveyForm(forms.Form):
    meeting = SittingChoice(
        label="会议", queryset=Meeting.objects.none(), widget=SearchSelect, empty_label="请选择会议"
    )

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings


class ConveyedForm(forms.Form):
    directive = DirectiveChoice(
        label="上级文件", queryset=Directive.objects.none(), widget=SearchSelect, empty_label="请选择文件"
    )

    def __init__(self, *args: Any, directives: QuerySet[Directive], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["directive"].queryset = directives
