import json
import stat
from pathlib import Path

import pytest

from apps.members.models import Member
from apps.vault import envelope, keyring, keys, services
from apps.vault.fields import open_sealed
from apps.vault.index import blind_index
from apps.vault.keys import OtherKeysInUse, RingExists
from apps.vault.models import KeyCheck
from tests import factories
from tests.conftest import NOW
from tests.vault.test_fields import fresh, raw, spoilt


@pytest.fixture
def members(own_ring: Path) -> list[Member]:
    branch = factories.make_organization()
    return [
        factories.make_member(branch, mobile_phone=f"139000000{n:02}", address="x" * n) for n in range(13)
    ]


def key_ids(members: list[Member], column: str = "mobile_phone") -> set[str]:
    return {envelope.key_id_of(raw(member, column)).hex() for member in members if raw(member, column)}


def test_the_key_file_is_readable_by_its_owner_only(own_ring: Path) -> None:
    assert stat.S_IMODE(own_ring.stat().st_mode) == 0o400
    content = json.loads(own_ring.read_text())
    assert [key["state"] for key in content["keys"]] == ["root", "active"]
    assert {len(key["secret"]) for key in content["keys"]} == {44}
    assert sorted(path.name for path in own_ring.parent.iterdir()) == ["keys.json"]


def test_set_up_stores_a_proof_of_each_key_and_nothing_of_the_key(own_ring: Path) -> None:
    ring = keyring.read(own_ring)
    rows = dict(KeyCheck.objects.values_list("key_id", "proof"))
    assert rows == {key.id.hex(): key.proof for key in ring.keys}
    assert {key.secret.hex() for key in ring.keys}.isdisjoint(rows.values())


def test_an_existing_key_file_is_never_replaced(own_ring: Path) -> None:
    before = own_ring.read_bytes()
    with pytest.raises(RingExists):
        keys.create_keyring()
    with pytest.raises(FileExistsError):
        keyring.write(keyring.read(own_ring), own_ring, replacing=False)
    assert own_ring.read_bytes() == before


def test_no_new_ring_is_made_for_a_database_of_other_keys(no_ring: Path, settings) -> None:
    with pytest.raises(OtherKeysInUse):
        keys.create_keyring()
    assert not Path(settings.VAULT_KEYRING).exists()


def test_the_subkeys_differ_for_each_purpose_and_unknown_ones_are_refused(own_ring: Path) -> None:
    assert len({keys.subkey(purpose) for purpose in keys.PURPOSES}) == 4
    with pytest.raises(ValueError, match="other"):
        keys.subkey("other")


def test_a_new_key_encrypts_what_is_written_from_now_on(members: list[Member]) -> None:
    old = keys.ring_for_writing().active.id.hex()
    index = blind_index("members.id_number", "11010119900307777X")
    new = services.add_key().active.id.hex()
    assert new != old
    members[0].mobile_phone = "13711111111"
    members[0].save()
    assert (key_ids(members[:1]), key_ids(members[1:])) == ({new}, {old})
    assert fresh(members[1]).mobile_phone == "13900000001"
    assert blind_index("members.id_number", "11010119900307777X") == index
    keys.forget()
    assert not keys.status().locked


def test_rewrapping_can_stop_anywhere_and_go_on(members: list[Member], monkeypatch) -> None:
    old = keys.ring_for_writing().active.id.hex()
    new = services.add_key().active.id.hex()
    real, budget = services.seal_text, 0

    def breaks_down(text: str, place: str) -> bytes:
        nonlocal budget
        budget -= 1
        if budget < 0:
            raise InterruptedError
        return real(text, place)

    monkeypatch.setattr(services, "seal_text", breaks_down)
    for attempt in range(1, 50):
        budget = attempt
        try:
            list(services.rewrap(batch=3))
        except InterruptedError:
            assert [fresh(m).mobile_phone for m in members] == [m.mobile_phone for m in members]
            assert key_ids(members) <= {old, new}
        else:
            break
    assert key_ids(members) == key_ids(members, "address") == {new}
    assert services.usage()[old] == 0
    assert [fresh(m).address for m in members] == ["x" * n for n in range(13)]
    assert sum(services.rewrap()) == 0


def test_rewrapping_leaves_what_it_cannot_read(members: list[Member]) -> None:
    broken = spoilt(raw(members[0]))
    Member.objects.filter(pk=members[0].pk).update(mobile_phone=broken)
    services.add_key()
    assert sum(services.rewrap()) == 12  # the first has no address either
    assert raw(members[0]) == broken


def test_usage_counts_the_values_of_each_key(members: list[Member]) -> None:
    old = keys.ring_for_writing().active.id.hex()
    Member.objects.filter(pk=members[0].pk).update(mobile_phone=b"rubbish")
    assert services.usage() == {old: 12 + 12, "damaged": 1}


def test_a_key_in_use_cannot_be_retired(members: list[Member], own_ring: Path) -> None:
    old = keys.ring_for_writing().active.id.hex()
    with pytest.raises(services.NoSuchKey):
        services.retire_key(key_id=old)
    services.add_key()
    with pytest.raises(services.KeyInUse):
        services.retire_key(key_id=old)
    with pytest.raises(services.NoSuchKey):
        services.retire_key(key_id=old[:4])
    backup = raw(members[0])
    place = f"members_member.mobile_phone.{members[0].vault_id}"
    list(services.rewrap())
    services.retire_key(key_id=old[:8])
    assert [key.state for key in keyring.read(own_ring).keys] == ["root", "retired", "active"]
    assert not KeyCheck.objects.filter(key_id=old).exists()
    keys.forget()
    assert not keys.status().locked
    assert open_sealed(backup, place) == "13900000000"


def test_a_change_of_the_file_is_noticed_by_a_running_process(own_ring: Path) -> None:
    """Another process added a key: this one goes on with the new file."""
    ring = keys.ring_for_writing().with_new_active(now=NOW)
    keyring.write(ring, own_ring, replacing=True)
    assert keys.ring_for_writing().active.id == ring.active.id
