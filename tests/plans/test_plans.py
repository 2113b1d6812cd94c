"""Annual plans: from a template in one go, written on one page, filed, adjusted, reported on."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.plans.models import AnnualPlan, PlanAdjustment, PlanItem
from apps.plans.queries import offers_for
from apps.rules.branch_year import EVERY_MONTH, bits
from apps.rules.kinds import BranchForm, MeetingKind, PlanState, Progress
from tests import factories
from tests.conftest import TODAY
from tests.plans.makers import make_goal, make_item, make_plan


def codes_offered(branch, *, year: int = 2027) -> set[str]:
    return {offer.line.code for offer in offers_for(branch, year=year, today=TODAY).lines}


def create_url(**query: object) -> str:
    return reverse("plans:create", query=query)


def rows_posted(*rows: dict[str, object], initial: int, **head: object) -> dict[str, object]:
    """The form of all lines as a browser sends it."""
    data = {"items-TOTAL_FORMS": len(rows), "items-INITIAL_FORMS": initial, **head}
    for number, row in enumerate(rows):
        data |= {f"items-{number}-{name}": value for name, value in row.items()}
    return data


def row(item: PlanItem, **changed: object) -> dict[str, object]:
    fields = {"pk": item.pk, "months": item.month_words, "title": item.title, "form": item.form}
    return fields | {"meeting_kind": item.meeting_kind, "owner": item.owner_id or "", **changed}


def test_a_plan_is_made_from_ticks_in_one_go(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    page = client.get(create_url(year=2027))
    key = page.context["form"]["idempotency_key"].value()
    data = {
        "lines": ["line:themed_day", "line:roster_check"],
        "guiding": "认真学习",
        "idempotency_key": key,
    }
    assert client.post(create_url(year=2027), data).status_code == 302
    assert client.post(create_url(year=2027), data).status_code == 302
    plan = AnnualPlan.objects.get()
    assert (plan.branch, plan.year, plan.state, plan.guiding) == (cast.ours, 2027, "draft", "认真学习")
    items = {item.code: item for item in plan.items.all()}
    assert set(items) == {"themed_day", "roster_check"}
    assert items["themed_day"].months == EVERY_MONTH
    assert items["themed_day"].owner == cast["publicity"]
    assert items["roster_check"].owner == cast["organization"]
    assert [deed.action for deed in Deed.objects.all()] == ["plan.created"]


def test_all_lines_are_ticked_beforehand(cast, sign_in) -> None:
    form = sign_in(cast["secretary"]).get(create_url()).context["form"]
    assert form["lines"].value() == [key for key, _ in form.fields["lines"].choices]


def test_from_november_the_plan_of_the_next_year_is_offered(cast, sign_in) -> None:
    page = sign_in(cast["secretary"]).get(create_url())
    assert "起草 2027 年度计划" in page.content.decode()


def test_the_year_has_one_plan(cast, sign_in) -> None:
    make_plan(cast.ours)
    data = {"lines": ["line:themed_day"], "idempotency_key": str(uuid.uuid4())}
    page = sign_in(cast["secretary"]).post(create_url(year=2026), data)
    assert page.status_code == 422
    assert "这个年度的计划已经有了" in page.content.decode()


def test_only_what_applies_to_the_branch_is_offered(cast) -> None:
    assert {"committee", "group"} <= codes_offered(cast.ours)
    assert "group" not in codes_offered(cast.sibling)
    small = factories.make_organization(parent=cast.committee, form=BranchForm.TEMPORARY)
    factories.make_term(small, with_committee=False)
    assert codes_offered(small).isdisjoint({"committee", "group", "dues"})


def test_a_vacant_post_leaves_the_line_to_the_secretary(cast) -> None:
    cast["publicity"].posts.update(ends_on=TODAY)
    owners = {o.line.code: o.owner for o in offers_for(cast.ours, year=2027, today=TODAY).lines}
    assert owners["themed_day"] == cast["secretary"]


def test_what_was_not_done_and_goals_that_are_due_are_carried_over_once(cast, sign_in) -> None:
    last = make_plan(cast.ours)
    undone = make_item(last, 9, title="修缮活动室", owner=cast["deputy"])
    make_item(last, title="做完的", state=Progress.DONE, done_on=date(2026, 5, 9))
    make_item(last, title="取消的", state=Progress.CANCELLED, state_reason="合并")
    make_item(last, title="每年都有的", code="summary")
    goal = make_goal(cast.ours, due_year=2027)
    make_goal(cast.ours, title="明年以后的", due_year=2028)
    offers = offers_for(cast.ours, year=2027, today=TODAY)
    assert (offers.unfinished, offers.goals) == ([undone], [goal])
    data = {
        "unfinished": [f"item:{undone.pk}"],
        "goals_due": [f"goal:{goal.pk}"],
        "idempotency_key": str(uuid.uuid4()),
    }
    client = sign_in(cast["secretary"])
    client.post(create_url(year=2027), data)
    plan = AnnualPlan.objects.get(year=2027)
    carried = plan.items.get(title="修缮活动室")
    assert (carried.carried_from, carried.owner) == (undone, cast["deputy"])
    assert plan.items.filter(title=goal.title).count() == 1
    again = offers_for(cast.ours, year=2027, today=TODAY, plan=plan)
    assert (again.unfinished, again.goals) == ([], [])
    page = client.get(reverse("workbench:plan_detail", args=[plan.pk]))
    assert "上年结转" in page.content.decode()


def test_more_lines_are_taken_over_into_a_draft(cast, sign_in) -> None:
    plan = make_plan(cast.ours, filed_on=None)
    make_item(plan, code="themed_day", title="主题党日")
    client, url = sign_in(cast["secretary"]), reverse("plans:take_over", args=[plan.pk])
    offered = [key for key, _ in client.get(url).context["form"].fields["lines"].choices]
    assert "line:themed_day" not in offered
    assert client.post(url, {"lines": ["line:summary", "line:half_year"]}).status_code == 302
    assert plan.items.count() == 3
    assert client.post(url, {}).status_code == 422


def test_lines_are_written_on_one_page(cast, sign_in) -> None:
    plan = make_plan(cast.ours, filed_on=None)
    kept, dropped = make_item(plan, title="参观"), make_item(plan, title="观影")
    client, url = sign_in(cast["secretary"]), reverse("plans:item_update", args=[plan.pk])
    assert client.get(url).status_code == 200
    new = {"months": "3、9", "title": "讲党课", "meeting_kind": "lecture", "owner": cast["member"].pk}
    rows = [row(kept, months="6", form="参观见学"), row(dropped, removed="on"), new, {}]
    answer = client.post(url, rows_posted(*rows, initial=2, version=1))
    assert answer.status_code == 302
    items = {item.title: item for item in plan.items.all()}
    assert set(items) == {"参观", "讲党课"}
    assert (items["参观"].months, items["参观"].form) == (bits(6), "参观见学")
    assert (items["讲党课"].months, items["讲党课"].owner) == (bits(3, 9), cast["member"])
    assert not PlanAdjustment.objects.exists()


def test_a_mistake_in_a_line_is_shown_there_and_the_words_stay(cast, sign_in) -> None:
    plan = make_plan(cast.ours, filed_on=None)
    url = reverse("plans:item_update", args=[plan.pk])
    rows = [{"months": "十三", "title": "我写的事项"}]
    page = sign_in(cast["secretary"]).post(url, rows_posted(*rows, initial=0, version=1))
    words = page.content.decode()
    assert page.status_code == 422
    assert "请写月份，如 5、3-6" in words
    assert "我写的事项" in words


def test_a_form_without_its_parts_is_answered_by_a_page(cast, sign_in) -> None:
    plan = make_plan(cast.ours, filed_on=None)
    url = reverse("plans:item_update", args=[plan.pk])
    assert sign_in(cast["secretary"]).post(url, {"version": 1}).status_code == 422


def test_an_item_of_another_plan_is_not_written(cast, sign_in) -> None:
    plan, other = make_plan(cast.ours, filed_on=None), make_plan(cast.sibling, filed_on=None)
    foreign = make_item(other)
    url = reverse("plans:item_update", args=[plan.pk])
    rows = [row(foreign, title="改了别人的")]
    page = sign_in(cast["secretary"]).post(url, rows_posted(*rows, initial=1, version=1))
    assert page.status_code == 422
    foreign.refresh_from_db()
    assert foreign.title == "红色教育基地参观"


def test_lines_changed_meanwhile_are_not_overwritten(cast, sign_in) -> None:
    plan = make_plan(cast.ours, filed_on=None, version=4)
    url = reverse("plans:item_update", args=[plan.pk])
    rows = [{"months": "3", "title": "我写的事项"}]
    page = sign_in(cast["secretary"]).post(url, rows_posted(*rows, initial=0, version=3))
    assert page.status_code == 422
    assert "刚刚被别人修改过" in page.content.decode()
    assert not plan.items.exists()


def test_a_plan_is_filed_once_it_has_items(cast, sign_in) -> None:
    plan = make_plan(cast.ours, filed_on=None)
    client, url = sign_in(cast["secretary"]), reverse("plans:file", args=[plan.pk])
    assert "计划里还没有事项" in client.post(url).content.decode()
    make_item(plan)
    assert client.post(url).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.filed_on) == (PlanState.FILED, TODAY)
    assert client.post(url).status_code == 403
    assert [deed.action for deed in Deed.objects.all()] == ["plan.filed"]


def test_a_filed_plan_is_changed_with_a_reason_that_is_kept(cast, sign_in) -> None:
    plan = make_plan(cast.ours)
    item = make_item(plan, 5)
    client, url = sign_in(cast["secretary"]), reverse("plans:item_update", args=[plan.pk])
    changed = rows_posted(row(item, months="6"), initial=1, version=1)
    assert client.post(url, changed).status_code == 422
    assert client.post(url, changed | {"reason": "防汛"}).status_code == 302
    kept = PlanAdjustment.objects.get()
    assert (kept.reason, kept.made_by) == ("防汛", cast["secretary"])
    assert kept.text == "红色教育基地参观：月份由“5月”改为“6月”"
    page = client.get(reverse("workbench:plan_detail", args=[plan.pk])).content.decode()
    assert "定稿后的调整" in page
    assert Deed.objects.get().action == "plan.adjusted"


def test_nothing_is_struck_from_a_filed_plan(cast, sign_in) -> None:
    plan = make_plan(cast.ours)
    item = make_item(plan)
    url = reverse("plans:item_update", args=[plan.pk])
    data = rows_posted(row(item, removed="on"), initial=1, version=1, reason="不要了")
    sign_in(cast["secretary"]).post(url, data)
    assert plan.items.count() == 1


def test_the_wording_of_a_filed_plan_wants_a_reason_too(cast, sign_in) -> None:
    plan = make_plan(cast.ours)
    client, url = sign_in(cast["secretary"]), reverse("plans:update", args=[plan.pk])
    data = {"guiding": "新的指导思想", "goals": "", "safeguards": "", "version": 1}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"reason": "上级要求"}).status_code == 302
    assert PlanAdjustment.objects.get().text == "修改指导思想"


def test_progress_is_noted_by_keepers_and_by_the_owner_of_the_item(cast, sign_in) -> None:
    item = make_item(make_plan(cast.ours), owner=cast["member"])
    url = reverse("plans:item_report", args=[item.pk])
    done = {"state": "done", "done_on": "2026-11-02", "note": "去了 20 人"}
    assert sign_in(cast["member"]).post(url, done).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.done_on, item.note) == (Progress.DONE, date(2026, 11, 2), "去了 20 人")
    assert sign_in(cast["discipline"]).post(url, done).status_code == 403
    sign_in(cast["deputy"]).post(url, {"state": "under_way"})
    item.refresh_from_db()
    assert (item.state, item.done_on) == (Progress.UNDER_WAY, None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"state": "postponed"}, "推迟或取消须写明原因"),
        ({"state": "cancelled"}, "推迟或取消须写明原因"),
        ({"state": "done", "done_on": "2026-11-21"}, "完成日期不能晚于今天"),
    ],
)
def test_progress_that_does_not_hold_is_refused_in_words(cast, sign_in, data, words: str) -> None:
    item = make_item(make_plan(cast.ours))
    page = sign_in(cast["secretary"]).post(reverse("plans:item_report", args=[item.pk]), data)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_draft_has_no_progress_yet(cast, sign_in) -> None:
    item = make_item(make_plan(cast.ours, filed_on=None))
    url = reverse("plans:item_report", args=[item.pk])
    assert sign_in(cast["secretary"]).post(url, {"state": "done"}).status_code == 403


def lines_on(page) -> dict[str, tuple[str, str]]:
    """What the page of a plan says of each item."""
    parts = page.context["page"].parts
    return {line.item.title: line.badge for _, lines in parts for line in lines}


def test_a_closed_sitting_meets_the_item_that_names_its_kind(cast, sign_in) -> None:
    plan, kind = make_plan(cast.ours), MeetingKind.THEMED_DAY
    make_item(plan, 5, title="开过的", meeting_kind=kind)
    make_item(plan, 6, title="没归档的", meeting_kind=kind)
    make_item(plan, 12, title="以后的", meeting_kind=kind)
    make_item(plan, 5, 12, title="开了一半的", meeting_kind=kind)
    make_item(plan, 5, title="另一种会", meeting_kind=MeetingKind.LECTURE)
    make_item(plan, 5, title="不是会议的")
    factories.make_meeting(cast.ours, kind, held_on=date(2026, 5, 20))
    factories.make_meeting(cast.ours, kind, held_on=date(2026, 6, 20), state="open")
    factories.make_meeting(cast.sibling, kind, held_on=date(2026, 6, 20))
    page = sign_in(cast["secretary"]).get(reverse("workbench:plan_detail", args=[plan.pk]))
    assert lines_on(page) == {
        "开过的": ("会议已开", "ok"),
        "没归档的": ("有的没有会议记录", "warn"),
        "以后的": ("未开始", "muted"),
        "开了一半的": ("进行中", "info"),
        "另一种会": ("有的没有会议记录", "warn"),
        "不是会议的": ("已过期限", "bad"),
    }
    assert (page.context["page"].done, page.context["page"].wanted) == (1, 6)


def test_a_quarterly_sitting_may_stand_anywhere_in_its_quarter(cast, sign_in) -> None:
    plan, kind = make_plan(cast.ours), MeetingKind.GENERAL
    make_item(plan, 3, 6, 9, 12, title="党员大会", meeting_kind=kind)
    for day in (date(2026, 1, 8), date(2026, 5, 8), date(2026, 10, 1)):
        factories.make_meeting(cast.ours, kind, held_on=day)
    page = sign_in(cast["secretary"]).get(reverse("workbench:plan_detail", args=[plan.pk]))
    ((_, (line,)),) = page.context["page"].parts
    words = ["一季度已开", "二季度已开", "三季度无记录", "四季度已开"]
    assert [mark.words for mark in line.marks] == words


def test_a_draft_is_read_by_the_committee_only(cast, sign_in) -> None:
    url = reverse("workbench:plan_detail", args=[make_plan(cast.ours, filed_on=None).pk])
    assert sign_in(cast["discipline"]).get(url).status_code == 200
    assert sign_in(cast["member"]).get(url).status_code == 404
    assert sign_in(cast["organizer"]).get(url).status_code == 404


def test_the_organizer_finds_the_branches_without_a_filed_plan(cast, sign_in) -> None:
    make_plan(cast.ours)
    make_plan(cast.sibling, filed_on=None)
    factories.make_organization(parent=cast.committee, name="没有计划的支部")
    client, url = sign_in(cast["organizer"]), reverse("plans:overview")

    def found(**query: object) -> list[str]:
        return [str(branch) for branch in client.get(url, query).context["rows"]]

    assert found() == ["机关二支部", "没有计划的支部"]
    assert found(state="filed") == ["机关一支部"]
    assert len(found(state="all")) == len(found(year=2025)) == 3
    words = client.get(url).content.decode()
    assert "起草中" in words
    assert "还没有计划" in words


def test_the_lists_and_the_plan_cost_the_same_for_one_and_for_three(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    plan = make_plan(cast.ours)
    make_item(plan, owner=cast["member"], meeting_kind="lecture")
    urls = [reverse("plans:list"), reverse("plans:print", args=[plan.pk])]
    urls += [reverse("workbench:plan_detail", args=[plan.pk]), reverse("plans:item_update", args=[plan.pk])]
    one = [cost(url) for url in urls]
    for year, owner in ((2025, cast["deputy"]), (2024, cast["discipline"])):
        old = make_plan(cast.ours, year=year)
        make_item(plan, owner=owner, carried_from=make_item(old), meeting_kind="group")
    assert [cost(url) for url in urls] == one


def test_on_paper_stands_what_an_annual_plan_is_made_of(cast, sign_in) -> None:
    plan = make_plan(cast.ours, guiding="以党建促业务", safeguards="每季度对照检查")
    make_item(plan, 5, form="参观见学", owner=cast["publicity"])
    words = sign_in(cast["member"]).get(reverse("plans:print", args=[plan.pk])).content.decode()
    for part in ("指导思想", "以党建促业务", "工作目标", "月度安排", "参观见学", "冯刚", "保障措施"):
        assert part in words
    assert "2026年1月20日" in words


def test_the_demo_has_a_plan_in_every_state(demo) -> None:
    assert set(AnnualPlan.objects.values_list("state", flat=True)) == set(PlanState)
    assert set(PlanItem.objects.values_list("state", flat=True)) == set(Progress)
    assert AnnualPlan.objects.filter(year=2026).count() == 11
    assert PlanItem.objects.filter(carried_from__isnull=False).exists()
    assert not AnnualPlan.objects.filter(filed_on__gt=TODAY).exists()
    assert not PlanItem.objects.filter(done_on__gt=TODAY).exists()
