"""The way of a poll through its pages, by those who may go it; and what the pages do not tell."""

from __future__ import annotations

import logging
import uuid

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.ballots import services_count
from apps.ballots.models import Poll, RollEntry, SealedBallot
from apps.ballots.queries import questions_of
from apps.rules.kinds_ballots import PollMode, PollPurpose, PollState
from apps.ui.logs import LeaveOutQuietPaths
from tests import factories
from tests.ballots.makers import cast as cast_vote
from tests.ballots.makers import make_poll, open_poll

LIST = reverse("ballots:list")


def url(name: str, poll: Poll) -> str:
    return reverse(f"ballots:{name}", args=[poll.pk])


def draft(cast, **fields) -> dict:
    """What the form sends; the deputy and the member count."""
    return {
        "title": "2026年民主测评",
        "purpose": "appraisal",
        "mode": "sealed",
        "electorate": "all",
        "closes_on": "2026-11-30",
        "threshold": "5",
        "text_threshold": "10",
        "teller_one": cast.members["deputy"].pk,
        "teller_two": cast.members["member"].pk,
        "words": "",
        "idempotency_key": str(uuid.uuid4()),
    } | fields


def ballot(poll: Poll, *, grade: int = 0, text: str = "") -> dict:
    return {f"q{one.pk}": text if one.is_text else str(grade) for one in questions_of(poll)}


def by_deputy(cast, **values) -> Poll:
    tellers = [cast.members["deputy"], cast.members["member"]]
    return make_poll(cast.ours, tellers=tellers, created_by=cast["secretary"], **values)


def test_a_poll_from_the_draft_to_the_sheet(cast, sign_in) -> None:
    answer = sign_in(cast["secretary"]).post(reverse("ballots:create"), draft(cast))
    poll = Poll.objects.get()
    assert answer.headers["Location"] == url("detail", poll)
    assert len(questions_of(poll)) == 15
    teller = sign_in(cast["deputy"])
    opened = teller.post(url("open", poll))
    passphrase = opened.context["passphrase"]
    assert passphrase.split()[0] in opened.content.decode()
    assert teller.post(url("open", poll)).status_code == 403
    for role in ("secretary", "deputy", "organization", "publicity", "member", "discipline"):
        answer = sign_in(cast[role]).post(url("vote", poll), ballot(poll, grade=1))
        assert answer.headers["Location"] == url("voted", poll), role
    sign_in(cast["secretary"]).post(url("close", poll))
    wrong = teller.post(url("unseal", poll), {"passphrase": "ba ba ba"})
    assert "开票口令不对" in wrong.content.decode()
    teller.post(url("unseal", poll), {"passphrase": passphrase})
    poll.refresh_from_db()
    assert poll.state == PollState.OPENED
    sheet = sign_in(cast["secretary"]).get(url("print", poll)).content.decode()
    assert "好 0 票，较好 6 票" in sheet
    assert "发出 7 张，收回 6 张，有效 6 张，无效 0 张" in sheet
    assert poll.roll_hash in sheet


def test_whoever_closes_is_told_that_too_few_have_voted(cast, sign_in) -> None:
    poll = by_deputy(cast)
    open_poll(poll)
    client = sign_in(cast["deputy"])
    assert "只有 0 人投票，不足 5 张" in client.get(url("close", poll)).content.decode()
    for role in ("secretary", "deputy", "organization", "publicity", "member"):
        cast_vote(poll, cast.members[role])
    assert "不足" not in client.get(url("close", poll)).content.decode()


def test_a_second_submission_says_that_one_has_voted(cast, sign_in) -> None:
    poll = by_deputy(cast)
    open_poll(poll)
    client = sign_in(cast["member"])
    for _ in range(3):
        answer = client.post(url("vote", poll), ballot(poll), follow=True)
        assert "您已经投过票" in answer.content.decode()
    assert SealedBallot.objects.count() == RollEntry.objects.filter(voted=True).count() == 1


def test_everybody_gets_the_same_page_whatever_he_chose(cast, sign_in) -> None:
    poll = by_deputy(cast, with_text=True)
    open_poll(poll)
    sizes = set()
    for role, grade in (("publicity", 0), ("discipline", 4)):
        answer = sign_in(cast[role]).post(
            url("vote", poll), ballot(poll, grade=grade, text="意见" * 30 * grade)
        )
        sizes.add((answer.status_code, len(answer.content), answer.headers["Location"]))
    assert len(sizes) == 1


def test_a_ballot_with_a_gap_comes_back_with_what_was_chosen(cast, sign_in) -> None:
    poll = by_deputy(cast)
    open_poll(poll)
    given = ballot(poll, grade=2)
    given.popitem()
    answer = sign_in(cast["member"]).post(url("vote", poll), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("这一项还没有选") == 2
    assert page.count("checked") == 14


def test_voting_touches_neither_the_trail_nor_the_session(cast, sign_in) -> None:
    poll = by_deputy(cast)
    open_poll(poll)
    client = sign_in(cast["member"])
    before = (Deed.objects.count(), list(Session.objects.values_list("session_data", "expire_date")))
    client.get(url("vote", poll))
    client.post(url("vote", poll), ballot(poll), follow=True)
    assert before == (Deed.objects.count(), list(Session.objects.values_list("session_data", "expire_date")))


def test_the_log_of_requests_leaves_voting_out() -> None:
    def kept(line: str, level: int = logging.INFO) -> bool:
        given = {"msg": '"%s" %s', "args": (line, 302), "levelno": level}
        return bool(LeaveOutQuietPaths().filter(logging.makeLogRecord(given)))

    assert kept("POST /ballots/vote/7/ HTTP/1.1", logging.ERROR)
    assert not kept("POST /ballots/vote/7/ HTTP/1.1")
    assert kept("POST /ballots/7/close/ HTTP/1.1")
    for name in ("django.server", "django.request", "gunicorn.access"):
        assert settings.LOGGING["loggers"][name]["filters"] == ["quiet_paths"]


def test_no_page_tells_a_result_or_who_is_missing_while_the_voting_lasts(cast, sign_in) -> None:
    poll = by_deputy(cast)
    open_poll(poll)
    cast_vote(poll, cast.members["member"], grade=4)
    page = sign_in(cast["deputy"]).get(url("detail", poll)).content.decode()
    assert "1 人" in page
    assert "票，较好" not in page
    assert "褚红" not in page


def test_paper_totals_go_from_one_teller_to_the_other(cast, sign_in) -> None:
    poll = by_deputy(cast, mode=PollMode.PAPER, purpose=PollPurpose.OTHER, words="工作作风")
    open_poll(poll)
    question = questions_of(poll)[0].pk
    sent = {"issued": 7, "returned": 8, "valid": 6, "invalid": 1}
    sent |= {f"n{question}_{place}": number for place, number in enumerate((4, 2, 0, 0, 0))}
    deputy, member = sign_in(cast["deputy"]), sign_in(cast["member"])
    refused = deputy.post(url("enter_totals", poll), sent)
    assert "收回8张，多于发出的7张" in refused.content.decode()
    deputy.post(url("enter_totals", poll), sent | {"returned": 7})
    assert deputy.get(url("confirm_totals", poll)).status_code == 403
    assert "郑明已录入票数，请卫青松登录后" in deputy.get(url("detail", poll)).content.decode()
    fields = {who: who.get(url("enter_totals", poll)).context["form"] for who in (deputy, member)}
    assert [form[f"n{question}_0"].value() for form in fields.values()] == [4, 0]
    assert "好 4，较好 2" in member.get(url("confirm_totals", poll)).content.decode()
    member.post(url("confirm_totals", poll))
    assert "好 4 票，较好 2 票" in deputy.get(url("detail", poll)).content.decode()


def test_the_first_page_of_a_member_asks_for_his_vote_until_he_has_voted(cast, sign_in) -> None:
    poll = by_deputy(cast)
    client = sign_in(cast["member"])
    assert url("vote", poll) not in client.get("/").content.decode()
    open_poll(poll)
    assert url("vote", poll) in client.get("/").content.decode()
    client.post(url("vote", poll), ballot(poll))
    assert url("vote", poll) not in client.get("/").content.decode()


def test_first_pages_tell_how_many_have_voted_and_whose_turn_it_is_but_no_name(cast, sign_in) -> None:
    def told(role: str) -> list[str]:
        context = sign_in(cast[role]).get("/").context
        return [line.words for line in context.get("polls") or context["page"].counts]

    poll = by_deputy(cast)
    assert told("secretary") == told("member") == ["已起草，待计票人或监票人开始投票"]
    open_poll(poll)
    cast_vote(poll, cast.members["publicity"], grade=4)
    assert told("secretary") == told("member") == ["7 人中已投 1 票，11月30日截止"]
    page = sign_in(cast["secretary"]).get("/").content.decode()
    assert f'<a href="{url("vote", poll)}">请您投票</a>' in page
    Poll.objects.filter(pk=poll.pk).update(closes_on="2026-11-19")
    assert told("member") == ["7 人中已投 1 票，已过截止日期，请截止投票"]
    Poll.objects.filter(pk=poll.pk).update(state=PollState.CLOSED)
    assert told("secretary") == ["7 人中已投 1 票，已截止，待计票人或监票人开票"]
    Poll.objects.filter(pk=poll.pk).update(mode=PollMode.PAPER, state=PollState.OPEN)
    assert told("member") == ["纸质票，名册 7 人，投完后由计票人、监票人录入票数"]
    services_count.enter_paper_totals(
        poll=poll,
        numbers={"issued": 7, "returned": 7, "valid": 7, "invalid": 0},
        votes={one.pk: [7, 0, 0, 0, 0] for one in questions_of(poll)},
        teller=poll.teller_one,
        actor=poll.teller_one.person,
    )
    assert told("member") == ["票数已录入一遍，待另一位计票（监票）人核对确认"]
    Poll.objects.filter(pk=poll.pk).update(state=PollState.OPENED)
    assert told("member") == []


def test_a_threshold_below_five_and_one_teller_twice_are_refused_at_the_field(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    low = client.post(reverse("ballots:create"), draft(cast, threshold="4"))
    assert "不能少于 5 张" in low.content.decode()
    same = client.post(reverse("ballots:create"), draft(cast, teller_two=cast.members["deputy"].pk))
    assert "须是两个人" in same.content.decode()
    bare = client.post(reverse("ballots:create"), draft(cast, purpose="motion"))
    assert "一行一项" in bare.content.decode()
    assert not Poll.objects.exists()


@pytest.mark.parametrize("name", ["list", "detail", "vote"])
def test_a_page_costs_the_same_for_one_and_for_many(cast, sign_in, name: str) -> None:
    def cost() -> int:
        client = sign_in(cast["member"])
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    poll = by_deputy(cast)
    open_poll(poll)
    address = LIST if name == "list" else url(name, poll)
    one = cost()
    for _ in range(2):
        open_poll(by_deputy(cast))
    for _ in range(3):
        RollEntry.objects.create(poll=poll, member=factories.make_member(cast.ours))
    assert cost() == one
