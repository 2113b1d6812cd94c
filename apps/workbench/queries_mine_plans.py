"""What a person looks after in plans, and what he wrote there, for his own page and export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.members.own_page import Card, Line, Part, Subject, columns
from apps.plans.models import (
    AnnualPlan,
    CalendarFeed,
    FeatureProgress,
    FeatureProject,
    GoalNote,
    PlanAdjustment,
    PlanItem,
    TermGoal,
)
from apps.plans.policies import visible_items
from apps.plans.queries import FINISHED
from apps.rules.kinds import Progress

TONES = {
    Progress.NOT_STARTED: "muted",
    Progress.UNDER_WAY: "info",
    Progress.POSTPONED: "warn",
}
SHOWN_ITEMS = 20


def _own_items(subject: Subject) -> QuerySet[PlanItem]:
    """Those of plans that he may read: a draft is the committee's until it is filed."""
    items = visible_items(subject.person).filter(owner=subject.person)
    return items.select_related("plan__branch").order_by("plan__year", "months", "pk")


def plan_card(subject: Subject) -> Card | None:
    """What is still to be done of this year's and the next one's."""
    items = _own_items(subject).filter(plan__year__gte=subject.today.year).exclude(state__in=FINISHED)
    lines = [_item_line(item) for item in items[:SHOWN_ITEMS]]
    return Card(title="我负责的计划事项", icon="calendar-check", lines=lines) if lines else None


def _item_line(item: PlanItem) -> Line:
    state = Progress(item.state)
    due = f"，期限 {item.due_on}" if item.due_on else ""
    return Line(
        item.title,
        reverse("workbench:plan_detail", args=[item.plan_id]),
        beside=f"{item.plan.year} 年 {item.month_words}{due}",
        badge=(state.label, TONES[state]),
    )


def plan_parts(subject: Subject) -> Iterator[Part]:
    named = columns("year 年度", "months 月份", "title 事项", "form 形式", "due_on 完成期限")
    named += columns("state 进展", "done_on 完成日期", "note 进展说明")
    rows = [_item_row(item) for item in _own_items(subject)]
    yield Part(key="plan_items", title="本人负责的计划事项", columns=named, rows=rows)
    yield Part(
        key="plans_written",
        title="本人写的计划、目标和特色项目",
        columns=columns("at 时间", "kind 类别", "what 名称", "text 内容"),
        rows=_written(subject),
    )
    feeds = CalendarFeed.objects.filter(person=subject.person).order_by("pk")
    yield Part(
        key="calendar_feeds",
        title="本人的日历订阅",
        columns=columns("created_at 生成时间", "revoked_at 撤销时间", "last_used_on 最近读取"),
        rows=[(feed.created_at, feed.revoked_at, feed.last_used_on) for feed in feeds],
    )


def _item_row(item: PlanItem) -> tuple[Any, ...]:
    return (
        item.plan.year,
        item.month_words,
        item.title,
        item.form,
        item.due_on,
        item.get_state_display(),
        item.done_on,
        "\n".join(words for words in (item.state_reason, item.note) if words),
    )


def _written(subject: Subject) -> list[tuple[Any, ...]]:
    person = subject.person
    plans = AnnualPlan.objects.filter(created_by=person).select_related("branch").order_by("pk")
    adjustments = PlanAdjustment.objects.filter(made_by=person).select_related("plan__branch").order_by("pk")
    goals = TermGoal.objects.filter(created_by=person).order_by("pk")
    notes = GoalNote.objects.filter(written_by=person).select_related("goal").order_by("pk")
    projects = FeatureProject.objects.filter(created_by=person).order_by("pk")
    progress = FeatureProgress.objects.filter(written_by=person).select_related("project").order_by("pk")
    return [
        *((row.created_at, "年度计划", str(row), _texts(row)) for row in plans),
        *((row.made_at, "计划调整", str(row.plan), f"{row.reason}\n{row.text}") for row in adjustments),
        *((row.created_at, "任期目标", row.title, f"{row.due_year} 年完成") for row in goals),
        *((row.written_at, "目标进展", row.goal.title, row.text) for row in notes),
        *((row.created_at, "特色项目", row.title, row.why) for row in projects),
        *((row.written_on, "特色项目进展", row.project.title, row.text) for row in progress),
    ]


def _texts(plan: AnnualPlan) -> str:
    return "\n".join(text for text in (plan.guiding, plan.goals, plan.safeguards) if text)
