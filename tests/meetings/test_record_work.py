"""Working on an open record, and the last steps."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.meetings.models import Attendance, Meeting, MeetingState, Motion
from apps.meetings.services_close import close_meeting
from apps.meetings.services_roll import mark_attendance
from apps.rules.kinds import MeetingKind
from apps.tasks.models import Task
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.meetings.sittings import HTMX, line, logged, planned, roll, text_of, url, with_item

K = MeetingKind


def test_two_taps_mark_leave_and_the_figures_follow(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast)
    row = line(meeting, "郑明")
    sent = {"status": "sick_leave", "reason": "住院"}
    part = secretary.post(url("roll_mark", meeting.pk, row.pk), sent, headers=HTMX)
    words = text_of(part)
    assert "4 实到" in words
    assert "病假：住院" in words
    assert 'hx-swap-oob="true"' in part.content.decode()
    plain = secretary.post(url("roll_mark", meeting.pk, row.pk), {"status": "absent"})
    assert plain.headers["Location"] == url("detail", meeting.pk) + "#roll"
    assert roll(meeting)["郑明"] == "absent"


def test_the_vote_button_counts_those_present_after_a_mark(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast, agenda=["研究年度计划"])
    part = secretary.post(
        url("roll_mark", meeting.pk, line(meeting, "郑明").pk), {"status": "absent"}, headers=HTMX
    )
    assert "一致通过（4 票）" in text_of(part)


def test_a_refused_mark_is_explained_beside_the_roll(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast)
    sent = {"status": "exempt"}
    part = secretary.post(url("roll_mark", meeting.pk, line(meeting, "郑明").pk), sent, headers=HTMX)
    assert "支部没有决定对这名党员不作出席要求" in text_of(part)


def test_the_whole_roll_can_be_filled_in_at_once(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast)
    page = secretary.get(url("roll", meeting.pk))
    sent = {
        name: field.initial
        for name, field in page.context["form"].fields.items()
        if field.initial is not None
    }
    row = line(meeting, "郑明").pk
    secretary.post(
        url("roll", meeting.pk), sent | {f"status_{row}": "official_leave", f"reason_{row}": "出差"}
    )
    assert Attendance.objects.get(pk=row).reason == "出差"
    assert list(roll(meeting).values()).count("present") == 4


def test_two_decisions_are_entered_with_two_forms(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast, agenda=["研究年度计划", "讨论慰问方案"])
    for item in meeting.items.order_by("position"):
        page = secretary.get(url("detail", meeting.pk))
        seen = next(c.form["seen"].value() for c in page.context["cards"] if c.item == item)
        sent = {
            "title": item.title,
            "nature": item.nature,
            "resolution": "同意",
            "seen": seen,
            "unanimous": "on",
        }
        part = secretary.post(url("item_update", meeting.pk, item.pk), sent, headers=HTMX)
        assert f'id="item-{item.pk}"' in part.content.decode()
        assert "通过" in text_of(part)
    assert Motion.objects.filter(state="passed", votes_for=5).count() == 2
    secretary.post(url("close", meeting.pk))
    assert Meeting.objects.get().is_closed


def test_a_stale_item_shows_both_texts_in_place_of_the_page(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast, agenda=["研究年度计划"])
    item = meeting.items.get()
    seen = secretary.get(url("detail", meeting.pk)).context["cards"][0].form["seen"].value()
    sent = {"title": item.title, "seen": seen}
    address = url("item_update", meeting.pk, item.pk)
    secretary.post(address, sent | {"resolution": "甲方案"})
    part = secretary.post(address, sent | {"resolution": "乙方案"}, headers=HTMX)
    assert (part.status_code, part.headers["HX-Retarget"]) == (200, "#content")
    assert part.headers["HX-Push-Url"] == address
    assert "现在保存的 甲方案 您填写的 乙方案" in text_of(part).replace("  ", " ")
    again = sent | {"resolution": "乙方案", "seen": part.context["form"]["seen"].value()}
    assert secretary.post(address, again).status_code == 302
    assert meeting.items.get().resolution == "乙方案"


def test_an_item_comes_goes_and_moves(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast, agenda=["甲"])
    part = secretary.post(url("item_add", meeting.pk), {"title": "乙", "nature": "other"}, headers=HTMX)
    assert "议题 2 乙" in text_of(part)
    second = meeting.items.get(title="乙")
    secretary.post(url("item_move", meeting.pk, second.pk), {"direction": "up"})
    assert list(meeting.items.order_by("position").values_list("title", flat=True)) == ["乙", "甲"]
    secretary.post(url("item_remove", meeting.pk, second.pk))
    assert list(meeting.items.values_list("position", "title")) == [(1, "甲")]


def test_opinions_consultations_and_tasks_are_added_to_an_item(cast: Cast, secretary: Client) -> None:
    meeting = with_item(logged(cast), cast["secretary"])
    item = meeting.items.get()
    at = (meeting.pk, item.pk)
    speaker = cast.members["discipline"].pk
    secretary.post(url("opinion_add", *at), {"member": speaker, "text": "时间太紧", "differs": "on"})
    secretary.post(
        url("consultation_add", *at),
        {"kind": "major", "held_on": "2026-11-19", "members": [speaker], "brief": "赞成"},
    )
    assert secretary.get(url("resolution_task_add", *at)).context["form"]["title"].value() == "同意年度计划"
    secretary.post(
        url("resolution_task_add", *at),
        {
            "title": "起草计划",
            "owner": cast["deputy"].pk,
            "due_on": "2026-12-01",
            "idempotency_key": uuid.uuid4(),
        },
    )
    words = text_of(secretary.get(url("detail", meeting.pk)))
    for expected in ("陈静：时间太紧", "不同意见", "2026-11-19 重大问题必通气", "起草计划", "责任人：郑明"):
        assert expected in words, expected
    secretary.post(url("opinion_remove", meeting.pk, item.opinions.get().pk))
    secretary.post(url("consultation_remove", meeting.pk, item.consultations.get().pk))
    assert (item.opinions.count(), item.consultations.count(), Task.objects.count()) == (0, 0, 1)


def test_a_part_that_cannot_be_kept_comes_back_as_a_form(cast: Cast, secretary: Client) -> None:
    meeting = with_item(logged(cast), cast["secretary"])
    address = url("opinion_add", meeting.pk, meeting.items.get().pk)
    sent = {"member": cast.members["member"].pk, "text": "我的话"}
    plain = secretary.post(address, sent)
    assert plain.status_code == 422
    assert "我的话" in plain.content.decode()
    part = secretary.post(address, sent, headers=HTMX)
    assert (part.status_code, part.headers["HX-Push-Url"]) == (200, address)
    assert "我的话" in part.content.decode()


def test_observers_come_and_go(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast)
    part = secretary.post(url("observer_add", meeting.pk), {"name": "蒋立", "post": "团委书记"}, headers=HTMX)
    assert "蒋立（团委书记）" in text_of(part)
    secretary.post(url("observer_remove", meeting.pk, meeting.observers.get().pk))
    assert meeting.observers.count() == 0


def test_a_planned_sitting_is_opened_from_its_page(cast: Cast, secretary: Client) -> None:
    meeting = planned(cast)
    secretary.post(url("open", meeting.pk))
    assert Meeting.objects.get().state == "open"
    later = planned(cast, held_on=TODAY + timedelta(days=1))
    page = secretary.post(url("open", later.pk), follow=True)
    assert "这一天还没有到" in text_of(page)


def test_closing_asks_when_too_few_came(cast: Cast, secretary: Client) -> None:
    meeting = with_item(logged(cast), cast["secretary"])
    for row in list(meeting.roll.all())[:3]:
        mark_attendance(attendance=row, status="absent", actor=cast["secretary"])
    assert "须到会 3 人" in text_of(secretary.get(url("close", meeting.pk)))
    assert secretary.post(url("close", meeting.pk)).status_code == 422
    assert secretary.post(url("close", meeting.pk), {"confirmed": "on"}).status_code == 302
    assert "本次会议不能形成决议" in text_of(secretary.get(url("detail", meeting.pk)))


def test_closing_an_incomplete_record_says_why(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast)
    response = secretary.post(url("close", meeting.pk))
    assert response.status_code == 422
    assert "至少写一个议题" in text_of(response)
    assert Meeting.objects.get().state == "open"


def test_closing_twice_leads_back_with_words(cast: Cast, secretary: Client) -> None:
    meeting = with_item(logged(cast), cast["secretary"])
    secretary.post(url("close", meeting.pk))
    assert "已经归档" in text_of(secretary.post(url("close", meeting.pk), follow=True))


def test_calling_off_needs_a_reason(cast: Cast, secretary: Client) -> None:
    meeting = planned(cast)
    assert secretary.post(url("cancel", meeting.pk), {"reason": ""}).status_code == 422
    secretary.post(url("cancel", meeting.pk), {"reason": "防汛值班"})
    assert "会议已取消：防汛值班" in text_of(secretary.get(url("detail", meeting.pk)))


def test_an_addendum_needs_a_reason_and_stands_below_the_record(cast: Cast, secretary: Client) -> None:
    meeting = close_meeting(
        meeting=with_item(logged(cast), cast["secretary"]), actor=cast["secretary"], now=NOW
    )
    assert secretary.post(url("addendum_add", meeting.pk), {"text": "更正"}).status_code == 422
    secretary.post(url("addendum_add", meeting.pk), {"text": "实到应为 4 人", "reason": "点名有误"})
    words = text_of(secretary.get(url("detail", meeting.pk)))
    assert words.index("同意年度计划") < words.index("实到应为 4 人") < words.index("原因：点名有误")


def test_a_file_is_uploaded_and_refused_in_words(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast)
    address = url("attachment_add", meeting.pk)
    good = SimpleUploadedFile("决议.pdf", b"%PDF-1.7 %%EOF", content_type="text/html")
    secretary.post(address, {"file": good})
    assert meeting.attachments.get().media_type == "application/pdf"
    bad = secretary.post(address, {"file": SimpleUploadedFile("网页.html", b"<script>")})
    assert bad.status_code == 422
    assert "只能上传" in text_of(bad)
    secretary.post(url("attachment_remove", meeting.pk, meeting.attachments.get().pk))
    assert meeting.attachments.count() == 0


WRITES_ON_A_SITTING = [
    "update",
    "open",
    "close",
    "cancel",
    "addendum_add",
    "roll",
    "roll_refresh",
    "observer_add",
    "item_add",
    "attachment_add",
]


@pytest.mark.parametrize("name", WRITES_ON_A_SITTING)
def test_who_may_only_read_writes_nothing_and_a_stranger_finds_nothing(
    cast: Cast, sign_in, name: str
) -> None:
    meeting = factories.make_meeting(cast.ours, state=MeetingState.OPEN)
    before = Meeting.objects.filter(pk=meeting.pk).values().get()
    answers = {
        role: sign_in(cast[role]).post(url(name, meeting.pk)).status_code
        for role in ("organizer", "discipline", "member", "stranger_secretary", "operator")
    }
    assert answers == {
        "organizer": 403,
        "discipline": 403,
        "member": 404,
        "stranger_secretary": 404,
        "operator": 404,
    }
    assert Meeting.objects.filter(pk=meeting.pk).values().get() == before


def test_a_line_left_alone_on_the_whole_roll_keeps_what_somebody_else_marked(
    cast: Cast, secretary: Client
) -> None:
    meeting = logged(cast)
    hers, theirs = line(meeting, "王小兰"), line(meeting, "郑明")
    page = secretary.get(url("roll", meeting.pk)).content.decode()
    sent = dict(re.findall(r'name="(initial-\w+)" value="(\w*)"', page))
    assert sent[f"initial-status_{theirs.pk}"] == "present"
    sent |= {name.removeprefix("initial-"): value for name, value in sent.items()}
    mark_attendance(attendance=theirs, status="sick_leave", reason="住院", actor=cast["deputy"])
    secretary.post(url("roll", meeting.pk), sent | {f"status_{hers.pk}": "absent"})
    assert (roll(meeting)["王小兰"], roll(meeting)["郑明"]) == ("absent", "sick_leave")
