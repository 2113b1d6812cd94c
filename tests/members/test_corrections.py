"""A member asks to have his record put right, and gets an answer."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.members.models import CORRECTABLE, CorrectionRequest, CorrectionState, Member
from apps.members.services import FIELDS, update_member
from apps.members.services_corrections import (
    AlreadyAsked,
    NotOpen,
    OwnRequest,
    accept_correction,
    create_correction,
    refuse_correction,
    withdraw_correction,
)
from apps.rules.kinds import PostKind
from apps.ui.refusals import Refusal, Stale
from tests import factories
from tests.conftest import TODAY, Cast
from tests.members.counting import CountQueries
from tests.members.pages import PHONE, SECRETS, SignIn, page

NEW_PHONE = "19955556666"


def asked(member: Member, field: str = "job_title", **words: Any) -> CorrectionRequest:
    given = {"asked": "副主任", "wrong": "", "reason": "任免文件", "actor": member.person, "today": TODAY}
    return create_correction(member=member, field=field, idempotency_key=uuid.uuid4(), **given | words)


def accepted(correction: CorrectionRequest, *, by: User, answer: str = "") -> CorrectionRequest:
    version = correction.version
    return accept_correction(correction=correction, version=version, answer=answer, actor=by, today=TODAY)


def test_everything_that_the_record_form_writes_can_be_asked_for() -> None:
    assert set(CORRECTABLE) == {*FIELDS, "name", "other"}


def test_it_is_to_be_answered_within_fifteen_weekdays(cast: Cast) -> None:
    correction = asked(cast.members["member"])
    assert (correction.asked_on, correction.due_on) == (date(2026, 11, 20), date(2026, 12, 11))


def test_accepting_writes_the_value_into_the_record(cast: Cast) -> None:
    member = cast.members["member"]
    answered = accepted(asked(member), by=cast["secretary"], answer="已核对任免文件。")
    member.refresh_from_db()
    assert member.job_title == "副主任"
    found = (answered.state, answered.answered_by, answered.answered_on, str(answered.answer))
    assert found == (CorrectionState.ACCEPTED, cast["secretary"], TODAY, "已核对任免文件。")


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("work_started_on", date(2001, 7, 1), date(2001, 7, 1)),
        ("is_mobile", True, True),
        ("is_mobile", False, False),
        ("ethnicity", "回族", "回族"),
        ("mobile_phone", NEW_PHONE, NEW_PHONE),
        ("education", "", ""),
    ],
)
def test_each_kind_of_value_arrives_as_it_was_asked_for(cast: Cast, field, value, stored) -> None:
    member = cast.members["member"]
    Member.objects.filter(pk=member.pk).update(is_mobile=not value if field == "is_mobile" else False)
    accepted(asked(member, field, asked=value), by=cast["secretary"])
    member.refresh_from_db()
    assert getattr(member, field) == stored


def test_a_new_name_changes_the_person(cast: Cast) -> None:
    accepted(asked(cast.members["member"], "name", asked="卫劲松"), by=cast["secretary"])
    cast["member"].refresh_from_db()
    assert (cast["member"].name, cast["member"].initials) == ("卫劲松", "wjs")


def test_what_the_record_refuses_is_refused_at_the_field_and_stays_open(cast: Cast) -> None:
    correction = asked(cast.members["member"], "full_since", asked=date(2010, 7, 1))
    with pytest.raises(Refusal) as refused:
        accepted(correction, by=cast["secretary"])
    assert refused.value.field == "asked"
    assert "满一年之后" in refused.value.message
    correction.refresh_from_db()
    assert correction.state == CorrectionState.OPEN


def test_nobody_answers_his_own_request(cast: Cast) -> None:
    correction = asked(cast.members["secretary"])
    with pytest.raises(OwnRequest):
        accepted(correction, by=cast["secretary"])
    with pytest.raises(OwnRequest):
        refuse_correction(
            correction=correction, version=1, answer="不予更正的理由", actor=cast["secretary"], today=TODAY
        )
    accepted(correction, by=cast["organization"])


def test_the_only_keeper_of_a_branch_is_answered_from_above(cast: Cast, sign_in: SignIn) -> None:
    alone = factories.make_secretary(cast.sibling)
    correction = asked(Member.objects.get(person=alone))
    url = reverse("members:correction_accept", args=[correction.pk])
    assert sign_in(alone).get(url).status_code == 403
    assert sign_in(cast["organizer"]).post(url, {"version": 1}).status_code == 302


def test_one_request_a_field_waits_at_a_time(cast: Cast) -> None:
    member = cast.members["member"]
    first = asked(member)
    with pytest.raises(AlreadyAsked):
        asked(member)
    asked(member, "education", asked="大学本科")
    asked(member, "other", asked="十月的会我到了")
    asked(member, "other", asked="九月的会我也到了")
    withdraw_correction(correction=first, actor=member.person)
    asked(member)


def test_the_same_key_asks_once(cast: Cast) -> None:
    member, key = cast.members["member"], uuid.uuid4()
    words = {"asked": "副主任", "wrong": "", "reason": "文件", "actor": member.person, "today": TODAY}
    made = [
        create_correction(member=member, field="job_title", idempotency_key=key, **words) for _ in range(2)
    ]
    assert made[0].pk == made[1].pk


def test_an_answered_request_is_not_answered_again(cast: Cast) -> None:
    correction = asked(cast.members["member"])
    accepted(correction, by=cast["secretary"])
    with pytest.raises(NotOpen):
        accepted(correction, by=cast["organization"])
    with pytest.raises(NotOpen):
        withdraw_correction(correction=correction, actor=cast["member"])


def test_another_version_is_stale(cast: Cast) -> None:
    correction = asked(cast.members["member"])
    with pytest.raises(Stale):
        accept_correction(correction=correction, version=7, answer="", actor=cast["secretary"], today=TODAY)


def test_what_stands_elsewhere_is_put_right_there_and_the_answer_says_how(cast: Cast) -> None:
    correction = asked(cast.members["member"], "other", asked="十月的会我到了")
    with pytest.raises(Refusal, match="怎样更正"):
        accepted(correction, by=cast["secretary"])
    accepted(correction, by=cast["secretary"], answer="已在十月党员大会写更正。")


def test_a_refusal_needs_its_reason(cast: Cast, sign_in: SignIn) -> None:
    correction = asked(cast.members["member"])
    client = sign_in(cast["secretary"])
    url = reverse("members:correction_refuse", args=[correction.pk])
    answer = client.post(url, {"answer": "不行", "version": 1})
    assert answer.status_code == 422
    assert "请写明事由" in answer.content.decode()
    assert client.post(url, {"answer": "任免文件上是科员。", "version": 1}).status_code == 302
    words = page(sign_in(cast["member"]), "correction_detail", correction.pk)
    assert "任免文件上是科员。" in words
    assert "未采纳" in words


def test_the_trail_names_the_field_and_no_value(cast: Cast) -> None:
    correction = asked(cast.members["member"], "mobile_phone", asked=NEW_PHONE, wrong="旧号 19912340000")
    accepted(correction, by=cast["secretary"], answer="已核对，" + NEW_PHONE)
    deeds = Deed.objects.filter(action__startswith="correction.").order_by("pk")
    assert [(deed.action, deed.object_label) for deed in deeds] == [
        ("correction.asked", "更正手机"),
        ("correction.accepted", "更正手机"),
    ]
    whole = str(list(Deed.objects.values()))
    assert NEW_PHONE not in whole
    assert "19912340000" not in whole


def test_what_is_written_is_encrypted(cast: Cast) -> None:
    asked(cast.members["member"], "address", asked="青川镇新居路八号", wrong="搬了家", reason="户口簿")
    columns = CorrectionRequest.objects.values("asked", "wrong", "reason").get()
    stored = b"".join(bytes(value) for value in columns.values())
    for words in ("青川镇新居路八号", "搬了家", "户口簿"):
        assert words.encode() not in stored


def test_numbers_are_masked_to_those_who_answer_and_clear_to_the_member(
    cast: Cast, known: Member, sign_in: SignIn
) -> None:
    correction = asked(known, "mobile_phone", asked=NEW_PHONE, wrong=f"{PHONE} 停用了", reason="换号")
    own = page(sign_in(cast["member"]), "correction_detail", correction.pk)
    assert NEW_PHONE in own
    assert PHONE in own
    for role in ("secretary", "deputy", "organizer"):
        words = page(sign_in(cast[role]), "correction_detail", correction.pk)
        assert not [number for number in (NEW_PHONE, *SECRETS) if number in words], role


def test_reading_the_number_in_clear_stands_in_the_members_trail(cast: Cast, sign_in: SignIn) -> None:
    member = cast.members["member"]
    correction = asked(member, "mobile_phone", asked=NEW_PHONE)
    url = reverse("members:correction_reveal", args=[correction.pk])
    assert NEW_PHONE in sign_in(cast["secretary"]).post(url).content.decode()
    deed = Deed.objects.get(action="member.revealed")
    assert (deed.object_id, deed.actor, deed.changes[0]["field"]) == (
        member.pk,
        cast["secretary"],
        "mobile_phone",
    )


def test_the_deputy_refuses_but_does_not_accept_numbers(cast: Cast, sign_in: SignIn) -> None:
    number = asked(cast.members["member"], "mobile_phone", asked=NEW_PHONE)
    client = sign_in(cast["deputy"])
    assert client.get(reverse("members:correction_accept", args=[number.pk])).status_code == 403
    assert client.get(reverse("members:correction_refuse", args=[number.pk])).status_code == 200
    title = asked(cast.members["member"])
    assert client.get(reverse("members:correction_accept", args=[title.pk])).status_code == 200


def ask_by_page(client: Client, field: str, **words: str) -> Any:
    data = {"reason": "身份证", "wrong": "", "idempotency_key": str(uuid.uuid4()), **words}
    return client.post(f"{reverse('members:correction_create')}?field={field}", data)


def test_the_member_chooses_a_field_and_writes_what_it_should_say(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["member"])
    choice = page(client, "correction_create")
    assert [name for name in CORRECTABLE if f"?field={name}" not in choice] == []
    answer = ask_by_page(client, "native_place", asked="白石镇")
    assert answer.headers["Location"] == reverse("workbench:mine")
    assert str(CorrectionRequest.objects.get().asked) == "白石镇"


@pytest.mark.parametrize("field", CORRECTABLE)
def test_each_field_has_its_form(cast: Cast, known: Member, sign_in: SignIn, field: str) -> None:
    words = page(sign_in(cast["member"]), "correction_create", field=field)
    assert 'name="asked"' in words


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("id_number", "999901199001011111"),
        ("mobile_phone", "123"),
        ("born_on", "昨天"),
        ("sex", "其他"),
        ("name", ""),
        ("job_title", "长" * 60),
    ],
)
def test_a_value_the_record_could_not_hold_is_refused_at_once(cast: Cast, sign_in, field, typed) -> None:
    answer = ask_by_page(sign_in(cast["member"]), field, asked=typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors["asked"]
    assert not CorrectionRequest.objects.exists()


def test_wu_strikes_out_what_is_recorded(cast: Cast, sign_in: SignIn) -> None:
    ask_by_page(sign_in(cast["member"]), "degree", asked="无")
    correction = CorrectionRequest.objects.get()
    assert str(correction.asked) == ""
    assert "删去现登记的内容" in page(sign_in(cast["secretary"]), "correction_detail", correction.pk)


def test_a_record_changed_meanwhile_is_no_obstacle(cast: Cast) -> None:
    member = cast.members["member"]
    correction = asked(member)
    update_member(
        member=member, version=member.version, actor=cast["secretary"], today=TODAY, job_title="副主任"
    )
    before = lock_version(member)
    accepted(correction, by=cast["secretary"])
    assert lock_version(member) == before


def lock_version(member: Member) -> int:
    return Member.objects.get(pk=member.pk).version


def test_the_first_page_of_a_keeper_tells_how_many_wait(cast: Cast, sign_in: SignIn) -> None:
    asked(cast.members["member"])
    asked(cast.members["secretary"])
    assert "1 份申请待答复" in sign_in(cast["secretary"]).get("/").content.decode()
    assert "2 份申请待答复" in sign_in(cast["organization"]).get("/").content.decode()
    assert "份申请待答复" not in sign_in(cast["publicity"]).get("/").content.decode()


def test_the_list_shows_open_requests_first_due_first(cast: Cast, sign_in: SignIn) -> None:
    late = asked(cast.members["member"], today=date(2026, 10, 1))
    asked(cast.members["secretary"])
    done = asked(cast.members["group_leader"])
    accepted(done, by=cast["secretary"])
    client = sign_in(cast["organization"])
    rows = client.get(reverse("members:correction_list")).context["rows"]
    assert [row.member.person.name for row in rows] == ["卫青松", "吴向前"]
    words = page(client, "correction_list", state="late")
    assert "超期 29 天" in words
    assert str(late.pk) in words
    assert "褚红" in page(client, "correction_list", state="accepted")


def test_the_list_costs_the_same_for_three_as_for_one(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast["secretary"]), reverse("members:correction_list")
    asked(cast.members["member"])
    client.get(url)
    with CountQueries() as one:
        client.get(url)
    asked(cast.members["group_leader"])
    asked(cast.members["publicity"])
    with CountQueries() as three:
        client.get(url)
    assert len(one) == len(three)


def test_a_member_who_has_moved_is_answered_by_his_new_branch(cast: Cast, sign_in: SignIn) -> None:
    member = cast.members["member"]
    correction = asked(member)
    factories.make_post(moved := factories.make_user(username="new"), cast.sibling, PostKind.SECRETARY)
    Member.objects.filter(pk=member.pk).update(branch=cast.sibling, group=None, path=cast.sibling.path)
    url = reverse("members:correction_detail", args=[correction.pk])
    assert sign_in(moved).get(url).status_code == 200
    assert sign_in(cast["secretary"]).get(url).status_code == 404


def test_bytes_of_another_request_are_shown_as_damaged_and_not_carried_out(
    cast: Cast, sign_in: SignIn
) -> None:
    correction = asked(cast.members["member"], "born_on", asked=date(1980, 5, 18))
    other = factories.make_member(cast.ours)
    elsewhere = asked(other, "born_on", asked=date(1980, 5, 18))
    swapped = CorrectionRequest.objects.filter(pk=elsewhere.pk).values_list("asked", flat=True).get()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE members_correctionrequest SET asked = %s WHERE id = %s", [swapped, correction.pk]
        )
    client = sign_in(cast["secretary"])
    assert "数据校验未通过" in page(client, "correction_detail", correction.pk)
    answer = client.post(reverse("members:correction_accept", args=[correction.pk]), {"version": 1})
    assert answer.status_code == 422
    assert "暂时无法读取" in answer.content.decode()
