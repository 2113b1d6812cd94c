"""A member's own page, put together from what each app has to say of him.

An app below adds one line to OWN_SHARES; an app that none above may import registers its share itself
(`members/own_page.py`). `tests/workbench/test_mine_columns.py` names every column that points at a person.
"""

from __future__ import annotations

from datetime import date

from apps.accounts.models import User
from apps.members.models import Member
from apps.members.own_page import Card, Part, Share, Subject, registered_shares
from apps.rules.kinds import MembershipState
from apps.workbench import queries_mine_documents as documents
from apps.workbench import queries_mine_evaluations as evaluations
from apps.workbench import queries_mine_life as life
from apps.workbench import queries_mine_log as log
from apps.workbench import queries_mine_plans as plans
from apps.workbench import queries_mine_record as record
from apps.workbench import queries_mine_rounds as rounds
from apps.workbench import queries_mine_standards as standards
from apps.workbench import queries_mine_trail as trail
from apps.workbench import queries_mine_work as work

#: The smaller the number, the earlier it is read; what others register comes in between.
OWN_SHARES: tuple[tuple[int, Share], ...] = (
    (10, Share(card=record.record_card, parts=record.record_parts)),
    (15, Share(card=record.correction_card)),
    (20, Share(card=record.post_card, parts=record.post_parts)),
    (30, Share(card=life.life_card, parts=life.life_parts)),
    (35, Share(card=log.log_card, parts=log.log_parts)),
    (50, Share(card=work.task_card, parts=work.work_parts)),
    (55, Share(card=plans.plan_card, parts=plans.plan_parts)),
    (60, Share(parts=standards.standard_parts)),
    (65, Share(parts=evaluations.evaluation_parts)),
    (65, Share(card=rounds.round_card, parts=rounds.round_parts)),
    (66, Share(parts=documents.document_parts)),
    (90, Share(card=trail.look_card, parts=trail.trail_parts)),
)


def shares() -> list[Share]:
    """In the order in which they are read."""
    ranked = sorted([*OWN_SHARES, *registered_shares()], key=lambda ranked: ranked[0])
    return [share for _, share in ranked]


def subject_of(person: User, *, today: date) -> Subject:
    member = Member.objects.select_related("person", "branch", "group").filter(person=person).first()
    here = (MembershipState.ACTIVE, MembershipState.SUSPENDED)
    on_roster = member is not None and member.state in here
    return Subject(person=person, member=member, on_roster=on_roster, today=today)


def cards_of(subject: Subject) -> list[Card]:
    made = [share.card(subject) for share in shares() if share.card]
    return [card for card in made if card]


def parts_of(subject: Subject) -> list[Part]:
    """All that is stored about this person; ballots are nobody's, and other people's texts stay theirs."""
    return [part for share in shares() if share.parts for part in share.parts(subject)]
