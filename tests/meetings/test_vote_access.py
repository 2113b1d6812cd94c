"""Who may sit at the vote desk, and of which sitting."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.meetings.models import AgendaItem, MeetingState, Motion
from apps.rules.kinds import BranchForm, Matter, MeetingKind
from tests import factories
from tests.conftest import NOW, Cast
from tests.meetings.vote_rooms import (
    add_url,
    card_url,
    election,
    make_item,
    make_room,
    panel_url,
    remove_url,
    simple,
    take,
)


@pytest.fixture
def item(cast: Cast) -> AgendaItem:
    return make_room(cast.ours, entitled=5)


@pytest.fixture
def secretary(cast: Cast, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast["secretary"])


FIGURES = {
    "matter": "ordinary",
    "text": "同意年度计划",
    "method": "show_of_hands",
    "votes_for": 5,
    "idempotency_key": "8a2c9f0e-6f0d-4a36-9d0c-3f4d3f0f9a11",
}


@pytest.mark.parametrize("name", ["motion_add", "motion_panel"])
def test_a_filed_sitting_has_no_desk(secretary: Client, item: AgendaItem, name: str) -> None:
    type(item.meeting).objects.filter(pk=item.meeting_id).update(state=MeetingState.CLOSED, closed_at=NOW)
    url = reverse(f"meetings:{name}", args=[item.meeting_id, item.pk])
    assert secretary.get(url).url == card_url(item)
    assert secretary.post(url, FIGURES).url == card_url(item)
    assert not Motion.objects.exists()


def test_a_sitting_that_decides_nothing_has_no_desk(secretary: Client, cast: Cast) -> None:
    item = make_room(cast.ours, MeetingKind.LECTURE, entitled=5)
    answer = secretary.get(add_url(item), follow=True)
    assert "这次会议的类别不能作表决" in answer.content.decode()


@pytest.mark.parametrize("asked", [{"previous": "x"}, {"replaces": "x"}])
def test_a_key_that_is_none_is_a_bad_request(
    secretary: Client, item: AgendaItem, asked: dict[str, str]
) -> None:
    assert secretary.get(add_url(item), asked).status_code == 400


def test_a_round_of_another_item_is_not_found(secretary: Client, item: AgendaItem) -> None:
    elsewhere = take(make_item(item.meeting), election(1, {"张甲": 2, "李乙": 2}, issued=5))
    answer = secretary.get(add_url(item), {"previous": str(elsewhere.idempotency_key)})
    assert answer.status_code == 404


RECORDS = {"secretary": 200, "deputy": 200, "organization": 200, "publicity": 200}
READS = {"discipline": 403, "organizer": 403, "committee_secretary": 403}
OUTSIDE = {
    "operator": 404,
    "auditor": 404,
    "stranger_secretary": 404,
    "former_secretary": 404,
    "group_leader": 404,
    "member": 404,
}


@pytest.mark.parametrize(("role", "status"), list({**RECORDS, **READS, **OUTSIDE}.items()))
def test_who_may_sit_at_the_desk(
    cast: Cast, item: AgendaItem, sign_in: Callable[..., Client], role: str, status: int
) -> None:
    client, motion = sign_in(cast[role]), take(item, simple(5))
    assert client.get(add_url(item)).status_code == status
    assert client.get(panel_url(item)).status_code == status
    assert client.get(remove_url(motion)).status_code == status
    if status != 200:
        assert client.post(add_url(item), FIGURES).status_code == status
        assert client.post(remove_url(motion)).status_code == status
        assert Motion.objects.count() == 1


def test_an_item_of_another_sitting_is_not_found(secretary: Client, item: AgendaItem, cast: Cast) -> None:
    other = make_room(cast.sibling, entitled=5)
    url = reverse("meetings:motion_add", args=[item.meeting_id, other.pk])
    assert secretary.get(url).status_code == 404
    assert secretary.get(remove_url(take(other, simple(5)))).status_code == 404


@pytest.mark.parametrize(
    ("form", "matter", "cautioned"),
    [
        (BranchForm.TEMPORARY, Matter.ADMISSION, True),
        (BranchForm.TEMPORARY, Matter.CONFIRMATION, True),
        (BranchForm.TEMPORARY, Matter.DISCIPLINE, True),
        (BranchForm.TEMPORARY, Matter.ELECTION, True),
        (BranchForm.TEMPORARY, Matter.ORDINARY, False),
        (BranchForm.ORDINARY, Matter.ADMISSION, False),
    ],
)
def test_a_temporary_branch_is_told_what_it_normally_leaves_to_others(
    sign_in: Callable[..., Client], db: None, form: BranchForm, matter: Matter, cautioned: bool
) -> None:
    branch = factories.make_organization(form=form)
    client = sign_in(factories.make_secretary(branch))
    page = client.get(add_url(make_room(branch)), {"matter": matter}).content.decode()
    assert ("一般不发展党员、不处分处置党员" in page) is cautioned
    assert "登记表决</button>" in page
