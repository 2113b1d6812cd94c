"""Reads of talks that pages and services share. None of them touches the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.audit.queries import history_of
from apps.branches.models import Organization, Post
from apps.members.models import Member
from apps.rules.kinds import COMMITTEE_POSTS, PostKind, TalkOccasion, TalkState
from apps.rules.talks import count_words
from apps.talks.models import MustState, MustTalk, Talk, TalkPerson, TalkWave

READ = "talk.read"
SHOWN_READINGS = 20
STATE_TONES = {
    TalkState.PLANNED: "info",
    TalkState.HELD: "ok",
    TalkState.CLOSED: "ok",
    TalkState.CANCELLED: "muted",
}
QUARTERS = ("一", "二", "三", "四")


#: The day a talk was held on, or is planned for.
DAY = Coalesce("held_on", "planned_on")


def for_list(talks: QuerySet[Talk]) -> QuerySet[Talk]:
    """Each with its `day`."""
    return talks.select_related("branch", "recorder").annotate(day=DAY)


def with_people(rows: list[Talk]) -> list[Talk]:
    """The talks of one page, each with its people. One query."""
    people: dict[int, list[TalkPerson]] = defaultdict(list)
    found = TalkPerson.objects.filter(talk__in=rows).select_related("member__person")
    for one in found.order_by("role", "pk"):
        people[one.talk_id].append(one)
    for talk in rows:
        talk.__dict__["_people"] = people[talk.pk]
    return rows


def badge_of(talk: Talk, *, today: date) -> tuple[str, str]:
    if talk.state == TalkState.PLANNED and talk.planned_on and talk.planned_on < today:
        return "约定的日期已过", "warn"
    if talk.state == TalkState.HELD and talk.follow_up_on:
        late = talk.follow_up_on <= today
        return ("该跟进了", "warn") if late else ("已谈，待跟进", "info")
    return talk.get_state_display(), STATE_TONES[TalkState(talk.state)]


def members_of(branch: Organization) -> QuerySet[Member]:
    """Active members by name, without what is encrypted."""
    members = Member.objects.active().filter(branch=branch).select_related("person")
    return members.defer("id_number", "mobile_phone", "landline", "address").order_by("person__pinyin", "pk")


def recorders_for(branch: Organization) -> QuerySet[User]:
    """Members of the branch: one of them may have sat in to write."""
    return User.objects.filter(member__in=members_of(branch).values("pk")).order_by("pinyin", "pk")


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody was in the branch on one day."""

    post: str = ""
    on_committee: bool = False
    is_secretary: bool = False


def seats_on(branch: Organization, *, people: Collection[int], day: date) -> dict[int, Seat]:
    """Person → posts held that day in the branch and its groups. One query."""
    held: dict[int, list[PostKind]] = defaultdict(list)
    here = Q(organization=branch) | Q(organization__parent=branch)
    posts = Post.objects.current_on(day).filter(here, person_id__in=people).order_by("starts_on", "pk")
    for person_id, kind in posts.values_list("person_id", "kind"):
        held[person_id].append(PostKind(kind))
    return {
        person_id: Seat(
            post="、".join(kind.label for kind in kinds)[:60],
            on_committee=any(kind in COMMITTEE_POSTS for kind in kinds),
            is_secretary=PostKind.SECRETARY in kinds,
        )
        for person_id, kinds in held.items()
    }


def readings_of(talk: Talk) -> Iterable[Deed]:
    """Who read the words and when, the latest first."""
    return history_of(talk).filter(action=READ)[:SHOWN_READINGS]


def open_musts(rows: QuerySet[MustTalk]) -> QuerySet[MustTalk]:
    return rows.filter(state=MustState.OPEN)


def for_must_list(rows: QuerySet[MustTalk]) -> QuerySet[MustTalk]:
    return rows.select_related("branch", "member__person", "asked__person")


def open_wave(branch: Organization) -> TalkWave | None:
    return TalkWave.objects.filter(branch=branch, closed_on__isnull=True).first()


@dataclass(frozen=True, slots=True)
class CountedBranch:
    """One line of what those above see: a word for each quarter, no sum that would give a small one away."""

    pk: int
    name: str
    parent: str
    quarters: tuple[str, ...]


def counted(branches: list[Organization], *, year: int) -> list[CountedBranch]:
    """The branches of one page with their talks in each quarter. One query."""
    found: dict[tuple[int, int], int] = {}
    held = Talk.objects.held().exclude(occasion=TalkOccasion.REMINDER)
    rows = held.filter(branch__in=branches, held_on__year=year).order_by()
    for branch_id, quarter, count in rows.values_list("branch_id", "held_on__quarter").annotate(Count("pk")):
        found[branch_id, quarter] = count
    return [
        CountedBranch(
            branch.pk,
            str(branch),
            str(branch.parent or ""),
            tuple(count_words(found.get((branch.pk, quarter), 0)) for quarter in range(1, 5)),
        )
        for branch in branches
    ]


def waiting(talks: QuerySet[Talk], *, today: date) -> QuerySet[Talk]:
    """Talks of one's own that wait for something: a plan whose day has come, or a follow-up."""
    planned = Q(state=TalkState.PLANNED, planned_on__lte=today)
    follow_up = Q(state=TalkState.HELD, follow_up_on__lte=today)
    return talks.filter(planned | follow_up).order_by("held_on", "pk")


def committee_of(branch: Organization, *, today: date) -> QuerySet[Member]:
    """The members who sit on the branch's committee today."""
    seated = Post.objects.current_on(today).filter(organization=branch, kind__in=COMMITTEE_POSTS)
    return members_of(branch).filter(person__in=seated.values("person"))
