"""The bytes of an encrypted value: "DY" | version | algorithm | key id (8) | nonce (12) | ciphertext and tag.

AES-256-GCM. The header and the place (`table.column.row-uuid`) are associated data: a value that is moved to
another row or column, or changed in one bit, does not open.
"""

import os

from cryptography.exceptions import InvalidTag

from apps.vault import keys

MAGIC = b"DY\x01\x01"  # format 1, algorithm 1 (AES-256-GCM)
HEADER = len(MAGIC) + 8
NONCE = 12
SHORTEST = HEADER + NONCE + 16


class KeyMissing(Exception):
    """The key that this value was encrypted with is not there (or the one of that id is another)."""

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        super().__init__(key_id[:8])


class Tampered(Exception):
    """The value was changed, cut, or taken from another place. Carries nothing of the value."""


def seal(text: str, place: str) -> bytes:
    ring = keys.ring_for_writing()
    key_id = ring.active.id
    header = MAGIC + key_id
    nonce = os.urandom(NONCE)
    return header + nonce + ring.ciphers[key_id].encrypt(nonce, text.encode(), header + place.encode())


def key_id_of(sealed: bytes) -> bytes:
    if len(sealed) < SHORTEST or not sealed.startswith(MAGIC):
        raise Tampered
    return sealed[len(MAGIC) : HEADER]


def unseal(sealed: bytes, place: str) -> str:
    key_id = key_id_of(sealed)
    ring = keys.ring_for_reading()
    cipher = ring.ciphers.get(key_id) if ring else None
    if cipher is None:
        raise KeyMissing(key_id.hex())
    nonce, body = sealed[HEADER : HEADER + NONCE], sealed[HEADER + NONCE :]
    try:
        return cipher.decrypt(nonce, body, sealed[:HEADER] + place.encode()).decode()
    except InvalidTag:
        raise Tampered from None
