from __future__ import annotations

from django import forms

from apps.accounts.forms import password_field
from apps.workbench.services_mine import Form


class OwnExportForm(forms.Form):
    form = forms.ChoiceField(
        label="文件格式", choices=Form.choices(), initial=Form.DOCUMENT, widget=forms.RadioSelect
    )
    password = password_field(
        "您的登录密码", new=False, help_text="文件含身份证号、谈话内容等信息，请再输一次密码确认。"
    )
