"""Reads of the work log that pages, services and other apps share."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet

from apps.branches.models import Organization, below
from apps.members.models import Member
from apps.rules.kinds import OrgKind
from apps.rules.kinds_worklog import EntrySort
from apps.worklog.models import CareUnit, Entry, EntryMember, KeyPost, KeyPostCheck, StudyImport

#: So many names stand in a list; the entry's own page has all.
NAMES_SHOWN = 5


def branch_of(place: Organization) -> Organization:
    """The branch that a place (a branch or one of its groups) belongs to."""
    return place.parent if place.kind == OrgKind.GROUP and place.parent else place


def with_people(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    people = EntryMember.objects.select_related("member__person").order_by("member__person__pinyin", "pk")
    return entries.select_related("branch", "group", "created_by").prefetch_related(
        Prefetch("people", queryset=people)
    )


def members_of(entry: Entry) -> list[Member]:
    """The people of an entry that was read by `with_people`."""
    return [row.member for row in entry.people.all()]


def people_at(place: Organization, *, kept: Collection[int] = ()) -> QuerySet[Member]:
    """Whom an entry of this place can be about: its active members, and those whom it names already."""
    inside = Q(state="active") & below(place.path)
    found = Member.objects.filter(inside | Q(pk__in=list(kept)))
    return found.select_related("person").order_by("person__pinyin", "pk")


def kind_of(entry: Entry) -> str:
    """The word for the entry's own kind: 理论, 慰问, 表彰, 挂职; nothing for a consultation."""
    words = {
        EntrySort.STUDY: entry.get_category_display,
        EntrySort.CARE: entry.get_care_form_display,
        EntrySort.RECOGNITION: entry.get_recognition_display,
        EntrySort.PLACEMENT: entry.get_placement_display,
    }
    word = words.get(EntrySort(entry.sort))
    return word() if word else ""


def measure_of(entry: Entry) -> str:
    """What an entry adds: hours, people of the public, days of a placement."""
    if entry.sort == EntrySort.STUDY and entry.hours is not None:
        return f"{entry.hours.normalize():f} 学时"
    if entry.sort == EntrySort.CONSULTATION and entry.participants:
        return f"群众 {entry.participants} 人"
    if entry.until:
        return f"至 {entry.until}"
    return ""


def same_study(
    *, member_ids: Collection[int], held_on: date, title: str, hours: Decimal | None, but: int | None = None
) -> QuerySet[EntryMember]:
    """Who of these has the same hours on record already."""
    same = Q(entry__sort=EntrySort.STUDY, entry__withdrawn_on=None, entry__held_on=held_on)
    rows = EntryMember.objects.filter(same, entry__title=title, entry__hours=hours, member__in=member_ids)
    return rows.exclude(entry=but).select_related("member__person").order_by("pk")


def recorded_study(branch_id: int, *, first: date, last: date) -> Iterator[tuple[int, date, str, Decimal]]:
    """Member, day, content and hours of the single days of study on record. One query."""
    rows = EntryMember.objects.filter(
        member__branch_id=branch_id,
        entry__sort=EntrySort.STUDY,
        entry__withdrawn_on=None,
        entry__until=None,
        entry__held_on__gte=first,
        entry__held_on__lte=last,
    )
    columns = ("member_id", "entry__held_on", "entry__title", "entry__hours")
    return iter(rows.values_list(*columns))


def imports_for_list(imports: QuerySet[StudyImport]) -> QuerySet[StudyImport]:
    return imports.select_related("branch", "uploaded_by", "job").order_by("-pk")


def entries_about(member: Member) -> QuerySet[Entry]:
    """What stands of this member in the log: study hours, visits, recognitions, placements; latest first."""
    about = EntryMember.objects.filter(entry=OuterRef("pk"), member=member)
    found = Entry.objects.standing().filter(Exists(about)).select_related("branch", "group")
    return found.order_by("-held_on", "-pk")


def key_posts_with_checks(key_posts: QuerySet[KeyPost], *, today: date) -> QuerySet[KeyPost]:
    """Each with `checked_this_year` and `last_checked_on`."""
    standing = Q(checks__withdrawn_on=None, checks__checked_on__lte=today)
    this_year = standing & Q(checks__checked_on__gte=date(today.year, 1, 1))
    return key_posts.select_related("branch", "holder__person").annotate(
        checked_this_year=Max("checks__checked_on", filter=this_year),
        last_checked_on=Max("checks__checked_on", filter=standing),
    )


def checks_of(key_post: KeyPost) -> QuerySet[KeyPostCheck]:
    checks = KeyPostCheck.objects.filter(key_post=key_post, withdrawn_on=None)
    return checks.select_related("created_by").order_by("-checked_on", "-pk")


def units_for_list(units: QuerySet[CareUnit]) -> QuerySet[CareUnit]:
    return units.select_related("branch")
