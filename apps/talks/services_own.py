"""What is stored about a person's talks, for his own export alone. Taking the words out is reading them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apps.accounts.models import User
from apps.members.own_page import Part, Share, Subject, columns
from apps.rules.kinds import TalkOccasion
from apps.talks.models import WORDS, MustTalk, Talk, TalkContent, TalkWave
from apps.talks.policies import own_part, own_talks
from apps.talks.queries import DAY, with_people
from apps.talks.queries_own import LOOKS, partners, planned_days, talk_card
from apps.talks.services_words import Opened, read_contents

FACTS = (
    "day 日期",
    "partners 谈话双方的另一方",
    "relation 本人",
    "post 本人当日职务",
    "pair 双方",
    "occasion 类别",
    "trigger 必谈情形",
    "state 状态",
    "place 地点",
    "way 方式",
    "follow_up_on 跟进日期",
    "closed_on 办结日期",
    "opened_at 本人向书记公开的时间",
)


def talk_parts(subject: Subject) -> Iterator[Part]:
    person = subject.person
    talks = with_people(list(own_talks(person).order_by(DAY, "pk")))
    opened = read_contents(talks=talks, actor=person)
    labels = {field.name: str(field.verbose_name) for field in TalkContent._meta.fields}
    yield Part(
        key="talks",
        title="本人的谈心谈话",
        columns=[*columns(*FACTS), *((name, labels[name]) for name in WORDS), ("notice", "内容说明")],
        rows=[(*_facts(talk, person=person), *_words(opened[talk.pk])) for talk in talks],
    )
    yield Part(
        key="talks_handled",
        title="本人经办的谈话登记、必谈提示和会前谈心",
        columns=columns("kind 类别", "on 日期", "due_on 期限", "state 状态"),
        rows=_handled(person),
    )


def _facts(talk: Talk, *, person: User) -> tuple[Any, ...]:
    own = own_part(person, talk)
    did = [own.get_role_display()] if own else []
    did += ["记录人"] if talk.recorder_id == person.pk else []
    did += ["登记人"] if talk.entered_by_id == person.pk else []
    return (
        talk.held_on or talk.planned_on,
        partners(talk, person_id=person.pk),
        "、".join(did),
        own.post if own else "",
        talk.get_pair_display(),
        talk.get_occasion_display(),
        talk.get_trigger_display() if talk.trigger else "",
        talk.get_state_display(),
        talk.place,
        talk.get_way_display(),
        talk.follow_up_on,
        talk.closed_on,
        own.opened_at if own else None,
    )


def _words(opened: Opened) -> tuple[str, ...]:
    return (*(opened.words.get(name, "") for name in WORDS), opened.notice)


def _handled(person: User) -> list[tuple[Any, ...]]:
    """That he did it: who talked, and why somebody must be talked with, is theirs."""
    entered = Talk.objects.filter(entered_by=person).exclude(pk__in=own_talks(person).values("pk"))
    entered = entered.exclude(occasion=TalkOccasion.REMINDER).order_by("pk")
    rows: list[tuple[Any, ...]] = [
        ("登记别人的谈话", row.held_on or row.planned_on, None, row.get_state_display()) for row in entered
    ]
    for kind, named in (("登记必谈提示", {"set_by": person}), ("请本人去谈", {"asked__person": person})):
        musts = MustTalk.objects.filter(**named).order_by("pk")
        rows += [(kind, must.since, must.due_on, must.get_state_display()) for must in musts]
    waves = TalkWave.objects.filter(opened_by=person).order_by("pk")
    return rows + [
        ("发起会前谈心", wave.opens_on, wave.meeting_on, "已结束" if wave.closed_on else "进行中")
        for wave in waves
    ]


SHARE = Share(card=talk_card, parts=talk_parts, looks=LOOKS, days=planned_days)
