"""Tasks: one's own, from above, with progress, closed with a result, opened again."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.rules.kinds import PostKind
from apps.tasks import services
from apps.tasks.models import Assignment, Task, TaskState
from apps.tasks.queries import people_of
from tests import factories
from tests.conftest import NOW, TODAY


def titles(page) -> list[str]:
    return [row.title for row in page.context["rows"]]


def test_the_secretary_enters_a_task_for_a_member(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    page = client.get(reverse("tasks:create"))
    key = page.context["form"]["idempotency_key"].value()
    data = {
        "title": "联系外出党员",
        "due_on": "2026-12-10",
        "owner": cast["member"].pk,
        "detail": "",
        "idempotency_key": key,
    }
    assert client.post(reverse("tasks:create"), data).status_code == 302
    assert client.post(reverse("tasks:create"), data).status_code == 302
    task = Task.objects.get()
    assert (task.organization, task.owner, task.due_on) == (cast.ours, cast["member"], date(2026, 12, 10))
    assert list(Deed.objects.values_list("action", flat=True)) == ["task.created"]


def test_a_person_of_another_branch_cannot_be_made_responsible(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    data = {
        "title": "x",
        "owner": cast.members["elsewhere_member"].person_id,
        "idempotency_key": uuid.uuid4(),
    }
    assert client.post(reverse("tasks:create"), data).status_code == 422
    assert not Task.objects.exists()


def test_assigning_to_all_gives_each_standing_branch_of_the_subtree_one_task(cast, sign_in) -> None:
    closed = factories.make_organization(parent=cast.committee, closed_on=date(2026, 1, 1))
    client = sign_in(cast["organizer"])
    data = {
        "title": "核对花名册",
        "due_on": "2026-12-31",
        "to_all": "on",
        "minutes": 30,
        "step": "send",
        "idempotency_key": str(uuid.uuid4()),
    }
    assert client.post(reverse("tasks:assign"), data).status_code == 302
    assert set(Task.objects.values_list("organization", flat=True)) == {cast.ours.pk, cast.sibling.pk}
    assert closed.pk not in set(Task.objects.values_list("organization", flat=True))
    assert Assignment.objects.get().tasks.count() == 2


def test_assigning_to_the_branches_of_one_body_below(cast, sign_in) -> None:
    general = factories.make_organization("general_branch", parent=cast.committee, name="机关党总支")
    inside = factories.make_organization(parent=general, name="财政所党支部")
    data = {
        "title": "核对花名册",
        "due_on": "2026-12-31",
        "under": general.pk,
        "minutes": 30,
        "step": "send",
        "idempotency_key": str(uuid.uuid4()),
    }
    assert sign_in(cast["organizer"]).post(reverse("tasks:assign"), data).status_code == 302
    assert [task.organization for task in Task.objects.all()] == [inside]


def test_assigning_to_nobody_is_refused_in_words(cast, sign_in) -> None:
    data = {"title": "核对花名册", "due_on": "2026-12-31", "idempotency_key": str(uuid.uuid4())}
    page = sign_in(cast["organizer"]).post(reverse("tasks:assign"), data)
    assert page.status_code == 422
    assert "请选择党支部，或勾选" in page.content.decode()


def test_what_came_from_above_is_not_rewritten_below(cast, sign_in) -> None:
    assignment = services.assign_tasks(
        organization=cast.committee,
        branches=[cast.ours],
        title="核对花名册",
        detail="",
        due_on=date(2026, 12, 31),
        actor=cast["organizer"],
        now=NOW,
        idempotency_key=uuid.uuid4(),
    )
    task = assignment.tasks.get()
    secretary = sign_in(cast["secretary"])
    assert secretary.get(reverse("tasks:update", args=[task.pk])).status_code == 403
    assert secretary.get(reverse("tasks:close", args=[task.pk])).status_code == 403
    assert secretary.get(reverse("tasks:report", args=[task.pk])).status_code == 200
    assert sign_in(cast["organizer"]).get(reverse("tasks:report", args=[task.pk])).status_code == 403


def test_a_task_is_closed_with_a_result_and_can_be_opened_again(cast, sign_in) -> None:
    task = factories.make_task(cast.ours)
    client = sign_in(cast["secretary"])
    answer = client.post(
        reverse("tasks:close", args=[task.pk]), {"result": "已报送。", "closed_on": "2026-11-20"}
    )
    assert answer.status_code == 302
    task.refresh_from_db()
    assert (task.state, task.closed_on, task.result) == (TaskState.DONE, TODAY, "已报送。")
    assert client.get(reverse("tasks:close", args=[task.pk])).status_code == 403
    client.post(reverse("tasks:reopen", args=[task.pk]), {"reason": "材料退回"})
    task.refresh_from_db()
    assert (task.state, task.closed_on) == (TaskState.OPEN, None)


def test_a_task_is_not_closed_on_a_day_to_come(cast, sign_in) -> None:
    task = factories.make_task(cast.ours)
    page = sign_in(cast["secretary"]).post(
        reverse("tasks:close", args=[task.pk]), {"result": "已报送。", "closed_on": "2026-11-21"}
    )
    assert page.status_code == 422
    assert "办结日期不能晚于今天" in page.content.decode()
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


def test_the_owner_reports_progress(cast, sign_in) -> None:
    task = factories.make_task(cast.ours, owner=cast["member"])
    client = sign_in(cast["member"])
    assert client.post(reverse("tasks:note_add", args=[task.pk]), {"text": "已联系三人"}).status_code == 302
    assert "已联系三人" in client.get(reverse("tasks:detail", args=[task.pk])).content.decode()


def test_a_stale_change_is_refused_and_the_typed_text_stays(cast, sign_in) -> None:
    task = factories.make_task(cast.ours, detail="原来的要求")
    services.update_task(
        task=task, version=1, title="新题目", detail="别人改的", owner=None, due_on=None, actor=cast["deputy"]
    )
    page = sign_in(cast["secretary"]).post(
        reverse("tasks:update", args=[task.pk]), {"title": "我的题目", "detail": "我写的", "version": 1}
    )
    words = page.content.decode()
    assert page.status_code == 422
    assert "刚刚被别人修改过" in words
    assert "我写的" in words
    task.refresh_from_db()
    assert task.detail == "别人改的"


def test_the_list_filters_by_state(cast, sign_in) -> None:
    factories.make_task(cast.ours, title="开着的")
    factories.make_task(cast.ours, title="逾期的", due_on=date(2026, 11, 1))
    factories.make_task(cast.ours, title="做完的", state=TaskState.DONE, closed_on=date(2026, 11, 2))
    client = sign_in(cast["secretary"])
    url = reverse("tasks:list")
    assert sorted(titles(client.get(url))) == sorted(["逾期的", "开着的"])
    assert titles(client.get(url, {"state": "late"})) == ["逾期的"]
    assert titles(client.get(url, {"state": "done"})) == ["做完的"]
    assert len(titles(client.get(url, {"state": "all"}))) == 3


def test_a_member_sees_only_own_tasks(cast, sign_in) -> None:
    factories.make_task(cast.ours, title="书记的")
    factories.make_task(cast.ours, title="我的", owner=cast["member"])
    assert titles(sign_in(cast["member"]).get(reverse("tasks:list"))) == ["我的"]


@pytest.mark.parametrize("raw", ["abc", "0", "-1", "９", "99999999999999999999"])
def test_a_nonsense_place_in_the_address_is_not_found(cast, sign_in, raw: str) -> None:
    client = sign_in(cast["secretary"])
    assert client.get(reverse("tasks:create"), {"organization": raw}).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])

    def cost() -> int:
        client.get(reverse("tasks:list"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("tasks:list"))
        return len(captured)

    factories.make_task(cast.ours, owner=cast["member"])
    one = cost()
    for _ in range(2):
        factories.make_task(cast.ours, owner=cast["deputy"])
    assert cost() == one


def test_the_same_key_assigns_once(cast) -> None:
    data = {
        "organization": cast.committee,
        "branches": [cast.ours],
        "title": "x",
        "detail": "",
        "due_on": TODAY,
        "actor": cast["organizer"],
        "now": NOW,
        "idempotency_key": uuid.uuid4(),
    }
    assert services.assign_tasks(**data) == services.assign_tasks(**data)
    assert Task.objects.count() == 1


def test_changing_a_task_keeps_the_owner_who_has_left(cast, sign_in) -> None:
    gone = factories.make_member(cast.ours, name="已调出", state="left").person
    task = factories.make_task(cast.ours, owner=gone)
    client, url = sign_in(cast["secretary"]), reverse("tasks:update", args=[task.pk])
    assert client.get(url).context["form"]["owner"].value() == gone.pk
    data = {"title": "报送总结", "due_on": "2026-12-02", "owner": gone.pk, "detail": "", "version": 1}
    assert client.post(url, data).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.owner) == ("报送总结", gone)


def test_only_those_in_office_are_responsible_at_a_committee(cast) -> None:
    former = factories.make_user("卸任组织员")
    factories.make_post(former, cast.committee, PostKind.ORGANIZER, ends_on=TODAY)
    assert list(people_of(cast.committee, today=TODAY)) == [cast["organizer"], cast["committee_secretary"]]
