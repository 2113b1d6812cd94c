"""The demo's talks: handed to the app of talks, which seals what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from apps.accounts.models import User
from apps.talks.services_demo import Place, write_demo, write_generated
from apps.workbench.services_demo_people import Settled
from apps.workbench.services_generate_people import Plot


def write_talks(*, settled: Settled, seed: int, today: date, now: datetime) -> int:
    """Of all branches but the last few, whose talks are behind for the organizer to find."""
    kept = settled.branches[:-3]
    places = [Place(branch=one.organization, members=one.members, posts=dict(one.posts)) for one in kept]
    return write_demo(places=places, seed=seed, today=today, now=now)


def write_talks_of_plots(*, plots: Sequence[Plot], entered_by: User, today: date, now: datetime) -> None:
    """So that a generated branch is not behind with its talks before anybody measures anything."""
    places = [(plot.organization, plot.members) for plot in plots if plot.members]
    write_generated(places=places, entered_by=entered_by, on=today, now=now)
