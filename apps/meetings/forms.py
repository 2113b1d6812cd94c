"""Entering a sitting: the same form plans one, logs one that was held, and changes what was entered."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.meetings.drafts import COLUMNS, Draft
from apps.meetings.models import Meeting, MeetingState
from apps.meetings.policies import own_record, recordable_organizations
from apps.meetings.queries import branch_of, last_place, people_at, people_of, usual_chair
from apps.meetings.services import AlreadyRecorded
from apps.meetings.titles import year_of_round
from apps.members.models import Member
from apps.rules.kinds import MeetingKind, OrgKind, PartnerKind, Topic
from apps.ui.forms import (
    DateInput,
    FormButtons,
    SearchSelect,
    TimeInput,
    form_helper,
    idempotency_field,
    version_field,
)

#: Field → width of 12; in the order of the page. What follows "more" is folded away until it is needed.
MAIN = {
    "organization": 12,
    "kinds": 12,
    "held_on": 4,
    "starts_at": 4,
    "ends_at": 4,
    "place": 4,
    "chair": 4,
    "recorder": 4,
    "title": 12,
    "agenda": 12,
    "summary": 12,
    "notice": 12,
    "invitees": 12,
    "another": 12,
}
MORE = {
    "form": 6,
    "for_year": 6,
    "topics": 12,
    "lecture_title": 12,
    "lecturer": 4,
    "lecturer_name": 4,
    "class_hours": 4,
    "partners": 12,
    "public_participants": 4,
}
PARTNER_LINE = re.compile(r"^(?:([^：:]+)[：:])?\s*(.+)$")
PARTNER_KINDS = {kind.label: kind for kind in PartnerKind}


class OrganizationField(forms.ModelChoiceField):
    def label_from_instance(self, organization: Organization) -> str:
        is_group = organization.kind == OrgKind.GROUP
        return f"{organization.parent} · {organization}" if is_group else str(organization)


def search_words(member: Member) -> str:
    return f"{member.person.pinyin} {member.person.initials}"


class MeetingForm(forms.ModelForm):
    """`draft()` is what was entered. Path, state and who recorded it never come from the form."""

    kinds = forms.MultipleChoiceField(
        label="类别",
        choices=MeetingKind.choices(),
        widget=forms.CheckboxSelectMultiple,
        help_text="一次会议可以同时勾选几类，如主题党日和党员大会一起开，只记一次。",
        error_messages={"required": "请至少勾选一个类别。"},
    )
    agenda = forms.CharField(
        label="议题（每行一个）", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    summary = forms.CharField(
        label="会议（活动）情况",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="活动、党课可以只写这里；开会讨论的事项写在各个议题里。",
    )
    notice = forms.CharField(label="会议通知", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    invitees = forms.CharField(
        label="列席人员（每行一人：姓名 单位职务）", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    topics = forms.MultipleChoiceField(
        label="主题", choices=Topic.choices(), required=False, widget=forms.CheckboxSelectMultiple
    )
    partners = forms.CharField(
        label="共建单位（每行一个）",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=f"可在前面注明类别，如“工会：镇总工会”。类别有：{'、'.join(PARTNER_KINDS)}。",
    )

    class Meta:
        model = Meeting
        fields = ["title", "held_on", "for_year", *COLUMNS]
        widgets = {
            "held_on": DateInput,
            "starts_at": TimeInput,
            "ends_at": TimeInput,
            "chair": SearchSelect(words=search_words),
            "recorder": SearchSelect(words=search_words),
            "lecturer": SearchSelect(words=search_words),
        }

    def __init__(
        self, *args: Any, people: QuerySet[Member], submit: str, back_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.duplicate: Meeting | None = None
        self.fields["title"].required = False
        self.fields["title"].help_text = "留空则按日期和类别自动取名，如“11月支委会”。"
        for name in ("chair", "recorder", "lecturer"):
            self.fields[name].queryset = people
        self.fields["for_year"].help_text = "组织生活会、民主评议用；留空则 1 至 3 月召开的算上一年度。"
        self.fields["public_participants"].required = False
        self.submit, self.back_url = submit, back_url

    @cached_property
    def helper(self) -> FormHelper:
        helper = form_helper(submit=self.submit, back_url=self.back_url)
        hidden = [name for name in ("version", "idempotency_key") if name in self.fields]
        opened = " open" if any(self[name].value() for name in MORE if name != "for_year") else ""
        helper.layout = Layout(
            *hidden,
            self._row(MAIN),
            HTML(f'<details class="meet-more"{opened}><summary>形式、主题、党课和共建</summary>'),
            self._row(MORE),
            HTML("</details>"),
            FormButtons(submit=self.submit, back_url=self.back_url),
        )
        return helper

    def _row(self, widths: dict[str, int]) -> Div:
        cells = [
            Div(name, css_class=f"col-12 col-md-{width}")
            for name, width in widths.items()
            if name in self.fields
        ]
        return Div(*cells, css_class="row ui-form-grid")

    def clean_public_participants(self) -> int:
        return self.cleaned_data["public_participants"] or 0

    def clean_partners(self) -> list[tuple[str, str]]:
        """Lines of `类别：名称`; a line without a known kind is another unit."""
        partners = []
        for line in self.cleaned_data["partners"].splitlines():
            found = PARTNER_LINE.match(line.strip())
            if not found:
                continue
            kind = PARTNER_KINDS.get((found[1] or "").strip())
            name = found[2] if kind else line.strip()
            if len(name) > 100:
                raise forms.ValidationError("单位名称太长，请精简到 100 字以内。")
            partners.append((kind or PartnerKind.UNIT, name))
        return partners

    def entered(self) -> dict[str, Any]:
        """What the form itself says, for a draft."""
        told = self.cleaned_data
        values = {name: told[name] for name in (*COLUMNS, "title", "held_on", "for_year")}
        values |= {name: told[name] for name in ("kinds", "topics", "partners")}
        values |= {name: told[name].strip() for name in ("notice", "summary", "invitees") if name in told}
        return values


class NewMeetingForm(MeetingForm):
    """For planning and logging. `another` comes into sight when a sitting of that day is already there."""

    organization = OrganizationField(label="召开单位", queryset=Organization.objects.none(), empty_label=None)
    another = forms.BooleanField(label="确实另有一次", required=False, widget=forms.HiddenInput)
    idempotency_key = idempotency_field()

    def __init__(self, *args: Any, user: User, logging: bool, **kwargs: Any) -> None:
        offered = recordable_organizations(user)
        everyone = list(offered)
        super().__init__(
            *args,
            people=people_of({branch_of(organization).pk for organization in everyone}),
            submit="保存并开始记录" if logging else "保存计划",
            **kwargs,
        )
        self.fields["organization"].queryset = offered
        if len(everyone) == 1:
            self.fields["organization"].widget = forms.HiddenInput()
            self.fields["organization"].initial = everyone[0].pk
        if logging:
            del self.fields["notice"]
        else:
            del self.fields["summary"]

    def ask_about(self, refusal: AlreadyRecorded) -> None:
        """Show the sitting that is already there, and the box to tick when this is another one."""
        self.duplicate = refusal.existing
        self.fields["another"].widget = forms.CheckboxInput()

    def draft(self) -> Draft:
        body: Organization = self.cleaned_data["organization"]
        is_group = body.kind == OrgKind.GROUP
        return Draft(
            branch=branch_of(body),
            group=body if is_group else None,
            agenda=self.cleaned_data["agenda"].splitlines(),
            **self.entered(),
        )


class ChangeMeetingForm(MeetingForm):
    """For a sitting that is not filed; shows long text only where it is still in use."""

    version = version_field()

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        minutes = meeting.minutes
        initial = {
            "version": meeting.version,
            "kinds": [purpose.kind for purpose in meeting.purposes.all()],
            "topics": [topic.topic for topic in meeting.topics.all()],
            "partners": "\n".join(f"{p.get_kind_display()}：{p.name}" for p in meeting.partners.all()),
            "notice": minutes.notice,
            "summary": minutes.summary,
            "invitees": minutes.invitees,
        }
        super().__init__(
            *args, instance=meeting, initial=initial, people=people_at(meeting), submit="保存", **kwargs
        )
        self.meeting = meeting
        unused = ["summary"] if meeting.state == MeetingState.PLANNED else ["notice", "invitees"]
        for name in ("agenda", *unused):
            del self.fields[name]

    def draft(self) -> Draft:
        minutes = self.meeting.minutes
        kept = {name: getattr(minutes, name) for name in ("notice", "summary", "invitees")}
        return Draft(branch=self.meeting.branch, group=self.meeting.group, **(kept | self.entered()))

    def reopen_on(self, meeting: Meeting) -> None:
        """After a stale save: what was typed stays, and the next save is made knowing the other text."""
        self.data = self.data.copy()
        self.data["version"] = str(meeting.version)


def prefill(query: QueryDict, *, user: User, today: date, logging: bool) -> dict[str, Any]:
    """What a new form starts with: the address says what it is for, the rest is as last time."""
    body = _body(query, user=user)
    if body is None:
        return {}
    own = own_record(user)
    kinds = [kind for kind in query.getlist("kind") if kind in list(MeetingKind)]
    day = _date(query.get("date", "")) or (today if logging and "late" not in query else None)
    for_year = query.get("for_year", "")
    return {
        "organization": body.pk,
        "kinds": kinds,
        "held_on": day,
        "title": query.get("title", "")[:100],
        "place": last_place(body),
        "chair": usual_chair(body, day=day or today),
        "recorder": own.member_id if own and own.branch_id == branch_of(body).pk else None,
        "for_year": int(for_year) if re.fullmatch(r"20\d\d", for_year) else _year_told(query, kinds=kinds),
    }


def _year_told(query: QueryDict, *, kinds: Collection[str]) -> int | None:
    """The year of the annual round where the address names the day; else it follows from the day entered."""
    day = _date(query.get("date", ""))
    return year_of_round(kinds=kinds, held_on=day) if day else None


def _body(query: QueryDict, *, user: User) -> Organization | None:
    """The group or branch that the address names; else the one group for a group sitting; else the first."""
    offered = {str(organization.pk): organization for organization in recordable_organizations(user)}
    named = offered.get(query.get("group", "")) or offered.get(query.get("branch", ""))
    if named or not offered:
        return named
    groups = [one for one in offered.values() if one.kind == OrgKind.GROUP]
    if MeetingKind.GROUP in query.getlist("kind") and groups:
        return groups[0]
    return next(iter(offered.values()))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
