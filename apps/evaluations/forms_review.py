"""What reviewers and the committee fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from apps.evaluations.services_review import GivenMark, ReasonMissing
from apps.rules.branch_review import needs_reason
from apps.rules.figures import FigureState
from apps.ui.forms import DateInput, idempotency_field, version_field

REASON_LENGTH = 1000


def grade_choices(grades: Mapping[int, str]) -> list[tuple[str, str]]:
    return [(str(grade), name) for grade, name in grades.items()]


def grade_field(label: str, *, grades: Mapping[int, str], required: bool = False) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=grade_choices(grades),
        widget=forms.RadioSelect,
        required=required,
        coerce=int,
        empty_value=None,
    )


def reason_field(*, label: str = "理由") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2, "class": "form-control"})
    return forms.CharField(label=label, required=False, max_length=REASON_LENGTH, widget=area)


class MarksForm(forms.Form):
    """A grade and a reason for each of some standards. Those left open are kept open."""

    version = version_field()
    #: What is said where a reason is missing.
    wanting = ReasonMissing.default

    def __init__(
        self,
        data: Any = None,
        *,
        standards: Mapping[int, str],
        grades: Mapping[int, str],
        given: Mapping[int, tuple[int, str]],
        version: int,
    ) -> None:
        """`standards`: key → its words; `given`: what stands there so far."""
        initial: dict[str, Any] = {"version": version}
        for pk, (grade, reason) in given.items():
            initial |= {f"grade_{pk}": grade, f"reason_{pk}": reason}
        super().__init__(data, initial=initial)
        self.standards, self.grades = standards, grades
        for pk, words in standards.items():
            self.fields[f"grade_{pk}"] = grade_field(f"{words}：等次", grades=grades)
            self.fields[f"reason_{pk}"] = reason_field(label=f"{words}：理由")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for pk in self.standards:
            grade, reason = data.get(f"grade_{pk}"), data.get(f"reason_{pk}", "")
            if grade is None and reason and f"grade_{pk}" not in self.errors:
                self.add_error(f"grade_{pk}", "写了理由，还没有选等次。")
            if grade is not None and not reason and self.wants_reason(pk, grade=grade):
                self.add_error(f"reason_{pk}", self.wanting)
        return data

    def wants_reason(self, pk: int, *, grade: int) -> bool:  # noqa: ARG002 - whoever chooses between two says why
        return True

    def marks(self) -> list[GivenMark]:
        data = self.cleaned_data
        return [
            GivenMark(standard_id=pk, grade=data[f"grade_{pk}"], reason=data[f"reason_{pk}"])
            for pk in self.standards
            if data[f"grade_{pk}"] is not None
        ]

    def pair(self, pk: int) -> tuple[forms.BoundField, forms.BoundField]:
        return self[f"grade_{pk}"], self[f"reason_{pk}"]


class ReviewForm(MarksForm):
    """A reviewer's: a reason only where his grade differs from the evidence."""

    def __init__(self, *args: Any, states: Mapping[int, FigureState | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.states = states

    def wants_reason(self, pk: int, *, grade: int) -> bool:
        return needs_reason(grade, grades=len(self.grades), state=self.states.get(pk))


class SummaryForm(forms.Form):
    summary = forms.CharField(
        label="总体评价",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="做得好的、不足的、给支部的建议。",
    )
    version = version_field()

    def __init__(self, *args: Any, grades: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = grade_field("建议等次", grades=grades)
        field.help_text = "只供党组织研究时参考，系统不推算。可以不填。"
        self.fields["suggested_grade"] = field


class VisitForm(forms.Form):
    visited_on = forms.DateField(label="实地了解的日期", widget=DateInput)
    text = forms.CharField(
        label="了解到的情况",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="看了什么、问了谁、情况怎样。不写与评审无关的个人信息。",
    )
    idempotency_key = idempotency_field()


class HandInForm(forms.Form):
    """On the screen it is today; from paper the day that stands on the sheet."""

    version = version_field()

    def __init__(self, *args: Any, on_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if on_paper:
            self.fields["handed_in_on"] = forms.DateField(label="纸质评审表上的日期", widget=DateInput)


class RecuseForm(forms.Form):
    reason = forms.CharField(
        label="回避的原因", max_length=200, help_text="如：爱人在这个支部任职。上级党组织会看到。"
    )


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="退回的原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明哪几条要再看、为什么。评审人会看到。",
    )


class TellForm(forms.Form):
    told_on = forms.DateField(label="告知支部的日期", widget=DateInput)


class ObjectionForm(forms.Form):
    reason = forms.CharField(
        label="意见和理由",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写明哪里与实际不符、有什么依据。",
    )


class PaperObjectionForm(ObjectionForm):
    raised_on = forms.DateField(
        label="支部书面提出的日期", widget=DateInput, help_text="以这一天算是不是按时提出。"
    )


class AnswerForm(forms.Form):
    ruling = forms.ChoiceField(label="答复", widget=forms.RadioSelect)
    answer = forms.CharField(
        label="答复理由", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 4})
    )
    answered_on = forms.DateField(label="答复日期", widget=DateInput)
    version = version_field()
    field_order = ("ruling", "grade")

    def __init__(
        self, *args: Any, grades: Mapping[int, str], rulings: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ruling"].choices = rulings
        field = grade_field("改定为（采纳的填）", grades=grades)
        self.fields["grade"] = field
        self.order_fields(self.field_order)
