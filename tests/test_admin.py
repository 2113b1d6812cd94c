"""The admin panel as a whole: who opens which page of which model, and what is shown there."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.rules.kinds import PostKind
from tests import factories
from tests.admin_rows import page, rows_of
from tests.conftest import TODAY, Cast

SignIn = Callable[[User], Client]

AWAY = (302, 302, 302)  # not let into the panel: sent to the first page
SHUT = (403, 403, 403)
FULL = (200, 200, 200)
READ = (200, 403, 200)

#: model → role → answers to the list, the add page and the page of one object. Others: AWAY.
TABLE: dict[str, dict[str, tuple[int, int, int]]] = {
    "accounts.User": {"operator": FULL, "auditor": SHUT, "organizer": SHUT},
    "audit.Deed": {"operator": SHUT, "auditor": READ, "organizer": SHUT},
    "branches.Organization": {"operator": SHUT, "auditor": SHUT, "organizer": FULL},
    "branches.Term": {"operator": SHUT, "auditor": SHUT, "organizer": FULL},
    "branches.Post": {"operator": SHUT, "auditor": SHUT, "organizer": FULL},
    "branches.RuleOverride": {"operator": SHUT, "auditor": SHUT, "organizer": FULL},
    "branches.Excuse": {"operator": SHUT, "auditor": SHUT, "organizer": FULL},
    "members.Member": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "members.RosterImport": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "tasks.Task": {"operator": SHUT, "auditor": SHUT, "organizer": FULL},
    "tasks.Assignment": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "tasks.Directive": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "worklog.KeyPost": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "worklog.CareUnit": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "ballots.Poll": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "meetings.Meeting": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "standards.Source": {"operator": READ, "auditor": SHUT, "organizer": SHUT},
    "standards.Standard": {"operator": SHUT, "auditor": SHUT, "organizer": FULL},
    "standards.StandardSwitch": {"operator": SHUT, "auditor": SHUT, "organizer": FULL},
    "standards.LevelOverride": {"operator": SHUT, "auditor": SHUT, "organizer": FULL},
    "standards.FigureNote": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "evaluations.Round": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "documents.UnitTemplate": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "plans.AnnualPlan": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "evaluations.Cycle": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    "evaluations.BranchEvaluation": {"operator": SHUT, "auditor": SHUT, "organizer": READ},
    # Registered by the packages themselves; Django's permissions, which nobody holds, keep them shut.
    "auth.Group": {"operator": SHUT, "auditor": SHUT, "organizer": SHUT},
    "axes.AccessAttempt": {"operator": SHUT, "auditor": SHUT, "organizer": SHUT},
    "axes.AccessLog": {"operator": SHUT, "auditor": SHUT, "organizer": SHUT},
    "axes.AccessFailureLog": {"operator": SHUT, "auditor": SHUT, "organizer": SHUT},
}
PANEL_ROLES = ("operator", "auditor", "organizer")
ROLES = (*PANEL_ROLES, "committee_secretary", "secretary", "group_leader", "member", "former_secretary")


def test_every_registered_model_stands_in_the_table() -> None:
    assert {model._meta.label for model in admin.site._registry} == set(TABLE)


@pytest.mark.parametrize("model", sorted(TABLE))
def test_each_role_gets_the_answers_of_the_table(model: str, cast: Cast, sign_in: SignIn) -> None:
    rows = rows_of(cast.ours)
    pk = rows[model].pk if model in rows else 1
    urls = page(model, "changelist"), page(model, "add"), page(model, "change", pk)
    found, wanted = {}, {}
    for role in ROLES:
        client = sign_in(cast[role])
        found[role] = tuple(client.get(url).status_code for url in urls)
        wanted[role] = TABLE[model].get(role, AWAY)
    assert found == wanted


def test_the_first_page_lists_what_the_role_may_open(cast: Cast, sign_in: SignIn) -> None:
    for role in PANEL_ROLES:
        answer = sign_in(cast[role]).get(reverse("admin:index"))
        listed = {
            apps.get_model(app["app_label"], model["object_name"])._meta.label
            for app in answer.context["app_list"]
            for model in app["models"]
        }
        assert listed == {model for model in TABLE if TABLE[model][role] != SHUT}
        assert f'href="{reverse("branches:rule_list")}"' in answer.content.decode()


def test_lists_show_the_subtree_and_nothing_else(cast: Cast, sign_in: SignIn) -> None:
    ours, foreign = rows_of(cast.ours), rows_of(cast.elsewhere)
    client = sign_in(cast["organizer"])
    for model in (model for model in TABLE if TABLE[model]["organizer"] != SHUT):
        shown = set(client.get(page(model, "changelist")).context["cl"].queryset.values_list("pk", flat=True))
        assert ours[model].pk in shown, model
        assert foreign[model].pk not in shown, model


def test_another_post_elsewhere_opens_nothing_there(cast: Cast, sign_in: SignIn) -> None:
    """The panel is for the subtree of an organizer, whatever else the person may do on the pages."""
    foreign = rows_of(cast.elsewhere)
    factories.make_post(cast["organizer"], cast.elsewhere, PostKind.DEPUTY_SECRETARY)
    client = sign_in(cast["organizer"])
    for model in (model for model in TABLE if TABLE[model]["organizer"] != SHUT):
        shown = set(client.get(page(model, "changelist")).context["cl"].queryset.values_list("pk", flat=True))
        assert foreign[model].pk not in shown, model


def test_a_foreign_organizer_meets_nothing_of_ours(cast: Cast, sign_in: SignIn) -> None:
    rows = rows_of(cast.ours)
    foreign = factories.make_user("林外", username="foreign")
    factories.make_post(foreign, cast.elsewhere_committee, PostKind.ORGANIZER)
    client = sign_in(foreign)
    for model in (model for model in TABLE if TABLE[model]["organizer"] != SHUT):
        for which in ("change", "history", "delete"):
            url = page(model, which, rows[model].pk)
            assert client.get(url).status_code in (302, 403, 404), url
        assert client.post(page(model, "change", rows[model].pk), {}).status_code in (302, 403, 404), model
    assert Organization.objects.get(pk=cast.ours.pk).name == "青川镇机关第一党支部"


def test_what_is_settled_is_only_shown(cast: Cast, sign_in: SignIn) -> None:
    rows = rows_of(cast.ours)
    done = factories.make_task(cast.ours, state="done", closed_on=TODAY, result="已报送")
    ended = factories.make_post(factories.make_user(), cast.ours, PostKind.YOUTH, ends_on=TODAY)
    client = sign_in(cast["organizer"])
    settled = [
        ("tasks.Task", done),
        ("branches.Post", ended),
        ("meetings.Meeting", rows["meetings.Meeting"]),
        ("tasks.Assignment", rows["tasks.Assignment"]),
        ("branches.Excuse", rows["branches.Excuse"]),
    ]
    for model, row in settled:
        url = page(model, "change", row.pk)
        assert client.get(url).status_code == 200
        assert client.post(url, {"title": "改写", "result": "改写"}).status_code == 403, model


def test_autocomplete_answers_with_rows_in_reach_only(cast: Cast, sign_in: SignIn) -> None:
    query = {"app_label": "branches", "model_name": "term", "field_name": "organization", "term": "党支部"}
    found = {}
    for role in PANEL_ROLES:
        answer = sign_in(cast[role]).get(reverse("admin:autocomplete"), query)
        rows = json.loads(answer.content)["results"] if answer.status_code == 200 else answer.status_code
        found[role] = {row["text"] for row in rows} if isinstance(rows, list) else rows
    assert found == {"operator": 403, "auditor": 403, "organizer": {"机关一支部", "机关二支部"}}


def test_filters_offer_the_committees_in_reach_only(cast: Cast, sign_in: SignIn) -> None:
    rows_of(cast.ours)
    client = sign_in(cast["organizer"])
    for model in (
        "branches.Organization",
        "branches.Post",
        "branches.Term",
        "branches.RuleOverride",
        "tasks.Task",
    ):
        answer = client.get(page(model, "changelist"), {"under": cast.committee.path})
        assert answer.context["cl"].queryset.exists(), model
        assert "白石镇" not in answer.content.decode(), model
        other = client.get(page(model, "changelist"), {"under": cast.elsewhere_committee.path})
        assert not other.context["cl"].queryset.exists(), model
    for chosen, count in (("now", True), ("past", False)):
        held = client.get(page("branches.Post", "changelist"), {"held": chosen}).context["cl"].queryset
        assert held.filter(person=cast["secretary"]).exists() is count
    late = client.get(page("tasks.Task", "changelist"), {"late": "yes"}).context["cl"].queryset
    assert not late.exists()


def test_lists_find_people_by_sound(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast["organizer"]).get(page("branches.Post", "changelist"), {"q": "wxq"})
    assert [post.person.name for post in answer.context["cl"].queryset] == ["吴向前"]


def counted(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_list_asks_as_often_for_three_rows_as_for_one(cast: Cast, sign_in: SignIn) -> None:
    rows_of(cast.ours)
    client = sign_in(cast["organizer"])
    lists = [page(model, "changelist") for model in TABLE if TABLE[model]["organizer"] != SHUT]
    client.get(lists[0])
    before = {url: counted(client, url) for url in lists}
    for _ in range(2):
        branch = factories.make_organization(parent=cast.committee)
        factories.make_term(branch)
        rows_of(branch)
    assert {url: counted(client, url) for url in lists} == before


def test_no_word_of_minutes_and_no_secret_is_shown(cast: Cast, sign_in: SignIn) -> None:
    meeting = factories.make_meeting(cast.ours, title="支委会")
    member = cast.members["member"]
    member.mobile_phone = "19912345678"
    member.save()
    client = sign_in(cast["organizer"])
    for model, row in (("meetings.Meeting", meeting), ("members.Member", member)):
        for url in (page(model, "change", row.pk), page(model, "history", row.pk), page(model, "changelist")):
            text = client.get(url).content.decode()
            assert "19912345678" not in text
            assert not any(
                f'name="{name}"' in text for name in ("summary", "notice", "id_number", "mobile_phone")
            )


def test_the_panel_is_chinese_and_keeps_the_content_security_policy(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    urls = [reverse("admin:index"), page("branches.Post", "changelist"), page("branches.Post", "add")]
    for url in urls:
        answer = client.get(url)
        text = answer.content.decode()
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "css/admin.css" in text
        assert '<html lang="zh-hans"' in text
        assert "本系统不得录入、存储、处理国家秘密。" in text
        assert not any(word in text for word in ("<style", "style=", "onclick", "theme.js", "dark_mode"))
        assert f'action="{reverse("accounts:logout")}"' in text


def test_passwords_and_signing_out_have_one_page_each(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    for method in (client.get, client.post):
        assert method(reverse("admin:password_change")).headers["Location"] == reverse(
            "accounts:password_change"
        )
        assert method(reverse("admin:logout")).headers["Location"] == reverse("workbench:home")
