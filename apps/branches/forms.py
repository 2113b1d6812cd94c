"""Forms of the tree, of terms and posts, and of local rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization, RuleOverride, Term
from apps.rules.kinds import BranchForm, OrgKind, Period, PostKind
from apps.ui.forms import DateInput, SearchSelect, version_field


class OrganizationForm(forms.ModelForm):
    class Meta:
        model = Organization
        fields = (
            "name",
            "short_name",
            "form",
            "is_village",
            "founded_on",
            "units_covered",
            "records_since",
            "contact_name",
            "contact_phone",
        )
        widgets = {"founded_on": DateInput(), "records_since": DateInput()}

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == OrgKind.GROUP:
            self._keep("name", "short_name", "founded_on")
        elif kind != OrgKind.BRANCH:
            self._keep("name", "short_name", "founded_on", "contact_name", "contact_phone")
        else:
            self.fields["form"].choices = BranchForm.choices()
            self.fields["form"].required = True
        if self.instance.pk:
            self.fields["version"] = version_field()
            self.initial["version"] = self.instance.version

    def _keep(self, *names: str) -> None:
        for name in list(self.fields):
            if name not in names:
                del self.fields[name]


class KindForm(forms.Form):
    """Which kind of organization to set up below this one."""

    kind = forms.ChoiceField(label="组织类别")

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, OrgKind(kind).label) for kind in kinds]


class CloseForm(forms.Form):
    closed_on = forms.DateField(label="撤销时间", widget=DateInput)
    reason = forms.CharField(label="批准（决定）机关和事由", max_length=300)


class MoveForm(forms.Form):
    parent = forms.ModelChoiceField(label="新的上级党组织", queryset=None, widget=SearchSelect)

    def __init__(self, *args: Any, parents: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents


class TermForm(forms.Form):
    number = forms.IntegerField(label="第几届", min_value=1, max_value=60)
    starts_on = forms.DateField(label="选举产生日期", widget=DateInput)
    years = forms.TypedChoiceField(
        label="任期",
        coerce=int,
        choices=[(3, "3 年（一般党支部）"), (5, "5 年（村、社区党支部）")],
        help_text="《支部工作条例》：村、社区党支部委员会每届任期 5 年，其他一般 3 年。",
    )
    with_committee = forms.BooleanField(
        label="设支部委员会",
        required=False,
        initial=True,
        help_text="正式党员 7 人以上应当设委员会；不足 7 人的设书记 1 名，必要时设副书记 1 名。",
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organization.kind != OrgKind.BRANCH:
            self.fields["years"].choices = [(5, "5 年"), (3, "3 年")]
            self.fields["years"].help_text = "按上级党组织批准的任期填写。"
            self.fields["with_committee"].label = "设委员会"
            self.fields["with_committee"].help_text = ""


class TermUpdateForm(forms.ModelForm):
    class Meta:
        model = Term
        fields = ("ends_on", "with_committee")
        widgets = {"ends_on": DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = version_field()
        self.initial["version"] = self.instance.version


class ExtendForm(forms.Form):
    extended_to = forms.DateField(
        label="批准延期至", widget=DateInput, help_text="延期须经上级党委批准，一般不超过 1 年。"
    )
    note = forms.CharField(label="批复文号或说明", max_length=200)


class PostForm(forms.Form):
    """Appoint somebody by login name; people without a login are appointed from the roster."""

    username = forms.CharField(
        label="登录名", max_length=50, help_text="填写此人的登录名，由系统操作员开通。"
    )
    kind = forms.ChoiceField(label="职务")
    starts_on = forms.DateField(label="任职日期", widget=DateInput)
    note = forms.CharField(
        label="任职方式", max_length=100, required=False, help_text="如：选举产生、上级任命、补选。"
    )

    def __init__(self, *args: Any, people: QuerySet[User], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["kind"].choices = [(kind, PostKind(kind).label) for kind in kinds]

    def clean_username(self) -> User:
        person = self.people.filter(username=self.cleaned_data["username"].strip()).first()
        if person is None:
            raise forms.ValidationError("没有这个登录名。请核对，或请系统操作员先开通账号。")
        return person

    def appointment(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"person": data["username"], **{name: data[name] for name in ("kind", "starts_on", "note")}}


class RootForm(forms.Form):
    name = forms.CharField(label="党委全称", max_length=100)
    founded_on = forms.DateField(label="成立时间", required=False, widget=DateInput)


class EndPostForm(forms.Form):
    ends_on = forms.DateField(
        label="免职日期", widget=DateInput, help_text="从这一天起不再任职，系统权限同时停止。"
    )
    reason = forms.CharField(label="事由", max_length=200, help_text="如：届满、调离、工作变动。")


class OverrideForm(forms.ModelForm):
    class Meta:
        model = RuleOverride
        fields = (
            "organization",
            "code",
            "applies",
            "period",
            "min_count",
            "reason",
            "valid_from",
            "valid_to",
        )
        widgets = {"valid_from": DateInput(), "valid_to": DateInput(), "organization": SearchSelect()}

    def __init__(
        self, *args: Any, organizations: QuerySet[Organization], codes: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations
        self.fields["code"] = forms.ChoiceField(label="规则", choices=codes)
        self.fields["period"].choices = [("", "不改变"), *Period.choices()]
        self.fields["min_count"].help_text = "留空表示不改变。"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("applies") and not data.get("period") and data.get("min_count") is None:
            self.add_error("min_count", "请填写最少次数或周期；如果不要求执行，请去掉“要求执行”的勾。")
        return data


class EndOverrideForm(forms.Form):
    valid_to = forms.DateField(label="停止执行", widget=DateInput)


class ExcuseForm(forms.Form):
    code = forms.ChoiceField(label="哪一项")
    period_start = forms.DateField(
        label="哪个周期",
        widget=DateInput,
        help_text="填这个周期中的任一天。",
    )
    reason = forms.CharField(label="事由", max_length=300, help_text="写明为什么这一周期可以不做。")

    def __init__(self, *args: Any, codes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = codes


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤回原因", max_length=300)
