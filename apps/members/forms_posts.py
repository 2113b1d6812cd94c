"""Appointing somebody from the roster."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.members.models import Member
from apps.rules.kinds import PostKind
from apps.ui.forms import DateInput, SearchSelect


def search_words(member: Member) -> str:
    return f"{member.person.pinyin} {member.person.initials}"


class AppointForm(forms.Form):
    member = forms.ModelChoiceField(label="姓名", queryset=None, widget=SearchSelect(words=search_words))
    kind = forms.ChoiceField(label="职务")
    starts_on = forms.DateField(label="任职日期", widget=DateInput)
    note = forms.CharField(
        label="任职方式", max_length=100, required=False, help_text="如：选举产生、上级任命、补选。"
    )

    def __init__(self, *args: Any, members: QuerySet[Member], kinds: list[PostKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]

    def appointment(self) -> dict[str, Any]:
        kept = {name: self.cleaned_data[name] for name in ("kind", "starts_on", "note")}
        return {"person": self.cleaned_data["member"].person, **kept}
