"""The vote desk as it is used: its page, its parts for htmx, the one-button vote, and who may sit at it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.meetings.models import AgendaItem, Motion, MotionState
from apps.rules.kinds import AttendanceStatus, Matter, MeetingKind, MemberStatus
from apps.rules.voting import Votes
from tests import factories
from tests.conftest import TODAY, Cast
from tests.meetings.vote_rooms import (
    PERSON,
    add_to_roll,
    add_url,
    card_url,
    election,
    make_room,
    panel_url,
    remove_url,
    secret,
    simple,
    take,
)

ORDINARY = {"matter": "ordinary", "text": "同意年度计划", "method": "show_of_hands"}
BALLOT = {
    "method": "secret_ballot",
    "ballots_issued": "5",
    "ballots_returned": "5",
    "ballots_invalid": "0",
    "scrutineers": "甲监票",
    "tellers": "乙计票",
}


@pytest.fixture
def item(cast: Cast) -> AgendaItem:
    return make_room(cast.ours, entitled=5)


@pytest.fixture
def secretary(cast: Cast, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast["secretary"])


def typed(votes_for: Any, against: Any = 0, abstain: Any = 0, **fields: Any) -> dict[str, Any]:
    counts = {"votes_for": votes_for, "votes_against": against, "votes_abstain": abstain}
    return {**ORDINARY, "idempotency_key": uuid.uuid4(), **counts, **fields}


def candidates(*rows: tuple[str, int | str, int | str, int | str]) -> dict[str, Any]:
    data: dict[str, Any] = {"candidates-TOTAL_FORMS": len(rows), "candidates-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        for column, value in zip(("name", "votes_for", "votes_against", "votes_abstain"), row, strict=True):
            data[f"candidates-{number}-{column}"] = value
    return data


def text_of(response: Any) -> str:
    return response.content.decode()


def test_the_desk_opens_with_everybody_present_in_favour(secretary: Client, item: AgendaItem) -> None:
    page = secretary.get(add_url(item))
    assert page.status_code == 200
    form = page.context["form"]
    assert (form["votes_for"].value(), form["votes_against"].value()) == (5, 0)
    assert form["text"].value() == "审议年度计划"
    assert (
        "到会 5 人，达到 3 人，可以表决；得 3 票赞成才能通过（超过应到会有表决权的 5 人的半数）"
        in text_of(page)
    )
    assert "《中国共产党支部工作条例（试行）》第十一条" in text_of(page)


def test_the_desk_says_who_is_left_out_and_why(secretary: Client, item: AgendaItem) -> None:
    add_to_roll(item.meeting, name="蒋预备", standing=MemberStatus.PROBATIONARY)
    add_to_roll(item.meeting, name="许病假", status=AttendanceStatus.SICK_LEAVE)
    page = text_of(secretary.get(add_url(item)))
    assert "蒋预备：预备党员没有表决权、选举权" in page
    assert "许病假（病假）" in page


def test_a_desk_that_may_not_open_says_how_many_are_missing_and_takes_nothing(
    secretary: Client, cast: Cast
) -> None:
    item = make_room(cast.ours, entitled=8, present=2)
    page = text_of(secretary.get(add_url(item)))
    assert "还差 2 人" in page
    assert "votes_for" not in page
    answer = secretary.post(add_url(item), typed(2))
    assert answer.status_code == 422
    assert not Motion.objects.exists()


def test_a_vote_is_recorded_from_the_page(secretary: Client, item: AgendaItem) -> None:
    answer = secretary.post(add_url(item), typed(4, 1, entitled=99, present=99))
    assert (answer.status_code, answer.url) == (302, card_url(item))
    motion = Motion.objects.get()
    assert (motion.entitled, motion.present, motion.votes_for, motion.state) == (5, 5, 4, "passed")


def test_the_same_page_sent_twice_records_one_vote(secretary: Client, item: AgendaItem) -> None:
    data = typed(5)
    for _ in range(2):
        assert secretary.post(add_url(item), data).status_code == 302
    assert Motion.objects.count() == 1


def test_a_refused_vote_keeps_what_was_typed(secretary: Client, item: AgendaItem) -> None:
    answer = secretary.post(add_url(item), typed(6, 1, text="同意修改后的计划"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert (form["votes_for"].value(), form["text"].value()) == ("6", "同意修改后的计划")
    assert form.errors["votes_for"] == ["赞成、反对、弃权合计7票，多于实到5人。"]
    assert not Motion.objects.exists()


@pytest.mark.parametrize(("wrong", "words"), [("-1", "票数不能是负数。"), ("五", "请填数字。")])
def test_figures_that_are_none_are_told_at_their_field(
    secretary: Client, item: AgendaItem, wrong: str, words: str
) -> None:
    answer = secretary.post(add_url(item), typed(wrong))
    assert answer.context["form"].errors["votes_for"] == [words]


def test_an_admission_is_recorded_with_its_ballots(secretary: Client, item: AgendaItem) -> None:
    fields = {"matter": "admission", "subject_name": PERSON, "written_for": 0, **BALLOT}
    secretary.post(add_url(item), typed(5, **fields))
    motion = Motion.objects.get()
    assert (motion.matter, motion.subject_name, motion.method) == (Matter.ADMISSION, PERSON, "secret_ballot")
    assert (motion.ballots_issued, motion.scrutineers, motion.tellers) == (5, "甲监票", "乙计票")


def test_a_show_of_hands_keeps_no_ballots(secretary: Client, item: AgendaItem) -> None:
    secretary.post(add_url(item), typed(5, **{**BALLOT, "method": "show_of_hands"}))
    motion = Motion.objects.get()
    assert (motion.ballots_issued, motion.scrutineers) == (None, "")


def test_an_admission_offers_the_secret_ballot_only(secretary: Client, item: AgendaItem) -> None:
    form = secretary.get(add_url(item), {"matter": "admission"}).context["form"]
    assert [value for value, _ in form.fields["method"].choices] == ["secret_ballot"]
    assert "written_for" in form.fields
    hands = typed(5, matter="admission", subject_name=PERSON, method="show_of_hands")
    assert "method" in secretary.post(add_url(item), hands).context["form"].errors


def test_a_confirmation_offers_probationary_members_only(secretary: Client, item: AgendaItem) -> None:
    member = add_to_roll(item.meeting, standing=MemberStatus.PROBATIONARY).member
    form = secretary.get(add_url(item), {"matter": "confirmation"}).context["form"]
    assert list(form.fields["subject"].queryset) == [member]


def test_a_person_outside_the_roll_cannot_be_chosen(secretary: Client, item: AgendaItem, cast: Cast) -> None:
    stranger = factories.make_member(cast.elsewhere, status=MemberStatus.PROBATIONARY)
    data = typed(5, matter="confirmation", subject=stranger.pk, **BALLOT)
    assert "subject" in secretary.post(add_url(item), data).context["form"].errors
    assert not Motion.objects.exists()


def test_the_committee_has_its_own_matters(secretary: Client, cast: Cast) -> None:
    item = make_room(cast.ours, MeetingKind.COMMITTEE, entitled=0, held_on=TODAY)
    for role in ("secretary", "deputy", "organization", "publicity", "discipline"):
        add_to_roll(item.meeting, member=cast.members[role])
    page = secretary.get(add_url(item))
    assert [matter for matter, _ in page.context["desk"].choices] == [
        Matter.COMMITTEE_DECISION,
        Matter.COMMITTEE_ELECTION,
    ]
    assert "超过全体委员 5 人的半数" in text_of(page)


def test_an_election_is_recorded_with_its_rows_and_leaves_empty_ones_out(
    secretary: Client, item: AgendaItem
) -> None:
    rows = candidates(("张甲", 4, 0, 1), ("李乙", 1, 2, 2), ("", "", "", ""))
    data = typed(0, matter="election", seats=1, **BALLOT) | rows
    assert secretary.post(add_url(item), data).status_code == 302
    motion = Motion.objects.get()
    found = list(motion.candidates.order_by("pk").values_list("name", "votes_for", "elected"))
    assert found == [("张甲", 4, True), ("李乙", 1, False)]


def test_mistakes_in_an_election_stand_at_their_rows_and_nothing_is_lost(
    secretary: Client, item: AgendaItem
) -> None:
    rows = candidates(("张甲", "", 0, 0), ("", 3, 0, 0))
    answer = secretary.post(add_url(item), typed(0, matter="election", seats=1, **BALLOT) | rows)
    assert answer.status_code == 422
    forms = answer.context["form"].candidates.forms
    assert forms[0].errors == {"votes_for": ["请填写赞成票数。"]}
    assert forms[1].errors == {"name": ["请填写姓名。"]}
    assert forms[1]["votes_for"].value() == "3"


@pytest.mark.parametrize("where", [add_url, panel_url])
def test_one_more_row_comes_with_and_without_script(
    secretary: Client, item: AgendaItem, where: Callable[[AgendaItem], str]
) -> None:
    rows = candidates(("张甲", 4, 0, 1), ("李乙", 1, 2, 2))
    data = typed(0, matter="election", seats=1, more=1, **BALLOT) | rows
    form = secretary.post(where(item), data).context["form"]
    assert [row["name"].value() or "" for row in form.candidates] == ["张甲", "李乙", ""]
    assert form["scrutineers"].value() == "甲监票"
    assert str(form["idempotency_key"].value()) == str(data["idempotency_key"])
    assert not Motion.objects.exists()


def test_another_matter_keeps_the_words_and_counts_the_figures_anew(
    secretary: Client, item: AgendaItem
) -> None:
    add_to_roll(item.meeting, status=AttendanceStatus.ABSENT)
    data = typed(2, 3, choose="admission", text="接收新党员", tellers="乙计票")
    answer = secretary.post(panel_url(item), data)
    assert "<html" not in text_of(answer)
    form = answer.context["form"]
    assert (form["text"].value(), form["tellers"].value()) == ("接收新党员", "乙计票")
    assert (form["votes_for"].value(), form["ballots_issued"].value()) == (5, 5)


def test_the_part_for_htmx_is_the_desk_without_its_page(secretary: Client, item: AgendaItem) -> None:
    answer = secretary.get(panel_url(item), {"matter": "election"})
    assert answer.context["desk"].matter == Matter.ELECTION
    assert "<html" not in text_of(answer)
    assert "应选 3 名不少于 4 名" in text_of(answer)


def test_a_preview_says_what_the_figures_would_mean_and_writes_nothing(
    secretary: Client, item: AgendaItem
) -> None:
    passed = secretary.post(panel_url(item), typed(4, 1, preview=1))
    assert "实得赞成4票，通过" in text_of(passed)
    short = secretary.post(panel_url(item), typed(4, 0, preview=1))
    assert "还不能登记" in text_of(short)
    assert "应等于实到会 5" in text_of(short)
    assert not Motion.objects.exists()


def test_one_button_records_a_unanimous_vote_once(secretary: Client, item: AgendaItem) -> None:
    page = text_of(secretary.get(reverse("meetings:detail", args=[item.meeting_id])))
    assert "一致通过（5 票）" in page
    for _ in range(2):
        secretary.post(add_url(item), {"quick": "1", "matter": "ordinary", "after": ""})
    motion = Motion.objects.get()
    assert (motion.votes_for, motion.state, motion.method) == (5, MotionState.PASSED, "show_of_hands")
    after = str(motion.idempotency_key)
    secretary.post(add_url(item), {"quick": "1", "matter": "ordinary", "after": after})
    assert Motion.objects.count() == 2


def test_one_button_is_for_no_secret_matter(secretary: Client, item: AgendaItem) -> None:
    secretary.post(add_url(item), {"quick": "1", "matter": "admission", "after": ""})
    assert not Motion.objects.exists()


def test_a_sitting_without_a_quorum_has_no_button(secretary: Client, cast: Cast) -> None:
    item = make_room(cast.ours, entitled=8, present=2)
    page = text_of(secretary.get(reverse("meetings:detail", args=[item.meeting_id])))
    assert "一致通过" not in page
    assert "还差 2 人" in page


def test_a_recorded_vote_is_shown_with_its_rule(secretary: Client, item: AgendaItem) -> None:
    take(item, simple(4, 1))
    page = text_of(secretary.get(reverse("meetings:detail", args=[item.meeting_id])))
    assert "应到5人，实到5人，须有3票赞成；实得赞成4票，通过。" in page
    assert "重新登记" in page


def test_a_vote_that_no_longer_fits_is_marked_and_entered_anew(secretary: Client, item: AgendaItem) -> None:
    motion = take(item, simple(5))
    item.meeting.roll.filter(pk=item.meeting.roll.first().pk).update(status=AttendanceStatus.ABSENT)
    detail = reverse("meetings:detail", args=[item.meeting_id])
    assert "到会人数在表决后有变动，请核对" in text_of(secretary.get(detail))
    form = secretary.get(add_url(item), {"replaces": str(motion.idempotency_key)}).context["form"]
    assert (form["votes_for"].value(), form["text"].value()) == (5, "同意年度计划")
    secretary.post(add_url(item), typed(4, replaces=str(motion.idempotency_key)))
    motion.refresh_from_db()
    assert (Motion.objects.count(), motion.present, motion.votes_for) == (1, 4, 4)
    assert "到会人数在表决后有变动" not in text_of(secretary.get(detail))


@pytest.mark.parametrize("competitive", [True, False])
def test_an_election_entered_anew_is_ticked_as_it_was(
    secretary: Client, cast: Cast, competitive: bool
) -> None:
    item = make_room(cast.ours, entitled=10)
    first = take(item, election(1, {"甲": 9, "乙": 1}, issued=10, competitive=competitive))
    form = secretary.get(add_url(item), {"replaces": str(first.idempotency_key)}).context["form"]
    assert form["competitive"].value() is competitive


def test_a_vote_put_right_by_somebody_else_meanwhile_is_told_and_nothing_is_lost(
    secretary: Client, item: AgendaItem
) -> None:
    wrong = take(item, simple(5)).idempotency_key
    take(item, simple(4, 1, replaces=wrong))
    answer = secretary.post(add_url(item), typed(3, 2, replaces=str(wrong)))
    assert answer.status_code == 422
    assert "被别人修改过" in text_of(answer)
    assert answer.context["form"]["votes_for"].value() == "3"


def test_a_tie_opens_a_second_round_with_the_tied_filled_in(secretary: Client, item: AgendaItem) -> None:
    for _ in range(5):
        add_to_roll(item.meeting)
    first = take(item, election(2, {"张甲": 8, "李乙": 6, "王丙": 6}, issued=10))
    detail = text_of(secretary.get(reverse("meetings:detail", args=[item.meeting_id])))
    assert "再次投票</a>" in detail
    assert "减少名额，不再选举</a>" not in detail
    page = secretary.get(add_url(item), {"previous": str(first.idempotency_key)})
    form = page.context["form"]
    assert [row["name"].value() for row in form.candidates] == ["李乙", "王丙"]
    assert (form["seats"].value(), form["scrutineers"].value()) == (1, "甲监票")
    rows = candidates(("李乙", 6, 0, 4), ("王丙", 4, 0, 6))
    ballot = {**BALLOT, "ballots_issued": 10, "ballots_returned": 10}
    again = {"matter": "election", "seats": 1, "previous": str(first.idempotency_key)}
    secretary.post(add_url(item), typed(0, **again, **ballot) | rows)
    second = Motion.objects.get(round=2)
    assert (second.previous, second.state) == (first, MotionState.PASSED)


def test_too_few_elected_may_also_mean_fewer_seats(secretary: Client, item: AgendaItem) -> None:
    take(item, election(2, {"张甲": 4, "李乙": 2}, issued=5))
    page = text_of(secretary.get(reverse("meetings:detail", args=[item.meeting_id])))
    assert "再次投票</a>" in page
    assert "减少名额，不再选举</a>" in page
    form = secretary.get(add_url(item), {"matter": "ordinary", "text": "同意减少应选名额"}).context["form"]
    assert form["text"].value() == "同意减少应选名额"


def test_a_vote_is_removed_after_a_question(secretary: Client, item: AgendaItem) -> None:
    motion = take(item, simple(5))
    assert "删除这次表决" in text_of(secretary.get(remove_url(motion)))
    assert Motion.objects.exists()
    assert secretary.post(remove_url(motion)).url == card_url(item)
    assert not Motion.objects.exists()


def test_a_round_with_another_after_it_is_not_removed(secretary: Client, item: AgendaItem) -> None:
    first = take(item, election(1, {"张甲": 2, "李乙": 2}, issued=5))
    take(item, election(1, {"张甲": 4, "李乙": 1}, issued=5, previous=first))
    answer = secretary.post(remove_url(first), follow=True)
    assert "请先删除再次投票的记录" in text_of(answer)
    assert Motion.objects.count() == 2


def test_the_print_has_every_field_of_a_vote(secretary: Client, item: AgendaItem) -> None:
    add_to_roll(item.meeting, status=AttendanceStatus.ABSENT)
    take(item, secret(Votes(votes_for=4, abstain=1, written_for=1), issued=5))
    take(item, election(1, {"张甲": 4, "李乙": 1}, issued=5))
    page = text_of(secretary.get(reverse("meetings:print", args=[item.meeting_id])))
    for words in ("无记名投票", "赞成 4", "弃权 1", "赞成 1", "监票人：甲监票", "计票人：乙计票"):
        assert words in page
    for words in ("接收预备党员（沈小满）", "发出 5", "张甲", "通过", "依据：《中国共产党发展党员工作细则》"):
        assert words in page


@pytest.mark.parametrize("members", [1, 3])
def test_the_desk_asks_the_same_number_of_questions_for_more_members(
    cast: Cast, sign_in: Callable[..., Client], django_assert_max_num_queries: Any, members: int
) -> None:
    item, client = make_room(cast.ours, entitled=members), sign_in(cast["secretary"])
    with django_assert_max_num_queries(16):
        client.get(add_url(item))


@pytest.mark.parametrize("seats", ["²", "9" * 30, "-1"])
def test_seats_that_are_no_number_are_asked_again(secretary: Client, item: AgendaItem, seats: str) -> None:
    answer = secretary.post(add_url(item), {"matter": Matter.ELECTION, "seats": seats})
    assert answer.status_code == 422
    assert "应选 3 名不少于 4 名" in text_of(answer)


def test_between_the_tied_the_desk_asks_for_no_number_of_votes(secretary: Client, item: AgendaItem) -> None:
    tie = take(item, election(2, {"张甲": 4, "李乙": 3, "王丙": 3}, issued=5))
    page = secretary.get(add_url(item), {"previous": str(tie.idempotency_key)}).content.decode()
    assert "得票多的当选" in page
    assert "须得赞成票" not in page


def test_a_strictly_read_four_fifths_is_kept_for_the_vote_entered_anew(
    secretary: Client, item: AgendaItem
) -> None:
    rows = candidates(("张甲", 5, 0, 0))
    sent = typed(0, **{**BALLOT, "matter": "election", "seats": 1, "strict_four_fifths": "on"})
    assert secretary.post(add_url(item), sent | rows).status_code == 302
    motion = Motion.objects.get()
    page = secretary.get(add_url(item), {"replaces": str(motion.idempotency_key)})
    assert page.context["form"]["strict_four_fifths"].value() is True
    assert (
        "strict_four_fifths"
        not in secretary.get(add_url(item), {"matter": "ordinary"}).context["form"].fields
    )
