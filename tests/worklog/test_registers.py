"""Key posts with their yearly check, and units with their coverage."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.worklog.models import CareUnit, KeyPost, KeyPostCheck
from tests.worklog import makers

POSTS, UNITS = reverse("worklog:key_post_list"), reverse("worklog:unit_list")


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid.uuid4())}


def post_data(**fields) -> dict:
    given = {
        "title": "物资采购",
        "area": "property",
        "holder": "",
        "holder_name": "方正",
        "since": "2026-01-05",
    }
    return given | key() | fields


def unit_data(**fields) -> dict:
    given = {"name": "青川物流", "kind": "enterprise", "coverage": "none", "since": "2026-01-05"}
    return given | key() | fields


def test_a_key_post_is_entered_once_and_waits_for_its_check(cast, sign_in) -> None:
    client, data = sign_in(cast["secretary"]), post_data(holder=cast.members["member"].pk, holder_name="")
    url = reverse("worklog:key_post_create")
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 302
    post = KeyPost.objects.get()
    assert (post.branch, post.holder) == (cast.ours, cast.members["member"])
    assert "今年还没检查" in client.get(POSTS).content.decode()


def test_a_key_post_has_somebody_in_it(cast, sign_in) -> None:
    page = sign_in(cast["secretary"]).post(reverse("worklog:key_post_create"), post_data(holder_name=""))
    assert page.status_code == 422
    assert "请选择在岗党员" in page.content.decode()


def test_the_discipline_member_notes_this_years_check(cast, sign_in) -> None:
    post = makers.make_key_post(cast.ours)
    makers.make_check(post, checked_on=date(2025, 12, 30))
    client, url = sign_in(cast["discipline"]), reverse("worklog:key_post_check", args=[post.pk])
    assert client.get(POSTS, {"state": "due"}).context["rows"] == [post]
    data = {"checked_on": "2026-11-19", "by_name": "陈静", "finding": "账款相符。"} | key()
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 302
    assert KeyPostCheck.objects.filter(checked_on__year=2026).count() == 1
    assert "今年已检查" in client.get(POSTS).content.decode()
    assert client.get(POSTS, {"state": "due"}).context["rows"] == []
    assert list(Deed.objects.values_list("action", flat=True)) == ["key_post.checked"]


def test_a_check_to_come_is_no_check(cast, sign_in) -> None:
    post = makers.make_key_post(cast.ours)
    data = {"checked_on": "2026-11-21", "by_name": "陈静", "finding": "好"} | key()
    page = sign_in(cast["discipline"]).post(reverse("worklog:key_post_check", args=[post.pk]), data)
    assert page.status_code == 422
    assert "日期不能晚于今天" in page.content.decode()


def test_a_withdrawn_check_leaves_the_year_open_again(cast, sign_in) -> None:
    post = makers.make_key_post(cast.ours)
    check = makers.make_check(post)
    client = sign_in(cast["discipline"])
    url = reverse("worklog:check_withdraw", args=[check.pk])
    assert client.post(url, {"reason": "记错岗位"}).status_code == 302
    assert client.get(POSTS, {"state": "due"}).context["rows"] == [post]


def test_a_check_is_mended(cast, sign_in) -> None:
    check = makers.make_check(makers.make_key_post(cast.ours))
    data = {"checked_on": "2026-06-02", "by_name": "陈静", "finding": "缺两张发票，已补。", "version": 1}
    client, url = sign_in(cast["discipline"]), reverse("worklog:check_update", args=[check.pk])
    assert client.post(url, data).status_code == 302
    page = client.post(url, data)
    assert page.status_code == 422
    assert "刚刚被别人修改过" in page.content.decode()
    check.refresh_from_db()
    assert (check.checked_on, check.finding) == (date(2026, 6, 2), "缺两张发票，已补。")


def test_a_post_that_left_the_list_asks_for_no_check(cast, sign_in) -> None:
    post = makers.make_key_post(cast.ours, until=date(2026, 5, 1))
    client = sign_in(cast["secretary"])
    assert "不再列入" in client.get(POSTS).content.decode()
    assert client.get(reverse("worklog:key_post_check", args=[post.pk])).status_code == 403


def test_a_post_leaves_the_list_today_at_the_latest(cast, sign_in) -> None:
    post = makers.make_key_post(cast.ours)
    url = reverse("worklog:key_post_update", args=[post.pk])
    page = sign_in(cast["secretary"]).post(url, post_data(until="2026-12-01", version=1))
    assert page.status_code == 422
    assert "日期不能晚于今天" in page.content.decode()


def test_a_key_post_is_mended_and_withdrawn(cast, sign_in) -> None:
    post = makers.make_key_post(cast.ours)
    client = sign_in(cast["secretary"])
    data = post_data(title="会计", version=1)
    assert client.post(reverse("worklog:key_post_update", args=[post.pk]), data).status_code == 302
    post.refresh_from_db()
    assert (post.title, post.version) == ("会计", 2)
    url = reverse("worklog:key_post_withdraw", args=[post.pk])
    assert client.post(url, {"reason": "登记重复"}).status_code == 302
    assert client.get(POSTS).context["rows"] == []
    assert client.get(url).status_code == 403


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"coverage": "single"}, "请填写从哪天起覆盖"),
        ({"coverage": "single", "covered_since": "2027-01-01"}, "日期不能晚于今天"),
        ({"until": "2025-01-01"}, "不再联系的日期不能早于联系日期"),
        ({"name": ""}, "这个字段是必填项"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_in_words(cast, sign_in, fields, words) -> None:
    page = sign_in(cast["secretary"]).post(reverse("worklog:unit_create"), unit_data(**fields))
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_unit_is_entered_and_then_covered(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    assert (
        client.post(reverse("worklog:unit_create"), unit_data(covered_since="2026-02-01")).status_code == 302
    )
    unit = CareUnit.objects.get()
    assert (unit.coverage, unit.covered_since) == ("none", None)
    assert "未覆盖" in client.get(UNITS).content.decode()
    data = unit_data(coverage="joint", covered_since="2026-11-01", version=1)
    assert client.post(reverse("worklog:unit_update", args=[unit.pk]), data).status_code == 302
    unit.refresh_from_db()
    assert (unit.coverage, unit.covered_since) == ("joint", date(2026, 11, 1))


def test_the_same_unit_is_not_entered_twice(cast, sign_in) -> None:
    makers.make_unit(cast.ours, name="青川物流")
    page = sign_in(cast["secretary"]).post(reverse("worklog:unit_create"), unit_data())
    assert page.status_code == 422
    assert "本支部已登记过这个单位" in page.content.decode()


def test_a_unit_is_withdrawn(cast, sign_in) -> None:
    unit = makers.make_unit(cast.ours)
    client = sign_in(cast["secretary"])
    url = reverse("worklog:unit_withdraw", args=[unit.pk])
    assert client.post(url, {"reason": "别的支部联系"}).status_code == 302
    assert client.get(UNITS).context["rows"] == []


@pytest.mark.parametrize("url", [POSTS, UNITS])
def test_the_registers_cost_the_same_for_one_and_for_three(cast, sign_in, url) -> None:
    client = sign_in(cast["organizer"])

    def more(number: int) -> None:
        makers.make_check(makers.make_key_post(cast.ours, holder=cast.members["member"]))
        makers.make_unit(cast.sibling, name=f"单位{number}")

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    more(1)
    one = cost()
    more(2)
    more(3)
    assert cost() == one
