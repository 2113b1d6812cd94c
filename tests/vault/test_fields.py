import copy
import io
import json
import pickle

import pytest
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from apps.members.models import ImportRow, Member
from apps.vault import keys
from apps.vault.fields import EncryptedTextField, Plain, VaultIdField
from tests import factories

PHONE = "13912345678"
ADDRESS = "青川镇幸福路 8 号\n三单元"


@pytest.fixture
def member(db: None) -> Member:
    return factories.make_member(factories.make_organization(), mobile_phone=PHONE, address=ADDRESS)


def raw(member: Member, column: str = "mobile_phone") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM members_member WHERE id = %s', [member.pk])  # noqa: S608
        return bytes(cursor.fetchone()[0])


def spoilt(stored: bytes) -> bytes:
    return stored[:-1] + bytes([stored[-1] ^ 1])


def fresh(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def test_a_value_comes_back_as_the_same_text(member: Member) -> None:
    again = fresh(member)
    assert (again.mobile_phone, again.address, again.landline) == (PHONE, ADDRESS, "")
    assert again.mobile_phone.startswith("139")


def test_the_column_holds_the_envelope_and_no_text(member: Member) -> None:
    stored = raw(member)
    assert stored[:12] == b"DY\x01\x01" + keys.ring_for_writing().active.id
    assert len(stored) == 12 + 12 + len(PHONE) + 16
    assert PHONE.encode() not in stored
    assert raw(member, "landline") == b""


def test_the_same_text_is_never_stored_as_the_same_bytes(member: Member) -> None:
    other = factories.make_member(member.branch, mobile_phone=PHONE)
    assert raw(member)[24:] != raw(other)[24:]


def test_values_gives_the_raw_bytes(member: Member) -> None:
    assert Member.objects.values_list("mobile_phone", flat=True).get(pk=member.pk) == raw(member)


def test_a_new_value_replaces_the_old_one(member: Member) -> None:
    member.mobile_phone = "13700000000"
    member.save()
    assert fresh(member).mobile_phone == "13700000000"
    member.mobile_phone = ""
    member.save(update_fields=["mobile_phone"])
    assert (fresh(member).mobile_phone, raw(member)) == ("", b"")


def test_saving_an_unchanged_row_leaves_the_bytes_alone(member: Member) -> None:
    before = raw(member)
    again = fresh(member)
    again.mobile_phone = str(PHONE)
    again.remark = "转入"
    again.save()
    again.refresh_from_db()
    again.save()
    assert raw(member) == before


def test_update_fields_writes_only_what_it_names(member: Member) -> None:
    member.mobile_phone, member.address = "13700000000", "别处"
    member.save(update_fields=["address"])
    assert (fresh(member).mobile_phone, fresh(member).address) == (PHONE, "别处")


def test_refresh_from_db_takes_the_value_of_the_database(member: Member) -> None:
    other = fresh(member)
    other.mobile_phone = "13700000000"
    other.save()
    member.refresh_from_db()
    assert member.mobile_phone == "13700000000"
    member.mobile_phone = "13800000000"
    member.refresh_from_db(fields=["mobile_phone"])
    assert member.mobile_phone == "13700000000"


def test_deferred_values_are_loaded_on_reading(member: Member) -> None:
    with CaptureQueriesContext(connection) as queries:
        slim = Member.objects.defer("mobile_phone").get(pk=member.pk)
        assert slim.mobile_phone == PHONE
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        slim = Member.objects.only("pk", "vault_id", "mobile_phone").get(pk=member.pk)
        assert slim.mobile_phone == PHONE
    assert len(queries) == 1


def test_a_deferred_value_that_is_set_is_saved(member: Member) -> None:
    slim = Member.objects.defer("mobile_phone").get(pk=member.pk)
    slim.mobile_phone = "13700000000"
    slim.save(update_fields=["mobile_phone"])
    assert fresh(member).mobile_phone == "13700000000"


def test_bulk_create_and_bulk_update(member: Member) -> None:
    people = [factories.make_user() for _ in range(3)]
    made = [
        Member(person=person, branch=member.branch, path=member.path, mobile_phone=f"1390000000{i}")
        for i, person in enumerate(people)
    ]
    Member.objects.bulk_create(made)
    rows = list(Member.objects.filter(person__in=people).order_by("pk"))
    assert [row.mobile_phone for row in rows] == ["13900000000", "13900000001", "13900000002"]
    rows[0].mobile_phone, rows[1].mobile_phone = "13811111111", ""
    untouched = raw(rows[2])
    Member.objects.bulk_update(rows, ["mobile_phone"])
    assert [fresh(row).mobile_phone for row in rows] == ["13811111111", "", "13900000002"]
    assert raw(rows[2]) == untouched


def test_full_clean_and_model_validation(member: Member) -> None:
    again = fresh(member)
    again.full_clean()
    assert again.mobile_phone == PHONE
    field = EncryptedTextField("电话", max_length=11)
    with pytest.raises(ValidationError):
        field.run_validators("139123456789")
    field.run_validators("13912345678")


class MemberForm(forms.ModelForm):
    class Meta:
        model = Member
        fields = ["mobile_phone", "address", "remark"]


def posted(member: Member, **changes: str) -> MemberForm:
    """A robot opens the form and saves what it was shown, but for `changes`."""
    shown = MemberForm(instance=member)
    return MemberForm({**{name: shown[name].value() for name in shown.fields}, **changes}, instance=member)


def test_a_model_form_shows_and_saves_the_text(member: Member) -> None:
    assert f'value="{PHONE}"' in str(MemberForm(instance=fresh(member))["mobile_phone"])
    form = posted(fresh(member), mobile_phone=" 13700000000 ")
    form.save()
    assert fresh(member).mobile_phone == "13700000000"


def test_a_multiline_field_is_a_text_area() -> None:
    assert isinstance(EncryptedTextField("记录", multiline=True).formfield().widget, forms.Textarea)
    assert isinstance(EncryptedTextField("电话").formfield().widget, forms.TextInput)


def test_there_is_no_lookup_on_an_encrypted_column(member: Member) -> None:
    for lookup in ("mobile_phone", "mobile_phone__contains", "mobile_phone__in", "mobile_phone__isnull"):
        with pytest.raises(FieldError):
            Member.objects.filter(**{lookup: PHONE}).exists()


def test_an_update_without_its_row_is_refused(member: Member) -> None:
    for value in ("13700000000", ""):
        with pytest.raises(TypeError, match=r"use save\(\)"), transaction.atomic():
            Member.objects.filter(pk=member.pk).update(mobile_phone=value)
    assert fresh(member).mobile_phone == PHONE


def test_a_value_copied_to_another_row_is_encrypted_for_that_row(member: Member) -> None:
    other = factories.make_member(member.branch)
    other.mobile_phone = fresh(member).mobile_phone
    other.save()
    assert fresh(other).mobile_phone == PHONE
    assert raw(other) != raw(member)


def test_rows_survive_copying_and_pickling(member: Member) -> None:
    for twin in (copy.deepcopy(fresh(member)), pickle.loads(pickle.dumps(fresh(member)))):  # noqa: S301 - our own
        assert twin.mobile_phone == PHONE
    value = pickle.loads(pickle.dumps(fresh(member).mobile_phone))  # noqa: S301 - our own
    assert (type(value), value, value.sealed) == (Plain, PHONE, raw(member))


def test_reading_a_list_does_not_decrypt_what_is_not_shown(member: Member, monkeypatch) -> None:
    monkeypatch.setattr("apps.vault.envelope.unseal", lambda *_: pytest.fail("decrypted"))
    assert [str(row.pk) for row in Member.objects.all()] == [str(member.pk)]


def test_dumpdata_holds_no_text_and_loaddata_restores_it(member: Member, tmp_path) -> None:
    out = io.StringIO()
    call_command("dumpdata", "members.member", stdout=out)
    assert PHONE not in out.getvalue()
    assert "幸福路" not in json.loads(out.getvalue())[0]["fields"]["address"]
    before = raw(member)
    path = tmp_path / "dump.json"
    path.write_text(out.getvalue())
    Member.objects.all().delete()
    call_command("loaddata", path, verbosity=0)
    assert (raw(member), fresh(member).address) == (before, ADDRESS)


def test_nobody_can_type_what_dumpdata_writes(member: Member) -> None:
    form = posted(member, mobile_phone="\x00sealed:RFkB")
    assert list(form.errors) == ["mobile_phone"]


@isolate_apps("apps.vault")
def test_a_model_without_a_vault_id_fails_the_checks() -> None:
    class Loose(models.Model):
        note = EncryptedTextField("记录")

        class Meta:
            app_label = "vault"

    class Indexed(models.Model):
        vault_id = VaultIdField()
        note = EncryptedTextField("记录", null=True, unique=True)

        class Meta:
            app_label = "vault"

    assert [error.id for error in Loose._meta.get_field("note").check()] == ["vault.E001"]
    assert [error.id for error in Indexed._meta.get_field("note").check()] == ["vault.E002"]


def test_the_vault_id_is_not_offered_in_forms(member: Member) -> None:
    assert "vault_id" not in forms.modelform_factory(ImportRow, fields="__all__").base_fields
