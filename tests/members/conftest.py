"""One member whose numbers and address must not leak."""

import pytest

from apps.members.id_numbers import read_id_number
from apps.members.models import Member
from apps.members.roster_checks import index_of
from tests.conftest import Cast
from tests.members.pages import ADDRESS, LANDLINE, PHONE
from tests.members.rosters import id_number


@pytest.fixture
def known(cast: Cast) -> Member:
    """The ordinary member, with numbers and an address that must not leak."""
    member = cast.members["member"]
    number = read_id_number(id_number())
    member.id_number, member.id_index = number.text, index_of(number)
    member.born_on, member.sex = number.born_on, number.sex
    member.mobile_phone, member.landline, member.address = PHONE, LANDLINE, ADDRESS
    member.save()
    return member
