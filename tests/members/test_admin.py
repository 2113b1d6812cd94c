"""The admin panel of members: an organizer's subtree, through the services, without a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.members.models import Member
from apps.rules.kinds import MemberStatus
from tests.conftest import Cast

SignIn = Callable[[User], Client]
CHANGE = "admin:members_member_change"


def posted(member: Member, **changed: Any) -> dict[str, Any]:
    names = ("ethnicity", "education", "status", "admitted_on", "full_since", "joined_on")
    shown = {name: getattr(member, name) for name in names} | {"read_version": member.version}
    return shown | changed


def test_an_organizer_lists_and_searches_the_subtree(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    url = reverse("admin:members_member_changelist")
    found = client.get(url).context["cl"].queryset
    assert set(found.values_list("branch__short_name", flat=True)) == {"机关一支部", "机关二支部"}
    assert [str(member) for member in client.get(url, {"q": "wqs"}).context["cl"].queryset] == ["卫青松"]


def test_a_change_goes_through_the_service(cast: Cast, sign_in: SignIn) -> None:
    member = cast.members["member"]
    response = sign_in(cast["organizer"]).post(
        reverse(CHANGE, args=[member.pk]), posted(member, education="大专", state="died", id_number="1")
    )
    assert response.status_code == 302
    after = Member.objects.get(pk=member.pk)
    assert (after.education, after.version, after.state) == ("大专", 2, "active")
    assert Deed.objects.filter(action="member.updated", object_id=member.pk).count() == 1


def test_a_refusal_of_the_service_is_shown_on_the_form(cast: Cast, sign_in: SignIn) -> None:
    member = cast.members["member"]
    data = posted(member, status=MemberStatus.PROBATIONARY)
    response = sign_in(cast["organizer"]).post(reverse(CHANGE, args=[member.pk]), data)
    assert response.status_code == 200
    assert "预备党员不填转正日期。" in response.content.decode()


def test_a_form_opened_before_the_last_change_overwrites_nothing(cast: Cast, sign_in: SignIn) -> None:
    member = cast.members["member"]
    client, url = sign_in(cast["organizer"]), reverse(CHANGE, args=[member.pk])
    client.post(url, posted(member, education="大专"))
    response = client.post(url, posted(member, education="中专"))
    assert response.status_code == 200
    assert "这条记录刚刚被别人修改过" in response.content.decode()
    assert Member.objects.get(pk=member.pk).education == "大专"


def test_no_secret_stands_in_the_panel(cast: Cast, sign_in: SignIn) -> None:
    member = cast.members["member"]
    member.mobile_phone, member.address = "19912345678", "幸福路七十二号"
    member.save()
    client = sign_in(cast["organizer"])
    for url in (reverse(CHANGE, args=[member.pk]), reverse("admin:members_member_changelist")):
        text = client.get(url).content.decode()
        assert not any(word in text for word in ("19912345678", "幸福路", "id_number", "已加密"))


def test_out_of_the_subtree_and_without_the_post_there_is_nothing(cast: Cast, sign_in: SignIn) -> None:
    foreign = reverse(CHANGE, args=[cast.members["elsewhere_member"].pk])
    assert sign_in(cast["organizer"]).get(foreign).status_code == 302
    operator = sign_in(cast["operator"]).get(reverse("admin:members_member_changelist"))
    assert operator.status_code == 403 or not operator.context["cl"].queryset.exists()
    assert sign_in(cast["secretary"]).get(reverse("admin:members_member_changelist")).status_code == 302


def test_nobody_adds_or_deletes_here(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast["organizer"])
    assert client.get(reverse("admin:members_member_add")).status_code == 403
    url = reverse("admin:members_member_delete", args=[cast.members["member"].pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:members_rosterimport_changelist")).status_code == 200
