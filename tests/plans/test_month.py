"""The month with the plan in it, and the choice of what it shows."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.rules.kinds import MeetingKind, Progress
from tests import factories
from tests.conftest import TODAY
from tests.plans.makers import make_item, make_plan

URL = "/month/"


def plan_of(page) -> dict[str, bool]:
    return {line.item.title: line.done for line in page.context["page"].plan}


def on_days(page, name: str) -> dict[int, list[str]]:
    days = [day for week in page.context["page"].weeks for day in week if day.in_month]
    return {day.day.day: [str(row) for row in getattr(day, name)] for day in days if getattr(day, name)}


def test_the_month_shows_its_items_and_which_are_met(cast, sign_in) -> None:
    plan = make_plan(cast.ours)
    make_item(plan, 11, title="没有日子的")
    make_item(plan, 10, 11, title="开过会的", meeting_kind=MeetingKind.LECTURE)
    make_item(plan, 11, title="做完的", state=Progress.DONE, done_on=TODAY)
    make_item(plan, 11, title="有日子的", due_on=date(2026, 11, 25))
    make_item(plan, 11, title="取消的", state=Progress.CANCELLED, state_reason="雨")
    make_item(plan, 12, title="下个月的")
    make_item(make_plan(cast.ours, year=2025), 11, title="去年的")
    factories.make_meeting(cast.ours, MeetingKind.LECTURE, held_on=date(2026, 11, 5))
    page = sign_in(cast["secretary"]).get(URL)
    assert plan_of(page) == {"没有日子的": False, "开过会的": True, "做完的": True}
    assert on_days(page, "plan") == {25: ["有日子的"]}
    assert [day.day.day for day in page.context["page"].busy_days if day.plan] == [25]


def test_a_quarterly_item_is_met_by_a_sitting_earlier_in_the_quarter(cast, sign_in) -> None:
    make_item(make_plan(cast.ours), 3, 6, 9, 12, title="党员大会", meeting_kind=MeetingKind.GENERAL)
    factories.make_meeting(cast.ours, MeetingKind.GENERAL, held_on=date(2026, 7, 5))
    client = sign_in(cast["secretary"])
    assert plan_of(client.get(URL, {"month": "2026-09"})) == {"党员大会": True}
    assert plan_of(client.get(URL, {"month": "2026-06"})) == {"党员大会": False}


def test_only_what_is_ticked_is_shown(cast, sign_in) -> None:
    make_item(make_plan(cast.ours), 11)
    factories.make_meeting(cast.ours, title="支委会", held_on=date(2026, 11, 5))
    factories.make_task(cast.ours, title="报送总结", due_on=date(2026, 11, 25))
    client = sign_in(cast["secretary"])
    page = client.get(URL, {"show": ["tasks", "nonsense"]})
    assert (plan_of(page), on_days(page, "sittings")) == ({}, {})
    assert on_days(page, "tasks") == {25: ["报送总结"]}
    assert "month=2026-12&amp;show=tasks" in page.content.decode()
    everything = client.get(URL, {"show": "nonsense"})
    assert (len(plan_of(everything)), on_days(everything, "sittings")) == (1, {5: ["支委会"]})


def test_a_draft_stays_off_the_month_of_those_above(cast, sign_in) -> None:
    make_item(make_plan(cast.ours, filed_on=None), 11, title="草稿里的")
    query = {"branch": cast.ours.pk}
    assert plan_of(sign_in(cast["secretary"]).get(URL, query)) == {"草稿里的": False}
    assert plan_of(sign_in(cast["organizer"]).get(URL, query)) == {}


def test_the_month_costs_the_same_for_one_and_for_three(cast, sign_in) -> None:
    client, plan = sign_in(cast["secretary"]), make_plan(cast.ours)

    def cost() -> int:
        client.get(URL)
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        return len(captured)

    make_item(plan, 11, meeting_kind="lecture")
    one = cost()
    make_item(plan, 11, meeting_kind="group")
    make_item(plan, 11, owner=cast["member"])
    assert cost() == one
