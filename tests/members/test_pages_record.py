"""Keeping one record through the pages."""

from __future__ import annotations

import uuid
from datetime import date

from django.urls import reverse

from apps.audit.models import Deed
from apps.members.models import Member
from tests import factories
from tests.conftest import TODAY, Cast
from tests.members.counting import CountQueries
from tests.members.pages import ADDRESS, PHONE, SignIn, page
from tests.members.rosters import id_number


def test_the_page_costs_the_same_for_one_and_three_posts(cast: Cast, sign_in: SignIn, known: Member) -> None:
    client = sign_in(cast["secretary"])
    url = reverse("members:detail", args=[known.pk])
    client.get(url)
    with CountQueries() as before:
        client.get(url)
    for _ in range(3):
        factories.make_member(cast.ours)
        client.post(reverse("members:verify", args=[known.pk]))
    client.get(url)
    with CountQueries() as after:
        client.get(url)
    assert len(after) == len(before)


def test_somebody_without_a_record_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    assert "系统里还没有您的党员信息" in page(sign_in(cast["organizer"]), "me")


def test_out_of_reach_is_not_found_and_in_reach_without_right_is_forbidden(
    cast: Cast, sign_in: SignIn, known: Member
) -> None:
    names = ("update", "change_state", "set_exemption", "set_vote_exception", "set_election_exclusion")
    for name in names:
        url = reverse(f"members:{name}", args=[known.pk])
        assert sign_in(cast["stranger_secretary"]).get(url).status_code == 404
        assert sign_in(cast["publicity"]).get(url).status_code == 403
        assert sign_in(cast["secretary"]).get(url).status_code == 200


def test_a_member_is_entered(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["secretary"])
    data = {
        "name": "林 晓",
        "branch": cast.ours.pk,
        "group": cast.group.pk,
        "status": "full",
        "admitted_on": "2010-06-20",
        "full_since": "2011-06-20",
        "id_number": id_number(),
        "mobile_phone": PHONE,
        "idempotency_key": str(uuid.uuid4()),
    }
    first = client.post(reverse("members:create"), data)
    again = client.post(reverse("members:create"), data)
    member = Member.objects.get(person__name="林晓")
    assert first.url == again.url == reverse("members:detail", args=[member.pk])
    assert (str(member.mobile_phone), member.group) == (PHONE, cast.group)


def test_nobody_enters_members_in_another_branch(cast: Cast, sign_in: SignIn) -> None:
    data = {"name": "林晓", "branch": cast.sibling.pk, "status": "full", "idempotency_key": str(uuid.uuid4())}
    response = sign_in(cast["secretary"]).post(reverse("members:create"), data)
    assert (response.status_code, Member.objects.filter(person__name="林晓").count()) == (422, 0)
    assert sign_in(cast["deputy"]).post(reverse("members:create"), data).status_code == 403


def test_extra_fields_of_a_form_are_not_written(cast: Cast, sign_in: SignIn, known: Member) -> None:
    data = {
        "name": "卫青松",
        "status": "full",
        "admitted_on": "2010-06-20",
        "version": known.version,
        "state": "died",
        "verified_on": "2026-01-01",
        "path": cast.elsewhere.path,
        "branch": cast.elsewhere.pk,
        "person": cast["publicity"].pk,
        "vote_exception": "detained",
        "exempt_reason": "age",
        "id_index": "x",
    }
    response = sign_in(cast["secretary"]).post(reverse("members:update", args=[known.pk]), data)
    assert response.status_code == 302
    after = Member.objects.get(pk=known.pk)
    kept = (
        "state",
        "verified_on",
        "branch_id",
        "person_id",
        "vote_exception",
        "exempt_reason",
        "id_index",
    )
    assert {name: getattr(after, name) for name in kept} == {name: getattr(known, name) for name in kept}
    assert (after.version, after.path) == (2, cast.ours.path)


def test_blank_numbers_stay_and_the_word_clears(cast: Cast, sign_in: SignIn, known: Member) -> None:
    data = {"name": "卫青松", "status": "full", "version": 1, "landline": "无", "address": ""}
    client = sign_in(cast["secretary"])
    assert client.post(reverse("members:update", args=[known.pk]), data).status_code == 302
    after = Member.objects.get(pk=known.pk)
    secrets = [str(getattr(after, name)) for name in ("id_number", "mobile_phone", "landline", "address")]
    assert secrets == [id_number(), PHONE, "", ADDRESS]


def test_an_ethnicity_is_read_as_in_a_roster(cast: Cast, sign_in: SignIn, known: Member) -> None:
    """What the form takes, the export writes and the import must take again."""
    client, url = sign_in(cast["secretary"]), reverse("members:update", args=[known.pk])
    data = {"name": "卫青松", "status": "full", "version": 1}
    refused = client.post(url, {**data, "ethnicity": "=1+1"})
    assert (refused.status_code, "不是民族名称" in refused.content.decode()) == (422, True)
    assert client.post(url, {**data, "ethnicity": "回"}).status_code == 302
    known.refresh_from_db()
    assert known.ethnicity == "回族"


def test_a_stale_save_shows_both_texts_and_loses_neither(cast: Cast, sign_in: SignIn, known: Member) -> None:
    client = sign_in(cast["secretary"])
    url = reverse("members:update", args=[known.pk])
    data = {"name": "卫青松", "status": "full", "admitted_on": "2010-06-20", "full_since": "2011-06-20"}
    Member.objects.filter(pk=known.pk).update(education="大专", version=2)
    response = client.post(url, {**data, "version": 1, "education": "高中", "joined_on": "2015-07-01"})
    assert response.status_code == 422
    assert ("学历", "大专", "高中") in response.context["conflicts"]
    text = response.content.decode()
    assert 'name="version" value="2"' in text
    assert "两份内容的不同之处" in text
    assert Member.objects.get(pk=known.pk).education == "大专"
    assert client.post(url, {**data, "version": 2, "education": "高中"}).status_code == 302
    assert Member.objects.get(pk=known.pk).education == "高中"


def test_decisions_are_entered_through_their_forms(cast: Cast, sign_in: SignIn, known: Member) -> None:
    client = sign_in(cast["secretary"])
    posts = {
        "set_exemption": {"exempt_reason": "age", "exempt_decided_on": "2026-11-02"},
        "set_vote_exception": {
            "vote_exception": "detained",
            "vote_exception_from": "2026-11-01",
            "reason": "办案机关通知",
        },
        "set_election_exclusion": {"election_exclusion": "abroad", "exclusion_approved_on": "2026-11-01"},
        "change_state": {"state": "suspended", "since": "2026-11-03", "reason": "经上级党委批准"},
    }
    for version, (name, data) in enumerate(posts.items(), start=1):
        url = reverse(f"members:{name}", args=[known.pk])
        response = client.post(url, {**data, "version": version})
        assert response.status_code == 302, (name, response.context["form"].errors)
    after = Member.objects.get(pk=known.pk)
    assert (after.exempt_reason, after.vote_exception, after.election_exclusion, after.state) == (
        "age",
        "detained",
        "abroad",
        "suspended",
    )
    assert "停止党籍" in page(client, "detail", known.pk)
    assert "经上级党委批准" in page(client, "history", known.pk)


def test_a_number_is_shown_once_after_a_reason(cast: Cast, sign_in: SignIn, known: Member) -> None:
    client = sign_in(cast["secretary"])
    url = reverse("members:reveal", args=[known.pk, "id_number"])
    assert id_number() not in client.get(url).content.decode()
    short = client.post(url, {"reason": "看看"})
    assert (short.status_code, id_number() in short.content.decode()) == (422, False)
    response = client.post(url, {"reason": "核对转接介绍信"})
    assert id_number() in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert id_number() not in client.get(url).content.decode()
    assert Deed.objects.filter(action="member.revealed").count() == 1
    assert client.get(reverse("members:reveal", args=[known.pk, "version"])).status_code == 404
    for role, status in (("deputy", 403), ("publicity", 403), ("stranger_secretary", 404)):
        assert sign_in(cast[role]).post(url, {"reason": "核对转接介绍信"}).status_code == status


def test_the_member_sees_who_looked(cast: Cast, sign_in: SignIn, known: Member) -> None:
    url = reverse("members:reveal", args=[known.pk, "mobile_phone"])
    sign_in(cast["secretary"]).post(url, {"reason": "通知参加会议"})
    text = page(sign_in(cast["member"]), "history", known.pk)
    assert "通知参加会议" in text
    assert "吴向前" in text


def test_verifying_is_a_post(cast: Cast, sign_in: SignIn, known: Member) -> None:
    client = sign_in(cast["deputy"])
    url = reverse("members:verify", args=[known.pk])
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    assert Member.objects.get(pk=known.pk).verified_on == TODAY


def test_the_secretary_ticks_and_chooses(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["secretary"])
    url = reverse("members:assign_group")
    assert "第一小组" in client.get(url).content.decode()
    chosen = [cast.members["deputy"].pk, cast.members["discipline"].pk]
    response = client.post(url, {"members": chosen, "group": cast.group.pk})
    assert response.status_code == 302
    assert set(Member.objects.filter(group=cast.group).values_list("person__name", flat=True)) == {
        "褚红",
        "卫青松",
        "郑明",
        "陈静",
    }


def test_the_organizer_first_chooses_a_branch(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    assert "机关二支部" in page(client, "assign_group")
    assert "蒋立" in page(client, "assign_group", branch=cast.sibling.pk)
    for wrong in (cast.elsewhere.pk, "x", "9" * 30):
        assert client.get(reverse("members:assign_group"), {"branch": wrong}).status_code == 404


def test_members_of_another_branch_cannot_be_slipped_in(cast: Cast, sign_in: SignIn) -> None:
    data = {"members": [cast.members["sibling_member"].pk], "group": cast.group.pk}
    response = sign_in(cast["secretary"]).post(reverse("members:assign_group"), data)
    assert response.status_code == 422
    assert Member.objects.get(pk=cast.members["sibling_member"].pk).group is None


def test_the_reader_of_dates_in_forms_is_the_calendar_of_the_browser(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast["secretary"]), "update", cast.members["member"].pk)
    assert 'type="date"' in text
    assert 'value="2010-06-20"' in text
    assert date(2010, 6, 20) == cast.members["member"].admitted_on
