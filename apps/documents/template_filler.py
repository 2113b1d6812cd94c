"""Checks and fills one uploaded Word template in a process of its own, so that a hostile file can hurt
nothing else (security.md T09).

Run as `python -m apps.documents.template_filler TEMPLATE TARGET`; on standard input JSON: `contexts`, each
a dict of text, lists and dicts, which are filled in one after the other, the last one staying in TARGET;
and `note`, a line for the end of the document. Standard library, docxtpl and jinja2 only. It limits its own
memory and time, checks the zip before any parser sees it, and prints one JSON object: `{"error": …}` or
`{"used": [the fields of the template]}`. Whatever goes wrong unforeseen ends the process; `template_file`
words that.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # Windows has no such limits; the wall clock of the parent still holds there.
    resource = None  # type: ignore[assignment]

from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment, SecurityError
from lxml import etree
from markupsafe import Markup, escape

MAX_FILE = 3 * 1024 * 1024
MAX_PARTS = 400
MAX_UNPACKED = 40 * 1024 * 1024
MAX_MEMORY = 640 * 1024 * 1024
MAX_CPU_SECONDS = 15
MAX_WRITTEN = 30 * 1024 * 1024

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DECLARATION = re.compile(rb"<!(doctype|entity)", re.IGNORECASE)
ACTIVE_NAMES = ("vbaproject", "vbadata", "/activex/", "/embeddings/", "/afchunk", ".bin")
HARMLESS_BINARIES = re.compile(r"/printersettings\d*\.bin$")
ACTIVE_TYPES = re.compile(rb"macroenabled|vbaproject|activex|template\.main", re.IGNORECASE)
EXTERNAL = re.compile(rb'TargetMode\s*=\s*["\']External', re.IGNORECASE)
FOREIGN_CHUNK = re.compile(rb"<(?:\w+:)?altChunk\b")
INSTRUCTIONS = re.compile(rb'<(?:\w+:)?instrText\b[^<>]*>([^<]*)<|\b(?:\w+:)?instr\s*=\s*"([^"]*)"')
#: Fields by which Word fetches something from elsewhere, or starts a program.
FETCHING = re.compile(
    rb"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON|RD)\b", re.IGNORECASE
)
#: What docxtpl would write into the document as it is, outside of any paragraph.
RAW_TAG = re.compile(r"\{\{\s*(?:r|p|tr|tc)\s")
TAGS = re.compile(r"<[^>]+>")
#: docxtpl turns these into the marks of a template once it has filled in; in a text they are just text.
LOOKALIKES = (("{_{", "{&#95;{"), ("}_}", "}&#95;}"), ("{_%", "{&#95;%"), ("%_}", "%&#95;}"))
#: A template chooses, repeats and counts; it needs no more of jinja than this.
FILTERS = ("default", "first", "last", "length", "join", "list", "replace", "trim", "truncate", "upper")

PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
LONGEST_PROPERTY = 255

DAMAGED = "文件已损坏或不是 .docx，请用 WPS 或 Word 打开后另存为 .docx 再上传。"
AFRESH = "请新建一个空白文档，把内容复制进去，另存为 .docx 再上传。"
TOO_BIG = "模板填写后的内容过大或填写太慢，请减少循环和图片。"
MISPLACED = (
    "循环或判断的标记放错了位置：{%tr …%} 要单独占表格的一行，{%p …%} 要单独占一段，开始和结束要成对。"
)


class Unusable(Exception):
    """Carries the Chinese sentence for the user."""


class Fields(SandboxedEnvironment):
    """Nothing but plain values can be reached: fields of dicts, the counter of a loop, macros of its own."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=as_text)
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.globals = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, dict):
            return self.getattr(obj, str(argument))
        if isinstance(obj, list | str) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.unsafe_undefined(obj, str(argument))

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, Macro)


def as_text(value: Any) -> Markup:
    """Escaped whatever the template says of escaping, and in no way a mark of a template."""
    text = str(escape(value))
    for mark, harmless in LOOKALIKES:
        text = text.replace(mark, harmless)
    return Markup(text)  # noqa: S704 - escaped two lines above


class Template(DocxTemplate):
    def fix_tables(self, xml: str) -> Any:
        """The parser of docxtpl mends broken XML by dropping what does not fit; better to say so."""
        etree.fromstring(xml.encode())
        return super().fix_tables(xml)

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Plain text of a limited length, not XML as in the parts of the document."""
        known = self.docx.core_properties
        for name in PROPERTIES:
            text = jinja_env.from_string(getattr(known, name)).render(context)
            setattr(known, name, unescape(text)[:LONGEST_PROPERTY])


def limit_myself() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_WRITTEN, MAX_WRITTEN))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_file(path: Path) -> None:
    """Pre-flight: refuse what is no plain .docx within the limits."""
    if path.stat().st_size > MAX_FILE:
        raise Unusable("文件超过 3 MB，请缩小或删去图片后再上传。")
    content = path.read_bytes()
    if not content:
        raise Unusable("文件是空的。")
    if content.startswith(OLE_MAGIC):
        if ENCRYPTED in content:
            raise Unusable("文件设有打开密码，请取消密码后另存再上传。")
        raise Unusable("这是旧版 .doc 文件（只改扩展名不行），请用 WPS 或 Word 打开后另存为 .docx 再上传。")
    if not content.startswith(b"PK"):
        raise Unusable(DAMAGED)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Unusable(DAMAGED) from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_PARTS:
        raise Unusable(f"文件内部的部件过多。{AFRESH}")
    _check_names([entry.filename.lower() for entry in entries])
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unusable("文件设有密码，请取消密码后另存再上传。")
    left = MAX_UNPACKED
    for entry in entries:
        content = _unpack(archive, entry, limit=left)
        left -= len(content)
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_part(entry.filename.lower(), content)


def _check_names(names: list[str]) -> None:
    if len(set(names)) != len(names) or not {"[content_types].xml", "word/document.xml"} <= set(names):
        raise Unusable(DAMAGED)
    for name in names:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise Unusable(DAMAGED)
        if any(mark in f"/{name}" for mark in ACTIVE_NAMES) and not HARMLESS_BINARIES.search(f"/{name}"):
            raise Unusable(f"文件带有宏、控件或嵌入的文件。{AFRESH}")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, limit: int) -> bytes:
    """Read one part, counting while reading: what the file says of its own size is not believed."""
    pieces, size = [], 0
    with archive.open(entry) as part:
        while piece := part.read(256 * 1024):
            size += len(piece)
            if size > limit:
                raise Unusable("文件展开后的内容过大，请删去图片后再上传。")
            pieces.append(piece)
    return b"".join(pieces)


def _check_part(name: str, content: bytes) -> None:
    if b"\x00" in content[:200] or DECLARATION.search(content):
        raise Unusable(f"文件内部含有不允许的内容。{AFRESH}")
    if name == "[content_types].xml" and ACTIVE_TYPES.search(content):
        raise Unusable(f"文件带有宏，或者是 .dotx、.docm 另改的扩展名。{AFRESH}")
    if name.endswith(".rels") and EXTERNAL.search(content):
        raise Unusable(f"文件连着外部的网址、图片或模板。{AFRESH}")
    fetched = b"".join(first or second for first, second in INSTRUCTIONS.findall(content))
    if FOREIGN_CHUNK.search(content) or FETCHING.search(fetched):
        raise Unusable(f"文件里有从别处取内容的域。{AFRESH}")


def fill(source: Path, target: Path, *, contexts: list[dict[str, Any]], note: str) -> list[str]:
    """Fills in each context, so that a fault in any of them shows. Returns which fields the template has."""
    used: set[str] = set()
    for context in contexts:
        template, environment = Template(str(source)), Fields()
        template.init_docx()
        if RAW_TAG.search(TAGS.sub("", template.get_xml())):
            raise Unusable("栏目要写成 {{ 栏目 }}，前面不加 r、p、tr、tc。")
        used |= set(template.get_undeclared_template_variables(jinja_env=environment))
        if unknown := sorted(used - context.keys()):
            raise Unusable(f"模板里有系统不认识的栏目：{'、'.join(unknown[:10])}。请对照栏目表改正。")
        template.render(context, jinja_env=environment, autoescape=True)
        if note:
            template.docx.add_paragraph(note)
        template.save(str(target))
    return sorted(used)


def worded(error: Exception) -> str:
    if isinstance(error, Unusable):
        return str(error)
    if isinstance(error, SecurityError):
        return "模板里有不允许的写法：只能用栏目、循环和判断，不能调用程序。"
    if isinstance(error, UndefinedError):
        names = re.findall(r"'([^']*)'", str(error))
        return f"模板里有系统不认识的栏目：{names[-1] if names else '？'}。请对照栏目表改正。"
    if isinstance(error, TemplateSyntaxError):
        place = "".join(_places(error))[:60]
        return f"模板里有标记写得不对{f'，在“{place}”附近' if place else ''}。请对照样例改正。"
    if isinstance(error, MemoryError | RecursionError | OverflowError):
        return TOO_BIG
    return MISPLACED


def _places(error: TemplateSyntaxError) -> Iterator[str]:
    """The words around the fault, as docxtpl gathered them."""
    for line in getattr(error, "docx_context", ()):
        if "{" in line:
            yield line.strip()


#: What a file or the words in it can do to the libraries; anything else ends the process.
FAULTS = (
    Unusable,
    TemplateError,
    OpcError,
    etree.LxmlError,
    SyntaxError,
    LookupError,
    TypeError,
    ValueError,
    ArithmeticError,
    AttributeError,
    MemoryError,
    RecursionError,
)


def main(source: Path, target: Path) -> dict[str, Any]:
    limit_myself()
    told = json.load(sys.stdin)
    try:
        check_file(source)
        return {"used": fill(source, target, contexts=told["contexts"], note=told["note"])}
    except FAULTS as error:
        return {"error": worded(error)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2])), ensure_ascii=False))  # noqa: T201 - its answer
