"""The demo: a believable town, entirely invented, loaded into an empty database only."""

from datetime import date, datetime

import pytest
from django.contrib.auth import authenticate
from django.db.models import F, Min, Q

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.branches.models import Organization
from apps.evaluations.models import Round
from apps.evaluations.queries_round import stand_of
from apps.ledger.models import Standing
from apps.meetings.models import Attendance, Meeting, MeetingState, Motion
from apps.members.models import CorrectionRequest, CorrectionState, Member
from apps.rules.kinds import AttendanceStatus, BranchForm, OrgKind
from apps.ui.refusals import Refusal
from apps.workbench.services_demo import ACCOUNTS, load_demo
from tests.conftest import SHANGHAI

LOADED_ON = [date(2026, 11, 20), date(2028, 2, 29), date(2027, 1, 1)]


def load(day: date):
    return load_demo(today=day, now=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI))


@pytest.mark.parametrize("day", LOADED_ON, ids=str)
def test_the_town_has_its_branches_people_and_eighteen_months(db, day: date) -> None:
    demo = load(day)
    kinds = {kind: Organization.objects.filter(kind=kind).count() for kind in OrgKind}
    assert (kinds[OrgKind.COMMITTEE], kinds[OrgKind.GENERAL_BRANCH], kinds[OrgKind.BRANCH]) == (1, 1, 12)
    forms = set(Organization.objects.branches().values_list("form", flat=True))
    assert forms == {kind.value for kind in BranchForm}
    assert Member.objects.count() == demo.members == 284
    first = Meeting.objects.aggregate(first=Min("held_on"))["first"]
    assert 500 < (day - first).days < 580
    assert Standing.objects.count() == 12
    assert Meeting.objects.filter(state=MeetingState.CLOSED, held_on__gt=day).count() == 0


def test_its_records_do_not_contradict_themselves(demo) -> None:
    away = Attendance.objects.exclude(status=AttendanceStatus.PRESENT)
    leading = Q(member_id=F("meeting__chair_id")) | Q(member_id=F("meeting__recorder_id"))
    assert away.filter(leading).count() == 0
    assert Motion.objects.filter(present__gt=F("entitled")).count() == 0
    assert Motion.objects.filter(votes_for__gt=F("present")).count() == 0
    rounds = list(Round.objects.select_related("branch").order_by("year"))
    stands = {row.pk: stand_of(row, today=LOADED_ON[0]) for row in rounds}
    assert [(row.year, row.state) for row in rounds][:2] == [(2025, "closed"), (2026, "open")]
    assert all(stand.excellent <= stand.cap for stand in stands.values())
    assert sum(bool(stand.excellent) for stand in stands.values()) == 1
    assert Deed.objects.count() > 0


def test_every_account_signs_in_with_the_password_shown(demo, rf) -> None:
    logins = [username for username, _, _ in ACCOUNTS]
    assert [username for username, _, _ in demo.accounts] == logins
    for username in logins:
        assert authenticate(rf.post("/"), username=username, password=demo.password), username


def test_a_database_with_people_in_it_is_refused(cast) -> None:
    before = User.objects.count()
    with pytest.raises(Refusal):
        load(LOADED_ON[0])
    assert User.objects.count() == before


def test_correction_requests_stand_in_every_state_and_one_is_late(demo) -> None:
    states = set(CorrectionRequest.objects.values_list("state", flat=True))
    assert states == {state.value for state in CorrectionState}
    late = CorrectionRequest.objects.filter(state=CorrectionState.OPEN, due_on__lt=LOADED_ON[0])
    assert [request.field for request in late] == ["address"]
    looks = Deed.objects.filter(action__in=["member.revealed", "member.exported"])
    assert looks.values("object_id").distinct().count() == 1
    assert looks.count() == 4
