"""Filing: what must be there first, what is frozen, and how a filed record is put right."""

import uuid
from collections.abc import Collection
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from apps.audit.models import Deed
from apps.branches import changes
from apps.meetings import closing
from apps.meetings.models import Addendum, Meeting, MeetingState
from apps.meetings.queries import whole
from apps.meetings.services import update_meeting
from apps.meetings.services_agenda import ItemText, add_item, add_resolution_task
from apps.meetings.services_close import (
    Doubtful,
    Incomplete,
    NotFiled,
    add_addendum,
    cancel_meeting,
    close_meeting,
)
from apps.meetings.services_roll import NotOpen, mark_many, refresh_roll
from apps.meetings.urls import urlpatterns
from apps.members.models import Member
from apps.rules.kinds import MeetingKind, MemberStatus, PostKind, VoteException
from apps.tasks.models import Task
from apps.tasks.services import update_task
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.meetings.sittings import draft, line, logged, planned, roll, text_of, url, with_item
from tests.meetings.vote_rooms import simple, take


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[set[int], set[int]]]:
    """What the ledger is told of changed branches and years."""
    heard: list[tuple[set[int], set[int]]] = []

    def listener(branch_ids: Collection[int], years: Collection[int]) -> None:
        heard.append((set(branch_ids), set(years)))

    monkeypatch.setattr(changes, "_listeners", [listener])
    return heard


def filed(cast: Cast, **fields) -> Meeting:
    meeting = with_item(logged(cast, **fields), cast["secretary"])
    return close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)


def all_absent(meeting: Meeting, cast: Cast, *, but: int = 0) -> None:
    marks = {row.pk: ("absent", "") for row in list(meeting.roll.order_by("pk"))[but:]}
    mark_many(meeting=meeting, marks=marks, actor=cast["secretary"])


def found(meeting: Meeting) -> closing.ClosingCheck:
    return closing.check(whole(Meeting.objects.all()).get(pk=meeting.pk), today=TODAY)


def test_a_complete_record_is_filed(cast: Cast, told: list) -> None:
    meeting = filed(cast)
    assert (meeting.state, meeting.closed_by, meeting.closed_at) == (
        MeetingState.CLOSED,
        cast["secretary"],
        NOW,
    )
    assert told[-1] == ({cast.ours.pk}, {2026})
    assert Deed.objects.filter(action="meeting.closed", object_id=meeting.pk).count() == 1


def test_an_annual_sitting_changes_both_its_years(cast: Cast, told: list) -> None:
    filed(cast, kinds={MeetingKind.ORG_LIFE_MEETING}, held_on=date(2026, 2, 5))
    assert told[-1] == ({cast.ours.pk}, {2025, 2026})


def test_what_is_missing_is_said_in_words(cast: Cast) -> None:
    meeting = logged(cast)
    assert found(meeting).missing == ("至少写一个议题，或写几句会议（活动）情况",)
    all_absent(meeting, cast)
    meeting.roll.all().delete()
    assert found(meeting).missing == ("还没有应到名单", "至少写一个议题，或写几句会议（活动）情况")
    with pytest.raises(Incomplete, match="还没有应到名单"):
        close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW, confirmed=True)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.OPEN


def test_nobody_there_is_no_sitting(cast: Cast) -> None:
    meeting = with_item(logged(cast), cast["secretary"])
    all_absent(meeting, cast)
    assert found(meeting).missing == ("出席情况里没有一个人出席",)


def test_a_few_words_on_an_activity_are_enough(cast: Cast) -> None:
    meeting = logged(cast, kinds={MeetingKind.THEMED_DAY}, summary="到敬老院打扫卫生")
    assert close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW).is_closed


def test_advice_never_holds_a_record_up(cast: Cast) -> None:
    meeting = logged(cast, kinds={MeetingKind.LECTURE, MeetingKind.COMMITTEE})
    add_item(
        meeting=meeting, text=ItemText(title="大额支出", is_major=True), actor=cast["secretary"], now=NOW
    )
    assert found(meeting).advice == (
        "主持人没有填",
        "记录人没有填",
        "地点没有填",
        "党课的主讲人没有填",
        "党课题目没有填",
        "议题 1 没有写决议，也没有表决",
        "议题 1 是重大事项，没有会前通气的记录",
    )
    assert close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW).is_closed


@pytest.mark.parametrize(("present", "enough"), [(2, False), (3, True)])
def test_a_committee_needs_half_of_its_five_members(cast: Cast, present: int, enough: bool) -> None:
    meeting = with_item(logged(cast), cast["secretary"])
    all_absent(meeting, cast, but=present)
    assert (found(meeting).doubts == ()) is enough


def test_a_joint_sitting_is_asked_for_each_of_its_bodies(cast: Cast) -> None:
    """Four of seven members make an assembly; two of five committee members make no committee meeting."""
    meeting = with_item(logged(cast, kinds={MeetingKind.GENERAL, MeetingKind.COMMITTEE}), cast["secretary"])
    away = ["郑明", "王小兰", "冯刚"]
    marks = {line(meeting, name).pk: ("absent", "") for name in away}
    mark_many(meeting=meeting, marks=marks, actor=cast["secretary"])
    words = "支委会有表决权的应到 5 人、实到 2 人，须到会 3 人，人数不够，本次会议不能形成决议。"
    assert found(meeting).doubts == (words,)


def test_too_few_people_is_asked_about_and_stated_plainly(cast: Cast) -> None:
    meeting = with_item(logged(cast, kinds={MeetingKind.GENERAL}), cast["secretary"])
    all_absent(meeting, cast, but=3)
    words = "党员大会有表决权的应到 7 人、实到 3 人，须到会 4 人，人数不够，本次会议不能形成决议。"
    with pytest.raises(Doubtful) as refused:
        close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)
    assert words in refused.value.message
    close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW, confirmed=True)
    assert Deed.objects.get(action="meeting.closed").reason == words


def test_a_lecture_needs_no_quorum(cast: Cast) -> None:
    meeting = logged(cast, kinds={MeetingKind.LECTURE}, summary="讲条例")
    all_absent(meeting, cast, but=1)
    assert found(meeting).doubts == ()


def test_a_vote_that_no_longer_fits_the_roll_holds_the_record_up(cast: Cast) -> None:
    meeting = logged(cast)
    text = ItemText(title="研究年度计划", resolution="同意")
    add_item(meeting=meeting, text=text, unanimous=True, actor=cast["secretary"], now=NOW)
    mark_many(meeting=meeting, marks={line(meeting, "郑明").pk: ("absent", "")}, actor=cast["secretary"])
    with pytest.raises(Incomplete, match="到会人数在表决后有变动"):
        close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)


def test_close_freezes_the_roll(cast: Cast) -> None:
    factories.make_member(
        cast.ours, name="沈小满", status=MemberStatus.PROBATIONARY, admitted_on=date(2026, 1, 5)
    )
    meeting = filed(cast, kinds={MeetingKind.GENERAL})
    columns = (
        "member__person__name",
        "status",
        "standing",
        "has_vote",
        "no_vote_reason",
        "counts_in_election",
    )
    before = list(meeting.roll.order_by("pk").values_list(*columns))
    Member.objects.filter(person__name="沈小满").update(
        status=MemberStatus.FULL, full_since=date(2026, 11, 1), state="left", state_since=TODAY
    )
    Member.objects.filter(person__name="郑明").update(vote_exception=VoteException.DETAINED)
    factories.make_member(cast.ours, name="沈大满")
    with pytest.raises(NotOpen):
        refresh_roll(meeting=meeting, actor=cast["secretary"])
    assert list(meeting.roll.order_by("pk").values_list(*columns)) == before
    assert roll(meeting)["沈小满"] == "present"


@pytest.mark.parametrize("state", [MeetingState.PLANNED, MeetingState.CLOSED, MeetingState.CANCELLED])
def test_only_an_open_record_is_filed(cast: Cast, state: str) -> None:
    meeting = factories.make_meeting(
        cast.ours, state=state, cancel_reason="x" if state == MeetingState.CANCELLED else ""
    )
    with pytest.raises(NotOpen):
        close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW, confirmed=True)
    assert Meeting.objects.get(pk=meeting.pk).state == state


def test_a_planned_or_open_sitting_is_called_off_with_its_reason(cast: Cast, told: list) -> None:
    for meeting in (planned(cast), logged(cast, kinds={MeetingKind.GENERAL})):
        cancel_meeting(meeting=meeting, reason="防汛值班", actor=cast["secretary"])
        meeting.refresh_from_db()
        assert (meeting.state, meeting.cancel_reason) == (MeetingState.CANCELLED, "防汛值班")
    assert Deed.objects.filter(action="meeting.cancelled", reason="防汛值班").count() == 2


def test_a_filed_record_is_not_called_off(cast: Cast) -> None:
    meeting = filed(cast)
    with pytest.raises(NotOpen):
        cancel_meeting(meeting=meeting, reason="x", actor=cast["secretary"])
    assert Meeting.objects.get(pk=meeting.pk).is_closed


def test_a_filed_record_is_put_right_by_an_addendum_only(cast: Cast) -> None:
    meeting = filed(cast)
    before = Meeting.objects.filter(pk=meeting.pk).values().get()
    for minutes in (0, 3):
        add_addendum(
            meeting=meeting,
            text="实到应为 4 人",
            reason="点名有误",
            actor=cast["deputy"],
            now=NOW + timedelta(minutes=minutes),
        )
    addendum = Addendum.objects.get()
    assert (addendum.text, addendum.reason, addendum.written_by, addendum.written_at) == (
        "实到应为 4 人",
        "点名有误",
        cast["deputy"],
        NOW,
    )
    assert Meeting.objects.filter(pk=meeting.pk).values().get() == before
    assert Deed.objects.get(action="meeting.addendum_added").reason == "点名有误"


def test_an_open_record_is_changed_rather_than_corrected(cast: Cast) -> None:
    with pytest.raises(NotFiled):
        add_addendum(meeting=logged(cast), text="x", reason="y", actor=cast["secretary"], now=NOW)


def test_a_vote_of_another_kind_of_sitting_is_not_filed(cast: Cast) -> None:
    """The kinds were changed after the assembly had voted."""
    meeting = with_item(logged(cast, kinds={MeetingKind.GENERAL}), cast["secretary"])
    add_item(meeting=meeting, text=ItemText(title="计划"), actor=cast["secretary"], now=NOW, unanimous=True)
    stored = Meeting.objects.select_related("branch", "group", "minutes").get(pk=meeting.pk)
    update_meeting(
        meeting=stored,
        version=stored.version,
        draft=draft(cast, kinds={MeetingKind.THEMED_DAY}),
        actor=cast["secretary"],
        now=NOW,
    )
    with pytest.raises(Incomplete, match="议题 2 的表决与现在的会议类别不符"):
        close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)


def test_a_committee_member_who_is_not_on_the_roll_is_missing_from_the_quorum(cast: Cast) -> None:
    for number in range(6):
        factories.make_post(factories.make_user(f"外派{number}"), cast.ours, PostKind.YOUTH)
    doubts = found(with_item(logged(cast), cast["secretary"])).doubts
    assert doubts == ("支委会有表决权的应到 11 人、实到 5 人，须到会 6 人，人数不够，本次会议不能形成决议。",)


@pytest.mark.parametrize(("held_on", "counts"), [(date(2026, 3, 31), True), (date(2026, 4, 1), False)])
def test_a_round_for_last_year_held_after_march_is_said_not_to_count(cast: Cast, held_on, counts) -> None:
    meeting = logged(cast, kinds={MeetingKind.ORG_LIFE_MEETING}, held_on=held_on, for_year=2025)
    words = "2025 年度的这次会在次年 3 月 31 日以后召开，不计入 2025 年度"
    assert (words not in found(meeting).advice) is counts


def test_the_carrying_out_stays_on_paper_as_it_was_filed(cast: Cast, secretary: Client) -> None:
    meeting = with_item(logged(cast), cast["secretary"])
    task = add_resolution_task(
        item=meeting.items.get(),
        title="添置学习资料",
        owner=cast["publicity"],
        due_on=date(2026, 12, 1),
        actor=cast["secretary"],
        now=NOW,
        idempotency_key=uuid.uuid4(),
    ).task
    carried = "落实 添置学习资料；责任人：冯刚；期限：2026-12-01"
    assert carried in text_of(secretary.get(url("print", meeting.pk)))
    close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)
    change = {"title": "换了名称", "detail": "", "owner": cast["deputy"], "due_on": date(2027, 5, 1)}
    update_task(task=task, version=task.version, actor=cast["secretary"], **change)
    assert carried in text_of(secretary.get(url("print", meeting.pk)))


def test_until_it_is_filed_the_carrying_out_on_paper_follows_the_task(cast: Cast, secretary: Client) -> None:
    meeting = with_item(logged(cast), cast["secretary"])
    meeting.items.get().resolution_tasks.create(task=factories.make_task(cast.ours, title="报送计划"))
    Task.objects.update(title="报送总结")
    assert "落实 报送总结；责任人：无；期限：2026-12-01" in text_of(secretary.get(url("print", meeting.pk)))


def everything_kept() -> dict[str, list[dict]]:
    """Every row of every table of this app."""
    models = apps.get_app_config("meetings").get_models()
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_nothing_that_a_page_can_send_changes_a_filed_record(cast: Cast, secretary: Client) -> None:
    both = {MeetingKind.GENERAL, MeetingKind.COMMITTEE}
    meeting = with_item(logged(cast, kinds=both, invitees="蒋立 团委书记"), cast["secretary"])
    item, deputy = meeting.items.get(), cast.members["deputy"]
    own = {
        "pk": meeting.pk,
        "item_pk": item.pk,
        "row_pk": line(meeting, "郑明").pk,
        "observer_pk": meeting.observers.get().pk,
        "opinion_pk": item.opinions.create(member=deputy, text="同意").pk,
        "consultation_pk": item.consultations.create(kind="major", held_on=TODAY, brief="赞成").pk,
        "motion_pk": take(item, simple(7), actor=cast["secretary"]).pk,
        "attachment_pk": meeting.attachments.create(
            name="a.pdf", stored_as="a", size=1, added_by=cast["deputy"], added_at=NOW
        ).pk,
        "link_pk": meeting.conveyed.create(
            directive=factories.make_directive(cast.ours), added_by=cast["deputy"], added_at=NOW
        ).pk,
    }
    close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)
    before = everything_kept()
    texts = ("title", "discussion", "resolution", "text", "brief", "name", "reason", "seen")
    sent = dict.fromkeys(texts, "改") | {"kinds": "general", "held_on": "2026-11-19"}
    sent |= {"direction": "up", "kind": "major", "status": "absent", "confirmed": "on", "quick": "1"}
    sent |= {"member": deputy.pk, "members": deputy.pk, "matter": "ordinary", "public_participants": 1}
    sent |= {"idempotency_key": str(uuid.uuid4()), "version": meeting.version}
    tried = 0
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        if "pk" in names and pattern.name != "addendum_add":
            address = reverse(f"meetings:{pattern.name}", kwargs={name: own[name] for name in names})
            secretary.post(address, sent)
            tried += 1
    assert tried == 32
    assert everything_kept() == before
