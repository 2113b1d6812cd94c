"""The calendar link: shown once, kept as a hash, revocable, and never more than the person sees today."""

import logging
from datetime import date, datetime, time, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from apps.audit.models import Deed
from apps.plans.models import CalendarFeed
from apps.rules.kinds import MeetingKind, PostKind
from apps.ui.logs import MaskPersonalNumbers
from tests import factories
from tests.conftest import NOW, TODAY, set_today
from tests.factories import SHANGHAI
from tests.plans.makers import make_item, make_plan

PAGE = "workbench:calendar"


def link_of(client: Client) -> str:
    """The path of a link made on the page."""
    url = client.post(reverse(PAGE)).context["url"]
    return url.removeprefix("http://testserver")


@pytest.fixture
def feed(sign_in):
    """`feed(user)` is what a calendar program would read, parsed."""

    def read(user) -> Calendar:
        answer = Client().get(link_of(sign_in(user)))
        assert answer.status_code == 200
        return Calendar.from_ical(answer.content)

    return read


def titles(calendar: Calendar) -> list[str]:
    return sorted(str(event["SUMMARY"]) for event in calendar.walk("VEVENT"))


def own_titles(calendar: Calendar) -> list[str]:
    """Without the duties, which follow from the rules."""
    return [title for title in titles(calendar) if not title.startswith("最迟今天")]


def test_the_link_is_shown_once_and_opens_without_a_sign_in(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    path = link_of(client)
    answer = Client().get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "private"
    assert not answer.cookies
    token = path.rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in client.get(reverse(PAGE)).content.decode()
    assert "最近一次读取" in client.get(reverse(PAGE)).content.decode()
    assert CalendarFeed.objects.get().last_used_on == TODAY


def test_the_secret_stands_nowhere_in_the_database_and_nothing_there_opens_the_feed(cast, sign_in) -> None:
    token = link_of(sign_in(cast["secretary"])).rsplit("/", 1)[1].removesuffix(".ics")
    assert len(token) >= 32
    stored = set()
    for model in apps.get_models():
        for row in model._base_manager.values_list():
            stored |= {str(value) for value in row}
    assert [text for text in stored if token in text] == []
    for text in stored:
        if text.replace("-", "").replace("_", "").isalnum() and text.isascii():
            assert Client().get(f"/calendar/{text}.ics").status_code == 404
    assert [deed.action for deed in Deed.objects.all()] == ["feed.created"]


def test_the_secret_is_masked_in_the_log() -> None:
    token = "Ab3_-" * 6 + "xy"
    line = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Not Found: /calendar/%s.ics", (token,), None
    )
    MaskPersonalNumbers().filter(line)
    assert line.getMessage() == "Not Found: /calendar/［链接已隐去］.ics"


def test_a_new_link_ends_the_old_one_and_revoking_ends_both(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    old, new = link_of(client), link_of(client)
    assert [Client().get(path).status_code for path in (old, new)] == [404, 200]
    assert client.post(reverse("workbench:calendar_revoke")).status_code == 302
    assert Client().get(new).status_code == 404
    client.post(reverse("workbench:calendar_revoke"))
    actions = [deed.action for deed in Deed.objects.order_by("number")]
    assert actions == ["feed.created", "feed.revoked", "feed.created", "feed.revoked"]


def test_a_disabled_account_and_a_wrong_link_get_the_same_answer(cast, sign_in) -> None:
    path = link_of(sign_in(cast["secretary"]))
    cast["secretary"].is_active = False
    cast["secretary"].save()
    assert Client().get(path).status_code == 404
    assert Client().get("/calendar/" + "x" * 32 + ".ics").status_code == 404
    assert Client().post(path).status_code == 405


def test_reading_the_feed_leaves_no_deed(cast, sign_in) -> None:
    path = link_of(sign_in(cast["secretary"]))
    before = Deed.objects.count()
    Client().get(path)
    assert Deed.objects.count() == before


def test_the_secretary_gets_sittings_tasks_duties_and_the_plan(cast, feed) -> None:
    factories.make_meeting(cast.ours, title="十一月支委会", state="planned", held_on=date(2026, 11, 27))
    factories.make_meeting(cast.ours, title="取消的", state="cancelled", cancel_reason="雨", held_on=TODAY)
    factories.make_meeting(cast.sibling, title="别的支部的", held_on=TODAY)
    factories.make_task(cast.ours, title="报送总结")
    factories.make_task(cast.ours, title="不定期限的", due_on=None)
    make_item(make_plan(cast.ours), 12, title="走访慰问")
    make_item(make_plan(cast.ours, year=2027, filed_on=None), 1, title="草稿里的")
    make_item(make_plan(cast.sibling), 12, title="别的支部的计划")
    found = feed(cast["secretary"])
    assert own_titles(found) == ["任务到期：报送总结", "十一月支委会", "计划（12月）：走访慰问"]
    duties = {title for title in titles(found) if title.startswith("最迟今天：")}
    assert "最迟今天：支委会" in duties


def test_a_member_gets_what_he_is_called_to_and_his_own_tasks(cast, feed) -> None:
    coming = {"state": "planned", "held_on": date(2026, 11, 27)}
    factories.make_meeting(cast.ours, MeetingKind.THEMED_DAY, title="主题党日", **coming)
    factories.make_meeting(cast.ours, MeetingKind.COMMITTEE, title="支委会", **coming)
    factories.make_task(cast.ours, title="支部的")
    factories.make_task(cast.ours, title="我的", owner=cast["member"])
    assert titles(feed(cast["member"])) == ["主题党日", "任务到期：我的"]


def test_the_organizer_gets_his_own_level_and_not_every_branch(cast, feed) -> None:
    factories.make_meeting(cast.ours, title="支部的会", held_on=TODAY)
    factories.make_task(cast.ours, title="支部的")
    factories.make_task(cast.committee, title="党委的")
    assert titles(feed(cast["organizer"])) == ["任务到期：党委的"]


def test_a_post_that_ends_takes_its_entries_away(cast, sign_in, monkeypatch) -> None:
    path = link_of(sign_in(cast["secretary"]))
    factories.make_task(cast.ours, title="报送总结")
    assert "任务到期：报送总结" in titles(Calendar.from_ical(Client().get(path).content))
    cast["secretary"].posts.filter(kind=PostKind.SECRETARY).update(ends_on=TODAY + timedelta(days=1))
    set_today(monkeypatch, NOW + timedelta(days=1))
    assert titles(Calendar.from_ical(Client().get(path).content)) == []


def test_days_and_times_are_those_of_the_branch(cast, feed) -> None:
    day = date(2026, 11, 27)
    common = {"state": "planned", "held_on": day}
    factories.make_meeting(cast.ours, title="有起止", starts_at=time(14, 30), ends_at=time(16), **common)
    factories.make_meeting(cast.ours, title="只有开始", starts_at=time(9), place="二楼会议室", **common)
    factories.make_meeting(cast.ours, title="全天", **common)
    events = {str(event["SUMMARY"]): event for event in feed(cast["secretary"]).walk("VEVENT")}

    def span(title: str) -> tuple:
        return events[title]["DTSTART"].dt, events[title]["DTEND"].dt

    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, 27, hour, minute, tzinfo=SHANGHAI)

    assert span("有起止") == (at(14, 30), at(16))
    assert span("只有开始") == (at(9), at(11))
    assert span("全天") == (day, date(2026, 11, 28))
    assert events["只有开始"]["LOCATION"] == "二楼会议室"


def test_the_lines_keep_to_the_standard(cast, sign_in) -> None:
    title = "贯彻落实上级会议精神；逐条学习，讨论\\研究, 明确分工" * 3
    meeting = factories.make_meeting(cast.ours, title=title[:100], held_on=TODAY)
    path = link_of(sign_in(cast["secretary"]))
    body = Client().get(path).content
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    first, again = (Calendar.from_ical(content) for content in (body, Client().get(path).content))
    by_uid = {str(event["UID"]): event for event in first.walk("VEVENT")}
    assert set(by_uid) == {str(event["UID"]) for event in again.walk("VEVENT")}
    assert len(by_uid) == len(list(first.walk("VEVENT")))
    event = by_uid[f"sitting-{meeting.pk}@testserver"]
    assert event["SUMMARY"] == title[:100]
    assert event["DTSTAMP"].dt == NOW


def test_no_personal_number_leaves_by_the_feed(cast, feed) -> None:
    factories.make_task(cast.ours, title="联系13900001234核对11010119900307123X")
    assert "任务到期：联系［号码已隐去］核对［号码已隐去］" in titles(feed(cast["secretary"]))


def test_the_feed_costs_the_same_for_one_and_for_three(cast, sign_in) -> None:
    path = link_of(sign_in(cast["secretary"]))
    plan = make_plan(cast.ours)

    def add() -> None:
        factories.make_meeting(cast.ours, state="planned", held_on=TODAY)
        factories.make_task(cast.ours)
        make_item(plan, 12)

    def cost() -> int:
        Client().get(path)
        with CaptureQueriesContext(connection) as captured:
            Client().get(path)
        return len(captured)

    add()
    one = cost()
    add()
    add()
    assert cost() == one


def test_operators_and_auditors_have_no_calendar(cast, sign_in) -> None:
    for role in ("operator", "auditor"):
        assert sign_in(cast[role]).post(reverse(PAGE)).status_code == 403
    assert not CalendarFeed.objects.exists()
