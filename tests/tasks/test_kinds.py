"""Concerns and rectifications: short to enter, closed with what proves them, opened again with a reason."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.audit.models import Deed
from apps.rules.kinds import ConcernSource, NoteKind, PostKind, ProblemSource, TaskKind
from apps.tasks import services, services_kinds
from apps.tasks.models import Concern, Rectification, Task, TaskState
from tests import factories
from tests.conftest import NOW, TODAY


def create_url(kind: str) -> str:
    return f"{reverse('tasks:create')}?kind={kind}"


def typed_concern(**changes: object) -> dict[str, object]:
    typed = {
        "title": "楼道灯不亮",
        "raised_by": "public",
        "raised_on": "2026-11-18",
        "due_on": "2026-12-01",
        "owner": "",
        "detail": "",
        "idempotency_key": str(uuid.uuid4()),
    }
    return typed | changes


def typed_problem(**changes: object) -> dict[str, object]:
    typed = {
        "title": "会议记录不及时",
        "source": "self_check",
        "found_on": "2026-11-18",
        "measure": "每月底核对一次。",
        "due_on": "2026-12-01",
        "owner": "",
        "detail": "",
        "idempotency_key": str(uuid.uuid4()),
    }
    return typed | changes


def test_a_concern_is_entered_in_neutral_words_with_who_raised_it(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    page = client.get(create_url("concern"))
    assert "不写姓名，不引用谈话内容" in page.content.decode()
    assert page.context["form"]["raised_on"].value() == TODAY
    typed = typed_concern()
    assert client.post(create_url("concern"), typed).status_code == 302
    assert client.post(create_url("concern"), typed).status_code == 302
    task = Task.objects.get()
    assert (task.kind, task.due_on) == (TaskKind.CONCERN, date(2026, 12, 1))
    assert (task.concern.raised_by, task.concern.raised_on) == (ConcernSource.PUBLIC, date(2026, 11, 18))
    assert task.concern.told_on is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("raised_on", "2026-11-21", "日期不能晚于今天"),
        ("raised_on", "昨天", "输入一个有效的日期"),
        ("raised_by", "passer_by", "选择一个有效的选项"),
        ("due_on", "", "这个字段是必填项"),
    ],
)
def test_bad_input_is_told_at_the_field_and_what_was_typed_stays(
    cast, sign_in, field: str, value: str, words: str
) -> None:
    page = sign_in(cast["secretary"]).post(create_url("concern"), typed_concern(**{field: value}))
    text = page.content.decode()
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert words in text
    assert "楼道灯不亮" in text
    assert not Task.objects.exists()


@pytest.mark.parametrize("kind", ["", "assigned", "²", "<b>"])
def test_any_other_kind_in_the_address_is_a_task_of_ones_own(cast, sign_in, kind: str) -> None:
    page = sign_in(cast["secretary"]).get(create_url(kind))
    assert page.status_code == 200
    assert "raised_by" not in page.context["form"].fields


def test_a_document_is_entered_on_its_own_page(cast, sign_in) -> None:
    answer = sign_in(cast["secretary"]).get(create_url("directive"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("tasks:directive_create"))


def test_a_concern_is_closed_with_its_result_and_the_day_it_was_told(cast, sign_in) -> None:
    task = factories.make_concern(cast.ours, raised_on=date(2026, 11, 10))
    client, url = sign_in(cast["secretary"]), reverse("tasks:close", args=[task.pk])
    sent = {"result": "已换灯。", "closed_on": "2026-11-19", "told_on": ""}
    assert list(client.post(url, sent).context["form"].errors) == ["told_on"]
    early = client.post(url, sent | {"told_on": "2026-11-09"})
    assert "不能早于提出日期 2026-11-10" in early.content.decode()
    late = client.post(url, sent | {"told_on": "2026-11-21"})
    assert "反馈日期不能晚于今天" in late.content.decode()
    assert client.post(url, sent | {"told_on": "2026-11-20"}).status_code == 302
    task = Task.objects.get()
    assert (task.state, task.closed_on) == (TaskState.DONE, date(2026, 11, 19))
    assert task.concern.told_on == TODAY
    assert Deed.objects.latest("pk").action == "task.concern_closed"


def test_a_concern_opened_again_has_to_be_told_again(cast, sign_in) -> None:
    task = factories.make_concern(
        cast.ours, state=TaskState.DONE, closed_on=date(2026, 11, 19), told_on=date(2026, 11, 19)
    )
    sign_in(cast["secretary"]).post(reverse("tasks:reopen", args=[task.pk]), {"reason": "又不亮了"})
    task = Task.objects.get()
    assert (task.state, task.closed_on, task.concern.told_on) == (TaskState.OPEN, None, None)
    assert task.reopened_on == TODAY
    assert [(note.kind, note.text) for note in task.notes.all()] == [(NoteKind.REOPENED, "又不亮了")]


def test_a_problem_is_entered_with_source_measure_and_day(cast, sign_in) -> None:
    answer = sign_in(cast["secretary"]).post(create_url("rectification"), typed_problem())
    assert answer.url == reverse("tasks:rectification_list")
    detail = Rectification.objects.get()
    assert (detail.source, detail.found_on) == (ProblemSource.SELF_CHECK, date(2026, 11, 18))
    assert detail.is_self_found
    assert detail.task.kind == TaskKind.RECTIFICATION


@pytest.mark.parametrize("source", ["inspection", "patrol", "work_review", "complaint", "other"])
def test_what_others_pointed_out_is_not_self_found(cast, source: str) -> None:
    task = factories.make_rectification(cast.ours, source=source)
    assert not task.rectification.is_self_found


def test_the_owner_does_not_strike_off_his_own_problem(cast, sign_in) -> None:
    """He reports progress; a keeper of the branch looks and strikes it off on evidence."""
    task = factories.make_rectification(cast.ours, owner=cast["discipline"])
    owner, url = sign_in(cast["discipline"]), reverse("tasks:close", args=[task.pk])
    assert owner.get(url).status_code == 403
    assert "销号" not in owner.get(reverse("tasks:detail", args=[task.pk])).content.decode()
    assert (
        owner.post(reverse("tasks:note_add", args=[task.pk]), {"text": "已核对十月记录"}).status_code == 302
    )
    keeper = sign_in(cast["secretary"])
    sent = {"result": "已改好。", "closed_on": "2026-11-20", "evidence": ""}
    assert list(keeper.post(url, sent).context["form"].errors) == ["evidence"]
    assert keeper.post(url, sent | {"evidence": "查阅两个月的记录。"}).status_code == 302
    task = Task.objects.get()
    assert (task.state, task.rectification.evidence) == (TaskState.DONE, "查阅两个月的记录。")
    assert Deed.objects.latest("pk").action == "task.rectification_closed"
    assert "已销号" in keeper.get(reverse("tasks:detail", args=[task.pk])).content.decode()


def test_a_problem_is_not_struck_off_before_it_was_found(cast, sign_in) -> None:
    task = factories.make_rectification(cast.ours, found_on=date(2026, 11, 10))
    sent = {"result": "x", "evidence": "y", "closed_on": "2026-11-09"}
    page = sign_in(cast["secretary"]).post(reverse("tasks:close", args=[task.pk]), sent)
    assert "不能早于发现日期 2026-11-10" in page.content.decode()


def test_the_plain_service_does_not_close_what_needs_more_than_a_result(cast) -> None:
    told = {"result": "x", "closed_on": TODAY, "actor": cast["secretary"], "today": TODAY}
    for task in (factories.make_concern(cast.ours), factories.make_rectification(cast.ours)):
        with pytest.raises(services.OtherWay):
            services.close_task(task=task, **told)
    with pytest.raises(services.OtherWay):
        services_kinds.close_concern(task=factories.make_task(cast.ours), told_on=TODAY, **told)
    with pytest.raises(services.OtherWay):
        services_kinds.close_rectification(task=factories.make_task(cast.ours), evidence="y", **told)


def test_who_comes_second_to_the_same_problem_is_told_so(cast) -> None:
    task = factories.make_rectification(cast.ours)
    told = {"task": task, "result": "x", "evidence": "y", "closed_on": TODAY, "today": TODAY}
    services_kinds.close_rectification(**told, actor=cast["secretary"])
    with pytest.raises(services.NotOpen):
        services_kinds.close_rectification(**told, actor=cast["deputy"])
    assert Deed.objects.filter(action="task.rectification_closed").count() == 1


def test_changing_a_concern_keeps_all_its_columns_and_says_what_changed(cast, sign_in) -> None:
    task = factories.make_concern(cast.ours, raised_on=date(2026, 11, 10))
    client, url = sign_in(cast["secretary"]), reverse("tasks:update", args=[task.pk])
    form = client.get(url).context["form"]
    assert (form["raised_by"].value(), form["raised_on"].value()) == ("public", date(2026, 11, 10))
    typed = typed_concern(raised_by="member", version=1)
    assert client.post(url, typed).status_code == 302
    concern = Concern.objects.get()
    assert (concern.raised_by, concern.raised_on) == (ConcernSource.MEMBER, date(2026, 11, 18))
    deed = Deed.objects.get(action="task.concern_updated")
    assert [change["label"] for change in deed.changes] == ["提出人", "提出日期"]


def test_a_stale_change_of_a_problem_keeps_both_texts(cast, sign_in) -> None:
    task = factories.make_rectification(cast.ours)
    client, url = sign_in(cast["secretary"]), reverse("tasks:update", args=[task.pk])
    assert client.post(url, typed_problem(measure="我写的措施", version=1)).status_code == 302
    page = client.post(url, typed_problem(measure="另一个窗口写的", version=1))
    assert page.status_code == 422
    assert "另一个窗口写的" in page.content.decode()
    assert Rectification.objects.get().measure == "我写的措施"


@pytest.mark.django_db
def test_the_database_refuses_what_no_enum_knows(cast) -> None:
    concern = factories.make_concern(cast.ours).concern
    problem = factories.make_rectification(cast.ours).rectification
    for row, field in ((concern, "raised_by"), (problem, "source")):
        setattr(row, field, "nobody")
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_the_list_shows_one_kind_under_its_tab(cast, sign_in) -> None:
    factories.make_concern(cast.ours)
    factories.make_rectification(cast.ours)
    client = sign_in(cast["secretary"])
    page = client.get(reverse("tasks:list"), {"kind": "concern"})
    assert [row.title for row in page.context["rows"]] == ["三号楼楼道灯不亮"]
    assert [label for label, _, here in page.context["tabs"] if here] == ["诉求办理"]
    assert f'href="{create_url("concern")}"' in page.content.decode()


def test_an_organizer_sees_concerns_and_enters_them_for_his_committee_only(cast, sign_in) -> None:
    key = {"organization": cast.ours.pk, "kind": "concern"}
    assert sign_in(cast["organizer"]).get(reverse("tasks:create"), key).status_code == 200
    other = {"organization": cast.elsewhere.pk, "kind": "concern"}
    assert sign_in(cast["organizer"]).get(reverse("tasks:create"), other).status_code == 404


def test_a_youth_member_of_the_committee_enters_but_does_not_strike_off(cast, sign_in) -> None:
    person = factories.make_user("青年委员", username="youth")
    factories.make_post(person, cast.ours, PostKind.YOUTH)
    client = sign_in(person)
    assert client.post(create_url("rectification"), typed_problem()).status_code == 302
    assert client.get(reverse("tasks:close", args=[Task.objects.get().pk])).status_code == 403


def test_created_by_a_service_twice_with_one_key_is_one(cast) -> None:
    made = {
        "organization": cast.ours,
        "title": "x",
        "raised_by": "member",
        "raised_on": TODAY,
        "actor": cast["secretary"],
        "now": NOW,
        "idempotency_key": uuid.uuid4(),
    }
    assert services_kinds.create_concern(**made) == services_kinds.create_concern(**made)
    assert Concern.objects.count() == 1
