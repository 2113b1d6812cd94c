"""A key ring of one's own, to lose and to spoil."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.vault import keys
from apps.vault.services import set_up_vault


@pytest.fixture
def own_ring(db: None, settings, tmp_path: Path) -> Iterator[Path]:
    """Set up as on a real machine: key file and proofs. The session's ring is back afterwards."""
    session = dict(keys._memory)
    settings.VAULT_KEYRING = tmp_path / "keys.json"
    set_up_vault()
    yield settings.VAULT_KEYRING
    keys.forget()
    keys._memory.update(session)


@pytest.fixture
def no_ring(own_ring: Path) -> Path:
    """The key file is gone; gives the place where it lies, for who finds it again."""
    return own_ring.rename(own_ring.with_name("away.json"))
