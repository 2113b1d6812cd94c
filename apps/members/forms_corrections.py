"""Asking for a correction: the field's own input, so that what is asked for can be written as it stands."""

from __future__ import annotations

import copy
from typing import Any

from django import forms

from apps.members.forms import CLEAR_WORD, SECTIONS, MemberForm
from apps.members.id_numbers import WrongIdNumber, read_id_number
from apps.members.models import CORRECTABLE, CorrectionRequest, Member
from apps.members.policies import SECRET_FIELDS
from apps.members.roster_cells import READERS, WrongCell
from apps.members.roster_changes import shown_value
from apps.members.services_corrections import NO, OTHER, YES, value_of
from apps.ui.forms import idempotency_field, version_field
from apps.vault.fields import Locked

LONGEST = 1000
#: Fields that a record always has; the others may be struck out.
NEVER_BLANK = frozenset({"name", "status", "is_mobile"})
OTHER_HINT = "如出席、任职、党小组、表决权等。请写明哪一条、应当是什么。"


def recorded_value(member: Member, field: str) -> Any:
    if field == OTHER:
        return ""
    return member.person.name if field == "name" else getattr(member, field)


def words_of(field: str, value: Any, *, clear: bool) -> str:
    """A value of the record as it is read; numbers and addresses in clear only to the member himself."""
    return str(value) if clear and field in SECRET_FIELDS else shown_value(field, value)


def asked_words(correction: CorrectionRequest, *, clear: bool) -> str:
    asked = str(correction.asked)
    if correction.field == OTHER or isinstance(correction.asked, Locked):
        return asked
    if not asked:
        return "（删去现登记的内容）"
    return words_of(correction.field, value_of(field=correction.field, text=asked), clear=clear)


def fields_to_choose(member: Member) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """(section, [(field, label, what is recorded)]) of everything that can be put right by a request."""
    base = MemberForm.base_fields
    found = []
    for legend, names in SECTIONS:
        rows = [
            (name, str(base[name].label), words_of(name, recorded_value(member, name), clear=False))
            for name in names
            if name in CORRECTABLE
        ]
        found.append((legend, rows))
    return found


class AskForm(forms.Form):
    """One field of the record: what it should say, what is wrong, and by which document."""

    wrong = forms.CharField(
        label="哪里不对",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="可以不填。",
    )
    reason = forms.CharField(
        label="依据",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="凭什么材料可以核对，如：身份证、户口簿、毕业证、入党志愿书。",
    )
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field_name = field
        self.fields["asked"] = _input_of(field)
        self.order_fields(["asked", "wrong", "reason", "idempotency_key"])
        self.clearable = field not in NEVER_BLANK and isinstance(self.fields["asked"], forms.CharField)
        if self.clearable and field != OTHER:
            self.fields["asked"].help_text = f"要删去现登记的内容，请填“{CLEAR_WORD}”。"

    def clean_asked(self) -> Any:
        value = self.cleaned_data["asked"]
        if self.field_name == "is_mobile":
            return value == YES
        if self.clearable and value == CLEAR_WORD:
            return ""
        return _read(self.field_name, value)


def _input_of(field: str) -> forms.Field:
    """The input of the record's own form, always to be filled in."""
    if field == OTHER:
        area = forms.Textarea(attrs={"rows": 4})
        return forms.CharField(label="要更正的内容", max_length=LONGEST, widget=area, help_text=OTHER_HINT)
    if field == "is_mobile":
        choices = [("", "请选择"), (YES, "是"), (NO, "否")]
        return forms.ChoiceField(label="应改为", choices=choices)
    made = copy.deepcopy(MemberForm.base_fields[field])
    made.label, made.required, made.help_text = "应改为", True, ""
    return made


def _read(field: str, value: Any) -> Any:
    try:
        if field == "id_number":
            return read_id_number(value).text
        return READERS[field](value) if field in READERS and field not in ("sex", "status") else value
    except (WrongCell, WrongIdNumber) as error:
        raise forms.ValidationError(f"{error}。") from None


class AnswerForm(forms.Form):
    """`asked` only shows what will be written, and is where a refusal of it appears."""

    asked = forms.CharField(label="将改为", disabled=True, required=False)
    answer = forms.CharField(
        label="答复", max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = version_field()

    def __init__(self, *args: Any, correction: CorrectionRequest, **kwargs: Any) -> None:
        initial = {"asked": asked_words(correction, clear=False), "version": correction.version}
        super().__init__(*args, initial=initial, **kwargs)
        if correction.field == OTHER:
            del self.fields["asked"]
            self.fields["answer"].required = True
            self.fields["answer"].help_text = "请先在相应的页面改好，再写明是怎样更正的。本人可以看到。"
        else:
            self.fields["answer"].help_text = "可以不填。本人可以看到。"

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("answer", "version")}


class RefusalForm(forms.Form):
    answer = forms.CharField(
        label="不予更正的理由",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="至少 5 个字，写明核对了什么材料。本人可以看到。",
    )
    version = version_field()
