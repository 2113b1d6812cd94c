"""What the log, plans, documents and standards have to say of a person, on his page and in his export."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from apps.branches.models import Organization
from apps.rules.kinds import ProblemSource, Progress, TaskKind
from apps.rules.kinds_worklog import EntrySort, PlacementKind, RecognitionKind
from apps.tasks.models import Concern, Rectification
from apps.workbench.queries_mine import cards_of, subject_of
from apps.workbench.services_mine import Form, as_data, gather
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.plans.makers import make_goal, make_item, make_plan
from tests.worklog import makers


def cards(person: Any) -> dict[str, Any]:
    return {card.title: card for card in cards_of(subject_of(person, today=TODAY))}


def parts(person: Any) -> dict[str, Any]:
    return json.loads(as_data(gather(person=person, form=Form.DATA, now=NOW)))["parts"]


def attend(cast: Cast, branch: Organization, hours: str) -> None:
    sitting = factories.make_meeting(branch, held_on=date(2026, 3, 5), class_hours=hours)
    factories.make_attendance(sitting, cast.members["member"], status="present")


def test_hours_of_sittings_and_of_the_log_are_told_together_and_never_judged(cast: Cast) -> None:
    attend(cast, cast.ours, "1.5")
    makers.make_study(cast.ours, cast.members["member"], hours=Decimal(4))
    makers.make_study(cast.ours, cast.members["deputy"], hours=Decimal(9))
    makers.make_study(cast.ours, cast.members["member"], held_on=date(2025, 9, 1), hours=Decimal(7))
    facts = dict(cards(cast["member"])["我的学习和关怀"].facts)
    assert facts == {
        "2026 年学时合计": "5.5 学时（理论）",
        "全年学时要求": "一般不少于 32 学时，会议和其他学习合在一起算",
    }
    assert dict(cards(cast["secretary"])["我的学习和关怀"].facts)["全年学时要求"].startswith("一般不少于")


def test_whoever_is_exempt_is_asked_for_no_hours(cast: Cast) -> None:
    member = cast.members["member"]
    member.exempt_reason, member.exempt_decided_on = "illness", date(2026, 1, 1)
    member.save()
    assert dict(cards(cast["member"])["我的学习和关怀"].facts)["全年学时要求"] == "不作要求"


def test_visits_recognitions_and_placements_that_name_him_and_nobody_elses(cast: Cast) -> None:
    me, other = cast.members["member"], cast.members["deputy"]
    makers.make_care(cast.ours, me, other, held_on=date(2026, 2, 1), title="春节慰问")
    makers.make_entry(
        cast.ours,
        EntrySort.RECOGNITION,
        me,
        recognition=RecognitionKind.COMMENDATION,
        held_on=date(2026, 7, 1),
        title="优秀党员",
    )
    makers.make_entry(cast.ours, EntrySort.PLACEMENT, me, placement=PlacementKind.POSTING, title="挂职一年")
    makers.make_care(cast.ours, other, title="别人的")
    makers.make_care(cast.ours, me, title="记错了", withdrawn_on=TODAY, withdraw_reason="记错人")
    lines = cards(cast["member"])["我的学习和关怀"].lines
    assert [(line.text, line.beside) for line in lines] == [
        ("挂职一年", "2026-09-10 培养锻炼 挂职"),
        ("优秀党员", "2026-07-01 鼓励表彰 表彰"),
        ("春节慰问", "2026-02-01 走访关怀 慰问"),
    ]
    text = json.dumps(parts(cast["member"]), ensure_ascii=False)
    assert "春节慰问" in text
    assert "别人的" not in text
    assert "郑明" not in text


def test_who_wrote_a_visit_takes_out_that_he_did_and_not_why(cast: Cast) -> None:
    makers.make_care(cast.ours, cast.members["member"], created_by=cast["secretary"], title="住院慰问")
    holder = {"holder": cast.members["member"], "holder_name": ""}
    makers.make_key_post(cast.ours, created_by=cast["secretary"], **holder)
    written = parts(cast["secretary"])["worklog_written"]["rows"]
    assert [(row["kind"], row["what"]) for row in written] == [
        ("工作纪实", "2026-09-10 走访关怀"),
        ("重点岗位", "出纳"),
    ]
    assert [row["title"] for row in parts(cast["member"])["key_posts"]["rows"]] == ["出纳"]


def test_items_of_filed_plans_are_shown_and_drafts_are_the_committees(cast: Cast) -> None:
    plan = make_plan(cast.ours, created_by=cast["secretary"], guiding="以学促干")
    make_item(plan, 5, owner=cast["member"], state=Progress.UNDER_WAY)
    make_item(plan, 6, title="别人的", owner=cast["deputy"])
    make_item(plan, 6, title="做完的", owner=cast["member"], state=Progress.DONE, done_on=TODAY)
    make_item(make_plan(cast.ours, year=2027, filed_on=None), 5, title="草稿里的", owner=cast["member"])
    make_item(
        make_plan(cast.ours, year=2025, filed_on=date(2025, 1, 5)), 5, title="去年的", owner=cast["member"]
    )
    make_goal(cast.ours, created_by=cast["secretary"])
    lines = cards(cast["member"])["我负责的计划事项"].lines
    assert [(line.text, line.beside, line.badge) for line in lines] == [
        ("红色教育基地参观", "2026 年 5月", ("进行中", "info"))
    ]
    assert "我负责的计划事项" not in cards(cast["secretary"])
    assert [row["title"] for row in parts(cast["member"])["plan_items"]["rows"]] == [
        "去年的",
        "红色教育基地参观",
        "做完的",
    ]
    written = parts(cast["secretary"])["plans_written"]["rows"]
    assert [(row["kind"], row["text"]) for row in written] == [
        ("年度计划", "以学促干"),
        ("任期目标", "2027 年完成"),
    ]


def test_the_calendar_link_is_told_of_without_its_secret(cast: Cast, sign_in) -> None:
    url = sign_in(cast["member"]).post("/calendar/").context["url"]
    found = parts(cast["member"])["calendar_feeds"]["rows"]
    assert [row["last_used_on"] for row in found] == [None]
    assert set(found[0]) == {"created_at", "revoked_at", "last_used_on"}
    assert url.rsplit("/", 1)[1].removesuffix(".ics") not in json.dumps(parts(cast["member"]))


def test_a_problem_and_a_concern_come_with_the_task_that_they_are(cast: Cast) -> None:
    concern = factories.make_task(cast.ours, title="修路灯", kind=TaskKind.CONCERN, owner=cast["member"])
    Concern.objects.create(task=concern, raised_by="member", raised_on=TODAY)
    problem = factories.make_task(
        cast.ours,
        title="补签到",
        kind=TaskKind.RECTIFICATION,
        owner=cast["member"],
        created_by=cast["deputy"],
    )
    given = {"source": ProblemSource.SELF_CHECK, "found_on": TODAY, "measure": "逐次补", "evidence": "签到表"}
    Rectification.objects.create(task=problem, **given)
    about = {row["title"]: row["about"] for row in parts(cast["member"])["tasks"]["rows"]}
    assert about == {
        "修路灯": "党员 2026-11-20 提出",
        "补签到": "支部自查，2026-11-20 发现\n销号依据：签到表",
    }
    entered = parts(cast["deputy"])["tasks"]["rows"]
    assert [row["about"] for row in entered] == ["支部自查，2026-11-20 发现\n整改措施：逐次补"]
