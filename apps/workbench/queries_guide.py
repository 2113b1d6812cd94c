"""The first-run guide: four steps, each done when the records say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from apps.branches.models import Organization, Post
from apps.meetings.models import Meeting
from apps.members.models import Member
from apps.rules.kinds import COMMITTEE_POSTS, MemberStatus


@dataclass(frozen=True, kw_only=True)
class Step:
    title: str
    words: str
    url: str
    label: str
    is_done: bool


def steps_of(branch: Organization, *, today: date) -> list[Step]:
    members = list(Member.objects.on_roster().filter(branch=branch).values_list("status", "group_id"))
    full = sum(status == MemberStatus.FULL for status, _ in members)
    seats = Post.objects.current_on(today).filter(organization=branch, kind__in=COMMITTEE_POSTS).count()
    return [
        _roster(len(members)),
        _term(branch, full=full),
        _posts(branch, full=full, seats=seats),
        _groups(branch, members=members),
        _month(branch),
    ]


def _roster(count: int) -> Step:
    return Step(
        title="导入花名册",
        words=f"已有 {count} 名党员。" if count else "直接上传现有的 Excel 花名册，先预览、再确认。",
        url=reverse("members:import_start"),
        label="上传花名册",
        is_done=count > 0,
    )


def _term(branch: Organization, *, full: int) -> Step:
    advice = "正式党员 7 人以上，应当设支委会。" if full >= 7 else "正式党员不足 7 人，设书记即可。"
    return Step(
        title="登记本届",
        words=f"写明选举日期和任期，系统会提前半年提醒换届。{advice}",
        url=reverse("branches:organization_detail", args=[branch.pk]),
        label="登记届次",
        is_done=branch.terms.exists(),
    )


def _posts(branch: Organization, *, full: int, seats: int) -> Step:
    return Step(
        title="登记班子和党小组组长",
        words="职务就是权限：登记后，各位委员就能用自己的账号记会议、办任务。",
        url=reverse("branches:organization_detail", args=[branch.pk]),
        label="登记任职",
        is_done=seats >= (3 if full >= 7 else 1),
    )


def _groups(branch: Organization, *, members: Sequence[tuple[str, int | None]]) -> Step:
    has_groups = branch.children.filter(closed_on__isnull=True).exists()
    placed = bool(members) and all(group for _, group in members)
    own_page = reverse("branches:organization_detail", args=[branch.pk])
    return Step(
        title="划分党小组（人少可以不分）",
        words="党员较多或居住分散的，划分党小组并把党员编进去；不划分的，这一步跳过。",
        url=reverse("members:assign_group") if has_groups else own_page,
        label="编组",
        is_done=placed if has_groups else bool(members),
    )


def _month(branch: Organization) -> Step:
    return Step(
        title="排好这个月",
        words="把本月的主题党日、支委会排进月历，开完会点“记一次”。",
        url=reverse("workbench:month"),
        label="打开月历",
        is_done=Meeting.objects.filter(branch=branch).exists(),
    )
