"""Forms of talks: two minutes on a phone, so what is rarely needed is folded away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.members.models import Member
from apps.rules.kinds import TalkOccasion, TalkTrigger, TalkWay
from apps.talks.services import Partner, Shape
from apps.ui.forms import DateInput, FormButtons, SearchSelect, form_helper, idempotency_field, version_field

#: How many people one after another fit into one form.
IN_ONE_GO = 6
LINES = ("thinking", "work", "life")
LONGEST = 5000


def member_words(member: Member) -> str:
    return f"{member.person.pinyin} {member.person.initials}"


def person_words(person: User) -> str:
    return f"{person.pinyin} {person.initials}"


def words_field(label: str, *, rows: int = 2, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        help_text=help_text,
    )


def topic_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label="主题", required=False, max_length=100, widget=widget)


def who_field(label: str, people: QuerySet[Member], *, required: bool = True) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        queryset=people,
        required=required,
        empty_label="请选择",
        widget=SearchSelect(words=member_words),
    )


def folded(label: str, *parts: Any, opened: bool = False) -> tuple[Any, ...]:
    mark = " open" if opened else ""
    return (HTML(f'<details class="talk-more"{mark}><summary>{label}</summary>'), *parts, HTML("</details>"))


def grid(widths: Mapping[str, int], *, of: Iterable[str]) -> Div:
    cells = [Div(name, css_class=f"col-12 col-md-{width}") for name, width in widths.items() if name in of]
    return Div(*cells, css_class="row ui-form-grid")


class WordsForm(forms.Form):
    """What was said, and the circumstances that the pages of one talk share."""

    held_on = forms.DateField(label="日期", widget=DateInput)
    way = forms.ChoiceField(label="方式", choices=TalkWay.choices())
    place = forms.CharField(label="地点", max_length=50, required=False)
    topic = topic_field()
    thinking = words_field("思想方面")
    work = words_field("工作方面")
    life = words_field("生活方面")
    opinions = words_field("意见和建议")
    agreed = words_field("双方共识")
    follow_up = words_field("要跟进的事")
    follow_up_on = forms.DateField(label="跟进日期", required=False, widget=DateInput)

    main: Mapping[str, int] = {
        "held_on": 6,
        "way": 6,
        "topic": 12,
        "thinking": 12,
        "work": 12,
        "life": 12,
    }
    more: Mapping[str, int] = {
        "place": 12,
        "opinions": 12,
        "agreed": 12,
        "follow_up": 12,
        "follow_up_on": 6,
        "result": 12,
        "recorder": 12,
    }
    submit = "保存"

    def __init__(self, *args: Any, back_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.back_url = back_url

    def words(self) -> dict[str, str]:
        names = ("topic", *LINES, "opinions", "agreed", "follow_up", "result")
        return {name: self.cleaned_data[name].strip() for name in names if name in self.fields}

    def facts(self) -> dict[str, Any]:
        names = ("held_on", "way", "place", "follow_up_on", "recorder", "version")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}

    def _filled(self, names: Iterable[str]) -> bool:
        return any(self[name].value() or self[name].errors for name in names if name in self.fields)

    def parts(self) -> Sequence[Any]:
        more = grid(self.more, of=self.fields)
        label = "地点、意见、共识和跟进"
        return (grid(self.main, of=self.fields), *folded(label, more, opened=self._filled(self.more)))

    @cached_property
    def helper(self) -> FormHelper:
        helper = form_helper(submit=self.submit, back_url=self.back_url)
        hidden = [name for name, field in self.fields.items() if field.widget.is_hidden]
        buttons = FormButtons(submit=self.submit, back_url=self.back_url)
        helper.layout = Layout(*hidden, *self.parts(), buttons)
        return helper


class LogForm(WordsForm):
    """A talk that was held; or several, one after another, each with lines of its own."""

    partner_began = forms.BooleanField(label="是对方找我谈的", required=False)
    idempotency_key = idempotency_field()
    main = {"initiator": 12, "partner": 12, "occasion": 6, "trigger": 6, **WordsForm.main}
    more = {"partner_began": 12, **WordsForm.more}

    def __init__(
        self, *args: Any, people: QuerySet[Member], initiators: QuerySet[Member] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["occasion"] = forms.ChoiceField(label="类别", choices=TalkOccasion.choices())
        self.fields["trigger"] = forms.ChoiceField(
            label="必谈情形", choices=[("", "不是必谈"), *TalkTrigger.choices()], required=False
        )
        if initiators is not None:
            self.fields["initiator"] = who_field("谈话人", initiators)
            self.fields["initiator"].help_text = "替别的两位登记时改这里；只登记时间和双方，不填内容。"
        self.fields["partner"] = who_field("和谁谈" if initiators is None else "谈话对象", people)
        for number in self.further:
            self.fields[f"partner_{number}"] = who_field(f"第 {number} 位", people, required=False)
            for line in LINES:
                label = f"第 {number} 位：{self.fields[line].label}"
                self.fields[f"{line}_{number}"] = words_field(label, rows=1)

    @property
    def further(self) -> range:
        return range(2, IN_ONE_GO + 1)

    def parts(self) -> Sequence[Any]:
        rows = []
        for number in self.further:
            widths = {f"partner_{number}": 12, **{f"{line}_{number}": 4 for line in LINES}}
            rows.append(grid(widths, of=self.fields))
        opened = self._filled(f"partner_{number}" for number in self.further)
        others = folded("一个接一个还谈了别人（日期、主题相同，每人一条记录）", *rows, opened=opened)
        return (*super().parts(), *others)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("trigger") and data.get("occasion") != TalkOccasion.MUST:
            self.add_error("trigger", "选了必谈情形的，类别请选“必谈”。")
        chosen = [data.get("partner"), *(data.get(f"partner_{number}") for number in self.further)]
        chosen = [one for one in chosen if one]
        if len(set(chosen)) < len(chosen):
            self.add_error("partner", "同一个人只选一次。")
        for number in self.further:
            lines = any(data.get(f"{line}_{number}") for line in LINES)
            if lines and not data.get(f"partner_{number}"):
                self.add_error(f"partner_{number}", "这几行是和谁谈的？请选择。")
        return data

    def shape(self) -> Shape:
        data = self.cleaned_data
        names = ("occasion", "trigger", "way", "place", "held_on", "follow_up_on")
        return Shape(**{name: data[name] for name in names})

    def partners(self) -> list[Partner]:
        data = self.cleaned_data
        found = [Partner(member=data["partner"], words=self.words())]
        for number in self.further:
            if data[f"partner_{number}"]:
                lines = {line: data[f"{line}_{number}"].strip() for line in LINES}
                words = {"topic": data["topic"].strip(), **lines}
                found.append(Partner(member=data[f"partner_{number}"], words=words))
        return found


class PlanForm(forms.Form):
    """A talk to come: with whom and when. Nothing of its content yet."""

    planned_on = forms.DateField(label="约在哪一天", widget=DateInput)
    way = forms.ChoiceField(label="方式", choices=TalkWay.choices())
    place = forms.CharField(label="地点", max_length=50, required=False)
    idempotency_key = idempotency_field()
    field_order = ["initiator", "partner", "occasion", "trigger"]

    def __init__(
        self, *args: Any, people: QuerySet[Member], initiators: QuerySet[Member] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if initiators is not None:
            self.fields["initiator"] = who_field("谈话人", initiators)
        self.fields["partner"] = who_field("和谁谈" if initiators is None else "谈话对象", people)
        self.fields["occasion"] = forms.ChoiceField(label="类别", choices=TalkOccasion.choices())
        self.fields["trigger"] = forms.ChoiceField(
            label="必谈情形", choices=[("", "不是必谈"), *TalkTrigger.choices()], required=False
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("trigger") and data.get("occasion") != TalkOccasion.MUST:
            self.add_error("trigger", "选了必谈情形的，类别请选“必谈”。")
        return data

    def shape(self) -> Shape:
        names = ("occasion", "trigger", "way", "place", "planned_on")
        return Shape(**{name: self.cleaned_data[name] for name in names})

    def partners(self) -> list[Partner]:
        return [Partner(member=self.cleaned_data["partner"])]


class HoldForm(WordsForm):
    submit = "登记已谈"


class UpdateForm(WordsForm):
    version = version_field()

    def __init__(
        self, *args: Any, recorders: QuerySet[User] | None, closed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if closed:
            self.fields["result"] = words_field("反馈和落实")
        if recorders is not None:
            self.fields["recorder"] = forms.ModelChoiceField(
                label="在场的记录人",
                queryset=recorders,
                required=False,
                empty_label="没有",
                widget=SearchSelect(words=person_words),
                help_text="请第三个人在场作记录时填写；记录人可以看到并填写谈话内容。",
            )


class CloseForm(forms.Form):
    closed_on = forms.DateField(label="办结日期", widget=DateInput)
    result = words_field("反馈和落实", rows=3, help_text="一两句话写明结果；只有谈话双方和记录人能看到。")


class MustForm(forms.Form):
    trigger = forms.ChoiceField(label="什么情形", choices=TalkTrigger.choices())
    since = forms.DateField(label="从哪一天起", widget=DateInput)
    due_on = forms.DateField(label="最晚哪一天谈", widget=DateInput)
    idempotency_key = idempotency_field()
    field_order = ["member"]

    def __init__(
        self, *args: Any, people: QuerySet[Member], committee: QuerySet[Member], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = who_field("党员", people)
        self.fields["asked"] = who_field("请谁去谈", committee, required=False)
        self.fields["asked"].empty_label = "书记本人"
        self.fields["asked"].help_text = "只有书记和这里选的委员看得到这条提示。"
        self.order_fields(self.field_order)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="为什么撤回", max_length=300)


class WaveForm(forms.Form):
    opens_on = forms.DateField(label="从哪一天起算", widget=DateInput)
    meeting_on = forms.DateField(label="组织生活会日期", widget=DateInput)


class ConfirmForm(forms.Form):
    """Nothing to fill in: it carries a refusal back to the question."""
