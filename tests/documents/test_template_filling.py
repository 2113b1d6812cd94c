"""What an uploaded template may do, and what it may not: nothing runs, nothing is lost (security.md T09)."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, TemplateError

from apps.documents import template_file, template_filler
from apps.documents.facts_samples import sample_of, trials_of
from apps.documents.template_fields import FIELDS, TemplateKind
from apps.documents.template_file import BadTemplate, fill_template
from apps.ui.docx import LEFT_OUT, document_bytes
from apps.ui.export import NOT_IN_XML
from tests.documents.reading import HOSTILE
from tests.documents.templates import changed, paragraphs, template_of

CONTEXT = {"标题": "记录", "地点": "会议室", "名单": [{"姓名": "卫青松"}, {"姓名": "郑明"}], "空": ""}
#: Ways out of a template, as they are known; `@` stands for a file that must not come to be.
PAYLOADS = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ 地点.__class__ }}",
    "{{ 名单.__class__.__base__ }}",
    "{{ 标题['__class__'] }}",
    "{{ 名单|attr('__class__') }}",
    "{{ lipsum.__globals__['os'].popen('touch @').read() }}",
    "{{ cycler.__init__.__globals__.os.system('touch @') }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ namespace.__init__ }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ 地点.format.__globals__ }}",
    "{{ '{0.__class__}'.format(地点) }}",
    "{{ '%s' % 地点.encode }}",
    "{{ 名单.append(1) }}",
    "{{ 名单.clear() }}",
    "{{ range(99999999) }}",
    "{% import 'os' as os %}{{ os.system('touch @') }}",
    "{% include '/etc/passwd' %}",
    "{% extends '/etc/passwd' %}",
    "{% from 'os' import system %}",
    "{{ config }}",
    "{{ request.application.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{% for one in 名单 %}{{ one.__init__ }}{% endfor %}",
    "{% for one in 名单 %}{{ loop.__class__ }}{% endfor %}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{{ m.__globals__ }}",
    "{{ 地点|safe }}",
    "{{ 地点|tojson }}",
    "{{ ().__class__ }}",
    "{{ (1).__class__ }}",
    "{{ 标题|map('attr','x')|list }}",
]


def filled(tmp_path: Path, template: bytes, context: dict) -> bytes:
    """In this process: as the other one does, without its limits, which cost a start each."""
    source, target = tmp_path / "template.docx", tmp_path / "filled.docx"
    source.write_bytes(template)
    template_filler.check_file(source)
    template_filler.fill(source, target, contexts=[context], note="")
    return target.read_bytes()


def refusal(tmp_path: Path, template: bytes, context: dict) -> str:
    try:
        filled(tmp_path, template, context)
    except template_filler.FAULTS as error:
        return template_filler.worded(error)
    return ""


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_template_runs(payload: str, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    words = refusal(tmp_path, template_of(payload.replace("@", str(marker))), CONTEXT)
    assert words.endswith("。"), "it was filled in"
    assert not marker.exists()


def test_twenty_of_the_payloads_and_more_would_get_through_without_the_sandbox() -> None:
    assert len(set(PAYLOADS)) > 20
    through = 0
    for payload in PAYLOADS:
        tame = payload.replace("popen('touch @').read()", "getpid()").replace("touch @", "true")
        try:
            Environment().from_string(tame).render(deepcopy(CONTEXT))  # noqa: S701 - what a template must never get
        except (TemplateError, ImportError, TypeError):
            continue
        through += 1
    assert through >= 15


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed_stands_in_the_document_as_it_was_typed(text: str, tmp_path: Path) -> None:
    template = template_of("{{ 地点 }}", "前{{ 地点 }}后", "{% for one in 名单 %}{{ one.姓名 }}{% endfor %}")
    clean = template_file.clean({"标题": text, "地点": text, "名单": [{"姓名": text}]})
    kept = NOT_IN_XML.sub("", text)
    assert paragraphs(filled(tmp_path, template, clean)) == [kept, kept, f"前{kept}后", kept]


@settings(max_examples=25, deadline=None)
@given(text=st.text(min_size=1, max_size=60).filter(str.strip))
def test_any_text_comes_back_as_it_was(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    clean = template_file.clean(text)
    if not clean.strip() or "\t" in clean:
        return
    content = filled(tmp_path_factory.getbasetemp(), template_of("{{ 地点 }}"), {"标题": "", "地点": clean})
    assert paragraphs(content) == [clean]


def test_text_that_looks_like_a_mark_stays_text(tmp_path: Path) -> None:
    text = "{_{ x }_} {_% y %_} {{ 标题 }} {% if %} &#95; <w:t>"
    assert paragraphs(filled(tmp_path, template_of("{{ 地点 }}"), {"标题": "", "地点": text})) == [text]


def test_switching_escaping_off_changes_nothing(tmp_path: Path) -> None:
    template = template_of("{% autoescape false %}{{ 地点 }}{% endautoescape %}")
    assert paragraphs(filled(tmp_path, template, {"标题": "", "地点": "<b>&"})) == ["<b>&"]


def test_a_lost_control_character_is_told_in_the_same_words_as_in_our_own_form() -> None:
    content = fill_template(template_of("{{ 地点 }}"), [{"标题": "记录", "地点": "前\x07后"}]).content
    assert paragraphs(content) == ["记录", "前后", LEFT_OUT]


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_the_sample_of_each_kind_names_every_field_and_can_be_uploaded_as_it_is(
    kind: TemplateKind, tmp_path: Path
) -> None:
    sample = document_bytes(sample_of(kind))
    text = "\n".join(paragraphs(sample))
    for field in FIELDS[kind]:
        assert field.name in text
        assert all(part.name in text for part in field.parts)
    _, full = trials_of(kind)
    words = "\n".join(paragraphs(filled(tmp_path, sample, full)))
    assert [name for name, value in full.items() if isinstance(value, str) and value not in words] == []
    assert "{" not in words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{{ 会场 }}", "不认识的栏目：会场"),
        ("{% for one in 名单 %}{{ one.手机 }}{% endfor %}", "不认识的栏目：手机"),
        ("{{ 地点", "标记写得不对"),
        ("{% if 地点 %}没有结束", "标记写得不对"),
        ("{{r 地点 }}", "前面不加 r、p、tr、tc"),
        ("{{ 1 / 0 }}", "放错了位置"),
    ],
)
def test_a_fault_in_a_template_is_told_in_words(line: str, words: str, tmp_path: Path) -> None:
    assert words in refusal(tmp_path, template_of(line), CONTEXT)


GOOD = template_of("{{ 地点 }}")
PACKAGE = b"http://schemas.openxmlformats.org/package/2006/relationships"
OUTSIDE = (
    b'<Relationships xmlns="' + PACKAGE + b'"><Relationship Id="rId9" Type="x" Target="http://x.test/t.dotm"'
    b' TargetMode="External"/></Relationships>'
)
MACRO_TYPE = (
    b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
)
SPLIT_FIELD = b"<w:p><w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\x</w:instrText></w:p>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"{\\rtf1 }", "已损坏"),
        (GOOD[:2000], "已损坏"),
        (template_filler.OLE_MAGIC + b"x" * 600, "旧版 .doc"),
        (template_filler.OLE_MAGIC + template_filler.ENCRYPTED, "密码"),
        (changed(GOOD, word__vbaProject_dot_bin=b"x"), "宏"),
        (changed(GOOD, word__embeddings__a_dot_docx=b"x"), "嵌入"),
        (changed(GOOD, word__document_dot_xml=None), "已损坏"),
        (changed(GOOD, **{"[Content_Types]_dot_xml": MACRO_TYPE}), "宏"),
        (changed(GOOD, word___rels__settings_dot_xml_dot_rels=OUTSIDE), "外部"),
        (changed(GOOD, word__x_dot_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "不允许"),
        (changed(GOOD, word__x_dot_xml=SPLIT_FIELD), "域"),
        (changed(GOOD, word__x_dot_xml=b'<w:fldSimple w:instr=" INCLUDETEXT x "/>'), "域"),
        (changed(GOOD, word__x_dot_xml=b'<w:altChunk r:id="rId1"/>'), "域"),
        (changed(GOOD, word__media__bomb_dot_png=bytes(template_filler.MAX_UNPACKED)), "展开后"),
        (b"PK" + bytes(template_filler.MAX_FILE), "超过 3 MB"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_plain_document_is_refused_before_it_is_read(
    content: bytes, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "template.docx"
    path.write_bytes(content)
    with pytest.raises(template_filler.Unusable, match=words):
        template_filler.check_file(path)


def test_a_package_with_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "template.docx"
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for number in range(template_filler.MAX_PARTS + 1):
            package.writestr(f"{number}", "")
    with pytest.raises(template_filler.Unusable, match="部件过多"):
        template_filler.check_file(path)


@pytest.mark.parametrize("line", ["{{ 9 ** (9 ** 9) }}", "{{ 'x' * 9999999999 }}"])
def test_the_process_that_fills_ends_before_it_takes_the_machine(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_file, "WALL_SECONDS", 1.5)
    with pytest.raises(BadTemplate, match=r"停止|过大|循环"):
        fill_template(template_of(line), [CONTEXT])


def test_nothing_of_the_servers_secrets_reaches_the_process() -> None:
    assert not {"SECRET_KEY", "DATABASE_URL", "VAULT_KEYRING"} & set(template_file.KEPT_VARIABLES)
