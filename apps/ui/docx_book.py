"""What a Word document of many parts needs beyond paragraphs and tables: a contents page whose lines are
there from the start, headings that stand in it, and pages that lie across.

Plain WordprocessingML, as in `docx`, which puts it into its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

#: A4 less the margins of an official document (28 mm left, 26 mm right), in twentieths of a point.
TEXT_WIDTH = 8844
#: The same paper turned: what was above the text is now on its right.
WIDTH_ACROSS = 12756
REFERENCES = (
    '<w:headerReference w:type="default" r:id="rId3"/><w:headerReference w:type="even" r:id="rId3"/>'
    '<w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>'
)
UPRIGHT = (
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="1134" w:footer="1304"'
    ' w:gutter="0"/>'
)
ACROSS = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="1588" w:right="2098" w:bottom="1474" w:left="1984" w:header="850" w:footer="794"'
    ' w:gutter="0"/>'
)
#: The styles of the headings that stand in the contents, the highest first; Word's field names them, too.
CHAPTERS = ("Part", "Chapter")
HYPERLINK = "\\h"
TABLE_OF_CONTENTS = ' TOC \\h \\z \\t "Part,1,Chapter,2" '


@dataclass(frozen=True)
class Chapter:
    """A heading that stands in the contents: 1 for a part, 2 for what is in it."""

    text: str
    level: int = 1
    new_page: bool = True


@dataclass(frozen=True)
class Turn:
    """What follows stands on new pages, across the paper or upright again."""

    across: bool


@dataclass(frozen=True)
class Contents:
    """The page that lists every Chapter of the document, those before it and those to come."""

    title: str = "目　　录"


def section(*, across: bool, with_cover: bool = False) -> str:
    """`with_cover`: the first page bears neither head nor number."""
    cover = "<w:titlePg/>" if with_cover else ""
    return f"<w:sectPr>{REFERENCES}{ACROSS if across else UPRIGHT}{cover}</w:sectPr>"


def turned(*, across: bool, with_cover: bool) -> str:
    """A paragraph too low to be seen, which ends the pages of one kind: what follows is of the other."""
    low = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return f"<w:p><w:pPr>{low}{section(across=across, with_cover=with_cover)}</w:pPr></w:p>"


def chapter(block: Chapter, *, number: int) -> str:
    """`number` counts the chapters of a document; its place is known by it."""
    new_page = "<w:pageBreakBefore/>" if block.new_page else ""
    mark = f'<w:bookmarkStart w:id="{number}" w:name="{_place(number)}"/>'
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{CHAPTERS[block.level - 1]}"/>{new_page}</w:pPr>'
        f'{mark}{_words(block.text)}<w:bookmarkEnd w:id="{number}"/></w:p>'
    )


def contents(block: Contents, *, chapters: Iterable[Chapter]) -> str:
    """Word's own table of contents with its lines filled in. Page numbers are fields: a program that lays
    the pages out (the PDF) fills them in, Word does when it is told to update the table."""
    lines = [_line(one, number=number) for number, one in enumerate(chapters, start=1)]
    body = "".join(lines).replace("<w:hyperlink", f"{_START}<w:hyperlink", 1)
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        "</w:docPartObj></w:sdtPr><w:sdtContent>"
        '<w:p><w:pPr><w:pStyle w:val="ContentsTitle"/><w:pageBreakBefore/></w:pPr>'
        f"{_words(block.title)}</w:p>{body}{_END if lines else '<w:p/>'}</w:sdtContent></w:sdt>"
    )


def laid_out(content: bytes) -> bytes:
    """The same file for a program that makes pages of it: LibreOffice fills in the numbers of the contents
    only where no table of contents stands around them."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as package, ZipFile(out, "w", ZIP_DEFLATED) as copy:
        for name in package.namelist():
            part = package.read(name)
            if name == "word/document.xml":
                part = part.replace(_START.encode(), b"").replace(_END.encode(), b"<w:p/>")
            elif name == "word/styles.xml":
                part = part.replace(b'<w:tab w:val="right" ', b'<w:tab w:val="right" w:leader="dot" ')
            copy.writestr(name, part)
    return out.getvalue()


def _line(block: Chapter, *, number: int) -> str:
    reference = _instruction(f" PAGEREF {_place(number)} {HYPERLINK} ")
    page = f"{_field('begin')}{reference}{_field('separate')}{_field('end')}"
    return (
        f'<w:p><w:pPr><w:pStyle w:val="TOC{block.level}"/></w:pPr>'
        f'<w:hyperlink w:anchor="{_place(number)}" w:history="1">{_words(block.text)}'
        f"<w:r><w:tab/></w:r>{page}</w:hyperlink></w:p>"
    )


def _place(number: int) -> str:
    return f"_Toc{number:08d}"


def _words(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _instruction(words: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{escape(words)}</w:instrText></w:r>'


_START = f"{_field('begin')}{_instruction(TABLE_OF_CONTENTS)}{_field('separate')}"
_END = f"<w:p>{_field('end')}</w:p>"
