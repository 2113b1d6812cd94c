"""The ledgers of concerns and rectifications: on the screen, on paper, as a workbook."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.rules.kinds import NoteKind
from apps.tasks import services_ledgers, views_ledgers
from apps.tasks.models import TaskNote, TaskState
from tests import factories
from tests.conftest import NOW
from tests.factories import SHANGHAI


def titles(page) -> list[str]:
    return [row.title for row in page.context["rows"]]


def sheet_of(answer) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_an_empty_ledger_says_what_to_do_next(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    words = client.get(reverse("tasks:concern_list")).content.decode()
    assert "还没有登记诉求" in words
    assert f'href="{reverse("tasks:create")}?kind=concern"' in words
    assert "还没有登记问题整改" in client.get(reverse("tasks:rectification_list")).content.decode()


def test_the_ledger_shows_all_states_and_filters(cast, sign_in) -> None:
    factories.make_concern(cast.ours, title="开着的")
    factories.make_concern(cast.ours, title="逾期的", due_on=date(2026, 11, 1), raised_by="member")
    closed = {"state": TaskState.DONE, "closed_on": date(2026, 11, 2), "told_on": date(2026, 11, 2)}
    factories.make_concern(cast.ours, title="办完的", **closed)
    earlier = datetime(2025, 6, 1, 9, 0, tzinfo=SHANGHAI)
    factories.make_concern(cast.ours, title="去年的", created_at=earlier)
    factories.make_task(cast.ours, title="不是诉求")
    client, url = sign_in(cast["secretary"]), reverse("tasks:concern_list")
    assert sorted(titles(client.get(url))) == sorted(["开着的", "逾期的", "办完的", "去年的"])
    assert titles(client.get(url, {"state": "late"})) == ["逾期的"]
    assert titles(client.get(url, {"state": "done"})) == ["办完的"]
    assert titles(client.get(url, {"raised_by": "member"})) == ["逾期的"]
    assert titles(client.get(url, {"year": "2025"})) == ["去年的"]
    assert titles(client.get(url, {"text": "办完"})) == ["办完的"]


def test_problems_are_filtered_by_their_source(cast, sign_in) -> None:
    factories.make_rectification(cast.ours, title="自己发现的")
    factories.make_rectification(cast.ours, title="上级指出的", source="inspection")
    page = sign_in(cast["secretary"]).get(reverse("tasks:rectification_list"), {"source": "inspection"})
    assert titles(page) == ["上级指出的"]


@pytest.mark.parametrize("year", ["0", "99999", "去年", "1e9", "2026.5"])
def test_a_nonsense_year_is_a_page_and_no_failure(cast, sign_in, year: str) -> None:
    factories.make_concern(cast.ours)
    for name in ("tasks:concern_list", "tasks:concern_print", "meetings:directive_list"):
        assert sign_in(cast["secretary"]).get(reverse(name), {"year": year}).status_code == 200


def test_a_member_responsible_for_a_concern_sees_the_task_and_no_ledger(cast, sign_in) -> None:
    task = factories.make_concern(cast.ours, owner=cast["member"])
    client = sign_in(cast["member"])
    assert client.get(reverse("tasks:detail", args=[task.pk])).status_code == 200
    assert client.get(reverse("tasks:concern_list")).status_code == 403


def test_the_paper_has_every_column_and_no_empty_cell(cast, sign_in) -> None:
    task = factories.make_rectification(cast.ours)
    TaskNote.objects.create(
        task=task, kind=NoteKind.PROGRESS, text="已核对十月", written_by=cast["deputy"], written_at=NOW
    )
    page = sign_in(cast["secretary"]).get(reverse("tasks:rectification_print"))
    heads = ["党组织", "问题", "来源", "发现日期", "整改措施", "责任人", "时限", "进展"]
    heads += ["状态", "销号日期", "销号依据"]
    assert page.context["labels"] == heads
    assert [value for value, _ in page.context["rows"][0]] == [
        "机关一支部",
        "会议记录不及时",
        "支部自查",
        date(2026, 11, 3),
        "每月底由组织委员核对一次。",
        "支部书记",
        date(2026, 12, 1),
        "已核对十月",
        "进行中",
        "—",
        "—",
    ]
    assert "ledger-paper" in page.content.decode()


def test_more_lines_than_the_paper_holds_are_said(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(views_ledgers, "MOST_PRINTED", 1)
    for _ in range(2):
        factories.make_concern(cast.ours)
    page = sign_in(cast["secretary"]).get(reverse("tasks:concern_print"))
    assert len(page.context["rows"]) == 1
    assert "只列前 1 条" in page.content.decode()


def test_the_workbook_holds_what_the_filter_finds_and_leaves_a_deed(cast, sign_in) -> None:
    factories.make_concern(cast.ours, title="=1+1")
    factories.make_concern(cast.ours, title="党员的", raised_by="member")
    client = sign_in(cast["secretary"])
    answer = client.post(f"{reverse('tasks:concern_export')}?raised_by=public")
    rows = sheet_of(answer)
    assert rows[0][0] == "诉求台账"
    assert rows[2][:4] == ["党组织", "诉求", "提出人", "提出日期"]
    assert rows[3][:3] == ["机关一支部", "=1+1", "群众"]
    assert str(rows[3][3]).startswith("2026-11-03")
    assert len(rows) == 4
    deed = Deed.objects.get()
    assert (deed.action, deed.reason) == ("task.ledger_exported", "诉求台账，1 条")


def test_nothing_to_export_is_said_on_the_list(cast, sign_in) -> None:
    answer = sign_in(cast["secretary"]).post(reverse("tasks:concern_export"), follow=True)
    assert "没有符合条件的记录，无需导出" in answer.content.decode()
    assert not Deed.objects.exists()


def test_too_much_to_export_asks_for_a_filter(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(services_ledgers, "MOST_ROWS", 1)
    for _ in range(2):
        factories.make_concern(cast.ours)
    answer = sign_in(cast["secretary"]).post(reverse("tasks:concern_export"), follow=True)
    assert "请先按党组织或状态筛选" in answer.content.decode()


def test_an_export_holds_only_what_is_in_reach(cast, sign_in) -> None:
    factories.make_concern(cast.ours, title="我们的")
    factories.make_concern(cast.sibling, title="邻支部的")
    rows = sheet_of(sign_in(cast["secretary"]).post(reverse("tasks:concern_export")))
    assert [row[1] for row in rows[3:]] == ["我们的"]
    rows = sheet_of(sign_in(cast["organizer"]).post(reverse("tasks:concern_export")))
    assert sorted(str(row[1]) for row in rows[3:]) == sorted(["我们的", "邻支部的"])


@pytest.mark.parametrize("name", ["concern_list", "concern_print", "rectification_list"])
def test_a_ledger_costs_the_same_for_one_and_for_three(cast, sign_in, name: str) -> None:
    make = factories.make_rectification if "rectification" in name else factories.make_concern
    client, url = sign_in(cast["secretary"]), reverse(f"tasks:{name}")

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    make(cast.ours, owner=cast["member"])
    one = cost()
    for _ in range(2):
        make(cast.ours, owner=cast["deputy"])
    assert cost() == one
