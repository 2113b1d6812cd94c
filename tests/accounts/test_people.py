"""The operators' pages and the services behind them."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from apps.accounts import policies, services
from apps.accounts.models import User
from apps.audit.models import Deed
from apps.ui.refusals import Stale
from tests.conftest import NOW
from tests.factories import make_user


def url(name: str, person: User) -> str:
    return reverse(f"accounts:person_{name}", args=[person.pk])


@pytest.fixture
def desk(people, sign_in) -> Client:
    """The operator's browser."""
    return sign_in(people.operator)


def names(answer) -> list[str]:
    return [row.name for row in answer.context["rows"]]


def test_operators_see_everybody_and_the_others_only_themselves(people):
    assert policies.visible_people(people.operator).count() == 4
    for person in (people.auditor, people.user):
        assert list(policies.visible_people(person)) == [person]


def test_a_disabled_operator_runs_nothing(people):
    people.operator.is_active = False
    assert not policies.can_manage_accounts(people.operator)


@pytest.mark.parametrize("role", ["auditor", "user"])
def test_only_operators_reach_the_accounts(people, sign_in, role):
    client, own, other = sign_in(getattr(people, role)), getattr(people, role), people.silent
    assert client.get(reverse("accounts:person_list")).status_code == 403
    assert client.get(reverse("accounts:person_create")).status_code == 403
    for name in ("update", "grant_login", "disable", "enable", "issue_link", "set_duty"):
        assert client.post(url(name, own)).status_code == 403
        assert client.post(url(name, other)).status_code == 404


def test_nobody_runs_the_own_account(people, desk):
    for name in ("disable", "enable", "issue_link", "set_duty"):
        assert desk.post(url(name, people.operator), {"duty": "none", "reason": "x"}).status_code == 403
    people.operator.refresh_from_db()
    assert people.operator.is_operator
    assert people.operator.is_active


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["钱运维", "孙审计", "卫青松", "吴向前"]),
        ("words=青松", ["卫青松"]),
        ("words=weiqing", ["卫青松"]),
        ("words=WXQ", ["吴向前"]),
        ("words=sun", ["孙审计"]),
        ("state=no_login", ["卫青松"]),
        ("state=active", ["钱运维", "孙审计"]),
        ("state=disabled", ["吴向前"]),
        ("words=查无此人", []),
    ],
)
def test_the_list_is_searched_by_name_sound_login_and_state(people, desk, query, found):
    people.user.is_active = False
    people.user.save()
    assert names(desk.get(reverse("accounts:person_list") + "?" + query)) == found


def test_the_list_asks_as_often_for_many_as_for_few(people, desk, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = reverse("accounts:person_list")
    desk.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get(address)
    for _ in range(15):
        make_user()
    with CaptureQueriesContext(connection) as many:
        desk.get(address)
    assert len(many) == len(few)


def test_an_operator_registers_a_person_once_however_often_the_form_is_sent(people, desk, deeds):
    form = {"name": " 褚 红 ", "idempotency_key": uuid.uuid4()}
    first = desk.post(reverse("accounts:person_create"), form)
    second = desk.post(reverse("accounts:person_create"), form)
    person = User.objects.get(name="褚红")
    assert first.url == second.url == url("update", person)
    assert (person.pinyin, person.initials, person.username) == ("chuhong", "ch", None)
    assert not person.has_usable_password()
    assert deeds(person) == ["person.created"]


def test_a_nameless_person_is_refused(people, desk):
    with pytest.raises(services.NameMissing):
        services.create_person(name="　", actor=people.operator)
    answer = desk.post(reverse("accounts:person_create"), {"name": "　", "idempotency_key": uuid.uuid4()})
    assert answer.status_code == 422


def test_many_people_are_made_at_once_in_their_order(people, deeds, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        made = services.create_persons(
            names=[f"张{chr(0x4E00 + n)}" for n in range(100)], actor=people.operator
        )
    assert [person.name for person in made] == [f"张{chr(0x4E00 + n)}" for n in range(100)]
    assert all(person.pk and person.pinyin.startswith("zhang") for person in made)
    assert list(Deed.objects.order_by("number").values_list("object_label", flat=True)) == [
        person.name for person in made
    ]
    assert services.create_persons(names=[], actor=people.operator) == []
    assert Deed.objects.count() == 100


def test_renaming_changes_the_pinyin_and_is_recorded(people, desk):
    desk.post(url("update", people.user), {"name": "曾向前", "version": 1})
    people.user.refresh_from_db()
    assert (people.user.name, people.user.pinyin, people.user.version) == ("曾向前", "zengxiangqian", 2)
    deed = Deed.objects.get(action="person.updated")
    assert [(c["label"], c["before"], c["after"]) for c in deed.changes] == [("姓名", "吴向前", "曾向前")]


def test_a_stale_renaming_is_refused_and_keeps_what_was_typed(people, desk):
    services.update_person(person=people.user, name="吴向后", version=1, actor=people.operator)
    answer = desk.post(url("update", people.user), {"name": "吴向前进", "version": 1})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert Stale.default in text
    assert 'value="吴向前进"' in text
    people.user.refresh_from_db()
    assert people.user.name == "吴向后"


def test_a_login_is_granted_and_the_link_shown_once(people, desk, enter, deeds):
    answer = desk.post(url("grant_login", people.silent), {"username": " Wei.QS "})
    assert answer.url == url("issue_link", people.silent)
    assert "只显示一次" in desk.get(answer.url).content.decode()
    page = desk.post(answer.url)
    link = page.context["url"]
    assert link.startswith("http://testserver/accounts/reset/")
    assert link in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert link not in desk.get(url("update", people.silent)).content.decode()
    new = "冬天的第3场大雪落下来"
    Client().post(link, {"new": new, "again": new})
    assert enter("wei.qs", new)[1].status_code == 302
    assert deeds(people.silent)[:2] == ["account.login_granted", "account.reset_link_issued"]


@pytest.mark.parametrize(
    ("username", "refused"),
    [
        ("wu", services.UsernameTaken),
        ("WU", services.UsernameTaken),
        ("a", services.BadUsername),
        ("-ab", services.BadUsername),
        ("a b", services.BadUsername),
        ("a/b", services.BadUsername),
        ("x" * 51, services.BadUsername),
        ("13912345678", services.BadUsername),
        ("11010119900307777X", services.BadUsername),
        ("110101900307777", services.BadUsername),
    ],
)
def test_unfit_login_names_are_refused(people, username, refused):
    with pytest.raises(refused):
        services.grant_login(person=people.silent, username=username, actor=people.operator)
    people.silent.refresh_from_db()
    assert people.silent.username is None


@pytest.mark.parametrize("username", ["吴小前", "wei-2", "1024"])
def test_fit_login_names_are_taken(people, username):
    assert (
        services.grant_login(person=people.silent, username=username, actor=people.operator).username
        == username
    )


def test_a_login_is_not_granted_twice(people, desk):
    with pytest.raises(services.HasLogin):
        services.grant_login(person=people.user, username="wu2", actor=people.operator)
    assert desk.get(url("grant_login", people.user)).status_code == 403


def test_disabling_needs_a_reason_and_ends_the_sessions(people, desk, sign_in):
    client = sign_in(people.user)
    assert desk.post(url("disable", people.user), {"reason": ""}).status_code == 422
    assert client.get(reverse("accounts:me")).status_code == 200
    desk.post(url("disable", people.user), {"reason": "调离"})
    assert client.get(reverse("accounts:me")).status_code == 302
    assert Deed.objects.get(action="account.disabled").reason == "调离"
    assert desk.post(url("disable", people.user), {"reason": "再来"}).status_code == 403
    desk.post(url("enable", people.user))
    people.user.refresh_from_db()
    assert people.user.is_active


@pytest.mark.parametrize(
    "deed",
    [
        lambda p: services.disable(person=p.operator, reason="", actor=p.operator),
        lambda p: services.enable(person=p.operator, actor=p.operator),
        lambda p: services.set_duty(person=p.operator, is_operator=False, is_auditor=True, actor=p.operator),
        lambda p: services.issue_reset_link(person=p.operator, actor=p.operator, now=NOW),
    ],
)
def test_the_services_refuse_the_own_account_too(people, deed):
    with pytest.raises(services.OwnAccount):
        deed(people)


def test_the_last_operator_can_neither_be_disabled_nor_relieved(people):
    """Two operators remove each other: the second, already authorised, is stopped at the locked rows."""
    second = make_user("赵运维", username="zhao", is_operator=True)
    services.disable(person=second, reason="调离", actor=people.operator)
    with pytest.raises(services.LastOperator):
        services.disable(person=people.operator, reason="调离", actor=second)
    with pytest.raises(services.LastOperator):
        services.set_duty(person=people.operator, is_operator=False, is_auditor=False, actor=second)


def test_an_operator_without_a_login_does_not_count_as_another(people):
    make_user("赵运维", is_operator=True)
    with pytest.raises(services.LastOperator):
        services.disable(person=people.operator, reason="调离", actor=people.auditor)


@pytest.mark.parametrize(
    ("duty", "flags"), [("operator", (True, False)), ("auditor", (False, True)), ("none", (False, False))]
)
def test_duties_are_set_by_another_operator_and_recorded(people, desk, duty, flags):
    assert desk.post(url("set_duty", people.auditor), {"duty": duty}).status_code == 302
    people.auditor.refresh_from_db()
    assert (people.auditor.is_operator, people.auditor.is_auditor) == flags
    assert Deed.objects.get().action == "account.duty_set"


def test_nobody_is_operator_and_auditor(people):
    with pytest.raises(services.TwoDuties):
        services.set_duty(person=people.user, is_operator=True, is_auditor=True, actor=people.operator)
    people.user.is_operator = people.user.is_auditor = True
    with pytest.raises(IntegrityError), transaction.atomic():
        people.user.save()


def test_there_is_no_link_for_people_without_a_login_or_disabled(people):
    with pytest.raises(services.NoLogin):
        services.issue_reset_link(person=people.silent, actor=people.operator, now=NOW)
    services.disable(person=people.user, reason="调离", actor=people.operator)
    with pytest.raises(services.Disabled):
        services.issue_reset_link(person=people.user, actor=people.operator, now=NOW + timedelta(days=1))


def test_the_buttons_follow_the_policies(people, desk):
    page = desk.get(url("update", people.operator)).content.decode()
    assert "停用账号" not in page
    assert "自己的账号由另一位系统操作员管理" in page
    page = desk.get(url("update", people.user)).content.decode()
    assert url("disable", people.user) in page
    assert url("grant_login", people.user) not in page
    page = desk.get(url("update", people.silent)).content.decode()
    assert url("grant_login", people.silent) in page
    assert url("issue_link", people.silent) not in page


def test_a_race_on_the_link_or_the_return_is_told_in_words(people, desk, monkeypatch):
    monkeypatch.setattr(policies, "can_issue_link", lambda *_: True)
    monkeypatch.setattr(policies, "can_enable", lambda *_: True)
    for name in ("issue_link", "enable"):
        answer = desk.post(url(name, people.silent), follow=True)
        assert "此人尚未开通登录。" in answer.content.decode()
