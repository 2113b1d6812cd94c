"""Attachments: what is let in, what is left of a picture, how a file is handed out (security.md T07)."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from apps.audit.models import Deed
from apps.meetings.attached_files import MAX_FILE, BadFile, examine, safe_name
from apps.meetings.models import Attachment, Meeting, MeetingState
from apps.meetings.services_files import TooManyFiles, add_attachment, path_of, remove_attachment
from apps.meetings.services_roll import NotOpen
from tests import factories
from tests.conftest import NOW, Cast

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MACRO_TYPES = (
    b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
)


def picture(kind: str = "PNG", *, size: tuple[int, int] = (8, 6), exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, format=kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def office(main: str, **parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", parts.pop("types", TYPES))
        archive.writestr(main, b"<x/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")
GOOD = {
    "决议.pdf": (PDF, "application/pdf"),
    "记录.DOCX": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "名单.xlsx": (XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "合影.jpg": (picture("JPEG"), "image/jpeg"),
    "合影.jpeg": (picture("JPEG"), "image/jpeg"),
    "签到.png": (picture(), "image/png"),
}


def encrypted_entry() -> bytes:
    """A workbook whose parts say that they are encrypted."""
    content = bytearray(XLSX)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            flags = struct.unpack_from("<H", content, start + offset)[0]
            struct.pack_into("<H", content, start + offset, flags | 1)
            start = content.find(mark, start + 4)
    return bytes(content)


HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
BAD = {
    "html": ("通知.html", HTML),
    "svg": ("图.svg", SVG),
    "mht": ("网页.mht", b"MIME-Version: 1.0"),
    "program": ("工具.exe", b"MZ\x90"),
    "script": ("脚本.js", b"alert(1)"),
    "archive": ("资料.zip", XLSX),
    "macro document by name": ("文档.docm", DOCX),
    "old word": ("文档.doc", bytes.fromhex("d0cf11e0a1b11ae1")),
    "no extension": ("pdf", PDF),
    "double extension": ("合影.jpg.html", picture("JPEG")),
    "empty": ("空.pdf", b""),
    "html called pdf": ("通知.pdf", HTML),
    "html before the pdf": ("通知.pdf", HTML + PDF),
    "cut pdf": ("通知.pdf", b"%PDF-1.7 cut off"),
    "html called docx": ("通知.docx", HTML),
    "html called png": ("图.png", HTML),
    "svg called jpg": ("图.jpg", SVG),
    "png called jpg": ("图.jpg", picture()),
    "jpg called png": ("图.png", picture("JPEG")),
    "gif called png": ("图.png", b"GIF89a" + b"\x00" * 20),
    "png magic only": ("图.png", b"\x89PNG\r\n\x1a\n" + HTML),
    "jpg magic only": ("图.jpg", b"\xff\xd8\xff" + HTML),
    "cut png": ("图.png", picture(size=(400, 400))[:60]),
    "workbook called docx": ("记录.docx", XLSX),
    "document called xlsx": ("名单.xlsx", DOCX),
    "plain zip called docx": ("记录.docx", office("readme.txt")),
    "old excel renamed": ("名单.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 100),
    "cut zip": ("名单.xlsx", XLSX[:-30]),
    "macros": ("记录.docx", office("word/document.xml", **{"word/vbaProject.bin": b"x"})),
    "macros hidden by name": ("记录.docx", office("word/document.xml", **{"word/data.bin": b"x"})),
    "macro content type": ("记录.docx", office("word/document.xml", types=MACRO_TYPES)),
    "controls": ("记录.docx", office("word/document.xml", **{"word/activeX/activeX1.xml": b"x"})),
    "macro sheet": ("名单.xlsx", office("xl/workbook.xml", **{"xl/macrosheets/sheet1.xml": b"x"})),
    "path out of the archive": ("记录.docx", office("word/document.xml", **{"../../etc/passwd": b"x"})),
    "absolute path": ("记录.docx", office("word/document.xml", **{"/etc/passwd": b"x"})),
    "password": ("名单.xlsx", encrypted_entry()),
    "bomb": ("名单.xlsx", office("xl/workbook.xml", **{"xl/a.xml": b"\x00" * (101 * 1024 * 1024)})),
}


@pytest.mark.parametrize("name", GOOD)
def test_the_usual_files_are_let_in_with_a_fixed_type(name: str) -> None:
    content, media_type = GOOD[name]
    checked = examine(name=name, file=io.BytesIO(content))
    assert (checked.name, checked.media_type) == (name, media_type)


@pytest.mark.parametrize("case", BAD)
def test_everything_else_is_refused_in_words(case: str) -> None:
    name, content = BAD[case]
    with pytest.raises(BadFile) as refused:
        examine(name=name, file=io.BytesIO(content))
    assert refused.value.message.endswith("。")


def test_a_file_with_a_password_is_told_apart_from_a_damaged_one() -> None:
    with pytest.raises(BadFile, match="密码"):
        examine(name="名单.xlsx", file=io.BytesIO(encrypted_entry()))


def test_ten_megabytes_are_the_most() -> None:
    exactly = PDF[:-7] + b" " * (MAX_FILE - len(PDF)) + PDF[-7:]
    assert len(examine(name="大.pdf", file=io.BytesIO(exactly)).content) == MAX_FILE
    with pytest.raises(BadFile, match="10 MB"):
        examine(name="大.pdf", file=io.BytesIO(b"%PDF-" + b" " * MAX_FILE + b"%%EOF"))


def test_printer_settings_of_an_ordinary_workbook_are_no_macro() -> None:
    content = office("xl/workbook.xml", **{"xl/printerSettings/printerSettings1.bin": b"x"})
    assert examine(name="名单.xlsx", file=io.BytesIO(content)).content == content


@pytest.mark.parametrize(("name", "kind"), [("图.jpg", "JPEG"), ("图.png", "PNG")])
def test_only_the_pixels_of_a_picture_survive(name: str, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "PLACE-OF-THE-PHOTO"
    content = picture(kind, exif=exif.tobytes()) + HTML
    assert b"PLACE-OF-THE-PHOTO" in content
    kept = examine(name=name, file=io.BytesIO(content)).content
    assert b"PLACE-OF-THE-PHOTO" not in kept
    assert b"script" not in kept
    with Image.open(io.BytesIO(kept)) as clean:
        assert (clean.format, clean.size, dict(clean.getexif())) == (kind, (8, 6), {})


def test_a_picture_that_is_too_large_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (8000, 6000)).save(out, format="PNG")
    with pytest.raises(BadFile, match="尺寸过大"):
        examine(name="图.png", file=io.BytesIO(out.getvalue()))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("会议记录.pdf", "会议记录.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\文件\决议.pdf", "决议.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("记录\u202egpj.pdf", "记录gpj.pdf"),
        ("记录\x00.pdf", "记录.pdf"),
        ('引"号;<x>.pdf', "引号x.pdf"),
        (".pdf", "附件.pdf"),
        ("长" * 300 + ".pdf", "长" * 120 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_what_could_steer_anything(name: str, shown: str) -> None:
    assert safe_name(name) == shown


@given(st.text(max_size=300))
def test_no_name_carries_a_path_or_a_control_character(name: str) -> None:
    shown = safe_name(name + ".pdf")
    assert shown.endswith(".pdf")
    assert not set(shown) & set('/\\\r\n\x00"<>:|?*;')
    assert len(shown) <= 124
    assert shown.isprintable()


def keep(meeting: Meeting, cast: Cast, *, name: str = "决议.pdf", content: bytes = PDF) -> Attachment:
    return add_attachment(
        meeting=meeting, name=name, file=io.BytesIO(content), actor=cast["secretary"], now=NOW
    )


def stored_files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_a_file_is_kept_under_a_random_name(cast: Cast) -> None:
    meeting = factories.make_meeting(cast.ours, state=MeetingState.OPEN)
    attachment = keep(meeting, cast)
    assert path_of(attachment).read_bytes() == PDF
    assert "决议" not in str(path_of(attachment))
    assert (attachment.size, attachment.media_type) == (len(PDF), "application/pdf")
    assert Deed.objects.get(action="meeting.attachment_added").reason == "决议.pdf"


def test_the_same_file_again_is_one(cast: Cast) -> None:
    meeting = factories.make_meeting(cast.ours, state=MeetingState.OPEN)
    before = stored_files()
    assert keep(meeting, cast) == keep(meeting, cast, name="另一个名字.pdf")
    assert len(stored_files() - before) == 1


def test_twenty_files_are_enough(cast: Cast) -> None:
    meeting = factories.make_meeting(cast.ours, state=MeetingState.OPEN)
    for number in range(20):
        keep(meeting, cast, content=PDF + b"%% %d\n%%%%EOF" % number)
    with pytest.raises(TooManyFiles):
        keep(meeting, cast)


def test_a_filed_record_may_get_its_signed_scan_but_loses_nothing(cast: Cast) -> None:
    meeting = factories.make_meeting(cast.ours)
    attachment = keep(meeting, cast, name="签字扫描.pdf")
    with pytest.raises(NotOpen):
        remove_attachment(attachment=attachment, actor=cast["secretary"])
    assert path_of(attachment).exists()


def test_a_cancelled_sitting_takes_no_files(cast: Cast) -> None:
    meeting = factories.make_meeting(cast.ours, state=MeetingState.CANCELLED, cancel_reason="雨")
    before = stored_files()
    with pytest.raises(NotOpen):
        keep(meeting, cast)
    assert stored_files() == before


def test_a_removed_file_is_gone_once_the_removal_is_sure(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    meeting = factories.make_meeting(cast.ours, state=MeetingState.OPEN)
    attachment = keep(meeting, cast)
    path = path_of(attachment)
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(attachment=attachment, actor=cast["secretary"])
        assert path.exists()
    assert not path.exists()
    assert meeting.attachments.count() == 0


NASTY = ["../../x.pdf", 'a"b.pdf', "会议;filename=evil.html.pdf", "记录\u202efdp.pdf", "a\r\nX-Evil: 1.pdf"]


@pytest.mark.parametrize("name", ["决议.pdf", *NASTY])
def test_a_download_shows_nothing_and_runs_nothing(cast: Cast, sign_in, name: str) -> None:
    meeting = factories.make_meeting(cast.ours)
    attachment = keep(meeting, cast, name=name)
    response = sign_in(cast["organizer"]).get(f"/meetings/{meeting.pk}/attachments/{attachment.pk}/")
    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "X-Evil" not in response.headers


@pytest.mark.parametrize(
    ("role", "answer"),
    [
        ("secretary", 200),
        ("discipline", 200),
        ("organizer", 403),
        ("member", 404),
        ("stranger_secretary", 404),
    ],
)
def test_a_file_is_for_those_who_read_the_minutes(cast: Cast, sign_in, role: str, answer: int) -> None:
    meeting = factories.make_meeting(cast.ours, state=MeetingState.OPEN)
    attachment = keep(meeting, cast)
    response = sign_in(cast[role]).get(f"/meetings/{meeting.pk}/attachments/{attachment.pk}/")
    assert response.status_code == answer
    response.close()


def test_a_file_of_another_sitting_is_not_found(cast: Cast, sign_in) -> None:
    attachment = keep(factories.make_meeting(cast.ours), cast)
    other = factories.make_meeting(cast.ours)
    url = f"/meetings/{other.pk}/attachments/{attachment.pk}/"
    assert sign_in(cast["secretary"]).get(url).status_code == 404
