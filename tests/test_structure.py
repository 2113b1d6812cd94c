"""Every structure check sees the breach it is for, and lets the lawful neighbour of that breach pass."""

from pathlib import Path
from textwrap import dedent

import pytest

from tests.structure.plants import LAWFUL, PLANTS
from tests.structure.project import Project
from tests.test_architecture import CHECKS


def plant(root: Path, files: dict[str, str]) -> Project:
    for path, source in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(source), encoding="utf-8")
    return Project(root)


@pytest.mark.parametrize(("check", "files"), PLANTS)
def test_a_planted_breach_is_reported_once(check: str, files: dict[str, str], tmp_path: Path) -> None:
    found = list(CHECKS[check](plant(tmp_path, files)))
    assert len(found) == 1, [str(breach) for breach in found]
    assert found[0].path == next(iter(files))


@pytest.mark.parametrize(("check", "files"), LAWFUL)
def test_lawful_code_beside_a_breach_is_left_alone(check: str, files: dict[str, str], tmp_path: Path) -> None:
    assert [str(breach) for breach in CHECKS[check](plant(tmp_path, files))] == []


def test_every_check_has_a_planted_breach_and_a_lawful_neighbour() -> None:
    assert {check for check, _ in PLANTS} == set(CHECKS)
    assert {check for check, _ in LAWFUL} == set(CHECKS)
