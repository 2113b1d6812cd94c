"""How many may be 优秀, where a grade needs a reason, and which parts of a round are missing."""

from datetime import date

import pytest

from apps.rules.kinds_evaluations import EvaluationStep, MemberGrade, RoundPart, StepState
from apps.rules.member_evaluation import (
    EvaluationFacts,
    Noted,
    RoundFacts,
    evaluation_steps,
    leading_grade,
    most_excellent,
    needs_reason,
    next_step,
    round_parts,
)

MET, BEFORE = date(2026, 12, 20), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("full_members", "percent", "most"),
    [
        (0, None, 0),
        (2, None, 0),
        (3, None, 1),
        (14, None, 4),
        (15, None, 5),
        (20, 30, 6),
        (9, 33, 2),
        (30, 33, 9),
    ],
)
def test_the_cap_is_a_third_rounded_down_and_a_setting_only_lowers_it(full_members, percent, most) -> None:
    assert most_excellent(full_members, percent=percent) == most


def test_no_setting_lifts_the_cap_above_a_third() -> None:
    assert all(most_excellent(n, percent=90) == n // 3 for n in range(60))


def test_a_tie_and_an_empty_ballot_have_no_leading_grade() -> None:
    assert leading_grade([3, 5, 0, 0]) == MemberGrade.QUALIFIED
    assert leading_grade([4, 4, 0, 0]) is None
    assert leading_grade([0, 0, 0, 0]) is None
    assert leading_grade([]) is None


def test_a_grade_needs_a_reason_where_it_is_not_the_ballots_and_always_where_it_is_low() -> None:
    asked = {
        (grade, leading)
        for grade in MemberGrade
        for leading in (None, MemberGrade.EXCELLENT, MemberGrade.BASIC)
        if not needs_reason(grade, leading=leading)
    }
    assert asked == {(MemberGrade.EXCELLENT, MemberGrade.EXCELLENT)}


def states(facts: RoundFacts) -> str:
    marks = {StepState.DONE: "+", StepState.MISSING: "-", StepState.NOT_ASKED: "o"}
    return "".join(marks[stand.state] for stand in round_parts(facts))


def test_an_empty_round_names_every_part_with_its_rule() -> None:
    parts = round_parts(RoundFacts(talks_asked=3, members=5))
    assert [stand.step for stand in parts] == list(RoundPart)
    assert {stand.state for stand in parts} == {StepState.MISSING}
    assert all(stand.missing and stand.why for stand in parts)
    assert all("第十七条" in stand.source or "年度通知" in stand.source for stand in parts)
    assert parts[5].missing == "会前学习还没有完成，组织生活会先不要开。"
    assert next_step(parts) == parts[0]


def test_a_complete_round_misses_nothing() -> None:
    facts = RoundFacts(
        studied_on=(BEFORE,),
        talks_asked=3,
        talks_done=3,
        opinions=2,
        problems=2,
        with_measure=2,
        with_task=2,
        tasks_done=1,
        members=5,
        handed_in=5,
        met_on=(MET,),
    )
    assert states(facts) == "++++++++"
    assert next_step(round_parts(facts)) is None


def test_study_after_the_meeting_does_not_count() -> None:
    late = RoundFacts(studied_on=(date(2026, 12, 21),), met_on=(MET,))
    assert round_parts(late)[0].missing == "开会以前没有学习记录。"
    same_day = RoundFacts(studied_on=(MET,), met_on=(MET,))
    assert round_parts(same_day)[0].state == StepState.DONE


def test_a_part_done_on_paper_is_there_and_one_that_is_not_asked_for_says_why() -> None:
    notes = {
        RoundPart.STUDY: Noted(done_on=BEFORE, text="见学习记录本"),
        RoundPart.OPINIONS: Noted(done_on=None, text="镇党委通知由镇里统一征求"),
    }
    study, _, opinions, *_, meeting, _, _ = round_parts(RoundFacts(notes=notes))
    assert (study.state, study.found) == (StepState.DONE, "2026年12月1日在纸上完成：见学习记录本")
    assert (opinions.state, opinions.found) == (StepState.NOT_ASKED, "不要求：镇党委通知由镇里统一征求")
    assert meeting.missing == "还没有归档的组织生活会记录。"


def test_nobody_can_say_that_study_or_the_meeting_is_not_asked_for() -> None:
    notes = {part: Noted(done_on=None, text="不开") for part in RoundPart}
    assert states(RoundFacts(notes=notes)) == "-oooo-oo"


def test_the_steps_of_the_evaluation_in_their_order() -> None:
    steps = evaluation_steps(
        EvaluationFacts(members=4, self_written=3, spoken_of=4, has_poll=True, graded=3, decided=1)
    )
    assert [stand.step for stand in steps] == list(EvaluationStep)
    assert [stand.missing for stand in steps] == [
        "还有 1 人没有写自评。",
        "",
        "测评还没有出结果。",
        "还有 2 人没有定等次。",
        "还有 1 人没有告知。",
    ]
    done = EvaluationFacts(members=4, self_written=4, sat=True, counted=True, graded=3, decided=3, told=3)
    assert {stand.state for stand in evaluation_steps(done)} == {StepState.DONE}


def test_an_objection_without_an_answer_keeps_the_last_step_open() -> None:
    ungraded = evaluation_steps(EvaluationFacts(members=2, self_written=1))
    assert [step.state for step in ungraded] == [StepState.MISSING] * 2 + [StepState.NOT_ASKED] * 3
    assert ungraded[-1].found == "名单上没有要定等次的党员"
    told = evaluation_steps(EvaluationFacts(members=1, graded=1, decided=1, told=1, unanswered=1))[-1]
    assert told.missing == "1 人的不同意见待答复。"
