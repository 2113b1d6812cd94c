"""The demo shows every state that a standard, a switch and a level can be in."""

from __future__ import annotations

from apps.branches.models import Organization
from apps.rules.figures import FigureState
from apps.rules.kinds import BranchForm
from apps.standards.models import FigureNote, LevelOverride, Standard, StandardSwitch
from apps.standards.models_figures import BranchFigure
from apps.standards.queries import levels_for, standards_of
from tests.conftest import TODAY


def test_every_state_is_there(demo) -> None:
    branches = list(Organization.objects.branches())
    held = standards_of(branches, on=TODAY)
    by_form = {branch.form: branch.pk for branch in branches}
    codes = {form: {one.code for one in held[pk]} for form, pk in by_form.items()}
    assert {len(held[branch.pk]) for branch in branches} == {52, 53}
    assert "J3.0b" not in codes[BranchForm.TEMPORARY]
    assert "J3.1a" not in codes[BranchForm.MOBILE]
    assert {"镇-1", "J3.0b", "J3.1a", "J3.2a"} <= codes[BranchForm.ORDINARY]
    own = Standard.objects.exclude(organization=None).order_by("code")
    assert [(one.code, one.versions.count()) for one in own] == [("镇-1", 2), ("镇-2", 1)]
    assert own[1].versions.get().valid_to < TODAY
    assert StandardSwitch.objects.filter(valid_to__lt=TODAY).count() == 1
    assert LevelOverride.objects.filter(valid_from__gt=TODAY).count() == 1
    found = levels_for(branches, on=TODAY)
    assert found[by_form[BranchForm.MOBILE]]["participation"].good == 70
    assert {mine["public_participants"].good for mine in found.values()} == {80}
    assert sorted(note.earlier.count() for note in FigureNote.objects.all()) == [0, 1]
    check_figures()


def check_figures() -> None:
    """Every state of a figure is to be seen this year, and most measures differ from branch to branch."""
    shown = BranchFigure.objects.filter(year=TODAY.year)
    assert set(shown.values_list("state", flat=True)) == {state.value for state in FigureState}
    states: dict[str, set[str]] = {}
    for measure, state in shown.values_list("measure", "state"):
        states.setdefault(measure, set()).add(state)
    assert len(states) == 42
    differing = [key for key, found in states.items() if len(found - {"not_applicable"}) > 1]
    assert len(differing) >= 28
