"""The 52 standards and the 42 measures know each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from apps.rules.figures import Unit
from apps.rules.measures import COUNTS, MEASURES

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = tomllib.loads((ROOT / "fixtures/standards/standards.toml").read_text(encoding="utf-8"))
STANDARDS: list[dict[str, Any]] = FIXTURE["standards"]


def evidence(kind: str) -> set[str]:
    """The keys after 「kind:」 in the evidence of all standards."""
    named = (entry.partition(":") for standard in STANDARDS for entry in standard["evidence"])
    return {key for head, _, key in named if head == kind}


def test_every_measure_of_the_standards_is_counted_and_every_count_is_used() -> None:
    assert evidence("measure") == set(MEASURES) == set(COUNTS)
    assert len(MEASURES) == 42


def test_there_are_52_standards_each_with_evidence_and_a_source() -> None:
    assert len({standard["code"] for standard in STANDARDS}) == len(STANDARDS) == 52
    sources = {source["key"] for source in FIXTURE["sources"]}
    assert {standard["source"] for standard in STANDARDS} == sources
    assert all(standard["evidence"] for standard in STANDARDS)
    assert {standard["polarity"] for standard in STANDARDS} == {"positive", "warning"}


def test_character_is_asked_of_people_and_never_counted() -> None:
    asked = evidence("appraisal")
    assert {"virtue", "integrity", "not_monopolise", "unity", "political_stance"} <= asked
    assert asked & set(MEASURES) == set()


@pytest.mark.parametrize("key", MEASURES)
def test_a_measure_has_its_words_and_its_levels(key: str) -> None:
    spec = MEASURES[key]
    assert spec.key == key
    assert COUNTS[key].__name__ == key
    assert spec.formula.endswith("。")
    assert 2 <= len(spec.title) <= 9
    assert spec.good > 0
    assert spec.warn <= spec.good
    if spec.unit is Unit.RATIO:
        assert spec.good <= 1


def test_no_two_measures_share_a_name() -> None:
    assert len({spec.title for spec in MEASURES.values()}) == len(MEASURES)
    assert len({spec.formula for spec in MEASURES.values()}) == len(MEASURES)


def test_keys_are_words_that_a_url_can_carry() -> None:
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", key) for key in MEASURES)


PAGE = (ROOT / "docs/measures.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### [^\n]*（`(\w+)`）\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("key", MEASURES)
def test_the_page_of_measures_says_what_is_counted(key: str) -> None:
    spec, text = MEASURES[key], SECTIONS[key]
    assert f"### {spec.title}（`{key}`）" in PAGE
    assert spec.formula in text
    assert all(f"- {part}：" in text for part in ("计入", "不计", "不作要求", "档次"))


def test_the_page_has_no_measure_that_is_not_counted() -> None:
    assert set(SECTIONS) == set(MEASURES)


@pytest.mark.parametrize("key", MEASURES)
def test_the_page_names_the_levels_that_hold(key: str) -> None:
    spec, text = MEASURES[key], SECTIONS[key]
    levels = text[text.index("- 档次：") :].splitlines()[0]
    if spec.unit is Unit.COUNT:
        assert levels.startswith(f"- 档次：全年{spec.good}达到要求，少于{spec.warn}需要加强")
    else:
        at_the_end = spec.levels(12)[1]
        assert f"{float(spec.good * 100):g}%达到要求" in levels
        assert f"低于{float(at_the_end * 100):g}%需要加强" in levels
