"""Accounts in the admin panel: operators look and rename; everything else has its own page."""

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Deed

LIST = reverse("admin:accounts_user_changelist")


def edit(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


def test_operators_find_people_by_sound(people, sign_in):
    answer = sign_in(people.operator).get(LIST, {"q": "wxq"})
    assert [person.name for person in answer.context["cl"].result_list] == ["吴向前"]


def test_a_renaming_goes_through_the_service(people, sign_in):
    answer = sign_in(people.operator).post(edit(people.user), {"name": "吴向后", "read_version": 1})
    assert answer.status_code == 302
    people.user.refresh_from_db()
    assert (people.user.pinyin, people.user.version) == ("wuxianghou", 2)
    assert Deed.objects.get().action == "person.updated"


def test_a_stale_renaming_is_refused(people, sign_in):
    people.user.version = 2
    people.user.save()
    answer = sign_in(people.operator).post(edit(people.user), {"name": "吴向后", "read_version": 1})
    assert answer.status_code == 200
    assert "被别人修改过" in answer.content.decode()


def test_a_person_is_added_through_the_service(people, sign_in):
    sign_in(people.operator).post(reverse("admin:accounts_user_add"), {"name": "褚 红", "read_version": 1})
    assert User.objects.get(name="褚红").initials == "ch"


def test_nothing_else_can_be_slipped_in(people, sign_in):
    extra = {"name": "吴向前", "read_version": 1, "is_operator": "on", "username": "root", "password": "x"}
    sign_in(people.operator).post(edit(people.user), extra)
    fresh = User.objects.get(pk=people.user.pk)
    assert (fresh.is_operator, fresh.username, fresh.password) == (False, "wu", people.user.password)


def test_nobody_is_deleted(people, sign_in):
    client = sign_in(people.operator)
    assert client.post(reverse("admin:accounts_user_delete", args=[people.silent.pk])).status_code == 403


@pytest.mark.parametrize("role", ["auditor", "user"])
def test_others_do_not_reach_the_accounts(people, sign_in, role):
    client = sign_in(getattr(people, role))
    assert client.get(edit(people.silent)).status_code in (302, 403)
    answer = client.get(LIST)
    assert answer.status_code in (302, 403) or list(answer.context["cl"].result_list) == []
