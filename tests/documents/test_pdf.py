"""PDF where the machine has LibreOffice: every Word document becomes pages. Where it has none, one line."""

from __future__ import annotations

import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.urls import reverse

from apps.audit.models import Deed
from apps.documents.facts_yearbook import in_silence, year_book
from apps.documents.models import MadeFile
from apps.documents.queries import Wanted
from apps.documents.services import word_bytes
from apps.documents.services_yearbook import path_of
from apps.ui import pdf
from apps.ui.docx import Document, Text, document_bytes
from apps.ui.docx_book import laid_out
from apps.ui.pdf import NotConverted, as_pdf, converter
from tests.conftest import NOW, TODAY, Cast
from tests.documents.reading import package_of
from tests.documents.test_sitting_papers import sitting
from tests.plans.makers import make_plan

needs_converter = pytest.mark.skipif(not converter(), reason="LibreOffice is not installed on this machine")
SMALL = document_bytes(Document(title="甲", blocks=[Text("乙", style="BodyText")]))


WRITES_A_PDF = "printf %%PDF > paper.pdf"


def book_of(cast: Cast) -> bytes:
    wanted = Wanted(branch=cast.ours, year=2026, reader=cast["secretary"], today=TODAY)
    return word_bytes(year_book(wanted, told=in_silence).paper, author=cast["secretary"], now=NOW)


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In the place of LibreOffice: a script of ours."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pdf, "converter", lambda: str(path))
    return path


def without_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")


def test_a_pdf_is_a_deed_like_the_word_file(
    cast: Cast, sign_in, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, WRITES_A_PDF, monkeypatch)
    answer = sign_in(cast["secretary"]).post(f"/documents/meetings/{sitting(cast).pk}/minutes/?pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert unquote(answer["Content-Disposition"]).endswith("十月党员大会记录.pdf")
    assert Deed.objects.latest("number").reason == "会议记录（PDF）"


def test_the_page_of_a_book_offers_it_as_pdf_with_the_numbers_of_its_pages(
    cast: Cast, sign_in, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given.docx"
    program(tmp_path, f"cp paper.docx {given}; {WRITES_A_PDF}", monkeypatch)
    content = book_of(cast)
    made = {"organization": cast.ours, "path": cast.ours.path, "owner": cast["secretary"], "size": 1}
    file = MadeFile.objects.create(name="手册.docx", kind="docx", stored_as="book.docx", made_at=NOW, **made)
    path_of(file).parent.mkdir(parents=True, exist_ok=True)
    path_of(file).write_bytes(content)
    client, url = sign_in(cast["secretary"]), reverse("documents:take_file", args=[file.pk])
    page = client.get(reverse("documents:made_file", args=[file.pk])).content.decode()
    assert f'action="{url}?pdf"' in page
    assert client.post(f"{url}?pdf").content == b"%PDF"
    assert given.read_bytes() == laid_out(content)


@needs_converter
def test_two_at_a_time_do_not_meet() -> None:
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(as_pdf, [SMALL] * 2))
    assert [content[:4] for content in made] == [b"%PDF"] * 2


def test_a_conversion_that_takes_too_long_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "left"
    program(tmp_path, f"(sleep 1; touch {left}) & sleep 30", monkeypatch)
    monkeypatch.setattr(pdf, "SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(NotConverted, match=r"超过 0\.3 秒"):
        as_pdf(SMALL)
    assert time.monotonic() - began < 1
    time.sleep(1)
    assert not left.exists()


def test_a_conversion_that_makes_nothing_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "exit 3", monkeypatch)
    with pytest.raises(NotConverted):
        as_pdf(SMALL)


def test_each_conversion_has_a_profile_of_its_own_and_none_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setenv("SECRET_KEY", "geheim")
    program(tmp_path, f'echo "$*" >> {seen}; env >> {seen}; {WRITES_A_PDF}', monkeypatch)
    for _ in range(2):
        assert as_pdf(SMALL) == b"%PDF"
    told = seen.read_text()
    profiles = {word for word in told.split() if word.startswith("-env:UserInstallation=")}
    assert len(profiles) == 2
    assert "geheim" not in told


def test_whoever_asks_for_a_pdf_that_cannot_be_made_gets_the_word_file_and_a_word_about_it(
    cast: Cast, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_converter(monkeypatch)
    meeting, client = sitting(cast), sign_in(cast["secretary"])
    answer = client.post(f"/documents/meetings/{meeting.pk}/minutes/?pdf")
    assert package_of(answer.content).testzip() is None
    assert Deed.objects.latest("number").reason == "会议记录（Word）"
    assert "请用 Word 文件" in client.get("/").content.decode()


def test_a_machine_without_libreoffice_says_so_once_and_has_no_dead_buttons(
    cast: Cast, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_converter(monkeypatch)
    make_plan(cast.ours, created_by=cast["secretary"])
    client = sign_in(cast["secretary"])
    pages = [client.get(url).content.decode() for url in ("/documents/", f"/meetings/{sitting(cast).pk}/")]
    assert [page.count("LibreOffice") for page in pages] == [1, 0]
    assert not any("?pdf" in page for page in pages)


@needs_converter
def test_a_machine_with_it_has_a_button_beside_each_word_file(cast: Cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    pages = [client.get(url).content.decode() for url in ("/documents/", f"/meetings/{sitting(cast).pk}/")]
    assert "LibreOffice" not in pages[0]
    for page in pages:
        assert page.count("?pdf") == page.count("file-earmark-pdf") > 2
