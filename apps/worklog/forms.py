"""One short form for each sort of entry; the words are those a secretary would write in the book."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.branches.models import Organization
from apps.members.models import Member
from apps.rules.kinds_worklog import CareForm, EntrySort, PlacementKind, RecognitionKind, StudyCategory
from apps.ui.forms import DateInput, SearchSelect, idempotency_field, version_field
from apps.worklog.models import Entry

#: Up to so many it helps to tick them one by one; the box scrolls beyond.
LINES = forms.CheckboxSelectMultiple


class ReasonForm(forms.Form):
    reason = forms.CharField(label="撤回原因", max_length=200)


class UploadForm(forms.Form):
    branch = forms.ModelChoiceField(label="党支部", queryset=None, widget=SearchSelect, empty_label=None)
    file = forms.FileField(
        label="学时表",
        max_length=200,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text="只收 .xlsx，不超过 5 MB。上传后先预览，确认前不写入任何内容。",
    )

    def __init__(self, *args: Any, branches: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches


class EntryForm(forms.Form):
    """What all sorts share. `values()` and `people()` are what the service asks for."""

    sort: EntrySort
    held_on = forms.DateField(label="日期", widget=DateInput)
    people = forms.ModelMultipleChoiceField(
        label="党员",
        queryset=Member.objects.none(),
        required=False,
        widget=LINES,
        help_text="同一件事有几个人，一次勾选，只记一条。",
    )
    title = forms.CharField(label="内容", max_length=100)
    note = forms.CharField(label="备注", max_length=200, required=False)

    def __init__(
        self, *args: Any, members: QuerySet[Member], entry: Entry | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        if "people" in self.fields:
            self.fields["people"].queryset = members
        hidden = version_field() if entry else idempotency_field()
        self.fields["version" if entry else "idempotency_key"] = hidden

    def values(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"people", "everyone", "version", "idempotency_key"}
        }

    def chosen_people(self) -> list[Member]:
        if self.cleaned_data.get("everyone"):
            return list(self.members)
        return list(self.cleaned_data.get("people") or [])


class StudyForm(EntryForm):
    sort = EntrySort.STUDY
    category = forms.ChoiceField(
        label="类别",
        choices=StudyCategory.choices(),
        help_text="理论：政治理论；专业：本职业务；辅助：历史、法律、科技等其他知识。",
    )
    hours = forms.DecimalField(
        label="学时（每人）",
        min_value=Decimal("0.1"),
        max_digits=4,
        decimal_places=1,
        help_text="45 分钟算 1 学时。",
    )
    until = forms.DateField(label="结束日期", required=False, widget=DateInput, help_text="几天的培训才填。")
    everyone = forms.BooleanField(label="全体党员都参加了", required=False)
    field_order = ("held_on", "category", "hours", "title", "everyone", "people", "until", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = "学了什么"


class CareEntryForm(EntryForm):
    sort = EntrySort.CARE
    care_form = forms.ChoiceField(label="方式", choices=CareForm.choices())
    by_name = forms.CharField(label="谁去的", max_length=100)
    field_order = ("held_on", "care_form", "by_name", "people", "title", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].label = "看望、帮助谁（党员本人或其家属）"
        self.fields["title"].label = "做了什么"
        self.fields["title"].help_text = "如：送慰问金 500 元。不用写病情等隐私。"


class RecognitionForm(EntryForm):
    sort = EntrySort.RECOGNITION
    recognition = forms.ChoiceField(label="形式", choices=RecognitionKind.choices())
    by_name = forms.CharField(label="由谁作出", max_length=100, help_text="如：镇党委、本支部。")
    field_order = ("held_on", "recognition", "title", "by_name", "people", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].label = "给谁（给支部集体的不用勾）"


class PlacementForm(EntryForm):
    sort = EntrySort.PLACEMENT
    placement = forms.ChoiceField(label="方式", choices=PlacementKind.choices())
    until = forms.DateField(label="结束日期", required=False, widget=DateInput, help_text="还没定的先空着。")
    place = forms.CharField(label="地点、单位", max_length=100, required=False)
    field_order = ("held_on", "until", "placement", "title", "place", "people", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].label = "开始日期"


class ConsultationForm(EntryForm):
    sort = EntrySort.CONSULTATION
    people = None
    participants = forms.IntegerField(label="参加的群众人数", min_value=0, max_value=100_000, required=False)
    result = forms.CharField(
        label="协商结果",
        max_length=200,
        required=False,
        help_text="有了结果才算一次民主协商，可以以后补上。",
    )
    field_order = ("held_on", "title", "participants", "result", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = "协商的事"


FORMS: dict[EntrySort, type[EntryForm]] = {
    form.sort: form for form in (StudyForm, CareEntryForm, RecognitionForm, PlacementForm, ConsultationForm)
}
#: Field → width of 12 on a wide screen.
WIDTHS = {
    "held_on": 4,
    "until": 4,
    "category": 4,
    "hours": 4,
    "care_form": 4,
    "recognition": 4,
    "placement": 4,
    "participants": 4,
}


def initial_of(entry: Entry) -> dict[str, Any]:
    """What the form of an entry that is there already starts with."""
    names = set(FORMS[EntrySort(entry.sort)].base_fields) - {"people", "everyone"}
    people = [row.member_id for row in entry.people.all()]
    return {name: getattr(entry, name) for name in names} | {"people": people, "version": entry.version}
