"""Word documents as offices lay them out (GB/T 9704-2012): A4, the title in 小标宋, headings in 黑体
and 楷体, text in 仿宋 on lines of 28 pt, pages numbered "— 1 —" on the outer side.

Written as plain WordprocessingML: paragraphs and ruled tables are all that a document of ours needs, and
thousands of rows take no longer than a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from apps.ui.docx_book import (
    TEXT_WIDTH,
    WIDTH_ACROSS,
    Chapter,
    Contents,
    Turn,
    chapter,
    contents,
    section,
    turned,
)
from apps.ui.docx_package import PACKAGE, R, content_types, package_relations, relations
from apps.ui.export import NOT_IN_XML, file_name
from apps.ui.html import shown

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: Units that lack the government's typefaces have their common stand-ins.
STAND_INS = {
    "方正小标宋简体": "宋体",
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "黑体": "SimHei",
    "宋体": "SimSun",
}
CENTRED, TO_THE_RIGHT = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'
TIGHT = '<w:spacing w:before="50" w:after="50" w:line="320" w:lineRule="exact"/>'
DENSE = '<w:spacing w:before="40" w:after="40" w:line="280" w:lineRule="exact"/>'
TITLE = f'<w:spacing w:before="120" w:after="360"/>{CENTRED}'
COVER = f'<w:spacing w:before="1400" w:after="480"/>{CENTRED}'
#: Lines of 28 pt; the first begins two characters further in.
LINES = 'w:line="560" w:lineRule="exact"'
INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
BODY = f"<w:spacing {LINES}/>{INDENT}"
HEADING = f'<w:keepNext/><w:spacing w:before="160" w:after="80" {LINES}/>{INDENT}<w:outlineLvl w:val="%s"/>'
#: Who signs and when stay on one page.
SIGNED = f'<w:keepNext/><w:spacing w:before="240" {LINES}/>'
#: A line of the contents: the number of the page stands at the right edge.
TOC_TAB = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'
TOC = f'{TOC_TAB}<w:spacing w:line="480" w:lineRule="exact"/>'
#: The number of the page stands on the outer side, one character from the edge of the text.
ON_THE_RIGHT = f'<w:ind w:rightChars="100" w:right="280"/>{TO_THE_RIGHT}'
ON_THE_LEFT = '<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>'
#: style → (name, typeface, size in half points, further paragraph properties)
STYLES = {
    "Title": ("Title", "方正小标宋简体", 44, TITLE),
    "Subtitle": ("Subtitle", "楷体_GB2312", 32, f'<w:keepNext/><w:spacing w:after="240" {LINES}/>{CENTRED}'),
    "Heading1": ("heading 1", "黑体", 32, HEADING % 0),
    "Heading2": ("heading 2", "楷体_GB2312", 32, HEADING % 1),
    "BodyText": ("Body Text", "仿宋_GB2312", 32, BODY),
    "Note": ("Note", "仿宋_GB2312", 24, f'<w:spacing w:before="120" {LINES}/>'),
    "Flush": ("Flush", "仿宋_GB2312", 32, f"<w:spacing {LINES}/>"),
    "Signature": ("Signature", "仿宋_GB2312", 32, f"{SIGNED}{TO_THE_RIGHT}"),
    "Cell": ("Cell", "仿宋_GB2312", 24, TIGHT),
    "CellMiddle": ("Cell Middle", "仿宋_GB2312", 24, f"{TIGHT}{CENTRED}"),
    "CellHead": ("Cell Head", "黑体", 24, f"{TIGHT}{CENTRED}"),
    "DenseCell": ("Dense Cell", "仿宋_GB2312", 21, f"{DENSE}{CENTRED}"),
    "DenseText": ("Dense Text", "仿宋_GB2312", 21, DENSE),
    "DenseCellHead": ("Dense Cell Head", "黑体", 21, f"{DENSE}{CENTRED}"),
    "CoverTitle": ("Cover Title", "方正小标宋简体", 72, COVER),
    "Part": ("Part", "方正小标宋简体", 44, f'<w:keepNext/>{TITLE}<w:outlineLvl w:val="0"/>'),
    "Chapter": ("Chapter", "方正小标宋简体", 36, f'<w:keepNext/>{TITLE}<w:outlineLvl w:val="1"/>'),
    "ContentsTitle": ("Contents Title", "方正小标宋简体", 44, TITLE),
    "TOC1": ("toc 1", "黑体", 28, TOC),
    "TOC2": ("toc 2", "仿宋_GB2312", 28, f'{TOC}<w:ind w:leftChars="200" w:left="560"/>'),
    "Header": ("header", "仿宋_GB2312", 21, TO_THE_RIGHT),
    "Footer": ("footer", "宋体", 28, ON_THE_RIGHT),
    "FooterEven": ("Footer Even", "宋体", 28, ON_THE_LEFT),
}
#: On one page with what follows. A line that is signed says so near its beginning.
KEPT, TO_SIGN, MOST_BEFORE_SIGN = "<w:keepNext/>", "（签字）", 16
#: Running text keeps away from the ruled lines of a table before it or after it.
NEXT_TO_TABLE, ROOM = {"BodyText": INDENT, "Flush": ""}, 120
#: Word wants a paragraph after the last table; too low to begin a page of its own.
LAST_LINE = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
#: Where chapters stand above them, the headings of a paper are of the third level and the fourth.
STYLES_BELOW_CHAPTERS = STYLES | {
    f"Heading{level}": (*STYLES[f"Heading{level}"][:3], HEADING % (level + 1)) for level in (1, 2)
}
#: Longer words of a dense table are read from the left.
ONE_LINE = 12
#: Between the rule and the words of a dense table, in twentieths of a point.
CLOSE = '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
#: What a reader is told where something typed cannot stand in a document.
LEFT_OUT = "注：原文中有文档不能保存的控制字符，已略去，其余文字未作改动。"
LATIN = 'w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"'
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    text: str
    #: A key of STYLES.
    style: str = ""
    #: Before it and after it, in twentieths of a point, where a table is near; set by the writer itself.
    room: tuple[int, int] = (0, 0)
    #: On one page with what follows; set by the writer itself.
    kept: bool = False


@dataclass(frozen=True)
class Grid:
    """A ruled table; without a header it is a form, and its columns `labels` name what stands beside them."""

    rows: Iterable[Sequence[Any]]
    header: Sequence[str] = ()
    #: Shares of the width, one a column; equal shares where there are none.
    widths: Sequence[int] = ()
    #: At least so high is a row that people write into, in twentieths of a point.
    row_height: int = 0
    #: Many narrow columns: smaller letters, words of a line in the middle of their cells.
    dense: bool = False
    labels: Sequence[int] = (0,)
    #: Its last row stands on one page with what follows; set by the writer itself.
    kept: bool = False


Block = Heading | Text | Grid | Chapter | Turn | Contents


@dataclass(frozen=True, kw_only=True)
class Document:
    title: str
    blocks: Iterable[Block]
    #: A book begins with a cover: a large title on a page without a number.
    has_cover: bool = False
    #: Stands small above every page.
    running_head: str = ""
    #: Who had it written and when, for the properties of the file.
    author: str = ""
    written_at: datetime | None = None


def prose(text: str, *, style: str = "BodyText") -> list[Text]:
    """Running text: every line that was typed becomes a paragraph."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [Text(line, style=style) for line in lines]


def chinese(number: int) -> str:
    """1 to 99 as headings count."""
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    first = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return first + (digits[ones] if ones or not tens else "")


def document_response(filename: str, content: bytes) -> HttpResponse:
    """A download named `filename` (Chinese is fine; .docx is added)."""
    disposition = content_disposition_header(as_attachment=True, filename=f"{file_name(filename)}.docx")
    return HttpResponse(content, content_type=CONTENT_TYPE, headers={"Content-Disposition": str(disposition)})


def document_bytes(document: Document) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        for name, content in _parts(document).items():
            package.writestr(name, DECLARATION + NOT_IN_XML.sub("", content))
    return buffer.getvalue()


def _parts(document: Document) -> dict[str, str]:
    head = f'<w:hdr xmlns:w="{W}">{_paragraph(document.running_head, style="Header")}</w:hdr>'
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": package_relations(),
        "docProps/core.xml": _properties(document),
        "word/_rels/document.xml.rels": relations(
            {
                "rId1": ("styles", "styles.xml"),
                "rId2": ("fontTable", "fontTable.xml"),
                "rId3": ("header", "header1.xml"),
                "rId4": ("footer", "footer1.xml"),
                "rId5": ("footer", "footer2.xml"),
                "rId6": ("settings", "settings.xml"),
            }
        ),
        "word/document.xml": _body(document),
        "word/styles.xml": _styles(STYLES_BELOW_CHAPTERS if document.has_cover else STYLES),
        "word/fontTable.xml": _fonts(),
        "word/header1.xml": head,
        "word/footer1.xml": _foot("Footer"),
        "word/footer2.xml": _foot("FooterEven"),
        "word/settings.xml": f'<w:settings xmlns:w="{W}"><w:evenAndOddHeaders/></w:settings>',
    }


def _foot(style: str) -> str:
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    inner = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run("— ")}{number}{_run(" —")}'
    return f'<w:ftr xmlns:w="{W}"><w:p>{inner}</w:p></w:ftr>'


def _properties(document: Document) -> str:
    """Who and when, as Word shows them under the properties of a file."""
    author = escape(document.author)
    moments = ""
    if document.written_at:
        when = f'xsi:type="dcterms:W3CDTF">{document.written_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'
        moments = "".join(f"<dcterms:{name} {when}</dcterms:{name}>" for name in ("created", "modified"))
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(document.title)}</dc:title><dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy>{moments}</cp:coreProperties>"
    )


def _body(document: Document) -> str:
    pieces = [_paragraph(document.title, style="CoverTitle" if document.has_cover else "Title")]
    chapters: list[Chapter] = []
    across, with_cover, contents_at = False, document.has_cover, {}
    for block in _apart(document.blocks):
        if isinstance(block, Turn):
            pieces.append(turned(across=across, with_cover=with_cover))
            across, with_cover = block.across, False
        elif isinstance(block, Contents):
            contents_at[len(pieces)] = block
            pieces.append("")
        elif isinstance(block, Chapter):
            chapters.append(block)
            pieces.append(chapter(block, number=len(chapters)))
        elif isinstance(block, Grid):
            pieces += _table(block, width=WIDTH_ACROSS if across else TEXT_WIDTH)
        else:
            pieces.append(_text(block))
    for place, block in contents_at.items():
        pieces[place] = contents(block, chapters=chapters)
    if any(NOT_IN_XML.search(piece) for piece in pieces):
        pieces.append(_paragraph(LEFT_OUT, style="Cell"))
    body = "".join([*pieces, LAST_LINE, section(across=across, with_cover=with_cover)])
    return f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'


def _apart(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, running text with some room where a table is its neighbour; no page begins with the lines
    that are signed."""
    every = [None, *blocks, None]
    for before, block, after in zip(every, every[1:], every[2:], strict=False):
        if isinstance(block, Text):
            near_table = block.style in NEXT_TO_TABLE
            room = (
                ROOM * (near_table and isinstance(before, Grid)),
                ROOM * (near_table and isinstance(after, Grid)),
            )
            yield replace(block, room=room, kept=_is_signed(after))
        elif isinstance(block, Grid):
            yield replace(block, kept=_is_signed(after))
        elif block is not None:
            yield block


def _is_signed(block: Block | None) -> bool:
    return isinstance(block, Text) and (
        block.style == "Signature" or TO_SIGN in block.text[:MOST_BEFORE_SIGN]
    )


def _text(block: Heading | Text) -> str:
    style = f"Heading{block.level}" if isinstance(block, Heading) else block.style
    layout = ""
    if isinstance(block, Text):
        layout = KEPT if block.kept else ""
        if any(block.room):
            space = 'w:before="{}" w:after="{}"'.format(*block.room)
            layout += f"<w:spacing {space} {LINES}/>{NEXT_TO_TABLE[style]}"
    return _paragraph(block.text, style=style, layout=layout)


def _paragraph(text: Any, *, style: str, layout: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/>{layout}</w:pPr>' if style else ""
    return f"<w:p>{properties}{_run(str(text))}</w:p>"


def _run(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return f"<w:r>{'<w:br/>'.join(_line(line) for line in lines)}</w:r>"


def _line(line: str) -> str:
    return f'<w:t xml:space="preserve">{escape(line)}</w:t>'


def _table(grid: Grid, *, width: int) -> Iterator[str]:
    shares = grid.widths or (1,) * len(grid.header) or (1, 3)
    widths = [width * share // sum(shares) for share in shares]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{BORDERS}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{CLOSE if grid.dense else ""}</w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>"
    )
    if grid.header:
        yield _row(grid.header, widths=widths, is_header=True, dense=grid.dense)
    labels = () if grid.header else grid.labels
    every = list(grid.rows)
    for number, row in enumerate(every, start=1):
        kept = grid.kept and number == len(every)
        yield _row(row, widths=widths, labels=labels, height=grid.row_height, dense=grid.dense, kept=kept)
    yield "</w:tbl>"


def _row(
    cells: Sequence[Any],
    *,
    widths: Sequence[int],
    is_header: bool = False,
    labels: Sequence[int] = (),
    height: int = 0,
    dense: bool = False,
    kept: bool = False,
) -> str:
    found, layout = [], KEPT if kept or is_header else ""
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        is_label = is_header or number in labels
        style = "CellHead" if is_label else "CellMiddle" if isinstance(cell, int) else "Cell"
        if dense:
            style = _dense(shown(cell), is_label=is_label)
        size = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        found.append(f"<w:tc>{size}{_paragraph(shown(cell), style=style, layout=layout)}</w:tc>")
    # A form holds whole paragraphs, which may well be longer than what is left of a page.
    how = "" if labels else "<w:cantSplit/>"
    how += f'<w:trHeight w:val="{height}"/>' if height else ""
    how += "<w:tblHeader/>" if is_header else ""
    return f"<w:tr><w:trPr>{how}</w:trPr>{''.join(found)}</w:tr>"


def _dense(words: Any, *, is_label: bool) -> str:
    if is_label:
        return "DenseCellHead"
    return "DenseText" if len(str(words)) > ONE_LINE else "DenseCell"


def _letters(typeface: str, *, size: int) -> str:
    font = f"<w:rFonts {LATIN} w:eastAsia={quoteattr(typeface)}/>"
    return f'{font}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def _styles(styles: Mapping[str, tuple[str, str, int, str]]) -> str:
    usual = f'<w:rPr>{_letters("仿宋_GB2312", size=32)}<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    normal = (
        f"<w:docDefaults><w:rPrDefault>{usual}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    )
    others = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"<w:pPr>{layout}</w:pPr><w:rPr>{_letters(font, size=size)}</w:rPr></w:style>"
        for key, (name, font, size, layout) in styles.items()
    )
    return f'<w:styles xmlns:w="{W}">{normal}{others}</w:styles>'


def _fonts() -> str:
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/></w:font>"
        for name, other in STAND_INS.items()
    )
    return f'<w:fonts xmlns:w="{W}">{fonts}</w:fonts>'
