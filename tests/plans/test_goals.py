"""Goals of the term and the feature project."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.branches.models import Term
from apps.plans.models import FeatureProgress, FeatureProject, TermGoal
from apps.rules.kinds import Progress
from tests.conftest import TODAY
from tests.plans.makers import make_goal, make_project


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid.uuid4())}


def test_a_goal_belongs_to_the_term_in_office_and_is_entered_once(cast, sign_in) -> None:
    client, data = sign_in(cast["secretary"]), {"title": "建成活动室", "due_year": "2027"} | key()
    for _ in range(2):
        assert client.post(reverse("plans:goal_create"), data).status_code == 302
    goal = TermGoal.objects.get()
    assert (goal.term, goal.due_year, goal.state) == (cast.ours.terms.get(), 2027, Progress.NOT_STARTED)
    assert [deed.action for deed in Deed.objects.all()] == ["goal.created"]


def test_without_a_term_there_is_no_goal_of_one(cast, sign_in) -> None:
    Term.objects.filter(organization=cast.ours).delete()
    data = {"title": "建成活动室", "due_year": "2027"} | key()
    page = sign_in(cast["secretary"]).post(reverse("plans:goal_create"), data)
    assert page.status_code == 422
    assert "还没有登记本届任期" in page.content.decode()


def test_progress_is_kept_line_by_line(cast, sign_in) -> None:
    goal = make_goal(cast.ours)
    client, url = sign_in(cast["secretary"]), reverse("plans:goal_report", args=[goal.pk])
    assert client.post(url, {"state": "under_way", "note": "已选址"}).status_code == 302
    assert client.post(url, {"state": "done"}).status_code == 302
    goal.refresh_from_db()
    assert (goal.state, goal.done_on) == (Progress.DONE, TODAY)
    notes = list(goal.notes.order_by("pk").values_list("state", "text"))
    assert notes == [("under_way", "已选址"), ("done", "")]
    page = sign_in(cast["member"]).get(reverse("plans:goals")).content.decode()
    assert "已选址" in page
    assert "记进展" not in page


def test_a_goal_changed_meanwhile_is_not_overwritten(cast, sign_in) -> None:
    goal = make_goal(cast.ours, version=3)
    url = reverse("plans:goal_update", args=[goal.pk])
    data = {"title": "我写的目标", "due_year": "2027", "version": 2}
    page = sign_in(cast["secretary"]).post(url, data)
    assert page.status_code == 422
    assert "我写的目标" in page.content.decode()


def test_a_branch_has_one_feature_project_at_a_time(cast, sign_in) -> None:
    client, url = sign_in(cast["secretary"]), reverse("plans:project_create")
    first = {"title": "党员帮办", "why": "方便群众", "starts_on": "2026-02-01"} | key()
    assert client.post(url, first).status_code == 302
    second = {"title": "红色讲堂", "why": "讲好故事", "starts_on": "2026-03-01"} | key()
    page = client.post(url, second)
    assert page.status_code == 422
    assert "已有一个进行中的特色项目" in page.content.decode()
    project = FeatureProject.objects.get()
    end = reverse("plans:project_end", args=[project.pk])
    assert client.post(end, {"ends_on": "2026-02-01"}).status_code == 422
    assert client.post(end, {"ends_on": "2026-11-01"}).status_code == 302
    assert client.post(end, {"ends_on": "2026-11-01"}).status_code == 403
    assert client.post(url, second).status_code == 302


def test_progress_is_written_for_quarters_that_have_begun(cast, sign_in) -> None:
    project = make_project(cast.ours, starts_on=date(2026, 5, 10))
    client, url = sign_in(cast["secretary"]), reverse("plans:progress_add", args=[project.pk])
    offered = [value for value, _ in client.get(url).context["form"].fields["quarter"].choices]
    assert offered == ["2026-4", "2026-3", "2026-2"]
    data = {"quarter": "2026-3", "text": "帮办 12 件"} | key()
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    row = FeatureProgress.objects.get()
    assert (row.year, row.quarter, row.written_on) == (2026, 3, TODAY)
    page = client.get(reverse("plans:goals"))
    assert page.context["projects"][0].quarters == [
        ("2026 年第四季度", []),
        ("2026 年第三季度", ["帮办 12 件"]),
        ("2026 年第二季度", []),
    ]


@pytest.mark.parametrize("quarter", ["2026-1", "2027-1", "2026-5", "x", "", "²-1"])
def test_no_other_quarter_is_taken(cast, sign_in, quarter: str) -> None:
    project = make_project(cast.ours, starts_on=date(2026, 5, 10))
    url = reverse("plans:progress_add", args=[project.pk])
    data = {"quarter": quarter, "text": "帮办"} | key()
    assert sign_in(cast["secretary"]).post(url, data).status_code == 422


def test_the_page_costs_the_same_for_one_and_for_three(cast, sign_in) -> None:
    client, url = sign_in(cast["secretary"]), reverse("plans:goals")

    def add(number: int) -> None:
        goal = make_goal(cast.ours, title=f"目标{number}")
        client.post(reverse("plans:goal_report", args=[goal.pk]), {"state": "under_way", "note": "好"})
        make_project(cast.ours, starts_on=date(2020 + number, 1, 1), ends_on=date(2020 + number, 6, 1))

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    add(1)
    one = cost()
    add(2)
    add(3)
    assert cost() == one
