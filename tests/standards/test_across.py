"""The overview of figures for those above: who needs help, in the order of the tree, never a ranking."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from apps.jobs.models import Job
from apps.rules.figures import FigureState
from apps.standards.models_figures import BranchFigure
from apps.standards.services_figures import LEAST, NEED, count_figures
from apps.standards.services_load import load_standards
from tests.conftest import TODAY, Cast

ACROSS, RECOUNT = reverse("standards:across"), reverse("standards:recount")


def kept(branch: Any, measure: str, *, state: str, words: str = "50%", year: int = 2026) -> BranchFigure:
    return BranchFigure.objects.create(
        branch=branch,
        path=branch.path,
        year=year,
        measure=measure,
        state=state,
        need=NEED.get(FigureState(state), LEAST),
        words=words,
        counted_on=date(2026, 11, 18),
    )


@pytest.fixture
def figures(cast: Cast) -> Cast:
    load_standards(today=date(2026, 1, 1))
    kept(cast.sibling, "participation", state="warn", words="12%")
    kept(cast.ours, "participation", state="warn", words="60%")
    kept(cast.ours, "study_breadth", state="unknown", words="无记录")
    kept(cast.sibling, "study_breadth", state="good", words="3 类")
    kept(cast.ours, "tasks_on_time", state="fair", words="90%")
    kept(cast.elsewhere, "participation", state="warn", words="1%")
    return cast


def rows(answer: HttpResponse) -> list[tuple[str, str, str]]:
    return [(str(row.branch), row.measure, row.state) for row in answer.context["rows"]]


def test_only_those_in_need_are_listed_by_need_and_then_by_the_tree(figures: Cast, sign_in) -> None:
    """12% stands after 60%: the place in the tree decides, never the value."""
    assert rows(sign_in(figures["organizer"]).get(ACROSS)) == [
        ("机关一支部", "participation", "warn"),
        ("机关二支部", "participation", "warn"),
        ("机关一支部", "study_breadth", "unknown"),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"measure": "study_breadth"}, [("机关一支部", "study_breadth", "unknown")]),
        ({"state": "good"}, [("机关二支部", "study_breadth", "good")]),
        ({"measure": "tasks_on_time", "state": "all"}, [("机关一支部", "tasks_on_time", "fair")]),
        ({"standard": "Z1.1"}, [("机关一支部", "study_breadth", "unknown")]),
    ],
)
def test_it_is_narrowed_by_standard_measure_and_state(
    asked: dict[str, str], found: list[tuple[str, str, str]], figures: Cast, sign_in
) -> None:
    assert rows(sign_in(figures["organizer"]).get(ACROSS, asked)) == found


def test_it_is_narrowed_by_place(figures: Cast, sign_in) -> None:
    client = sign_in(figures["organizer"])
    here = client.get(ACROSS, {"under": figures.sibling.pk})
    assert rows(here) == [("机关二支部", "participation", "warn")]
    nowhere = client.get(ACROSS, {"under": figures.elsewhere.pk})
    assert nowhere.context["filter_form"].errors


def test_a_choice_keeps_to_the_year(figures: Cast, sign_in) -> None:
    kept(figures.ours, "participation", state="warn", year=2025)
    client = sign_in(figures["organizer"])
    found = client.get(ACROSS, {"year": "2025", "measure": "participation"})
    assert rows(found) == [("机关一支部", "participation", "warn")]
    assert found.context["filter_form"].cleaned_data["year"] == "2025"
    assert "各支部评议数字（2025 年）" in found.content.decode()


def test_each_committee_sees_its_own_branches(figures: Cast, sign_in) -> None:
    said = sign_in(figures["committee_secretary"]).get(ACROSS, {"state": "all"})
    assert "白石镇机关党支部" not in said.content.decode()
    assert len(rows(said)) == 5
    assert sign_in(figures["secretary"]).get(ACROSS).status_code == 403


def test_the_day_up_to_which_it_was_counted_is_said(figures: Cast, sign_in) -> None:
    said = sign_in(figures["organizer"]).get(ACROSS).content.decode()
    assert "最早的数到2026年11月18日" in said
    assert "2026-11-18" in said


def test_counting_anew_is_a_post_and_runs_in_the_background(figures: Cast, sign_in) -> None:
    client = sign_in(figures["organizer"])
    assert client.get(RECOUNT).status_code == 200
    assert not Job.objects.exists()
    answer = client.post(RECOUNT, {"year": 2026})
    job = Job.objects.get()
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    assert (job.owner, job.title) == (figures["organizer"], "重新计算青川镇党委各支部 2026 年的评议数字")


def test_what_is_counted_again_replaces_what_was_kept(figures: Cast) -> None:
    for _ in range(2):
        count_figures(branches=[figures.ours, figures.sibling], year=2026, today=TODAY)
    own = BranchFigure.objects.filter(branch=figures.ours, year=2026)
    assert own.count() == 42
    assert set(own.values_list("counted_on", flat=True)) == {TODAY}
