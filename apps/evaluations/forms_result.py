"""The committee's decision with the problems that it names, and the publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from apps.evaluations.forms_review import grade_field
from apps.evaluations.models import ResultProblem
from apps.evaluations.services_result import GivenProblem
from apps.ui.forms import DateInput, version_field

MOST_PROBLEMS = 20
BLANK_LINES = 3


class ProblemForm(forms.Form):
    text = forms.CharField(label="问题", max_length=100)
    demand = forms.CharField(label="整改要求", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label="整改期限", widget=DateInput)
    removed = forms.BooleanField(label="删除这一项", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-check-input" if name == "removed" else "form-control"


ProblemFormSet = forms.formset_factory(
    ProblemForm,
    extra=BLANK_LINES,
    max_num=MOST_PROBLEMS,
    absolute_max=MOST_PROBLEMS + 10,
    validate_max=True,
)


class DecideForm(forms.Form):
    """What the committee's meeting decided. The grade stands open until somebody chooses it."""

    grade_reason = forms.CharField(
        label="定这一等次的理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="支部和党员都会看到。",
    )
    feedback = forms.CharField(
        label="反馈意见",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="肯定做得好的，指出不足，提出希望。印在反馈单上。",
    )
    decided_on = forms.DateField(
        label="党委（总支）会议研究确定的日期", widget=DateInput, help_text="会议在纸上记录的，填会议那一天。"
    )
    version = version_field()

    def __init__(
        self,
        data: Any = None,
        *,
        grades: Mapping[int, str],
        problems: Sequence[ResultProblem],
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["grade"] = grade_field("等次", grades=grades, required=True)
        self.order_fields(["grade"])
        for name in ("grade_reason", "feedback", "decided_on"):
            self.fields[name].widget.attrs["class"] = "form-control"
        rows = [{"text": one.text, "demand": one.demand, "due_on": one.due_on} for one in problems]
        self.lines = ProblemFormSet(data, prefix="problems", initial=rows)

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.lines.is_valid()])

    def decision(self) -> dict[str, Any]:
        return {**self.cleaned_data, "problems": self.problems()}

    def problems(self) -> list[GivenProblem]:
        filled = [line.cleaned_data for line in self.lines if line.cleaned_data]
        names = ("text", "demand", "due_on")
        return [GivenProblem(**{name: row[name] for name in names}) for row in filled if not row["removed"]]


class ReopenForm(forms.Form):
    reason = forms.CharField(label="重新研究的原因", max_length=200)


class PublishForm(forms.Form):
    others_later = forms.BooleanField(
        label="没有定等次的支部以后再发布",
        required=False,
        help_text="勾选以后，先发布已经定了等次的支部。",
    )
