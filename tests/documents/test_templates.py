"""A committee's own forms: tried before they hold, one version after the other, the nearest committee's
wins, and one that fails never stops a document."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.audit.models import Deed
from apps.branches.models import Organization
from apps.documents import services_templates, template_file, template_filler
from apps.documents.facts_fields import values_of
from apps.documents.facts_papers import basics_paper, plan_paper, rectification_paper
from apps.documents.facts_samples import sample_of
from apps.documents.facts_sitting import minutes_paper, notice_paper, sign_in_paper
from apps.documents.models import TemplateState, UnitTemplate
from apps.documents.queries import Paper, Wanted
from apps.documents.queries_templates import template_for
from apps.documents.template_fields import FIELDS, TemplateKind
from apps.meetings.models import Meeting
from apps.meetings.queries import whole
from apps.rules.kinds import OrgKind, PostKind
from apps.ui.docx import document_bytes
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.documents.templates import paragraphs, posted, template_of
from tests.documents.test_sitting_papers import sitting
from tests.plans.makers import make_item, make_plan

LIST = "/documents/templates/"
NEW = "/documents/templates/new/"


@pytest.fixture
def organizer(cast: Cast, sign_in) -> Client:
    return sign_in(cast["organizer"])


def brought(client: Client, organization: Organization, *lines: str, kind: str = "minutes") -> UnitTemplate:
    answer = client.post(NEW, posted(organization, kind, template_of(*lines)))
    assert answer.status_code == 302, answer.content.decode()
    return UnitTemplate.objects.latest("pk")


def minutes_of(client: Client, meeting: Meeting) -> list[str]:
    return paragraphs(client.post(f"/documents/meetings/{meeting.pk}/minutes/").content)


def papers(cast: Cast) -> dict[str, Paper]:
    meeting = whole(Meeting.objects.filter(pk=sitting(cast).pk)).get()
    plan = make_plan(cast.ours, created_by=cast["secretary"])
    make_item(plan)
    factories.make_rectification(cast.ours)
    wanted = Wanted(branch=cast.ours, year=2026, reader=cast["secretary"], today=TODAY)
    made = [minutes_paper(meeting), notice_paper(meeting, today=TODAY), sign_in_paper(meeting)]
    made += [plan_paper(plan), rectification_paper(wanted), basics_paper(wanted)]
    return {paper.form: replace(paper, blocks=list(paper.blocks)) for paper in made}


def plain(value: Any) -> bool:
    """Texts, lists and dicts of them, of exactly these types: nothing that a template could call."""
    if type(value) is dict:
        return all(type(name) is str and plain(one) for name, one in value.items())
    return type(value) is str or (type(value) is list and all(plain(one) for one in value))


def test_every_kind_is_filled_with_plain_words_under_the_names_of_its_page(cast: Cast) -> None:
    found = papers(cast)
    assert set(found) == set(TemplateKind)
    for kind, paper in found.items():
        values = values_of(paper)
        assert plain(values), kind
        assert list(values) == [field.name for field in FIELDS[TemplateKind(kind)]]
        for field in FIELDS[TemplateKind(kind)]:
            if field.parts:
                assert values[field.name], (kind, field.name)
                assert {part.name for part in field.parts} == set(values[field.name][0])


def test_the_words_of_a_record_are_those_of_our_own_form(cast: Cast) -> None:
    values = values_of(papers(cast)["minutes"])
    assert (values["标题"], values["会议名称"], values["状态"]) == ("党员大会会议记录", "十月党员大会", "")
    assert (values["时间"], values["地点"]) == ("2026年10月15日 09:00—10:30", "会议室")
    assert (values["应到"], values["出席"], values["缺席及原因"]) == (
        "2 人",
        "吴向前",
        "卫青松（病假，感冒）",
    )
    [item] = values["议题"]
    assert item["讨论"] == "第一段\n第二段\n郑明：应当再议"
    assert (item["决议"], item["落实"], item["表决"]) == ("同意", "无", [])


def test_the_sign_in_sheet_names_everybody_and_no_spare_line(cast: Cast) -> None:
    names = [line["姓名"] for line in values_of(papers(cast)["sign_in"])["名单"]]
    assert len(names) == 7
    assert "卫青松" in names


def test_a_sample_can_be_uploaded_and_holds_from_then_on(cast: Cast, organizer: Client, sign_in) -> None:
    for kind in TemplateKind:
        answer = organizer.get(f"/documents/templates/fields/{kind}/sample/")
        assert answer.content == document_bytes(sample_of(kind))
    data = posted(cast.committee, "minutes", document_bytes(sample_of(TemplateKind.MINUTES)))
    assert organizer.post(NEW, data).status_code == 302
    lines = minutes_of(sign_in(cast["secretary"]), sitting(cast))
    assert lines[0] == "党员大会会议记录"
    assert "汇报人：吴向前" in lines


def test_each_upload_is_a_version_and_one_of_them_holds(cast: Cast, organizer: Client, sign_in) -> None:
    meeting, secretary = sitting(cast), sign_in(cast["secretary"])
    first = brought(organizer, cast.committee, "第一版 {{ 地点 }}")
    second = brought(organizer, cast.committee, "第二版 {{ 地点 }}")
    assert minutes_of(secretary, meeting) == ["党员大会会议记录", "第二版 会议室"]
    assert organizer.post(f"{LIST}{first.pk}/use/").status_code == 302
    assert minutes_of(secretary, meeting) == ["党员大会会议记录", "第一版 会议室"]
    assert organizer.post(f"{LIST}{first.pk}/withdraw/").status_code == 302
    assert "讨论年度计划" in "".join(minutes_of(secretary, meeting))
    states = {row.number: row.state for row in UnitTemplate.objects.all()}
    assert states == {1: TemplateState.WITHDRAWN, 2: TemplateState.EARLIER}
    assert second.number == 2
    page = organizer.get(LIST).content.decode()
    assert page.index("<strong>第 2 版") < page.index("<strong>第 1 版")
    actions = list(
        Deed.objects.filter(action__startswith="template.").order_by("number").values_list("action")
    )
    assert [action for (action,) in actions] == [
        "template.uploaded", "template.uploaded", "template.used", "template.withdrawn",
    ]  # fmt: skip


def test_the_same_upload_sent_twice_is_one_version(cast: Cast, organizer: Client) -> None:
    data = posted(cast.committee, "minutes", template_of("{{ 地点 }}"))
    for _ in range(2):
        data["file"].seek(0)
        organizer.post(NEW, data)
    assert UnitTemplate.objects.count() == 1


def test_a_step_that_was_taken_already_is_refused_in_words(cast: Cast, organizer: Client) -> None:
    template = brought(organizer, cast.committee, "{{ 地点 }}")
    answer = organizer.post(f"{LIST}{template.pk}/use/", follow=True)
    assert "这一版的状态已经变了" in answer.content.decode()
    organizer.post(f"{LIST}{template.pk}/withdraw/")
    answer = organizer.post(f"{LIST}{template.pk}/withdraw/", follow=True)
    assert "这一版的状态已经变了" in answer.content.decode()


def test_the_nearest_committee_wins(cast: Cast, organizer: Client) -> None:
    general = factories.make_organization(OrgKind.GENERAL_BRANCH, parent=cast.committee, name="机关党总支")
    below = factories.make_organization(parent=general, name="总支下的支部")
    wide = brought(organizer, cast.committee, "党委 {{ 地点 }}")
    near = brought(organizer, general, "总支 {{ 地点 }}")
    assert template_for(below.path, kind="minutes") == near
    assert template_for(cast.ours.path, kind="minutes") == wide
    assert template_for(cast.elsewhere.path, kind="minutes") is None
    assert template_for(below.path, kind="notice") is None


def test_the_path_of_a_file_is_random_and_the_download_is_what_was_brought(
    cast: Cast, organizer: Client
) -> None:
    content = template_of("{{ 地点 }}")
    organizer.post(NEW, posted(cast.committee, "minutes", content, name="../../镇党委&样式.docx"))
    template = UnitTemplate.objects.get()
    assert template.file_name == "镇党委&样式.docx"
    assert "镇党委" not in template.stored_as
    answer = organizer.get(f"{LIST}{template.pk}/file/")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (template_of("{{ 会场 }}"), "a.docx", "模板里有系统不认识的栏目：会场"),
        (template_of("没有栏目", title="记录"), "a.docx", "模板里一个栏目也没有"),
        (template_of("{% if 地点 %}"), "a.docx", "标记写得不对"),
        (b"PK broken", "a.docx", "文件已损坏"),
        (b"", "a.docx", "文件是空的"),
        (b"x", "a.doc", "旧版 .doc 文件"),
        (b"x", "a.xlsx", "只收 .docx 文件"),
        (bytes(4 * 1024 * 1024), "a.docx", "文件超过 3 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_not_kept_and_the_page_says_why(
    cast: Cast, organizer: Client, content: bytes, name: str, words: str
) -> None:
    answer = organizer.post(NEW, posted(cast.committee, "minutes", content, name=name))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not UnitTemplate.objects.exists()


def test_a_committee_elsewhere_is_no_choice(cast: Cast, organizer: Client) -> None:
    data = posted(cast.elsewhere_committee, "minutes", template_of("{{ 地点 }}"))
    assert organizer.post(NEW, data).status_code == 422


def test_a_form_that_fails_never_stops_a_document(cast: Cast, organizer: Client, sign_in) -> None:
    """It went well with the trial, and fails with this record; the taker and the organizer are told."""
    line = "{% if 地点 == '会议室' %}{{ 地点.upper() }}{% endif %}{{ 主持人 }}"
    brought(organizer, cast.committee, line)
    meeting, secretary = sitting(cast), sign_in(cast["secretary"])
    answer = secretary.post(f"/documents/meetings/{meeting.pk}/minutes/")
    lines = paragraphs(answer.content)
    assert "讨论年度计划" in "".join(lines)
    fault = "模板里有不允许的写法：只能用栏目、循环和判断，不能调用程序。"
    assert lines[-1] == (
        f"注：青川镇党委 会议记录（第 1 版） 没有用成，本文按系统自带格式生成。原因：{fault}"
    )
    assert fault in secretary.get("/documents/").content.decode()
    template = UnitTemplate.objects.get()
    assert (template.fault, template.fault_at) == (fault, NOW)
    assert fault in organizer.get("/documents/").content.decode()
    assert fault in organizer.get(LIST).content.decode()
    other = sitting(cast, place="礼堂", held_on=TODAY - timedelta(days=1))
    assert minutes_of(secretary, other)[-1] == "吴向前"


def test_a_form_whose_file_is_gone_never_stops_a_document(cast: Cast, organizer: Client, sign_in) -> None:
    template = brought(organizer, cast.committee, "{{ 地点 }}")
    services_templates.path_of(template).unlink()
    lines = minutes_of(sign_in(cast["secretary"]), sitting(cast))
    assert lines[-1].endswith("原因：模板文件读不出来，请重新上传。")


def test_every_sample_takes_the_words_of_a_real_paper(cast: Cast, tmp_path: Path) -> None:
    source, target = tmp_path / "sample.docx", tmp_path / "filled.docx"
    for kind, paper in papers(cast).items():
        source.write_bytes(document_bytes(sample_of(TemplateKind(kind))))
        template_filler.fill(source, target, contexts=[template_file.clean(values_of(paper))], note="")
        assert paragraphs(target.read_bytes())[0] == paper.title


def test_a_paper_of_another_kind_stays_in_our_own_form(cast: Cast, organizer: Client, sign_in) -> None:
    brought(organizer, cast.committee, "{{ 地点 }}")
    answer = sign_in(cast["secretary"]).post(f"/documents/meetings/{sitting(cast).pk}/agenda/")
    assert "讨论年度计划" in paragraphs(answer.content)


def test_the_page_of_fields_names_each_with_its_meaning(organizer: Client) -> None:
    page = organizer.get("/documents/templates/fields/minutes/").content.decode()
    for field in FIELDS[TemplateKind.MINUTES]:
        assert f"<code>{field.name}</code>" in page
        assert field.meaning in page
    assert organizer.get("/documents/templates/fields/nothing/").status_code == 404


def test_an_organizer_below_does_not_see_the_forms_above(cast: Cast, organizer: Client, sign_in) -> None:
    general = factories.make_organization(OrgKind.GENERAL_BRANCH, parent=cast.committee, name="机关党总支")
    below = factories.make_user("下级组织", username="below")
    factories.make_post(below, general, PostKind.ORGANIZER)
    template = brought(organizer, cast.committee, "{{ 地点 }}")
    client = sign_in(below)
    assert client.get(LIST).context["forms"] == []
    assert client.post(f"{LIST}{template.pk}/withdraw/").status_code == 404
