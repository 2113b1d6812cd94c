import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from apps.accounts.models import User
from apps.audit.actions import label_of, register
from apps.audit.chain import FIRST
from apps.audit.models import Deed
from apps.audit.queries import history_of, verify_chain
from apps.audit.services import Entry, OutsideTransaction, record, record_all
from apps.vault import keys
from tests import factories
from tests.conftest import NOW

CHANGE = {"field": "name", "label": "姓名", "before": "王小兰", "after": "王晓兰"}


@pytest.fixture
def person(db: None) -> User:
    return factories.make_user("吴向前")


def test_a_deed_says_who_did_what_to_which_thing_when_and_why(person: User) -> None:
    target = factories.make_user("王晓兰")
    record(
        actor=person,
        action="person.updated",
        target=target,
        path="00001",
        reason="更正",
        changes=[CHANGE],
        ip="::1",
    )
    deed = Deed.objects.get()
    assert (deed.number, deed.at, deed.actor, deed.actor_name) == (1, NOW, person, "吴向前")
    assert (deed.action, deed.object_type, deed.object_id) == ("person.updated", "accounts.user", target.pk)
    assert (deed.object_label, deed.path, deed.reason, deed.ip) == ("王晓兰", "00001", "更正", "::1")
    assert (deed.changes, deed.previous_hash, deed.key_id) == ([CHANGE], FIRST, keys.root_id())
    assert str(deed) == "吴向前 修改人员 王晓兰"


def test_the_system_is_named_where_nobody_acts(db: None) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    deed = record(actor=None, action="system.set_up", at=moment)
    assert (deed.actor, deed.actor_name, deed.at, deed.object_type, deed.object_id) == (
        None,
        "系统",
        moment,
        "",
        None,
    )


def test_each_deed_continues_the_chain(person: User) -> None:
    deeds = [
        record(actor=person, action="a.b"),
        *record_all(actor=person, entries=[Entry("a.c"), Entry("a.d")]),
    ]
    assert [deed.number for deed in deeds] == [1, 2, 3]
    assert [deed.previous_hash for deed in deeds] == [FIRST, deeds[0].hash, deeds[1].hash]
    verdict = verify_chain({})
    assert (verdict.count, verdict.head, verdict.fault, verdict.unsealed) == (3, deeds[2].hash, None, ())


def test_recording_costs_the_same_few_queries_for_one_and_for_many(
    person: User, django_assert_num_queries
) -> None:
    expected = 3 if connection.vendor == "postgresql" else 2
    with django_assert_num_queries(expected):
        record(actor=person, action="a.b")
    with django_assert_num_queries(expected):
        record_all(actor=person, entries=[Entry(f"a.{n}", target=person) for n in range(20)])


def test_nothing_recorded_is_nothing_written(person: User) -> None:
    assert record_all(actor=person, entries=[]) == []
    assert not Deed.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deed_outside_a_transaction_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(OutsideTransaction):
        record(actor=None, action="a.b")


@pytest.mark.django_db(transaction=True)
def test_a_deed_goes_with_the_transaction_it_tells_of_and_leaves_no_gap() -> None:
    with transaction.atomic():
        record(actor=None, action="a.b")
    with pytest.raises(ZeroDivisionError):
        _do_and_fail()
    with transaction.atomic():
        record(actor=None, action="a.d")
    assert list(Deed.objects.order_by("pk").values_list("number", "action")) == [(1, "a.b"), (2, "a.d")]
    assert verify_chain({}).fault is None


@transaction.atomic
def _do_and_fail() -> None:
    record(actor=None, action="a.c")
    raise ZeroDivisionError


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time by itself")
@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_unbroken_chain() -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    record(actor=None, action="a.b")
        except BaseException as error:  # noqa: BLE001 - a thread has nobody to raise to
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (verify_chain({}).count, verify_chain({}).fault) == (40, None)


def test_personal_numbers_that_people_type_are_masked(person: User) -> None:
    phone, identity = "13912345678", "11010119900307777X"
    target = factories.make_user(f"王{phone}")
    change = {"field": "remark", "label": "备注", "before": "", "after": f"证号{identity}"}
    record(actor=person, action="member.revealed", target=target, reason=f"核对 {phone}", changes=[change])
    deed = Deed.objects.get()
    for text in (deed.object_label, deed.reason, str(deed.changes)):
        assert phone not in text
        assert identity not in text
        assert "［号码已隐去］" in text


def test_long_texts_are_cut_to_the_column(person: User) -> None:
    person.name = "长" * 50
    deed = record(actor=person, action="a.b", target=person, reason="由" * 600)
    assert (len(deed.reason), len(deed.actor_name)) == (500, 50)


def test_history_is_of_this_thing_only_and_the_latest_first(person: User) -> None:
    other = factories.make_user()
    organization = factories.make_organization()
    record(actor=person, action="a.first", target=person)
    record(actor=person, action="a.other", target=other)
    record(actor=person, action="a.organization", target=organization)
    record(actor=person, action="a.last", target=person)
    assert [deed.action for deed in history_of(person)] == ["a.last", "a.first"]


def test_an_action_has_one_name() -> None:
    register({"test.done": "试一试"})
    register({"test.done": "试一试"})
    assert (label_of("test.done"), label_of("test.unknown")) == ("试一试", "test.unknown")
    with pytest.raises(ValueError, match=r"test\.done"):
        register({"test.done": "另一个"})
