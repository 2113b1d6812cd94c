"""Sessions in the database, stored under a keyed hash of their key.

Whoever reads the table (an administrator of the database, the holder of a backup) finds nothing there that
works as a cookie. The hash is keyed with SECRET_KEY and not with the vault, so that people can sign in while
the vault is locked.
"""

from base64 import urlsafe_b64encode
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import salted_hmac

#: Django's column holds 40 characters: 30 bytes of the HMAC in base64, 240 bits.
STORED_BYTES = 30


def stored_key(session_key: str) -> str:
    """What stands in the database for the key in the browser's cookie."""
    digest = salted_hmac("apps.accounts.sessions", session_key, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:STORED_BYTES]).decode()


class SessionStore(DatabaseSessionStore):
    def exists(self, session_key: str) -> bool:
        return super().exists(stored_key(session_key))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored_key(key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.session_key = stored_key(row.session_key)
        return row

    def _get_session_from_db(self) -> Session | None:
        """Look the hash up where the original looks up the key; forget a key that has no row."""
        raw = self.session_key
        if raw is None:
            return None
        self._session_key = stored_key(raw)
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        self._session_key = raw if row else None
        return row

    # The database store's own coroutines use the bare key; these run the methods above in a thread.
    acreate = SessionBase.acreate
    adelete = SessionBase.adelete
    aexists = SessionBase.aexists
    aload = SessionBase.aload
    asave = SessionBase.asave
