"""Forms of a round: its dates, what it gathers, what members write, the ballot, the table of grades."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.ballots.forms import search_words
from apps.ballots.models import Poll
from apps.evaluations.models import BranchProblem, MemberEvaluation, Round
from apps.evaluations.models.round import MOST_PERCENT
from apps.evaluations.queries_roll import GradeRow
from apps.evaluations.services_round_grades import Decision
from apps.meetings.models import Meeting
from apps.members.models import Member
from apps.rules.cadences import ANNUAL_ROUND
from apps.rules.kinds_ballots import PollMode
from apps.rules.kinds_evaluations import (
    MemberGrade,
    OpinionAbout,
    OpinionSource,
    RoundPart,
    Ungraded,
)
from apps.rules.member_evaluation import ALWAYS_ASKED, needs_reason
from apps.ui.forms import DateInput, SearchSelect, idempotency_field, version_field

#: Usual time to write the self-assessments, from the day on which the round begins.
USUAL_DAYS = 21
LONGEST = 2000
NO_GRADE = ("", "未定")


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def usual_days(year: int, *, today: date) -> dict[str, date]:
    """Begun today where that is in the window of the year, held by its last day."""
    last = ANNUAL_ROUND.closes_on(year)
    starts_on = min(max(today, date(year, 1, 1)), last)
    return {
        "starts_on": starts_on,
        "self_by": min(starts_on + timedelta(days=USUAL_DAYS), last),
        "meeting_by": last,
    }


class RoundForm(forms.Form):
    year = forms.TypedChoiceField(
        label="所属年度", coerce=int, help_text="开会可能在下一年年初，仍算上一年度的。"
    )
    theme = forms.CharField(
        label="主题", max_length=100, required=False, help_text="按上级通知写，可先空着。"
    )
    starts_on = forms.DateField(
        label="开始准备的日期", widget=DateInput, help_text="从这一天起的谈心谈话算作会前谈心。"
    )
    self_by = forms.DateField(label="个人自评、问题清单截止", widget=DateInput)
    meeting_by = forms.DateField(label="最迟开会日期", widget=DateInput)
    with_grades = forms.BooleanField(label="同时民主评议党员", required=False, initial=True)
    cap_percent = forms.IntegerField(
        label="优秀最多占百分之几",
        required=False,
        min_value=1,
        max_value=MOST_PERCENT,
        help_text="留空按正式党员的三分之一算；上级要求更低的才填。",
    )
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year} 年度") for year in years]


class RoundUpdateForm(RoundForm):
    year = None
    idempotency_key = None
    report = forms.CharField(
        label="情况报告（补充说明）",
        required=False,
        max_length=3000,
        widget=area(6),
        help_text="到会人数、意见条数、测评结果由系统带出，这里只写要补充的。",
    )
    version = version_field()

    def __init__(self, *args: Any, row: Round, **kwargs: Any) -> None:
        names = (*RoundForm.base_fields, "report", "version")
        initial = {name: getattr(row, name) for name in names if name not in ("year", "idempotency_key")}
        forms.Form.__init__(self, *args, initial=initial, **kwargs)


class StudyForm(forms.Form):
    meetings = forms.TypedMultipleChoiceField(
        label="哪几次算会前学习",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="会议记录记一次就够，这里选出来就算。",
    )

    def __init__(
        self, *args: Any, offered: Sequence[Meeting], chosen: Sequence[Meeting], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meetings"].choices = [(one.pk, f"{one.held_on} {one.title}") for one in offered]
        self.fields["meetings"].initial = [one.pk for one in chosen]


class NoteForm(forms.Form):
    done_on = forms.DateField(label="在纸上完成的日期", required=False, widget=DateInput)
    not_asked = forms.BooleanField(label="本年度不要求这一环节", required=False)
    text = forms.CharField(
        label="说明",
        max_length=300,
        widget=area(),
        help_text="材料放在哪里；不要求的，写明依据（如上级文件）。",
    )

    def __init__(self, *args: Any, part: RoundPart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if part in ALWAYS_ASKED:
            del self.fields["not_asked"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("done_on")) == bool(data.get("not_asked")) and "done_on" not in self.errors:
            words = "填日期和勾选“不要求”，请选一样。" if data.get("done_on") else "请填写完成日期。"
            self.add_error("done_on", words)
        return data

    def given(self) -> dict[str, Any]:
        return {"done_on": self.cleaned_data["done_on"], "text": self.cleaned_data["text"]}


class OpinionForm(forms.Form):
    source = forms.ChoiceField(label="来自", choices=OpinionSource.choices())
    about = forms.ChoiceField(label="关于", choices=OpinionAbout.choices())
    text = forms.CharField(
        label="意见建议", max_length=500, widget=area(4), help_text="原话或大意都行，不要写是谁提的。"
    )
    received_on = forms.DateField(label="收到日期", widget=DateInput)
    idempotency_key = idempotency_field()


class ProblemForm(forms.Form):
    text = forms.CharField(label="问题", max_length=100, help_text="一个问题一条，写得能整改、能检查。")
    shown_by = forms.CharField(label="具体表现", max_length=500, required=False, widget=area())
    cause = forms.CharField(label="原因", max_length=500, required=False, widget=area())
    measure = forms.CharField(
        label="整改措施", max_length=500, required=False, widget=area(), help_text="会后再填也行。"
    )
    owner = forms.ModelChoiceField(
        label="责任人", queryset=None, required=False, empty_label="未定", widget=SearchSelect
    )
    due_on = forms.DateField(label="整改期限", required=False, widget=DateInput)
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people


class ProblemUpdateForm(ProblemForm):
    idempotency_key = None
    version = version_field()

    def __init__(self, *args: Any, problem: BranchProblem, **kwargs: Any) -> None:
        names = ("text", "shown_by", "cause", "measure", "owner", "due_on", "version")
        super().__init__(*args, initial={name: getattr(problem, name) for name in names}, **kwargs)


class CloseForm(forms.Form):
    reason = forms.CharField(label="缺项的原因", max_length=300, required=False, widget=area())
    version = version_field()

    def __init__(self, *args: Any, row: Round, missing: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": row.version}, **kwargs)
        self.fields["reason"].required = bool(missing)
        if not missing:
            self.fields["reason"].label = "说明（可不填）"


class SelfForm(forms.Form):
    self_text = forms.CharField(
        label="个人自评",
        max_length=LONGEST,
        widget=area(8),
        help_text="对照合格党员标准，写成绩，更写不足和打算，几百字就够。",
    )
    self_grade = forms.ChoiceField(
        label="自评等次", choices=[("", "不填"), *MemberGrade.choices()], required=False
    )
    self_on = forms.DateField(label="自评日期", widget=DateInput)
    version = version_field()

    def __init__(self, *args: Any, evaluation: MemberEvaluation, today: date, **kwargs: Any) -> None:
        initial = {
            "self_text": evaluation.self_text,
            "self_grade": evaluation.self_grade,
            "self_on": evaluation.self_on or today,
            "version": evaluation.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        if evaluation.ungraded or not evaluation.round.with_grades:
            del self.fields["self_grade"]


class OwnProblemForm(forms.Form):
    text = forms.CharField(label="问题", max_length=500, widget=area(2))
    shown_by = forms.CharField(label="具体表现", max_length=LONGEST, required=False, widget=area())
    cause = forms.CharField(label="原因", max_length=LONGEST, required=False, widget=area())
    measure = forms.CharField(label="整改措施", max_length=LONGEST, required=False, widget=area())
    due_on = forms.DateField(label="整改期限", required=False, widget=DateInput)
    idempotency_key = idempotency_field()


OWN_PROBLEM = ("text", "shown_by", "cause", "measure", "due_on", "done_on", "version")


class OwnProblemUpdateForm(OwnProblemForm):
    idempotency_key = None
    done_on = forms.DateField(
        label="本人完成日期", required=False, widget=DateInput, help_text="改好了再填。"
    )
    version = version_field()


class OwnProblemDoneForm(forms.Form):
    """After the round: the words stay, the day is added."""

    done_on = forms.DateField(label="本人完成日期", required=False, widget=DateInput)
    version = version_field()


class PeerForm(forms.Form):
    author = forms.ModelChoiceField(label="谁提的", queryset=None, widget=SearchSelect(words=search_words))
    member = forms.ModelChoiceField(label="对谁", queryset=None, widget=SearchSelect(words=search_words))
    text = forms.CharField(label="意见", max_length=LONGEST, widget=area(4))
    idempotency_key = idempotency_field()

    def __init__(
        self, *args: Any, people: QuerySet[Member], own: Member | None, keeper: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("author", "member"):
            self.fields[name].queryset = people
        if not keeper:
            del self.fields["author"]
            self.fields["member"].queryset = people.exclude(pk=own.pk if own else None)
        elif own:
            self.fields["author"].initial = own.pk


class ObjectionForm(forms.Form):
    objection = forms.CharField(
        label="不同意见",
        max_length=LONGEST,
        widget=area(5),
        help_text="写明不同意什么、理由是什么。支部要书面答复。",
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(label="支部答复", max_length=LONGEST, widget=area(5))
    answered_on = forms.DateField(label="答复日期", widget=DateInput)


class UngradedForm(forms.Form):
    ungraded = forms.ChoiceField(label="不定等次的原因", required=False)
    version = version_field()

    def __init__(self, *args: Any, evaluation: MemberEvaluation, **kwargs: Any) -> None:
        names = ("ungraded", "version")
        super().__init__(*args, initial={name: getattr(evaluation, name) for name in names}, **kwargs)
        kinds = [(kind.value, kind.label) for kind in Ungraded if kind != Ungraded.PROBATIONARY]
        self.fields["ungraded"].choices = [("", "照常评定等次"), *kinds]


class PollForm(forms.Form):
    mode = forms.ChoiceField(label="投票方式", choices=PollMode.choices(), initial=PollMode.PAPER)
    closes_on = forms.DateField(label="截止日期（含当日）", widget=DateInput)
    teller_one = forms.ModelChoiceField(
        label="计票人", queryset=None, widget=SearchSelect(words=search_words), help_text="须有登录账号。"
    )
    teller_two = forms.ModelChoiceField(
        label="监票人", queryset=None, widget=SearchSelect(words=search_words), help_text="须有登录账号。"
    )

    def __init__(self, *args: Any, members: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("teller_one", "teller_two"):
            self.fields[name].queryset = members


class LinkPollForm(forms.Form):
    poll = forms.ModelChoiceField(label="已有的测评", queryset=None, empty_label=None)

    def __init__(self, *args: Any, polls: Sequence[Poll], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["poll"].queryset = Poll.objects.filter(pk__in=[poll.pk for poll in polls])


class TellForm(forms.Form):
    told_on = forms.DateField(label="告知日期", widget=DateInput)
    people = forms.TypedMultipleChoiceField(
        label="告知谁",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请勾选要告知的人。",
            "invalid_choice": "名单刚刚有变动，可能已经告知过。请返回，看了再办。",
        },
    )

    def __init__(self, *args: Any, waiting: Sequence[MemberEvaluation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.pk, f"{one.member}　{one.get_grade_display()}") for one in waiting]
        self.fields["people"].choices = choices
        self.fields["people"].initial = [pk for pk, _ in choices]


class GradeForm(forms.Form):
    """One line of the committee's table. Nothing is filled in but what the committee decided before."""

    grade = forms.ChoiceField(label="评定等次", required=False, choices=[NO_GRADE, *MemberGrade.choices()])
    reason = forms.CharField(
        label="评定意见",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    version = version_field()

    def __init__(self, *args: Any, row: GradeRow, **kwargs: Any) -> None:
        names = ("grade", "reason", "version")
        initial = {name: getattr(row.evaluation, name) for name in names}
        super().__init__(*args, initial=initial, prefix=f"p{row.evaluation.pk}", **kwargs)
        self.row = row
        self.fields["grade"].widget.attrs |= {"class": "form-select", "data-grade": ""}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        grade = data.get("grade")
        if grade and not data.get("reason") and {"grade", "reason"} & set(self.changed_data):
            leading = self.row.leading
            if needs_reason(MemberGrade(grade), leading=leading):
                self.add_error("reason", reason_words(MemberGrade(grade), leading=leading))
        if data.get("reason") and not grade and "grade" not in self.errors:
            self.add_error("grade", "写了评定意见，还没有选等次。")
        return data

    def decision(self) -> Decision:
        return Decision(pk=self.row.evaluation.pk, **self.cleaned_data)


def reason_words(grade: MemberGrade, *, leading: MemberGrade | None) -> str:
    if leading is None:
        return "没有可以对照的多数票，请写明评定的理由。"
    if grade != leading:
        return f"测评多数票是“{leading.label}”，与评定不同，请写明理由。"
    return f"评为“{grade.label}”须写明理由，指出差距。"


class GradesForm(forms.Form):
    """The whole table; `lines` are its rows, saved whole or in parts."""

    decided_on = forms.DateField(label="评定日期", widget=DateInput)

    def __init__(self, data: Any = None, *, rows: Sequence[GradeRow], cap: int, today: date) -> None:
        super().__init__(data, initial={"decided_on": today})
        self.fields["decided_on"].widget.attrs["class"] = "form-control"
        self.cap = cap
        self.given = sum(row.evaluation.grade == MemberGrade.EXCELLENT for row in rows)
        self.lines = [GradeForm(data, row=row) for row in rows if not row.evaluation.ungraded]

    def is_valid(self) -> bool:
        if not all([super().is_valid(), *[line.is_valid() for line in self.lines]]):
            return False
        chosen = self.excellent
        if chosen > max(self.cap, self.given):
            over = chosen - self.cap
            self.add_error(None, f"优秀最多 {self.cap} 人，现在选了 {chosen} 人，请减少 {over} 人。")
        return not self.errors

    @property
    def excellent(self) -> int:
        return sum(line["grade"].value() == MemberGrade.EXCELLENT for line in self.lines)

    def decisions(self) -> list[Decision]:
        return [line.decision() for line in self.lines]
