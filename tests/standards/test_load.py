"""The shipped standards: 52 from two articles, loaded as often as one likes, history never rewritten."""

from __future__ import annotations

import io
import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.accounts import services_setup
from apps.audit.models import Deed
from apps.rules.kinds import Aspect, EvidenceSort, Polarity
from apps.rules.measure_names import COUNTED_IN, MEASURE_NAMES
from apps.standards import services_load
from apps.standards.models import Source, Standard, StandardEvidence, StandardVersion
from apps.standards.queries import standards_for
from apps.standards.services_load import FILE, UnknownEvidence, load_standards
from tests.conftest import NOW, TODAY, Cast

LATER = TODAY + timedelta(days=40)


@pytest.fixture
def changed(tmp_path: Path):
    """The fixture with one text replaced by another."""

    def write(before: str, after: str) -> Path:
        text = FILE.read_text(encoding="utf-8")
        assert before in text
        path = tmp_path / "standards.toml"
        path.write_text(text.replace(before, after), encoding="utf-8")
        return path

    return write


def test_all_standards_of_both_articles_are_there(db) -> None:
    done = load_standards(today=TODAY)
    assert (done.new, done.changed, done.ended) == (52, 0, 0)
    assert Counter(Standard.objects.values_list("source__key", flat=True)) == {"zhibu": 22, "jiceng": 30}
    versions = StandardVersion.objects
    assert versions.filter(polarity=Polarity.WARNING).count() == 9
    assert set(versions.values_list("aspect", flat=True)) == set(Aspect)
    assert set(versions.values_list("valid_from", "valid_to")) == {(date(2020, 1, 1), None)}
    assert list(Deed.objects.values_list("action", flat=True)) == ["standards.loaded"]


def test_every_measure_has_a_name_and_is_used(db) -> None:
    load_standards(today=TODAY)
    used = StandardEvidence.objects.filter(sort=EvidenceSort.MEASURE).values_list("key", flat=True)
    assert set(used) == set(MEASURE_NAMES)
    assert len(MEASURE_NAMES) == len(set(MEASURE_NAMES.values())) == 42
    assert set(COUNTED_IN) < set(MEASURE_NAMES)


def test_what_concerns_character_carries_no_figure(cast: Cast) -> None:
    load_standards(today=TODAY)
    without = {one.code for one in standards_for(cast.ours, on=TODAY) if not one.has_figure}
    assert without == {"Z3.1b", "Z3.3b", "J1.1a", "J1.1c", "J1.1d", "J2.1a", "J2.1b"}


def test_loading_again_changes_nothing(db) -> None:
    load_standards(today=TODAY)
    before = list(StandardVersion.objects.order_by("pk").values())
    done = load_standards(today=LATER)
    assert done == services_load.Loaded()
    assert list(StandardVersion.objects.order_by("pk").values()) == before
    assert Deed.objects.count() == 1
    assert (Source.objects.count(), StandardEvidence.objects.count()) == (2, len(every_evidence()))


def every_evidence() -> list[str]:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [code for row in content["standards"] for code in row["evidence"]]


def test_a_changed_text_holds_from_the_day_of_loading_on(cast: Cast, changed) -> None:
    load_standards(today=TODAY)
    done = load_standards(today=LATER, file=changed('title = "带头讲奉献"', 'title = "带头奉献"'))
    assert (done.new, done.changed, done.ended) == (0, 1, 0)
    titles = {
        day: next(one.title for one in standards_for(cast.ours, on=day) if one.code == "J1.1c")
        for day in (date(2025, 5, 1), LATER - timedelta(days=1), LATER, date(2030, 1, 1))
    }
    assert list(titles.values()) == ["带头讲奉献", "带头讲奉献", "带头奉献", "带头奉献"]
    numbers = Standard.objects.get(code="J1.1c").versions.order_by("number").values_list("number", "valid_to")
    assert list(numbers) == [(1, LATER), (2, None)]


def test_other_evidence_is_another_version(cast: Cast, changed) -> None:
    load_standards(today=TODAY)
    changes = changed('evidence = ["appraisal:unity"]', 'evidence = ["appraisal:unity", "review"]')
    assert load_standards(today=LATER, file=changes).changed == 1
    found = {one.code: one for one in standards_for(cast.ours, on=LATER)}["J2.1a"]
    assert [item.code for item in found.evidence] == ["appraisal:unity", "review"]
    assert found.number == 2


def test_a_second_change_on_the_same_day_replaces_the_first(db, changed) -> None:
    load_standards(today=TODAY)
    load_standards(today=LATER, file=changed('title = "带头讲奉献"', 'title = "带头奉献"'))
    load_standards(today=LATER, file=changed('title = "带头讲奉献"', 'title = "讲奉献"'))
    versions = Standard.objects.get(code="J1.1c").versions.order_by("number")
    assert list(versions.values_list("number", "title")) == [(1, "带头讲奉献"), (2, "讲奉献")]


def test_a_standard_that_is_gone_ends_and_may_come_back(cast: Cast, changed) -> None:
    load_standards(today=TODAY)
    done = load_standards(today=LATER, file=changed('code = "J1.1c"', 'code = "J9.9"'))
    assert (done.new, done.changed, done.ended) == (1, 0, 1)
    codes = {one.code for one in standards_for(cast.ours, on=LATER)}
    assert "J1.1c" not in codes
    assert "J9.9" in codes
    again = LATER + timedelta(days=10)
    done = load_standards(today=again)
    assert (done.new, done.changed, done.ended) == (0, 1, 1)
    kept = (
        Standard.objects.get(code="J1.1c").versions.order_by("number").values_list("valid_from", "valid_to")
    )
    assert list(kept) == [(date(2020, 1, 1), LATER), (again, None)]


def test_an_unknown_evidence_is_refused_and_nothing_is_written(db, changed) -> None:
    with pytest.raises(UnknownEvidence, match=r"Z1\.1 measure:study_widht"):
        load_standards(today=TODAY, file=changed('"measure:study_breadth"]', '"measure:study_widht"]'))
    assert Standard.objects.count() == 0


def test_the_command_says_what_it_did(db, monkeypatch: pytest.MonkeyPatch, changed) -> None:
    out = io.StringIO()
    call_command("load_standards", stdout=out)
    assert out.getvalue() == "标准已载入：新增 52，改为新的一版 0，停止 0。\n"
    broken = changed('"review"]', '"revue"]')

    def with_the_broken_file(**given):
        return load_standards(**given, file=broken)

    monkeypatch.setattr(
        "apps.standards.management.commands.load_standards.load_standards", with_the_broken_file
    )
    with pytest.raises(CommandError, match="不认识的依据"):
        call_command("load_standards", stdout=out)


def test_the_first_run_brings_them_along(db) -> None:
    services_setup.set_up(name="钱运维", username="qian", password="春天的第25场细雨绵绵", now=NOW)
    assert Standard.objects.count() == 52
