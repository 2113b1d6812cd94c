import io
from datetime import datetime

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.actions import label_of
from apps.audit.models import Deed
from apps.audit.policies import own_deeds, visible_deeds
from apps.audit.services import record
from tests.conftest import ROLES, SHANGHAI, Cast


@pytest.fixture
def deeds(cast: Cast) -> dict[str, Deed]:
    """One by the secretary, one by the stranger, one by nobody, on three days."""

    def on(day: int, hour: int = 9) -> datetime:
        return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)

    return {
        "secretary": record(
            actor=cast["secretary"],
            action="organization.updated",
            target=cast.ours,
            at=on(1),
            reason="更名",
            changes=[{"field": "name", "label": "名称", "before": "旧名", "after": "新名"}],
        ),
        "stranger": record(
            actor=cast["stranger_secretary"], action="meeting.closed", target=cast.elsewhere, at=on(2, 23)
        ),
        "system": record(actor=None, action="system.set_up", at=on(3, 0)),
    }


def shown(client: Client, query: str = "", *, page: str = "audit:deed_list") -> set[str]:
    text = client.get(reverse(page) + query).content.decode()
    names = {"secretary": "修改党组织", "stranger": label_of("meeting.closed"), "system": "首次设置系统"}
    table = text[text.index('id="list"') :]
    return {key for key, name in names.items() if name in table}


@pytest.mark.parametrize("role", ROLES)
def test_only_auditors_open_the_trail(role: str, cast: Cast, deeds, sign_in) -> None:
    expected = 200 if role == "auditor" else 403
    client = sign_in(cast[role])
    assert client.get(reverse("audit:deed_list")).status_code == expected
    assert client.get(reverse("audit:deed_export")).status_code == expected
    assert client.post(reverse("audit:deed_export")).status_code == expected


def test_everybody_sees_the_own_deeds_and_nobody_elses(cast: Cast, deeds, sign_in) -> None:
    assert set(visible_deeds(cast["secretary"])) == {deeds["secretary"]} == set(own_deeds(cast["secretary"]))
    assert set(visible_deeds(cast["organizer"])) == set()
    assert set(visible_deeds(cast["auditor"])) == set(deeds.values())
    assert shown(sign_in(cast["secretary"]), page="audit:mine") == {"secretary"}
    assert shown(sign_in(cast["auditor"]), page="audit:mine") == set()


def test_a_deed_of_somebody_else_is_not_found(cast: Cast, deeds, sign_in) -> None:
    url = reverse("audit:deed_detail", args=[deeds["stranger"].pk])
    answers = {
        role: sign_in(cast[role]).get(url).status_code for role in ("secretary", "operator", "organizer")
    }
    assert answers == {"secretary": 404, "operator": 404, "organizer": 404}
    assert sign_in(cast["auditor"]).get(url).status_code == 200
    assert sign_in(cast["stranger_secretary"]).get(url).status_code == 200


def test_the_page_of_a_deed_shows_what_changed(cast: Cast, deeds, sign_in) -> None:
    url = reverse("audit:deed_detail", args=[deeds["secretary"].pk])
    text = sign_in(cast["auditor"]).get(url).content.decode()
    for words in ("修改党组织", "吴向前", "党组织：", "更名", "名称", "旧名", "新名"):
        assert words in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"secretary", "stranger", "system"}),
        ("?since=2026-11-02", {"stranger", "system"}),
        ("?until=2026-11-02", {"secretary", "stranger"}),
        ("?since=2026-11-02&until=2026-11-02", {"stranger"}),
        ("?actor_name=吴", {"secretary"}),
        ("?action=meeting.closed", {"stranger"}),
        ("?object_type=branches.organization", {"secretary", "stranger"}),
        ("?text=更名", {"secretary"}),
        ("?text=白石", {"stranger"}),
        ("?since=nonsense", set()),
    ],
)
def test_filters(query: str, expected: set[str], cast: Cast, deeds, sign_in) -> None:
    assert shown(sign_in(cast["auditor"]), query) == expected


def test_an_export_holds_the_filtered_rows_and_is_a_deed_itself(cast: Cast, deeds, sign_in) -> None:
    client = sign_in(cast["auditor"])
    url = reverse("audit:deed_export") + "?actor_name=吴"
    assert "操作人：吴" in client.get(url).content.decode()
    assert not Deed.objects.filter(action="audit.exported").exists()
    response = client.post(url)
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "操作记录"
    assert rows[1][:7] == ["序号", "时间", "操作人", "操作", "对象类别", "对象", "事由"]
    assert [row[2:8] for row in rows[2:]] == [
        ["吴向前", "修改党组织", "党组织", str(cast.ours), "更名", "名称：旧名 → 新名"]
    ]
    deed = Deed.objects.get(action="audit.exported")
    assert (deed.actor, deed.reason) == (cast["auditor"], "操作人：吴，共 1 条")


def test_the_list_needs_as_many_queries_for_three_rows_as_for_one(cast: Cast, deeds, sign_in) -> None:
    client = sign_in(cast["auditor"])
    client.get(reverse("audit:deed_list"))
    counts = []
    for query in ("?actor_name=吴", ""):
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse("audit:deed_list") + query)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_the_admin_shows_deeds_to_auditors_and_lets_nobody_change_them(cast: Cast, deeds, sign_in) -> None:
    changelist, change = "/admin/audit/deed/", f"/admin/audit/deed/{deeds['stranger'].pk}/change/"
    auditor = sign_in(cast["auditor"])
    assert auditor.get(changelist).status_code == 200
    assert auditor.get(change).status_code == 200
    assert auditor.post(change, {"reason": "改"}).status_code == 403
    assert auditor.get("/admin/audit/deed/add/").status_code == 403
    assert (
        auditor.post(f"/admin/audit/deed/{deeds['stranger'].pk}/delete/", {"post": "yes"}).status_code == 403
    )
    for role in ("operator", "organizer"):
        assert sign_in(cast[role]).get(changelist).status_code == 403


@pytest.mark.parametrize(("name", "rows"), [("since", 3), ("until", 0)])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_others(
    sign_in, cast: Cast, deeds: dict[str, Deed], name: str, rows: int, day: str
) -> None:
    response = sign_in(cast["auditor"]).get(reverse("audit:deed_list"), {name: day})
    expected = rows if day == "0001-01-01" else 3 - rows
    assert len(response.context["rows"]) == expected
