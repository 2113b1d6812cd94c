"""A person's hours of study and what the work log says of him, for his own page and export."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse

from apps.ledger.facts_study import study_books
from apps.members.models import Member
from apps.members.own_page import Card, Fact, Line, Part, Subject, columns
from apps.rules.kinds_worklog import StudyCategory
from apps.rules.study import StudyAccount
from apps.worklog.models import CareUnit, Entry, KeyPost, KeyPostCheck, StudyImport
from apps.worklog.queries import entries_about, kind_of, measure_of

SHOWN_ENTRIES = 8


def log_card(subject: Subject) -> Card | None:
    member = subject.member
    if member is None:
        return None
    return Card(
        title="我的学习和关怀",
        icon="book",
        facts=_hours_of_the_year(subject),
        lines=[_entry_line(entry) for entry in entries_about(member)[:SHOWN_ENTRIES]],
        more=[("全部纪实", reverse("worklog:list"))],
        empty="工作纪实里还没有与您有关的记录。",
    )


def _hours_of_the_year(subject: Subject) -> list[tuple[str, Any]]:
    """How many, and what is asked in plain words; never whether it is enough."""
    account = _account(subject)
    if account is None:
        return []
    kinds = "、".join(kind.label for kind in StudyCategory if kind in account.categories)
    hours = words_of(account.total) + (f"（{kinds}）" if kinds else "")
    return [(f"{subject.today.year} 年学时合计", hours), ("全年学时要求", asked_words(account))]


def _account(subject: Subject) -> StudyAccount | None:
    """Hours from the log and from sittings; none for who is not on the roster today."""
    member, today = subject.member, subject.today
    if member is None:
        return None
    [book] = study_books([member.branch], year=today.year, as_of=today).values()
    return next((account for account in book.accounts if account.learner.id == member.pk), None)


def asked_words(account: StudyAccount) -> str:
    if account.exempt or not account.of_year:
        return "不作要求"
    return f"一般不少于 {words_of(account.hours_of_year)}，会议和其他学习合在一起算"


def words_of(hours: Decimal) -> str:
    return f"{hours.normalize():f} 学时" if hours else "0 学时"


def _entry_line(entry: Entry) -> Line:
    parts = (str(entry.held_on), entry.get_sort_display(), kind_of(entry), measure_of(entry))
    beside = " ".join(part for part in parts if part)
    return Line(entry.title, reverse("worklog:detail", args=[entry.pk]), beside=beside)


def log_parts(subject: Subject) -> Iterator[Part]:
    if subject.member:
        yield _study_part(subject)
        yield _entry_part(subject.member)
        yield _key_post_part(subject.member)
    yield Part(
        key="worklog_written",
        title="本人登记的工作纪实、重点岗位、联系单位和学时导入",
        columns=columns("at 登记时间", "kind 类别", "what 内容", "state 状态"),
        rows=_written(subject),
    )


def _study_part(subject: Subject) -> Part:
    account = _account(subject)
    facts = [Fact("year", "年度", subject.today.year)]
    if account:
        facts.append(Fact("total", "学时合计", account.total))
        facts.append(Fact("asked", "全年学时要求", asked_words(account)))
    return Part(key="study", title="本年学时", facts=facts)


def _entry_part(member: Member) -> Part:
    named = columns("held_on 日期", "until 结束日期", "sort 种类", "kind 类别", "title 内容", "hours 学时")
    named += columns("by_name 由谁", "place 地点、单位", "note 备注")
    rows = [
        (
            entry.held_on,
            entry.until,
            entry.get_sort_display(),
            kind_of(entry),
            entry.title,
            entry.hours,
            entry.by_name,
            entry.place,
            entry.note,
        )
        for entry in entries_about(member)
    ]
    return Part(key="worklog", title="工作纪实中与本人有关的记录", columns=named, rows=rows)


def _key_post_part(member: Member) -> Part:
    posts = KeyPost.objects.filter(holder=member, withdrawn_on=None).order_by("since", "pk")
    return Part(
        key="key_posts",
        title="本人所在的重点岗位",
        columns=columns("title 岗位", "area 管什么", "since 列入日期", "until 不再列入的日期"),
        rows=[(post.title, post.get_area_display(), post.since, post.until) for post in posts],
    )


def _written(subject: Subject) -> list[tuple[Any, ...]]:
    """That he wrote it: whom an entry is about, and why they were visited, is somebody else's."""
    rows: list[tuple[Any, ...]] = []
    for model in (Entry, KeyPost, KeyPostCheck, CareUnit):
        for row in model._default_manager.filter(created_by=subject.person).order_by("pk"):
            state = "已撤回" if row.withdrawn_on else ""
            rows.append((row.created_at, str(model._meta.verbose_name), str(row), state))
    imports = StudyImport.objects.filter(uploaded_by=subject.person).order_by("pk")
    return rows + [(row.uploaded_at, "学时导入", row.file_name, row.get_state_display()) for row in imports]
