"""Are the keys here and are they the right ones? Everything that needs a key asks this module.

The ring is read again whenever the file changes, so a running site follows `manage.py keys add`, and a file
that disappears locks the vault. The proofs in the database are compared once for each reading of the file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from apps.ui import clock
from apps.ui.refusals import Refusal
from apps.vault import keyring
from apps.vault.keyring import Key, Ring
from apps.vault.models import KeyCheck

#: What the subkeys of the root key are for.
PURPOSES = frozenset({"index", "audit", "session", "poll"})


class VaultLocked(Refusal):
    """Something was to be encrypted or indexed while the keys are not in order."""

    default = "数据密钥不可用，身份证号、电话、住址等加密内容暂不能保存；原有内容未改动。请联系系统操作员。"


class RingExists(Refusal):
    default = "密钥文件已经存在，不能重复建立。"


class OtherKeysInUse(Refusal):
    default = (
        "数据库中的内容是用另外的密钥加密的，不能建立新密钥。"
        "请找回原来的密钥文件，放到 VAULT_KEYRING 所指的位置。"
    )


class KeyState(StrEnum):
    READY = "ready"
    NO_FILE = "no_file"
    LOOSE = "loose"
    UNREADABLE = "unreadable"
    WRONG = "wrong"


WORDS = {
    KeyState.READY: "密钥正常。",
    KeyState.NO_FILE: "找不到密钥文件。",
    KeyState.LOOSE: "密钥文件的权限过宽，其他账户也能读取：请改为 0400（chmod 400）。",
    KeyState.UNREADABLE: "密钥文件无法读取或内容已损坏。",
    KeyState.WRONG: "密钥文件与数据库不符，缺少密钥：",
}


@dataclass(frozen=True, slots=True)
class KeyStatus:
    state: KeyState
    #: First eight characters of the ids that the database asks for and the file does not (rightly) hold.
    missing: tuple[str, ...] = ()

    @property
    def locked(self) -> bool:
        return self.state != KeyState.READY

    @property
    def message(self) -> str:
        return WORDS[self.state] + "、".join(self.missing)


@dataclass(frozen=True, slots=True)
class _Loaded:
    stamp: tuple[object, ...]
    ring: Ring | None
    status: KeyStatus


_memory: dict[str, _Loaded] = {}
_subkeys: dict[tuple[bytes, str], bytes] = {}


def status() -> KeyStatus:
    """The state of the vault, with the sentence that an operator reads. Cheap: one `stat` of the file."""
    return _loaded().status


def ring_for_reading() -> Ring | None:
    """What can be read with: the keys that are proved right, or nothing."""
    return _loaded().ring


def ring_for_writing() -> Ring:
    loaded = _loaded()
    if loaded.ring is None or loaded.status.locked:
        raise VaultLocked(f"{loaded.status.message} {VaultLocked.default}")
    return loaded.ring


def subkey(purpose: str) -> bytes:
    """The key for the blind index, the audit chain or the sessions; VaultLocked without the root key."""
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    root = _root()
    name = (root.secret, purpose)
    if name not in _subkeys:
        _subkeys[name] = root.subkey(purpose)
    return _subkeys[name]


def root_id() -> str:
    """Names the key that `subkey` derives from."""
    return _root().id.hex()


def _root() -> Key:
    loaded = _loaded()
    if loaded.ring is None or loaded.ring.root is None:
        raise VaultLocked(f"{loaded.status.message} {VaultLocked.default}")
    return loaded.ring.root


def create_keyring(path: Path | None = None) -> Ring:
    """Make the key file; refuses where one exists, or where the database holds proofs of other keys.

    With an explicit `path` the database is not asked (a test session's own ring). Set-up calls
    `apps.vault.services.set_up_vault`, which also stores the proofs.
    """
    target = Path(path or settings.VAULT_KEYRING)
    if target.exists():
        raise RingExists
    if path is None and KeyCheck.objects.exists():
        raise OtherKeysInUse
    ring = keyring.new_ring(now=clock.now())
    store(ring, target, replacing=False)
    return ring


def store(ring: Ring, path: Path, *, replacing: bool) -> None:
    """Write the file and go on with it: whoever just made the keys need not prove them."""
    keyring.write(ring, path, replacing=replacing)
    if path == Path(settings.VAULT_KEYRING):
        _memory["ring"] = _Loaded(_stamp(os.fspath(path)), ring, KeyStatus(KeyState.READY))


def forget() -> None:
    """Read the file and compare the proofs anew at the next use."""
    _memory.clear()
    _subkeys.clear()


def _stamp(path: str) -> tuple[object, ...]:
    """Asked for each value, so with the bare path: building a `Path` costs more than the encryption."""
    try:
        found = os.stat(path)
    except OSError:
        return (path, None)
    return (path, found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns)


def _loaded() -> _Loaded:
    path = os.fspath(settings.VAULT_KEYRING)
    stamp = _stamp(path)
    known = _memory.get("ring")
    if known is None or known.stamp != stamp:
        known = _memory["ring"] = _load(Path(path), stamp)
    return known


def _load(path: Path, stamp: tuple[object, ...]) -> _Loaded:
    if stamp[1] is None:
        return _Loaded(stamp, None, KeyStatus(KeyState.NO_FILE))
    if keyring.is_loose(path.stat().st_mode):
        return _Loaded(stamp, None, KeyStatus(KeyState.LOOSE))
    try:
        ring = keyring.read(path)
    except (keyring.BrokenRing, OSError):
        return _Loaded(stamp, None, KeyStatus(KeyState.UNREADABLE))
    checks = dict(KeyCheck.objects.order_by("pk").values_list("key_id", "proof"))
    proofs = {key.id.hex(): key.proof for key in ring.keys}
    missing = [key_id for key_id, proof in checks.items() if proofs.get(key_id) != proof]
    if not missing:
        return _Loaded(stamp, ring, KeyStatus(KeyState.READY))
    return _Loaded(
        stamp, ring.only(checks), KeyStatus(KeyState.WRONG, tuple(key_id[:8] for key_id in missing))
    )
