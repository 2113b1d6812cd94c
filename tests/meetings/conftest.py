from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import Cast


@pytest.fixture
def secretary(cast: Cast, sign_in: Callable[..., Client]) -> Client:
    """Our secretary, signed in."""
    return sign_in(cast["secretary"])
