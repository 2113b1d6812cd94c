"""The pages of the standards, through the browser's eyes."""

from __future__ import annotations

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from apps.audit.models import Deed
from apps.rules.kinds import PostKind
from apps.standards.models import FigureNote, LevelOverride, Standard, StandardSwitch
from apps.standards.services_load import load_standards
from tests import factories
from tests.admin_rows import page as admin_page
from tests.conftest import TODAY, Cast
from tests.standards import makers

LIST = reverse("standards:list")


def codes(answer) -> list[str]:
    return [one.code for one in answer.context["rows"]]


def key() -> str:
    return str(uuid.uuid4())


def new_standard(cast: Cast, **fields: object) -> dict[str, object]:
    data = {
        "organization": cast.committee.pk,
        "code": "镇-1",
        "title": "活动室每月开放",
        "requirement": "每月至少开放四次。",
        "aspect": "foundation",
        "polarity": "positive",
        "locator": "镇〔2026〕1 号",
        "measures": ["activity_variety"],
        "review": "on",
        "valid_from": "2026-12-01",
        "idempotency_key": key(),
    }
    return data | fields


def test_a_branch_reads_what_holds_for_it_by_aspect(cast: Cast, sign_in) -> None:
    load_standards(today=TODAY)
    answer = sign_in(cast["secretary"]).get(LIST)
    assert len(codes(answer)) == 52
    assert [aspect.label for aspect, _ in answer.context["groups"]] == [
        "书记素质",
        "书记能力",
        "书记责任",
        "班子建设",
        "队伍管理",
        "基层基础",
    ]
    text = answer.content.decode()
    assert "《如何当好党支部书记》三、2 组织领导能力" in text
    assert "新本级标准" not in text


def test_the_leader_of_a_group_reads_those_of_his_branch(cast: Cast, sign_in) -> None:
    makers.local(cast.ours, code="支-1")
    answer = sign_in(cast["group_leader"]).get(LIST)
    assert (codes(answer), answer.context["place"]) == (["支-1"], cast.ours)


def test_a_local_standard_is_entered_and_seen_below(cast: Cast, sign_in) -> None:
    organizer = sign_in(cast["organizer"])
    data = new_standard(cast)
    for _ in range(2):
        assert organizer.post(reverse("standards:create"), data).status_code == 302
    answer = sign_in(cast["secretary"]).get(LIST, {"on": "2026-12-01"})
    assert codes(answer) == ["镇-1"]
    assert "青川镇党委制定" in answer.content.decode()
    assert codes(sign_in(cast["secretary"]).get(LIST)) == []
    assert codes(sign_in(cast["stranger_secretary"]).get(LIST, {"on": "2026-12-01"})) == []


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"measures": [], "review": ""}, "measures", "三类依据中至少选择一项。"),
        ({"code": "Z1.1"}, "code", "这是系统自带标准的编号，请换一个编号。"),
        ({"measures": ["nonsense"]}, "measures", "nonsense"),
        ({"title": ""}, "title", "必填"),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_typed_is_lost(
    fields: dict[str, object], field: str, words: str, cast: Cast, sign_in
) -> None:
    makers.shipped()
    answer = sign_in(cast["organizer"]).post(reverse("standards:create"), new_standard(cast, **fields))
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert "每月至少开放四次。" in answer.content.decode()
    assert Standard.objects.count() == 1


def test_nobody_sets_a_standard_for_a_foreign_committee(cast: Cast, sign_in) -> None:
    data = new_standard(cast, organization=cast.elsewhere_committee.pk)
    assert sign_in(cast["organizer"]).post(reverse("standards:create"), data).status_code == 422
    assert Standard.objects.count() == 0


def test_a_change_keeps_the_earlier_version_on_the_page(cast: Cast, sign_in) -> None:
    standard = makers.local(cast.committee)
    client = sign_in(cast["organizer"])
    url = reverse("standards:update", args=[standard.pk])
    shown = client.get(url).context["form"]
    assert (shown["measures"].value(), shown["review"].value()) == (["activity_variety"], True)
    data = new_standard(cast, title="活动室每周开放", version=1)
    assert client.post(url, data).status_code == 302
    text = client.get(reverse("standards:detail", args=[standard.pk])).content.decode()
    assert "第 2 版" in text
    assert "活动室每周开放：每月至少开放四次。" in text
    assert "活动室每月开放：每月至少开放四次。" in text
    assert client.post(url, data).status_code == 422


def test_a_standard_ends_and_is_no_longer_listed(cast: Cast, sign_in) -> None:
    standard = makers.local(cast.committee)
    client = sign_in(cast["organizer"])
    url = reverse("standards:end", args=[standard.pk])
    assert client.post(url, {"valid_to": "2026-12-01", "version": 1}).status_code == 302
    assert codes(client.get(LIST)) == ["镇-1"]
    assert codes(client.get(LIST, {"on": "2026-12-01"})) == []


def test_a_standard_is_switched_off_with_its_reason_and_on_again(cast: Cast, sign_in) -> None:
    standard, client = makers.shipped(), sign_in(cast["organizer"])
    sent = {"organization": cast.ours.pk, "reason": "临时党支部", "idempotency_key": key()}
    dates = {"valid_from": "2026-11-20", "valid_to": ""}
    url = reverse("standards:switch_off", args=[standard.pk])
    assert client.post(url, sent | dates).status_code == 302
    branch = sign_in(cast["secretary"])
    assert "青川镇" not in branch.get(LIST).context["rows"][0].off.by_name
    assert "机关一支部自 2026-11-20 起停用：临时党支部" in branch.get(LIST).content.decode()
    assert codes(branch.get(LIST, {"state": "held"})) == []
    assert codes(branch.get(LIST, {"state": "off"})) == ["Z1.1"]
    assert client.get(LIST).context["rows"][0].off is None
    switch = StandardSwitch.objects.get()
    again = client.post(reverse("standards:switch_on", args=[switch.pk]), {"valid_to": "2026-12-24"})
    assert again.status_code == 302
    assert codes(branch.get(LIST, {"state": "held", "on": "2026-12-24"})) == ["Z1.1"]


def test_a_lower_organizer_does_not_switch_off_what_his_committee_above_has_set(cast: Cast, sign_in) -> None:
    general = factories.make_organization("general_branch", parent=cast.committee, name="机关党总支")
    lower = factories.make_user("于下", username="lower")
    factories.make_post(lower, general, PostKind.ORGANIZER)
    client = sign_in(lower)
    above, shipped = makers.local(cast.committee), makers.shipped()
    assert client.get(reverse("standards:switch_off", args=[above.pk])).status_code == 403
    assert client.get(reverse("standards:switch_off", args=[shipped.pk])).status_code == 200


def test_the_form_of_levels_names_the_products_own(cast: Cast, sign_in) -> None:
    page = sign_in(cast["organizer"]).get(reverse("standards:override_create")).content.decode()
    assert "讨论充分度（%，系统默认良好 80、提示 60）" in page
    assert "群众参与（人次，系统默认良好 50、提示 10）" in page


def test_levels_are_changed_and_ended(cast: Cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    data = {
        "organization": cast.committee.pk,
        "measure": "participation",
        "good": 80,
        "warn": 60,
        "reason": "外出党员多",
        "valid_from": "2026-11-20",
        "valid_to": "",
        "idempotency_key": key(),
    }
    assert client.post(reverse("standards:override_create"), data | {"warn": 90}).status_code == 422
    assert client.post(reverse("standards:override_create"), data).status_code == 302
    text = sign_in(cast["secretary"]).get(reverse("standards:level_list")).content.decode()
    assert "组织生活参加率" in text
    assert "80%" in text
    assert "停止</a>" not in text
    level = LevelOverride.objects.get()
    assert f"levels/{level.pk}/end/" in client.get(reverse("standards:level_list")).content.decode()
    client.post(reverse("standards:override_end", args=[level.pk]), {"valid_to": "2026-12-01"})
    level.refresh_from_db()
    assert str(level.valid_to) == "2026-12-01"


def test_the_secretary_says_a_word_to_a_figure(cast: Cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    url = reverse("standards:note_create")
    shown = client.get(url, {"year": 2025, "measure": "participation"}).context["form"]
    assert (shown["year"].value(), shown["measure"].value()) == ("2025", "participation")
    data = {"organization": cast.ours.pk, "year": 2025, "measure": "participation", "text": "外出的多"}
    assert client.post(url, data | {"idempotency_key": key()}).status_code == 302
    note = FigureNote.objects.get()
    change = {"text": "外出的有 12 名", "version": 1}
    client.post(reverse("standards:note_update", args=[note.pk]), change)
    above = sign_in(cast["organizer"])
    text = above.get(reverse("standards:note_detail", args=[note.pk])).content.decode()
    assert "外出的有 12 名" in text
    assert "原来的说明" in text
    client.post(reverse("standards:note_withdraw", args=[note.pk]), {"reason": "已补录"})
    assert above.get(reverse("standards:note_list")).context["rows"] == []
    assert len(above.get(reverse("standards:note_list"), {"state": "withdrawn"}).context["rows"]) == 1


def test_a_deputy_of_a_foreign_branch_cannot_note_ours(cast: Cast, sign_in) -> None:
    data = {"organization": cast.ours.pk, "year": 2026, "measure": "participation", "text": "x"}
    answer = sign_in(cast["stranger_secretary"]).post(
        reverse("standards:note_create"), data | {"idempotency_key": key()}
    )
    assert answer.status_code == 422
    assert FigureNote.objects.count() == 0


def test_upload_preview_and_confirm(cast: Cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    content = makers.book([makers.row(), makers.row(编号="镇-2", 方面="x")])
    sent = {
        "organization": cast.committee.pk,
        "valid_from": "2026-11-20",
        "file": SimpleUploadedFile("标准.xlsx", content),
        "idempotency_key": key(),
    }
    answer = client.post(reverse("standards:import_start"), sent, follow=True)
    text = answer.content.decode()
    assert "导入预览" in text
    assert "方面“x”不认识" in text
    url = answer.redirect_chain[0][0]
    assert codes(client.get(url, {"verdict": "error"})) == ["镇-2"]
    assert "新增 1 条" in client.post(f"{url}confirm/", follow=True).content.decode()
    assert codes(client.get(LIST)) == ["镇-1"]
    assert "不能再次操作" in client.post(f"{url}confirm/", follow=True).content.decode()


def test_a_wrong_file_is_refused_at_its_field(cast: Cast, sign_in) -> None:
    sent = {
        "organization": cast.committee.pk,
        "valid_from": "2026-11-20",
        "file": SimpleUploadedFile("标准.xlsx", b"nonsense"),
        "idempotency_key": key(),
    }
    answer = sign_in(cast["organizer"]).post(reverse("standards:import_start"), sent)
    assert answer.status_code == 422
    assert "不是 .xlsx 表格" in str(answer.context["form"].errors["file"])


def test_the_export_holds_what_the_page_holds(cast: Cast, sign_in) -> None:
    makers.shipped()
    makers.local(cast.committee)
    answer = sign_in(cast["secretary"]).get(reverse("standards:export"))
    page = load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in line] for line in page.iter_rows(min_row=3)]
    assert rows[0] == ["编号", "标题", "要求", "方面", "类型", "依据", "出处", "制定", "执行日期", "状态"]
    assert [(row[0], row[5], row[7]) for row in rows[1:]] == [
        ("Z1.1", "学习广度", "系统自带"),
        ("镇-1", "活动形式多样性、上级评审组评定", "青川镇党委"),
    ]
    deed = Deed.objects.get(action="standard.exported")
    assert (deed.actor_id, deed.reason) == (cast["secretary"].pk, "2026-11-20 执行的，2 条")


def test_the_template_can_be_filled_in_and_read(cast: Cast, sign_in) -> None:
    content = sign_in(cast["organizer"]).get(reverse("standards:import_template")).content
    sheet = makers.upload(content, organization=cast.committee, actor=cast["organizer"])
    assert list(sheet.lines.values_list("code", "verdict")) == [("示例-1", "new")]


def test_a_wrong_day_in_the_filter_is_told(cast: Cast, sign_in) -> None:
    makers.shipped()
    answer = sign_in(cast["secretary"]).get(LIST, {"on": "2026-02-30"})
    assert (answer.status_code, codes(answer)) == (200, [])
    assert "筛选条件有误" in answer.content.decode()
    assert sign_in(cast["secretary"]).get(LIST, {"organization": cast.elsewhere.pk}).status_code == 404


def test_htmx_gets_the_list_only(cast: Cast, sign_in) -> None:
    makers.shipped()
    answer = sign_in(cast["secretary"]).get(LIST, headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<div id="list"')


@pytest.mark.parametrize("name", ["standards:list", "standards:level_list", "standards:note_list"])
def test_one_row_costs_the_queries_of_three(name: str, cast: Cast, sign_in) -> None:
    client, costs = sign_in(cast["organizer"]), []
    for number in (1, 3):
        for at in range(number):
            branch = factories.make_organization(parent=cast.committee)
            makers.local(cast.committee, code=f"镇-{number}{at}")
            decided = {"organization": branch, "path": branch.path, "reason": "x", "valid_from": TODAY}
            LevelOverride.objects.create(
                measure="participation",
                good=9,
                warn=8,
                created_by=cast["organizer"],
                idempotency_key=uuid.uuid4(),
                **decided,
            )
            FigureNote.objects.create(
                organization=branch,
                path=branch.path,
                year=2026,
                measure="participation",
                text="x",
                written_by=cast["organizer"],
                written_at=f"2026-11-0{number}T08:0{at}:00Z",
                idempotency_key=uuid.uuid4(),
            )
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_panel_writes_through_the_services(cast: Cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    data = new_standard(cast)
    data["submission"] = data.pop("idempotency_key")
    assert client.post(admin_page("standards.Standard", "add"), data).status_code == 302
    standard = Standard.objects.get()
    assert standard.versions.get().evidence.count() == 2
    change = data | {"title": "每周开放", "read_version": 1}
    url = admin_page("standards.Standard", "change", standard.pk)
    assert client.post(url, change).status_code == 302
    assert standard.versions.get().title == "每周开放"
    again = client.post(url, change)
    assert "刚刚被别人修改过" in again.content.decode()
    empty = data | {"measures": [], "review": "", "code": "镇-2", "submission": key()}
    assert (
        "三类依据中至少选择一项"
        in client.post(admin_page("standards.Standard", "add"), empty).content.decode()
    )
    nowhere = data | {"organization": "", "code": "镇-3", "submission": key()}
    assert "必填" in client.post(admin_page("standards.Standard", "add"), nowhere).content.decode()
    assert Standard.objects.count() == 1


def test_the_panel_ends_switches_and_levels_by_a_date(cast: Cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    sent = {"organization": cast.ours.pk, "reason": "文件", "valid_from": "2026-11-20", "valid_to": ""}
    switch = sent | {"standard": makers.shipped().pk, "submission": key()}
    assert client.post(admin_page("standards.StandardSwitch", "add"), switch).status_code == 302
    level = sent | {"measure": "participation", "good": 80, "warn": 60, "submission": key()}
    assert client.post(admin_page("standards.LevelOverride", "add"), level).status_code == 302
    for model, row in (("StandardSwitch", StandardSwitch), ("LevelOverride", LevelOverride)):
        url = admin_page(f"standards.{model}", "change", row.objects.get().pk)
        ends = TODAY + timedelta(days=3)
        assert client.post(url, {"valid_to": str(ends)}).status_code == 302
        assert row.objects.get().valid_to == ends
        assert client.post(url, {"valid_to": "2027-01-01"}).status_code == 403


def test_the_panel_links_to_nothing_that_the_organizer_may_not_open(cast: Cast, sign_in) -> None:
    standard = makers.shipped()
    client = sign_in(cast["organizer"])
    text = client.get(admin_page("standards.Standard", "change", standard.pk)).content.decode()
    assert "来源" in text
    assert admin_page("standards.Source", "change", standard.source_id) not in text
