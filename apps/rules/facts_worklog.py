"""What the work log and the sittings tell of study, care and work with others: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.rules.kinds import PartnerKind, Topic
from apps.rules.kinds_worklog import (
    COVERED,
    CareForm,
    Coverage,
    PlacementKind,
    PostArea,
    RecognitionKind,
    StudyCategory,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LearnerFacts:
    """A member as far as study, groups and care go. Whoever has left has a `left_on`."""

    id: int
    person_id: int
    name: str
    joined_on: date | None = None
    left_on: date | None = None
    exempt_from: date | None = None
    needs_care: bool = False
    in_group: bool = False
    contact_until: date | None = None

    def here_on(self, day: date) -> bool:
        joined = self.joined_on is None or self.joined_on <= day
        return joined and (self.left_on is None or day < self.left_on)

    def exempt_on(self, day: date) -> bool:
        return self.exempt_from is not None and self.exempt_from <= day


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyFacts:
    """Hours of one member: from an entry of the log, or from a sitting at which he was present."""

    member_id: int
    held_on: date
    category: StudyCategory
    hours: Decimal
    source_id: int
    from_sitting: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CareFacts:
    id: int
    held_on: date
    form: CareForm
    member_ids: frozenset[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class RecognitionFacts:
    """Nobody named: given to the branch as a whole."""

    id: int
    held_on: date
    kind: RecognitionKind
    member_ids: frozenset[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementFacts:
    id: int
    held_on: date
    kind: PlacementKind
    member_ids: frozenset[int]
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicConsultationFacts:
    id: int
    held_on: date
    participants: int
    has_result: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyPostFacts:
    id: int
    area: PostArea
    since: date
    until: date | None = None
    checked_on: tuple[date, ...] = ()

    def listed_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def checked_in(self, year: int, *, by: date) -> bool:
        return any(day.year == year and day <= by for day in self.checked_on)


@dataclass(frozen=True, kw_only=True, slots=True)
class CareUnitFacts:
    id: int
    coverage: Coverage
    since: date
    until: date | None = None
    covered_since: date | None = None

    def in_care_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def covered_on(self, day: date) -> bool:
        since = self.covered_since
        return self.coverage in COVERED and since is not None and since <= day


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityFacts:
    """A filed sitting as far as others took part in it, and the themes it was about."""

    id: int
    held_on: date
    title: str
    partners: frozenset[PartnerKind] = frozenset()
    topics: frozenset[Topic] = frozenset()
    public_participants: int = 0
    class_hours: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WorklogFacts:
    """The log of one branch over a span of days, and its registers as they stand."""

    cares: tuple[CareFacts, ...] = ()
    recognitions: tuple[RecognitionFacts, ...] = ()
    placements: tuple[PlacementFacts, ...] = ()
    consultations: tuple[PublicConsultationFacts, ...] = ()
    key_posts: tuple[KeyPostFacts, ...] = ()
    units: tuple[CareUnitFacts, ...] = ()


#: Partners of 联建共建, and those of 群团共建.
ORGANIZATIONS = frozenset(
    {PartnerKind.BRANCH, PartnerKind.UNIT, PartnerKind.EXPERT_POOL, PartnerKind.CONGRESS}
)
MASS_ORGANIZATIONS = frozenset(PartnerKind) - ORGANIZATIONS
