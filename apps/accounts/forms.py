"""The forms of sign-in, passwords and accounts."""

from __future__ import annotations

from django import forms

from apps.accounts.models import User
from apps.rules.kinds import Kind
from apps.ui.forms import idempotency_field, version_field

#: AUTH_PASSWORD_VALIDATORS in words, shown before anybody types.
RULES_IN_WORDS = (
    "至少 10 个字；不能全是数字，不能是常见密码，也不能与您的姓名、拼音或登录名相似。"
    "建议用一句只有自己知道的话。"
)


class Duty(Kind):
    """What somebody does for the system as a whole, besides (never: within) the branches."""

    NONE = "none", "无（普通账号）"
    OPERATOR = "operator", "系统操作员：管理账号和系统设置，看不到支部内容"
    AUDITOR = "auditor", "审计员：查阅操作记录，看不到支部内容"


def password_field(label: str, *, new: bool, help_text: str = "") -> forms.CharField:
    autocomplete = "new-password" if new else "current-password"
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        help_text=help_text,
    )


class SignInForm(forms.Form):
    username = forms.CharField(
        label="登录名",
        max_length=50,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        ),
    )
    password = password_field("密码", new=False)


class ConfirmPasswordForm(forms.Form):
    password = password_field("密码", new=False)


class NewPasswordForm(forms.Form):
    new = password_field("新密码", new=True, help_text=RULES_IN_WORDS)
    again = password_field("再输一遍新密码", new=True)

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError("两次输入的密码不一致。")
        return again


class PasswordChangeForm(NewPasswordForm):
    old = password_field("原密码", new=False)
    field_order = ["old", "new", "again"]


class SetupForm(NewPasswordForm):
    name = forms.CharField(label="姓名", max_length=50)
    username = forms.CharField(
        label="登录名",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        help_text=User._meta.get_field("username").help_text,
    )
    field_order = ["name", "username", "new", "again"]


class PersonForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=50)


class PersonCreateForm(PersonForm):
    idempotency_key = idempotency_field()


class PersonUpdateForm(PersonForm):
    version = version_field()


class LoginNameForm(forms.Form):
    username = forms.CharField(
        label="登录名",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text=User._meta.get_field("username").help_text,
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="事由", max_length=200, help_text="例如：调离本单位、长期不用。会写入操作记录。"
    )


class DutyForm(forms.Form):
    duty = forms.ChoiceField(label="系统职责", choices=Duty.choices(), widget=forms.RadioSelect)

    def flags(self) -> dict[str, bool]:
        duty = self.cleaned_data["duty"]
        return {"is_operator": duty == Duty.OPERATOR, "is_auditor": duty == Duty.AUDITOR}


def duty_of(person: User) -> Duty:
    if person.is_operator:
        return Duty.OPERATOR
    return Duty.AUDITOR if person.is_auditor else Duty.NONE
