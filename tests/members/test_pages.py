"""The pages of members: what each shows, to whom, and at what cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.members.models import Member
from apps.rules.kinds import ExemptReason, MembershipState, MemberStatus
from tests import factories
from tests.conftest import TODAY, Cast
from tests.members.counting import CountQueries
from tests.members.pages import PHONE, SECRETS, SignIn, page
from tests.members.rosters import id_number


def names(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("members:list"), query)
    return [row.person.name for row in response.context["rows"]]


def test_it_shows_the_roster_in_the_order_of_names(cast: Cast, sign_in: SignIn) -> None:
    factories.make_member(cast.ours, name="安走", state=MembershipState.LEFT, state_since=TODAY)
    found = names(sign_in(cast["secretary"]))
    assert found == ["陈静", "褚红", "冯刚", "王小兰", "卫青松", "吴向前", "郑明"]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("typed", ["卫青", "weiqing", "WQS", "wqs", " 卫 青松 ", "0013"])
def test_a_search_finds_by_name_pinyin_initials_and_last_digits(
    cast: Cast, sign_in: SignIn, typed: str
) -> None:
    typed = typed.replace("0013", id_number()[-4:])
    assert names(sign_in(cast["secretary"]), text=typed) == ["卫青松"]


@pytest.mark.usefixtures("known")
def test_full_width_digits_and_other_dots_are_read_as_meant(cast: Cast, sign_in: SignIn) -> None:
    factories.make_member(cast.ours, name="买买提·吐尔逊")
    client = sign_in(cast["secretary"])
    wide = id_number()[-4:].translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert (names(client, text=wide), names(client, text="买买提．吐尔逊")) == (["卫青松"], ["买买提·吐尔逊"])


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("role", ["publicity", "group_leader"])
def test_digits_find_nobody_for_those_who_do_not_see_them(cast: Cast, sign_in: SignIn, role: str) -> None:
    assert names(sign_in(cast[role]), text=id_number()[-4:]) == []


@pytest.mark.usefixtures("known")
def test_digits_find_nobody_outside_the_scope(cast: Cast, sign_in: SignIn) -> None:
    assert names(sign_in(cast["stranger_secretary"]), text=id_number()[-4:]) == []


@pytest.mark.usefixtures("known")
def test_a_whole_number_is_not_taken(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast["secretary"]).get(reverse("members:list"), {"text": id_number()[:15]})
    assert "按身份证号查找只输末四位。" in response.content.decode()
    assert response.context["rows"] == []


@pytest.mark.usefixtures("known")
def test_too_large_a_scope_asks_for_a_branch(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.members.queries.MOST_NUMBERS", 0)
    response = sign_in(cast["secretary"]).get(reverse("members:list"), {"text": id_number()[-4:]})
    assert "请先选择党支部再按身份证号查找" in response.content.decode()


def test_each_filter_keeps_exactly_its_members(cast: Cast, sign_in: SignIn) -> None:
    make = factories.make_member
    make(cast.ours, name="预备", status=MemberStatus.PROBATIONARY)
    make(cast.ours, name="流动", is_mobile=True, verified_on=TODAY)
    make(cast.ours, name="免除", exempt_reason=ExemptReason.AGE, exempt_decided_on=TODAY)
    make(cast.ours, name="关怀", needs_care=True, verified_on=TODAY - timedelta(days=366))
    make(cast.ours, name="停止", state=MembershipState.SUSPENDED, state_since=TODAY)
    client = sign_in(cast["secretary"])
    one = {
        "status": ("probationary", {"预备"}),
        "mobile": ("yes", {"流动"}),
        "exempt": ("yes", {"免除"}),
        "care": ("yes", {"关怀"}),
        "state": ("suspended", {"停止"}),
        "group": (str(cast.group.pk), {"褚红", "卫青松"}),
    }
    for name, (value, expected) in one.items():
        assert set(names(client, **{name: value})) == expected, name
    assert len(names(client, mobile="no")) == 11
    assert set(names(client, verified="old")) == set(names(client)) - {"流动"}
    assert "关怀" not in names(client, verified="never")


def test_filters_offer_only_what_is_in_reach(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast["secretary"]), "list")
    assert "机关一支部" in text
    assert "机关二支部" not in text
    response = sign_in(cast["secretary"]).get(reverse("members:list"), {"branch": cast.elsewhere.pk})
    assert response.context["rows"] == []


def test_one_and_three_rows_cost_the_same(cast: Cast, sign_in: SignIn) -> None:
    branch = factories.make_organization(parent=cast.committee, name="新党支部")
    secretary = factories.make_secretary(branch)
    client = sign_in(secretary)
    url = reverse("members:list")
    client.get(url)
    with CountQueries() as one:
        client.get(url)
    for number in range(3):
        factories.make_member(branch, name=f"第{number}", group=None, mobile_phone=PHONE)
    with CountQueries() as three:
        client.get(url)
    assert (len(one), len(three)) == (len(one), len(one))


def test_an_empty_branch_is_offered_the_import(cast: Cast, sign_in: SignIn) -> None:
    branch = factories.make_organization(parent=cast.committee, name="空支部")
    person = factories.make_user("空书记", username="empty")
    factories.make_post(person, branch, "secretary")
    text = page(sign_in(person), "list")
    assert "这里还没有党员" in text
    assert reverse("members:import_start") in text


# Canaries: the four secrets of one member, in every answer that is not meant to show them.


@pytest.mark.parametrize("role", ["organizer", "committee_secretary", "secretary", "deputy", "publicity"])
@pytest.mark.parametrize("name", ["list", "detail", "update", "history"])
def test_no_page_shows_a_secret(cast: Cast, sign_in: SignIn, known: Member, role: str, name: str) -> None:
    args = [] if name == "list" else [known.pk]
    text = sign_in(cast[role]).get(reverse(f"members:{name}", args=args)).content.decode()
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("secretary", ["119999********0011"[:6], "199****5678", "****"]),
        ("group_leader", ["199****5678"]),
        ("publicity", []),
    ],
)
def test_masks_show_what_the_role_may_see(
    cast: Cast, sign_in: SignIn, known: Member, role: str, shown: list[str]
) -> None:
    text = page(sign_in(cast[role]), "detail", known.pk)
    assert [mask for mask in shown if mask not in text] == []
    assert ("199****5678" in text) == ("199****5678" in shown)
    assert ("身份证号" in text) == (role == "secretary")


@pytest.mark.usefixtures("known")
def test_ones_own_record_is_in_full_and_only_ones_own(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast["member"]), "me")
    assert [secret for secret in SECRETS if secret not in text] == []
    other = page(sign_in(cast["group_leader"]), "me")
    assert [secret for secret in SECRETS if secret in other] == []


def test_all_sixteen_items_stand_on_the_record(cast: Cast, sign_in: SignIn, known: Member) -> None:
    text = page(sign_in(cast["secretary"]), "detail", known.pk)
    items = (
        "姓名 身份证号 性别 民族 出生日期 学历 人员类别 所在党支部 入党日期 转正日期 工作岗位 "
        "手机 固定电话 家庭住址 党籍状态 失联、流动情况"
    ).split()
    assert len(items) == 16
    assert [item for item in items if f"<dt>{item}</dt>" not in text] == []
