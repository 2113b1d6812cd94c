"""Two at once: SQLite lets only one write at a time anyway."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from apps.audit.models import Deed
from apps.talks import services
from apps.talks.models import Talk, TalkContent
from apps.ui.refusals import Refusal
from tests.conftest import NOW, TODAY
from tests.talks.talking import make_talk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="threads need a server database"),
]


def at_once(*calls: Callable[[], object]) -> list[str]:
    """How each call ended, in words."""
    start, told = Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        try:
            start.wait()
            call()
            told.append("done")
        except Refusal as refusal:
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_the_same_form_sent_five_times_at_once_is_one_talk(cast) -> None:
    key = uuid.uuid4()

    def send() -> object:
        return services.log_talks(
            branch=cast.ours,
            initiator=cast.members["member"],
            partners=[services.Partner(member=cast.members["group_leader"], words={"topic": "一次"})],
            shape=services.Shape(held_on=TODAY),
            actor=cast["member"],
            today=TODAY,
            now=NOW,
            idempotency_key=key,
        )

    assert at_once(*[send] * 5) == ["done"] * 5
    assert (Talk.objects.count(), TalkContent.objects.count()) == (1, 1)
    assert Deed.objects.filter(action="talk.logged").count() == 1


def test_of_two_who_write_the_first_words_at_once_one_is_told_to_look_again(cast) -> None:
    talk = make_talk(cast.members["member"], cast.members["group_leader"])

    def write(role: str) -> Callable[[], object]:
        return lambda: services.update_talk(
            talk=talk,
            version=talk.version,
            held_on=TODAY,
            way="in_person",
            place="",
            follow_up_on=None,
            recorder=None,
            words={"life": role},
            actor=cast[role],
            today=TODAY,
        )

    assert at_once(write("member"), write("group_leader")) == ["Stale", "done"]
    assert TalkContent.objects.count() == 1


def test_a_plan_is_held_once(cast) -> None:
    people = (cast.members["member"], cast.members["group_leader"])
    talk = make_talk(*people, state="planned", held_on=None, planned_on=TODAY)

    def hold() -> object:
        given = {"talk": talk, "held_on": TODAY, "way": "phone", "place": "", "follow_up_on": None}
        return services.hold_talk(**given, words={}, actor=cast["member"], today=TODAY)

    assert at_once(hold, hold, hold) == ["WrongState", "WrongState", "done"]
