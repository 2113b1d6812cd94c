"""Forms of plans, goals and the feature project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.plans.models import AnnualPlan, FeatureProgress, PlanItem
from apps.plans.queries import Offer, Offers
from apps.plans.services_items import ItemDraft
from apps.rules.branch_year import month_words, read_months
from apps.rules.kinds import ActivityForm, MeetingKind, PlanState, Progress
from apps.ui.forms import DateInput, idempotency_field, version_field

LINE = '{} · {}<span class="plan-why">{}{}</span>'
#: A page takes this many more lines at once; a plan has at most that many.
BLANK_LINES, MOST_LINES = 3, 90


def line_label(offer: Offer) -> SafeString:
    line = offer.line
    owner = f"责任人：{offer.owner}。" if offer.owner else ""
    return format_html(LINE, month_words(line.months), line.title, owner, f"{line.reason}（{line.source}）")


class TakeOverForm(forms.Form):
    """Ticks for the template's lines, last year's unfinished items, and the term's goals that are due."""

    lines = forms.MultipleChoiceField(
        label="支部全年常规工作", required=False, widget=forms.CheckboxSelectMultiple
    )
    unfinished = forms.MultipleChoiceField(
        label="上年没做完、结转过来", required=False, widget=forms.CheckboxSelectMultiple
    )
    goals_due = forms.MultipleChoiceField(
        label="到这一年该完成的任期目标", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "lines": [(f"line:{offer.line.code}", line_label(offer)) for offer in offers.lines],
            "unfinished": [(f"item:{item.pk}", item.title) for item in offers.unfinished],
            "goals_due": [(f"goal:{goal.pk}", goal.title) for goal in offers.goals],
        }
        for name, offered in choices.items():
            if offered:
                self.fields[name].choices = offered
                self.fields[name].initial = [key for key, _ in offered]
            else:
                del self.fields[name]

    def chosen(self) -> set[str]:
        return {
            key for name in ("lines", "unfinished", "goals_due") for key in self.cleaned_data.get(name, [])
        }


class PlanForm(TakeOverForm):
    guiding = forms.CharField(
        label="指导思想",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可先空着，定稿前再写。",
    )
    goals = forms.CharField(label="工作目标", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    safeguards = forms.CharField(label="保障措施", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    idempotency_key = idempotency_field()

    def plan(self) -> dict[str, Any]:
        data = self.cleaned_data
        texts = {name: data[name] for name in ("guiding", "goals", "safeguards")}
        return {"chosen": self.chosen(), "texts": texts, "idempotency_key": data["idempotency_key"]}


class TextsForm(forms.Form):
    guiding = forms.CharField(label="指导思想", required=False, widget=forms.Textarea(attrs={"rows": 5}))
    goals = forms.CharField(label="工作目标", required=False, widget=forms.Textarea(attrs={"rows": 5}))
    safeguards = forms.CharField(label="保障措施", required=False, widget=forms.Textarea(attrs={"rows": 5}))
    reason = forms.CharField(label="调整原因", max_length=200)
    version = version_field()

    def __init__(self, *args: Any, plan: AnnualPlan, **kwargs: Any) -> None:
        names = ("guiding", "goals", "safeguards", "version")
        super().__init__(*args, initial={name: getattr(plan, name) for name in names}, **kwargs)
        if plan.state == PlanState.DRAFT:
            del self.fields["reason"]


class MonthsField(forms.CharField):
    """Months as people write them; the value is twelve bits."""

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        try:
            return read_months(text)
        except ValueError as error:
            raise forms.ValidationError("请写月份，如 5、3-6、3、9，或“每月”“每季度”。") from error


class ItemForm(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    months = MonthsField(label="月份", max_length=40)
    title = forms.CharField(label="事项", max_length=100)
    form = forms.CharField(
        label="形式", max_length=30, required=False, widget=forms.TextInput(attrs={"list": "plan-forms"})
    )
    meeting_kind = forms.ChoiceField(
        label="对应会议活动", required=False, choices=[("", "无"), *MeetingKind.choices()]
    )
    owner = forms.TypedChoiceField(label="责任人", required=False, coerce=int, empty_value=None)
    due_on = forms.DateField(label="期限", required=False, widget=DateInput)
    removed = forms.BooleanField(label="删除这一项", required=False)

    def __init__(self, *args: Any, people: Mapping[int, User], may_remove: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["owner"].choices = [("", "未定"), *((pk, str(person)) for pk, person in people.items())]
        for name, field in self.fields.items():
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = "form-check-input" if name == "removed" else look
        if not may_remove:
            del self.fields["removed"]

    def draft(self) -> ItemDraft:
        data = dict(self.cleaned_data)
        owner = data.pop("owner")
        return ItemDraft(owner=self.people[owner] if owner else None, **data)


ItemFormSet = forms.formset_factory(
    ItemForm, extra=BLANK_LINES, max_num=MOST_LINES, absolute_max=MOST_LINES + 10, validate_max=True
)
FORMS_OFFERED = [kind.label for kind in ActivityForm]


class ItemsForm(forms.Form):
    """All lines of a plan on one page; `lines` is the set of their forms."""

    reason = forms.CharField(label="调整原因", max_length=200)
    version = version_field()

    def __init__(
        self, data: Any = None, *, plan: AnnualPlan, items: Sequence[PlanItem], people: Mapping[int, User]
    ) -> None:
        super().__init__(data, initial={"version": plan.version})
        is_draft = plan.state == PlanState.DRAFT
        if is_draft:
            del self.fields["reason"]
        else:
            self.fields["reason"].widget.attrs["class"] = "form-control"
        kinds = {"people": people, "may_remove": is_draft}
        rows = [row_of(item) for item in items]
        self.lines = ItemFormSet(data, prefix="items", initial=rows, form_kwargs=kinds)

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.lines.is_valid()])

    def drafts(self) -> list[ItemDraft]:
        return [form.draft() for form in self.lines if form.cleaned_data]


def row_of(item: PlanItem) -> dict[str, Any]:
    names = ("pk", "title", "form", "meeting_kind", "due_on")
    row = {name: getattr(item, name) for name in names}
    return row | {"months": month_words(item.months), "owner": item.owner_id}


class ProgressForm(forms.Form):
    state = forms.ChoiceField(label="进展", choices=Progress.choices())
    done_on = forms.DateField(
        label="完成日期", required=False, widget=DateInput, help_text="已完成的填写；空着按今天算。"
    )
    state_reason = forms.CharField(
        label="推迟或取消的原因", required=False, max_length=200, help_text="推迟、取消时必填。"
    )
    note = forms.CharField(label="说明", required=False, max_length=300, help_text="一两句话，可不填。")


class GoalForm(forms.Form):
    title = forms.CharField(
        label="目标", max_length=200, help_text="这一届任期内要做成的一件事，写得能检查。"
    )
    due_year = forms.TypedChoiceField(label="完成年度", coerce=int)
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, today: date, kept: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = sorted({*range(today.year, today.year + 6), *([kept] if kept else [])})
        self.fields["due_year"].choices = [(year, f"{year} 年") for year in years]


class GoalUpdateForm(GoalForm):
    idempotency_key = None
    version = version_field()


class ProjectForm(forms.Form):
    title = forms.CharField(label="项目名称", max_length=100)
    why = forms.CharField(
        label="为什么做、做成什么样", widget=forms.Textarea(attrs={"rows": 4}), max_length=1000
    )
    starts_on = forms.DateField(label="开始日期", widget=DateInput)
    idempotency_key = idempotency_field()


class ProjectUpdateForm(ProjectForm):
    idempotency_key = None
    version = version_field()


class ProjectProgressForm(forms.Form):
    quarter = forms.ChoiceField(label="哪个季度")
    text = forms.CharField(label="这个季度做了什么", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, quarters: Sequence[tuple[int, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(FeatureProgress._meta.get_field("quarter").flatchoices)
        self.fields["quarter"].choices = [(f"{y}-{q}", f"{y} 年{names[q]}") for y, q in quarters]

    def progress(self) -> dict[str, Any]:
        year, quarter = map(int, self.cleaned_data["quarter"].split("-"))
        kept = {name: self.cleaned_data[name] for name in ("text", "idempotency_key")}
        return {"year": year, "quarter": quarter, **kept}


class EndForm(forms.Form):
    ends_on = forms.DateField(label="结束日期", widget=DateInput, help_text="从这一天起不再进行。")


class FileForm(forms.Form):
    """Nothing to fill in: the question is the page."""
