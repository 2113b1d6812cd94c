"""Everybody's first page."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.branches.services_rules import create_excuse, create_override, end_override
from apps.ledger.services import recount, recount_all
from apps.meetings.models import MeetingState
from apps.rules.kinds import MeetingKind, MemberStatus, PostKind
from apps.workbench import policies, queries
from apps.workbench.navigation import entries_for
from apps.workbench.queries import judged
from tests import factories
from tests.conftest import TODAY
from tests.meetings.sittings import planned


def page_of(client):
    return client.get(reverse("workbench:home")).context["page"]


def titles(duties) -> list[str]:
    return [duty.title for duty in duties]


def cost_of(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_secretary_sees_what_is_due_this_month(cast, sign_in) -> None:
    recount_all(years=[2026])
    page = page_of(sign_in(cast["secretary"]))
    assert {"主题党日", "支委会", "党小组会"} <= set(titles(page.this_month) + titles(page.pressing))


def test_a_closed_sitting_with_two_purposes_counts_for_both(cast, sign_in) -> None:
    factories.make_meeting(cast.ours, MeetingKind.GENERAL, MeetingKind.THEMED_DAY, held_on=date(2026, 11, 6))
    recount_all(years=[2026])
    page = page_of(sign_in(cast["secretary"]))
    done = {(duty.title, duty.period_start) for duty in page.done}
    assert ("党员大会", date(2026, 10, 1)) in done
    assert ("主题党日", date(2026, 11, 1)) in done


def test_an_open_record_does_not_count_yet(cast, sign_in) -> None:
    factories.make_meeting(
        cast.ours, MeetingKind.THEMED_DAY, held_on=date(2026, 11, 6), state=MeetingState.OPEN
    )
    recount_all(years=[2026])
    page = page_of(sign_in(cast["secretary"]))
    assert ("主题党日", date(2026, 11, 1)) not in {(duty.title, duty.period_start) for duty in page.done}


def test_a_branch_without_a_committee_is_told_why_it_needs_no_committee_meeting(cast, sign_in) -> None:
    term = cast.ours.terms.get()
    term.with_committee = False
    term.save()
    recount_all(years=[2026])
    page = page_of(sign_in(cast["secretary"]))
    reasons = {duty.title: duty.why_not for duty in page.not_asked}
    assert reasons["支委会"] == "本支部没有设支部委员会，不需要召开支委会，重要事项直接提交党员大会。"


def test_an_excused_period_shows_reason_and_by_whom(cast, sign_in) -> None:
    create_excuse(
        organization=cast.ours,
        code="MTG-5",
        period_start=date(2026, 11, 1),
        reason="全镇防汛",
        decided_on=TODAY,
        actor=cast["organizer"],
    )
    words = sign_in(cast["secretary"]).get(reverse("workbench:home")).content.decode()
    assert "全镇防汛" in words
    assert "李组织同意" in words


def test_every_duty_shows_its_article_and_opens_the_form_filled_in(cast, sign_in) -> None:
    recount_all(years=[2026])
    words = sign_in(cast["secretary"]).get(reverse("workbench:home")).content.decode()
    assert "《中国共产党支部工作条例（试行）》" in words
    assert f"/meetings/log/?branch={cast.ours.pk}&amp;kind=themed_day" in words
    assert f"kind=group&amp;group={cast.group.pk}" in words


def test_those_above_read_the_workbench_and_write_nothing(cast, sign_in) -> None:
    recount_all(years=[2026])
    page = sign_in(cast["organizer"]).get(reverse("workbench:branch_detail", args=[cast.ours.pk]))
    assert page.status_code == 200
    assert "/meetings/log/" not in page.content.decode()


def test_a_branch_without_a_roster_starts_with_the_guide(cast, sign_in) -> None:
    person = factories.make_user("新书记", username="fresh")
    factories.make_post(person, cast.sibling, PostKind.SECRETARY)
    cast.members["sibling_member"].delete()
    recount_all(years=[2026])
    answer = sign_in(person).get(reverse("workbench:home"))
    assert answer.url == reverse("workbench:guide")
    steps = sign_in(person).get(answer.url).context["steps"]
    assert [(step.title, step.is_done) for step in steps] == [
        ("导入花名册", False),
        ("登记本届", True),
        ("登记班子和党小组组长", True),
        ("划分党小组（人少可以不分）", False),
        ("排好这个月", False),
    ]


def test_the_member_sees_own_meetings_and_tasks(cast, sign_in) -> None:
    meeting = factories.make_meeting(cast.ours, title="十一月党员大会")
    factories.make_attendance(meeting, cast.members["member"])
    factories.make_meeting(cast.ours, MeetingKind.COMMITTEE, title="十一月支委会")
    factories.make_task(cast.ours, title="交学习心得", owner=cast["member"])
    words = sign_in(cast["member"]).get(reverse("workbench:home")).content.decode()
    assert "十一月党员大会" in words
    assert "交学习心得" in words
    assert "十一月支委会" not in words


def test_the_board_names_the_branches_that_need_a_call_and_why(cast, sign_in) -> None:
    recount_all(years=[2026])
    page = sign_in(cast["organizer"]).get(reverse("workbench:board"))
    found = {row.name: [c.title for c in row.concerns] for row in page.context["rows"]}
    assert found == {
        "机关一支部": ["上期党员大会缺开"],
        "机关二支部": ["书记空缺超过3个月", "正式党员不足3名", "上期党员大会缺开"],
    }


def test_the_board_filters_by_reason(cast, sign_in) -> None:
    recount_all(years=[2026])
    page = sign_in(cast["organizer"]).get(reverse("workbench:board"), {"reason": "vacant"})
    assert [row.name for row in page.context["rows"]] == ["机关二支部"]


def test_the_board_of_a_large_tree_is_the_same_page_by_page(cast, sign_in, monkeypatch) -> None:
    """Where many are in reach the gravest are asked first; neither rows nor their order may differ for it."""
    for number in range(40):
        branch = factories.make_organization(parent=cast.committee)
        factories.make_post(factories.make_user(f"书记{number}"), branch, PostKind.SECRETARY)
        for _ in range(number % 5):
            factories.make_member(branch, status=MemberStatus.FULL)
    recount_all(years=[2026])
    client = sign_in(cast["organizer"])

    def walked() -> list[str]:
        url, found = reverse("workbench:board"), []
        while url:
            page = client.get(url)
            found += [row.pk for row in page.context["rows"]]
            url = page.context["page"].next_url
        return found

    plain = walked()
    monkeypatch.setattr(policies, "MANY", 0)
    assert walked() == plain
    assert len(plain) == len(set(plain)) == 42


def test_the_board_finds_branches_by_the_name_of_what_stands_above(cast, sign_in) -> None:
    recount_all(years=[2026])
    client, url = sign_in(cast["organizer"]), reverse("workbench:board")
    assert len(client.get(url, {"text": "青川"}).context["rows"]) == 2
    assert [row.name for row in client.get(url, {"text": "二支部"}).context["rows"]] == ["机关二支部"]


def test_a_local_rule_and_its_end_are_seen_at_once(cast) -> None:
    """What is judged is kept in memory, but never beyond a change of the rules."""
    recount(branch_ids=[cast.ours.pk], years=[2026])
    before = queries.judged(cast.ours, today=TODAY)
    assert queries.judged(cast.ours, today=TODAY) is before
    rule = create_override(
        organization=cast.committee,
        code="MTG-1",
        applies=True,
        period="month",
        min_count=1,
        reason="青组〔2026〕5号",
        valid_from=date(2026, 1, 1),
        valid_to=None,
        actor=cast["organizer"],
    )
    ruled = queries.judged(cast.ours, today=TODAY)
    assert len(ruled.duties) > len(before.duties)
    end_override(override=rule, valid_to=date(2026, 6, 1), actor=cast["organizer"])
    assert len(queries.judged(cast.ours, today=TODAY).duties) < len(ruled.duties)


def test_the_board_counts_late_tasks(cast, sign_in) -> None:
    factories.make_task(cast.ours, due_on=date(2026, 11, 1))
    factories.make_task(cast.ours, due_on=date(2026, 11, 2))
    recount_all(years=[2026])
    words = sign_in(cast["organizer"]).get(reverse("workbench:board")).content.decode()
    assert "有2项任务过了期限还没有办结。" in words


def test_the_workbench_costs_six_queries_whatever_the_branch_holds(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    recount_all(years=[2026])
    url = reverse("workbench:home")
    little = cost_of(client, url)
    for number in range(3):
        factories.make_meeting(
            cast.ours, held_on=TODAY + timedelta(days=number), state=MeetingState.PLANNED, group=cast.group
        )
        factories.make_task(cast.ours, owner=cast["member"])
        factories.make_member(cast.ours, status=MemberStatus.FULL)
    recount(branch_ids=[cast.ours.pk], years=[2026])
    assert cost_of(client, url) == little
    assert little == 6


def test_the_board_costs_the_same_for_one_branch_and_for_three(cast, sign_in) -> None:
    client, url = sign_in(cast["organizer"]), reverse("workbench:board")
    recount(branch_ids=[cast.sibling.pk], years=[2026])
    one = cost_of(client, url)
    for _ in range(2):
        branch = factories.make_organization(parent=cast.committee)
        recount(branch_ids=[branch.pk], years=[2026])
    assert len(client.get(url).context["rows"]) == 3
    assert cost_of(client, url) == one


def test_the_month_shows_sittings_tasks_and_last_days(cast, sign_in) -> None:
    factories.make_meeting(
        cast.ours, MeetingKind.THEMED_DAY, held_on=date(2026, 11, 6), title="十一月主题党日"
    )
    factories.make_task(cast.ours, title="报名单", due_on=date(2026, 11, 25))
    recount_all(years=[2026])
    page = sign_in(cast["secretary"]).get(reverse("workbench:month")).context["page"]
    days = {day.day.day: day for day in page.busy_days}
    assert [meeting.title for meeting in days[6].sittings] == ["十一月主题党日"]
    assert [task.title for task in days[25].tasks] == ["报名单"]
    assert {"支委会", "党小组会"} <= set(titles(days[30].duties))


def test_a_nonsense_month_is_this_month(cast, sign_in) -> None:
    page = sign_in(cast["secretary"]).get(reverse("workbench:month"), {"month": "2026-13"})
    assert page.context["page"].first == date(2026, 11, 1)


def test_the_health_page_answers_without_a_login(client, cast) -> None:
    answer = client.get(reverse("workbench:healthz"))
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "database": True, "disk": True, "keys": True}


def test_a_missing_key_is_said_on_every_page(cast, sign_in, settings, tmp_path) -> None:
    settings.VAULT_KEYRING = tmp_path / "nothing.json"
    words = sign_in(cast["secretary"]).get(reverse("tasks:list")).content.decode()
    assert "找不到密钥文件。身份证号、电话、住址暂时看不到" in words


def test_the_menu_of_each_role(cast) -> None:
    def labels(role: str) -> list[str]:
        return [label for label, _, _ in entries_for(cast[role])]

    assert labels("organizer")[:3] == ["今日关注", "各支部评议", "组织生活"]
    assert labels("secretary")[:4] == ["工作台", "组织生活", "谈心谈话", "任务"]
    assert labels("member") == [
        *("工作台", "组织生活", "谈心谈话", "任务", "计划", "组织生活会与民主评议", "测评投票"),
        *("我的档案", "规则", "我的操作"),
    ]
    assert labels("operator") == [
        "工作台",
        "组织机构",
        "账号管理",
        "系统设置",
        "规则",
        "我的操作",
        "管理后台",
    ]
    assert labels("auditor") == ["工作台", "操作记录", "规则", "我的操作", "管理后台"]


def test_a_planned_sitting_shows_at_once_on_the_first_page(cast, sign_in) -> None:
    recount_all(years=[2026])
    client = sign_in(cast["secretary"])
    assert planned_days(client, "支委会") == [None]
    planned(cast, held_on=date(2026, 11, 25))
    assert planned_days(client, "支委会") == [date(2026, 11, 25)]


def planned_days(client, title: str) -> list[date | None]:
    page = page_of(client)
    return [duty.planned_on for duty in page.pressing + page.this_month if duty.title == title]


@pytest.mark.parametrize("raw", ["9999-12", "0001-01", "0000-00", "2026-13", "x"])
def test_a_month_that_is_none_shows_this_month(cast, sign_in, raw: str) -> None:
    response = sign_in(cast["secretary"]).get(reverse("workbench:month"), {"month": raw})
    assert response.context["page"].first == date(2026, 11, 1)


def test_a_place_in_the_board_beyond_all_numbers_is_a_bad_request(cast, sign_in) -> None:
    response = sign_in(cast["organizer"]).get(reverse("workbench:board"), {"after": "9" * 20})
    assert response.status_code == (400 if connection.vendor == "sqlite" else 200)


def test_whoever_sits_in_two_branches_changes_between_them(cast, sign_in) -> None:
    factories.make_post(cast["secretary"], cast.sibling, PostKind.DEPUTY_SECRETARY)
    client = sign_in(cast["secretary"])
    for name in ("workbench:home", "workbench:month"):
        page = client.get(reverse(name), {"branch": cast.sibling.pk}).content.decode()
        assert f'<option value="{cast.sibling.pk}" selected>{cast.sibling}</option>' in page
        assert f'<option value="{cast.ours.pk}">{cast.ours}</option>' in page
    assert "ui-switch" not in sign_in(cast["deputy"]).get(reverse("workbench:month")).content.decode()


def test_the_month_of_a_branch_that_one_does_not_sit_in_is_not_there(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    assert client.get(reverse("workbench:home"), {"branch": cast.sibling.pk}).status_code == 404
    assert client.get(reverse("workbench:month"), {"branch": cast.sibling.pk}).status_code == 404


def test_an_overdue_duty_leaves_the_day_to_the_person_who_knows_it(cast, sign_in) -> None:
    page = sign_in(cast["secretary"]).get(reverse("meetings:log"), {"kind": "themed_day", "late": "1"})
    assert page.context["form"]["held_on"].value() is None
    assert "请填写当时实际召开的日期" in page.content.decode()


def test_a_rule_for_each_term_counts_all_the_years_of_the_term(cast, sign_in) -> None:
    """The lecture was held in the first spring of the term, two years before the day of the test."""
    term = cast.ours.terms.get()
    term.starts_on, term.ends_on = date(2024, 3, 1), date(2027, 3, 1)
    term.save()
    create_override(
        organization=cast.committee,
        code="MTG-4",
        applies=True,
        period="term",
        min_count=1,
        reason="青组〔2026〕6号",
        valid_from=date(2024, 3, 1),
        valid_to=None,
        actor=cast["organizer"],
    )
    factories.make_meeting(cast.ours, MeetingKind.LECTURE, held_on=date(2024, 6, 5))
    recount_all(years=[2024, 2026])
    lecture = [duty for duty in judged(cast.ours, today=TODAY).duties if duty.code == "MTG-4"]
    assert [(duty.state, duty.count) for duty in lecture] == [("done", 1)]
