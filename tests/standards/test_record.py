"""The record of a branch and the page of a figure, through the browser's eyes."""

from __future__ import annotations

import re
import uuid
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import strip_tags

from apps.ledger.services import recount_all
from apps.meetings.models import AgendaItem
from apps.rules.kinds import AttendanceStatus, MeetingKind
from apps.rules.kinds_worklog import PostArea
from apps.rules.measures import MEASURES
from apps.standards import services_local, services_notes
from apps.standards.next_steps import STEPS, step_for
from apps.standards.queries import standards_for
from apps.standards.services_load import load_standards
from apps.worklog.models import KeyPost
from tests import factories
from tests.conftest import NOW, TODAY, Cast

Page = dict[str, Any]


@pytest.fixture
def world(cast: Cast) -> Cast:
    """The shipped standards, and one assembly at which three of the seven were away."""
    load_standards(today=date(2026, 1, 1))
    meeting = factories.make_meeting(cast.ours, MeetingKind.GENERAL, title="十月党员大会")
    people = [member for member in cast.members.values() if member.branch_id == cast.ours.pk]
    for at, member in enumerate(people):
        status = AttendanceStatus.PERSONAL_LEAVE if at < 3 else AttendanceStatus.PRESENT
        factories.make_attendance(meeting, member, status=status)
    recount_all(years=[2026])
    return cast


def page(client: Any, branch: Any, *, year: int = 2026) -> HttpResponse:
    return client.get(reverse("standards:record", args=[branch.pk]), {"year": year})


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", unescape(strip_tags(answer.content.decode())))


def lines_of(answer: HttpResponse) -> dict[str, Page]:
    return {line["standard"].code: line for part in answer.context["parts"] for line in part["lines"]}


def figures_of(answer: HttpResponse) -> dict[str, Page]:
    return {item["figure"].key: item for line in lines_of(answer).values() for item in line["figures"]}


def test_every_standard_that_holds_is_named_with_its_place_in_the_source(world: Cast, sign_in) -> None:
    answer = page(sign_in(world["secretary"]), world.ours)
    said, held = text_of(answer), standards_for(world.ours, on=TODAY)
    assert set(lines_of(answer)) == {one.code for one in held}
    assert len(held) == 52
    for one in held:
        assert one.title in said
        assert f"{one.code} · 《{one.source}》{one.locator}" in said


def test_what_lights_up_stands_first_with_its_reason_and_the_next_step(world: Cast, sign_in) -> None:
    answer = page(sign_in(world["secretary"]), world.ours)
    lit = answer.context["lit"]
    assert lit
    assert {line["standard"].polarity.value for line in lit} == {"warning"}
    assert {line["badge"][0] for line in lit} == {"亮灯提示"}
    said = text_of(answer)
    for line in lit:
        assert re.search(r"以上为达到要求，不到 \d+(\.\d)?(%| \w+) ?提示", line["why"])
        assert said.index(line["why"]) < said.index("六个方面")
        assert all(f"下一步：{step.label}" in said for step in line["steps"])
    assert [line["standard"].code for line in lit] == [
        code for code, line in lines_of(answer).items() if line["badge"][0] == "亮灯提示"
    ]


def test_of_character_no_figure_is_shown_but_who_is_asked_and_when(world: Cast, sign_in) -> None:
    lines = lines_of(page(sign_in(world["secretary"]), world.ours)).values()
    judged_by_people = [line for line in lines if not line["standard"].has_figure]
    assert judged_by_people
    for line in judged_by_people:
        assert (line["figures"], line["badge"][0], line["why"]) == ([], "由人评议", "")
        asked = line["standard"].evidence
        if any(item.sort == "appraisal" for item in asked):
            assert re.match(r"年度考核时由(全体党员|支部委员)无记名测评：", line["people"])
        if any(item.sort == "review" for item in asked):
            assert "上级评审组逐条评定并写明理由" in line["people"]
        assert line["people"].endswith("系统不推算、不打分。")


def test_a_figure_says_how_it_is_counted_and_by_which_rules(world: Cast, sign_in) -> None:
    said = text_of(page(sign_in(world["secretary"]), world.ours))
    assert "组织生活参加率 57.1% ◐ 接近要求" not in said
    assert "组织生活参加率 57.1% ▲ 需要加强 4 / 7" in said
    assert "各次会议、活动的实到人次，除以应到人次；支部决定不作出席要求的不算在应到里。" in said
    assert "85% 以上为达到要求，不到 70% 提示。规则版本 2026.1。" in said
    assert re.search(r"计入 \d+ 条，该有而没有算上 \d+ 条，不算在内 \d+ 条。逐条看记录", said)


def test_levels_set_above_change_the_state_and_are_named(world: Cast, sign_in) -> None:
    given = {"organization": world.committee, "measure": "participation", "good": 55, "warn": 40}
    dates = {"valid_from": date(2026, 11, 1), "valid_to": None, "today": date(2026, 11, 1)}
    services_local.override_levels(
        **given, **dates, reason="镇〔2026〕7 号", actor=world["organizer"], idempotency_key=uuid.uuid4()
    )
    answer = page(sign_in(world["secretary"]), world.ours)
    assert figures_of(answer)["participation"]["badge"][0] == "达到要求"
    assert "55% 以上为达到要求，不到 40% 提示（青川镇党委规定：镇〔2026〕7 号）" in text_of(answer)


def test_the_note_of_the_branch_travels_with_the_figure(world: Cast, sign_in) -> None:
    told = {"year": 2026, "measure": "participation", "text": "三人外出务工，已电话通气。"}
    services_notes.write_note(
        organization=world.ours, actor=world["secretary"], now=NOW, idempotency_key=uuid.uuid4(), **told
    )
    for role in ("secretary", "organizer"):
        client = sign_in(world[role])
        assert "支部说明（吴向前）：三人外出务工，已电话通气。" in text_of(page(client, world.ours))
        url = reverse("standards:figure", args=[world.ours.pk, "participation"])
        assert "三人外出务工，已电话通气。" in text_of(client.get(url, {"year": 2026}))
        assert "三人外出务工" not in text_of(client.get(url, {"year": 2025}))


def test_the_page_of_a_figure_links_to_the_very_records(world: Cast, sign_in) -> None:
    meeting = factories.make_meeting(world.ours, MeetingKind.COMMITTEE, title="十月支委会")
    AgendaItem.objects.create(meeting=meeting, position=1, title="冬季安全", nature="party_affairs")
    recount_all(years=[2026])
    url = reverse("standards:figure", args=[world.ours.pk, "party_agenda_share"])
    answer = sign_in(world["secretary"]).get(url)
    lists = {title: rows for title, _, rows in answer.context["lists"]}
    at = reverse("meetings:detail", args=[meeting.pk])
    assert [(row.words, row.url) for row in lists["计入的"]] == [("十月支委会（2026-10-15）", at)]
    assert [(row.words, row.reason) for row in lists["该有而没有算上的"]] == [
        ("十月党员大会（2026-10-15）", "没有登记议题。")
    ]
    assert f'href="{at}"' in answer.content.decode()


def test_a_register_stands_behind_its_figure_by_name(world: Cast, sign_in) -> None:
    told = {"area": PostArea.MONEY, "since": date(2025, 1, 1), "created_at": NOW}
    post = KeyPost.objects.create(
        branch=world.ours,
        path=world.ours.path,
        title="村集体出纳",
        created_by=world["secretary"],
        idempotency_key=uuid.uuid4(),
        **told,
    )
    recount_all(years=[2026])
    url = reverse("standards:figure", args=[world.ours.pk, "key_posts_reviewed"])
    answer = sign_in(world["secretary"]).get(url)
    missed = {title: rows for title, _, rows in answer.context["lists"]}["该有而没有算上的"]
    at = reverse("worklog:key_post_detail", args=[post.pk])
    assert [tuple(row) for row in missed] == [("村集体出纳", at, "今年还没有检查提醒过。")]


def test_a_year_before_the_records_began_is_unknown_and_not_nought(world: Cast, sign_in) -> None:
    world.ours.records_since = date(2026, 3, 1)
    world.ours.save()
    recount_all(years=[2026])
    answer = page(sign_in(world["secretary"]), world.ours, year=2025)
    found = figures_of(answer)
    # A year for which no local rules hold has no standards of its own: the shipped ones began in 2026.
    assert {item["badge"][0] for item in found.values()} <= {"尚无法判断"}
    url = reverse("standards:figure", args=[world.ours.pk, "participation"])
    said = text_of(sign_in(world["secretary"]).get(url, {"year": 2025}))
    assert "无记录 尚无法判断 2026年3月1日起才在本系统记录，此前的情况系统不作判断。" in said


def test_every_figure_has_a_next_step_that_is_open_to_the_secretary(world: Cast, sign_in) -> None:
    client = sign_in(world["secretary"])
    assert set(STEPS) == set(MEASURES)
    wrong = {}
    for key in MEASURES:
        step = step_for(key, branch_id=world.ours.pk)
        answer = client.get(step.url)
        filtered = answer.context.get("filter_form") if answer.context else None
        if answer.status_code != 200 or (filtered is not None and filtered.errors):
            wrong[key] = (step.url, answer.status_code)
    assert wrong == {}


def test_the_next_step_is_offered_to_those_who_keep_the_records(world: Cast, sign_in) -> None:
    offered = {
        role: "下一步：" in text_of(page(sign_in(world[role]), world.ours))
        for role in ("secretary", "deputy", "organization", "publicity", "discipline", "organizer")
    }
    assert [role for role, is_offered in offered.items() if is_offered] == [
        "secretary",
        "deputy",
        "organization",
    ]
