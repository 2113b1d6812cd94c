"""With the database, its files and its logs in hand nobody links a voter to what he wrote.

Two hundred vote one after the other, each with words of his own; then everything that tells order, size or
time is read, before the opening and after it, and matched with the order of voting. Chance gives one right
link.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest
from django.db import connection

from apps.ballots import services, services_count
from apps.ballots.models import Poll, PollKey, Remark, RollEntry, SealedBallot
from apps.ballots.sealing import unseal, unwrap
from apps.members.models import Member
from apps.rules.ballots import answers_in
from tests import factories
from tests.ballots.makers import TODAY, cast, make_poll, make_voters, open_poll

VOTERS = 200
#: Two orders that have nothing to do with each other agree in more places once in a million times.
ALARM = 9
WRITTEN_BY_A_VOTE = {RollEntry._meta.db_table, SealedBallot._meta.db_table}


def orders() -> list[str]:
    """Every order in which the engine can hand out rows: its own marks of place and of transaction."""
    if connection.vendor == "sqlite":
        return ["id", "rowid"]
    return ["id", "ctid", "xmin::text::bigint, ctid", "xmin::text::bigint DESC, ctid DESC"]


def read(column: str, *, table: str, order: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY {order}")  # noqa: S608 - words of this file
        return [row[0] for row in cursor.fetchall()]


def links(one: list[str], other: list[str]) -> int:
    """How many a reader gets right who takes the n-th of one for the n-th of the other, from either end."""
    forwards = sum(map(str.__eq__, one, other))
    backwards = sum(map(str.__eq__, reversed(one), other))
    return max(forwards, backwards)


@pytest.mark.django_db(transaction=True)
def test_nothing_in_the_database_links_a_voter_to_his_words() -> None:
    """By order of keys, rowid, ctid, xmin on either side, by size, by anything a vote writes elsewhere."""
    branch = factories.make_organization(parent=factories.make_organization("committee"))
    poll = make_poll(branch, with_text=True)
    voters = make_voters(branch, number=VOTERS)
    passphrase = open_poll(poll)
    chance = random.Random(7)
    chance.shuffle(voters)
    elsewhere = tables_but(WRITTEN_BY_A_VOTE)
    said = {voter.pk: vote(poll, voter, chance=chance) for voter in voters}
    assert tables_but(WRITTEN_BY_A_VOTE) == elsewhere
    assert len({len(bytes(one.blob)) for one in SealedBallot.objects.all()}) == 1
    assert links(words_by_key(poll, passphrase), list(said.values())) <= ALARM
    services.close_poll(poll=poll, actor=poll.teller_one.person)
    services_count.open_ballots(poll=poll, passphrase=passphrase, actor=poll.teller_one.person, today=TODAY)
    assert (SealedBallot.objects.count(), PollKey.objects.count()) == (0, 0)
    voted = [list(said.values()), *orders_of_the_roll(said)]
    for order in orders():
        kept = read("text", table=Remark._meta.db_table, order=order)
        assert sorted(kept) == sorted(said.values())
        assert max(links(kept, guess) for guess in voted) <= ALARM, order
    assert list(Remark.objects.order_by("pk").values_list("text", flat=True)) == sorted(said.values())


def orders_of_the_roll(said: dict[int, str]) -> list[list[str]]:
    """What those on the roll wrote, in every order in which the roll can be read."""
    found = [read("member_id", table=RollEntry._meta.db_table, order=order) for order in orders()]
    return [[said[pk] for pk in order if pk in said] for order in found]


def vote(poll: Poll, voter: Member, *, chance: random.Random) -> str:
    """Words as long as the voter likes: their length is a trace, too."""
    words = "".join(chance.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(chance.randint(20, 300)))
    cast(poll, voter, grade=chance.randrange(5), text=words)
    return words


def words_by_key(poll: Poll, passphrase: str) -> list[str]:
    """What the random keys of the ballots would tell, to somebody who even had the passphrase."""
    wrapped = bytes(PollKey.objects.get(poll=poll).wrapped_key)
    private = unwrap(wrapped, passphrase=passphrase, poll_id=poll.pk)
    blobs = SealedBallot.objects.filter(poll=poll).order_by("pk").values_list("blob", flat=True)
    return [str(answers_in(unseal(bytes(blob), private=private, poll_id=poll.pk))[-1]) for blob in blobs]


def tables_but(left_out: set[str]) -> dict[str, list[str]]:
    """Every row of every other table as text: whoever votes leaves neither a name nor a time there."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - left_out):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the catalogue
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


@pytest.mark.django_db(transaction=True)
def test_files_races_and_sudden_deaths(tmp_path) -> None:
    """In a process of its own, without a net: see `for_real`. A server's own test database is used."""
    url = f"sqlite:///{tmp_path}/votes.sqlite3"
    if connection.vendor == "postgresql":
        told = connection.settings_dict
        url = f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "true", "VAR_DIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.ballots.for_real", str(tmp_path)],
        env=environment | {"VAULT_KEYRING": str(tmp_path / "keys.json")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout)
    assert told["words"] == {"before": 0, "passphrase": 0, "after": 20}
    assert told["races"] == {"AlreadyVoted": 16, "cast": 8, "ballots": 8, "voted": 8}
    assert {step: found["states"] for step, found in told["cuts"].items()} == STATES
    assert min(found["deaths"] for found in told["cuts"].values()) >= 4


#: Step → what a death may leave behind: all as before, or all done. State, roll, voted, ballots, keys, paper
#: counts, results, tallies. All 39 of the branch are asked.
STATES = {
    "opening": [["draft", 0, 0, 0, 0, 0, 0, 0], ["open", 39, 0, 0, 1, 0, 0, 0]],
    "voting": [["open", 39, 0, 0, 1, 0, 0, 0], ["open", 39, 1, 1, 1, 0, 0, 0]],
    "closing": [["open", 39, 5, 5, 1, 0, 0, 0], ["closed", 39, 5, 5, 1, 0, 0, 0]],
    "counting": [["closed", 39, 5, 5, 1, 0, 0, 0], ["opened", 39, 5, 0, 0, 0, 1, 5]],
    "entering": [["open", 39, 0, 0, 0, 0, 0, 0], ["closed", 39, 0, 0, 0, 1, 0, 0]],
    "confirming": [["closed", 39, 0, 0, 0, 1, 0, 0], ["opened", 39, 0, 0, 0, 0, 1, 5]],
}
