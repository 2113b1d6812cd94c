"""What templates and assets may hold, so that the content security policy never has to give way."""

import re
from collections.abc import Iterator

from tests.structure.project import Breach, Page, Project, called

COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"""[\s"']on[a-z]+\s*=|\bhx-on\b|javascript:""", re.IGNORECASE)
REMOTE = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[\w{][\w.{-]*""", re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off")
UNESCAPED_CALLS = {"mark_safe", "SafeString", "safestring"}
JS_COMMENT = re.compile(r"""/\*.*?\*/|(?<![:'"(`])//[^\n]*""", re.DOTALL)
URL_IN_CODE = re.compile(r"""["'(](?:https?:)?//(?!www\.w3\.org/)[^"')\s]+|https?://(?!www\.w3\.org/)\S+""")


def no_inline_script(project: Project) -> Iterator[Breach]:
    yield from found(project.templates, pattern=INLINE_SCRIPT, text="no inline script: a file in static/")


def no_inline_style(project: Project) -> Iterator[Breach]:
    yield from found(project.templates, pattern=INLINE_STYLE, text="no inline style: a class in static/")


def no_inline_handler(project: Project) -> Iterator[Breach]:
    yield from found(project.templates, pattern=HANDLER, text="no handler in the page: listen from a script")


def no_remote_reference(project: Project) -> Iterator[Breach]:
    yield from found(project.templates, pattern=REMOTE, text="nothing leaves the machine")
    for page in project.assets:
        code = blank(page.source, JS_COMMENT)
        for match in URL_IN_CODE.finditer(code):
            yield Breach(page.path, page.line_of(match.start()), match.group(), "nothing leaves the machine")


def no_unescaped_text(project: Project) -> Iterator[Breach]:
    yield from found(project.templates, pattern=UNESCAPED, text="what people type stays escaped")
    for module in project.product:
        for call in module.calls():
            if called(call) in UNESCAPED_CALLS:
                yield module.breach(call, symbol=called(call), text="build HTML with format_html")


def found(pages: list[Page], *, pattern: re.Pattern[str], text: str) -> Iterator[Breach]:
    for page in pages:
        for match in pattern.finditer(blank(page.source, COMMENT)):
            yield Breach(page.path, page.line_of(match.start()), match.group().strip(), text)


def blank(source: str, pattern: re.Pattern[str]) -> str:
    """The text without what matches, every line where it was."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), source)
