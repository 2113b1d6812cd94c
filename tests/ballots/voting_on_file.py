"""Twenty vote in a database on disk; prints how many of their words its files hold before and after."""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path


def main(folder: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "branchsys.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.VAULT_KEYRING = folder / "keys.json"
    settings.MIGRATION_MODULES = {app.label: None for app in django.apps.apps.get_app_configs()}
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    from apps.vault.keys import create_keyring

    create_keyring(folder / "keys.json")
    vote_and_count(folder)


def vote_and_count(folder: Path) -> None:
    from apps.ballots import services, services_count
    from tests import factories
    from tests.ballots.makers import TODAY, cast, make_poll, make_voters, open_poll

    branch = factories.make_organization(parent=factories.make_organization("committee"))
    poll = make_poll(branch, with_text=True)
    voters = make_voters(branch, number=20)
    passphrase = open_poll(poll)
    words = [uuid.uuid4().hex for _ in voters]
    for voter, text in zip(voters, words, strict=True):
        cast(poll, voter, text=text)
    report("before", folder, words=words)
    services.close_poll(poll=poll, actor=poll.teller_one.person)
    services_count.open_ballots(poll=poll, passphrase=passphrase, actor=poll.teller_one.person, today=TODAY)
    report("after", folder, words=words)


def report(moment: str, folder: Path, *, words: list[str]) -> None:
    held = b"".join(path.read_bytes() for path in sorted(folder.glob("votes.sqlite3*")))
    sys.stdout.write(f"{moment} {sum(text.encode() in held for text in words)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
