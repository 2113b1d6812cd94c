"""Who sees that a talk took place, who reads it, and what of the reading is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.audit.models import Deed
from apps.rules.kinds import TalkOccasion, TalkState
from apps.talks import policies
from apps.talks.models import Talk, TalkPerson
from tests import factories
from tests.access.world import CODES
from tests.conftest import NOW, set_today
from tests.talks.conftest import CANARIES
from tests.talks.talking import make_talk


def url(talk: Talk, name: str = "detail") -> str:
    return reverse(f"talks:{name}", args=[talk.pk])


def seen_by(cast, talk: Talk) -> dict[str, str]:
    """Role → "words", "fact" or nothing."""
    found = {}
    for role in CODES.values():
        user = cast[role]
        user.__dict__.pop("_held_posts", None)
        if policies.visible_talks(user).filter(pk=talk.pk).exists():
            fresh = Talk.objects.get(pk=talk.pk)
            found[role] = "words" if policies.can_read(user, fresh) else "fact"
    return found


def test_the_words_are_for_the_two_and_the_fact_for_the_branchs_keepers(cast, talk) -> None:
    assert seen_by(cast, talk) == {
        "secretary": "fact",
        "deputy": "fact",
        "organization": "fact",
        "discipline": "fact",
        "group_leader": "words",
        "member": "words",
    }


def test_of_a_reminder_talk_even_the_fact_stays_with_the_two_the_secretary_and_discipline(cast) -> None:
    talk = make_talk(cast.members["secretary"], cast.members["member"], occasion=TalkOccasion.REMINDER)
    assert seen_by(cast, talk) == {"secretary": "words", "discipline": "fact", "member": "words"}


def test_whoever_entered_a_reminder_talk_and_holds_no_such_post_any_more_knows_nothing(cast, partner) -> None:
    people = (partner, cast.members["member"])
    talk = make_talk(*people, occasion=TalkOccasion.REMINDER, entered_by=cast["former_secretary"])
    assert "former_secretary" not in seen_by(cast, talk)


def test_the_recorder_reads_and_whoever_only_entered_it_does_not(cast, partner) -> None:
    people = (partner, cast.members["member"])
    talk = make_talk(*people, recorder=cast["publicity"], entered_by=cast["secretary"])
    seen = seen_by(cast, talk)
    assert (seen["publicity"], seen["secretary"]) == ("words", "fact")


def test_a_leader_who_arranged_a_talk_knows_that_it_took_place(cast) -> None:
    people = (cast.members["member"], cast.members["deputy"])
    assert "group_leader" not in seen_by(cast, make_talk(*people))
    assert seen_by(cast, make_talk(*people, entered_by=cast["group_leader"]))["group_leader"] == "fact"


def test_one_of_the_two_opens_it_to_the_secretary_and_takes_it_back(cast, talk, sign_in) -> None:
    member, secretary = sign_in(cast["member"]), sign_in(cast["secretary"])
    assert CANARIES["life"] not in secretary.get(url(talk)).content.decode()
    member.post(url(talk, "open"))
    assert seen_by(cast, talk)["secretary"] == "words"
    assert seen_by(cast, talk)["deputy"] == "fact"
    assert CANARIES["life"] in secretary.get(url(talk)).content.decode()
    assert "卫青松于" in sign_in(cast["group_leader"]).get(url(talk)).content.decode()
    member.post(url(talk, "take_back"))
    assert seen_by(cast, talk)["secretary"] == "fact"
    assert CANARIES["life"] not in secretary.get(url(talk)).content.decode()
    opened = Deed.objects.filter(action__in=["talk.opened", "talk.taken_back"])
    assert [deed.action for deed in opened.order_by("pk")] == ["talk.opened", "talk.taken_back"]


def test_opening_does_not_let_in_a_secretary_of_another_branch_or_a_former_one(cast, talk) -> None:
    TalkPerson.objects.filter(talk=talk).update(opened_at=NOW)
    seen = seen_by(cast, talk)
    assert {role for role, what in seen.items() if what == "words"} == {"secretary", "member", "group_leader"}


def test_each_reading_is_a_deed_without_words_that_the_two_can_see(cast, talk, sign_in) -> None:
    page = sign_in(cast["group_leader"]).get(url(talk)).content.decode()
    assert CANARIES["thinking"] in page
    deed = Deed.objects.get(action="talk.read")
    assert (deed.actor, deed.object_id, deed.path) == (cast["group_leader"], talk.pk, talk.path)
    assert (deed.reason, deed.changes, deed.object_label) == ("", [], f"谈心谈话第 {talk.pk} 号")
    theirs = sign_in(cast["member"]).get(url(talk)).content.decode()
    assert "褚红" in theirs.split("谁能看、谁看过")[1]
    assert "看过内容" in theirs


def test_seeing_the_fact_only_is_no_reading(cast, talk, sign_in) -> None:
    page = sign_in(cast["secretary"]).get(url(talk)).content.decode()
    assert "谈话内容只有谈话双方" in page
    assert "谁能看、谁看过" not in page
    assert not Deed.objects.filter(action="talk.read").exists()


@pytest.mark.parametrize("name", ["detail", "print", "update"])
def test_after_ten_minutes_away_the_password_is_asked_again(
    cast, talk, sign_in, monkeypatch, name: str
) -> None:
    client = sign_in(cast["member"])
    assert client.get(url(talk, name)).status_code == 200
    set_today(monkeypatch, NOW + timedelta(minutes=9, seconds=59))
    assert client.get(url(talk, name)).status_code == 200
    set_today(monkeypatch, NOW + timedelta(minutes=20))
    answer = client.get(url(talk, name))
    confirm = reverse("accounts:password_confirm")
    assert answer.headers["Location"] == f"{confirm}?next={url(talk, name).replace('/', '%2F')}"
    wrong = client.post(answer.headers["Location"], {"password": "不是这个"})
    assert wrong.status_code == 422
    assert client.get(url(talk, name)).status_code == 302
    right = client.post(answer.headers["Location"], {"password": factories.PASSWORD})
    assert right.headers["Location"] == url(talk, name)
    assert client.get(url(talk, name)).status_code == 200


def test_whoever_sees_the_fact_only_is_not_asked_for_a_password(cast, talk, sign_in, monkeypatch) -> None:
    client = sign_in(cast["secretary"])
    client.get(url(talk))
    set_today(monkeypatch, NOW + timedelta(minutes=20))
    assert client.get(url(talk)).status_code == 200


def test_guessing_at_the_second_question_is_stopped_like_at_the_sign_in(cast, talk, sign_in) -> None:
    client, confirm = sign_in(cast["member"]), reverse("accounts:password_confirm")
    answers = [client.post(confirm, {"password": f"猜{n}"}).status_code for n in range(6)]
    assert answers == [422, 422, 422, 422, 429, 429]
    assert client.post(confirm, {"password": factories.PASSWORD}).status_code == 429
    failed = Deed.objects.filter(action__in=["account.sign_in_failed", "account.locked_out"])
    assert failed.count() == 5


def test_the_second_question_leads_to_no_other_site(cast, sign_in) -> None:
    client = sign_in(cast["member"])
    target = reverse("accounts:password_confirm") + "?next=//evil.example/"
    assert client.post(target, {"password": factories.PASSWORD}).headers["Location"] == "/"


def test_the_lists_hold_exactly_the_facts_one_may_know(cast, talk, partner, sign_in) -> None:
    make_talk(cast.members["secretary"], partner, occasion=TalkOccasion.REMINDER)
    make_talk(cast.members["sibling_member"])
    counts = {}
    for role in ("secretary", "deputy", "discipline"):
        counts[role] = len(sign_in(cast[role]).get(reverse("talks:list")).context["rows"])
    assert counts == {"secretary": 2, "deputy": 1, "discipline": 2}
    mine = sign_in(cast["group_leader"]).get(reverse("talks:mine"))
    assert len(mine.context["rows"]) == 2


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"name": "褚红"}, 1),
        ({"name": "wqs"}, 1),
        ({"name": "陈静"}, 0),
        ({"pair": "members"}, 1),
        ({"pair": "committee"}, 0),
        ({"occasion": "care"}, 0),
        ({"state": "held"}, 1),
        ({"year": "2026"}, 1),
        ({"year": "2025"}, 0),
        ({"year": "x"}, 0),
    ],
)
def test_the_branchs_list_is_narrowed_by_its_facts(cast, talk, sign_in, given: dict, found: int) -> None:
    answer = sign_in(cast["secretary"]).get(reverse("talks:list"), given)
    assert len(answer.context["rows"]) == found


def test_those_above_read_numbers_and_small_ones_only_as_some(cast, talk, partner, sign_in) -> None:
    for day in (3, 4, 5):
        make_talk(cast.members["secretary"], partner, held_on=NOW.date().replace(month=3, day=day))
    make_talk(cast.members["secretary"], partner, occasion=TalkOccasion.REMINDER)
    make_talk(cast.members["member"], partner, state=TalkState.CANCELLED)
    answer = sign_in(cast["organizer"]).get(reverse("talks:counts"))
    rows = {row.name: row.quarters for row in answer.context["rows"]}
    assert rows == {
        "机关一支部": ("3", "未开展", "未开展", "已开展"),
        "机关二支部": ("未开展", "未开展", "未开展", "未开展"),
    }
    assert "卫青松" not in answer.content.decode()


def test_the_paper_has_every_line_of_the_form(cast, talk, sign_in) -> None:
    page = sign_in(cast["member"]).get(url(talk, "print")).content.decode()
    for words in (*CANARIES.values(), "谈心谈话记录表", "卫青松", "褚红（党小组组长）", "党员之间", "签字"):
        assert words in page


def test_everybody_takes_out_his_own_talks_and_nobody_elses(cast, talk, partner, sign_in) -> None:
    make_talk(cast.members["deputy"], partner, words={"life": "别人的话"})
    answer = sign_in(cast["member"]).get(reverse("talks:export_mine"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-talks.json"'
    (row,) = answer.json()
    assert list(row["内容"].values()) == list(CANARIES.values())
    assert [one["姓名"] for one in row["双方"]] == ["卫青松", "褚红"]
    assert sign_in(cast["organizer"]).get(reverse("talks:export_mine")).json() == []
    assert sign_in(cast["secretary"]).get(reverse("talks:export_mine")).json() == []


def test_taking_them_out_asks_for_the_password_after_a_while_away(cast, talk, sign_in, monkeypatch) -> None:
    client = sign_in(cast["member"])
    client.get("/")
    set_today(monkeypatch, NOW + timedelta(minutes=11))
    assert client.get(reverse("talks:export_mine")).status_code == 302
