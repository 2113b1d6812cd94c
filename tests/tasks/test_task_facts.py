"""The task book as plain facts for the measures, for many branches in a fixed number of queries."""

from datetime import date

from apps.meetings.facts_directives import directive_facts
from apps.meetings.models import MeetingState
from apps.meetings.services_directives import convey_directive
from apps.rules.facts import ConcernFact, DirectiveFact, RectificationFact, TaskFact
from apps.rules.kinds import ConcernSource, ProblemSource, TaskKind
from apps.tasks.facts import concern_facts, rectification_facts, task_facts
from apps.tasks.models import TaskState
from tests import factories
from tests.conftest import NOW, TODAY

DUE, ENTERED = date(2026, 12, 1), date(2026, 10, 1)


def test_tasks_by_branch_without_the_cancelled(cast) -> None:
    own = factories.make_task(cast.ours)
    factories.make_task(cast.ours, state=TaskState.CANCELLED)
    done = factories.make_assigned(
        cast.sibling, state=TaskState.DONE, reported_on=date(2026, 11, 18), closed_on=date(2026, 11, 18)
    )
    found = task_facts([cast.ours.pk, cast.sibling.pk])
    assert found[cast.ours.pk] == [
        TaskFact(id=own.pk, kind=TaskKind.OWN, created_on=ENTERED, due_on=DUE),
    ]
    assert found[cast.sibling.pk] == [
        TaskFact(
            id=done.pk,
            kind=TaskKind.ASSIGNED,
            created_on=date(2026, 11, 2),
            due_on=DUE,
            reported_on=date(2026, 11, 18),
            closed_on=date(2026, 11, 18),
        )
    ]
    assert task_facts([cast.ours.pk], kinds=[TaskKind.CONCERN]) == {}


def test_concerns_with_who_raised_them_and_when_they_were_told(cast) -> None:
    task = factories.make_concern(
        cast.ours, state=TaskState.DONE, closed_on=date(2026, 11, 18), told_on=date(2026, 11, 19)
    )
    factories.make_concern(cast.ours, state=TaskState.CANCELLED)
    assert concern_facts([cast.ours.pk]) == {
        cast.ours.pk: [
            ConcernFact(
                id=task.pk,
                raised_by=ConcernSource.PUBLIC,
                raised_on=date(2026, 11, 3),
                due_on=DUE,
                closed_on=date(2026, 11, 18),
                told_on=date(2026, 11, 19),
            )
        ]
    }


def test_problems_with_their_source_and_whether_the_branch_found_them(cast) -> None:
    own = factories.make_rectification(cast.ours, reopened_on=date(2026, 11, 15))
    told = factories.make_rectification(cast.ours, source=ProblemSource.PATROL)
    assert rectification_facts([cast.ours.pk])[cast.ours.pk] == [
        RectificationFact(
            id=own.pk,
            source=ProblemSource.SELF_CHECK,
            found_on=date(2026, 11, 3),
            due_on=DUE,
            reopened_on=date(2026, 11, 15),
        ),
        RectificationFact(id=told.pk, source=ProblemSource.PATROL, found_on=date(2026, 11, 3), due_on=DUE),
    ]
    assert [fact.self_found for fact in rectification_facts([cast.ours.pk])[cast.ours.pk]] == [True, False]


def test_a_document_counts_from_the_first_filed_sitting_and_the_first_task_done(cast) -> None:
    paper = factories.make_directive(
        cast.ours, convey_by=date(2026, 11, 20), asks_action=True, do_by=date(2026, 12, 20)
    )
    for day, state in ((11, MeetingState.OPEN), (13, MeetingState.CLOSED), (18, MeetingState.CLOSED)):
        meeting = factories.make_meeting(cast.ours, held_on=date(2026, 11, day), state=state)
        convey_directive(meeting=meeting, directive=paper, actor=cast["secretary"], now=NOW)
    made = {"kind": TaskKind.DIRECTIVE, "directive": paper}
    for day in (19, 16):
        factories.make_task(cast.ours, state=TaskState.DONE, closed_on=date(2026, 11, day), **made)
    fact = directive_facts([cast.ours.pk])[cast.ours.pk][0]
    assert (fact.conveyed_on, fact.done_on, len(fact.tasks)) == (
        date(2026, 11, 13),
        date(2026, 11, 16),
        2,
    )


def test_a_document_not_yet_conveyed_and_one_withdrawn(cast) -> None:
    paper = factories.make_directive(cast.ours)
    factories.make_directive(cast.ours, withdrawn_on=TODAY, withdrawn_reason="错")
    assert directive_facts([cast.ours.pk]) == {
        cast.ours.pk: [DirectiveFact(id=paper.pk, received_on=date(2026, 11, 2))]
    }


def test_many_branches_cost_what_one_costs(cast, django_assert_num_queries) -> None:
    branches = [cast.ours, cast.sibling, cast.elsewhere]
    for branch in branches:
        factories.make_concern(branch)
        factories.make_rectification(branch)
        paper = factories.make_directive(branch)
        factories.make_task(branch, kind=TaskKind.DIRECTIVE, directive=paper)
        meeting = factories.make_meeting(branch, held_on=date(2026, 11, 13))
        convey_directive(meeting=meeting, directive=paper, actor=cast["secretary"], now=NOW)
    ids = [branch.pk for branch in branches]
    with django_assert_num_queries(6):
        for read in (task_facts, concern_facts, rectification_facts, directive_facts):
            assert set(read(ids)) == set(ids)
