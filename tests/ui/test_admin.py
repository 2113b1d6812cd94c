"""The admin base class: scope, rights, services, refusals."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from apps.accounts.models import User
from tests.ui.admin_site import site


@pytest.fixture
def people(db) -> dict[str, User]:
    return {name: User.objects.create(name=name) for name in ("常人", "隐者", "定员", "可删者")}


def change_url(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/change/"


def test_the_list_shows_only_what_is_visible(reader: Client, people):
    response = reader.get("/admin/accounts/user/")

    assert {row.name for row in response.context["cl"].result_list} == {"吴向前", "常人", "定员", "可删者"}


def test_who_is_not_admitted_sees_no_module(client: Client, db):
    stranger = User.objects.create(name="路人", username="stranger")
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/admin/accounts/user/").status_code == 302
    request = client.get("/open/").wsgi_request
    assert not site.get_model_admin(User).has_module_permission(request)
    assert not site.get_model_admin(User).has_view_permission(request)
    assert not site.get_model_admin(User).has_add_permission(request)


def test_an_object_out_of_scope_cannot_be_opened(reader: Client, people):
    assert reader.get(change_url(people["隐者"])).status_code == 302
    request = reader.get("/open/").wsgi_request
    assert not site.get_model_admin(User).has_view_permission(request, people["隐者"])
    assert not site.get_model_admin(User).has_change_permission(request, people["隐者"])


def test_an_object_that_may_not_be_changed_is_shown_and_not_written(reader: Client, people):
    assert reader.get(change_url(people["定员"])).status_code == 200
    assert reader.post(change_url(people["定员"]), {"name": "改名"}).status_code == 403
    assert User.objects.filter(name="定员").exists()


def test_saving_goes_through_the_service(reader: Client, people):
    assert reader.post(change_url(people["常人"]), {"name": "新名"}).status_code == 302

    people["常人"].refresh_from_db()
    assert people["常人"].name == "新名（经服务）"


def test_adding_goes_through_the_service_and_names_the_new_row(reader: Client, db):
    response = reader.post("/admin/accounts/user/add/", {"name": "新人"})

    assert response.status_code == 302
    made = User.objects.get(name="新人（经服务）")
    assert LogEntry.objects.get().object_id == str(made.pk)
    assert User.objects.filter(name="新人").count() == 0


def test_a_refusal_is_shown_on_the_form_with_what_was_typed(reader: Client, people):
    response = reader.post(change_url(people["常人"]), {"name": "重名", "username": "kept"})

    assert response.status_code == 200
    assert response.context["errors"] == [["已有同名人员，请核对。"]]
    assert 'value="kept"' in response.content.decode()
    assert User.objects.filter(name="常人").exists()


def test_deleting_is_off_unless_allowed(reader: Client, people):
    assert (
        reader.post(f"/admin/accounts/user/{people['常人'].pk}/delete/", {"post": "yes"}).status_code == 403
    )
    assert "delete_selected" not in reader.get("/admin/accounts/user/").content.decode()

    reader.post(f"/admin/accounts/user/{people['可删者'].pk}/delete/", {"post": "yes"})

    assert not User.objects.filter(name="可删者").exists()
    assert User.objects.filter(name="常人").exists()


def test_a_refused_deletion_says_why(reader: Client, people):
    User.objects.filter(name="可删者").update(username="has-login")

    response = reader.post(
        f"/admin/accounts/user/{people['可删者'].pk}/delete/", {"post": "yes"}, follow=True
    )

    assert "此人有登录名，不能删除。" in response.content.decode()
    assert User.objects.filter(name="可删者").exists()


def test_a_foreign_key_accepts_only_what_is_visible(reader: Client, people):
    response = reader.post("/admin/admin/logentry/add/", {"user": str(people["隐者"].pk), "object_repr": "x"})

    assert response.status_code == 200
    assert "user" in response.context["adminform"].form.errors
    offered = {person.name for person in response.context["adminform"].form.fields["user"].queryset}
    assert offered == {"吴向前", "常人", "定员", "可删者"}


def test_a_foreign_key_to_a_model_without_a_page_offers_nothing(reader: Client, db):
    form = reader.get("/admin/admin/logentry/add/").context["adminform"].form

    assert list(form.fields["content_type"].queryset) == []


def test_autocomplete_finds_only_what_is_visible(reader: Client, people):
    query = {"app_label": "admin", "model_name": "logentry", "field_name": "user", "term": "者"}

    found = json.loads(reader.get("/admin/autocomplete/", query).content)

    assert [row["text"] for row in found["results"]] == ["可删者"]


def test_a_subclass_must_say_what_is_visible_and_how_to_write(rf):
    from apps.ui.admin import ScopedAdmin

    bare = ScopedAdmin(User, site)
    for hook in (
        lambda: bare.visible(None),
        lambda: bare.write(None, None, form=None, change=False),
        lambda: bare.remove(None, None),
    ):
        with pytest.raises(NotImplementedError):
            hook()
    assert not bare.may_add(None)
    assert not bare.may_change(None, None)
    assert not bare.may_delete(None, None)
