"""Documents from above: received or sent once to many, conveyed at a filed sitting, carried out by tasks."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.meetings import services_directives as conveying
from apps.meetings.models import DirectiveConveyed, Meeting, MeetingState
from apps.rules.kinds import MeetingKind, TaskKind
from apps.tasks import services_directives
from apps.tasks.models import Circular, Directive, Task
from apps.workbench.queries import branch_page
from tests import factories
from tests.conftest import NOW, TODAY


def typed(**changes: object) -> dict[str, object]:
    paper = {
        "title": "关于做好冬季安全工作的通知",
        "number": "青委发〔2026〕12 号",
        "issuer": "青川镇党委",
        "received_on": "2026-11-18",
        "convey_by": "2026-11-30",
        "asks_action": "on",
        "do_by": "2026-12-20",
        "requirement": "逐户排查。",
        "idempotency_key": str(uuid.uuid4()),
    }
    return paper | changes


def badge_on(client, directive: Directive) -> str:
    page = client.get(reverse("meetings:directive_list"), {"text": directive.title})
    return page.content.decode().split("<tbody")[1]


def linked(directive: Directive, meeting: Meeting, *, by) -> DirectiveConveyed:
    return conveying.convey_directive(meeting=meeting, directive=directive, actor=by, now=NOW)


def test_a_document_is_entered_once_whatever_the_browser_sends(cast, sign_in) -> None:
    client, sent = sign_in(cast["publicity"]), typed()
    for _ in range(2):
        answer = client.post(reverse("tasks:directive_create"), sent)
        assert answer.url == reverse("meetings:directive_list")
    paper = Directive.objects.get()
    assert (paper.organization, paper.convey_by, paper.do_by) == (
        cast.ours,
        date(2026, 11, 30),
        date(2026, 12, 20),
    )
    assert paper.asks_action
    assert list(Deed.objects.values_list("action", flat=True)) == ["directive.created"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"received_on": "2026-11-21"}, "received_on", "收文日期不能晚于今天"),
        ({"convey_by": "2026-11-17"}, "convey_by", "期限不能早于收文日期 2026-11-18"),
        ({"do_by": "2026-11-17"}, "do_by", "期限不能早于收文日期 2026-11-18"),
        ({"do_by": ""}, "do_by", "要求组织落实的文件，请填落实期限"),
        ({"asks_action": ""}, "asks_action", "填了落实期限，请勾选"),
        ({"title": "支" * 201}, "title", "200"),
    ],
)
def test_bad_days_are_told_at_their_field(cast, sign_in, changes: dict, field: str, words: str) -> None:
    page = sign_in(cast["secretary"]).post(reverse("tasks:directive_create"), typed(**changes))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert words in page.content.decode()


def test_those_above_enter_a_document_once_and_each_branch_has_its_copy(cast, sign_in) -> None:
    sent = typed(to_all="on")
    client = sign_in(cast["organizer"])
    for _ in range(2):
        assert client.post(reverse("tasks:circular_send"), sent).status_code == 302
    assert Circular.objects.count() == 1
    copies = Directive.objects.order_by("path")
    assert [copy.organization for copy in copies] == [cast.ours, cast.sibling]
    assert {copy.received_on for copy in copies} == {TODAY}
    own = copies[0]
    secretary = sign_in(cast["secretary"])
    assert secretary.get(reverse("tasks:directive_update", args=[own.pk])).status_code == 403
    assert secretary.get(reverse("tasks:directive_withdraw", args=[own.pk])).status_code == 403
    assert client.get(reverse("tasks:directive_withdraw", args=[own.pk])).status_code == 200
    assert (
        "上级统一登记" in secretary.get(reverse("meetings:directive_detail", args=[own.pk])).content.decode()
    )


def test_sending_to_nobody_or_with_a_passed_day_is_refused(cast, sign_in) -> None:
    client, url = sign_in(cast["organizer"]), reverse("tasks:circular_send")
    assert list(client.post(url, typed()).context["form"].errors) == ["to_all"]
    page = client.post(url, typed(to_all="on", convey_by="2026-11-19"))
    assert list(page.context["form"].errors) == ["convey_by"]
    assert not Circular.objects.exists()


def test_only_a_filed_sitting_makes_a_document_conveyed(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours, convey_by=date(2026, 11, 24))
    client = sign_in(cast["secretary"])
    assert "待传达" in badge_on(client, paper)
    meeting = factories.make_meeting(cast.ours, held_on=date(2026, 11, 12), state=MeetingState.OPEN)
    url = reverse("meetings:directive_convey", args=[paper.pk])
    assert client.post(url, {"meeting": meeting.pk}).status_code == 302
    assert "待归档" in badge_on(client, paper)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CLOSED, closed_at=NOW)
    assert "已传达 2026-11-12" in badge_on(client, paper)


def test_a_document_conveyed_after_its_day_says_so(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours, convey_by=date(2026, 11, 10))
    linked(paper, factories.make_meeting(cast.ours, held_on=date(2026, 11, 12)), by=cast["secretary"])
    assert "逾期传达 2026-11-12" in badge_on(sign_in(cast["secretary"]), paper)


def test_a_cancelled_sitting_conveys_nothing(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours, convey_by=date(2026, 11, 24))
    meeting = factories.make_meeting(cast.ours, held_on=TODAY, state=MeetingState.PLANNED)
    linked(paper, meeting, by=cast["secretary"])
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CANCELLED, cancel_reason="改期")
    assert "待传达" in badge_on(sign_in(cast["secretary"]), paper)


def test_where_a_document_cannot_have_been_conveyed(cast) -> None:
    paper = factories.make_directive(cast.ours, received_on=date(2026, 11, 10))
    meetings = {
        "会议早于收文日期 2026-11-10": factories.make_meeting(cast.ours, held_on=date(2026, 11, 9)),
        "只能登记在收文支部自己的会议上": factories.make_meeting(cast.sibling, held_on=TODAY),
        "党小组会只到部分党员": factories.make_meeting(
            cast.ours, MeetingKind.GROUP, held_on=TODAY, group=cast.group
        ),
        "会议已经取消": factories.make_meeting(
            cast.ours, held_on=TODAY, state=MeetingState.CANCELLED, cancel_reason="x"
        ),
    }
    for words, meeting in meetings.items():
        with pytest.raises(conveying.CannotConvey, match=words):
            linked(paper, meeting, by=cast["secretary"])
    services_directives.withdraw_directive(
        directive=paper, reason="登记错了", actor=cast["secretary"], today=TODAY
    )
    with pytest.raises(conveying.CannotConvey, match="已经作废"):
        linked(paper, factories.make_meeting(cast.ours, held_on=TODAY), by=cast["secretary"])


def test_what_was_filed_with_the_sitting_stays_and_what_was_added_later_can_go(cast) -> None:
    paper = factories.make_directive(cast.ours)
    other = factories.make_directive(cast.ours, title="另一份")
    meeting = factories.make_meeting(cast.ours, held_on=date(2026, 11, 12), state=MeetingState.OPEN)
    before = linked(paper, meeting, by=cast["secretary"])
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CLOSED, closed_at=NOW)
    DirectiveConveyed.objects.filter(pk=before.pk).update(added_at=NOW)
    before.refresh_from_db()
    with pytest.raises(conveying.CannotConvey, match="不能移除"):
        conveying.unconvey_directive(link=before, actor=cast["secretary"])
    after = linked(other, meeting, by=cast["secretary"])
    DirectiveConveyed.objects.filter(pk=after.pk).update(added_at=NOW.replace(hour=18))
    after.refresh_from_db()
    conveying.unconvey_directive(link=after, actor=cast["secretary"])
    assert list(DirectiveConveyed.objects.all()) == [before]


def test_a_filed_sitting_is_named_by_a_keeper_only(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours)
    meeting = factories.make_meeting(cast.ours, held_on=date(2026, 11, 12))
    url = reverse("meetings:directive_convey", args=[paper.pk])
    page = sign_in(cast["publicity"]).post(url, {"meeting": meeting.pk})
    assert "请书记、副书记或组织委员补登" in page.content.decode()
    assert sign_in(cast["secretary"]).post(url, {"meeting": meeting.pk}).status_code == 302
    words = sign_in(cast["secretary"]).get(reverse("meetings:directive_detail", args=[paper.pk]))
    assert "归档后补登" in words.content.decode()


def test_a_sitting_logged_from_the_document_conveys_it(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours, convey_by=date(2026, 11, 24))
    client = sign_in(cast["secretary"])
    url = f"{reverse('meetings:log')}?branch={cast.ours.pk}&directive={paper.pk}"
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value()}
    sent |= {"kinds": ["general"], "held_on": "2026-11-19", "public_participants": 0}
    answer = client.post(url, sent)
    assert answer.status_code == 302
    meeting = Meeting.objects.get()
    assert [link.directive for link in meeting.conveyed.all()] == [paper]
    words = client.get(answer.url).content.decode()
    assert "传达的上级文件" in words
    assert "待归档" in words


def test_the_page_of_a_sitting_offers_what_was_not_conveyed_yet(cast, sign_in) -> None:
    waiting = factories.make_directive(cast.ours, title="待传达的", convey_by=date(2026, 11, 24))
    factories.make_directive(cast.ours, title="不要求传达的")
    factories.make_directive(cast.sibling, title="邻支部的", convey_by=date(2026, 11, 24))
    meeting = factories.make_meeting(cast.ours, held_on=TODAY, state=MeetingState.OPEN)
    client, url = sign_in(cast["secretary"]), reverse("meetings:conveyed_add", args=[meeting.pk])
    offered = client.get(url).context["form"].fields["directive"].queryset
    assert list(offered) == [waiting]
    assert client.post(url, {"directive": waiting.pk}).status_code == 302
    link = meeting.conveyed.get()
    assert list(client.get(url).context["form"].fields["directive"].queryset) == []
    assert client.post(reverse("meetings:conveyed_remove", args=[meeting.pk, link.pk])).status_code == 302
    assert not meeting.conveyed.exists()
    assert list(Deed.objects.order_by("pk").values_list("action", flat=True)) == [
        "meeting.directive_conveyed",
        "meeting.directive_unconveyed",
    ]


def test_a_member_who_attended_reads_the_title_without_a_link(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours)
    meeting = factories.make_meeting(cast.ours, held_on=date(2026, 11, 12))
    factories.make_attendance(meeting, cast.members["member"])
    linked(paper, meeting, by=cast["secretary"])
    words = sign_in(cast["member"]).get(reverse("meetings:detail", args=[meeting.pk])).content.decode()
    assert paper.title in words
    assert reverse("meetings:directive_detail", args=[paper.pk]) not in words


def test_a_task_carries_the_document_out(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours, asks_action=True, do_by=date(2026, 12, 20))
    client = sign_in(cast["secretary"])
    assert "未安排任务" in badge_on(client, paper)
    url = reverse("tasks:directive_task_add", args=[paper.pk])
    form = client.get(url).context["form"]
    assert (form["title"].value(), form["due_on"].value()) == (
        "落实《关于做好冬季安全工作的通知》",
        date(2026, 12, 20),
    )
    sent = {
        "title": "逐户排查",
        "due_on": "2026-12-18",
        "owner": "",
        "detail": "",
        "idempotency_key": uuid.uuid4(),
    }
    for _ in range(2):
        assert client.post(url, sent).status_code == 302
    task = Task.objects.get()
    assert (task.kind, task.directive, task.organization) == (TaskKind.DIRECTIVE, paper, cast.ours)
    assert "落实中" in badge_on(client, paper)
    done = {"result": "已排查。", "closed_on": "2026-11-20"}
    assert client.post(reverse("tasks:close", args=[task.pk]), done).status_code == 302
    assert "已落实 2026-11-20" in badge_on(client, paper)


def test_what_was_entered_by_mistake_asks_for_nothing_any_more(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours, convey_by=date(2026, 11, 19))
    client = sign_in(cast["secretary"])
    assert "传达已逾期 1 天" in badge_on(client, paper)
    url = reverse("tasks:directive_withdraw", args=[paper.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "登记错了"}).status_code == 302
    assert "已作废" in badge_on(client, paper)
    assert branch_page(cast.ours, today=TODAY).late_to_convey == []
    with pytest.raises(services_directives.Withdrawn):
        services_directives.withdraw_directive(directive=paper, reason="x", actor=cast["deputy"], today=TODAY)


def test_a_stale_change_of_a_document_is_refused(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours)
    client, url = sign_in(cast["secretary"]), reverse("tasks:directive_update", args=[paper.pk])
    assert client.post(url, typed(title="先改的", version=1)).status_code == 302
    page = client.post(url, typed(title="后改的", version=1))
    assert page.status_code == 422
    assert "后改的" in page.content.decode()
    assert Directive.objects.get().title == "先改的"


def test_the_workbench_presses_for_what_is_to_be_conveyed_within_days(cast, sign_in) -> None:
    days = {"很急的": date(2026, 11, 27), "过了的": date(2026, 11, 19), "不急的": date(2026, 11, 28)}
    for title, day in days.items():
        factories.make_directive(cast.ours, title=title, convey_by=day)
    done = factories.make_directive(cast.ours, title="传达了的", convey_by=date(2026, 11, 25))
    linked(done, factories.make_meeting(cast.ours, held_on=date(2026, 11, 12)), by=cast["secretary"])
    page = branch_page(cast.ours, today=TODAY)
    assert [paper.title for paper in page.to_convey] == ["很急的"]
    assert [paper.title for paper in page.late_to_convey] == ["过了的"]
    words = sign_in(cast["secretary"]).get(reverse("workbench:home")).content.decode()
    assert "传达上级文件：很急的" in words


@pytest.mark.parametrize(
    ("state", "titles"),
    [
        ("to_convey", ["逾期的", "待传达的"]),
        ("late", ["逾期的"]),
        ("conveyed", ["传达了的"]),
        ("to_do", ["要落实的"]),
        ("withdrawn", ["作废的"]),
    ],
)
def test_the_ledger_of_documents_filters_by_state(cast, sign_in, state: str, titles: list[str]) -> None:
    factories.make_directive(cast.ours, title="待传达的", convey_by=date(2026, 11, 28))
    factories.make_directive(cast.ours, title="逾期的", convey_by=date(2026, 11, 19))
    factories.make_directive(cast.ours, title="要落实的", asks_action=True, do_by=date(2026, 12, 20))
    factories.make_directive(cast.ours, title="作废的", withdrawn_on=TODAY, withdrawn_reason="错")
    done = factories.make_directive(cast.ours, title="传达了的", convey_by=date(2026, 11, 25))
    linked(done, factories.make_meeting(cast.ours, held_on=date(2026, 11, 12)), by=cast["secretary"])
    page = sign_in(cast["secretary"]).get(reverse("meetings:directive_list"), {"state": state})
    assert sorted(row.title for row in page.context["rows"]) == sorted(titles)


@pytest.mark.parametrize("name", ["directive_list", "directive_print"])
def test_the_ledger_costs_the_same_for_one_and_for_three(cast, sign_in, name: str) -> None:
    client, url = sign_in(cast["secretary"]), reverse(f"meetings:{name}")

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    factories.make_directive(cast.ours, convey_by=TODAY)
    one = cost()
    for _ in range(2):
        paper = factories.make_directive(cast.ours, convey_by=TODAY, asks_action=True, do_by=TODAY)
        factories.make_task(cast.ours, kind=TaskKind.DIRECTIVE, directive=paper)
        linked(paper, factories.make_meeting(cast.ours, held_on=TODAY), by=cast["secretary"])
    assert cost() == one


def test_the_page_of_a_document_costs_the_same_for_one_sitting_and_for_three(cast, sign_in) -> None:
    paper = factories.make_directive(cast.ours, convey_by=TODAY)
    client, url = sign_in(cast["secretary"]), reverse("meetings:directive_detail", args=[paper.pk])

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    def more() -> None:
        linked(paper, factories.make_meeting(cast.ours, held_on=TODAY), by=cast["secretary"])
        factories.make_task(cast.ours, kind=TaskKind.DIRECTIVE, directive=paper, owner=cast["member"])

    more()
    one = cost()
    more()
    more()
    assert cost() == one
