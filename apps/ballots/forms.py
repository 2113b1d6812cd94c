"""Forms of a poll: its draft, the ballot itself, the passphrase, and the totals of paper ballots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.ballots.models import Poll, Question
from apps.ballots.services import FIELDS
from apps.members.models import Member
from apps.rules.ballots import TEXT_LENGTH, TEXT_THRESHOLD, THRESHOLD
from apps.ui.forms import DateInput, SearchSelect, idempotency_field, version_field

#: No branch hands out more ballots.
MOST_BALLOTS = 100_000


def search_words(member: Member) -> str:
    return f"{member.person.pinyin} {member.person.initials}"


class PollForm(forms.ModelForm):
    words = forms.CharField(
        label="事项",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一项。议题表决、其他测评必填；测评班子和书记已有固定项目，可以再加；评议党员不用填。",
    )
    with_text = forms.BooleanField(
        label="最后加一栏“意见和建议”",
        required=False,
        help_text=f"不满 {TEXT_THRESHOLD} 张票的，文字意见不显示也不保存。",
    )

    class Meta:
        model = Poll
        fields = FIELDS
        widgets = {
            "closes_on": DateInput,
            "teller_one": SearchSelect(words=search_words),
            "teller_two": SearchSelect(words=search_words),
        }
        help_texts = {
            "electorate": "开始投票的当天冻结名册，以后不再变。主持不把持等六项只问支部委员会成员。",
            "threshold": f"至少 {THRESHOLD} 张。议题表决须如实公布票数，不受此限。",
            "text_threshold": f"至少 {TEXT_THRESHOLD} 张。",
            "teller_one": "由计票人或监票人开始投票、保管开票口令。不能是被测评的书记本人。",
        }

    def __init__(self, *args: Any, members: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("teller_one", "teller_two"):
            self.fields[name].queryset = members
        there = self.instance.pk is not None
        self.fields["version" if there else "idempotency_key"] = (
            version_field() if there else idempotency_field()
        )
        if there:
            self.initial["version"] = self.instance.version

    def given(self) -> dict[str, Any]:
        """What the service writes."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        rest = {name: value for name, value in self.cleaned_data.items() if name not in FIELDS}
        return {"values": values, **rest}


class VoteForm(forms.Form):
    """The ballot: one field for each question that is put to this voter."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"q{question.pk}"] = (
                _text_field(question) if question.is_text else _grade_field(question)
            )

    def answers(self) -> dict[int, int | str]:
        return {
            one.pk: self.cleaned_data[f"q{one.pk}"] if one.is_text else int(self.cleaned_data[f"q{one.pk}"])
            for one in self.questions
        }


def _grade_field(question: Question) -> forms.ChoiceField:
    choices = [(str(place), words) for place, words in enumerate(question.grades)]
    errors = {"required": "这一项还没有选。"}
    return forms.ChoiceField(
        label=question.words, choices=choices, widget=forms.RadioSelect, error_messages=errors
    )


def _text_field(question: Question) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "class": "form-control", "autocomplete": "off"})
    return forms.CharField(label=question.words, required=False, max_length=TEXT_LENGTH, widget=area)


class PassphraseForm(forms.Form):
    passphrase = forms.CharField(
        label="开票口令",
        max_length=100,
        help_text="打印件上的六个词，用空格隔开。",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class DestroyForm(forms.Form):
    reason = forms.CharField(label="作废原因", max_length=200)


class PaperForm(forms.Form):
    """How many ballots there were, and the votes of every grade of every question."""

    issued = forms.IntegerField(label="发出", min_value=0, max_value=MOST_BALLOTS)
    returned = forms.IntegerField(label="收回", min_value=0, max_value=MOST_BALLOTS)
    valid = forms.IntegerField(label="有效", min_value=0, max_value=MOST_BALLOTS)
    invalid = forms.IntegerField(label="无效", min_value=0, max_value=MOST_BALLOTS, initial=0)

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = [one for one in questions if not one.is_text]
        for question in self.questions:
            for place, words in enumerate(question.grades):
                self.fields[f"n{question.pk}_{place}"] = forms.IntegerField(
                    label=f"{question.words}：{words}", min_value=0, max_value=MOST_BALLOTS, initial=0
                )
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-control", "inputmode": "numeric"}

    def numbers(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in ("issued", "returned", "valid", "invalid")}

    def votes(self) -> dict[int, list[int]]:
        return {
            one.pk: [self.cleaned_data[f"n{one.pk}_{place}"] for place in range(len(one.grades))]
            for one in self.questions
        }

    def rows(self) -> list[tuple[str, list[tuple[forms.BoundField, str]]]]:
        """The fields as they stand on the page: the ballots, then each question with its grades."""
        counted = ("issued", "returned", "valid", "invalid")
        found = [("选票（张）", [(self[name], str(self[name].label)) for name in counted])]
        for one in self.questions:
            fields = [(self[f"n{one.pk}_{place}"], words) for place, words in enumerate(one.grades)]
            found.append((one.words, fields))
        return found
