"""Entering talks: one's own, several in one go, those of others; planning, following up, closing."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.rules.kinds import PostKind, TalkOccasion, TalkPair, TalkState, TalkTrigger
from apps.talks import services
from apps.talks.models import MustState, MustTalk, Talk, TalkContent, TalkPerson, TalkRole
from apps.talks.services_words import read_content
from apps.ui.refusals import Stale
from tests import factories
from tests.conftest import NOW, TODAY
from tests.talks.conftest import CANARIES
from tests.talks.talking import make_talk

LOG = "talks:log"


def given(partner, **fields) -> dict:
    usual = {
        "partner": partner.pk,
        "occasion": "routine",
        "held_on": "2026-11-19",
        "way": "in_person",
        "idempotency_key": str(uuid.uuid4()),
    }
    return usual | fields


def words_of(talk: Talk, reader) -> dict[str, str]:
    return {name: text for name, text in read_content(talk=talk, actor=reader).words.items() if text}


def test_an_ordinary_member_logs_a_talk_of_his_own(cast, partner, sign_in) -> None:
    answer = sign_in(cast["member"]).post(
        reverse(LOG),
        given(partner, topic="近况", thinking="安心", life="孩子上学", follow_up_on="2026-12-01"),
    )
    talk = Talk.objects.get()
    assert answer.headers["Location"] == reverse("talks:detail", args=[talk.pk])
    assert (talk.state, talk.held_on, talk.pair) == (TalkState.HELD, date(2026, 11, 19), TalkPair.MEMBERS)
    assert (talk.branch, talk.path, talk.entered_by) == (cast.ours, cast.ours.path, cast["member"])
    people = [(one.role, one.member.person.name, one.post) for one in TalkPerson.objects.order_by("pk")]
    assert people == [
        (TalkRole.INITIATOR, "卫青松", ""),
        (TalkRole.PARTNER, "褚红", "党小组组长"),
    ]
    assert words_of(talk, cast["member"]) == {"topic": "近况", "thinking": "安心", "life": "孩子上学"}
    assert Deed.objects.filter(action="talk.logged", object_id=talk.pk).count() == 1


def test_the_form_shows_today_and_who_can_read_it(cast, sign_in) -> None:
    page = sign_in(cast["member"]).get(reverse(LOG))
    assert page.context["form"].initial["held_on"] == TODAY
    assert "内容只有谈话双方" in page.content.decode()
    assert "initiator" not in page.context["form"].fields


def test_the_other_may_have_asked_for_the_talk(cast, partner, sign_in) -> None:
    sign_in(cast["member"]).post(reverse(LOG), given(partner, partner_began="on"))
    assert TalkPerson.objects.get(role=TalkRole.INITIATOR).member == partner


def test_several_one_after_another_are_a_talk_each_with_lines_of_their_own(cast, partner, sign_in) -> None:
    form = given(
        partner,
        topic="年底谈心",
        work="给第一位的",
        partner_2=cast.members["deputy"].pk,
        work_2="给第二位的",
        partner_3=cast.members["discipline"].pk,
    )
    client = sign_in(cast["member"])
    assert client.post(reverse(LOG), form).headers["Location"] == reverse("talks:mine")
    talks = list(Talk.objects.order_by("pk"))
    assert [talk.pair for talk in talks] == [TalkPair.MEMBERS, TalkPair.MIXED, TalkPair.MIXED]
    assert [words_of(talk, cast["member"]) for talk in talks] == [
        {"topic": "年底谈心", "work": "给第一位的"},
        {"topic": "年底谈心", "work": "给第二位的"},
        {"topic": "年底谈心"},
    ]
    keys = set(TalkContent.objects.values_list("record_key", flat=True))
    assert len(keys) == 3
    client.post(reverse(LOG), form)
    assert Talk.objects.count() == 3


def test_the_secretary_enters_that_two_others_talked_and_nothing_of_it(cast, partner, sign_in) -> None:
    client = sign_in(cast["secretary"])
    form = given(partner, initiator=cast.members["member"].pk)
    refused = client.post(reverse(LOG), form | {"topic": "听说的"})
    assert refused.status_code == 422
    assert "只登记时间和双方" in refused.content.decode()
    assert "听说的" in refused.content.decode()
    assert not Talk.objects.exists()
    client.post(reverse(LOG), form)
    talk = Talk.objects.get()
    assert (talk.entered_by, talk.recorder) == (cast["secretary"], None)
    assert not TalkContent.objects.exists()
    page = client.get(reverse("talks:detail", args=[talk.pk]))
    assert not page.context["may"]["read"]


def test_a_member_cannot_enter_talks_of_others(cast, partner) -> None:
    with pytest.raises(services.NotYours):
        log(cast, initiator=partner, partner=cast.members["deputy"], actor=cast["member"])


def test_a_groups_leader_enters_talks_of_his_group_only(cast) -> None:
    leader, deputy = cast["group_leader"], cast.members["deputy"]
    log(cast, initiator=cast.members["member"], partner=deputy, actor=leader)
    with pytest.raises(services.NotYours):
        log(cast, initiator=deputy, partner=cast.members["publicity"], actor=leader)


def log(cast, *, initiator, partner, actor, occasion=TalkOccasion.ROUTINE, **fields) -> list[Talk]:
    shape = services.Shape(**{"occasion": occasion, "held_on": TODAY, **fields})
    return services.log_talks(
        branch=cast.ours,
        initiator=initiator,
        partners=[services.Partner(member=partner)],
        shape=shape,
        actor=actor,
        today=TODAY,
        now=NOW,
        idempotency_key=uuid.uuid4(),
    )


def test_a_reminder_talk_is_held_by_the_committee_and_entered_by_few(cast, partner) -> None:
    member = cast.members["member"]
    with pytest.raises(services.ReminderStaysSmall):
        log(cast, initiator=member, partner=partner, actor=cast["member"], occasion=TalkOccasion.REMINDER)
    people = {"initiator": cast.members["secretary"], "partner": member, "occasion": TalkOccasion.REMINDER}
    with pytest.raises(services.ReminderStaysSmall):
        log(cast, actor=cast["deputy"], **people)
    assert log(cast, actor=cast["discipline"], **people)[0].pair == TalkPair.MIXED


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"held_on": "2026-11-21"}, "held_on", "约一次谈话"),
        ({"held_on": "20261119"}, "held_on", "日期"),
        ({"partner": ""}, "partner", "必填"),
        ({"follow_up_on": "2026-11-01"}, "follow_up_on", "不能早于"),
        ({"trigger": "health"}, "trigger", "必谈"),
        ({"work_2": "给谁的"}, "partner_2", "请选择"),
        ({"way": "telepathy"}, "way", ""),
    ],
)
def test_a_mistake_is_said_at_its_field_and_what_was_typed_stays(
    cast, partner, sign_in, fields: dict, field: str, words: str
) -> None:
    answer = sign_in(cast["member"]).post(reverse(LOG), given(partner, thinking="打好的字") | fields)
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert "打好的字" in answer.content.decode()
    assert not Talk.objects.exists()


def test_nobody_of_another_branch_can_be_chosen(cast, sign_in) -> None:
    answer = sign_in(cast["member"]).post(reverse(LOG), given(cast.members["sibling_member"]))
    assert answer.status_code == 422
    with pytest.raises(services.NotTogether):
        log(
            cast,
            initiator=cast.members["member"],
            partner=cast.members["sibling_member"],
            actor=cast["member"],
        )


def test_the_posts_are_those_of_the_day_of_the_talk(cast, partner) -> None:
    """In January 2025 the deputy of today was a plain member."""
    early = log(
        cast,
        initiator=cast.members["deputy"],
        partner=partner,
        actor=cast["deputy"],
        held_on=date(2025, 1, 10),
    )[0]
    assert early.pair == TalkPair.MEMBERS
    assert (
        log(cast, initiator=cast.members["deputy"], partner=partner, actor=cast["deputy"])[0].pair == "mixed"
    )


def test_planned_held_and_closed(cast, partner, sign_in) -> None:
    client = sign_in(cast["member"])
    plan = {"partner": partner.pk, "occasion": "routine", "planned_on": "2026-11-25", "way": "phone"}
    client.post(reverse("talks:plan"), plan | {"idempotency_key": str(uuid.uuid4())})
    talk = Talk.objects.get()
    assert (talk.state, talk.held_on, talk.planned_on) == (TalkState.PLANNED, None, date(2026, 11, 25))

    held = {
        "held_on": "2026-11-20",
        "way": "visit",
        "place": "家里",
        "agreed": "再约",
        "follow_up_on": "2026-11-30",
    }
    client.post(reverse("talks:hold", args=[talk.pk]), held)
    talk.refresh_from_db()
    assert (talk.state, talk.way, talk.follow_up_on) == (TalkState.HELD, "visit", date(2026, 11, 30))

    close = reverse("talks:close", args=[talk.pk])
    assert client.post(close, {"closed_on": "2026-11-21", "result": "x"}).status_code == 422
    client.post(close, {"closed_on": "2026-11-20", "result": "已办好"})
    talk.refresh_from_db()
    assert (talk.state, talk.closed_on) == (TalkState.CLOSED, date(2026, 11, 20))
    assert words_of(talk, cast["member"]) == {"agreed": "再约", "result": "已办好"}
    assert client.get(close).status_code == 403


def test_a_plan_lies_ahead(cast, partner, sign_in) -> None:
    plan = {"partner": partner.pk, "occasion": "routine", "planned_on": "2026-11-19", "way": "phone"}
    answer = sign_in(cast["member"]).post(
        reverse("talks:plan"), plan | {"idempotency_key": str(uuid.uuid4())}
    )
    assert "不能早于今天" in " ".join(answer.context["form"].errors["planned_on"])


def test_whoever_came_second_saves_nothing_and_loses_nothing(cast, talk, partner, sign_in) -> None:
    client, url = sign_in(cast["member"]), reverse("talks:update", args=[talk.pk])
    opened = client.get(url).context["form"].initial["version"]
    form = {"held_on": "2026-11-10", "way": "in_person", "version": opened}
    theirs = sign_in(cast["group_leader"])
    assert theirs.post(url, form | {"topic": "对方先存的"}).status_code == 302
    late = client.post(url, form | {"topic": "后存的话"})
    assert late.status_code == 422
    assert Stale.default in late.content.decode()
    assert late.context["conflicts"] == [("主题", "对方先存的", "后存的话")]
    assert words_of(talk, cast["member"])["topic"] == "对方先存的"
    again = form | {"topic": "后存的话", "version": late.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 302
    assert words_of(talk, cast["member"])["topic"] == "后存的话"


def test_a_recorder_is_named_by_the_two_and_then_writes(cast, talk, sign_in) -> None:
    url = reverse("talks:update", args=[talk.pk])
    writer = sign_in(cast["publicity"])
    assert writer.get(url).status_code == 404
    form = {"held_on": "2026-11-10", "way": "in_person", "version": talk.version}
    sign_in(cast["member"]).post(url, form | {"recorder": cast["publicity"].pk, "topic": "一"})
    assert writer.get(url).status_code == 200
    assert "recorder" not in writer.get(url).context["form"].fields
    writer.post(url, form | {"version": talk.version + 1, "topic": "二"})
    talk.refresh_from_db()
    assert talk.recorder == cast["publicity"]
    assert words_of(talk, cast["member"]) == {"topic": "二", "result": CANARIES["result"]}


def test_a_talk_entered_by_mistake_is_cancelled_and_what_it_cleared_waits_again(cast) -> None:
    secretary, member = cast.members["secretary"], cast.members["member"]
    must = make_must(cast, member=member)
    people = {"initiator": secretary, "partner": member, "actor": cast["secretary"]}
    talk = log(cast, occasion=TalkOccasion.MUST, trigger=TalkTrigger.HEALTH, **people)[0]
    must.refresh_from_db()
    assert (must.state, must.talk, must.closed_on) == (MustState.CLEARED, talk, TODAY)
    services.cancel_talk(talk=talk, actor=cast["secretary"])
    must.refresh_from_db()
    assert (must.state, must.talk) == (MustState.OPEN, None)


def make_must(cast, *, member, trigger=TalkTrigger.HEALTH, **fields) -> MustTalk:
    given = {"since": date(2026, 11, 1), "due_on": date(2026, 11, 30), "set_by": cast["secretary"]}
    return MustTalk.objects.create(
        branch=cast.ours,
        path=cast.ours.path,
        member=member,
        trigger=trigger,
        idempotency_key=uuid.uuid4(),
        **(given | fields),
    )


@pytest.mark.parametrize(
    ("fields", "cleared"),
    [
        ({"occasion": TalkOccasion.MUST, "trigger": "health"}, True),
        ({"occasion": TalkOccasion.MUST}, True),
        ({"occasion": TalkOccasion.MUST, "trigger": "mobile"}, False),
        ({"occasion": TalkOccasion.ROUTINE}, False),
        ({"occasion": TalkOccasion.MUST, "held_on": date(2026, 10, 31)}, False),
    ],
)
def test_a_must_talk_is_cleared_by_a_talk_for_its_reason(cast, fields: dict, cleared: bool) -> None:
    must = make_must(cast, member=cast.members["member"])
    log(
        cast,
        initiator=cast.members["secretary"],
        partner=cast.members["member"],
        actor=cast["secretary"],
        **fields,
    )
    must.refresh_from_db()
    assert (must.state == MustState.CLEARED) is cleared


def test_a_talk_among_members_clears_no_must(cast, partner) -> None:
    must = make_must(cast, member=cast.members["member"])
    log(
        cast,
        initiator=partner,
        partner=cast.members["member"],
        actor=cast["group_leader"],
        occasion=TalkOccasion.MUST,
    )
    must.refresh_from_db()
    assert must.state == MustState.OPEN


def cost_of(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["talks:mine", "talks:list", "talks:map", "talks:log"])
def test_a_page_costs_the_same_for_one_talk_and_for_three(cast, partner, sign_in, name: str) -> None:
    client = sign_in(cast["secretary"])
    people = (cast.members["secretary"], partner)
    make_talk(*people, state=TalkState.PLANNED, held_on=None, planned_on=TODAY)
    one = cost_of(client, reverse(name))
    for _ in range(2):
        make_talk(*people, state=TalkState.PLANNED, held_on=None, planned_on=TODAY)
        make_talk(*people)
        factories.make_member(cast.ours)
    assert cost_of(client, reverse(name)) == one


def test_somebody_who_sits_in_two_posts_is_written_with_both(cast, partner) -> None:
    factories.make_post(cast["secretary"], cast.ours, PostKind.YOUTH)
    made = log(cast, initiator=cast.members["secretary"], partner=partner, actor=cast["secretary"])[0]
    assert TalkPerson.objects.get(talk=made, role=TalkRole.INITIATOR).post == "支部书记、青年委员"
