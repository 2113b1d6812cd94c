"""The key ring: a JSON file with mode 0400, outside the database, the code and the backups.

One *root* key feeds the subkeys that must never change (blind index, audit chain, sessions). Field keys
rotate: exactly one is *active*; *old* and *retired* ones only read. A retired key keeps its bytes, because
an old backup may still need it.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = 1
MODE = 0o400
OTHERS = 0o077
STATES = frozenset({"root", "active", "old", "retired"})


class BrokenRing(Exception):
    """The file is there but is not a key ring."""


@dataclass(frozen=True)
class Key:
    id: bytes
    created: str
    state: str
    secret: bytes

    @classmethod
    def new(cls, state: str, *, now: datetime) -> Self:
        return cls(secrets.token_bytes(8), now.isoformat(timespec="seconds"), state, secrets.token_bytes(32))

    def subkey(self, purpose: str) -> bytes:
        """A key of its own for each purpose, so that none can be turned into another."""
        return HKDF(SHA256(), 32, None, f"branchsys vault 1 {purpose}".encode()).derive(self.secret)

    @cached_property
    def proof(self) -> str:
        """Tells this key from any other of the same id, and gives nothing of it away."""
        return hmac.digest(self.subkey("check"), self.id, "sha256").hex()


@dataclass(frozen=True)
class Ring:
    keys: tuple[Key, ...]

    @cached_property
    def root(self) -> Key | None:
        """None only in what is left of a ring whose keys could not all be proved."""
        return next((key for key in self.keys if key.state == "root"), None)

    @cached_property
    def active(self) -> Key:
        return next(key for key in self.keys if key.state == "active")

    @cached_property
    def ciphers(self) -> dict[bytes, AESGCM]:
        return {key.id: AESGCM(key.subkey("field")) for key in self.keys if key.state != "root"}

    def only(self, proved: dict[str, str]) -> Ring:
        """The keys that the database's proofs (key id → proof) speak for."""
        return Ring(tuple(key for key in self.keys if proved.get(key.id.hex()) == key.proof))

    def with_new_active(self, *, now: datetime) -> Ring:
        kept = (replace(key, state="old") if key.state == "active" else key for key in self.keys)
        return Ring((*kept, Key.new("active", now=now)))

    def with_retired(self, key_id: bytes) -> Ring:
        return Ring(tuple(replace(k, state="retired") if k.id == key_id else k for k in self.keys))


def new_ring(*, now: datetime) -> Ring:
    return Ring((Key.new("root", now=now), Key.new("active", now=now)))


def is_loose(mode: int) -> bool:
    """May anybody but the owner read it? (Windows has no such bits.)"""
    return os.name == "posix" and bool(stat.S_IMODE(mode) & OTHERS)


def read(path: Path) -> Ring:
    try:
        content = json.loads(path.read_text("ascii"))
        keys = tuple(
            Key(
                bytes.fromhex(k["id"]), k["created"], k["state"], base64.b64decode(k["secret"], validate=True)
            )
            for k in content["keys"]
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenRing from error
    states = [key.state for key in keys]
    sound = content.get("format") == FORMAT and STATES.issuperset(states)
    sound = sound and all(len(key.id) == 8 and len(key.secret) == 32 for key in keys)
    if not sound or states.count("root") != 1 or states.count("active") != 1:
        raise BrokenRing
    return Ring(keys)


def write(ring: Ring, path: Path, *, replacing: bool) -> None:
    """Durable and all or nothing: a power cut leaves the old file or the new one, never half of one."""
    keys = [
        {
            "id": k.id.hex(),
            "created": k.created,
            "state": k.state,
            "secret": base64.b64encode(k.secret).decode(),
        }
        for k in ring.keys
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump({"format": FORMAT, "keys": keys}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        if replacing:
            draft.replace(path)
        else:
            os.link(draft, path)  # unlike a rename, this fails where a file exists already
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
