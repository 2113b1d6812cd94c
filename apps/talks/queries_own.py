"""A person's own talks for his own page and calendar: their facts, never a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.members.own_page import Card, Days, Line, Looks, OwnDay, Subject
from apps.rules.kinds import TalkState
from apps.talks.models import Talk
from apps.talks.policies import own_talks, people_of
from apps.talks.queries import DAY, READ, badge_of, with_people

SHOWN_TALKS = 8
#: All that a calendar, which leaves the system, says of a talk.
IN_CALENDAR = "谈心谈话"


def partners(talk: Talk, *, person_id: int) -> str:
    names = [one.member.person.name for one in people_of(talk) if one.member.person_id != person_id]
    return "、".join(names)


def talk_card(subject: Subject) -> Card | None:
    """The latest and those that are planned; who is on no roster and in no talk has none."""
    rows = own_talks(subject.person).exclude(state=TalkState.CANCELLED).order_by(DAY.desc(), "-pk")
    talks = with_people(list(rows[:SHOWN_TALKS]))
    if not talks and not subject.on_roster:
        return None
    return Card(
        title="我的谈话",
        icon="chat-dots",
        lines=[_talk_line(talk, subject) for talk in talks],
        more=[("全部谈话", reverse("talks:mine"))] if talks else [("去登记", reverse("talks:mine"))],
        empty="还没有登记过您参加的谈心谈话。",
    )


def _talk_line(talk: Talk, subject: Subject) -> Line:
    names = partners(talk, person_id=subject.person.pk)
    text = f"{names}（本人记录）" if talk.recorder_id == subject.person.pk else f"与{names}"
    beside = f"{talk.held_on or talk.planned_on} {talk.get_occasion_display()}"
    url = reverse("talks:detail", args=[talk.pk])
    return Line(text, url, beside=beside, badge=badge_of(talk, today=subject.today))


def readings_by_others(subject: Subject) -> Q:
    """That he reads his own talks again would only hide who else did."""
    talks = own_talks(subject.person).values("pk")
    return Q(object_type=Talk._meta.label_lower, object_id__in=talks) & ~Q(actor=subject.person)


def day_words(deeds: Sequence[Deed]) -> dict[int, str]:
    """Which talk was read, by its day. One query."""
    talks = {talk.pk: talk for talk in Talk.objects.filter(pk__in={deed.object_id for deed in deeds})}
    found = {}
    for deed in deeds:
        talk = talks.get(deed.object_id or 0)
        found[deed.pk] = f"{talk.held_on or talk.planned_on} 的谈话" if talk else ""
    return found


LOOKS = Looks(actions=(READ,), of=readings_by_others, words=day_words)


def planned_days(person: User, days: Days) -> Iterator[OwnDay]:
    planned = Talk.objects.filter(state=TalkState.PLANNED, planned_on__gte=days.since)
    rows = planned.filter(planned_on__lt=days.until, pk__in=own_talks(person).values("pk"))
    for pk, day in rows.order_by("planned_on", "pk").values_list("pk", "planned_on"):
        if day:
            yield OwnDay(f"talk-{pk}", IN_CALENDAR, day, reverse("talks:detail", args=[pk]))
