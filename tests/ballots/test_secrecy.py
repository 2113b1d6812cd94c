"""With the database, its files and its log in hand nobody links a voter to what he wrote.

Two hundred vote one after the other, each with words of his own; then everything that tells order or size is
read, before the opening and after it, and matched with the order of voting. Chance gives one right link.
"""

from __future__ import annotations

import random
import sqlite3
import uuid

import pytest
from django.db import connection

from apps.ballots import services, services_count
from apps.ballots.models import Poll, PollKey, Remark, SealedBallot
from apps.ballots.sealing import unseal, unwrap
from apps.members.models import Member
from apps.rules.ballots import answers_in
from tests import factories
from tests.ballots.makers import TODAY, cast, make_poll, make_voters, open_poll

VOTERS = 200
ALARM = 6


def links(order: list[str], voted: list[str]) -> int:
    """How many a reader gets right who takes the n-th row for the n-th voter, from either end."""
    forwards = sum(one == other for one, other in zip(order, voted, strict=True))
    backwards = sum(one == other for one, other in zip(reversed(order), voted, strict=True))
    return max(forwards, backwards)


def hidden_orders(table: str) -> list[str]:
    """What the engine knows of the order in which rows were written."""
    if connection.vendor == "sqlite":
        return ["rowid"]
    return ["ctid", "xmin::text::bigint, ctid"]


def read_by(table: str, *, column: str, poll: Poll) -> list[list]:
    found = []
    for order in hidden_orders(table):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table} ORDER BY {order}")  # noqa: S608 - words of this file
            found.append([row[0] for row in cursor.fetchall()])
    return found


@pytest.mark.django_db(transaction=True)
def test_nothing_in_the_database_links_a_voter_to_his_words() -> None:
    branch = factories.make_organization(parent=factories.make_organization("committee"))
    poll = make_poll(branch, with_text=True)
    voters = make_voters(branch, number=VOTERS)
    passphrase = open_poll(poll)
    random.Random(7).shuffle(voters)
    voted = [vote(poll, voter) for voter in voters]
    sizes = {len(bytes(one.blob)) for one in SealedBallot.objects.all()}
    assert len(sizes) == 1
    assert links(words_by_key(poll, passphrase), voted) <= ALARM
    services.close_poll(poll=poll, actor=poll.teller_one.person)
    services_count.open_ballots(poll=poll, passphrase=passphrase, actor=poll.teller_one.person, today=TODAY)
    for order in read_by(Remark._meta.db_table, column="text", poll=poll):
        assert links(order, voted) <= ALARM
    rows = [(one.pk, one.text) for one in Remark.objects.order_by("pk")]
    assert [text for _, text in rows] == sorted(voted)
    assert (SealedBallot.objects.count(), PollKey.objects.count()) == (0, 0)


def vote(poll: Poll, voter: Member) -> str:
    words = f"{uuid.uuid4().hex}"
    cast(poll, voter, grade=random.Random(words).randrange(5), text=words)
    return words


def words_by_key(poll: Poll, passphrase: str) -> list[str]:
    """What the random keys of the ballots would tell, to somebody who even had the passphrase."""
    wrapped = bytes(PollKey.objects.get(poll=poll).wrapped_key)
    private = unwrap(wrapped, passphrase=passphrase, poll_id=poll.pk)
    blobs = SealedBallot.objects.filter(poll=poll).order_by("pk").values_list("blob", flat=True)
    return [str(answers_in(unseal(bytes(blob), private=private, poll_id=poll.pk))[-1]) for blob in blobs]


@pytest.mark.django_db(transaction=True)
def test_before_the_opening_no_byte_of_an_answer_is_stored() -> None:
    """Every table as the database holds it: a copy of the whole file, or every row of every table as text."""
    branch = factories.make_organization(parent=factories.make_organization("committee"))
    poll = make_poll(branch, with_text=True)
    voters = make_voters(branch, number=20)
    passphrase = open_poll(poll)
    voted = [vote(poll, voter) for voter in voters]
    held = whole_database()
    assert [words for words in voted if words.encode() in held] == []
    assert passphrase.encode() not in held
    services.close_poll(poll=poll, actor=poll.teller_one.person)
    services_count.open_ballots(poll=poll, passphrase=passphrase, actor=poll.teller_one.person, today=TODAY)
    held = whole_database()
    assert [words for words in voted if words.encode() not in held] == []


def whole_database() -> bytes:
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(":memory:")
        connection.connection.backup(copy)
        return copy.serialize()
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')  # noqa: S608 - names from the catalogue
            parts += [row[0] for row in cursor.fetchall()]
    return "\n".join(parts).encode()


def test_a_file_in_wal_mode_shows_no_answer_before_the_opening(tmp_path) -> None:
    """The database as it runs, in a process of its own: file, write-ahead log and index are searched."""
    import os
    import subprocess
    import sys

    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/votes.sqlite3", "DEBUG": "true"}
    environment |= {"VAR_DIR": str(tmp_path), "VAULT_KEYRING": str(tmp_path / "keys.json")}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.ballots.voting_on_file", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.split() == ["before", "0", "after", "20"], ran.stderr[-2000:]
