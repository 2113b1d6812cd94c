"""Which standards and levels hold for which branch on which day."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.branches.models import Organization
from apps.branches.services import move_organization
from apps.rules.kinds import OrgKind
from apps.standards.models import LevelOverride
from apps.standards.queries import levels_for, notes_for, standards_for, standards_of
from apps.standards.services import end_standard, update_standard
from apps.standards.services_load import load_standards
from apps.standards.services_local import end_override, override_levels, switch_off, switch_on
from apps.standards.services_notes import write_note
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.standards import makers

DAY = timedelta(days=1)
SOON, LATE = TODAY + 10 * DAY, TODAY + 100 * DAY


def codes(place: Organization, *, on: date = TODAY) -> list[str]:
    return [one.code for one in standards_for(place, on=on)]


def off(cast: Cast, standard, place: Organization, *, since: date = TODAY, until: date | None = None):
    return switch_off(
        standard=standard,
        organization=place,
        reason="镇党委〔2026〕5 号",
        valid_from=since,
        valid_to=until,
        actor=cast["organizer"],
        idempotency_key=uuid.uuid4(),
        today=TODAY,
    )


def levels(cast: Cast, place: Organization, *, good: int, warn: int, since: date = TODAY) -> LevelOverride:
    return override_levels(
        organization=place,
        measure="participation",
        good=good,
        warn=warn,
        reason="外出党员多",
        valid_from=since,
        valid_to=None,
        actor=cast["organizer"],
        idempotency_key=uuid.uuid4(),
        today=TODAY,
    )


def test_a_local_standard_holds_for_the_subtree_and_nowhere_else(cast: Cast) -> None:
    makers.shipped()
    makers.local(cast.committee)
    makers.local(cast.elsewhere_committee, code="白-1")
    assert codes(cast.ours) == codes(cast.sibling) == codes(cast.committee) == ["Z1.1", "镇-1"]
    assert codes(cast.elsewhere) == ["Z1.1", "白-1"]


def test_the_standard_of_one_branch_is_not_its_siblings(cast: Cast) -> None:
    makers.local(cast.ours, code="支-1")
    assert (codes(cast.ours), codes(cast.sibling), codes(cast.committee)) == (["支-1"], [], [])


def test_each_day_has_the_version_in_force(cast: Cast) -> None:
    standard = makers.local(cast.committee)
    renewed = makers.text(title="活动室每周开放")
    update_standard(
        standard=standard, version=1, text=renewed, valid_from=SOON, actor=cast["organizer"], today=TODAY
    )
    standard.refresh_from_db()
    end_standard(standard=standard, version=2, valid_to=LATE, actor=cast["organizer"], today=TODAY)
    found = {
        day: [(one.title, one.number) for one in standards_for(cast.ours, on=day)]
        for day in (makers.SINCE - DAY, makers.SINCE, SOON - DAY, SOON, LATE - DAY, LATE)
    }
    assert list(found.values()) == [
        [],
        [("活动室每月开放", 1)],
        [("活动室每月开放", 1)],
        [("活动室每周开放", 2)],
        [("活动室每周开放", 2)],
        [],
    ]


def test_a_switch_works_over_its_dates_and_below_its_place(cast: Cast) -> None:
    standard = makers.shipped()
    off(cast, standard, cast.ours, since=SOON, until=LATE)
    assert [codes(cast.ours, on=day) for day in (SOON - DAY, SOON, LATE - DAY, LATE)] == [
        ["Z1.1"],
        [],
        [],
        ["Z1.1"],
    ]
    assert codes(cast.sibling, on=SOON) == codes(cast.committee, on=SOON) == ["Z1.1"]


def test_what_is_off_is_shown_with_its_reason_where_asked(cast: Cast) -> None:
    standard = makers.shipped()
    off(cast, standard, cast.committee)
    off(cast, standard, cast.ours)
    shown = standards_of([cast.ours, cast.elsewhere], on=TODAY, with_switched_off=True)
    assert [(one.off.by_name, one.off.reason) for one in shown[cast.ours.pk]] == [
        ("青川镇党委", "镇党委〔2026〕5 号")
    ]
    assert [one.off for one in shown[cast.elsewhere.pk]] == [None]


def test_what_is_switched_on_again_holds_from_that_day(cast: Cast) -> None:
    switch = off(cast, makers.shipped(), cast.committee)
    switch_on(switch=switch, valid_to=SOON, actor=cast["organizer"], today=TODAY)
    assert (codes(cast.ours, on=SOON - DAY), codes(cast.ours, on=SOON)) == ([], ["Z1.1"])


def test_the_nearest_levels_count(cast: Cast) -> None:
    levels(cast, cast.committee, good=90, warn=80)
    levels(cast, cast.ours, good=70, warn=50, since=SOON)
    places = [cast.ours, cast.sibling, cast.elsewhere]
    found = {
        day: [
            [(one.measure, one.good, one.warn, one.by_name) for one in mine.values()]
            for mine in levels_for(places, on=day).values()
        ]
        for day in (TODAY - DAY, TODAY, SOON)
    }
    town = [("participation", 90, 80, "青川镇党委")]
    assert found == {
        TODAY - DAY: [[], [], []],
        TODAY: [town, town, []],
        SOON: [[("participation", 70, 50, "机关一支部")], town, []],
    }


def test_levels_that_are_ended_leave_those_above(cast: Cast) -> None:
    levels(cast, cast.committee, good=90, warn=80)
    own = levels(cast, cast.ours, good=70, warn=50)
    end_override(override=own, valid_to=SOON, actor=cast["organizer"], today=TODAY)
    assert [levels_for([cast.ours], on=day)[cast.ours.pk]["participation"].good for day in (TODAY, SOON)] == [
        70,
        90,
    ]


def test_notes_stand_with_the_figures_of_their_year(cast: Cast) -> None:
    told = {"actor": cast["secretary"], "now": NOW, "idempotency_key": uuid.uuid4()}
    write_note(organization=cast.ours, year=2026, measure="participation", text="外出的多", **told)
    found = notes_for([cast.ours, cast.sibling], year=2026)
    assert [(note.text, note.by_name) for note in found[cast.ours.pk].values()] == [("外出的多", "吴向前")]
    assert found[cast.sibling.pk] == notes_for([cast.ours], year=2025)[cast.ours.pk] == {}


def test_a_branch_that_moves_comes_under_the_other_committee(cast: Cast) -> None:
    makers.local(cast.committee)
    makers.local(cast.elsewhere_committee, code="白-1")
    levels(cast, cast.ours, good=70, warn=50)
    move_organization(organization=cast.ours, parent=cast.elsewhere_committee, actor=cast["organizer"])
    cast.ours.refresh_from_db()
    assert codes(cast.ours) == ["白-1"]
    assert levels_for([cast.ours], on=TODAY)[cast.ours.pk]["participation"].good == 70


def test_what_comes_out_cannot_be_changed(cast: Cast) -> None:
    makers.shipped()
    with pytest.raises(dataclasses.FrozenInstanceError):
        standards_for(cast.ours, on=TODAY)[0].title = "x"  # type: ignore[misc]


def test_twelve_branches_cost_what_one_costs(cast: Cast) -> None:
    load_standards(today=TODAY)
    general = factories.make_organization(OrgKind.GENERAL_BRANCH, parent=cast.committee)
    branches = [factories.make_organization(parent=general) for _ in range(11)] + [cast.ours]
    for place in (cast.committee, general, cast.ours):
        makers.local(place, code=f"本级-{place.pk}")
        off(cast, makers.shipped("J3.2c"), place)
        levels(cast, place, good=90, warn=80)
    costs = []
    for some in ([cast.ours], branches):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            held = standards_of(some, on=TODAY)
            found = levels_for(some, on=TODAY)
            notes_for(some, year=2026)
        assert {len(held[one.pk]) for one in some} == {53}
        assert all(found[one.pk]["participation"].good == 90 for one in some)
        costs.append(len(queries))
    assert costs == [5, 5]
