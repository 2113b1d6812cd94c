"""The records of a branch as the measures are told of them: frozen values without a database behind them.

Ids, dates and closed lists only, no text: many branches can be filled in a fixed number of queries. Every
`…_on` is the day itself; a missing date says "not yet" or "not known". Whoever fills these facts leaves out
cancelled sittings and talks, and gives `member_ids` as the ids of `OrgFacts.members`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.rules.kinds import (
    ActivityForm,
    AttendanceStatus,
    ConsultationKind,
    ItemNature,
    Matter,
    MeetingKind,
    PartnerKind,
    Topic,
)
from apps.rules.voting import VoteState

#: The kinds of knowledge that a secretary keeps up: 理论、专业、辅助. Values of `StudyFacts.category`.
STUDY_CATEGORIES = ("theory", "professional", "auxiliary")


@dataclass(frozen=True, kw_only=True, slots=True)
class RollFacts:
    """One line of the roll as it stood on the day."""

    member_id: int
    status: AttendanceStatus
    has_vote: bool = True
    on_committee: bool = False

    @property
    def present(self) -> bool:
        return self.status is AttendanceStatus.PRESENT


@dataclass(frozen=True, kw_only=True, slots=True)
class MotionFacts:
    """One vote with the figures of the day; `replaced` when a later ballot took its place."""

    id: int
    matter: Matter
    entitled: int
    present: int
    in_favour: int
    needed: int
    state: VoteState
    replaced: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsultationFacts:
    """Talking a matter over before it is decided (通气); `member_ids` are those who were talked to."""

    id: int
    kind: ConsultationKind
    held_on: date
    member_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemFacts:
    """One agenda item. `decided` says that a resolution is written down."""

    id: int
    position: int
    nature: ItemNature
    is_major: bool = False
    decided: bool = False
    opinions_by: frozenset[int] = frozenset()
    motions: tuple[MotionFacts, ...] = ()
    consultations: tuple[ConsultationFacts, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingFacts:
    """One sitting that was held, with all that it recorded.

    `entered_on` is the day on which what happened was first written down (a plan made beforehand is not
    that), `complete` whether nothing was missing when it was filed, `near_copy_of` the earlier sitting whose
    minutes are nearly the same (near_copies.py).
    """

    id: int
    held_on: date
    kinds: frozenset[MeetingKind]
    group_id: int | None = None
    closed: bool = True
    complete: bool = True
    entered_on: date | None = None
    near_copy_of: int | None = None
    chair_id: int | None = None
    lecturer_id: int | None = None
    form: ActivityForm | None = None
    topics: frozenset[Topic] = frozenset()
    partners: frozenset[PartnerKind] = frozenset()
    public_participants: int = 0
    roll: tuple[RollFacts, ...] = ()
    items: tuple[ItemFacts, ...] = ()

    def line_of(self, member_id: int) -> RollFacts | None:
        return next((line for line in self.roll if line.member_id == member_id), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkFacts:
    """That a talk took place, and with whom; never what was said. A talk that is only planned is none."""

    id: int
    held_on: date
    member_ids: frozenset[int]
    is_reminder: bool = False
    followed_up_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskFacts:
    """Anything to be closed by a day."""

    id: int
    due_on: date | None
    closed_on: date | None = None
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ConcernFacts(TaskFacts):
    """What a member or the public raised (诉求)."""

    registered_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class RectificationFacts(TaskFacts):
    """A problem on the list to be put right (整改)."""

    found_on: date
    self_found: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectiveFacts:
    """A paper from above. `conveyed_on` is the first closed sitting linked to it.

    `implemented_on` is the day on which the last of its implementing tasks was done; None while one is open
    or none was set.
    """

    id: int
    convey_by: date | None = None
    conveyed_on: date | None = None
    asks_action: bool = False
    do_by: date | None = None
    implemented_on: date | None = None
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalFacts:
    """A goal of the annual plan, or (`of_term`) a goal of the term that is due this year."""

    id: int
    due_on: date
    done_on: date | None = None
    cancelled: bool = False
    of_term: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgressFacts:
    """Progress recorded on the feature project for one quarter (1 to 4) of the year; by now if undated."""

    id: int
    quarter: int
    recorded_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectFacts:
    id: int
    progress: tuple[ProgressFacts, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyFacts:
    """Hours of one member: of an entry, or of a sitting at which he was present (then its id)."""

    id: int
    member_id: int
    studied_on: date
    hours: Decimal
    category: str = ""
    from_sitting: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitFacts:
    """A visit to, or help for, one member; also a training or posting that one member was sent to.

    An entry that names several members gives one of these for each, with the same id.
    """

    id: int
    member_id: int
    held_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedFacts:
    """A recognition, commendation or clarification: that there was one, and when."""

    id: int
    held_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicConsultationFacts:
    id: int
    held_on: date
    has_result: bool = False
    participants: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyPostFacts:
    """A post that handles people, money or property, with the days on which it was checked."""

    id: int
    listed_on: date | None = None
    ended_on: date | None = None
    checked_on: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitFacts:
    """A unit in the branch's care, and since when a Party organization covers it."""

    id: int
    listed_on: date | None = None
    ended_on: date | None = None
    covered_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberRecordFacts:
    """What the roster says of a member beyond `MemberFacts` of the same id. `person_id` is as in posts."""

    member_id: int
    person_id: int
    group_id: int | None = None
    complete: bool = True
    verified_on: date | None = None
    is_mobile: bool = False
    contact_until: date | None = None
    exempt_since: date | None = None
    needs_care: bool = False
