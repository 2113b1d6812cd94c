"""The structure of ARCHITECTURE.md, proven from the code; test_structure.py proves the checks themselves."""

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from tests.structure import budgets, conduct, imports, pages, schema, tables, writes
from tests.structure.project import Breach, Project

ROOT = Path(__file__).resolve().parent.parent
Check = Callable[[Project], Iterator[Breach]]


def checks_of(module: ModuleType) -> dict[str, Check]:
    """Every function of a module whose only parameter is the project."""
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and [parameter.annotation for parameter in inspect.signature(function).parameters.values()]
        == [Project]
        and inspect.signature(function).return_annotation == Iterator[Breach]
    }


CHECKS: dict[str, Check] = {
    name: check
    for module in (imports, budgets, conduct, writes, schema, pages)
    for name, check in checks_of(module).items()
}


@cache
def project() -> Project:
    return Project(ROOT)


@cache
def breaches_of(check: str) -> list[Breach]:
    return sorted(CHECKS[check](project()), key=lambda breach: (breach.path, breach.line))


def excuse(check: str, breach: Breach) -> str | None:
    """The place in the table of exceptions that covers this breach."""
    places = tables.EXCEPTIONS.get(check, {})
    return next((place for place in (breach.path, f"{breach.path}:{breach.symbol}") if place in places), None)


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_the_code_keeps_to_the_structure(check: str) -> None:
    found = [str(breach) for breach in breaches_of(check) if excuse(check, breach) is None]
    assert not found, f"{len(found)} × {check}:\n" + "\n".join(found)


def test_every_exception_still_excuses_something() -> None:
    listed = {(check, place) for check, places in tables.EXCEPTIONS.items() for place in places}
    used = {(check, excuse(check, breach)) for check in CHECKS for breach in breaches_of(check)}
    assert listed - used == set()


def test_every_exception_says_why() -> None:
    reasons = [reason for places in tables.EXCEPTIONS.values() for reason in places.values()]
    reasons += [reason for _, reason in tables.DOMAIN_MODULES.values()]
    assert [reason for reason in reasons if len(reason.split()) < 4] == []


def test_every_domain_module_of_the_table_exists_and_names_a_layer() -> None:
    missing = [path for path in tables.DOMAIN_MODULES if not (ROOT / "apps" / path).is_file()]
    layers = {layer for layer, _ in tables.DOMAIN_MODULES.values()}
    assert (missing, layers - set(tables.LAYERS)) == ([], set())
