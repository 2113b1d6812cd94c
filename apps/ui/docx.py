"""Word documents as offices lay them out (GB/T 9704): A4, 黑体 headings, 仿宋 text, pages numbered "— 1 —".

Written as plain WordprocessingML: paragraphs and ruled tables are all that a listing needs, and thousands of
rows take no longer than a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from apps.ui.export import NOT_IN_XML
from apps.ui.html import shown

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: A4 less the margins of an official document (28 mm left, 26 mm right), in twentieths of a point.
TEXT_WIDTH = 8844
SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/>'
    '<w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="1134" w:footer="1134"'
    ' w:gutter="0"/></w:sectPr>'
)
#: Units that lack the government's typefaces have their common stand-ins.
STAND_INS = {"方正小标宋简体": "宋体", "仿宋_GB2312": "仿宋", "黑体": "SimHei", "宋体": "SimSun"}
CENTRED, TO_THE_RIGHT = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'
TIGHT = '<w:spacing w:before="20" w:after="20" w:line="320" w:lineRule="exact"/>'
TITLE = f'<w:spacing w:before="120" w:after="360"/>{CENTRED}'
HEADING = '<w:keepNext/><w:spacing w:before="320" w:after="120"/><w:outlineLvl w:val="0"/>'
#: style → (name, typeface, size in half points, further paragraph properties)
STYLES = {
    "Title": ("Title", "方正小标宋简体", 44, TITLE),
    "Heading1": ("heading 1", "黑体", 32, HEADING),
    "Cell": ("Cell", "仿宋_GB2312", 24, TIGHT),
    "CellHead": ("Cell Head", "黑体", 24, TIGHT),
    "Header": ("header", "仿宋_GB2312", 21, TO_THE_RIGHT),
    "Footer": ("footer", "宋体", 28, CENTRED),
}
LATIN = 'w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"'
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Grid:
    """A ruled table; without a header its first column is the label of the second."""

    rows: Iterable[Sequence[Any]]
    header: Sequence[str] = ()
    #: Shares of the width, one a column; equal shares where there are none.
    widths: Sequence[int] = ()


Block = Heading | Text | Grid


@dataclass(frozen=True, kw_only=True)
class Document:
    title: str
    #: Stands small above every page.
    running_head: str
    blocks: Iterable[Block]


def document_bytes(document: Document) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        for name, content in _parts(document).items():
            package.writestr(name, DECLARATION + content)
    return buffer.getvalue()


def _parts(document: Document) -> dict[str, str]:
    head = f'<w:hdr xmlns:w="{W}">{_paragraph(document.running_head, style="Header")}</w:hdr>'
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    inner = f'<w:pPr><w:pStyle w:val="Footer"/></w:pPr>{_run("— ")}{number}{_run(" —")}'
    foot = f'<w:ftr xmlns:w="{W}"><w:p>{inner}</w:p></w:ftr>'
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": _relations(
            {
                "rId1": ("styles", "styles.xml"),
                "rId2": ("fontTable", "fontTable.xml"),
                "rId3": ("header", "header1.xml"),
                "rId4": ("footer", "footer1.xml"),
            }
        ),
        "word/document.xml": _body(document),
        "word/styles.xml": _styles(),
        "word/fontTable.xml": _fonts(),
        "word/header1.xml": head,
        "word/footer1.xml": foot,
    }


def _body(document: Document) -> str:
    pieces = [_paragraph(document.title, style="Title")]
    for block in document.blocks:
        pieces += _table(block) if isinstance(block, Grid) else [_text(block)]
    # Word wants a paragraph after the last table.
    body = "".join([*pieces, "<w:p/>", SECTION])
    return f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'


def _text(block: Heading | Text) -> str:
    return _paragraph(block.text, style="Heading1" if isinstance(block, Heading) else "")


def _paragraph(text: Any, *, style: str) -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{_run(str(text))}</w:p>"


def _run(text: str) -> str:
    lines = NOT_IN_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return f"<w:r>{'<w:br/>'.join(_line(line) for line in lines)}</w:r>"


def _line(line: str) -> str:
    return f'<w:t xml:space="preserve">{escape(line)}</w:t>'


def _table(grid: Grid) -> Iterator[str]:
    shares = grid.widths or (1,) * len(grid.header) or (1, 3)
    widths = [TEXT_WIDTH * share // sum(shares) for share in shares]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{BORDERS}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
    )
    if grid.header:
        yield _row(grid.header, widths=widths, is_header=True)
    for row in grid.rows:
        yield _row(row, widths=widths, label_first=not grid.header)
    yield "</w:tbl>"


def _row(
    cells: Sequence[Any], *, widths: Sequence[int], is_header: bool = False, label_first: bool = False
) -> str:
    found = []
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        style = "CellHead" if is_header or (label_first and number == 0) else "Cell"
        size = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        found.append(f"<w:tc>{size}{_paragraph(shown(cell), style=style)}</w:tc>")
    repeated = "<w:tblHeader/>" if is_header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(found)}</w:tr>"


def _letters(typeface: str, *, size: int) -> str:
    font = f"<w:rFonts {LATIN} w:eastAsia={quoteattr(typeface)}/>"
    return f'{font}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def _styles() -> str:
    usual = f'<w:rPr>{_letters("仿宋_GB2312", size=32)}<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    normal = (
        f"<w:docDefaults><w:rPrDefault>{usual}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    )
    others = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"<w:pPr>{layout}</w:pPr><w:rPr>{_letters(font, size=size)}</w:rPr></w:style>"
        for key, (name, font, size, layout) in STYLES.items()
    )
    return f'<w:styles xmlns:w="{W}">{normal}{others}</w:styles>'


def _fonts() -> str:
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/></w:font>"
        for name, other in STAND_INS.items()
    )
    return f'<w:fonts xmlns:w="{W}">{fonts}</w:fonts>'


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def _content_types() -> str:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = {"document": "document.main", "styles": "styles", "fontTable": "fontTable"}
    parts |= {"header1": "header", "footer1": "footer"}
    found = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{main}.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{found}</Types>'
    )
