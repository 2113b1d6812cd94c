"""One random key for each record, so that destroying the key ends the record, whoever still holds its bytes.

The key itself is an `EncryptedTextField`: sealed by the ring's current key and bound to its row. So `keys
status` counts it, `keys rewrap` seals it anew (32 bytes instead of the whole text), and a missing ring locks
it. The texts are sealed with the record's key in binary columns:

    "DR" | version | algorithm | nonce (12) | ciphertext and tag

with the header and the place (`table.column.row-uuid`) as associated data, as in `envelope`.
"""

from __future__ import annotations

import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from apps.vault.envelope import NONCE, Tampered
from apps.vault.fields import Locked

MAGIC = b"DR\x01\x01"  # format 1, algorithm 1 (AES-256-GCM)
SHORTEST = len(MAGIC) + NONCE + 16
KEY_BYTES = 32


class KeyDestroyed(Exception):
    """The record's key was destroyed on purpose: nothing can open the text any more."""


class KeyLocked(Exception):
    """The record's key cannot be opened now. `words` say why; nothing of the text is lost."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


def new_key() -> str:
    """Text for an `EncryptedTextField`, which seals it with the ring."""
    return secrets.token_bytes(KEY_BYTES).hex()


def place_of(table: str, *, column: str, row: object) -> str:
    return f"{table}.{column}.{row}"


def cipher_of(key: str) -> AESGCM:
    """Raises KeyDestroyed for an empty key, KeyLocked for one that the ring does not open."""
    if isinstance(key, Locked):
        raise KeyLocked(str(key))
    if not key:
        raise KeyDestroyed
    return AESGCM(bytes.fromhex(key))


def seal(text: str, *, key: str, place: str) -> bytes:
    """b"" for no text."""
    cipher = cipher_of(key)
    nonce = os.urandom(NONCE)
    return MAGIC + nonce + cipher.encrypt(nonce, text.encode(), MAGIC + place.encode()) if text else b""


def unseal(sealed: bytes, *, key: str, place: str) -> str:
    """Raises Tampered for bytes that were changed, cut, or taken from another row or column."""
    cipher, sealed = cipher_of(key), bytes(sealed)
    if not sealed:
        return ""
    if len(sealed) < SHORTEST or not sealed.startswith(MAGIC):
        raise Tampered
    nonce, body = sealed[len(MAGIC) : len(MAGIC) + NONCE], sealed[len(MAGIC) + NONCE :]
    try:
        return cipher.decrypt(nonce, body, MAGIC + place.encode()).decode()
    except InvalidTag:
        raise Tampered from None
