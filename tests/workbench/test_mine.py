"""A member's own page: his record, his attendance, and who looked at his numbers."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.audit.models import Deed
from apps.audit.services import record
from apps.meetings.models import MeetingState
from apps.members.models import Member
from apps.members.services import reveal_field
from apps.members.services_corrections import create_correction, refuse_correction
from apps.members.services_export import export_members
from apps.rules.kinds import AttendanceStatus, MembershipState, PostKind
from apps.talks.services_words import read_content
from apps.tasks.models import TaskState
from apps.workbench.queries_mine import cards_of, subject_of
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.members.counting import CountQueries
from tests.members.pages import PHONE
from tests.plans.makers import make_item, make_plan
from tests.talks.talking import make_talk
from tests.worklog.makers import make_study

MINE, LOOKS = reverse("workbench:mine"), reverse("workbench:mine_looks")
ATTENDANCE = reverse("workbench:mine_attendance")


def cards(person: Any) -> dict[str, Any]:
    return {card.title: card for card in cards_of(subject_of(person, today=TODAY))}


def words(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def phone_owner(cast: Cast) -> Member:
    member = cast.members["member"]
    member.mobile_phone = PHONE
    member.save()
    return member


def attended(cast: Cast, held_on: date, status: str = "present", **meeting: Any) -> Any:
    sitting = factories.make_meeting(cast.ours, held_on=held_on, **meeting)
    factories.make_attendance(
        sitting, cast.members["member"], status=status, reason="出差" if "leave" in status else ""
    )
    return sitting


def test_attendance_is_counted_and_never_rated(cast: Cast) -> None:
    attended(cast, date(2026, 3, 5), class_hours="2.0")
    attended(cast, date(2026, 4, 5), class_hours="1.5")
    attended(cast, date(2026, 5, 5), "official_leave", class_hours="2.0")
    attended(cast, date(2026, 6, 5), "absent")
    attended(cast, date(2026, 7, 5), "exempt")
    attended(cast, date(2025, 7, 5), "sick_leave")
    attended(cast, date(2026, 8, 5), state=MeetingState.OPEN, class_hours="9.0")
    attended(cast, date(2026, 9, 5), state=MeetingState.CANCELLED, cancel_reason="防汛")
    facts = dict(cards(cast["member"])["我的出席和学时"].facts)
    assert facts == {
        "2026 年": "应参加 4 次，出席 2 次，请假 1 次",
        "2026 年会议学时": "3.5 学时",
        "2025 年": "应参加 1 次，出席 0 次，请假 1 次；会议学时 0 学时",
    }


def test_each_sitting_stands_with_its_status_and_reason(cast: Cast, sign_in) -> None:
    attended(cast, date(2026, 3, 5), class_hours="2.0", title="三月主题党日")
    attended(cast, date(2025, 5, 5), "sick_leave", title="去年的会")
    client = sign_in(cast["member"])
    rows = client.get(ATTENDANCE).context["rows"]
    assert [row.meeting.title for row in rows] == ["三月主题党日", "去年的会"]
    assert "2 学时" in words(client, ATTENDANCE)
    last_year = words(client, ATTENDANCE, year="2025")
    assert "去年的会" in last_year
    assert "出差" in last_year
    assert "三月主题党日" not in last_year
    assert "三月主题党日" not in words(client, ATTENDANCE, status=AttendanceStatus.SICK_LEAVE)


def test_who_left_the_roster_still_reads_his_attendance_without_dead_links(cast: Cast, sign_in) -> None:
    sitting = attended(cast, date(2026, 3, 5))
    Member.objects.filter(person=cast["member"]).update(state=MembershipState.LEFT)
    page = words(sign_in(cast["member"]), ATTENDANCE)
    assert sitting.title in page
    assert reverse("meetings:detail", args=[sitting.pk]) not in page


def test_a_look_tells_who_with_which_post_what_and_why(cast: Cast, phone_owner: Member, sign_in) -> None:
    reveal_field(member=phone_owner, field="mobile_phone", reason="通知开会用", actor=cast["secretary"])
    for page in (words(sign_in(cast["member"]), MINE), words(sign_in(cast["member"]), LOOKS)):
        assert "吴向前（机关一支部支部书记）" in page
        assert "手机" in page
        assert "通知开会用" in page


def test_the_post_is_the_one_of_the_day_of_the_look(cast: Cast, phone_owner: Member, sign_in) -> None:
    reveal_field(member=phone_owner, field="mobile_phone", reason="通知开会用", actor=cast["secretary"])
    cast["secretary"].posts.update(ends_on=TODAY + timedelta(days=1))
    factories.make_post(
        cast["secretary"], cast.sibling, PostKind.SECRETARY, starts_on=TODAY + timedelta(days=1)
    )
    page = words(sign_in(cast["member"]), LOOKS)
    assert "机关一支部支部书记" in page
    assert "机关二支部" not in page


def test_a_roster_with_numbers_in_clear_is_a_look_at_each_and_a_masked_one_is_none(
    cast: Cast, phone_owner: Member
) -> None:
    mine = Member.objects.filter(branch=cast.ours).select_related("person", "branch", "group").order_by("pk")
    for clear in (False, True):
        export_members(
            members=mine, clear=clear, reason="报送花名册", criteria="", actor=cast["secretary"], today=TODAY
        )
    looks = Deed.objects.filter(action="member.exported")
    assert set(looks.values_list("object_id", flat=True)) == {member.pk for member in mine}
    deed = looks.get(object_id=phone_owner.pk)
    assert (deed.reason, [change["label"] for change in deed.changes]) == ("报送花名册", ["手机"])


def test_the_list_of_looks_is_the_trail_itself(cast: Cast, sign_in) -> None:
    """For fifty members: what each reads on his page are exactly the deeds of the trail about him."""
    people = [factories.make_member(cast.ours, mobile_phone=PHONE) for _ in range(50)]
    for number, member in enumerate(people):
        for turn in range(number % 4):
            actor = cast[("secretary", "organization", "organizer")[turn]]
            reveal_field(member=member, field="mobile_phone", reason=f"第 {number} 号事由", actor=actor)
    deeds = list(Deed.objects.filter(action="member.revealed").values_list("object_id", "pk"))
    assert len(deeds) == 73
    for member in people:
        rows = sign_in(member.person).get(LOOKS).context["rows"]
        assert [row.pk for row in rows] == sorted(
            (pk for member_pk, pk in deeds if member_pk == member.pk), reverse=True
        )


def test_older_looks_are_there_when_asked_for(cast: Cast, phone_owner: Member, sign_in) -> None:
    for days in (365, 400):
        record(
            actor=cast["secretary"],
            action="member.revealed",
            target=phone_owner,
            reason=f"{days} 天以前",
            at=NOW - timedelta(days=days),
        )
    client = sign_in(cast["member"])
    assert "365 天以前" in words(client, LOOKS)
    assert "400 天以前" not in words(client, LOOKS)
    assert "400 天以前" in words(client, LOOKS, period="all")


def test_the_answer_to_a_request_is_read_on_the_own_page(cast: Cast, sign_in) -> None:
    request = create_correction(
        member=cast.members["member"],
        field="job_title",
        asked="副主任",
        wrong="",
        reason="任免文件",
        actor=cast["member"],
        today=TODAY,
        idempotency_key=uuid.uuid4(),
    )
    client = sign_in(cast["member"])
    assert "支部应在 2026-12-11 前答复" in words(client, MINE)
    refuse_correction(
        correction=request, version=1, answer="文件上仍是科员。", actor=cast["secretary"], today=TODAY
    )
    page = words(client, MINE)
    assert "文件上仍是科员。" in page
    assert "未采纳" in page
    assert "工作岗位的更正申请已答复" in words(client, reverse("workbench:home"))


def test_an_old_answer_leaves_the_first_page_and_stays_on_the_own_page(cast: Cast, sign_in) -> None:
    member = cast.members["member"]
    request = create_correction(
        member=member,
        field="other",
        asked="上月到了",
        wrong="",
        reason="签到表",
        actor=cast["member"],
        today=TODAY - timedelta(days=60),
        idempotency_key=uuid.uuid4(),
    )
    refuse_correction(
        correction=request,
        version=1,
        answer="签到表上没有。",
        actor=cast["secretary"],
        today=TODAY - timedelta(days=31),
    )
    client = sign_in(cast["member"])
    assert "申请已答复" not in words(client, reverse("workbench:home"))
    assert "签到表上没有。" in words(client, MINE)


def test_open_tasks_of_ones_own_and_nobody_elses(cast: Cast) -> None:
    factories.make_task(cast.ours, title="送学上门", owner=cast["member"], due_on=date(2026, 11, 1))
    factories.make_task(cast.ours, title="已办", owner=cast["member"], state=TaskState.DONE, closed_on=TODAY)
    factories.make_task(cast.ours, title="别人的", owner=cast["secretary"])
    lines = cards(cast["member"])["我的任务"].lines
    assert [(line.text, line.badge) for line in lines] == [("送学上门", ("已逾期", "bad"))]


@pytest.mark.parametrize("role", ["organizer", "operator", "auditor", "former_secretary"])
def test_people_without_a_record_have_a_page_too(cast: Cast, sign_in, role: str) -> None:
    client = sign_in(cast[role])
    assert "系统里没有您的党员档案" in words(client, MINE)
    for url in (LOOKS, ATTENDANCE):
        assert client.get(url).status_code == 200


def test_posts_of_today_and_before_are_told_apart(cast: Cast) -> None:
    factories.make_post(
        cast["member"], cast.ours, PostKind.PUBLICITY, starts_on=date(2020, 1, 1), ends_on=date(2022, 1, 1)
    )
    factories.make_post(cast["member"], cast.group, PostKind.GROUP_LEADER)
    lines = cards(cast["member"])["我的任职"].lines
    assert [line.badge for line in lines] == [("在任", "ok"), ("已卸任", "muted")]
    assert "我的任职" not in cards(cast.members["sibling_member"].person)


@pytest.mark.parametrize("url", [MINE, ATTENDANCE, LOOKS])
def test_three_of_everything_cost_what_one_costs(cast: Cast, phone_owner: Member, sign_in, url: str) -> None:
    client, plan = sign_in(cast["member"]), make_plan(cast.ours)

    def one_more(number: int) -> None:
        attended(cast, date(2026, 3, number + 1))
        factories.make_task(cast.ours, owner=cast["member"])
        actor = cast[("secretary", "organization", "organizer")[number]]
        reveal_field(member=phone_owner, field="mobile_phone", reason="通知开会用", actor=actor)
        factories.make_post(
            cast["member"],
            cast.ours,
            PostKind.PUBLICITY,
            starts_on=date(2015 + number, 1, 1),
            ends_on=date(2015 + number, 6, 1),
        )
        make_study(cast.ours, phone_owner)
        make_item(plan, number + 1, owner=cast["member"])
        talk = make_talk(phone_owner, cast.members["deputy"], words={"topic": "近况"})
        read_content(talk=talk, actor=cast["deputy"])
        create_correction(
            member=phone_owner,
            field=("degree", "education", "remark")[number],
            asked="某",
            wrong="",
            reason="证书",
            actor=cast["member"],
            today=TODAY,
            idempotency_key=uuid.uuid4(),
        )

    one_more(0)
    client.get(url)
    with CountQueries() as one:
        client.get(url)
    one_more(1)
    one_more(2)
    with CountQueries() as three:
        client.get(url)
    assert len(one) == len(three)
    assert len(one) <= 24
