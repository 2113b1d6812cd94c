"""Synthetic data: what the numbers promise, and an empty database only."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.branches.models import Organization, Post, below
from apps.ledger.models import BranchYear, Standing
from apps.meetings.models import Attendance, Meeting, MeetingPurpose, MeetingState
from apps.members.models import Member
from apps.rules.exceptions import Urgency
from apps.rules.kinds import MeetingKind, OrgKind, PostKind
from apps.ui.refusals import Refusal
from apps.workbench.services_generate import Generated, generate
from tests.conftest import NOW, TODAY

TROUBLES = (
    Urgency.TERM_EXPIRED,
    Urgency.TERM_ENDING,
    Urgency.VACANT,
    Urgency.TOO_FEW,
    Urgency.PERIOD_MISSED,
    Urgency.TASKS_OVERDUE,
)


def made(branches: int = 12, **options) -> Generated:
    return generate(branches=branches, **{"years": 1, "seed": 7, "today": TODAY, "now": NOW, **options})


def test_every_branch_stands_in_the_tree_below_one_committee(db) -> None:
    made(branches=120)
    root = Organization.objects.get(parent=None)
    assert Organization.objects.branches().filter(below(root.path)).count() == 120
    kinds = dict(Organization.objects.values_list("kind").annotate(Count("pk")).order_by())
    assert kinds == {
        OrgKind.COMMITTEE: 3,
        OrgKind.GENERAL_BRANCH: 6,
        OrgKind.BRANCH: 120,
        OrgKind.GROUP: 2,
    }
    for branch in Organization.objects.filter(parent__isnull=False).select_related("parent"):
        assert branch.path.startswith(branch.parent.path)


def test_the_tallies_say_what_the_records_say(db) -> None:
    done = made()
    assert done.branches == Standing.objects.count() == 12
    assert (
        done.members == Member.objects.count() == sum(Standing.objects.values_list("all_members", flat=True))
    )
    assert done.sittings == Meeting.objects.filter(state=MeetingState.CLOSED).count()
    assert done.sittings == sum(BranchYear.objects.values_list("sittings", flat=True))


def test_a_year_has_a_themed_day_in_every_month_and_nothing_after_today(db) -> None:
    made()
    first = Organization.objects.branches().order_by("pk").first()
    themed = MeetingPurpose.objects.filter(kind=MeetingKind.THEMED_DAY, meeting__branch=first)
    assert themed.count() == 12
    assert themed.order_by("meeting__held_on").first().meeting.held_on == date(2025, 12, 5)
    assert not Meeting.objects.filter(held_on__gt=TODAY).exists()


def test_two_years_have_twice_the_sittings(db) -> None:
    made(years=2)
    first = Organization.objects.branches().order_by("pk").first()
    assert MeetingPurpose.objects.filter(kind=MeetingKind.THEMED_DAY, meeting__branch=first).count() == 24


def test_a_meeting_of_twenty_and_its_secretary_are_there_to_be_measured(db) -> None:
    made()
    secretary = User.objects.get(username="secretary")
    post = Post.objects.get(person=secretary)
    assert post.kind == PostKind.SECRETARY
    rolls = Meeting.objects.filter(branch=post.organization).annotate(Count("roll"))
    assert max(rolls.values_list("roll__count", flat=True)) >= 20


def test_the_same_seed_makes_the_same_records(db) -> None:
    assert records_of(seed=7) == records_of(seed=7)
    assert records_of(seed=7) != records_of(seed=8)


def records_of(*, seed: int) -> list:
    with transaction.atomic():
        made(branches=5, seed=seed)
        people = Member.objects.order_by("pk").values_list("person__name", "born_on", "branch__name")
        marks = Attendance.objects.order_by("pk").values_list("status", "meeting__title")
        found = [*people, *marks]
        transaction.set_rollback(True)
    return found


def test_the_organizer_finds_every_kind_of_trouble(db, sign_in) -> None:
    made(branches=150)
    client = sign_in(User.objects.get(username="organizer"))
    assert len(client.get(reverse("workbench:board")).context["rows"]) == 25
    for reason in TROUBLES:
        found = client.get(reverse("workbench:board"), {"reason": reason.name.lower()})
        assert found.context["rows"], reason


def test_a_database_with_anything_in_it_is_refused(db) -> None:
    made(branches=1)
    with pytest.raises(Refusal, match="只能生成到空的数据库"):
        made(branches=1)


def test_the_command_prints_the_accounts_and_leaves_a_deed(db) -> None:
    out = StringIO()
    call_command("generate", "--branches", "3", stdout=out)
    assert "已生成 3 个党支部" in out.getvalue()
    assert "organizer" in out.getvalue()
    assert Deed.objects.get(action="data.generated").reason == "3 个党支部，1 年"


def test_the_command_refuses_in_words(db) -> None:
    call_command("generate", "--branches", "1", verbosity=0)
    with pytest.raises(CommandError, match="空的数据库"):
        call_command("generate", "--branches", "1")
    with pytest.raises(CommandError, match="正整数"):
        call_command("generate", "--branches", "0")


def test_the_accounts_have_the_printed_password(db) -> None:
    done = made(branches=1)
    for username, _ in done.accounts:
        assert User.objects.get(username=username).check_password(done.password)
