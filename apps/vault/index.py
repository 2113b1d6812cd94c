"""Exact search in an encrypted column: a keyed hash beside it. Without the key it cannot be guessed back."""

import hmac
import unicodedata

from apps.vault import keys
from apps.vault.fields import Locked


def normalised(value: str) -> str:
    """Full-width digits become plain, spaces go, the check letter of an ID number becomes X."""
    return "".join(unicodedata.normalize("NFKC", value).split()).upper()


def blind_index(purpose: str, value: str) -> str:
    """`purpose` (say "members.id_number") keeps equal values of different columns apart. "" for ""."""
    if isinstance(value, Locked):
        raise keys.VaultLocked
    plain = normalised(value)
    if not plain:
        return ""
    return hmac.digest(keys.subkey("index"), f"{purpose}\x00{plain}".encode(), "sha256").hex()
