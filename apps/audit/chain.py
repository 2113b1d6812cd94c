"""The chain: each deed's hash covers the deed before it. Pure functions, used to write and to verify.

`h_n = HMAC-SHA256(K_audit, h_{n-1} | number | canonical JSON)`. Whoever can write the table but has not
the key file cannot rebuild it. While the vault is locked, deeds are chained with plain SHA-256 and carry no
key id; they are protected from the next deed on that is recorded with the key, and `audit_verify` names them.
"""

import hashlib
import hmac
import json
from datetime import UTC

from apps.audit.models import Deed

FIRST = "0" * 64
CONTENT = (
    "actor_id",
    "actor_name",
    "action",
    "object_type",
    "object_id",
    "object_label",
    "path",
    "reason",
    "changes",
    "ip",
    "key_id",
)


def hash_of(deed: Deed, *, key: bytes | None) -> str:
    content = {name: getattr(deed, name) for name in CONTENT}
    content["at"] = deed.at.astimezone(UTC).isoformat(timespec="microseconds")
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    message = f"{deed.previous_hash}\n{deed.number}\n{canonical}".encode()
    if key is None:
        return hashlib.sha256(message).hexdigest()
    return hmac.digest(key, message, "sha256").hex()
