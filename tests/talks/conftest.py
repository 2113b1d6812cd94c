"""Words that may stand nowhere but in the talk, and a talk that has them."""

from __future__ import annotations

import pytest

from apps.members.models import Member
from apps.talks.models import WORDS, Talk
from tests.conftest import Cast
from tests.talks.talking import make_talk

CANARIES = {name: f"金丝雀{number}号的{name}悄悄话" for number, name in enumerate(WORDS)}


@pytest.fixture
def partner(cast: Cast) -> Member:
    return cast.members["group_leader"]


@pytest.fixture
def talk(cast: Cast, partner: Member) -> Talk:
    """Between the member, who began, and the group leader; every column is filled."""
    return make_talk(cast.members["member"], partner, words=CANARIES)
