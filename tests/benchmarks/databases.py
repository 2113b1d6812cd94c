"""Generated databases, kept under var/bench and copied before each measurement, which writes into the copy.

SQLite unless DATABASE_URL names a PostgreSQL server; there the databases are called branchsys_bench_….
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "var" / "bench"
SEED, YEARS = 7, 1
#: What decides the content of a generated database.
SOURCES = (
    "apps/*/migrations/*.py",
    "apps/workbench/services_generate*.py",
    "apps/workbench/demo_world.py",
    "apps/ledger/*.py",
    "apps/meetings/facts.py",
)


@dataclass(frozen=True)
class Generated:
    """The database of one scale: where it is kept, and the environment to reach it."""

    branches: int

    @property
    def name(self) -> str:
        return f"branchsys_bench_{self.branches}_{fingerprint()}"

    @property
    def folder(self) -> Path:
        return KEPT / (self.name if on_postgresql() else f"{self.name}_sqlite")

    def environment(self, *, database: str, var: Path) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": database,
            "VAR_DIR": str(var),
            "VAULT_KEYRING": str(self.folder / "keys.json"),
            "DEBUG": "false",
            "SECRET_KEY": "only-for-measuring-" * 4,
            "ALLOWED_HOSTS": "testserver",
            "SECURE_SSL_REDIRECT": "false",
        }


def fingerprint() -> str:
    digest = hashlib.sha256(f"{SEED} {YEARS}".encode())
    for pattern in SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


def on_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


@contextmanager
def copy_of(generated: Generated, *, folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which a fresh copy is the database; the copy goes afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    if on_postgresql():
        build_on_postgresql(generated)
        copied = f"{generated.name}_copy"
        recreate(copied, template=generated.name)
        yield generated.environment(database=address(copied), var=folder)
        drop(copied)
        return
    build_file(generated)
    copied_file = folder / "copy.sqlite3"
    shutil.copyfile(generated.folder / "base.sqlite3", copied_file)
    yield generated.environment(database=f"sqlite:///{copied_file}", var=folder)
    copied_file.unlink()


def build_file(generated: Generated) -> None:
    if (generated.folder / "done").exists():
        return
    make_room(generated)
    fill(generated, database=f"sqlite:///{generated.folder / 'base.sqlite3'}")


def build_on_postgresql(generated: Generated) -> None:
    if (generated.folder / "done").exists() and exists(generated.name):
        return
    for old in make_room(generated):
        drop(old)
    recreate(generated.name)
    fill(generated, database=address(generated.name))


def make_room(generated: Generated) -> list[str]:
    """An empty folder. What an older version of the program generated goes; returns the names."""
    suffix = "" if on_postgresql() else "_sqlite"
    pattern = f"branchsys_bench_{generated.branches}_{'[0-9a-f]' * 10}{suffix}"
    older = list(KEPT.glob(pattern))
    for folder in older:
        shutil.rmtree(folder)
    generated.folder.mkdir(parents=True)
    return [folder.name for folder in older]


def fill(generated: Generated, *, database: str) -> None:
    environment = generated.environment(database=database, var=generated.folder)
    step("build", "--branches", generated.branches, "--years", YEARS, "--seed", SEED, env=environment)
    (generated.folder / "done").touch()


def step(*words: object, env: dict[str, str]) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.scale", *map(str, words)]
    subprocess.run(command, cwd=ROOT, env=env, check=True)


# --- PostgreSQL --------------------------------------------------------------------------------------


def address(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def on_server(statement: str) -> list[tuple]:
    """Run one statement beside the databases in question. The names come from this module alone."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        cursor = server.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def exists(database: str) -> bool:
    return bool(on_server(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))  # noqa: S608 - our name


def recreate(database: str, *, template: str = "template0") -> None:
    drop(database)
    on_server(f'CREATE DATABASE "{database}" TEMPLATE "{template}" ENCODING \'UTF8\'')


def drop(database: str) -> None:
    on_server(f'DROP DATABASE IF EXISTS "{database}"')
