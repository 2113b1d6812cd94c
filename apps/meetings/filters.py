"""Narrowing the list of sittings."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization, below
from apps.branches.policies import size_of_reach, visible_organizations
from apps.branches.queries import choices_for
from apps.meetings.models import Meeting, MeetingPurpose, MeetingState
from apps.rules.kinds import MeetingKind, OrgKind
from apps.ui.filter_forms import offer
from apps.ui.forms import DateInput


def bodies(user: User) -> QuerySet[Organization]:
    """Branches and groups in the person's reach."""
    visible = visible_organizations(user).filter(kind__in=[OrgKind.BRANCH, OrgKind.GROUP])
    return visible.order_by("path")


class MeetingFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label="类别", choices=MeetingKind.choices(), method="of_kind")
    state = django_filters.ChoiceFilter(label="状态", choices=MeetingState.choices())
    since = django_filters.DateFilter(
        label="日期从", field_name="held_on", lookup_expr="gte", widget=DateInput
    )
    until = django_filters.DateFilter(label="到", field_name="held_on", lookup_expr="lte", widget=DateInput)
    branch = django_filters.ModelChoiceFilter(label="支部或小组", queryset=None, method="of_body")
    q = django_filters.CharFilter(
        label="名称、地点、支部", method="named_like", widget=forms.TextInput(attrs={"maxlength": 50})
    )

    class Meta:
        model = Meeting
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = bodies(self.request.user)
        self.filters["branch"].queryset = own
        choices = choices_for(own, known=size_of_reach(self.request.user))
        offer(self, "branch", choices=choices, least=2)

    def of_kind(self, meetings: QuerySet[Meeting], name: str, value: str) -> QuerySet[Meeting]:  # noqa: ARG002
        return meetings.filter(Exists(MeetingPurpose.objects.filter(meeting=OuterRef("pk"), kind=value)))

    def of_body(self, meetings: QuerySet[Meeting], name: str, value: Organization) -> QuerySet[Meeting]:  # noqa: ARG002
        return meetings.filter(below(value.path))

    def named_like(self, meetings: QuerySet[Meeting], name: str, value: str) -> QuerySet[Meeting]:  # noqa: ARG002
        return meetings.filter(
            Q(title__icontains=value)
            | Q(place__icontains=value)
            | Q(lecture_title__icontains=value)
            | Q(branch__name__icontains=value)
            | Q(branch__short_name__icontains=value)
            | Q(group__name__icontains=value)
        )
