"""Parts of the year book that tell of people: basics, committee, roster, groups, members away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from apps.branches.models import Post
from apps.documents import policies
from apps.documents.facts_papers import dotted
from apps.documents.queries import NONE, NothingThere, NotShown, Wanted, or_dash
from apps.documents.queries_branch import basics_of, day_words
from apps.members.models import Member
from apps.members.policies import visible_members
from apps.members.queries import for_list, groups_of
from apps.rules.kinds import COMMITTEE_POSTS, PostKind
from apps.ui.docx import Block, Grid, Text


def basics(wanted: Wanted) -> Iterator[Block]:
    lines = basics_of(wanted.branch, today=wanted.today)
    yield Grid([(label, value or NONE) for label, value in lines], widths=(2, 5))
    yield _as_of(wanted)


def committee(wanted: Wanted) -> Iterator[Block]:
    """Everybody who held a post of the branch in the year, so that a change in it can be seen."""
    posts = Post.objects.filter(organization=wanted.branch, kind__in=COMMITTEE_POSTS)
    held = posts.filter(Q(ends_on=None) | Q(ends_on__gt=wanted.first), starts_on__lt=wanted.until)
    rank = list(PostKind)
    found = sorted(
        held.select_related("person"), key=lambda one: (rank.index(PostKind(one.kind)), one.starts_on)
    )
    if not found:
        raise NothingThere
    header = ("职务", "姓名", "任职日期", "免职日期", "任职方式")
    yield Grid([_post(one) for one in found], header=header, widths=(4, 3, 4, 4, 4), dense=True)


def _post(post: Post) -> Sequence[Any]:
    cells = (
        post.get_kind_display(),
        post.person.name,
        dotted(post.starts_on),
        dotted(post.ends_on),
        post.note,
    )
    return [or_dash(cell) for cell in cells]


def _on_roster(wanted: Wanted) -> QuerySet[Member]:
    seen = for_list(visible_members(wanted.reader)).filter(branch=wanted.branch)
    return seen.filter(pk__in=Member.objects.active()).order_by("person__pinyin", "pk")


def roster(wanted: Wanted) -> Iterator[Block]:
    """As it stands today, without numbers and addresses: a book goes through many hands."""
    members = list(_on_roster(wanted))
    if not members:
        raise NothingThere
    posts = _posts_today(wanted)
    header = (
        "序号", "姓名", "性别", "民族", "出生年月", "学历", "工作单位及岗位", "入党时间", "转正时间",
        "党内职务", "党小组", "备注",
    )  # fmt: skip
    widths = (4, 7, 4, 5, 7, 8, 16, 7, 7, 10, 9, 9)
    rows = [[number, *_member(one, posts)] for number, one in enumerate(members, start=1)]
    yield Grid(rows, header=header, widths=widths, dense=True)
    yield Text(f"共 {len(members)} 人，{_day(wanted)}。身份证号、电话不列入手册。", style="Note")


def _posts_today(wanted: Wanted) -> dict[int, list[str]]:
    found = defaultdict(list)
    here = Q(organization=wanted.branch) | Q(organization__parent=wanted.branch)
    for post in Post.objects.current_on(wanted.today).filter(here).order_by("starts_on", "pk"):
        found[post.person_id].append(post.get_kind_display())
    return found


def _member(member: Member, posts: dict[int, list[str]]) -> Sequence[Any]:
    cells = (
        member.person.name,
        member.get_sex_display(),
        member.ethnicity,
        _month(member.born_on),
        member.education,
        " ".join(filter(None, (member.work_unit, member.job_title))),
        _month(member.admitted_on),
        _month(member.full_since),
        "、".join(posts.get(member.person_id, [])),
        member.group.name if member.group else "",
        _remark(member),
    )
    return [or_dash(cell) for cell in cells]


def _remark(member: Member) -> str:
    words = (
        "预备党员" if not member.is_full else "",
        "流动党员" if member.is_mobile else "",
        member.remark,
    )
    return "；".join(filter(None, words))


def _month(day: date | None) -> str:
    return f"{day:%Y.%m}" if day else ""


def groups(wanted: Wanted) -> Iterator[Block]:
    found = list(groups_of(wanted.branch))
    if not found:
        raise NothingThere
    names = defaultdict(list)
    for member in _on_roster(wanted):
        names[member.group_id].append(member.person.name)
    leads = Post.objects.current_on(wanted.today).filter(organization__in=found, kind=PostKind.GROUP_LEADER)
    leaders = {post.organization_id: post.person.name for post in leads.select_related("person")}
    rows = [
        (
            group.name,
            or_dash(leaders.get(group.pk)),
            f"{len(names[group.pk])} 人",
            or_dash("、".join(names[group.pk])),
        )
        for group in found
    ]
    if names[None]:
        rows.append(("未编入党小组", "—", f"{len(names[None])} 人", "、".join(names[None])))
    yield Grid(rows, header=("党小组", "组长", "人数", "党员"), widths=(4, 3, 2, 9))
    yield _as_of(wanted)


def away(wanted: Wanted) -> Iterator[Block]:
    if not policies.can_take_mobile(wanted.reader, wanted.branch):
        raise NotShown
    found = list(_on_roster(wanted).filter(is_mobile=True))
    if not found:
        raise NothingThere
    rows = [
        (
            number,
            one.person.name,
            *map(or_dash, (one.mobile_place, dotted(one.mobile_since), dotted(one.contact_until))),
        )
        for number, one in enumerate(found, start=1)
    ]
    header = ("序号", "姓名", "外出地点", "外出日期", "最近一次联系")
    yield Grid(rows, header=header, widths=(2, 4, 7, 4, 4), dense=True)
    yield _as_of(wanted)


def _as_of(wanted: Wanted) -> Text:
    return Text(f"{_day(wanted)}。", style="Note")


def _day(wanted: Wanted) -> str:
    return f"按{day_words(wanted.today)}的登记情况"
