"""A member's own page, put together from what each app has to say of him.

An app that stores something of people adds one line to SHARES: a card for the page, parts for the export, or
both. `tests/workbench/test_mine_columns.py` names every column that points at a person, so a new one fails.
"""

from __future__ import annotations

from datetime import date

from apps.accounts.models import User
from apps.members.models import Member
from apps.rules.kinds import MembershipState
from apps.workbench import queries_mine_life as life
from apps.workbench import queries_mine_record as record
from apps.workbench import queries_mine_trail as trail
from apps.workbench import queries_mine_work as work
from apps.workbench.queries_mine_parts import Card, Part, Share, Subject

#: In the order in which they are read.
SHARES: tuple[Share, ...] = (
    Share(card=record.record_card, parts=record.record_parts),
    Share(card=record.correction_card),
    Share(card=record.post_card, parts=record.post_parts),
    Share(card=life.life_card, parts=life.life_parts),
    Share(card=work.task_card, parts=work.work_parts),
    Share(card=trail.look_card, parts=trail.trail_parts),
)


def subject_of(person: User, *, today: date) -> Subject:
    member = Member.objects.select_related("person", "branch", "group").filter(person=person).first()
    here = (MembershipState.ACTIVE, MembershipState.SUSPENDED)
    on_roster = member is not None and member.state in here
    return Subject(person=person, member=member, on_roster=on_roster, today=today)


def cards_of(subject: Subject) -> list[Card]:
    made = [share.card(subject) for share in SHARES if share.card]
    return [card for card in made if card]


def parts_of(subject: Subject) -> list[Part]:
    """All that is stored about this person; ballots are nobody's, and other people's texts stay theirs."""
    return [part for share in SHARES if share.parts for part in share.parts(subject)]
