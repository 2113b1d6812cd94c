"""The Word file from which a committee begins its own template, and what a template is tried with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from apps.documents.queries import TO_FILL_IN
from apps.documents.template_fields import FIELDS, Field, TemplateKind
from apps.ui.docx import Block, Document, Grid, Heading, Text

#: Texts that run over lines stand below a heading of their own.
LONG = {"会议情况", "指导思想", "工作目标", "保障措施", "有关要求"}
#: What one line of a list is called in the sample.
ONE = "项"
#: Whoever stands on this list signs beside his name.
ROLL, TO_WRITE = "名单", "签名"


def sample_of(kind: TemplateKind) -> Document:
    """Every field of this kind once, in the look of our own forms."""
    return Document(title=_named("标题"), blocks=list(_blocks(FIELDS[kind])))


def _named(name: str) -> str:
    return f"{{{{ {name} }}}}"


def _blocks(fields: Sequence[Field]) -> Iterator[Block]:
    plain: list[tuple[str, str]] = []
    for field in fields:
        if field.name == "标题":
            continue
        if field.parts or field.name in LONG:
            yield from _form(plain)
            plain = []
            yield Heading(field.name)
            yield from _list(field) if field.parts else [Text(_named(field.name), style="BodyText")]
        else:
            plain.append((field.name, _named(field.name)))
    yield from _form(plain)


def _form(lines: Sequence[tuple[str, str]]) -> Iterator[Block]:
    if lines:
        yield Grid(list(lines), widths=(1, 3))


def _list(field: Field) -> Iterator[Block]:
    if any(part.parts for part in field.parts):
        yield from _paragraphs(field, each=ONE)
        return
    names = [part.name for part in field.parts]
    to_write = [TO_WRITE] if field.name == ROLL else []
    rest = [TO_FILL_IN] * (len(names) + len(to_write) - 1)
    yield Grid(
        [
            [f"{{%tr for {ONE} in {field.name} %}}", *rest],
            [*(_named(f"{ONE}.{name}") for name in names), *(TO_FILL_IN for _ in to_write)],
            ["{%tr endfor %}", *rest],
        ],
        header=[*names, *to_write],
    )


def _paragraphs(field: Field, *, each: str, within: str = "") -> Iterator[Block]:
    yield Text(f"{{%p for {each} in {within}{field.name} %}}")
    for part in field.parts:
        if part.parts:
            yield from _paragraphs(part, each=part.name[:1], within=f"{each}.")
        else:
            yield Text(f"{part.name}：{_named(f'{each}.{part.name}')}", style="BodyText")
    yield Text("{%p endfor %}")


def trials_of(kind: TemplateKind) -> list[dict[str, Any]]:
    """A record in which nothing is filled in, and one in which everything is: both must come out."""
    return [_trial(FIELDS[kind], lines=0), _trial(FIELDS[kind], lines=2)]


def _trial(fields: Sequence[Field], *, lines: int) -> dict[str, Any]:
    return {
        field.name: [_trial(field.parts, lines=lines) for _ in range(lines)] if field.parts
        else f"〔{field.name}〕" if lines else ""
        for field in fields
    }  # fmt: skip
