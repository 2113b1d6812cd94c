"""Upload, preview, confirm and the faulty rows, as the browser sees them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.audit.models import Deed
from apps.members.models import ImportState, RosterImport
from tests.conftest import Cast
from tests.members.pages import SignIn, page
from tests.members.rosters import ROSTERS, Capture, good, id_number, roster_bytes


def upload(client: Client, cast: Cast, capture: Capture, content: bytes) -> RosterImport:
    with capture(execute=True):
        response = client.post(
            reverse("members:import_start"),
            {"organization": cast.ours.pk, "file": SimpleUploadedFile("花名册.xlsx", content)},
        )
    roster = RosterImport.objects.latest("pk")
    assert response.url == reverse("jobs:detail", args=[roster.job_id])
    assert client.get(response.url).url == reverse("members:import_detail", args=[roster.pk])
    return roster


def test_upload_preview_confirm_and_report(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: Capture
) -> None:
    client = sign_in(cast["secretary"])
    content = (ROSTERS / "faulty.xlsx").read_bytes()
    roster = upload(client, cast, django_capture_on_commit_callbacks, content)
    text = page(client, "import_detail", roster.pk)
    assert "到确认为止，没有写入任何内容。" in text
    assert "身份证号的校验位不对" in page(client, "import_detail", roster.pk, verdict="error")
    rows = client.get(reverse("members:import_detail", args=[roster.pk]), {"verdict": "new"}).context["rows"]
    assert [row.name for row in rows] == ["赵乙夏", "金晓光", "孙己冬", "李丙秋"]
    client.post(reverse("members:import_confirm", args=[roster.pk]))
    text = page(client, "import_detail", roster.pk)
    assert "已导入：新增 4 人，变更 0 人。" in text
    assert "导入结果" in text
    again = client.post(reverse("members:import_confirm", args=[roster.pk]), follow=True)
    assert "这份花名册已经导入或放弃" in again.content.decode()


def test_the_preview_pages_by_25_and_masks_numbers(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: Capture
) -> None:
    client = sign_in(cast["secretary"])
    content = (ROSTERS / "clean.xlsx").read_bytes()
    roster = upload(client, cast, django_capture_on_commit_callbacks, content)
    response = client.get(reverse("members:import_detail", args=[roster.pk]))
    assert len(response.context["rows"]) == 25
    text = response.content.decode()
    assert "199****0000" in text
    assert "19900000000" not in text
    second = client.get(response.context["page"].next_url)
    assert len(second.context["rows"]) == 3


def test_faulty_rows_come_back_with_their_reason(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: Capture
) -> None:
    client = sign_in(cast["secretary"])
    content = roster_bytes([good(身份证号=id_number()[:17] + "!")])
    roster = upload(client, cast, django_capture_on_commit_callbacks, content)
    url = reverse("members:import_errors", args=[roster.pk])
    assert client.get(url).status_code == 405
    response = client.post(url)
    assert "attachment" in response["Content-Disposition"]
    assert Deed.objects.filter(action="roster.errors_exported").count() == 1


def test_dropping_leads_back_to_the_upload(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: Capture
) -> None:
    client = sign_in(cast["organization"])
    roster = upload(client, cast, django_capture_on_commit_callbacks, roster_bytes([good()]))
    response = client.post(reverse("members:import_drop", args=[roster.pk]))
    assert response.url == reverse("members:import_start")
    roster.refresh_from_db()
    assert roster.state == ImportState.DROPPED


def test_an_import_is_seen_only_by_those_who_may_import_there(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: Capture
) -> None:
    client = sign_in(cast["secretary"])
    roster = upload(client, cast, django_capture_on_commit_callbacks, roster_bytes([good()]))
    for role, status in (
        ("organization", 200),
        ("organizer", 200),
        ("deputy", 404),
        ("committee_secretary", 404),
        ("stranger_secretary", 404),
        ("member", 404),
    ):
        url = reverse("members:import_detail", args=[roster.pk])
        assert sign_in(cast[role]).get(url).status_code == status, role
        for verb in ("import_confirm", "import_drop", "import_errors") if status == 404 else ():
            url = reverse(f"members:{verb}", args=[roster.pk])
            assert sign_in(cast[role]).post(url).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("花名册.xls", b"x", "只收 .xlsx 文件"),
        ("花名册.xlsx", b"", "文件是空的"),
        ("花名册.xlsx", b"PK" + b"\x00" * (5 * 1024 * 1024), "文件超过 5 MB"),
    ],
)
def test_a_wrong_file_is_refused_on_the_form(
    cast: Cast, sign_in: SignIn, name: str, content: bytes, words: str
) -> None:
    data = {"organization": cast.ours.pk, "file": SimpleUploadedFile(name, content)}
    response = sign_in(cast["secretary"]).post(reverse("members:import_start"), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert RosterImport.objects.count() == 0


def test_nobody_uploads_into_another_branch(cast: Cast, sign_in: SignIn) -> None:
    upload = SimpleUploadedFile("花名册.xlsx", roster_bytes([good()]))
    data = {"organization": cast.sibling.pk, "file": upload}
    response = sign_in(cast["secretary"]).post(reverse("members:import_start"), data)
    assert response.status_code == 422
    assert sign_in(cast["deputy"]).get(reverse("members:import_start")).status_code == 403
