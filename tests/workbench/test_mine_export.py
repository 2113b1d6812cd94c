"""All that is stored about a person, as data and as a document: all of his, nothing of anyone else's."""

from __future__ import annotations

import json
import uuid
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.meetings.models import AgendaItem, Opinion
from apps.members.models import Member
from apps.members.services import reveal_field
from apps.members.services_corrections import create_correction, refuse_correction
from apps.tasks.models import TaskNote
from apps.ui.docx import chinese
from apps.workbench.queries_mine import parts_of, subject_of
from apps.workbench.services_mine import Form, as_data, as_document, gather
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.factories import PASSWORD
from tests.ui.documents import lines_of

EXPORT = reverse("workbench:mine_export")
PEOPLE = 50
HOSTILE = "甲&乙<b>{{ 1 }}𠮷😀\"'"


def canary(kind: str, number: int) -> str:
    return f"{kind}·{number:03d}·"


TEXTS = (
    "ethnicity native_place id_number education degree work_unit job_title mobile_phone landline address "
    "state_note mobile_place care_note remark"
).split()
WRITTEN = "name absent said task result progress asked wrong because answer reason posted".split()


def plant(cast: Cast, number: int) -> Member:
    """A member whose every field, and whatever he said or was told, bears his number."""
    mark = {name: canary(name, number) for name in (*TEXTS, *WRITTEN)}
    person = factories.make_user(mark["name"])
    member = factories.make_member(cast.ours, person=person, **{name: mark[name] for name in TEXTS})
    factories.make_post(person, cast.ours, "publicity", ends_on=TODAY, note=mark["posted"])
    factories.make_attendance(cast.sitting, member, status="sick_leave", reason=mark["absent"])
    Opinion.objects.create(item=cast.item, member=member, text=mark["said"])
    task = factories.make_task(
        cast.ours,
        title=mark["task"],
        detail=canary("detail", number - 1),
        result=mark["result"],
        owner=person,
        created_by=cast.before,
    )
    TaskNote.objects.create(task=task, written_by=person, written_at=NOW, text=mark["progress"])
    correction = create_correction(
        member=member,
        field="other",
        asked=mark["asked"],
        wrong=mark["wrong"],
        reason=mark["because"],
        actor=person,
        today=TODAY,
        idempotency_key=uuid.uuid4(),
    )
    refuse_correction(
        correction=correction, version=1, answer=mark["answer"], actor=cast["secretary"], today=TODAY
    )
    reveal_field(member=member, field="address", reason=mark["reason"], actor=cast["secretary"])
    cast.before = person
    return member


@pytest.fixture
def planted(cast: Cast) -> list[Member]:
    cast.sitting = factories.make_meeting(cast.ours)
    cast.item = AgendaItem.objects.create(meeting=cast.sitting, position=1, title="议题")
    cast.before = cast["secretary"]
    return [plant(cast, number) for number in range(PEOPLE)]


def own_canaries(number: int) -> set[str]:
    """All of one's own, and the demand that one wrote on the next one's task."""
    kinds = [*TEXTS, *WRITTEN] + (["detail"] if number < PEOPLE - 1 else [])
    return {canary(kind, number) for kind in kinds}


def test_all_canaries_of_ones_own_and_none_of_anyone_elses(planted: list[Member]) -> None:
    everything = {mark for number in range(PEOPLE) for mark in own_canaries(number)}
    # Of a task that one entered for another, the title is one's own words as well.
    for number, member in enumerate(planted):
        export = gather(person=member.person, form=Form.BOTH, now=NOW)
        entered = {canary("task", number + 1)} if number < PEOPLE - 1 else set()
        with ZipFile(BytesIO(as_document(export))) as package:
            document = "\n".join(lines_of(package))
        for text in (as_data(export), document):
            found = {mark for mark in everything if mark in text}
            assert found == own_canaries(number) | entered


def test_the_looks_of_the_export_are_those_of_the_trail(planted: list[Member]) -> None:
    for member in planted[:5]:
        parts = {part.key: part for part in parts_of(subject_of(member.person, today=TODAY))}
        looks = Deed.objects.filter(action="member.revealed", object_id=member.pk)
        assert [row[0] for row in parts["looks"].rows] == list(looks.values_list("at", flat=True))


def test_the_answer_of_the_secretary_is_no_part_of_his_own_export(cast: Cast, planted: list[Member]) -> None:
    text = as_data(gather(person=cast["secretary"], form=Form.DATA, now=NOW))
    assert canary("answer", 3) not in text
    assert canary("address", 3) not in text
    assert canary("name", 3) not in text
    handled = json.loads(text)["parts"]["handled"]["rows"]
    assert handled[0] == {"kind": "答复更正申请", "what": "其他内容", "on": "2026-11-20", "state": "未采纳"}


def download(client: Client, form: str, password: str = PASSWORD) -> Any:
    return client.post(EXPORT, {"form": form, "password": password})


def test_the_data_have_english_keys_and_chinese_labels(cast: Cast, sign_in) -> None:
    member = cast.members["member"]
    member.id_number, member.remark = "999901199001011239", HOSTILE
    member.save()
    answer = download(sign_in(cast["member"]), "json")
    assert answer["Content-Type"] == "application/json"
    assert ".json" in answer["Content-Disposition"]
    whole = json.loads(answer.content)
    facts = whole["parts"]["record"]["facts"]
    assert facts["id_number"] == {"label": "身份证号", "value": "999901199001011239"}
    assert facts["status"] == {"label": "人员类别", "value": "正式党员"}
    assert facts["admitted_on"]["value"] == "2010-06-20"
    assert facts["remark"]["value"] == HOSTILE
    assert whole["parts"]["account"]["facts"]["username"]["value"] == "member"


def test_no_password_no_key_and_no_machinery_are_taken_out(cast: Cast, sign_in) -> None:
    text = download(sign_in(cast["member"]), "json").content.decode()
    facts = json.loads(text)["parts"]
    keys = {*facts["account"]["facts"], *facts["record"]["facts"]}
    assert keys.isdisjoint({"password", "id_index", "vault_id", "idempotency_key", "path", "reset_untold"})
    assert User.objects.get(username="member").password not in text


def test_every_column_of_the_record_is_taken_out(cast: Cast, sign_in) -> None:
    facts = json.loads(download(sign_in(cast["member"]), "json").content)["parts"]["record"]["facts"]
    internal = {"id", "vault_id", "id_index", "path", "version", "idempotency_key", "person"}
    assert {*facts} == {field.name for field in Member._meta.concrete_fields} - internal | {"name"}


def test_the_document_reads_and_survives_what_people_type(cast: Cast, sign_in) -> None:
    member = cast.members["member"]
    member.remark, member.work_unit = HOSTILE, "镇\x07政府"
    member.save()
    answer = download(sign_in(cast["member"]), "docx")
    with ZipFile(BytesIO(answer.content)) as package:
        lines = lines_of(package)
        assert lines_of(package, "word/header1.xml") == ["卫青松　2026-11-20"]
    assert lines[:3] == [
        "个人信息",
        "本文件由系统按本人要求导出，含本人身份证号、谈话内容等信息，请妥善保管。",
        "一、党员档案",
    ]
    assert HOSTILE in lines
    assert "镇政府" in lines


def test_a_request_with_many_columns_reads_as_a_form_of_its_own(cast: Cast, planted: list[Member]) -> None:
    export = gather(person=planted[0].person, form=Form.DOCUMENT, now=NOW)
    with ZipFile(BytesIO(as_document(export))) as package:
        lines = lines_of(package)
    form = lines[lines.index("第 1 件") + 1 :][:6]
    assert form == [
        "更正项目",
        "其他内容",
        "应改为",
        canary("asked", 0),
        "哪里不对",
        canary("wrong", 0),
    ]


def test_both_come_in_one_archive(cast: Cast, sign_in) -> None:
    answer = download(sign_in(cast["member"]), "zip")
    with ZipFile(BytesIO(answer.content)) as package:
        assert sorted(package.namelist()) == [
            "卫青松的个人信息 2026-11-20.docx",
            "卫青松的个人信息 2026-11-20.json",
        ]


def test_a_wrong_password_takes_nothing_out_and_stands_in_the_trail(cast: Cast, sign_in) -> None:
    answer = download(sign_in(cast["member"]), "docx", "不对的密码一二三")
    assert answer.status_code == 422
    assert "密码不正确。" in answer.content.decode()
    assert list(Deed.objects.values_list("action", flat=True)) == ["account.sign_in_failed"]


def test_guessing_is_stopped_as_at_the_sign_in(cast: Cast, sign_in) -> None:
    client = sign_in(cast["member"])
    for _ in range(5):
        last = download(client, "json", "不对的密码一二三")
    assert last.status_code == 429
    assert download(client, "json").status_code == 429
    assert not Deed.objects.filter(action="mine.exported").exists()


def test_taking_out_is_a_deed_that_the_export_itself_tells_of(cast: Cast, sign_in) -> None:
    whole = json.loads(download(sign_in(cast["member"]), "json").content)
    deed = Deed.objects.get(action="mine.exported")
    assert (deed.actor, deed.object_id) == (cast["member"], cast["member"].pk)
    assert whole["parts"]["deeds_about"]["rows"][-1]["action"] == "导出本人的全部信息"


@pytest.mark.parametrize("role", ["organizer", "operator", "auditor", "former_secretary"])
@pytest.mark.parametrize("form", ["docx", "json", "zip"])
def test_people_without_a_record_take_out_what_there_is(cast: Cast, sign_in, role: str, form: str) -> None:
    assert download(sign_in(cast[role]), form).status_code == 200


def test_headings_count_as_offices_do() -> None:
    words = {1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 21: "二十一"}
    assert {number: chinese(number) for number in words} == words
