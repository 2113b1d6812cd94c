"""Making talks for tests, with words sealed as the product seals them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction

from apps.members.models import Member
from apps.rules.kinds import TalkState
from apps.rules.talks import pair_of
from apps.talks.models import Talk, TalkPerson, TalkRole
from apps.talks.queries import Seat, seats_on
from apps.talks.services_words import write_words
from tests.conftest import NOW


def make_talk(*people: Member, words: dict[str, str] | None = None, **fields: Any) -> Talk:
    """A talk that the first of `people` began; `opened_at` is the first one's opening to the secretary."""
    branch, opened_at = people[0].branch, fields.pop("opened_at", None)
    fields.setdefault("state", TalkState.HELD)
    fields.setdefault("held_on", date(2026, 11, 10))
    fields.setdefault("entered_by", people[0].person)
    day = fields["held_on"] or fields["planned_on"]
    seats = seats_on(branch, people=[one.person_id for one in people], day=day)
    held = [seats.get(one.person_id, Seat()) for one in people]
    talk = Talk.objects.create(
        branch=branch,
        path=branch.path,
        pair=pair_of([seat.on_committee for seat in held]),
        created_at=NOW,
        idempotency_key=uuid.uuid4(),
        **fields,
    )
    for number, (member, seat) in enumerate(zip(people, held, strict=True)):
        TalkPerson.objects.create(
            talk=talk,
            member=member,
            role=TalkRole.PARTNER if number else TalkRole.INITIATOR,
            opened_at=None if number else opened_at,
            **{name: getattr(seat, name) for name in ("post", "on_committee", "is_secretary")},
        )
    if words:
        with transaction.atomic():
            write_words(talk=talk, words=words)
    return talk
