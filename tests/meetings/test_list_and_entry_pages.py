"""The list of sittings, and the forms that enter and change one."""

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client

from apps.meetings.models import Meeting, MeetingState
from apps.meetings.queries import for_list, listed
from apps.members.models import Member
from apps.rules.kinds import MeetingKind, MembershipState, PostKind
from tests import factories
from tests.conftest import NOW, TODAY, Cast, set_today
from tests.meetings.sittings import HTMX, logged, planned, text_of, url

K = MeetingKind


def test_the_list_shows_newest_first_and_what_each_is(cast: Cast, secretary: Client) -> None:
    factories.make_meeting(cast.ours, K.GENERAL, K.LECTURE, title="十月大会")
    logged(cast)
    words = text_of(secretary.get(url("list")))
    assert words.index("11月支委会") < words.index("十月大会")
    assert "党员大会暨党课" in words
    assert "共 2 条" in words


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"大会", "党课", "外单位"}),
        ("kind=lecture", {"党课"}),
        ("state=open", {"党课"}),
        ("since=2026-11-01", {"党课", "外单位"}),
        ("until=2026-10-31", {"大会"}),
        ("q=会议室", {"大会"}),
        ("q=机关二", {"外单位"}),
        ("kind=lecture&state=closed", set()),
    ],
)
def test_the_list_is_narrowed(cast: Cast, sign_in, query: str, titles: set[str]) -> None:
    factories.make_meeting(cast.ours, title="大会", place="二楼会议室")
    factories.make_meeting(cast.ours, K.LECTURE, title="党课", held_on=TODAY, state=MeetingState.OPEN)
    factories.make_meeting(cast.sibling, title="外单位", held_on=TODAY)
    words = text_of(sign_in(cast["organizer"]).get(f"{url('list')}?{query}", headers=HTMX))
    assert {title for title in ("大会", "党课", "外单位") if f" {title} " in words} == titles


def test_the_list_is_narrowed_to_a_branch_or_a_group(cast: Cast, sign_in) -> None:
    factories.make_meeting(cast.ours, title="甲会")
    factories.make_meeting(cast.ours, K.GROUP, group=cast.group, title="乙会")
    factories.make_meeting(cast.sibling, title="丙会")
    client = sign_in(cast["organizer"])
    for body, titles in ((cast.ours, "甲乙"), (cast.group, "乙"), (cast.sibling, "丙")):
        words = text_of(client.get(f"{url('list')}?branch={body.pk}", headers=HTMX))
        assert {name for name in "甲乙丙" if f"{name}会" in words} == set(titles)


def test_the_list_costs_the_same_for_one_and_three_rows(
    cast: Cast, secretary: Client, django_assert_num_queries
) -> None:
    factories.make_meeting(cast.ours, K.GENERAL, K.LECTURE)
    secretary.get(url("list"))
    with django_assert_num_queries(6):
        secretary.get(url("list"))
    for _ in range(2):
        factories.make_meeting(cast.ours, K.GENERAL, K.LECTURE)
    with django_assert_num_queries(6):
        secretary.get(url("list"))


def entry(cast: Cast, **fields: object) -> dict[str, object]:
    """What the form of a new sitting sends."""
    return {
        "organization": cast.ours.pk,
        "kinds": [K.COMMITTEE],
        "held_on": TODAY.isoformat(),
        "agenda": "研究年度计划\n讨论慰问方案",
        "idempotency_key": uuid.uuid4(),
    } | fields


def test_the_form_comes_filled_in(cast: Cast, secretary: Client) -> None:
    factories.make_meeting(cast.ours, place="二楼会议室")
    query = f"?kind=general&kind=themed_day&date=2026-11-18&branch={cast.ours.pk}&title=十一月大会"
    form = secretary.get(url("log") + query).context["form"]
    told = {name: form[name].value() for name in ("organization", "kinds", "held_on", "title", "place")}
    assert told == {
        "organization": cast.ours.pk,
        "kinds": ["general", "themed_day"],
        "held_on": date(2026, 11, 18),
        "title": "十一月大会",
        "place": "二楼会议室",
    }
    assert form["chair"].value() == cast.members["secretary"].pk
    assert form["recorder"].value() == cast.members["secretary"].pk


def test_a_late_entry_starts_with_the_secretary_of_its_day(cast: Cast, secretary: Client) -> None:
    before = factories.make_member(cast.ours, name="前书记")
    term = {"starts_on": date(2022, 3, 1), "ends_on": date(2025, 3, 1)}
    factories.make_post(before.person, cast.ours, PostKind.SECRETARY, **term)
    cast["former_secretary"].posts.all().delete()
    days = ("2025-02-28", "2025-03-01")
    forms = [secretary.get(url("log") + f"?kind=general&date={day}").context["form"] for day in days]
    assert [form["chair"].value() for form in forms] == [before.pk, cast.members["secretary"].pk]


def test_an_address_that_makes_no_sense_leaves_the_form_usable(cast: Cast, secretary: Client) -> None:
    query = f"?kind=nonsense&date=2026-13-40&branch={cast.elsewhere.pk}&for_year=zwanzig"
    form = secretary.get(url("log") + query).context["form"]
    assert (form["organization"].value(), form["kinds"].value()) == (cast.ours.pk, [])


def test_a_group_sitting_starts_with_the_group_and_its_leader(cast: Cast, secretary: Client) -> None:
    form = secretary.get(url("log") + "?kind=group").context["form"]
    assert (form["organization"].value(), form["chair"].value()) == (
        cast.group.pk,
        cast.members["group_leader"].pk,
    )


def test_logging_leads_to_the_open_record(cast: Cast, secretary: Client) -> None:
    response = secretary.post(url("log"), entry(cast))
    meeting = Meeting.objects.get()
    assert response.headers["Location"] == url("detail", meeting.pk)
    assert (meeting.state, meeting.title, meeting.recorded_at) == ("open", "11月支委会", NOW)
    assert list(meeting.items.values_list("title", flat=True)) == ["研究年度计划", "讨论慰问方案"]


def test_a_second_submission_leads_to_the_first_result(cast: Cast, secretary: Client) -> None:
    sent = entry(cast)
    first, second = (secretary.post(url("log"), sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Meeting.objects.count() == 1


def test_planning_keeps_the_sitting_for_later(cast: Cast, secretary: Client) -> None:
    day = (TODAY + timedelta(days=9)).isoformat()
    secretary.post(
        url("plan"), entry(cast, held_on=day, notice="请准时", partners="工会：镇总工会\n第三小学")
    )
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.minutes.notice) == ("planned", "请准时")
    assert list(meeting.partners.order_by("pk").values_list("kind", "name")) == [
        ("union", "镇总工会"),
        ("unit", "第三小学"),
    ]


def test_a_sitting_that_is_already_there_is_shown_before_saving(cast: Cast, secretary: Client) -> None:
    first = logged(cast)
    sent = entry(cast)
    response = secretary.post(url("log"), sent)
    assert response.status_code == 422
    assert url("detail", first.pk) in response.content.decode()
    assert 'type="checkbox" name="another"' in response.content.decode()
    assert Meeting.objects.count() == 1
    assert secretary.post(url("log"), sent | {"another": "on"}).status_code == 302
    assert Meeting.objects.count() == 2


def test_mistakes_are_shown_at_their_fields(cast: Cast, secretary: Client) -> None:
    response = secretary.post(url("log"), entry(cast, kinds=[], starts_at="15:00", ends_at="14:00"))
    assert response.status_code == 422
    assert response.context["form"].errors["kinds"] == ["请至少勾选一个类别。"]
    assert "结束时间应晚于开始时间。" in text_of(response)
    refused = secretary.post(url("log"), entry(cast, kinds=[K.GROUP]))
    assert "organization" in refused.context["form"].errors


@pytest.mark.parametrize("name", ["plan", "log"])
def test_nothing_but_the_declared_fields_can_be_set(cast: Cast, secretary: Client, name: str) -> None:
    foreign = {
        "state": "closed",
        "path": cast.elsewhere.path,
        "branch": cast.elsewhere.pk,
        "recorded_by": cast["deputy"].pk,
        "recorded_at": "2020-01-01",
        "closed_by": cast["deputy"].pk,
        "closed_at": "2020-01-01",
        "cancel_reason": "x",
        "version": 9,
    }
    secretary.post(url(name), entry(cast, **foreign))
    meeting = Meeting.objects.get()
    assert (meeting.branch, meeting.path, meeting.recorded_by, meeting.recorded_at) == (
        cast.ours,
        cast.ours.path,
        cast["secretary"],
        NOW,
    )
    assert (meeting.closed_by, meeting.closed_at, meeting.cancel_reason) == (None, None, "")
    assert meeting.state == ("open" if name == "log" else "planned")


def test_no_sitting_is_entered_for_another_branch(cast: Cast, secretary: Client) -> None:
    response = secretary.post(url("log"), entry(cast, organization=cast.sibling.pk))
    assert (response.status_code, Meeting.objects.count()) == (422, 0)


@pytest.mark.parametrize("role", ["organizer", "discipline", "member", "operator"])
def test_who_records_nowhere_gets_no_form(cast: Cast, sign_in, role: str) -> None:
    client = sign_in(cast[role])
    assert [client.get(url(name)).status_code for name in ("plan", "log")] == [403, 403]
    assert client.post(url("log"), entry(cast)).status_code == 403
    assert Meeting.objects.count() == 0


def change(meeting: Meeting, **fields: object) -> dict[str, object]:
    return {
        "kinds": [K.COMMITTEE],
        "held_on": meeting.held_on.isoformat(),
        "title": meeting.title,
        "version": meeting.version,
    } | fields


def test_a_change_keeps_the_text_that_its_form_does_not_show(cast: Cast, secretary: Client) -> None:
    meeting = planned(cast, summary="留着", notice="旧通知")
    secretary.post(url("update", meeting.pk), change(meeting, notice="新通知", place="二楼"))
    fresh = Meeting.objects.get()
    assert (fresh.place, fresh.minutes.notice, fresh.minutes.summary) == ("二楼", "新通知", "留着")


def test_a_stale_change_shows_both_texts_and_can_then_be_saved(cast: Cast, secretary: Client) -> None:
    meeting = planned(cast)
    secretary.post(url("update", meeting.pk), change(meeting, place="甲会议室"))
    stale = secretary.post(url("update", meeting.pk), change(meeting, place="乙会议室"))
    assert stale.status_code == 422
    words = text_of(stale)
    assert "现在保存的 甲会议室" in words
    assert "您填写的 乙会议室" in words
    again = change(meeting, place="乙会议室", version=stale.context["form"]["version"].value())
    assert secretary.post(url("update", meeting.pk), again).status_code == 302
    assert Meeting.objects.get().place == "乙会议室"


def test_a_group_stands_in_the_list_with_its_branch(cast: Cast) -> None:
    """Groups of many branches bear the same names."""
    factories.make_meeting(cast.ours, MeetingKind.GROUP, group=cast.group)
    factories.make_meeting(cast.ours)
    lines = listed(for_list(Meeting.objects.order_by("pk")))
    assert [line.held_by for line in lines] == ["机关一支部 · 第一小组", "机关一支部"]


def test_a_chair_who_has_left_the_branch_since_stays_on_the_form(cast: Cast, secretary: Client) -> None:
    meeting, chair = logged(cast, chair=cast.members["discipline"]), cast.members["discipline"]
    Member.objects.filter(pk=chair.pk).update(state=MembershipState.LEFT, state_since=TODAY)
    form = secretary.get(url("update", meeting.pk)).context["form"]
    assert chair in form.fields["chair"].queryset


def test_who_was_there_and_has_left_since_may_still_be_named_as_chair(cast: Cast, secretary: Client) -> None:
    gone = factories.make_member(cast.ours, name="沈小满", state=MembershipState.LEFT, state_since=TODAY)
    held_on = TODAY - timedelta(days=6)
    chairs = [
        secretary.get(url("update", logged(cast, kinds=kinds, held_on=held_on).pk)).context["form"]
        for kinds in ({MeetingKind.GENERAL}, {MeetingKind.COMMITTEE})
    ]
    assert [gone in form.fields["chair"].queryset for form in chairs] == [True, False]


@pytest.mark.parametrize(("held_on", "year"), [("2026-03-31", 2025), ("2026-04-01", 2026)])
def test_the_year_of_a_round_follows_from_the_day_it_was_held_not_from_that_of_the_entry(
    cast: Cast, secretary: Client, monkeypatch: pytest.MonkeyPatch, held_on: str, year: int
) -> None:
    set_today(monkeypatch, NOW.replace(month=4, day=5))
    address = url("log") + "?kind=org_life_meeting"
    asked = secretary.get(address).context["form"]["for_year"].value() or ""
    sent = {"organization": cast.ours.pk, "kinds": "org_life_meeting", "held_on": held_on, "for_year": asked}
    secretary.post(address, sent | {"idempotency_key": str(uuid.uuid4())})
    assert Meeting.objects.get().for_year == year
