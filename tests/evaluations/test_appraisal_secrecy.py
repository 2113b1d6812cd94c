"""What the table of all branches hides from those above, no page of the evaluation tells them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from apps.ballots.models import Question
from apps.ballots.queries_across import ASIDE
from apps.evaluations.models import BranchEvaluation
from apps.rules.appraisal_items import APPRAISAL_ITEMS
from tests.ballots.makers import make_opened, make_voters
from tests.evaluations.makers_cycle import CycleWorld, make_world
from tests.evaluations.makers_desk import handed_in, reported, seated


@pytest.fixture
def world(db: None) -> CycleWorld:
    """The first branch is hidden for its one newcomer, the second because the total would give it away."""
    world = make_world()
    roll = make_voters(world.branches[0], number=8)
    make_opened(world.branches[0], roll=roll[1:], votes=[7], began=date(2025, 11, 20))
    polls = [make_opened(world.branches[0], roll=roll, votes=[7, 1, 0, 0, 0])]
    for place, votes in ((1, [4, 2, 0, 0, 0]), (2, [9, 2, 1, 0, 0])):
        voters = make_voters(world.branches[place], number=sum(votes))
        polls.append(make_opened(world.branches[place], roll=voters, votes=votes))
    Question.objects.update(words=APPRAISAL_ITEMS["virtue"])
    for evaluation, poll in zip(world.evaluations, polls, strict=True):
        BranchEvaluation.objects.filter(pk=evaluation.pk).update(members_poll=poll)
    return world


def test_those_above_read_no_more_here_than_beside_the_total(world, sign_in) -> None:
    evaluation = reported(world.evaluations[1])
    seat = handed_in(world, seated(world, evaluation))
    pages = [
        reverse("evaluations:branch", args=[evaluation.pk]),
        reverse("evaluations:seat_marks", args=[seat.pk, "foundation"]),
    ]
    paper = reverse("documents:evaluation_appraisal", args=[evaluation.pk])

    def read(person) -> list[tuple[bool, bool]]:
        client = sign_in(person)
        texts = [client.get(page).content.decode() for page in pages]
        assert client.post(paper).status_code == 200
        return [("好 4 票" in text, ASIDE in text) for text in texts]

    assert read(world.organizer) == [(False, True), (False, True)]
    # A reviewer has no total to take it from.
    assert read(world.reviewers[0].person) == [(True, False), (True, False)]
    own = sign_in(world.secretaries[1]).get(pages[0]).content.decode()
    assert ("好 4 票" in own, ASIDE in own) == (True, False)
