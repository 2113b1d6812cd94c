"""Forms of a member's record. Numbers and addresses are never filled in: what is recorded shows masked."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.db.models import QuerySet

from apps.branches.models import Organization
from apps.members.models import Member
from apps.members.policies import SECRET_FIELDS
from apps.members.roster_cells import READERS, WrongCell
from apps.members.roster_changes import secret_mask, shown_value
from apps.members.roster_columns import RosterForm
from apps.members.services import LABELS
from apps.rules.kinds import ElectionExclusion, ExemptReason, MembershipState, VoteException
from apps.ui.forms import DateInput, FormButtons, SearchSelect, form_helper, idempotency_field, version_field

CLEAR_WORD = "无"
SECTIONS = (
    ("基本信息", ("name", "sex", "ethnicity", "native_place", "id_number", "born_on")),
    ("党籍", ("branch", "group", "status", "admitted_on", "full_since", "joined_on")),
    ("学历与工作", ("education", "degree", "work_started_on", "work_unit", "job_title")),
    ("联系方式", ("mobile_phone", "landline", "address")),
    ("流动情况", ("is_mobile", "mobile_place", "mobile_since", "contact_until")),
    ("备注", ("remark",)),
)
DATES = (
    "born_on",
    "work_started_on",
    "admitted_on",
    "full_since",
    "joined_on",
    "mobile_since",
    "contact_until",
)


class MemberForm(forms.ModelForm):
    name = forms.CharField(label="姓名", max_length=50)
    id_number = forms.CharField(
        label="身份证号", max_length=20, required=False, help_text="18 位。填写后，出生日期和性别可以不填。"
    )
    mobile_phone = forms.CharField(label="手机", max_length=20, required=False, help_text="11 位。")
    landline = forms.CharField(label="固定电话", max_length=30, required=False)
    address = forms.CharField(label="家庭住址", max_length=200, required=False)

    class Meta:
        model = Member
        fields = (
            "sex",
            "ethnicity",
            "native_place",
            "born_on",
            "education",
            "degree",
            "work_started_on",
            "work_unit",
            "job_title",
            "status",
            "admitted_on",
            "full_since",
            "joined_on",
            "is_mobile",
            "mobile_place",
            "mobile_since",
            "contact_until",
            "remark",
        )
        widgets = {name: DateInput() for name in DATES}
        help_texts = {
            "admitted_on": "支部党员大会通过接收为预备党员的日期。",
            "full_since": "支部党员大会通过转正的日期；预备党员不填。",
            "joined_on": "组织关系转入或编入本支部的日期，不清楚可以不填。",
            "contact_until": "流动党员至少每半年联系一次。",
        }

    def clean_name(self) -> str:
        return _read("name", self.cleaned_data["name"])

    def clean_ethnicity(self) -> str:
        text = self.cleaned_data["ethnicity"]
        return _read("ethnicity", text) if text else ""

    def clean_mobile_phone(self) -> str:
        return _read_secret("mobile_phone", self.cleaned_data["mobile_phone"])

    def clean_landline(self) -> str:
        return _read_secret("landline", self.cleaned_data["landline"])

    def lay_out(self, *, submit: str, back_url: str) -> None:
        """Sections instead of one long column."""
        self.helper = form_helper(submit=submit, back_url=back_url)
        self.helper.layout = _sections(self, submit=submit, back_url=back_url)


def _read(key: str, text: str) -> str:
    try:
        return READERS[key](text)
    except WrongCell as error:
        raise forms.ValidationError(f"{error}。") from None


def _read_secret(key: str, text: str) -> str:
    return _read(key, text) if text and text != CLEAR_WORD else text


def _sections(form: forms.BaseForm, *, submit: str, back_url: str) -> Layout:
    hidden = [name for name, field in form.fields.items() if field.widget.is_hidden]
    parts = []
    for legend, names in SECTIONS:
        here = [Div(name, css_class="col-12 col-md-6") for name in names if name in form.fields]
        if here:
            parts.append(Fieldset(legend, Div(*here, css_class="row ui-form-grid")))
    return Layout(*hidden, *parts, FormButtons(submit=submit, back_url=back_url))


class CreateForm(MemberForm):
    """The branch is asked only of those who keep several."""

    branch = forms.ModelChoiceField(label="所在党支部", queryset=None, widget=SearchSelect)
    idempotency_key = idempotency_field()
    helper: FormHelper

    def __init__(
        self,
        *args: Any,
        branches: QuerySet[Organization],
        groups: QuerySet[Organization] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches.order_by("path")
        if groups is not None:
            self.fields["group"] = _group_field(groups)
        self.lay_out(submit="保存", back_url="/members/")

    def record(self) -> dict[str, Any]:
        return {
            key: "" if value == CLEAR_WORD and key in SECRET_FIELDS else value
            for key, value in self.cleaned_data.items()
        }


def _group_field(groups: QuerySet[Organization]) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(label="党小组", queryset=groups, required=False, empty_label="不编入党小组")


class UpdateForm(MemberForm):
    """Opened on a record; a blank number or address leaves the recorded one as it is."""

    version = version_field()
    helper: FormHelper

    def __init__(self, *args: Any, member: Member, groups: QuerySet[Organization], **kwargs: Any) -> None:
        initial = {name: getattr(member, name) for name in self._meta.fields}
        initial |= {"name": member.person.name, "group": member.group_id, "version": member.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["group"] = _group_field(groups)
        self.member = member
        for name in SECRET_FIELDS:
            recorded = str(getattr(member, name))
            if recorded:
                masked = secret_mask(name, recorded)
                self.fields[name].help_text = f"现登记：{masked}。留空不改，填“{CLEAR_WORD}”清除。"
        self.lay_out(submit="保存修改", back_url=f"/members/{member.pk}/")

    def record(self) -> dict[str, Any]:
        """What the service is to write: blank secrets are left out, the clearing word clears."""
        data = dict(self.cleaned_data)
        for name in SECRET_FIELDS:
            if not data[name]:
                del data[name]
            elif data[name] == CLEAR_WORD:
                data[name] = ""
        return data

    def conflicts(self) -> list[tuple[str, str, str]]:
        """(label, what is recorded now, what was typed) after a stale save; saving again then overwrites."""
        if not self.is_bound or self.data.get("version") == str(self.member.version):
            return []
        self.data = self.data.copy()
        self.data["version"] = str(self.member.version)
        return [row for name in self.fields if (row := self._conflict(name))]

    def _conflict(self, name: str) -> tuple[str, str, str] | None:
        typed = self.cleaned_data.get(name)
        if name == "version" or (name in SECRET_FIELDS and not typed):
            return None
        recorded = self.member.person.name if name == "name" else getattr(self.member, name)
        if typed == recorded:
            return None
        label = str(self.fields[name].label or LABELS.get(name, name))
        return label, shown_value(name, recorded), shown_value(name, typed)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="事由",
        max_length=200,
        help_text="至少 5 个字，如“核对转接介绍信”。事由记入操作记录，本人可以看到。",
    )

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            self.fields["reason"].required = False
            self.fields["reason"].help_text = "查看本人的信息可以不填。"


class StateForm(forms.Form):
    state = forms.ChoiceField(label="党籍状态", choices=MembershipState.choices())
    since = forms.DateField(label="从哪一天起", widget=DateInput, help_text="批准或决定的日期。")
    reason = forms.CharField(label="依据和原因", max_length=200, help_text="批准机关、文号或转接去向。")
    version = version_field()

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": member.version}, **kwargs)
        self.fields["state"].choices = [pair for pair in MembershipState.choices() if pair[0] != member.state]


class ExemptionForm(forms.Form):
    exempt_reason = forms.ChoiceField(
        label="不作出席要求的原因",
        required=False,
        choices=[("", "不适用（照常要求出席）"), *ExemptReason.choices()],
    )
    exempt_decided_on = forms.DateField(label="支部决定日期", required=False, widget=DateInput)
    needs_care = forms.BooleanField(label="需要关怀", required=False, help_text="生活困难、老弱病残等。")
    care_note = forms.CharField(label="关怀说明", max_length=200, required=False)
    version = version_field()

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        names = ("exempt_reason", "exempt_decided_on", "needs_care", "care_note", "version")
        super().__init__(*args, initial={name: getattr(member, name) for name in names}, **kwargs)


class VoteExceptionForm(forms.Form):
    vote_exception = forms.ChoiceField(
        label="情形", required=False, choices=[("", "没有（有表决权、选举权）"), *VoteException.choices()]
    )
    vote_exception_from = forms.DateField(label="自", required=False, widget=DateInput)
    vote_exception_to = forms.DateField(
        label="至（不含当日）", required=False, widget=DateInput, help_text="未到期可以不填。"
    )
    reason = forms.CharField(label="依据", max_length=200, help_text="处分决定文号或办案机关通知。")
    version = version_field()

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        names = ("vote_exception", "vote_exception_from", "vote_exception_to", "version")
        super().__init__(*args, initial={name: getattr(member, name) for name in names}, **kwargs)


class ExclusionForm(forms.Form):
    election_exclusion = forms.ChoiceField(
        label="情形", required=False, choices=[("", "没有（选举时计入应到会）"), *ElectionExclusion.choices()]
    )
    exclusion_approved_on = forms.DateField(label="上级党组织同意日期", required=False, widget=DateInput)
    exclusion_passed_on = forms.DateField(
        label="党员大会通过日期",
        required=False,
        widget=DateInput,
        help_text="两个日期都填写后才生效；缺一个，选举时仍计入应到会人数。",
    )
    version = version_field()

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        names = ("election_exclusion", "exclusion_approved_on", "exclusion_passed_on", "version")
        super().__init__(*args, initial={name: getattr(member, name) for name in names}, **kwargs)


class GroupForm(forms.Form):
    """Several members of one branch at once."""

    group = forms.ModelChoiceField(
        label="编入", queryset=None, required=False, empty_label="不编入党小组（移出）"
    )
    members = forms.ModelMultipleChoiceField(
        label="党员",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一名党员。"},
    )

    def __init__(
        self, *args: Any, members: QuerySet[Member], groups: QuerySet[Organization], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = members
        self.fields["members"].label_from_instance = _with_group
        self.fields["group"].queryset = groups


def _with_group(member: Member) -> str:
    return f"{member.person.name}（{member.group.name if member.group else '未编组'}）"


class BranchForm(forms.Form):
    branch = forms.ModelChoiceField(label="党支部", queryset=None, widget=SearchSelect)

    def __init__(self, *args: Any, branches: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches.order_by("path")
        self.helper = form_helper(submit="下一步", back_url="/members/")
        self.helper.form_method, self.helper.disable_csrf = "get", True


class UploadForm(forms.Form):
    organization = forms.ModelChoiceField(
        label="导入到", queryset=None, widget=SearchSelect, empty_label=None
    )
    file = forms.FileField(
        label="花名册文件",
        max_length=200,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text="只收 .xlsx，不超过 5 MB、20000 人。上传后先预览，确认前不写入任何内容。",
    )

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations


class ExportForm(forms.Form):
    form = forms.TypedChoiceField(
        label="栏目",
        choices=RosterForm.choices(),
        coerce=RosterForm,
        required=False,
        initial=RosterForm.FULL,
        empty_value=RosterForm.FULL,
        help_text="16 项是上级通常要的样式，空格填“无”；长表是工作手册里的样式。三种都可以改好再导入。",
    )
    clear = forms.BooleanField(
        label="身份证号、电话、住址导出全文",
        required=False,
        help_text="不勾选则以星号遮盖。导出全文须写明事由，并记入操作记录。",
    )
    reason = forms.CharField(label="事由", max_length=200, required=False)

    def __init__(self, *args: Any, clear_allowed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not clear_allowed:
            del self.fields["clear"], self.fields["reason"]
