"""The log: one line for one thing, mended and withdrawn, read by those it concerns."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.rules.kinds_worklog import EntrySort
from apps.worklog import services
from apps.worklog.models import Entry
from apps.worklog.queries import entries_about
from tests import factories
from tests.conftest import TODAY
from tests.worklog import makers

LIST = reverse("worklog:list")


def create_url(sort: str) -> str:
    return reverse("worklog:create", args=[sort])


def study(*people, **fields) -> dict:
    """What the form of study hours sends."""
    given = {"held_on": "2026-11-18", "category": "theory", "hours": "2", "title": "党章专题学习"}
    key = {"idempotency_key": str(uuid.uuid4())}
    return given | key | {"people": [person.pk for person in people]} | fields


def titles(page) -> list[str]:
    return [row.title for row in page.context["rows"]]


def test_one_training_of_three_members_is_one_entry_with_three_names(cast, sign_in) -> None:
    people = [cast.members[name] for name in ("secretary", "deputy", "member")]
    client, data = sign_in(cast["secretary"]), study(*people)
    assert client.post(create_url("study"), data).status_code == 302
    assert client.post(create_url("study"), data).status_code == 302
    entry = Entry.objects.get()
    assert (entry.branch, entry.path, entry.hours, entry.category) == (
        cast.ours,
        cast.ours.path,
        Decimal(2),
        "theory",
    )
    assert {row.member for row in entry.people.all()} == set(people)
    assert list(Deed.objects.values_list("action", flat=True)) == ["entry.created"]


def test_everybody_is_named_by_one_tick(cast, sign_in) -> None:
    factories.make_member(cast.ours, name="已调出", state="left")
    client = sign_in(cast["secretary"])
    assert client.post(create_url("study"), study(everyone="on")).status_code == 302
    assert Entry.objects.get().people.count() == 7


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"held_on": "2026-11-21"}, "日期不能晚于今天"),
        ({"held_on": "0206-11-18"}, "日期太早"),
        ({"people": []}, "请至少选择一名党员"),
        ({"hours": "25"}, "一天最多 24 学时"),
        ({"hours": "-1"}, "大于或等于"),
        ({"hours": "两个"}, "输入一个数字"),
        ({"title": ""}, "这个字段是必填项"),
        ({"until": "2026-11-01"}, "结束日期不能早于开始日期"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_what_was_typed_stays(cast, sign_in, fields, words) -> None:
    data = study(cast.members["member"], note="写了很久的备注") | fields
    page = sign_in(cast["secretary"]).post(create_url("study"), data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "写了很久的备注" in page.content.decode()
    assert not Entry.objects.exists()


def test_hours_of_several_days_may_be_more_than_a_day_has(cast, sign_in) -> None:
    data = study(cast.members["member"], hours="40", held_on="2026-11-16", until="2026-11-20")
    assert sign_in(cast["secretary"]).post(create_url("study"), data).status_code == 302


def test_the_same_hours_are_not_counted_a_second_time(cast, sign_in) -> None:
    client, member = sign_in(cast["secretary"]), cast.members["member"]
    assert client.post(create_url("study"), study(member)).status_code == 302
    page = client.post(create_url("study"), study(member, cast.members["deputy"]))
    assert page.status_code == 422
    assert "卫青松 同一天、同样内容的学时已经登记过" in page.content.decode()


def test_a_member_of_another_branch_is_not_offered(cast, sign_in) -> None:
    data = study(cast.members["sibling_member"])
    assert sign_in(cast["secretary"]).post(create_url("study"), data).status_code == 422


@pytest.mark.parametrize(
    ("sort", "fields"),
    [
        ("care", {"care_form": "comfort", "by_name": "吴向前", "title": "送慰问金 500 元"}),
        ("recognition", {"recognition": "clarification", "by_name": "镇党委", "title": "不实举报已澄清"}),
        ("placement", {"placement": "posting", "place": "县信访局", "title": "挂职锻炼"}),
        ("consultation", {"participants": "12", "result": "同意改造路灯", "title": "路灯改造"}),
    ],
)
def test_every_sort_has_its_own_short_form(cast, sign_in, sort, fields) -> None:
    people = [] if sort == "consultation" else [cast.members["member"].pk]
    data = {"held_on": "2026-11-18", "people": people, "idempotency_key": str(uuid.uuid4())} | fields
    client = sign_in(cast["publicity"])
    assert client.get(create_url(sort)).status_code == 200
    assert client.post(create_url(sort), data).status_code == 302
    entry = Entry.objects.get()
    assert entry.sort == sort
    assert {name: str(getattr(entry, name)) for name in fields} == fields
    assert client.get(LIST, {"sort": sort}).context["rows"] == [entry]


def test_a_commendation_may_go_to_the_whole_branch(cast, sign_in) -> None:
    data = {"held_on": "2026-07-01", "recognition": "commendation", "by_name": "县委", "title": "先进党支部"}
    client = sign_in(cast["secretary"])
    url = create_url("recognition")
    assert client.post(url, data | {"idempotency_key": str(uuid.uuid4())}).status_code == 302
    assert "支部集体" in client.get(LIST).content.decode()


def test_an_unknown_sort_is_not_found(cast, sign_in) -> None:
    assert sign_in(cast["secretary"]).get(create_url("nonsense")).status_code == 404


def test_a_group_leader_records_study_and_visits_of_the_group_only(cast, sign_in) -> None:
    client = sign_in(cast["group_leader"])
    assert client.post(create_url("study"), study(cast.members["member"])).status_code == 302
    entry = Entry.objects.get()
    assert (entry.branch, entry.group, entry.path) == (cast.ours, cast.group, cast.group.path)
    assert client.get(reverse("worklog:update", args=[entry.pk])).status_code == 200
    assert client.get(create_url("recognition")).status_code == 403
    assert client.post(create_url("study"), study(cast.members["deputy"])).status_code == 422


def test_an_entry_is_mended_and_the_trail_says_how(cast, sign_in) -> None:
    entry = makers.make_study(cast.ours, cast.members["member"], title="学习")
    data = study(cast.members["member"], cast.members["deputy"], title="学习条例", version=1)
    client = sign_in(cast["organization"])
    assert client.post(reverse("worklog:update", args=[entry.pk]), data).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.version, entry.people.count()) == ("学习条例", 2, 2)
    labels = {change["label"]: change["after"] for change in Deed.objects.get().changes}
    assert labels == {"日期": "2026-11-18", "内容": "学习条例", "人员": "卫青松、郑明"}


def test_the_trail_names_no_word_of_a_visit(cast) -> None:
    entry = makers.make_care(cast.ours, cast.members["member"], title="探望住院")
    values = {
        "held_on": date(2026, 9, 10),
        "care_form": "help",
        "by_name": "x",
        "title": "术后看望",
        "note": "",
    }
    services.update_entry(
        entry=entry,
        version=1,
        values=values,
        people=[cast.members["member"]],
        actor=cast["secretary"],
        today=TODAY,
    )
    deed = Deed.objects.get()
    assert "术后" not in str(deed.changes) + deed.object_label
    assert "住院" not in str(deed.changes) + deed.object_label


def test_a_stale_change_is_refused_and_the_typed_text_stays(cast, sign_in) -> None:
    entry = makers.make_study(cast.ours, cast.members["member"], version=2)
    page = sign_in(cast["secretary"]).post(
        reverse("worklog:update", args=[entry.pk]), study(cast.members["member"], title="我写的", version=1)
    )
    assert page.status_code == 422
    assert "刚刚被别人修改过" in page.content.decode()
    assert "我写的" in page.content.decode()


def test_who_has_left_stays_in_an_entry_that_is_mended(cast, sign_in) -> None:
    gone = factories.make_member(cast.ours, name="已调出", state="left")
    entry = makers.make_study(cast.ours, gone)
    client, url = sign_in(cast["secretary"]), reverse("worklog:update", args=[entry.pk])
    assert client.post(url, study(gone, title="改题目", version=1)).status_code == 302
    assert [row.member for row in entry.people.all()] == [gone]


def test_a_withdrawn_entry_counts_no_more_and_keeps_its_reason(cast, sign_in) -> None:
    entry = makers.make_study(cast.ours, cast.members["member"])
    client, url = sign_in(cast["secretary"]), reverse("worklog:withdraw", args=[entry.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "重复登记"}).status_code == 302
    assert titles(client.get(LIST)) == []
    assert titles(client.get(LIST, {"state": "withdrawn"})) == ["学习培训"]
    assert "重复登记" in client.get(reverse("worklog:detail", args=[entry.pk])).content.decode()
    assert client.get(reverse("worklog:update", args=[entry.pk])).status_code == 403
    assert sign_in(cast["member"]).get(reverse("worklog:detail", args=[entry.pk])).status_code == 404


def test_a_member_sees_own_entries_and_no_other_name_in_them(cast, sign_in) -> None:
    entry = makers.make_care(cast.ours, cast.members["member"], cast.members["deputy"])
    makers.make_care(cast.ours, cast.members["deputy"], title="别人的")
    client = sign_in(cast["member"])
    for page in (client.get(LIST), client.get(reverse("worklog:detail", args=[entry.pk]))):
        words = page.content.decode()
        assert "卫青松 等 2 人" in words
        assert "郑明" not in words
    assert titles(client.get(LIST)) == ["送慰问品"]
    assert list(entries_about(cast.members["member"])) == [entry]


def test_a_member_cannot_find_out_other_names_by_searching(cast, sign_in) -> None:
    makers.make_care(cast.ours, cast.members["member"], cast.members["deputy"])
    client = sign_in(cast["member"])
    assert titles(client.get(LIST, {"who": "郑明"})) == []
    assert titles(client.get(LIST, {"who": "卫青松"})) == ["送慰问品"]
    assert titles(sign_in(cast["secretary"]).get(LIST, {"who": "郑明"})) == ["送慰问品"]


def test_the_list_is_narrowed_by_sort_year_name_and_word(cast, sign_in) -> None:
    makers.make_study(cast.ours, cast.members["member"], title="甲", held_on=date(2025, 3, 1))
    makers.make_study(cast.ours, cast.members["deputy"], title="乙", note="党校")
    makers.make_care(cast.ours, cast.members["member"], title="丙", held_on=date(2026, 10, 1))
    client = sign_in(cast["organizer"])
    assert titles(client.get(LIST)) == ["丙", "乙", "甲"]
    assert titles(client.get(LIST, {"sort": "study"})) == ["乙", "甲"]
    assert titles(client.get(LIST, {"year": "2025"})) == ["甲"]
    assert titles(client.get(LIST, {"who": "卫青松"})) == ["丙", "甲"]
    assert titles(client.get(LIST, {"who": "zhengming"})) == ["乙"]
    assert titles(client.get(LIST, {"q": "党校"})) == ["乙"]


def test_the_list_costs_the_same_for_one_and_for_three(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])

    def cost() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    makers.make_study(cast.ours, cast.members["member"])
    one = cost()
    makers.make_care(cast.ours, cast.members["deputy"], cast.members["member"])
    makers.make_entry(cast.ours, EntrySort.CONSULTATION, title="路灯")
    assert cost() == one
