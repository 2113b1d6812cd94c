"""The small forms of an open sitting: items and their parts, the roll, files, and the steps at the end."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.accounts.models import User
from apps.meetings.attached_files import KINDS, MAX_FILE
from apps.meetings.models import (
    AgendaItem,
    Attachment,
    Attendance,
    Consultation,
    Meeting,
    MeetingState,
    Opinion,
)
from apps.meetings.queries import people_of
from apps.meetings.queries_roll import with_names
from apps.meetings.services_agenda import DOWN, ITEM_FIELDS, UP, ItemText, fingerprint
from apps.members.models import Member
from apps.members.policies import SECRET_FIELDS
from apps.rules.kinds import AttendanceStatus
from apps.ui.forms import DateInput, SearchSelect, idempotency_field


def on_roll(meeting: Meeting) -> Any:
    """Members on the roll, the committee first."""
    rows = with_names(meeting.roll.all()).values("member_id")
    members = Member.objects.filter(pk__in=rows.order_by()).select_related("person")
    return members.defer(*SECRET_FIELDS).order_by("person__pinyin", "pk")


class ItemForm(forms.ModelForm):
    """An agenda item. `seen` stands for the text that the form was opened with."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    unanimous = forms.BooleanField(label="一致通过（到会有表决权的人举手同意）", required=False)

    class Meta:
        model = AgendaItem
        fields = list(ITEM_FIELDS)
        widgets = {
            "discussion": forms.Textarea(attrs={"rows": 3}),
            "resolution": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        item = kwargs.get("instance")
        super().__init__(*args, **kwargs)
        self.fields["nature"].required = False
        if item:
            self.initial["seen"] = fingerprint(item)
        if meeting.state == MeetingState.PLANNED:
            del self.fields["discussion"], self.fields["resolution"], self.fields["unanimous"]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_nature(self) -> str:
        return self.cleaned_data["nature"] or self._meta.model._meta.get_field("nature").default

    def entered(self) -> dict[str, Any]:
        """For the service: the text of the item, and whether all present agreed to it."""
        told = {name: self.cleaned_data[name] for name in ITEM_FIELDS if name in self.cleaned_data}
        words = {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}
        return {"text": ItemText(**words), "unanimous": self.cleaned_data.get("unanimous", False)}

    def reopen_on(self, item: AgendaItem) -> None:
        """After a stale save: what was typed stays, and the next save is made knowing the other text."""
        self.data = self.data.copy()
        self.data["seen"] = fingerprint(item)


class OpinionForm(forms.ModelForm):
    class Meta:
        model = Opinion
        fields = ["member", "text", "differs"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = on_roll(meeting)


class ConsultationForm(forms.ModelForm):
    class Meta:
        model = Consultation
        fields = ["kind", "held_on", "members", "brief"]
        widgets = {"held_on": DateInput, "members": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = people_of([meeting.branch_id])


class ResolutionTaskForm(forms.Form):
    title = forms.CharField(label="任务", max_length=100)
    owner = forms.ModelChoiceField(
        label="责任人",
        queryset=User.objects.none(),
        required=False,
        widget=SearchSelect(words=lambda person: f"{person.pinyin} {person.initials}"),
    )
    due_on = forms.DateField(label="完成期限", required=False, widget=DateInput)
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        persons = people_of([meeting.branch_id]).order_by().values("person_id")
        self.fields["owner"].queryset = User.objects.filter(pk__in=persons).order_by("pinyin", "pk")


class MoveForm(forms.Form):
    direction = forms.ChoiceField(choices=[(UP, "上移"), (DOWN, "下移")])


class MarkForm(forms.ModelForm):
    class Meta:
        model = Attendance
        fields = ["status", "reason"]


class RollForm(forms.Form):
    """The whole roll at once: a status and a reason for each line.

    What the page was opened with comes back with it, so that a line left alone here keeps what somebody else
    marked meanwhile.
    """

    def __init__(self, *args: Any, roll: list[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roll = roll
        for row in roll:
            self.fields[f"status_{row.pk}"] = forms.ChoiceField(
                label=str(row.member),
                choices=self._choices(row),
                initial=row.status,
                show_hidden_initial=True,
            )
            self.fields[f"reason_{row.pk}"] = forms.CharField(
                label=f"{row.member}的事由",
                required=False,
                max_length=100,
                initial=row.reason,
                show_hidden_initial=True,
            )

    @staticmethod
    def _choices(row: Attendance) -> list[tuple[str, str]]:
        exempt = AttendanceStatus.EXEMPT
        return [pair for pair in AttendanceStatus.choices() if pair[0] != exempt or row.member.exempt_reason]

    def lines(self) -> list[tuple[Attendance, Any, Any, str]]:
        """For the page: each line with its two fields, and hidden what they were when it was opened."""
        return [self._line(row) for row in self.roll]

    def _line(self, row: Attendance) -> tuple[Attendance, Any, Any, str]:
        status, reason = self[f"status_{row.pk}"], self[f"reason_{row.pk}"]
        opened_with = status.as_hidden(only_initial=True) + reason.as_hidden(only_initial=True)
        return row, status, reason, opened_with

    def marks(self) -> dict[int, tuple[str, str]]:
        told, changed = self.cleaned_data, set(self.changed_data)
        names = {row.pk: (f"status_{row.pk}", f"reason_{row.pk}") for row in self.roll}
        return {
            pk: (told[status], told[reason])
            for pk, (status, reason) in names.items()
            if changed & {status, reason}
        }


class ObserverForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=50)
    post = forms.CharField(label="单位及职务", max_length=100, required=False)


class AttachmentForm(forms.Form):
    file = forms.FileField(
        label="文件",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{extension}" for extension in KINDS)}),
        max_length=Attachment._meta.get_field("name").max_length,
        help_text="可选。pdf、docx、xlsx、jpg、png，不超过 10 MB。照片会去除拍摄地点等信息。",
        error_messages={"max_length": "文件名太长，请缩短后再上传。", "empty": "文件是空的。"},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise forms.ValidationError("文件超过 10 MB，请压缩或分开后再上传。")
        return file


class CancelForm(forms.Form):
    reason = forms.CharField(label="取消原因", max_length=200)


class CloseForm(forms.Form):
    confirmed = forms.BooleanField(label="情况属实，按此归档", required=False)


class AddendumForm(forms.Form):
    text = forms.CharField(label="更正内容", widget=forms.Textarea(attrs={"rows": 4}))
    reason = forms.CharField(label="更正原因", max_length=200)
