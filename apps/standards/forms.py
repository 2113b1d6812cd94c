"""Forms of local standards, switches, levels, notes, and the choice of what the list shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.branches.models import Organization
from apps.rules.appraisal_items import APPRAISAL_ITEMS
from apps.rules.kinds import Aspect, EvidenceSort, Polarity
from apps.rules.measure_names import MEASURE_NAMES, unit_of
from apps.rules.measures import MEASURES as SPECS
from apps.standards.evidence import REVIEW, Evidence, StandardText
from apps.standards.figure_words import spec_words
from apps.ui.forms import DateInput, SearchSelect, idempotency_field, version_field

MEASURES = list(MEASURE_NAMES.items())
MEASURES_WITH_LEVELS = [
    (key, f"{name}（{unit_of(key)}，系统默认{spec_words(SPECS[key])}）") for key, name in MEASURES
]
APPRAISALS = list(APPRAISAL_ITEMS.items())


class EvidenceChecks:
    """What pages and the admin panel ask of the evidence, and how it becomes a text."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = data.get("measures") or data.get("appraisals") or data.get("review")
        if not chosen and "measures" not in self.errors and "appraisals" not in self.errors:
            self.add_error("measures", "三类依据中至少选择一项。")
        return data

    def text(self) -> StandardText:
        data = self.cleaned_data
        evidence = [
            *(Evidence(EvidenceSort.MEASURE, key) for key in data["measures"]),
            *(Evidence(EvidenceSort.APPRAISAL, key) for key in data["appraisals"]),
            *([REVIEW] if data["review"] else []),
        ]
        names = ("title", "requirement", "aspect", "polarity", "locator")
        return StandardText(**{name: data[name] for name in names}, evidence=tuple(evidence))


class EvidenceForm(EvidenceChecks, forms.Form):
    """What a standard says and by what it is judged."""

    title = forms.CharField(label="标题", max_length=60)
    requirement = forms.CharField(
        label="要求",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清做到什么程度，支部一看就懂。",
    )
    aspect = forms.ChoiceField(label="方面", choices=Aspect.choices())
    polarity = forms.ChoiceField(
        label="类型",
        choices=Polarity.choices(),
        help_text="“应避免”的标准只亮灯提示，不计分。",
    )
    locator = forms.CharField(
        label="出处", max_length=100, required=False, help_text="文件名称、文号或会议决定。"
    )
    measures = forms.MultipleChoiceField(
        label="依据：由记录计算",
        choices=MEASURES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="凡属个人品德、党性的，不选这一类，只由人评议。",
    )
    appraisals = forms.MultipleChoiceField(
        label="依据：无记名测评", choices=APPRAISALS, required=False, widget=forms.CheckboxSelectMultiple
    )
    review = forms.BooleanField(label="依据：上级评审组逐条评定，写明理由", required=False)


def initial_of(text: StandardText) -> dict[str, Any]:
    """The values of `EvidenceForm` for a text that stands."""

    def keys(sort: EvidenceSort) -> list[str]:
        return [item.key for item in text.evidence if item.sort is sort]

    names = ("title", "requirement", "aspect", "polarity", "locator")
    return {
        **{name: getattr(text, name) for name in names},
        "measures": keys(EvidenceSort.MEASURE),
        "appraisals": keys(EvidenceSort.APPRAISAL),
        "review": REVIEW in text.evidence,
    }


class StandardForm(EvidenceForm):
    organization = forms.ModelChoiceField(
        label="适用的党组织", queryset=None, widget=SearchSelect, help_text="本级和它的下级都执行。"
    )
    code = forms.CharField(label="编号", max_length=20, help_text="如：镇-1。不能与已有的标准相同。")
    valid_from = forms.DateField(label="开始执行", widget=DateInput)
    idempotency_key = idempotency_field()
    field_order = ("organization", "code")

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations

    def standard(self) -> dict[str, Any]:
        names = ("organization", "code", "valid_from", "idempotency_key")
        return {"text": self.text(), **{name: self.cleaned_data[name] for name in names}}


class StandardUpdateForm(EvidenceForm):
    valid_from = forms.DateField(
        label="从哪天起按新的执行", widget=DateInput, help_text="这一天以前仍按原来的评议，不改写。"
    )
    version = version_field()

    def change(self) -> dict[str, Any]:
        return {"text": self.text(), **{name: self.cleaned_data[name] for name in ("valid_from", "version")}}


class EndStandardForm(forms.Form):
    valid_to = forms.DateField(label="从哪天起停止执行", widget=DateInput)
    version = version_field()


class SwitchOffForm(forms.Form):
    organization = forms.ModelChoiceField(
        label="在哪里停用", queryset=None, widget=SearchSelect, help_text="本级和它的下级都不再按这条评议。"
    )
    reason = forms.CharField(
        label="理由", max_length=300, help_text="支部会看到。写明文件名称、文号或会议决定。"
    )
    valid_from = forms.DateField(label="从哪天起停用", widget=DateInput)
    valid_to = forms.DateField(
        label="从哪天起恢复", required=False, widget=DateInput, help_text="留空表示一直停用，可随时恢复。"
    )
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end <= start:
            self.add_error("valid_to", "恢复的日期应晚于停用的日期。")
        return data


class EndForm(forms.Form):
    """From which day on a committee's decision no longer holds."""

    valid_to = forms.DateField(label="从哪天起", widget=DateInput)


class LevelForm(forms.Form):
    organization = forms.ModelChoiceField(
        label="适用的党组织", queryset=None, widget=SearchSelect, help_text="本级和它的下级都执行。"
    )
    measure = forms.ChoiceField(label="指标", choices=MEASURES_WITH_LEVELS, widget=SearchSelect)
    good = forms.IntegerField(
        label="良好线", min_value=0, max_value=9999, help_text="达到或高于这个数为良好。"
    )
    warn = forms.IntegerField(label="提示线", min_value=0, max_value=9999, help_text="低于这个数时提示。")
    reason = forms.CharField(
        label="理由", max_length=300, help_text="支部会看到。写明文件名称、文号或会议决定。"
    )
    valid_from = forms.DateField(label="开始执行", widget=DateInput)
    valid_to = forms.DateField(
        label="停止执行", required=False, widget=DateInput, help_text="留空表示一直执行。"
    )
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end <= start:
            self.add_error("valid_to", "停止执行的日期应晚于开始执行的日期。")
        return data


class NoteForm(forms.Form):
    organization = forms.ModelChoiceField(
        label="党支部", queryset=None, widget=SearchSelect, empty_label=None
    )
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    measure = forms.ChoiceField(label="指标", choices=MEASURES, widget=SearchSelect)
    text = forms.CharField(
        label="说明",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清这个数字为什么是这样。说明跟着数字走，上级看到数字时一并看到。",
    )
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations


class NoteUpdateForm(forms.Form):
    text = forms.CharField(label="说明", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    version = version_field()


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤回原因", max_length=200)


class UploadForm(forms.Form):
    organization = forms.ModelChoiceField(label="导入到", queryset=None, widget=SearchSelect)
    valid_from = forms.DateField(label="开始执行", widget=DateInput)
    file = forms.FileField(
        label="标准表",
        max_length=200,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text="只收 .xlsx，不超过 5 MB、500 行。上传后先预览，确认前不写入任何内容。",
    )
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations


class ShownForm(forms.Form):
    """What the list of standards shows: for whom, on which day, and which of them."""

    organization = forms.ChoiceField(label="党组织", required=False, widget=SearchSelect)
    aspect = forms.ChoiceField(label="方面", choices=[("", "全部"), *Aspect.choices()], required=False)
    state = forms.ChoiceField(
        label="范围",
        choices=[
            ("", "全部"),
            ("held", "正在执行"),
            ("warning", "应避免的"),
            ("local", "本级制定"),
            ("off", "已停用"),
        ],
        required=False,
    )
    on = forms.DateField(label="哪一天", required=False, widget=DateInput)

    def __init__(
        self, data: Mapping[str, Any], *, place: Organization, offered: Sequence[tuple[int, str]]
    ) -> None:
        """`offered` are the places to choose from; the one shown is among them, wherever it came from."""
        super().__init__({**dict(data.items()), "organization": place.pk})
        self.fields["organization"].choices = dict(offered) | {place.pk: str(place)}
        if len(offered) < 2:
            self.fields["organization"].widget = forms.HiddenInput()

    def day(self, *, today: date) -> date:
        return (self.is_valid() and self.cleaned_data["on"]) or today


class RecountForm(forms.Form):
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
