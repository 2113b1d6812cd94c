"""Votes in a database of its own process, and tells what came of them as one line of JSON.

Nothing is rolled back here: files and write-ahead logs are searched, processes die for good, threads race.
SQLite gets a file of its own; a server is used as it is, with its tables.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread

#: At most so many statements; an action that runs on and on is a mistake of this script.
MOST_STATEMENTS = 100
DIED, FAILED = 9, 8


def main(folder: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "branchsys.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.VAULT_KEYRING = folder / "keys.json"
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        settings.MIGRATION_MODULES = {app.label: None for app in django.apps.apps.get_app_configs()}
        call_command("migrate", run_syncdb=True, verbosity=0)
    from apps.ballots import sealing
    from apps.vault.keys import create_keyring

    create_keyring(folder / "keys.json")
    # The passphrase is stretched anew in every process that is cut off: the work is not what is tried here.
    sealing.SCRYPT["n"] = 2**8
    from tests import factories

    branch = factories.make_organization(parent=factories.make_organization("committee"))
    told = {"words": words_in_files(branch), "races": races(branch), "cuts": cuts(branch)}
    sys.stdout.write(json.dumps(told))


def words_in_files(branch) -> dict[str, int]:
    """Of how many voters the words stand in the database's files before the opening and after it."""
    from apps.ballots import services, services_count
    from tests.ballots.makers import TODAY, cast, make_poll, make_voters, open_poll

    poll = make_poll(branch, with_text=True)
    voters = make_voters(branch, number=20)
    start = log_position()
    passphrase = open_poll(poll)
    words = [uuid.uuid4().hex for _ in voters]
    for voter, text in zip(voters, words, strict=True):
        cast(poll, voter, text=text)
    before = held_bytes(since=start)
    teller = poll.teller_one.person
    services.close_poll(poll=poll, actor=teller)
    services_count.open_ballots(poll=poll, passphrase=passphrase, actor=teller, today=TODAY)
    after = held_bytes(since=start)
    return {
        "before": sum(text.encode() in before for text in words),
        "passphrase": sum(word.encode() in before for word in [passphrase]),
        "after": sum(text.encode() in after for text in words),
    }


def log_position() -> str:
    from django.db import connection

    return asked("SELECT pg_current_wal_lsn()::text")[0] if connection.vendor == "postgresql" else ""


def held_bytes(*, since: str) -> bytes:
    """File, write-ahead log and index of SQLite; every table's file and the log of a server since then."""
    from django.db import connection

    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        return b"".join(path.read_bytes() for path in sorted(name.parent.glob(f"{name.name}*")))
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    tables = "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND oid > 16383"
    files = [path for path in asked(tables) if path]
    logs = asked(
        "SELECT 'pg_wal/' || name FROM pg_ls_waldir() WHERE name BETWEEN pg_walfile_name(%s::pg_lsn) "
        "AND pg_walfile_name(pg_current_wal_lsn())",
        since,
    )
    return b"".join(bytes(asked("SELECT pg_read_binary_file(%s)", path)[0]) for path in files + logs)


def asked(sql: str, *values: str) -> list:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return [row[0] for row in cursor.fetchall()]


def races(branch) -> dict[str, int]:
    """Eight voters send their ballot three times at once."""
    from django.db import connection

    from apps.ballots.models import RollEntry, SealedBallot
    from apps.ui.refusals import Refusal
    from tests.ballots.makers import cast, make_poll, make_voters, open_poll

    poll = make_poll(branch)
    voters = make_voters(branch, number=8)
    open_poll(poll)
    start, told = Barrier(24), []

    def vote(voter) -> None:
        try:
            start.wait()
            cast(poll, voter)
            told.append("cast")
        except Refusal as refusal:
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [Thread(target=vote, args=[voter]) for voter in voters for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = {words: told.count(words) for words in sorted(set(told))}
    counts["ballots"] = SealedBallot.objects.filter(poll=poll).count()
    counts["voted"] = RollEntry.objects.filter(poll=poll, voted=True).count()
    return counts


def cuts(branch) -> dict[str, object]:
    """For every step: the states in which a process that died after its n-th statement left the poll."""
    from apps.ballots import services, services_count
    from apps.ballots.queries import questions_of
    from apps.rules.kinds_ballots import PollMode, PollPurpose
    from tests.ballots.makers import TODAY, cast, make_poll, make_tellers, make_voters, open_poll

    tellers = make_tellers(branch)
    asks = {"purpose": PollPurpose.OTHER, "words": "工作作风", "tellers": tellers}
    one, two = ({"teller": who, "actor": who.person} for who in tellers)
    voters = make_voters(branch, number=5)
    online, paper = make_poll(branch, **asks), make_poll(branch, mode=PollMode.PAPER, **asks)
    words = Path(os.environ["VAULT_KEYRING"]).with_name("words.txt")
    found: dict[str, object] = {}
    start = {"poll": online, "actor": tellers[0].person, "today": TODAY}
    found["opening"] = dying(online, lambda: words.write_text(services.open_poll(**start)))
    found["voting"] = dying(online, lambda: cast(online, voters[0]))
    for voter in voters[1:]:
        cast(online, voter)
    found["closing"] = dying(online, lambda: services.close_poll(poll=online, actor=tellers[0].person))
    found["counting"] = dying(
        online, lambda: services_count.open_ballots(passphrase=words.read_text(), **start)
    )
    open_poll(paper)
    numbers = {"issued": 9, "returned": 6, "valid": 6, "invalid": 0}
    votes = {questions_of(paper)[0].pk: [4, 2, 0, 0, 0]}
    totals = {"poll": paper, "numbers": numbers, "votes": votes}
    found["entering"] = dying(paper, lambda: services_count.enter_paper_totals(**totals, **one))
    found["confirming"] = dying(
        paper, lambda: services_count.confirm_paper_totals(poll=paper, today=TODAY, **two)
    )
    return found


def dying(poll, act: Callable[[], object]) -> dict[str, object]:
    """The state before and every other that was left behind; the deaths that left the first one."""
    seen, number = [state_of(poll)], 0
    for number in range(1, MOST_STATEMENTS):
        alive = survives(act, number=number)
        state = state_of(poll)
        if state != seen[-1]:
            seen.append(state)
        if alive or len(seen) > 1:
            break
    return {"states": seen, "deaths": number - 1}


def survives(act: Callable[[], object], *, number: int) -> bool:
    """Do it in a process of its own that dies after its n-th statement."""
    from django.db import connection

    connection.close()
    child = os.fork()
    if child == 0:
        try:
            left = iter(range(number - 1, -1, -1))
            with connection.execute_wrapper(death_after(left)):
                act()
        except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on as its parent
            traceback.print_exc()
            os._exit(FAILED)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == FAILED:
        raise SystemExit(f"statement {number}: the action failed by itself")
    return code == 0


def death_after(left: Iterator[int]) -> Callable:
    def wrapper(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if next(left, None) == 0:
            os._exit(DIED)
        return result

    return wrapper


def state_of(poll) -> list:
    """State, roll, voted, ballots, keys, paper counts, results, tallies."""
    from apps.ballots.models import PaperCount, Poll, PollKey, Result, RollEntry, SealedBallot, Tally

    roll = RollEntry.objects.filter(poll=poll)
    rows = [SealedBallot, PollKey, PaperCount, Result]
    return [
        Poll.objects.get(pk=poll.pk).state,
        roll.count(),
        roll.filter(voted=True).count(),
        *(model.objects.filter(poll=poll).count() for model in rows),
        Tally.objects.filter(question__poll=poll).count(),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
