"""Forms of documents: whose year books are made, and a committee's own template."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.branches.models import Organization
from apps.documents.queries import FIRST_YEAR, LAST_YEAR
from apps.documents.template_fields import TemplateKind
from apps.ui.forms import SearchSelect, idempotency_field


class YearBooksForm(forms.Form):
    committee = forms.ModelChoiceField(
        label="党组织", queryset=None, widget=SearchSelect, help_text="它下面的每个党支部各一本。"
    )
    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def __init__(self, *args: Any, committees: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = committees


class TemplateForm(forms.Form):
    organization = forms.ModelChoiceField(
        label="用于", queryset=None, widget=SearchSelect, help_text="这个党组织和它下面的所有党支部。"
    )
    kind = forms.ChoiceField(label="材料", choices=TemplateKind.choices())
    file = forms.FileField(
        label="模板文件",
        max_length=200,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        help_text="只收 .docx，不超过 3 MB。上传时先试填一次，填不成的不保存。",
    )
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="可以不填，如：按组织部 2026 年 3 月的样式。"
    )
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations
