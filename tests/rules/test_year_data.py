"""The data page of the yearly report: what was done, counted, without any judgement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from apps.rules.facts_records import StudyFacts, TaskFacts
from apps.rules.year_data import data_lines, talks_held
from tests.rules.years import (
    GENERAL,
    LECTURE,
    MID,
    assembly,
    committee,
    day,
    meeting,
    no_committee,
    roll,
    talk,
    year,
)


def lines(**fields: Any) -> dict[str, str]:
    return dict(data_lines(year(**fields), talks="3 次"))


def test_a_year_without_records_says_so() -> None:
    assert lines() == {
        "党员": "8 名",
        "党员大会": "0 次",
        "支委会": "0 次",
        "党课": "0 次",
        "主题党日": "0 次",
        "平均出席率": "还没有出席记录",
        "谈心谈话": "3 次",
        "党员学习": "还没有学时记录",
        "任务": "没有到期的",
        "党员群众诉求": "没有到期的",
        "问题整改": "没有到期的",
    }
    assert "支委会" not in lines(org=no_committee())


def test_closed_sittings_of_the_year_are_counted_by_what_they_were_for() -> None:
    both = meeting(day(3), GENERAL, LECTURE, roll=roll((1, 2, 3), away=(4,), exempt=(5,)))
    found = lines(meetings=[both, committee(month=4), assembly(month=5, closed=False)], as_of=MID)
    assert (found["党员大会"], found["支委会"], found["党课"]) == ("1 次", "1 次", "1 次")
    assert found["平均出席率"] == "85%（应到 7 人次，实到 6 人次）"


def test_tasks_count_once_they_are_due() -> None:
    found = lines(
        tasks=[
            TaskFacts(id=1, due_on=day(3), closed_on=day(2)),
            TaskFacts(id=2, due_on=day(3), closed_on=day(4)),
            TaskFacts(id=3, due_on=day(3)),
            TaskFacts(id=4, due_on=day(3), cancelled=True),
            TaskFacts(id=5, due_on=day(9)),
            TaskFacts(id=6, due_on=date(2025, 3, 1)),
        ],
        as_of=MID,
    )
    assert found["任务"] == "到期 3 件，已办结 2 件，按期 1 件"


def test_hours_and_talks_are_those_of_the_year() -> None:
    hours = [
        StudyFacts(id=1, member_id=1, studied_on=day(3), hours=Decimal("4.5")),
        StudyFacts(id=2, member_id=2, studied_on=date(2025, 12, 30), hours=Decimal(8)),
    ]
    assert lines(study=hours)["党员学习"] == "共 4.5 学时，人均 0.6 学时"
    assert talks_held(year(talks=[talk(day(3), 1, 2), talk(date(2025, 12, 30), 1)])) == 1
