"""The admin panel writes through the services, shows their refusals, and takes no field it did not offer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.branches.models import Excuse, Organization, Post, RuleOverride, Term
from apps.rules.kinds import OrgKind, PostKind
from apps.tasks.models import Task
from tests.admin_rows import page, rows_of
from tests.conftest import TODAY, Cast

SignIn = Callable[[User], Client]

ORGANIZATION = {
    "short_name": "新支部",
    "form": "ordinary",
    "units_covered": 1,
    "founded_on": "2026-11-01",
    "read_version": 1,
}


def added(client: Client, model: str, **data: Any) -> Any:
    return client.post(page(model, "add"), data)


def test_an_organization_is_added_by_the_service(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    data = {**ORGANIZATION, "parent": cast.committee.pk, "kind": OrgKind.BRANCH, "name": "青川镇第三党支部"}
    assert added(client, "branches.Organization", **data).status_code == 302
    made = Organization.objects.get(name="青川镇第三党支部")
    assert made.path.startswith(cast.committee.path)
    assert Deed.objects.filter(action="organization.created", object_id=made.pk).count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "青川镇机关第一党支部"}, "同一上级下已有同名党组织。"),
        ({"kind": OrgKind.GROUP, "form": ""}, "党小组不能设在党委"),
        ({"kind": OrgKind.COMMITTEE}, "只有党支部才填写支部类型。"),
        ({"form": ""}, "请选择支部类型。"),
        ({"parent": ""}, "必填"),
    ],
)
def test_a_refusal_stands_on_the_form(
    changes: dict[str, Any], words: str, cast: Cast, sign_in: SignIn
) -> None:
    data = {**ORGANIZATION, "parent": cast.committee.pk, "kind": OrgKind.BRANCH, "name": "新党支部"}
    answer = added(sign_in(cast["organizer"]), "branches.Organization", **(data | changes))
    assert answer.status_code == 200
    assert words in str(answer.context["errors"])
    assert not Organization.objects.filter(name="新党支部").exists()


def test_an_organization_is_not_added_below_a_foreign_committee(cast: Cast, sign_in: SignIn) -> None:
    data = {**ORGANIZATION, "parent": cast.elsewhere_committee.pk, "kind": OrgKind.BRANCH, "name": "越界支部"}
    answer = added(sign_in(cast["organizer"]), "branches.Organization", **data)
    assert "parent" in answer.context["adminform"].form.errors
    assert not Organization.objects.filter(name="越界支部").exists()


def test_a_change_of_an_organization_carries_its_version(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    url = page("branches.Organization", "change", cast.ours.pk)
    data = {**ORGANIZATION, "name": "青川镇机关第一党支部", "short_name": "一支部"}
    assert client.post(url, data).status_code == 302
    answer = client.post(url, {**data, "short_name": "旧稿"})
    assert "被别人修改过" in str(answer.context["errors"])
    fresh = Organization.objects.get(pk=cast.ours.pk)
    assert (fresh.short_name, fresh.version) == ("一支部", 2)


def test_a_constraint_that_only_the_service_sees_stands_on_the_form(cast: Cast, sign_in: SignIn) -> None:
    """The parent is not on the form of a change, so only the service can compare the names below it."""
    url = page("branches.Organization", "change", cast.ours.pk)
    answer = sign_in(cast["organizer"]).post(url, {**ORGANIZATION, "name": cast.sibling.name})
    assert answer.status_code == 200
    assert "同一上级下已有同名党组织。" in str(answer.context["errors"])


def test_terms_are_entered_and_changed_by_the_services(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    data = {"number": 4, "starts_on": "2026-11-10", "years": 3, "with_committee": "on", "read_version": 1}
    assert added(client, "branches.Term", organization=cast.ours.pk, **data).status_code == 302
    made = Term.objects.get(organization=cast.ours, number=4)
    assert made.ends_on == date(2029, 11, 10)
    url = page("branches.Term", "change", made.pk)
    assert client.post(url, {"ends_on": "2029-10-01", "read_version": 1}).status_code == 302
    made.refresh_from_db()
    assert (made.ends_on, made.with_committee, made.version) == (date(2029, 10, 1), False, 2)
    earlier = {**data, "starts_on": "2026-01-10", "number": 5}
    answer = added(client, "branches.Term", organization=cast.ours.pk, **earlier)
    assert "已经登记了更晚的届次" in str(answer.context["errors"])
    answer = added(client, "branches.Term", organization=cast.group.pk, **data)
    assert "党小组没有届次" in str(answer.context["errors"])


def test_posts_are_given_by_login_name_and_ended_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    data = {"kind": PostKind.YOUTH, "starts_on": "2026-11-01", "note": "补选"}
    place = {"organization": cast.ours.pk}
    assert added(client, "branches.Post", username="member", **place, **data).status_code == 302
    made = Post.objects.get(person=cast["member"], organization=cast.ours)
    url = page("branches.Post", "change", made.pk)
    assert "reason" in client.post(url, {"ends_on": "2026-11-18"}).context["adminform"].form.errors
    ending = {"ends_on": "2026-11-18", "reason": "工作变动", "kind": PostKind.SECRETARY}
    assert client.post(url, ending).status_code == 302
    made.refresh_from_db()
    assert (made.ends_on, made.kind) == (date(2026, 11, 18), PostKind.YOUTH)
    assert Deed.objects.get(action="post.ended").reason == "工作变动"


@pytest.mark.parametrize(
    ("username", "kind", "words"),
    [
        ("nobody", PostKind.YOUTH, "没有这个登录名"),
        ("organizer", PostKind.YOUTH, "不能给自己登记职务"),
        ("operator", PostKind.YOUTH, "不能兼任党内职务"),
        ("member", PostKind.ORGANIZER, "没有“组织员”这一职务"),
        ("member", PostKind.SECRETARY, "已有在任书记"),
    ],
)
def test_a_post_that_may_not_be_given_is_refused_on_the_form(
    username: str, kind: str, words: str, cast: Cast, sign_in: SignIn
) -> None:
    before = Post.objects.count()
    data = {"organization": cast.ours.pk, "username": username, "kind": kind, "starts_on": "2026-11-01"}
    answer = added(sign_in(cast["organizer"]), "branches.Post", **data)
    assert words in str(answer.context["errors"])
    assert Post.objects.count() == before


def test_local_rules_are_entered_and_ended_by_the_services(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    data = {
        "organization": cast.committee.pk,
        "code": "MTG-3",
        "applies": "on",
        "min_count": 2,
        "reason": "镇党委会决定",
        "valid_from": "2026-12-01",
    }
    assert added(client, "branches.RuleOverride", **data).status_code == 302
    made = RuleOverride.objects.get()
    assert (made.created_by, made.path) == (cast["organizer"], cast.committee.path)
    again = added(client, "branches.RuleOverride", **data)
    assert "已有本级规定" in str(again.context["errors"])
    group = added(client, "branches.RuleOverride", **{**data, "organization": cast.group.pk})
    assert "不能只定给一个党小组" in str(group.context["errors"])
    idle = added(client, "branches.RuleOverride", **{**data, "code": "MTG-4", "min_count": ""})
    assert "请填写最少次数或周期" in str(idle.context["errors"])
    url = page("branches.RuleOverride", "change", made.pk)
    assert client.post(url, {"valid_to": "2027-01-01", "min_count": 9}).status_code == 302
    made.refresh_from_db()
    assert (made.valid_to, made.min_count) == (date(2027, 1, 1), 2)


def test_an_excuse_is_entered_by_the_service(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    data = {"code": "MTG-3", "period_start": "2026-07-01", "reason": "防汛抢险"}
    assert added(client, "branches.Excuse", organization=cast.ours.pk, **data).status_code == 302
    made = Excuse.objects.get()
    assert (made.decided_by, made.decided_on) == (cast["organizer"], TODAY)
    for place, words in ((cast.ours, "已经登记过免做说明"), (cast.committee, "只能登记在党支部")):
        answer = added(client, "branches.Excuse", organization=place.pk, **data)
        assert words in str(answer.context["errors"])


def test_a_foreign_key_that_is_no_number_is_refused_on_the_form(cast: Cast, sign_in: SignIn) -> None:
    data = {"organization": "abc", "code": "MTG-1", "period_start": "2026-10-01", "reason": "大雪封路"}
    answer = added(sign_in(cast["organizer"]), "branches.Excuse", **data)
    assert answer.status_code == 200
    assert "organization" in answer.context["adminform"].form.errors


def test_tasks_are_entered_and_changed_by_the_services(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    data = {"title": "整理党费台账", "due_on": "2026-12-20", "submission": str(uuid.uuid4())}
    for _ in range(2):
        assert added(client, "tasks.Task", organization=cast.ours.pk, **data).status_code == 302
    made = Task.objects.get(title="整理党费台账")
    url = page("tasks.Task", "change", made.pk)
    change = {"title": "整理党费台账", "due_on": "2026-12-25", "read_version": 1, "state": "done"}
    assert client.post(url, change).status_code == 302
    assert "被别人修改过" in str(client.post(url, change).context["errors"])
    made.refresh_from_db()
    assert (made.due_on, made.state, made.version) == (date(2026, 12, 25), "open", 2)
    answer = added(client, "tasks.Task", organization=cast.group.pk, **data)
    assert "不能登记在党小组" in str(answer.context["errors"])


def undeclared(row: Model) -> dict[str, Any]:
    """A value for every column, whatever the form declares."""
    return {
        field.name: "1" if field.is_relation else "改写"
        for field in row._meta.concrete_fields
        if field.editable
    } | {"path": "00001", "version": 99, "idempotency_key": str(uuid.uuid4()), "created_by": 1}


#: What may be changed here at all: only what the form says and the service takes.
CHANGEABLE = {
    "accounts.User": {"name", "pinyin", "initials", "version"},
    "branches.Organization": {
        *{"name", "short_name", "form", "is_village", "founded_on", "units_covered", "records_since"},
        *{"contact_name", "contact_phone", "version"},
    },
    "branches.Term": {"ends_on", "with_committee", "version"},
    "branches.Post": {"ends_on", "version"},
    "branches.RuleOverride": {"valid_to", "version"},
    "tasks.Task": {"title", "detail", "due_on", "version"},
}
RIGHT: dict[str, dict[str, Any]] = {
    "accounts.User": {"name": "新名", "read_version": 1},
    "branches.Organization": {**ORGANIZATION, "name": "新名", "records_since": ""},
    "branches.Term": {"ends_on": "2028-02-01", "read_version": 1},
    "branches.Post": {"ends_on": "2026-11-18", "reason": "届满"},
    "branches.RuleOverride": {"valid_to": "2027-01-01"},
    "tasks.Task": {"title": "新名", "due_on": "2026-12-25", "detail": "新", "read_version": 1},
}


@pytest.mark.parametrize("model", sorted(RIGHT))
def test_fields_that_are_not_on_the_form_change_nothing(model: str, cast: Cast, sign_in: SignIn) -> None:
    row = rows_of(cast.ours)[model]
    columns = [field.attname for field in row._meta.concrete_fields]
    before = {name: getattr(row, name) for name in columns}
    role = "operator" if model == "accounts.User" else "organizer"
    data = {**undeclared(row), **RIGHT[model]}
    answer = sign_in(cast[role]).post(page(model, "change", row.pk), data)
    assert answer.status_code == 302
    row.refresh_from_db()
    changed = {name for name in columns if getattr(row, name) != before[name]}
    assert changed
    assert changed <= CHANGEABLE[model]


def test_history_is_the_trail_without_what_was_written(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    url = page("branches.Organization", "change", cast.ours.pk)
    client.post(url, {**ORGANIZATION, "name": "青川镇机关第一党支部", "contact_phone": "0123-4567"})
    text = client.get(page("branches.Organization", "history", cast.ours.pk)).content.decode()
    assert "修改党组织" in text
    assert "联系电话" in text
    assert "0123-4567" not in text
    assert (
        "还没有操作记录"
        in client.get(page("branches.Organization", "history", cast.sibling.pk)).content.decode()
    )
