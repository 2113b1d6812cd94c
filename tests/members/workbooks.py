"""Hostile and broken workbooks, made byte by byte, and mutations of sound ones."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from io import BytesIO

from openpyxl import Workbook

from tests.members.rosters import GOOD, good, roster_bytes, workbook_bytes

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sound() -> bytes:
    return roster_bytes([good()])


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_parts(**changed: bytes) -> bytes:
    """The sound workbook with parts added or replaced; `__` in a name stands for `/`."""
    return packed(parts_of(sound()) | {name.replace("__", "/"): content for name, content in changed.items()})


def sheet_xml(cells: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet {NAMESPACE}><sheetData>{cells}</sheetData></worksheet>'.encode()


def bomb() -> bytes:
    """80 MB of blanks in 80 KB."""
    return packed(parts_of(sound()) | {"xl/media/image1.bin": b"\x00" * 80_000_000})


def xml_bomb() -> bytes:
    return packed(parts_of(sound()) | {SHEET: sheet_xml("<!-- " + " " * 70_000_000 + " -->")})


def far_cell() -> bytes:
    """A value in the last cell of the sheet: a dense table would need 17 thousand million cells."""
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return packed(parts_of(sound()) | {SHEET: sheet_xml(cell)})


def far_cell_unnamed() -> bytes:
    """The same with the place given by the row only, so that no pattern sees it."""
    cell = '<row r="1"><c><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>'
    return packed(parts_of(sound()) | {SHEET: sheet_xml(cell)})


def wide_cell() -> bytes:
    cell = '<row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="XFD20000"><v>1</v></c></row>'
    return packed(parts_of(sound()) | {SHEET: sheet_xml(cell)})


def billion_laughs() -> bytes:
    text = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
    return with_parts(**{"xl__sharedStrings.xml": text})


def outside_entity() -> bytes:
    text = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>'
    return packed(parts_of(sound()) | {"xl/sharedStrings.xml": text})


def other_encoding() -> bytes:
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE s [<!ENTITY a "b">]><sst/>'.encode("utf-16")
    return packed(parts_of(sound()) | {"xl/sharedStrings.xml": text})


def unclosed_cells() -> bytes:
    """Half a million tags that never end."""
    return packed(parts_of(sound()) | {SHEET: b"<worksheet><sheetData>" + b'<c r="A1" ' * 500_000})


def lying_size() -> bytes:
    """The directory says 10 bytes, the data unpacks to 70 MB."""
    content = bytearray(packed(parts_of(sound()) | {"xl/big.bin": b"\x00" * 70_000_000}))
    real = (70_000_000).to_bytes(4, "little")
    while (at := content.find(real)) >= 0:
        content[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(content)


def many_parts() -> bytes:
    return packed(parts_of(sound()) | {f"xl/media/{number}.bin": b"" for number in range(500)})


def encrypted_flag() -> bytes:
    content = bytearray(sound())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(magic, at + 1)) >= 0:
            content[at + offset] |= 1
    return bytes(content)


def too_many_people() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    sheet.append(list(GOOD))
    for _ in range(20_200):
        sheet.append(["甲乙", "", "正式党员", "2010-06-20", ""])
    return workbook_bytes(book)


def text_flood() -> bytes:
    """One long text, shown in every cell: 60 KB that would print as 120 MB."""
    shared = f"<sst {NAMESPACE}><si><t>{'长' * 30_000}</t></si></sst>".encode()
    row = "".join(f'<c r="{chr(65 + at)}{{0}}" t="s"><v>0</v></c>' for at in range(20))
    rows = "".join(f'<row r="{n}">{row.format(n)}</row>' for n in range(1, 9_000))
    return packed(parts_of(sound()) | {SHEET: sheet_xml(rows), "xl/sharedStrings.xml": shared})


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600

#: name → (maker, words that the refusal must hold)
CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (bomb, "展开后的内容过大"),
    "xml bomb": (xml_bomb, "展开后的内容过大"),
    "far cell": (far_cell, "超过 20000 行"),
    "far cell without address": (far_cell_unnamed, "超过 20000 行"),
    "wide cell": (wide_cell, "范围过大"),
    "billion laughs": (billion_laughs, "不允许的内容"),
    "outside entity": (outside_entity, "不允许的内容"),
    "entity in another encoding": (other_encoding, "不允许的内容"),
    "unclosed cells": (unclosed_cells, "无法读取"),
    "lying size": (lying_size, "损坏"),
    "many parts": (many_parts, "部件过多"),
    "encrypted parts": (encrypted_flag, "密码"),
    "encrypted book": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    "old xls": (lambda: OLE, "旧版 .xls"),
    "text file": ("姓名,身份证号".encode, "不是 .xlsx"),
    "half a file": (lambda: sound()[:2000], "损坏"),
    "another zip": (lambda: packed({"word/document.xml": b"<a/>"}), "不是 .xlsx"),
    "macros": (lambda: with_parts(**{"xl__vbaProject.bin": b"x"}), "宏"),
    "other books": (lambda: with_parts(**{"xl__externalLinks__externalLink1.xml": b"<a/>"}), "其他工作簿"),
    "path outside": (lambda: with_parts(**{"..__..__evil.xml": b"<a/>"}), "损坏"),
    "no sheet part": (
        lambda: packed({name: part for name, part in parts_of(sound()).items() if name != SHEET}),
        "无法读取",
    ),
    "no xml": (lambda: packed(parts_of(sound()) | {"xl/workbook.xml": b"<<<"}), "无法读取"),
    "too many people": (too_many_people, "20000 行"),
    "text flood": (text_flood, ""),
}


def mutated(content: bytes, *, seed: int) -> bytes:
    """Some bytes of the archive, or of a part inside it, changed, cut, doubled or moved."""
    chance = random.Random(seed)
    if chance.random() < 0.4:
        return _scrambled(content, chance)
    parts = parts_of(content)
    for name in chance.sample(sorted(parts), k=chance.randint(1, 3)):
        parts[name] = _scrambled(parts[name], chance)
    return packed(parts)


def _scrambled(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(max(1, len(data)))
        end = min(len(data), at + chance.randint(1, 60))
        match chance.randrange(5):
            case 0:
                data[at:end] = bytes(chance.randrange(256) for _ in range(end - at))
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * chance.randint(1, 50)
            case 3:
                digit = str(chance.choice([0, 1, 99, 10**6, 10**9, -1])).encode()
                data[at:end] = digit
            case 4:
                data[at:at] = chance.choice(
                    [b"<", b">", b'"', b"&#x0;", b"\x00", b"]]>", b'r="ZZZ1"', b"1E400"]
                )
    return bytes(data)
