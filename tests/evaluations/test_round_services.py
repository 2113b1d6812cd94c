"""A round from beginning to end, and what its services refuse."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import Deed
from apps.ballots.services import NobodyToGrade, destroy_poll
from apps.branches.models import Post
from apps.evaluations import services_round as services
from apps.evaluations import services_round_grades as grades
from apps.evaluations import services_round_lists as lists
from apps.evaluations import services_round_own as own
from apps.evaluations.models import FrozenStep, MemberEvaluation, PeerOpinion, Round
from apps.evaluations.policies_round import can_speak
from apps.evaluations.queries_roll import ballot_of, on_roll, people_in, waiting_in, waiting_words
from apps.evaluations.queries_round import branch_rows, reported_from_last_year, stand_of, year_to_prepare
from apps.members.models import Member
from apps.rules.kinds import MeetingKind, MembershipState, MemberStatus
from apps.rules.kinds_evaluations import EvaluationStep, MemberGrade, RoundPart, RoundState, Ungraded
from apps.tasks.models import Task
from apps.ui.refusals import Stale
from tests import factories
from tests.conftest import NOW, TODAY
from tests.evaluations import makers_round as makers

EXCELLENT, QUALIFIED, BASIC = MemberGrade.EXCELLENT, MemberGrade.QUALIFIED, MemberGrade.BASIC


@pytest.fixture
def row(cast) -> Round:
    """Seven full members and one on probation are on the roll: two may be 优秀."""
    factories.make_member(cast.ours, name="丁预备", status=MemberStatus.PROBATIONARY, full_since=None)
    return makers.make_round(cast.ours, actor=cast["secretary"])


def decide(row: Round, *given: tuple[MemberEvaluation, str, str], **fields) -> int:
    decisions = [
        grades.Decision(pk=one.pk, version=one.version, grade=grade, reason=reason)
        for one, grade, reason in given
    ]
    told = {"decided_on": TODAY, "today": TODAY, "actor": factories.make_user()}
    return grades.decide_grades(row=row, decisions=decisions, **told | fields)


def missing(row: Round) -> list[str]:
    return stand_of(row, today=TODAY).missing


def test_the_roll_holds_all_active_members_and_those_on_probation_get_no_grade(cast, row) -> None:
    assert len(on_roll(row)) == 8
    assert [one.member.person.name for one in on_roll(row) if one.ungraded] == ["丁预备"]
    late = factories.make_member(cast.ours, name="新来的")
    gone = cast.members["member"]
    gone.state = MembershipState.LEFT
    gone.save()
    assert services.refresh_roll(row=row, actor=cast["secretary"]) == 1
    assert services.refresh_roll(row=row, actor=cast["secretary"]) == 0
    assert makers.evaluation_of(row, late).ungraded == ""
    assert stand_of(row, today=TODAY).cap == 7 // 3


def test_nothing_is_missing_for_whoever_died_left_or_moved_since(cast, row) -> None:
    everybody = on_roll(row)
    makers.make_peer(row, author=everybody[0].member, member=everybody[1].member)
    kept, *gone = everybody[1:5]
    for one in everybody[:1] + everybody[5:]:
        makers.make_self(one)
        makers.make_own_problem(one)
    for one, fields in zip(
        gone, ({"state": "died"}, {"state": "left"}, {"branch": cast.sibling}), strict=True
    ):
        Member.objects.filter(pk=one.member_id).update(**fields)
    stand = stand_of(row, today=TODAY)
    found = {one.step: one.found for one in (*stand.parts, *stand.steps)}
    assert found[RoundPart.OWN_PROBLEMS] == "4 / 5 人已列"
    assert found[EvaluationStep.SELF] == "4 / 5 人已写"
    assert found[EvaluationStep.PEER] == "登记了对 1 / 5 人的意见"
    asked = {one.pk: bool(waiting_in(one.member.person_id)) for one in (kept, *gone)}
    assert list(asked.values()) == [True, False, False, False]
    assert [waiting_words(one) for one in MemberEvaluation.objects.filter(pk=gone[0].pk)] == [""]
    assert not {one.member_id for one in gone} & {one.pk for one in people_in(row)}
    Post.objects.filter(person__in=[one.member.person_id for one in gone]).delete()
    assert [can_speak(one.member.person, row) for one in (kept, *gone)] == [True, False, False, False]


def test_a_round_is_there_once_a_year_and_its_days_follow_each_other(cast, row) -> None:
    with pytest.raises(ValidationError, match="已经登记"):
        makers.make_round(cast.ours)
    key = uuid.uuid4()
    first = makers.make_round(cast.sibling, idempotency_key=key)
    assert makers.make_round(cast.sibling, idempotency_key=key) == first
    for days in (
        {"starts_on": date(2027, 4, 1)},
        {"self_by": date(2026, 11, 1)},
        {"meeting_by": date(2026, 12, 1)},
        {"meeting_by": date(2027, 4, 1)},
    ):
        with pytest.raises(services.BadDays):
            services.update_round(row=row, version=1, actor=cast["secretary"], **days)
    with pytest.raises(ValidationError, match="三分之一"):
        services.update_round(row=row, version=1, actor=cast["secretary"], cap_percent=34)
    services.update_round(row=row, version=1, actor=cast["secretary"], cap_percent=20)
    assert stand_of(Round.objects.get(pk=row.pk), today=TODAY).cap == 1
    with pytest.raises(Stale):
        services.update_round(row=row, version=1, actor=cast["secretary"], theme="晚了")


def test_until_the_end_of_march_the_round_of_the_year_before_is_prepared() -> None:
    assert [year_to_prepare(date(2027, month, day)) for month, day in ((3, 31), (4, 1), (12, 1))] == [
        2026,
        2027,
        2027,
    ]


def test_study_that_is_on_file_is_chosen_and_the_meeting_is_found_by_its_year(cast, row) -> None:
    study = factories.make_meeting(cast.ours, held_on=date(2026, 11, 5))
    foreign = factories.make_meeting(cast.sibling, held_on=date(2026, 11, 5))
    chosen = {"meetings": [study.pk, foreign.pk], "actor": cast["secretary"], "today": TODAY}
    services.choose_studies(row=row, **chosen)
    assert missing(row)[:2] == ["谈心谈话", "征求意见"]
    kinds = (MeetingKind.ORG_LIFE_MEETING, MeetingKind.MEMBER_EVALUATION)
    factories.make_meeting(cast.ours, *kinds, held_on=date(2026, 1, 20), for_year=2025)
    assert "召开组织生活会" in missing(row)
    factories.make_meeting(cast.ours, *kinds, held_on=date(2026, 11, 18), for_year=2026)
    assert {"召开组织生活会", "会前学习", "党员互评"}.isdisjoint(missing(row))


def test_a_part_is_noted_from_paper_or_as_not_asked_for(cast, row) -> None:
    told = {"row": row, "actor": cast["secretary"], "today": TODAY}
    with pytest.raises(services.AlwaysAsked):
        services.note_part(part=RoundPart.STUDY, text="不学", **told)
    with pytest.raises(services.NotYet):
        services.note_part(part=RoundPart.STUDY, text="学了", done_on=date(2026, 11, 21), **told)
    services.note_part(part=RoundPart.OPINIONS, text="通知不要求", **told)
    services.note_part(part=RoundPart.STUDY, text="记录本", done_on=TODAY, **told)
    assert {"会前学习", "征求意见"}.isdisjoint(missing(row))
    services.remove_note(row=row, part=RoundPart.OPINIONS, actor=cast["secretary"])
    assert "征求意见" in missing(row)


def test_problems_become_rectification_tasks_once_and_next_year_they_are_reported(cast, row) -> None:
    ready = {"measure": "每周学一次", "owner": cast["deputy"], "due_on": date(2027, 2, 1)}
    makers.make_problem(row, **ready)
    waiting = makers.make_problem(row, text="走访少")
    with pytest.raises(lists.NotOfThisBranch):
        makers.make_problem(row, owner=cast["organizer"])
    told = {"row": row, "actor": cast["secretary"], "now": NOW}
    assert lists.make_rectifications(**told) == 1
    with pytest.raises(lists.NothingReady):
        lists.make_rectifications(**told)
    task = Task.objects.get(title="学习不够经常")
    assert (task.owner, task.rectification.source, task.rectification.measure) == (
        cast["deputy"],
        "org_life_meeting",
        "每周学一次",
    )
    lists.update_problem(problem=waiting, version=1, actor=cast["secretary"], today=TODAY, **ready)
    assert lists.make_rectifications(**told) == 1
    with pytest.raises(lists.AlreadyTask):
        lists.remove_problem(problem=waiting, actor=cast["secretary"])
    days = {"starts_on": date(2027, 12, 1), "self_by": date(2027, 12, 9), "meeting_by": date(2028, 3, 1)}
    after = makers.make_round(cast.ours, year=2027, **days)
    assert [found.title for found in reported_from_last_year(after)] == ["学习不够经常", "走访少"]


def test_what_members_write_stands_sealed_and_no_deed_tells_it(cast, row) -> None:
    one = makers.evaluation_of(row, cast.members["member"])
    makers.make_self(one, self_text="枫叶自评", self_grade=QUALIFIED)
    makers.make_own_problem(one, text="枫叶问题")
    said = makers.make_peer(row, author=cast.members["deputy"], member=one.member, text="枫叶意见")
    assert said.evaluation_id == one.pk
    with connection.cursor() as cursor:
        tables = ("memberevaluation", "ownproblem", "peeropinion")
        for table in tables:
            cursor.execute(f"SELECT * FROM evaluations_{table}")  # noqa: S608 - names of our own tables
            assert "枫叶" not in repr(cursor.fetchall())
    assert "枫叶" not in repr(list(Deed.objects.values()))
    for author, member in ((one.member, one.member), (cast.members["sibling_member"], one.member)):
        with pytest.raises((own.AboutOneself, own.NotOnRoll)):
            makers.make_peer(row, author=author, member=member)


def test_the_committee_decides_and_nothing_is_set_by_itself(cast, row) -> None:
    people = cast.members
    member, deputy, chief = (makers.evaluation_of(row, people[n]) for n in ("member", "deputy", "secretary"))
    votes = {
        people["member"]: [7, 0, 0, 0],
        people["deputy"]: [1, 6, 0, 0],
        people["secretary"]: [3, 3, 1, 0],
    }
    makers.make_counted_poll(row, votes)
    assert {one.grade for one in on_roll(row)} == {""}
    with pytest.raises(grades.ReasonMissing):
        decide(row, (deputy, EXCELLENT, ""))
    with pytest.raises(grades.ReasonMissing):
        decide(row, (chief, QUALIFIED, ""))
    with pytest.raises(grades.ReasonMissing):
        decide(row, (member, BASIC, ""))
    assert decide(row, (member, EXCELLENT, ""), (deputy, QUALIFIED, "")) == 2
    assert stand_of(row, today=TODAY).excellent == 1
    with pytest.raises(Stale):
        decide(row, (member, QUALIFIED, "票数之外还看平时"))
    probationer = next(one for one in on_roll(row) if one.ungraded)
    with pytest.raises(grades.NoGrade):
        decide(row, (probationer, QUALIFIED, "他表现好"))
    with pytest.raises(services.NotYet):
        decide(row, (chief, QUALIFIED, "并列"), decided_on=date(2026, 11, 21))


def test_over_the_cap_nothing_is_saved(cast, row) -> None:
    chosen = [one for one in on_roll(row) if not one.ungraded][:3]
    with pytest.raises(grades.OverCap, match="优秀最多 2 人，现在选了 3 人，请减少 1 人。"):
        decide(row, *[(one, EXCELLENT, "群众公认") for one in chosen])
    assert {one.grade for one in on_roll(row)} == {""}
    assert decide(row, *[(one, EXCELLENT, "群众公认") for one in chosen[:2]]) == 2
    kept = MemberEvaluation.objects.get(pk=chosen[0].pk)
    assert decide(row, (kept, "", "")) == 1
    kept.refresh_from_db()
    assert (kept.grade, kept.decided_on) == ("", None)


def test_a_cap_that_sank_adds_nobody_and_is_not_set_below_what_was_given(cast, row) -> None:
    one, two, three, *rest = [one for one in on_roll(row) if not one.ungraded]
    decide(row, (one, EXCELLENT, "公认"), (two, EXCELLENT, "公认"))
    given = {"row": row, "version": row.version, "actor": cast["secretary"]}
    with pytest.raises(services.GradesGiven, match="按这个比例优秀最多 1 人，已经评了 2 人"):
        services.update_round(cap_percent=20, **given)
    with pytest.raises(services.GradesGiven, match="已经给 2 人定了等次"):
        services.update_round(with_grades=False, **given)
    Member.objects.filter(pk__in=[other.member_id for other in rest[:2]]).update(state=MembershipState.LEFT)
    assert stand_of(row, today=TODAY).cap == 1
    assert decide(row, (three, QUALIFIED, "够格")) == 1
    three.refresh_from_db()
    with pytest.raises(grades.OverCap, match="优秀最多 1 人"):
        decide(row, (three, EXCELLENT, "公认"))


def test_too_few_ballots_hide_the_votes(cast, row) -> None:
    member = cast.members["member"]
    poll = makers.make_counted_poll(row, {member: [2, 1, 0, 0]}, valid=4)
    ballot = ballot_of(poll)
    assert (ballot.words(member.pk), ballot.leading(member.pk)) == ("票数太少，不显示", None)


def test_told_objected_answered_and_decided_anew(cast, row) -> None:
    one = makers.evaluation_of(row, cast.members["member"])
    told = {"told_on": TODAY, "actor": cast["secretary"], "today": TODAY}
    with pytest.raises(grades.NobodyToTell):
        grades.tell_grades(row=row, people=[one.pk], **told)
    with pytest.raises(own.NotTold):
        own.confirm_grade(evaluation=one, actor=cast["member"], today=TODAY)
    decide(row, (one, BASIC, "缺席多"))
    grades.tell_grades(row=row, people=[one.pk], **told)
    with pytest.raises(own.AlreadyDecided):
        makers.make_self(MemberEvaluation.objects.get(pk=one.pk))
    own.object_to_grade(evaluation=one, objection="因病请假", actor=cast["member"], today=TODAY)
    assert "告知本人" in missing(row)
    answered = {"answer": "采纳", "answered_on": TODAY, "actor": cast["secretary"], "today": TODAY}
    own.answer_objection(evaluation=one, **answered)
    one.refresh_from_db()
    decide(row, (one, QUALIFIED, "请假属实"))
    one.refresh_from_db()
    assert (one.grade, one.told_on, one.objection, one.answer) == (QUALIFIED, None, "因病请假", "采纳")
    grades.tell_grades(row=row, people=[one.pk], **told)
    assert [waiting_words(other)[:5] for other in waiting_in(cast["member"].pk)] == ["评定意见已"]
    own.object_to_grade(evaluation=one, objection="还是低了", actor=cast["member"], today=TODAY)
    one.refresh_from_db()
    said = "因病请假\n（2026年11月20日支部答复：采纳）\n重新评定以后再次提出：\n还是低了"
    assert (one.objection, one.answer, one.is_disputed) == (said, "", True)
    with pytest.raises(own.NotTold, match="已经提出"):
        own.object_to_grade(evaluation=one, objection="三次", actor=cast["member"], today=TODAY)
    own.confirm_grade(evaluation=one, actor=cast["member"], today=TODAY)
    with pytest.raises(own.NotTold):
        own.object_to_grade(evaluation=one, objection="晚了", actor=cast["member"], today=TODAY)


def test_a_round_is_closed_when_all_are_told_and_then_only_an_objection_is_decided_anew(cast, row) -> None:
    one, other = (makers.evaluation_of(row, cast.members[name]) for name in ("member", "deputy"))
    decide(row, (one, BASIC, "缺席多"), (other, QUALIFIED, "够格"))
    close = {"reason": "上级推迟", "version": row.version, "actor": cast["secretary"], "today": TODAY}
    with pytest.raises(services.Untold, match="还有 2 人的评定意见没有告知本人"):
        services.close_round(row=row, **close)
    told = {"row": row, "told_on": TODAY, "actor": cast["secretary"], "today": TODAY}
    grades.tell_grades(people=[one.pk, other.pk], **told)
    services.close_round(row=row, **close)
    own.object_to_grade(evaluation=one, objection="因病请假", actor=cast["member"], today=TODAY)
    one.refresh_from_db()
    other.refresh_from_db()
    with pytest.raises(services.Closed, match="只能重新评定"):
        decide(row, (other, BASIC, "再想想"))
    assert decide(row, (one, QUALIFIED, "请假属实")) == 1
    assert grades.tell_grades(people=[one.pk], **told) == 1
    with pytest.raises(services.NotYet, match="不能早于开始准备的日期"):
        decide(makers.make_round(cast.sibling), decided_on=date(2026, 11, 1))


def test_somebody_evaluated_elsewhere_is_marked_and_a_probationer_stays(cast, row) -> None:
    one = makers.evaluation_of(row, cast.members["member"])
    grades.set_ungraded(evaluation=one, version=1, ungraded=Ungraded.ELSEWHERE, actor=cast["secretary"])
    one.refresh_from_db()
    assert one.ungraded == Ungraded.ELSEWHERE
    assert stand_of(row, today=TODAY).cap == 2
    with pytest.raises(own.NoGradeHere):
        makers.make_self(one, self_grade=QUALIFIED)
    probationer = next(other for other in on_roll(row) if other.ungraded == Ungraded.PROBATIONARY)
    with pytest.raises(grades.ByStatus):
        grades.set_ungraded(evaluation=probationer, version=1, ungraded="", actor=cast["secretary"])


def test_a_poll_is_begun_for_the_round_once(cast, row) -> None:
    tellers = {"teller_one": cast.members["deputy"], "teller_two": cast.members["member"]}
    values = {"mode": "paper", "closes_on": date(2026, 12, 1), **tellers}
    told = {"values": values, "actor": cast["secretary"], "today": TODAY, "now": NOW}
    poll = grades.begin_poll(row=row, **told)
    assert (poll.title, poll.purpose, poll.electorate) == ("2026年度民主评议党员", "members", "all")
    with pytest.raises(grades.HasPoll):
        grades.begin_poll(row=row, **told)
    destroy_poll(poll=poll, reason="票印错了", actor=cast["secretary"])
    row.refresh_from_db()
    ballot = next(one for one in stand_of(row, today=TODAY).steps if one.step == EvaluationStep.BALLOT)
    assert ballot.missing == "还没有发起民主测评。"
    again = grades.begin_poll(row=row, **told)
    assert again.pk != poll.pk
    other = makers.make_round(cast.sibling)
    with pytest.raises(grades.HasPoll):
        grades.link_poll(row=other, poll=poll, actor=cast["secretary"])


def test_those_on_probation_alone_are_asked_for_no_ballot(cast, row) -> None:
    Member.objects.filter(branch=cast.ours).update(status=MemberStatus.PROBATIONARY, full_since=None)
    values = {"mode": "paper", "closes_on": date(2026, 12, 1)}
    values |= {"teller_one": cast.members["deputy"], "teller_two": cast.members["member"]}
    with pytest.raises(NobodyToGrade, match="没有正式党员，不用测评"):
        grades.begin_poll(row=row, values=values, actor=cast["secretary"], today=TODAY, now=NOW)


def test_closing_names_what_is_missing_and_keeps_it(cast, row) -> None:
    told = {"row": row, "version": row.version, "actor": cast["secretary"], "today": TODAY}
    with pytest.raises(services.ReasonMissing):
        services.close_round(reason="", **told)
    services.close_round(reason="上级通知推迟", **told)
    row.refresh_from_db()
    assert (row.state, row.kept_cap) == (RoundState.CLOSED, 2)
    before = missing(row)
    assert len(before) == FrozenStep.objects.filter(round=row, state="missing").count() == 13
    for number in range(6):
        factories.make_member(cast.ours, name=f"新{number}")
    stand = stand_of(row, today=TODAY)
    assert (stand.missing, stand.cap) == (before, 2)
    with pytest.raises(services.Closed):
        makers.make_opinion(row)
    with pytest.raises(services.Closed):
        makers.make_peer(row, author=cast.members["deputy"], member=cast.members["member"])
    assert not PeerOpinion.objects.exists()


def test_many_branches_take_as_many_queries_as_one(cast, row) -> None:
    makers.make_round(cast.sibling)
    branches = [cast.ours, cast.sibling, cast.elsewhere]
    with CaptureQueriesContext(
        connection,
    ) as one:
        branch_rows(branches[:1], year=2026, today=TODAY)
    with CaptureQueriesContext(connection) as three:
        rows = branch_rows(branches, year=2026, today=TODAY)
    assert len(one) == len(three)
    assert [bool(found.stand) for found in rows] == [True, True, False]
    assert Member.objects.filter(branch=cast.ours).count() == 8
