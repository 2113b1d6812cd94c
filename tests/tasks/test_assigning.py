"""Assigning from above: what it costs is said first; branches answer; those above accept or return."""

import threading
import uuid
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.ledger.models import Standing
from apps.rules.kinds import NoteKind
from apps.tasks import facts, services, services_review
from apps.tasks.known_figures import KNOWN, known_in, workload
from apps.tasks.models import Assignment, Task, TaskState
from apps.tasks.reminders import reminders_of
from tests import factories
from tests.conftest import NOW, TODAY

TYPED = {"title": "核对档案", "due_on": "2026-12-10", "minutes": "40", "detail": "", "to_all": "on"}


def typed(**changes: object) -> dict[str, object]:
    return TYPED | {"idempotency_key": str(uuid.uuid4())} | changes


def reported(cast, **fields: object) -> Task:
    return factories.make_assigned(
        cast.ours,
        created_by=cast["organizer"],
        state=TaskState.REPORTED,
        reported_on=date(2026, 11, 18),
        result="已核对。",
        **fields,
    )


@pytest.mark.parametrize(
    ("minutes", "branches", "words"),
    [
        (30, 12, "每个支部约 30 分钟 × 12 个支部，合计约 6 小时"),
        (25, 2, "每个支部约 25 分钟 × 2 个支部，合计约 50 分钟"),
        (45, 3, "每个支部约 45 分钟 × 3 个支部，合计约 2 小时 15 分钟"),
        (60, 12, "每个支部约 60 分钟 × 12 个支部，合计约 12 小时，约合一个人 1.5 个工作日"),
    ],
)
def test_the_estimate_is_said_in_words(minutes: int, branches: int, words: str) -> None:
    assert workload(minutes=minutes, branches=branches) == words


def test_before_sending_one_sees_what_it_costs_all_branches(cast, sign_in) -> None:
    page = sign_in(cast["organizer"]).post(reverse("tasks:assign"), typed())
    words = page.content.decode()
    assert page.status_code == 200
    assert "每个支部约 40 分钟 × 2 个支部，合计约 1 小时 20 分钟" in words
    assert "系统里可能已经有了" not in words
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("报送党员花名册", ["党员 → 导出"]),
        ("统计三会一课完成情况", ["组织生活", "今日关注"]),
        ("上报换届时间", ["组织机构"]),
        ("报送谈心谈话次数", ["谈心谈话次数"]),
        ("上报党员学时", ["学时"]),
        ("报送年度计划", ["计划"]),
        ("报送群众诉求台账", ["任务 → 诉求台账"]),
        ("冬季防火自查", []),
    ],
)
def test_what_the_system_has_is_named_with_its_page(text: str, pages: list[str]) -> None:
    assert [figure.page for figure in known_in(text)] == pages


def test_the_question_warns_of_what_title_or_detail_give_away(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    page = client.post(reverse("tasks:assign"), typed(detail="请附党员名单"))
    assert f'href="{reverse("members:list")}"' in page.content.decode()
    for figure in KNOWN:
        assert client.get(reverse(figure.url_name)).status_code == 200


def test_going_back_keeps_what_was_typed_and_sends_nothing(cast, sign_in) -> None:
    client, sent = sign_in(cast["organizer"]), typed(detail="逐人核对", step="edit")
    page = client.post(reverse("tasks:assign"), sent)
    form = page.context["form"]
    assert page.status_code == 200
    assert (form["title"].value(), form["minutes"].value(), form["detail"].value()) == (
        "核对档案",
        "40",
        "逐人核对",
    )
    assert form["idempotency_key"].value() == sent["idempotency_key"]
    assert not Assignment.objects.exists()


def test_the_hidden_fields_of_the_question_send_exactly_what_was_asked(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    sent = typed(to_all="", branches=[cast.ours.pk])
    form = client.post(reverse("tasks:assign"), sent).context["form"]
    names = {field.html_name: field.value() for field in form}
    assert client.post(reverse("tasks:assign"), {**sent, "step": "send"}).status_code == 302
    assert names["branches"] == [str(cast.ours.pk)]
    assignment = Assignment.objects.get()
    assert (assignment.minutes, [task.organization for task in assignment.tasks.all()]) == (40, [cast.ours])


@pytest.mark.parametrize("minutes", ["", "0", "-5", "半小时", "99999"])
def test_without_an_honest_estimate_nothing_is_asked_or_sent(cast, sign_in, minutes: str) -> None:
    for step in ("ask", "send"):
        page = sign_in(cast["organizer"]).post(reverse("tasks:assign"), typed(minutes=minutes, step=step))
        assert page.status_code == 422
        assert list(page.context["form"].errors) == ["minutes"]
    assert not Assignment.objects.exists()


def test_a_branch_reports_and_those_above_accept(cast, sign_in) -> None:
    task = factories.make_assigned(cast.ours, created_by=cast["organizer"], due_on=date(2026, 11, 19))
    branch, above = sign_in(cast["deputy"]), sign_in(cast["organizer"])
    told = {"result": "已逐人核对。", "reported_on": "2026-11-19"}
    assert branch.post(reverse("tasks:report", args=[task.pk]), told).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.reported_on, task.closed_on) == (TaskState.REPORTED, date(2026, 11, 19), None)
    assert branch.post(reverse("tasks:accept", args=[task.pk])).status_code == 403
    assert above.post(reverse("tasks:accept", args=[task.pk])).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.closed_on) == (TaskState.DONE, date(2026, 11, 19))
    assert [note.kind for note in task.notes.order_by("pk")] == [NoteKind.REPORTED, NoteKind.ACCEPTED]
    assert list(Deed.objects.order_by("pk").values_list("action", flat=True)) == [
        "task.reported",
        "task.accepted",
    ]


def test_a_returned_task_shows_the_reason_and_can_be_reported_again(cast, sign_in) -> None:
    task = reported(cast)
    above, branch = sign_in(cast["committee_secretary"]), sign_in(cast["secretary"])
    url = reverse("tasks:return", args=[task.pk])
    assert list(above.post(url, {"reason": ""}).context["form"].errors) == ["reason"]
    assert above.post(url, {"reason": "缺两个人"}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.reported_on, task.return_reason) == (TaskState.OPEN, None, "缺两个人")
    assert "上级退回：缺两个人" in branch.get(reverse("tasks:detail", args=[task.pk])).content.decode()
    told = {"result": "已补上。", "reported_on": "2026-11-20"}
    assert branch.post(reverse("tasks:report", args=[task.pk]), told).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.return_reason) == (TaskState.REPORTED, "")


def test_a_branch_takes_its_report_back_but_nobody_above_does(cast, sign_in) -> None:
    task = reported(cast)
    url = reverse("tasks:reopen", args=[task.pk])
    assert sign_in(cast["organizer"]).get(url).status_code == 403
    assert sign_in(cast["secretary"]).post(url, {"reason": "报早了"}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.reported_on) == (TaskState.OPEN, None)


def test_a_day_to_come_is_no_day_of_a_report(cast, sign_in) -> None:
    task = factories.make_assigned(cast.ours)
    told = {"result": "x", "reported_on": "2026-11-21"}
    page = sign_in(cast["secretary"]).post(reverse("tasks:report", args=[task.pk]), told)
    assert page.status_code == 422
    assert "完成日期不能晚于今天" in page.content.decode()


def test_accepting_what_was_just_returned_is_refused(cast, sign_in) -> None:
    """Two people above look at the same report; the second is told that it is settled."""
    task = reported(cast)
    services_review.return_task(task=task, reason="缺人", actor=cast["committee_secretary"], now=NOW)
    with pytest.raises(services_review.NotReported):
        services_review.accept_task(task=task, actor=cast["organizer"], now=NOW)
    with pytest.raises(services_review.NotReported):
        services_review.return_task(task=task, reason="x", actor=cast["organizer"], now=NOW)
    assert Deed.objects.count() == 1


def test_a_second_report_of_the_same_task_is_refused(cast) -> None:
    task = factories.make_assigned(cast.ours)
    told = {"task": task, "result": "x", "reported_on": TODAY, "now": NOW, "today": TODAY}
    services_review.report_task(**told, actor=cast["secretary"])
    with pytest.raises(services.NotOpen):
        services_review.report_task(**told, actor=cast["deputy"])


def test_only_what_was_assigned_is_reported(cast) -> None:
    task = factories.make_task(cast.ours)
    with pytest.raises(services.OtherWay):
        services_review.report_task(
            task=task, result="x", reported_on=TODAY, actor=cast["secretary"], now=NOW, today=TODAY
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(state=TaskState.REPORTED, reported_on=TODAY)


def test_a_branch_says_in_one_line_that_the_figure_is_here_already(cast, sign_in) -> None:
    task = factories.make_assigned(cast.ours, created_by=cast["organizer"])
    branch, url = sign_in(cast["secretary"]), reverse("tasks:feedback_add", args=[task.pk])
    assert branch.post(url, {"kind": "known", "text": "人数在花名册里"}).status_code == 302
    assert list(branch.post(url, {"kind": "accepted", "text": "x"}).context["form"].errors) == ["kind"]
    page = sign_in(cast["organizer"]).get(reverse("tasks:assignment_detail", args=[task.assignment_id]))
    assert "系统里已有：人数在花名册里" in page.content.decode()


def test_no_feedback_to_what_is_settled_or_was_never_assigned(cast, sign_in) -> None:
    done = factories.make_assigned(cast.ours, state=TaskState.DONE, closed_on=TODAY)
    client = sign_in(cast["secretary"])
    for task in (done, factories.make_task(cast.ours)):
        assert client.get(reverse("tasks:feedback_add", args=[task.pk])).status_code == 403


def four_branches(cast) -> Assignment:
    """One left it undone, one reported, one was accepted, one was given it back."""
    first = factories.make_assigned(cast.ours, created_by=cast["organizer"], due_on=date(2026, 11, 18))
    shared = {
        "assignment": first.assignment,
        "due_on": date(2026, 11, 18),
        "created_by": cast["organizer"],
    }
    day = date(2026, 11, 17)
    factories.make_assigned(cast.sibling, state=TaskState.REPORTED, reported_on=day, **shared)
    third = factories.make_organization(parent=cast.committee, name="第三党支部")
    factories.make_assigned(third, state=TaskState.DONE, reported_on=day, closed_on=day, **shared)
    fourth = factories.make_organization(parent=cast.committee, name="第四党支部")
    factories.make_assigned(fourth, return_reason="缺人", **shared)
    return first.assignment


def test_the_page_of_an_assignment_counts_each_state_and_filters_by_it(cast, sign_in) -> None:
    assignment = four_branches(cast)
    client, url = sign_in(cast["organizer"]), reverse("tasks:assignment_detail", args=[assignment.pk])
    page = client.get(url)
    counts = {key: number for key, _, number in page.context["progress"]}
    assert counts == {"": 4, "open": 1, "reported": 1, "accepted": 1, "returned": 1, "late": 2}
    shown = {
        key: [str(row.organization) for row in client.get(url, {"state": key}).context["rows"]]
        for key in ("open", "reported", "accepted", "returned", "late")
    }
    assert shown == {
        "open": ["机关一支部"],
        "reported": ["机关二支部"],
        "accepted": ["第三党支部"],
        "returned": ["第四党支部"],
        "late": ["机关一支部", "第四党支部"],
    }


def test_the_page_of_an_assignment_costs_the_same_for_one_branch_and_for_three(cast, sign_in) -> None:
    task = factories.make_assigned(cast.ours, created_by=cast["organizer"])
    client = sign_in(cast["organizer"])
    url = reverse("tasks:assignment_detail", args=[task.assignment_id])

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    one = cost()
    for _ in range(2):
        branch = factories.make_organization(parent=cast.committee)
        factories.make_assigned(branch, assignment=task.assignment)
    assert cost() == one


def test_reminders_name_who_has_not_reported_and_what_to_do(cast, sign_in) -> None:
    assignment = four_branches(cast)
    tasks = assignment.tasks.open().select_related("organization").order_by("path")
    found = reminders_of(tasks, assignment=assignment, today=TODAY)
    assert [one.branch for one in found.each] == ["机关一支部", "第四党支部"]
    assert "应于11月18日前办结，已逾期 2 天" in found.each[0].text
    assert "已退回（缺人）" in found.each[1].text
    assert "还有 2 个支部没有报告：机关一支部、第四党支部。" in found.together
    url = reverse("tasks:assignment_remind", args=[assignment.pk])
    words = sign_in(cast["organizer"]).get(url).content.decode()
    assert found.together in words
    assert words.count("【提醒】机关一支部") == 2  # to copy, and on paper


def test_nobody_to_remind_is_said(cast, sign_in) -> None:
    task = reported(cast)
    url = reverse("tasks:assignment_remind", args=[task.assignment_id])
    assert "没有需要提醒的支部" in sign_in(cast["organizer"]).get(url).content.decode()


@pytest.mark.parametrize(("due_on", "words"), [(TODAY, "今天到期"), (date(2026, 11, 25), "还有 5 天")])
def test_a_reminder_before_its_day_says_how_many_are_left(cast, due_on: date, words: str) -> None:
    task = factories.make_assigned(cast.ours, due_on=due_on)
    found = reminders_of([task], assignment=task.assignment, today=TODAY)
    assert words in found.each[0].text


def test_what_was_reported_is_late_no_more(cast) -> None:
    task = factories.make_assigned(cast.ours, due_on=date(2026, 11, 10))
    assert facts.overdue_counts([cast.ours.pk], today=TODAY) == {cast.ours.pk: 1}
    services_review.report_task(
        task=task, result="x", reported_on=TODAY, actor=cast["secretary"], now=NOW, today=TODAY
    )
    assert facts.overdue_counts([cast.ours.pk], today=TODAY) == {}
    assert facts.earliest_due([cast.ours.pk]) == {}
    assert Standing.objects.get(branch=cast.ours).earliest_due_on is None
    services_review.return_task(task=task, reason="缺人", actor=cast["organizer"], now=NOW)
    assert facts.overdue_counts([cast.ours.pk], today=TODAY) == {cast.ours.pk: 1}
    assert Standing.objects.get(branch=cast.ours).earliest_due_on == date(2026, 11, 10)


def test_all_that_was_reported_is_accepted_at_once(cast, sign_in) -> None:
    assignment = four_branches(cast)
    client, url = sign_in(cast["organizer"]), reverse("tasks:assignment_accept", args=[assignment.pk])
    page = client.get(reverse("tasks:assignment_detail", args=[assignment.pk])).content.decode()
    assert f'href="{url}"' in page
    asked = client.get(url).content.decode()
    assert "机关二支部" in asked
    assert "第四党支部" not in asked
    assert client.post(url).status_code == 302
    states = dict(assignment.tasks.values_list("organization__name", "state"))
    assert states == {
        "青川镇机关第一党支部": TaskState.OPEN,
        "青川镇机关第二党支部": TaskState.DONE,
        "第三党支部": TaskState.DONE,
        "第四党支部": TaskState.OPEN,
    }
    task = assignment.tasks.get(organization=cast.sibling)
    assert (task.closed_on, task.notes.get().kind) == (date(2026, 11, 17), NoteKind.ACCEPTED)
    assert Deed.objects.get().reason == "验收 1 个党支部"
    again = client.post(url)
    assert "没有待验收的任务" in again.content.decode()
    assert url not in client.get(reverse("tasks:assignment_detail", args=[assignment.pk])).content.decode()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time by itself")
@pytest.mark.django_db(transaction=True)
def test_accepting_and_returning_at_the_same_moment_does_one_of_the_two(cast) -> None:
    task = reported(cast)
    outcomes: list[str] = []

    def settle(call: Callable[..., Task], **more: str) -> None:
        try:
            call(task=task, actor=cast["organizer"], now=NOW, **more)
            outcomes.append("done")
        except services_review.NotReported:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=settle, args=[services_review.accept_task]),
        threading.Thread(target=settle, args=[services_review.return_task], kwargs={"reason": "缺人"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert Deed.objects.count() == 1
