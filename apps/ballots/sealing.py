"""Sealing a ballot for a poll's key; wrapping that key so that neither server nor tellers open it alone."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from apps.vault import keys

#: Six words of two open syllables, 12.6 bits each: easy to read out and to type, 76 bits in all.
WORDS = 6
CONSONANTS, VOWELS = "bdfghjklmnprstwz", "aeiou"
SALT, NONCE, KEY = 16, 12, 32
#: Bytes that tell how much of a padded ballot is content.
HEAD = 4
#: 32 MiB and about a tenth of a second for each try.
SCRYPT = {"n": 2**15, "r": 8, "p": 1}


class Unopenable(Exception):
    """Wrong passphrase, wrong server key, or bytes that were changed."""


@dataclass(frozen=True, slots=True)
class Pair:
    public: bytes
    wrapped: bytes


def new_passphrase() -> str:
    return " ".join(_word() for _ in range(WORDS))


def _word() -> str:
    return "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(2))


def tidied(passphrase: str) -> str:
    """As typed by hand: capitals, hyphens and spaces make no difference."""
    return " ".join(passphrase.lower().replace("-", " ").split())


def new_pair(*, passphrase: str, poll_id: int) -> Pair:
    private = X25519PrivateKey.generate()
    salt, inner_nonce, outer_nonce = os.urandom(SALT), os.urandom(NONCE), os.urandom(NONCE)
    inner = AESGCM(_stretched(passphrase, salt)).encrypt(
        inner_nonce, private.private_bytes_raw(), _context(poll_id)
    )
    outer = AESGCM(keys.subkey("poll")).encrypt(outer_nonce, salt + inner_nonce + inner, _context(poll_id))
    return Pair(private.public_key().public_bytes_raw(), outer_nonce + outer)


def unwrap(wrapped: bytes, *, passphrase: str, poll_id: int) -> X25519PrivateKey:
    """Raises Unopenable."""
    try:
        packed = AESGCM(keys.subkey("poll")).decrypt(wrapped[:NONCE], wrapped[NONCE:], _context(poll_id))
        salt, nonce, inner = packed[:SALT], packed[SALT : SALT + NONCE], packed[SALT + NONCE :]
        raw = AESGCM(_stretched(passphrase, salt)).decrypt(nonce, inner, _context(poll_id))
    except (InvalidTag, ValueError) as error:
        raise Unopenable from error
    return X25519PrivateKey.from_private_bytes(raw)


def seal(content: bytes, *, public: bytes, poll_id: int, size: int) -> bytes:
    """Every sealed ballot of a poll has the same length, whatever stands in it."""
    if len(content) > size:
        raise ValueError(len(content))
    padded = len(content).to_bytes(HEAD, "big") + content.ljust(size, b"\0")
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    key = _shared(once.exchange(X25519PublicKey.from_public_bytes(public)), once=mine, public=public)
    nonce = os.urandom(NONCE)
    return mine + nonce + AESGCM(key).encrypt(nonce, padded, _context(poll_id))


def unseal(blob: bytes, *, private: X25519PrivateKey, poll_id: int) -> bytes:
    """Raises Unopenable."""
    theirs, nonce, sealed = blob[:KEY], blob[KEY : KEY + NONCE], blob[KEY + NONCE :]
    public = private.public_key().public_bytes_raw()
    try:
        key = _shared(private.exchange(X25519PublicKey.from_public_bytes(theirs)), once=theirs, public=public)
        padded = AESGCM(key).decrypt(nonce, sealed, _context(poll_id))
    except (InvalidTag, ValueError) as error:
        raise Unopenable from error
    return padded[HEAD : HEAD + int.from_bytes(padded[:HEAD], "big")]


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY, **SCRYPT).derive(tidied(passphrase).encode())


def _shared(secret: bytes, *, once: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), KEY, None, b"branchsys ballot 1" + once + public).derive(secret)


def _context(poll_id: int) -> bytes:
    return f"branchsys poll {poll_id}".encode()
