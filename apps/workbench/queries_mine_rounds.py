"""A person's own part in 组织生活会 and 民主评议, for his page and his export; his grade once told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from apps.accounts.models import User
from apps.evaluations.models import (
    BranchProblem,
    MemberEvaluation,
    Opinion,
    OwnProblem,
    PartNote,
    PeerOpinion,
    Round,
)
from apps.evaluations.queries_roll import own_rounds, waiting_words
from apps.members.own_page import Card, Line, Part, Subject, columns

#: The usual shorter list on the page; the export has them all.
SHOWN = 5


def round_card(subject: Subject) -> Card | None:
    lines = [_line(one) for one in own_rounds(subject.person.pk)[:SHOWN]]
    return Card(title="我的民主评议", icon="person-check", lines=lines) if lines else None


def _line(one: MemberEvaluation) -> Line:
    url = reverse("evaluations:round_member", args=[one.pk])
    badge = (one.get_grade_display(), "info") if one.told_on and one.grade else None
    words = one.get_ungraded_display() if one.ungraded else ""
    return Line(str(one.round), url, beside=waiting_words(one) or words, badge=badge)


def round_parts(subject: Subject) -> Iterator[Part]:
    person = subject.person
    named = columns("year 年度", "self_on 自评日期", "self_grade 自评等次", "self_text 个人自评")
    named += columns("grade 评定等次", "reason 评定意见", "confirmed_on 确认日期", "objection 不同意见")
    rows = [_evaluation(one) for one in own_rounds(person.pk)]
    yield Part(key="evaluations", title="本人参加的民主评议", columns=[*named, *ANSWER], rows=rows)
    named = columns("year 年度", "text 问题", "shown_by 表现", "cause 原因", "measure 措施")
    problems = OwnProblem.objects.filter(member__person=person).select_related("round").order_by("pk")
    yield Part(
        key="own_problems",
        title="本人的问题清单",
        columns=[*named, *columns("due_on 期限", "done_on 完成日期")],
        rows=[
            (one.round.year, one.text, one.shown_by, one.cause, one.measure, one.due_on, one.done_on)
            for one in problems
        ],
    )
    named = columns("on 日期", "way 方向", "text 意见")
    yield Part(key="peer_opinions", title="互评意见", columns=named, rows=_opinions(person))
    handled = _handled(person)
    if handled:
        named = columns("on 日期", "kind 类别", "what 内容")
        yield Part(key="rounds_handled", title="本人登记的组织生活会事项", columns=named, rows=handled)


ANSWER = columns("answer 支部答复")


def _evaluation(one: MemberEvaluation) -> tuple[Any, ...]:
    """The grade is his from the day on which he was told."""
    verdict = (one.get_grade_display(), one.reason) if one.told_on else ("", "")
    own = (one.round.year, one.self_on, one.get_self_grade_display(), one.self_text)
    return (*own, *verdict, one.confirmed_on, one.objection, one.answer)


def _opinions(person: User) -> list[tuple[Any, ...]]:
    """Said of him, without the name of whoever said it, and said by him."""
    about = PeerOpinion.objects.filter(evaluation__member__person=person).order_by("pk")
    said = PeerOpinion.objects.filter(author__person=person).order_by("pk")
    return [
        *((one.entered_on, "对本人", one.text) for one in about),
        *((one.entered_on, "本人提出", one.text) for one in said),
    ]


def _handled(person: User) -> list[tuple[Any, ...]]:
    """Other people's words stay theirs: of what he entered for them, only that he did."""
    rounds = Round.objects.filter(created_by=person).order_by("pk")
    notes = PartNote.objects.filter(written_by=person).order_by("pk")
    opinions = Opinion.objects.filter(entered_by=person).order_by("pk")
    problems = BranchProblem.objects.filter(owner=person).order_by("pk")
    own = OwnProblem.objects.filter(entered_by=person).exclude(member__person=person).order_by("pk")
    peers = PeerOpinion.objects.filter(entered_by=person).exclude(author__person=person).order_by("pk")
    return [
        *((one.created_at, "登记", str(one)) for one in rounds),
        *((one.done_on, "环节说明", one.text) for one in notes),
        *((one.received_on, "征求的意见", one.text) for one in opinions),
        *((one.due_on, "本人负责的支部问题", one.text) for one in problems),
        *((None, "录入他人的问题清单", "") for _ in own),
        *((one.entered_on, "录入他人的互评意见", "") for one in peers),
    ]
