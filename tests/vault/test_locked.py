"""Without the right key the site works, shows what is missing, and writes nothing over."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from apps.members.models import Member
from apps.vault import keyring, keys
from apps.vault.fields import Locked
from apps.vault.index import blind_index
from apps.vault.keys import KeyState, VaultLocked
from apps.vault.masking import mask_address, mask_id, mask_phone
from apps.vault.models import KeyCheck
from tests import factories
from tests.conftest import NOW
from tests.vault.test_fields import fresh, posted, raw

PHONE = "13912345678"


@pytest.fixture
def member(own_ring: Path) -> Member:
    return factories.make_member(factories.make_organization(), mobile_phone=PHONE)


@contextmanager
def refused() -> Iterator[None]:
    """As in a service: its transaction is rolled back, the request goes on."""
    with pytest.raises(VaultLocked), transaction.atomic():
        yield


def replace_file(path: Path, ring: keyring.Ring) -> None:
    keyring.write(ring, path, replacing=path.exists())


def lose_file(path: Path) -> KeyState:
    path.unlink()
    return KeyState.NO_FILE


def take_other_file(path: Path) -> KeyState:
    replace_file(path, keyring.new_ring(now=NOW))
    return KeyState.WRONG


def same_ids_other_bytes(path: Path) -> KeyState:
    ring = keyring.read(path)
    forged = [keyring.Key(key.id, key.created, key.state, bytes(32)) for key in ring.keys]
    replace_file(path, keyring.Ring(tuple(forged)))
    return KeyState.WRONG


def open_to_others(path: Path) -> KeyState:
    path.chmod(0o440)
    return KeyState.LOOSE


def half_a_file(path: Path) -> KeyState:
    path.chmod(0o600)
    path.write_text(path.read_text()[:100])
    return KeyState.UNREADABLE


ACCIDENTS = [lose_file, take_other_file, same_ids_other_bytes, open_to_others, half_a_file]


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_nothing_is_overwritten_whatever_happened_to_the_key_file(
    accident, own_ring: Path, member: Member
) -> None:
    before, landline = raw(member), raw(member, "landline")
    safe_copy = own_ring.read_bytes()
    key_id = keyring.read(own_ring).active.id.hex()
    expected = accident(own_ring)

    assert keys.status().state == expected
    assert fresh(member).mobile_phone == f"已加密：缺少密钥 {key_id[:8]}"
    again = fresh(member)
    again.remark = "改备注"
    again.full_clean()
    again.save()
    again.refresh_from_db()
    again.save()
    posted(fresh(member), remark="再改").save()
    Member.objects.bulk_update([fresh(member)], ["mobile_phone"])
    for attempt in ("13700000000", ""):
        with refused():
            posted(fresh(member), mobile_phone=attempt).save()
        changed = fresh(member)
        changed.mobile_phone = attempt
        with refused():
            changed.save(update_fields=["mobile_phone"])
        with refused():
            Member.objects.bulk_update([changed], ["mobile_phone"])
    assert (raw(member), raw(member, "landline"), fresh(member).remark) == (before, landline, "再改")

    own_ring.unlink(missing_ok=True)
    own_ring.write_bytes(safe_copy)
    own_ring.chmod(0o400)
    assert keys.status().state == KeyState.READY
    assert fresh(member).mobile_phone == PHONE


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_nothing_new_is_encrypted_in_locked_mode(accident, own_ring: Path, member: Member) -> None:
    accident(own_ring)
    with pytest.raises(VaultLocked) as refused:
        factories.make_member(member.branch, mobile_phone="13700000000")
    assert "原有内容未改动" in refused.value.message
    with pytest.raises(VaultLocked):
        blind_index("members.id_number", "11010119900307777X")
    with pytest.raises(VaultLocked):
        keys.subkey("audit")


def test_a_person_without_personal_data_can_be_recorded_in_locked_mode(
    own_ring: Path, member: Member
) -> None:
    own_ring.unlink()
    other = factories.make_member(member.branch)
    assert raw(other) == b""


def test_a_locked_value_is_not_copied_to_another_row(own_ring: Path, member: Member) -> None:
    other = factories.make_member(member.branch, mobile_phone="13700000000")
    own_ring.unlink()
    target = fresh(other)
    target.mobile_phone = fresh(member).mobile_phone
    with pytest.raises(VaultLocked):
        target.save()


def test_a_locked_value_is_shown_unmasked_and_not_indexed(own_ring: Path, member: Member) -> None:
    own_ring.unlink()
    value = fresh(member).mobile_phone
    assert isinstance(value, Locked)
    assert mask_id(value) == mask_phone(value) == mask_address(value) == value
    with pytest.raises(VaultLocked):
        blind_index("members.mobile_phone", value)


def test_a_value_under_one_missing_key_stays_while_others_go_on(own_ring: Path, member: Member) -> None:
    """The key was retired and taken out of the file: the database asks for no proof, nothing is locked."""
    foreign = keyring.new_ring(now=NOW)
    stored = raw(member)[:4] + foreign.active.id + raw(member)[12:]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET mobile_phone = %s WHERE id = %s", [stored, member.pk])
    assert not keys.status().locked
    posted(fresh(member), remark="改", address="新址").save()
    with refused():
        posted(fresh(member), mobile_phone="").save()
    assert (raw(member), fresh(member).address) == (stored, "新址")


def test_each_state_has_its_words(own_ring: Path) -> None:
    assert keys.status().message == "密钥正常。"
    own_ring.chmod(0o444)
    assert keys.status().message == "密钥文件的权限过宽，其他账户也能读取：请改为 0400（chmod 400）。"
    old = keyring.read(own_ring)
    own_ring.unlink()
    assert keys.status().message == "找不到密钥文件。"
    replace_file(own_ring, keyring.new_ring(now=NOW))
    first, second = (key.id.hex()[:8] for key in old.keys)
    assert keys.status().message == f"密钥文件与数据库不符，缺少密钥：{first}、{second}"


def test_the_root_key_alone_still_indexes_when_only_a_field_key_is_missing(own_ring: Path) -> None:
    before = blind_index("members.id_number", "11010119900307777X")
    KeyCheck.objects.create(key_id="ff" * 8, proof="00" * 32)
    keys.forget()
    assert keys.status().state == KeyState.WRONG
    assert blind_index("members.id_number", "11010119900307777X") == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: c.update(format=2),
        lambda c: c["keys"].pop(),
        lambda c: c["keys"][0].update(state="unknown"),
        lambda c: c["keys"][0].update(secret="QUJD"),
        lambda c: c["keys"][1].update(secret="??"),
        lambda c: c["keys"][1].pop("created"),
    ],
)
def test_a_spoilt_file_is_no_key_ring(spoil, own_ring: Path) -> None:
    content = json.loads(own_ring.read_text())
    spoil(content)
    os.chmod(own_ring, 0o600)
    own_ring.write_text(json.dumps(content))
    assert keys.status().state == KeyState.UNREADABLE
