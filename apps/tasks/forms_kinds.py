"""Forms of concerns, rectifications and documents from above."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.rules.kinds import ConcernSource, ProblemSource
from apps.tasks.forms import CloseForm, TaskForm
from apps.tasks.forms_assign import BranchesForm
from apps.ui.forms import DateInput, idempotency_field, version_field

NEUTRAL = "用中性的话写事情本身，如“楼道灯不亮”。不写姓名，不引用谈话内容。"


class ConcernForm(TaskForm):
    kept = (*TaskForm.kept, "raised_by", "raised_on")

    field_order = ("title", "raised_by", "raised_on", "due_on", "owner", "detail")
    title = forms.CharField(label="诉求", max_length=100, help_text=NEUTRAL)
    raised_by = forms.ChoiceField(label="谁提出的", choices=ConcernSource.choices(), widget=forms.RadioSelect)
    raised_on = forms.DateField(label="提出日期", widget=DateInput)
    due_on = forms.DateField(label="答复期限", widget=DateInput)
    detail = forms.CharField(
        label="补充说明", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=NEUTRAL
    )


class ConcernUpdateForm(ConcernForm):
    idempotency_key = None
    version = version_field()


class ConcernCloseForm(CloseForm):
    result = forms.CharField(
        label="办理结果",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="办成了什么；办不了的，写明原因和怎么解释的。",
    )
    told_on = forms.DateField(
        label="向提出人反馈的日期",
        widget=DateInput,
        help_text="还没有反馈的，先去反馈，再来办结。",
    )


class RectificationForm(TaskForm):
    kept = (*TaskForm.kept, "source", "found_on", "measure")

    field_order = ("title", "source", "found_on", "measure", "owner", "due_on", "detail")
    title = forms.CharField(label="问题", max_length=100, help_text="一句话说清具体表现。")
    source = forms.ChoiceField(label="问题来源", choices=ProblemSource.choices())
    found_on = forms.DateField(label="发现日期", widget=DateInput)
    measure = forms.CharField(label="整改措施", widget=forms.Textarea(attrs={"rows": 3}))
    due_on = forms.DateField(label="整改时限", widget=DateInput)
    detail = forms.CharField(label="补充说明", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class RectificationUpdateForm(RectificationForm):
    idempotency_key = None
    version = version_field()


class RectificationCloseForm(CloseForm):
    field_order = ("result", "evidence", "closed_on")
    result = forms.CharField(label="整改结果", widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(
        label="销号依据",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="凭什么说改好了：看了什么、问了谁、哪份记录。写文字即可，不要求照片。",
    )
    closed_on = forms.DateField(label="销号日期", widget=DateInput)


class PaperForm(forms.Form):
    """What every document asks for, received or sent."""

    title = forms.CharField(label="文件标题", max_length=200)
    number = forms.CharField(
        label="文号", max_length=60, required=False, help_text="如：青委发〔2026〕12 号；没有可不填。"
    )
    issuer = forms.CharField(label="发文单位", max_length=100)
    convey_by = forms.DateField(
        label="传达期限", required=False, widget=DateInput, help_text="不要求开会传达的，不填。"
    )
    asks_action = forms.BooleanField(label="要求组织落实（不只是学习传达）", required=False)
    do_by = forms.DateField(label="落实期限", required=False, widget=DateInput)
    requirement = forms.CharField(
        label="要求摘要",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="两三句话即可。涉密文件不得录入。",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("asks_action") and "do_by" in data and not data["do_by"]:
            self.add_error("do_by", "要求组织落实的文件，请填落实期限。")
        if data.get("do_by") and not data.get("asks_action"):
            self.add_error("asks_action", "填了落实期限，请勾选“要求组织落实”；不要求落实的，请清空期限。")
        return data


class DirectiveForm(PaperForm):
    field_order = ("title", "number", "issuer", "received_on", "convey_by", "asks_action", "do_by")
    received_on = forms.DateField(label="收文日期", widget=DateInput)
    idempotency_key = idempotency_field()


class DirectiveUpdateForm(DirectiveForm):
    idempotency_key = None
    version = version_field()


class CircularForm(PaperForm, BranchesForm):
    """The same paper, for many branches at once."""

    field_order = (*PaperForm.base_fields, *BranchesForm.base_fields)

    def circular(self) -> dict[str, Any]:
        """The fields of the service."""
        data = self.cleaned_data
        paper = {name: data[name] for name in PaperForm.base_fields}
        return {"branches": self.chosen(), "idempotency_key": data["idempotency_key"], **paper}
