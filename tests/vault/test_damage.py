"""What was changed, cut or moved in the database does not open, and is not written over."""

import pytest
from django.db import connection

from apps.members.models import Member
from apps.vault import envelope
from apps.vault.envelope import Tampered
from apps.vault.fields import Damaged, Sealed
from tests import factories
from tests.vault.test_fields import MemberForm, fresh, posted, raw, spoilt

PHONE = "13912345678"
WORDS = "数据校验未通过，请联系管理员"


def overwrite(member: Member, stored: bytes, column: str = "mobile_phone") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE members_member SET {column} = %s WHERE id = %s", [stored, member.pk])  # noqa: S608


@pytest.fixture
def pair(db: None) -> tuple[Member, Member]:
    branch = factories.make_organization()
    return (
        factories.make_member(branch, mobile_phone=PHONE, landline="0839-7201234"),
        factories.make_member(branch, mobile_phone="13712345678"),
    )


def test_values_swapped_between_rows_do_not_open(pair: tuple[Member, Member]) -> None:
    one, two = pair
    first, second = raw(one), raw(two)
    overwrite(one, second)
    overwrite(two, first)
    assert (fresh(one).mobile_phone, fresh(two).mobile_phone) == (WORDS, WORDS)
    overwrite(one, first)
    assert fresh(one).mobile_phone == PHONE


def test_a_value_moved_to_another_column_does_not_open(pair: tuple[Member, Member]) -> None:
    overwrite(pair[0], raw(pair[0], "landline"))
    assert fresh(pair[0]).mobile_phone == WORDS


def test_no_bit_can_be_flipped() -> None:
    sealed = envelope.seal(PHONE, "t.c.1")
    for position in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[position] ^= 1
        with pytest.raises((Tampered, envelope.KeyMissing)) as caught:
            envelope.unseal(bytes(flipped), "t.c.1")
        names_another_key = 4 <= position < 12
        assert caught.type is (envelope.KeyMissing if names_another_key else Tampered)


def test_no_part_can_be_cut_off() -> None:
    sealed = envelope.seal(PHONE, "t.c.1")
    for length in range(len(sealed)):
        with pytest.raises(Tampered):
            envelope.unseal(sealed[:length], "t.c.1")
    with pytest.raises(Tampered):
        envelope.unseal(sealed + b"\x00", "t.c.1")


def test_saving_a_damaged_row_keeps_the_bytes_for_the_investigation(pair: tuple[Member, Member]) -> None:
    broken = spoilt(raw(pair[0]))
    overwrite(pair[0], broken)
    again = fresh(pair[0])
    again.remark = "核对"
    again.save()
    form = posted(fresh(pair[0]), remark="再核对")
    assert isinstance(MemberForm(instance=fresh(pair[0]))["mobile_phone"].value(), Damaged)
    form.save()
    assert (raw(pair[0]), fresh(pair[0]).remark) == (broken, "再核对")


def test_the_right_value_may_be_entered_again(pair: tuple[Member, Member]) -> None:
    overwrite(pair[0], b"DY\x01\x01 nonsense")
    posted(fresh(pair[0]), mobile_phone="13700000000").save()
    assert fresh(pair[0]).mobile_phone == "13700000000"


def test_bytes_of_another_row_cannot_be_inserted(pair: tuple[Member, Member]) -> None:
    stolen = Member(
        person=factories.make_user(), branch=pair[0].branch, path="", mobile_phone=Sealed(raw(pair[0]))
    )
    with pytest.raises(Tampered):
        stolen.save()
