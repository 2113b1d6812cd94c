"""The book of study hours of one branch, and what sittings brought into the year by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from apps.branches.models import Organization
from apps.ledger.facts_study import StudyBook, study_books, work_books
from apps.rules.facts_worklog import MASS_ORGANIZATIONS, ORGANIZATIONS, ActivityFacts
from apps.rules.kinds import Topic
from apps.rules.kinds_worklog import StudyCategory
from apps.rules.study import StudyAccount


def study_book(branch: Organization, *, year: int, today: date) -> StudyBook:
    """A past year is judged at its end, the running one as of today."""
    return study_books([branch], year=year, as_of=min(today, date(year, 12, 31)))[branch.pk]


def state_of(account: StudyAccount) -> tuple[str, str]:
    if account.exempt:
        return "不作要求", "muted"
    if account.met:
        return "达到进度", "ok"
    return f"差 {hours_words(account.missing)} 学时", "warn"


def hours_words(hours: object) -> str:
    """2 for 2.0, 1.5 for 1.5; nothing for none."""
    text = f"{hours:f}" if hours else ""
    return text.rstrip("0").rstrip(".") if "." in text else text


def lacking_categories(book: StudyBook) -> str:
    return "、".join(kind.label for kind in StudyCategory if kind not in book.categories)


@dataclass(frozen=True, kw_only=True, slots=True)
class FedRow:
    held_on: date
    title: str
    url: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fed:
    """One sort of work that sittings count towards."""

    key: str
    label: str
    total: int
    unit: str
    hint: str
    rows: tuple[FedRow, ...]


def fed_by_sittings(branch: Organization, *, year: int) -> list[Fed]:
    span = {"since": date(year, 1, 1), "until": date(year + 1, 1, 1)}
    activities = work_books([branch], **span)[branch.pk].activities
    public = sum(activity.public_participants for activity in activities)
    return [
        _fed("study", activities, where=lambda one: bool(one.class_hours), words=_hours),
        _fed(
            "organizations", activities, where=lambda one: bool(one.partners & ORGANIZATIONS), words=_partners
        ),
        _fed("mass", activities, where=lambda one: bool(one.partners & MASS_ORGANIZATIONS), words=_partners),
        _fed("governance", activities, where=lambda one: Topic.GOVERNANCE in one.topics, words=_topics),
        _fed("consultation", activities, where=lambda one: Topic.CONSULTATION in one.topics, words=_topics),
        _fed(
            "public", activities, where=lambda one: one.public_participants > 0, words=_public, total=public
        ),
    ]


#: key → label, unit of the sum, and where in the record of a sitting it comes from.
SORTS = {
    "study": ("学时", "次", "会议记录里写了学时的，到会的党员自动计学时。"),
    "organizations": ("联建共建", "次", "会议记录里填了共建单位（党支部、单位、党建智库等）的活动。"),
    "mass": ("群团共建", "次", "会议记录里填了行政、工会、共青团、妇联、社会组织的活动。"),
    "governance": ("融入治理", "次", "会议记录里主题勾选“基层治理”的活动。"),
    "consultation": ("民主协商", "次", "会议记录里主题勾选“民主协商”的活动；有结果的协商另记一笔。"),
    "public": ("群众参与", "人", "会议记录里填了参加的群众人数。"),
}


def _fed(
    key: str,
    activities: Iterable[ActivityFacts],
    *,
    where: Callable[[ActivityFacts], bool],
    words: Callable[[ActivityFacts], str],
    total: int | None = None,
) -> Fed:
    label, unit, hint = SORTS[key]
    rows = tuple(
        FedRow(
            held_on=one.held_on,
            title=one.title,
            url=reverse("meetings:detail", args=[one.id]),
            words=words(one),
        )
        for one in sorted(activities, key=lambda one: (one.held_on, one.id), reverse=True)
        if where(one)
    )
    counted = len(rows) if total is None else total
    return Fed(key=key, label=label, total=counted, unit=unit, hint=hint, rows=rows)


def _hours(activity: ActivityFacts) -> str:
    return f"{hours_words(activity.class_hours)} 学时"


def _partners(activity: ActivityFacts) -> str:
    return "、".join(sorted(kind.label for kind in activity.partners))


def _topics(activity: ActivityFacts) -> str:
    return "、".join(sorted(topic.label for topic in activity.topics))


def _public(activity: ActivityFacts) -> str:
    return f"群众 {activity.public_participants} 人"
