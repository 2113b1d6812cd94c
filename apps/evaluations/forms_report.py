"""Forms of the branch: its report on itself, handing it in, and the polls of its appraisal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from apps.evaluations.models import BranchEvaluation, CycleStandard, SelfAnswer
from apps.evaluations.services_report import TEXTS, Answer
from apps.members.models import Member
from apps.rules.kinds_ballots import PollMode
from apps.ui.forms import DateInput, SearchSelect, idempotency_field, version_field

HELP = {
    "last_year": "上年度反馈的问题改得怎么样，逐条说；没有的不用写。",
    "strengths": "今年做得好、有特色的，可不写。",
    "problems": "查摆的问题和原因，必写。",
    "next_steps": "打算怎么改、怎么做，必写。",
}
NO_GRADE = ("", "不自评等次")


def grade_field(grades: Mapping[int, str], *, label: str) -> forms.TypedChoiceField:
    field = forms.TypedChoiceField(
        label=label,
        required=False,
        coerce=int,
        empty_value=None,
        choices=[NO_GRADE, *((str(place), name) for place, name in grades.items())],
    )
    field.widget.attrs["class"] = "form-select"
    return field


class ReportForm(forms.Form):
    """Everything on one page; what is not named in the POST is left as it was."""

    version = version_field()

    def __init__(
        self,
        data: Any = None,
        *,
        evaluation: BranchEvaluation,
        standards: Sequence[CycleStandard],
        grades: Mapping[int, str],
        answers: Mapping[int, SelfAnswer],
    ) -> None:
        super().__init__(data)
        self.standards = standards
        self.initial = {"version": evaluation.version, "own_grade": evaluation.own_grade}
        for name in TEXTS:
            model_field = BranchEvaluation._meta.get_field(name)
            self.fields[name] = forms.CharField(
                label=model_field.verbose_name,
                max_length=model_field.max_length,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
                help_text=HELP[name],
            )
            self.initial[name] = getattr(evaluation, name)
        self.fields["own_grade"] = grade_field(grades, label="支部自评等次")
        for row in standards:
            self._add(row, grades=grades, answer=answers.get(row.pk))

    def _add(self, row: CycleStandard, *, grades: Mapping[int, str], answer: SelfAnswer | None) -> None:
        self.fields[f"grade_{row.pk}"] = grade_field(grades, label=f"自评等次（{row.title}）")
        self.fields[f"comment_{row.pk}"] = forms.CharField(
            label=f"说明（{row.title}）",
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        )
        if answer:
            self.initial[f"grade_{row.pk}"] = answer.grade
            self.initial[f"comment_{row.pk}"] = answer.comment

    def parts_of(self, standard_id: int) -> tuple[forms.BoundField, forms.BoundField]:
        return self[f"grade_{standard_id}"], self[f"comment_{standard_id}"]

    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name in TEXTS]

    def report(self) -> dict[str, Any]:
        data = self.cleaned_data
        answers = {
            row.pk: Answer(data[f"grade_{row.pk}"], data[f"comment_{row.pk}"])
            for row in self.standards
            if f"comment_{row.pk}" in self.data
        }
        sent = {name: data[name] for name in TEXTS if name in self.data}
        kept = {"version": data["version"], "own_grade": data["own_grade"]}
        return {**kept, "texts": sent, "answers": answers}

    def reopen_on(self, stored: BranchEvaluation) -> list[dict[str, str]]:
        """After somebody else saved: what differs, and a form that can be saved over it."""
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)
        pairs = [
            {"label": HELP_LABELS[name], "stored": getattr(stored, name), "yours": self.cleaned_data[name]}
            for name in TEXTS
        ]
        return [pair for pair in pairs if pair["stored"] != pair["yours"]]


HELP_LABELS = {name: str(BranchEvaluation._meta.get_field(name).verbose_name) for name in TEXTS}


class SubmitForm(forms.Form):
    reported_on = forms.DateField(label="提交日期", widget=DateInput)
    on_paper = forms.BooleanField(
        label="先在纸上完成，现在补录", required=False, help_text="补录的按纸上的日期填。"
    )
    version = version_field()

    def __init__(self, *args: Any, evaluation: BranchEvaluation, today: date, **kwargs: Any) -> None:
        initial = {"reported_on": today, "version": evaluation.version}
        super().__init__(*args, initial=initial, **kwargs)


class ReturnForm(forms.Form):
    reason = forms.CharField(label="退回原因", max_length=300, help_text="写明要补什么、改什么，支部会看到。")


class AppraisalForm(forms.Form):
    """A poll of the appraisal in one click: only who counts, how, and until when."""

    mode = forms.ChoiceField(label="投票方式", choices=PollMode.choices(), initial=PollMode.SEALED)
    teller_one = forms.ModelChoiceField(label="计票人", queryset=None, widget=SearchSelect)
    teller_two = forms.ModelChoiceField(
        label="监票人",
        queryset=None,
        widget=SearchSelect,
        help_text="测评书记时，书记本人不能计票、监票。两人都要有登录账号。",
    )
    closes_on = forms.DateField(label="截止日期（含当日）", widget=DateInput)
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, people: Any, closes_on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"closes_on": closes_on}, **kwargs)
        for name in ("teller_one", "teller_two"):
            self.fields[name].queryset = people
            self.fields[name].label_from_instance = name_of


def name_of(member: Member) -> str:
    return str(member.person)


class LinkForm(forms.Form):
    poll = forms.ModelChoiceField(label="已有的测评", queryset=None)

    def __init__(self, *args: Any, polls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["poll"].queryset = polls
