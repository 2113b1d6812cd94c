"""One's own talks on one's own page, in the export and in the calendar: for oneself, and nobody else's."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter
from icalendar import Calendar

from apps.audit.models import Deed
from apps.members.own_page import Card
from apps.rules.kinds import TalkOccasion, TalkState, TalkTrigger
from apps.talks import services_words
from apps.talks.models import MustTalk, Talk
from apps.talks.services_words import ENDED, end_contents
from apps.vault.record_keys import KeyLocked
from apps.workbench import services_mine, views_mine
from apps.workbench.queries_mine import cards_of, parts_of, subject_of
from apps.workbench.services_mine import Form, as_data, as_document, gather
from tests.conftest import NOW, TODAY, set_today
from tests.factories import PASSWORD, make_user
from tests.members.counting import CountQueries
from tests.talks.conftest import CANARIES
from tests.talks.talking import make_talk
from tests.talks.test_secrecy import TABLE, hits, statements
from tests.ui.documents import lines_of

MINE, EXPORT = reverse("workbench:mine"), reverse("workbench:mine_export")
INSIDE = {"member", "group_leader"}


def taken_out(person: Any) -> list[str]:
    """Both forms of the export, as text."""
    export = gather(person=person, form=Form.BOTH, now=NOW)
    with ZipFile(BytesIO(as_document(export))) as package:
        return [as_data(export), "\n".join(lines_of(package))]


def rows(person: Any, key: str) -> list[dict[str, Any]]:
    parts = json.loads(as_data(gather(person=person, form=Form.DATA, now=NOW)))["parts"]
    return parts[key]["rows"]


def card(person: Any, title: str) -> Card | None:
    return next((one for one in cards_of(subject_of(person, today=TODAY)) if one.title == title), None)


def test_both_take_out_what_they_may_read_and_so_does_the_recorder(cast, talk) -> None:
    writer = make_user("笔录人")
    Talk.objects.filter(pk=talk.pk).update(recorder=writer)
    for person in (cast["member"], cast["group_leader"], writer):
        for text in taken_out(person):
            assert hits(text) == list(CANARIES)
    row = rows(cast["group_leader"], "talks")[0]
    assert (row["day"], row["partners"], row["relation"]) == ("2026-11-10", "卫青松", "谈话对象")
    assert rows(writer, "talks")[0]["relation"] == "记录人"


def test_nobody_elses_export_holds_a_word_or_asks_for_the_table(cast, talk, partner) -> None:
    """Not the secretary's either, to whom one of the two has opened it: it is not his talk."""
    make_talk(cast.members["member"], partner, words=CANARIES, opened_at=NOW)
    make_talk(
        cast.members["member"], partner, words=CANARIES, occasion="reminder", entered_by=cast["secretary"]
    )
    for role in sorted(set(cast.people) - INSIDE):
        with statements() as said:
            texts = taken_out(cast[role])
        assert [hits(text) for text in texts] == [[], []], role
        assert [sql for sql in said if TABLE in sql] == [], role
        assert json.loads(texts[0])["parts"]["talks"]["rows"] == [], role


def test_taking_out_is_reading_and_the_other_one_sees_it(cast, talk) -> None:
    taken_out(cast["member"])
    deed = Deed.objects.get(action="talk.read")
    assert (deed.actor, deed.object_id, deed.path) == (cast["member"], talk.pk, talk.path)
    title = "谁看过我的身份证号、电话、住址和谈话"
    [line] = card(cast["group_leader"], title).lines
    assert line.text == "卫青松"
    assert line.beside == "2026-11-20 10:30 阅读谈话内容 2026-11-10 的谈话"
    assert card(cast["member"], title).lines == []


def test_looks_at_talks_are_listed_with_the_posts_of_the_reader(cast, talk, sign_in) -> None:
    make_talk(cast.members["member"], cast.members["group_leader"], words=CANARIES, opened_at=NOW)
    sign_in(cast["secretary"]).get(reverse("talks:detail", args=[Talk.objects.latest("pk").pk]))
    for role in INSIDE:
        page = sign_in(cast[role]).get(reverse("workbench:mine_looks"), {"action": "talk.read"})
        assert [(row.who, row.what) for row in page.context["rows"]] == [
            ("吴向前（机关一支部支部书记）", "2026-11-10 的谈话")
        ]
    assert not sign_in(cast["deputy"]).get(reverse("workbench:mine_looks")).context["rows"]
    looks = {part.key: part for part in parts_of(subject_of(cast["member"], today=TODAY))}["looks"]
    assert [row[1:4] for row in looks.rows] == [
        ("吴向前（机关一支部支部书记）", "阅读谈话内容", "2026-11-10 的谈话")
    ]


def test_what_was_destroyed_or_does_not_open_is_said_in_words(cast, talk, monkeypatch) -> None:
    locked = KeyLocked("密钥不在")

    def fail(_key: object) -> None:
        raise locked

    with monkeypatch.context() as lost:
        lost.setattr(services_words.record_keys, "cipher_of", fail)
        row = rows(cast["member"], "talks")[0]
        assert (row["notice"], row["topic"]) == (locked.words, "")
    assert not Deed.objects.filter(action="talk.read").exists()
    end_contents(today=date(2031, 11, 10), years=5)
    row = rows(cast["member"], "talks")[0]
    assert (row["notice"], row["topic"], row["day"]) == (ENDED, "", "2026-11-10")


def test_the_export_asks_for_the_password_and_that_ends_having_been_away(
    cast, talk, sign_in, monkeypatch
) -> None:
    client, page = sign_in(cast["member"]), reverse("talks:detail", args=[talk.pk])
    client.get("/")
    set_today(monkeypatch, NOW + timedelta(minutes=20))
    assert client.get(page).status_code == 302
    wrong = client.post(EXPORT, {"form": "json", "password": "不对的密码一二三"})
    assert (wrong.status_code, hits(wrong.content.decode())) == (422, [])
    answer = client.post(EXPORT, {"form": "json", "password": PASSWORD})
    assert hits(answer.content.decode()) == list(CANARIES)
    assert client.get(page).status_code == 200
    assert "account.password_confirmed" in Deed.objects.values_list("action", flat=True)


def test_a_crash_while_taking_out_reports_no_word(cast, talk, rf, monkeypatch, settings, sign_in) -> None:

    def fail(part: Any) -> dict:
        """As a bug would while the talks are in hand."""
        return {} if part.key != "talks" else {}["no"]

    monkeypatch.setattr(services_mine, "_part_data", fail)
    settings.DEBUG = False
    request = rf.post(EXPORT, {"form": "json", "password": PASSWORD})
    request.user, request.session = cast["member"], sign_in(cast["member"]).session
    try:
        views_mine.mine_export(request)
    except KeyError as error:
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
        report = reporter.get_traceback_text() + reporter.get_traceback_html()
    assert "KeyError" in report
    assert hits(report) == []


def test_what_one_arranged_for_others_names_nobody_and_no_reason(cast, talk, partner) -> None:
    make_talk(cast.members["member"], partner, entered_by=cast["secretary"])
    make_talk(cast.members["member"], partner, entered_by=cast["secretary"], occasion=TalkOccasion.REMINDER)
    MustTalk.objects.create(
        branch=cast.ours,
        path=cast.ours.path,
        member=cast.members["member"],
        asked=cast.members["deputy"],
        trigger=TalkTrigger.HARDSHIP,
        since=date(2026, 11, 1),
        due_on=date(2026, 12, 1),
        set_by=cast["secretary"],
        idempotency_key="6f1f7d2e-53a6-4b51-8df0-6b0c2f3f0c11",
    )
    hint = {"on": "2026-11-01", "due_on": "2026-12-01", "state": "待谈"}
    entered = {"kind": "登记别人的谈话", "on": "2026-11-10", "due_on": None, "state": "已谈"}
    assert rows(cast["secretary"], "talks_handled") == [entered, {"kind": "登记必谈提示", **hint}]
    assert rows(cast["deputy"], "talks_handled") == [{"kind": "请本人去谈", **hint}]
    for role in ("secretary", "deputy", "member"):
        assert TalkTrigger.HARDSHIP.label not in "".join(taken_out(cast[role])), role


def test_the_own_page_shows_with_whom_when_and_how_it_stands(cast, talk, partner) -> None:
    planned = {"state": TalkState.PLANNED, "held_on": None, "planned_on": date(2026, 11, 27)}
    coming = make_talk(partner, cast.members["member"], **planned)
    make_talk(cast.members["member"], partner, state=TalkState.CANCELLED)
    make_talk(cast.members["secretary"], partner)
    lines = card(cast["member"], "我的谈话").lines
    assert [(line.text, line.beside, line.badge, line.url) for line in lines] == [
        ("与褚红", "2026-11-27 常规谈心", ("已约定", "info"), reverse("talks:detail", args=[coming.pk])),
        ("与褚红", "2026-11-10 常规谈心", ("已谈", "ok"), reverse("talks:detail", args=[talk.pk])),
    ]
    assert card(cast["deputy"], "我的谈话").lines == []
    assert card(cast["organizer"], "我的谈话") is None


def test_opening_the_own_page_reads_no_word(cast, talk, sign_in) -> None:
    with statements() as said:
        assert sign_in(cast["member"]).get(MINE).status_code == 200
    assert [sql for sql in said if TABLE in sql] == []


def test_the_calendar_has_the_day_of_a_planned_talk_and_no_name(cast, sign_in, partner) -> None:
    def plan(day: date, **fields: Any) -> None:
        given = {"state": TalkState.PLANNED, "held_on": None, "place": "二楼", "words": CANARIES}
        make_talk(cast.members["member"], partner, planned_on=day, **(given | fields))

    plan(date(2026, 11, 27))
    plan(date(2026, 12, 1), state=TalkState.CANCELLED)
    plan(date(2030, 12, 1))
    make_talk(cast.members["member"], partner)
    bodies = {}
    for role in ("member", "group_leader", "secretary"):
        url = sign_in(cast[role]).post(reverse("workbench:calendar")).context["url"]
        with statements() as said:
            bodies[role] = Client().get(url.removeprefix("http://testserver")).content.decode()
        assert [sql for sql in said if TABLE in sql] == []
    for role, others in (("member", "褚红"), ("group_leader", "卫青松")):
        talks = [
            event
            for event in Calendar.from_ical(bodies[role]).walk("VEVENT")
            if event["SUMMARY"] == "谈心谈话"
        ]
        assert [(event["DTSTART"].dt, event.get("LOCATION")) for event in talks] == [
            (date(2026, 11, 27), None)
        ]
        whole = bodies[role].replace("\r\n ", "")
        assert others not in whole
        assert hits(whole) == []
    assert "谈心谈话" not in bodies["secretary"].replace("\r\n ", "")


def test_three_talks_cost_what_one_costs_in_the_export_and_in_the_calendar(cast, partner, sign_in) -> None:
    person = cast["member"]
    path = sign_in(person).post(reverse("workbench:calendar")).context["url"]

    def one_more() -> None:
        make_talk(cast.members["member"], partner, words=CANARIES)
        make_talk(partner, cast.members["member"], state=TalkState.PLANNED, held_on=None, planned_on=TODAY)
        make_talk(cast.members["deputy"], partner, entered_by=person)

    def cost() -> list[int]:
        with CountQueries() as export:
            gather(person=person, form=Form.DATA, now=NOW)
        with CountQueries() as feed:
            assert Client().get(path.removeprefix("http://testserver")).status_code == 200
        return [len(export), len(feed)]

    one_more()
    cost()
    one = cost()
    one_more()
    one_more()
    assert cost() == one
