"""What may be attached to a sitting: checked by name and by content, pictures drawn anew (security.md T07).

Reads bytes and answers with bytes; nothing here touches the disk or the database.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from apps.ui.refusals import Refusal

MEGABYTE = 1024 * 1024
MAX_FILE = 10 * MEGABYTE
MAX_PARTS = 2000
MAX_UNPACKED = 100 * MEGABYTE
MAX_PIXELS = 40_000_000
MAX_NAME = 120
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
#: Marks of macros and other active parts inside an office file.
ACTIVE_NAMES = ("vbaproject", "vbadata", "/activex/", "/macrosheets/", "/dialogsheets/", ".bin")
#: Binary parts that office writes by itself and that hold no program.
HARMLESS_BINARIES = re.compile(r"/(printersettings|customproperty)/?[a-z]*\d*\.bin$|printersettings\d*\.bin$")
ACTIVE_CONTENT = re.compile(rb"macroenabled|vbaproject|activex", re.IGNORECASE)

ONLY_THESE = "只能上传 pdf、docx、xlsx、jpg、png 文件。"
NOT_WHAT_IT_SAYS = "文件内容与扩展名不符，请用原来的软件打开后另存，再上传。"
DAMAGED = "文件已损坏或不完整，请用原来的软件打开后另存，再上传。"
WITH_MACROS = "文件带有宏或控件，请另存为不带宏的文件后再上传。"
TOO_BIG_INSIDE = "文件展开后的内容过大，请删减后再上传。"


class BadFile(Refusal):
    default = ONLY_THESE


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: a safe name to show, the bytes to store, the type to answer with."""

    name: str
    extension: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def examine(*, name: str, file: IO[bytes]) -> CheckedFile:
    """Raises BadFile with one sentence, whatever the file is."""
    shown = safe_name(name)
    extension = shown.rpartition(".")[2].lower() if "." in shown else ""
    if extension not in KINDS:
        raise BadFile(ONLY_THESE)
    content = file.read(MAX_FILE + 1)
    if not content:
        raise BadFile("文件是空的。")
    if len(content) > MAX_FILE:
        raise BadFile("文件超过 10 MB，请压缩或分开后再上传。")
    media_type, check = KINDS[extension]
    return CheckedFile(name=shown, extension=extension, media_type=media_type, content=check(content))


def safe_name(name: str) -> str:
    """The last part of the name without anything that steers a path, a header or the direction of text."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*;')
    kept = " ".join(kept.split()).rstrip(". ")
    stem, dot, extension = kept.rpartition(".")
    if not dot:
        return kept[:MAX_NAME]
    return f"{stem.strip('. ')[:MAX_NAME] or '附件'}.{extension.strip()[:10]}"


def _pdf(content: bytes) -> bytes:
    if not content.startswith(b"%PDF-"):
        raise BadFile(NOT_WHAT_IT_SAYS)
    if b"%%EOF" not in content[-2048:]:
        raise BadFile(DAMAGED)
    return content


def _docx(content: bytes) -> bytes:
    return _office(content, main_part="word/document.xml")


def _xlsx(content: bytes) -> bytes:
    return _office(content, main_part="xl/workbook.xml")


def _office(content: bytes, *, main_part: str) -> bytes:
    if content.startswith(OLE_MAGIC):
        raise BadFile("这是旧版文件或设了打开密码（只改扩展名不行），请另存为 docx 或 xlsx 后再上传。")
    if not content.startswith(b"PK\x03\x04"):
        raise BadFile(NOT_WHAT_IT_SAYS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive, main_part=main_part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise BadFile(DAMAGED) from None
    return content


def _check_parts(archive: zipfile.ZipFile, *, main_part: str) -> None:
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MAX_PARTS:
        raise BadFile(TOO_BIG_INSIDE)
    if "[content_types].xml" not in names or main_part not in names:
        raise BadFile(NOT_WHAT_IT_SAYS)
    if len(set(names)) != len(names) or any(_escapes(name) for name in names):
        raise BadFile(DAMAGED)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise BadFile("文件设有密码，请取消密码后另存再上传。")
    if any(_is_active(name) for name in names):
        raise BadFile(WITH_MACROS)
    left = MAX_UNPACKED
    for entry in entries:
        left -= _read_through(archive, entry, limit=left)


def _escapes(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _is_active(name: str) -> bool:
    return any(mark in f"/{name}" for mark in ACTIVE_NAMES) and not HARMLESS_BINARIES.search(f"/{name}")


def _read_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, limit: int) -> int:
    """Unpack one part piece by piece; what the file says of its own size is not believed."""
    size = 0
    first = b""
    with archive.open(entry) as part:
        while piece := part.read(256 * 1024):
            size += len(piece)
            if size > limit:
                raise BadFile(TOO_BIG_INSIDE)
            first = first or piece
    if entry.filename.lower() == "[content_types].xml" and ACTIVE_CONTENT.search(first):
        raise BadFile(WITH_MACROS)
    return size


def _jpg(content: bytes) -> bytes:
    return _redrawn(content, magic=b"\xff\xd8\xff", kind="JPEG")


def _png(content: bytes) -> bytes:
    return _redrawn(content, magic=b"\x89PNG\r\n\x1a\n", kind="PNG")


def _redrawn(content: bytes, *, magic: bytes, kind: str) -> bytes:
    """The picture drawn anew: nothing survives but its pixels (no place, no camera, no second file)."""
    if not content.startswith(magic):
        raise BadFile(NOT_WHAT_IT_SAYS)
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise BadFile("图片尺寸过大，请缩小后再上传。")
            upright = ImageOps.exif_transpose(picture)
            clean = upright.convert("RGB" if kind == "JPEG" or "A" not in upright.mode else "RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise BadFile(DAMAGED) from None
    except Image.DecompressionBombWarning:
        raise BadFile("图片尺寸过大，请缩小后再上传。") from None
    bare = Image.frombytes(clean.mode, clean.size, clean.tobytes())
    out = io.BytesIO()
    bare.save(out, format=kind, **({"quality": 88} if kind == "JPEG" else {}))
    return out.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument"
#: Extension → the type that a download is answered with, and the check of its content.
KINDS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "pdf": ("application/pdf", _pdf),
    "docx": (f"{OFFICE}.wordprocessingml.document", _docx),
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet", _xlsx),
    "jpg": ("image/jpeg", _jpg),
    "jpeg": ("image/jpeg", _jpg),
    "png": ("image/png", _png),
}
