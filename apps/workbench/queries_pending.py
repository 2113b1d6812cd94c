"""Whether polls, evaluations and rounds have anything for a first page: asked along with the branch itself.

Most days none has, and then none of their own queries is made.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from apps.accounts.models import User
from apps.ballots.models import Poll
from apps.ballots.queries_at_hand import UNFINISHED
from apps.branches.models import Organization
from apps.evaluations.models import BranchEvaluation, Round
from apps.evaluations.policies import seats_held_by
from apps.evaluations.queries_roll import waiting_for_person
from apps.rules.kinds_evaluations import CycleState, RoundState
from apps.ui.sql import compiled, with_parameter
from apps.workbench.queries_evaluations import TOLD_DAYS

#: Stands for the reader in the compiled text; no person has such a key.
READER = -1


def with_pending(branches: QuerySet[Organization], *, user: User, today: date) -> QuerySet[Organization]:
    flags = _flags(today)
    return branches.annotate(
        **{name: with_parameter(flag, READER, to=user.pk) for name, flag in flags.items()}
    )


@lru_cache(maxsize=2)
def _flags(today: date) -> dict[str, RawSQL]:
    here = OuterRef("pk")
    running = Q(cycle__state=CycleState.OPEN) | Q(published_on__gt=today - timedelta(days=TOLD_DAYS))
    asked = {
        "has_polls": Poll.objects.filter(branch=here, state__in=UNFINISHED),
        "has_evaluations": BranchEvaluation.objects.filter(running, branch=here),
        "has_rounds": Round.objects.filter(branch=here, state=RoundState.OPEN),
        "has_seats": seats_held_by(READER),
        "has_own_rounds": waiting_for_person(READER),
    }
    marked = Organization.objects.annotate(**{name: Exists(rows) for name, rows in asked.items()})
    return {name: compiled(marked, name) for name in asked}
