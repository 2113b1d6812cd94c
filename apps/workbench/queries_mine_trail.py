"""Who looked at a person's numbers, and the deeds about him and by him, for his own page and export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.audit.changes import in_words
from apps.audit.models import Deed
from apps.branches.models import Post
from apps.members.models import CorrectionRequest
from apps.members.own_page import Card, Line, Looks, Part, Subject, columns, registered_shares

MEMBER, PERSON, REQUEST = "members.member", "accounts.user", "members.correctionrequest"
A_YEAR = timedelta(days=366)
SHOWN_LOOKS = 3


@dataclass(frozen=True)
class Look:
    """One look, with the posts that the reader held on that day and what was looked at, in words."""

    deed: Deed
    posts: str
    what: str

    @property
    def pk(self) -> int:
        return self.deed.pk

    @property
    def who(self) -> str:
        return f"{self.deed.actor_name}（{self.posts}）" if self.posts else self.deed.actor_name


def _looks_at_numbers(subject: Subject) -> Q:
    return Q(object_type=MEMBER, object_id=subject.member.pk) if subject.member else Q(pk__in=[])


def _fields(deeds: Sequence[Deed]) -> dict[int, str]:
    """By their Chinese names."""
    return {deed.pk: "、".join(change["label"] for change in deed.changes) for deed in deeds}


NUMBERS = Looks(actions=("member.revealed", "member.exported"), of=_looks_at_numbers, words=_fields)


def kinds_of_looks() -> list[Looks]:
    return [NUMBERS, *(share.looks for _, share in registered_shares() if share.looks)]


def looks_at(subject: Subject) -> QuerySet[Deed]:
    """Everything in the trail that let somebody read this person's numbers, address or talks."""
    about = Q(pk__in=[])
    for kind in kinds_of_looks():
        about |= Q(action__in=kind.actions) & kind.of(subject)
    return Deed.objects.filter(about)


def last_year_of(deeds: QuerySet[Deed], *, today: date) -> QuerySet[Deed]:
    since = datetime.combine(today - A_YEAR, datetime.min.time())
    return deeds.filter(at__gte=timezone.make_aware(since))


def with_posts(deeds: Iterable[Deed], *, own_id: int) -> list[Look]:
    """Posts as they were on the day. One query for all, and at most one for each kind of look."""
    rows = list(deeds)
    words: dict[int, str] = {}
    for kind in kinds_of_looks():
        if ours := [deed for deed in rows if deed.action in kind.actions]:
            words |= kind.words(ours)
    held: dict[int, list[Post]] = {}
    posts = Post.objects.filter(person__in={deed.actor_id for deed in rows if deed.actor_id})
    for post in posts.select_related("organization").order_by("starts_on", "pk"):
        held.setdefault(post.person_id, []).append(post)
    return [Look(deed, _posts_on(deed, held=held, own_id=own_id), words[deed.pk]) for deed in rows]


def _posts_on(deed: Deed, *, held: dict[int, list[Post]], own_id: int) -> str:
    if deed.actor_id == own_id:
        return "本人"
    day = timezone.localtime(deed.at).date()
    current = [
        post
        for post in held.get(deed.actor_id or 0, [])
        if post.starts_on <= day and (post.ends_on is None or post.ends_on > day)
    ]
    return "、".join(f"{post.organization}{post.get_kind_display()}" for post in current)


def look_card(subject: Subject) -> Card | None:
    if subject.member is None:
        return None
    deeds = last_year_of(looks_at(subject), today=subject.today).order_by("-pk")
    looks = with_posts(deeds[:SHOWN_LOOKS], own_id=subject.person.pk)
    return Card(
        title="谁看过我的身份证号、电话、住址和谈话",
        icon="eye",
        lines=[_look_line(look) for look in looks],
        more=[
            ("全部查看记录", reverse("workbench:mine_looks")),
            ("档案的全部变更", reverse("members:history", args=[subject.member.pk])),
        ],
        empty="近 12 个月没有人查看过。",
    )


def _look_line(look: Look) -> Line:
    day = in_words(look.deed.at)
    below = f"事由：{look.deed.reason}" if look.deed.reason else ""
    return Line(look.who, beside=f"{day} {look.deed.action_label} {look.what}", below=below)


def trail_parts(subject: Subject) -> Iterator[Part]:
    about = _about(subject)
    if subject.member:
        named = columns("at 时间", "who 查看人", "action 操作", "what 内容", "reason 事由")
        title = "谁看过本人的身份证号、电话、住址和谈话"
        yield Part(key="looks", title=title, columns=named, rows=_look_rows(subject))
    named = columns("at 时间", "who 操作人", "action 操作", "changes 变更", "reason 事由")
    rows = [_deed_row(deed) for deed in Deed.objects.filter(about).order_by("pk")]
    yield Part(key="deeds_about", title="关于本人的操作记录", columns=named, rows=rows)
    own = Deed.objects.filter(actor=subject.person).exclude(about).order_by("pk")
    named = columns("at 时间", "action 操作", "object 对象类别", "reason 事由", "ip 来源地址")
    yield Part(key="deeds_by", title="本人的其他操作", columns=named, rows=_own_rows(own))


def _about(subject: Subject) -> Q:
    """Deeds on his account, his record and his requests."""
    about = Q(object_type=PERSON, object_id=subject.person.pk)
    if subject.member:
        requests = CorrectionRequest.objects.filter(member=subject.member).values("pk")
        about |= Q(object_type=MEMBER, object_id=subject.member.pk)
        about |= Q(object_type=REQUEST, object_id__in=requests)
    return about


def _deed_row(deed: Deed) -> tuple[Any, ...]:
    return (deed.at, deed.actor_name, deed.action_label, _changes(deed), deed.reason)


def _look_rows(subject: Subject) -> list[tuple[Any, ...]]:
    looks = with_posts(looks_at(subject).order_by("pk"), own_id=subject.person.pk)
    return [(look.deed.at, look.who, look.deed.action_label, look.what, look.deed.reason) for look in looks]


def _own_rows(deeds: QuerySet[Deed]) -> list[tuple[Any, ...]]:
    """What he did, and to which kind of thing: whose it was would be somebody else's data."""
    labels: dict[str, str] = {}
    rows = []
    for deed in deeds.iterator(chunk_size=2000):
        kind = labels.setdefault(deed.object_type, deed.object_type_label)
        rows.append((deed.at, deed.action_label, kind, deed.reason, deed.ip))
    return rows


def _changes(deed: Deed) -> str:
    words = []
    for change in deed.changes:
        both = f"：{change['before'] or '（空）'} → {change['after'] or '（空）'}"
        words.append(change["label"] + (both if change["before"] or change["after"] else ""))
    return "\n".join(words)
