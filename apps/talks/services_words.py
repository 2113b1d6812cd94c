"""The words of talks: sealed, read, and ended. Nothing else in the system touches their table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import Entry, record_all
from apps.rules.periods import add_years
from apps.talks.models import WORDS, Talk, TalkContent
from apps.talks.queries import READ
from apps.ui.refusals import Refusal
from apps.vault import record_keys
from apps.vault.envelope import Tampered
from apps.vault.record_keys import KeyDestroyed, KeyLocked

register({READ: "阅读谈话内容", "talk.content_ended": "谈话内容按保管期限销毁"})

ENDED = "内容已按保管期限销毁，谈话的时间和双方仍保留。"
DAMAGED = "数据校验未通过，请联系管理员"
#: How many records are ended in one transaction.
BATCH = 200


class ContentEnded(Refusal):
    default = ENDED


class ContentLocked(Refusal):
    default = "谈话内容现在打不开，为免覆盖原文，暂不能修改；原有内容没有改动。请联系系统操作员。"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The words as far as they can be read; `notice` says why where they cannot."""

    words: dict[str, str] = field(default_factory=dict)
    notice: str = ""


def _place(content: TalkContent, column: str) -> str:
    return record_keys.place_of(TalkContent._meta.db_table, column=column, row=content.vault_id)


def write_words(*, talk: Talk, words: Mapping[str, str]) -> None:
    """Seal what is named in `words`, leave the rest. Only inside the transaction of another service.

    Raises ContentEnded or ContentLocked rather than write over what cannot be read.
    """
    if talk.content_ended_on:
        raise ContentEnded
    content = TalkContent.objects.select_for_update().filter(pk=talk.pk).first()
    if content is None and not any(words.values()):
        return
    if content is None:
        content = TalkContent(talk=talk, record_key=record_keys.new_key())
    standing = _opened(content)
    if standing.notice:
        raise ContentLocked
    for name, text in words.items():
        if text != standing.words[name]:
            sealed = record_keys.seal(text, key=content.record_key, place=_place(content, name))
            setattr(content, name, sealed)
    content.save()


def _opened(content: TalkContent) -> Opened:
    words, notice = {}, ""
    try:
        record_keys.cipher_of(content.record_key)
    except KeyDestroyed:
        return Opened(notice=ENDED)
    except KeyLocked as locked:
        return Opened(notice=locked.words)
    for name in WORDS:
        try:
            sealed = getattr(content, name)
            words[name] = record_keys.unseal(sealed, key=content.record_key, place=_place(content, name))
        except Tampered:
            words[name] = notice = DAMAGED
    return Opened(words=words, notice=notice)


def read_content(*, talk: Talk, actor: User) -> Opened:
    """The words of one talk, for somebody who may read them."""
    return read_contents(talks=[talk], actor=actor)[talk.pk]


@transaction.atomic
def read_contents(*, talks: Sequence[Talk], actor: User) -> dict[int, Opened]:
    """Talk → its words, for somebody who may read each. That he did is a deed, with none of them."""
    contents = TalkContent.objects.in_bulk([talk.pk for talk in talks if not talk.content_ended_on])
    found = {talk.pk: _opened_of(talk, contents.get(talk.pk)) for talk in talks}
    read = [talk for talk in talks if any(found[talk.pk].words.values())]
    if read:
        record_all(actor=actor, entries=[Entry(READ, target=talk, path=talk.path) for talk in read])
    return found


def _opened_of(talk: Talk, content: TalkContent | None) -> Opened:
    if talk.content_ended_on:
        return Opened(notice=ENDED)
    return _opened(content) if content else Opened()


def end_contents(*, today: date, years: int) -> int:
    """Destroy the words of talks held `years` ago or longer; the fact stays. Returns how many."""
    ended = 0
    while batch := _end_batch(before=add_years(today, -years), today=today):
        ended += batch
    return ended


@transaction.atomic
def _end_batch(*, before: date, today: date) -> int:
    due = Talk.objects.select_for_update().filter(content_ended_on__isnull=True, held_on__lte=before)
    talks = list(due.filter(pk__in=TalkContent.objects.values("talk_id")).order_by("pk")[:BATCH])
    TalkContent.objects.filter(talk__in=talks).delete()  # the only copy of the key goes with the words
    for talk in talks:
        talk.content_ended_on = today
        talk.version += 1
        talk.save(update_fields=["content_ended_on", "version"])
    if talks:
        entries = [Entry("talk.content_ended", target=talk, path=talk.path) for talk in talks]
        record_all(actor=None, entries=entries)
    return len(talks)
