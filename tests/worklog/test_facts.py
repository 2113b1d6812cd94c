"""What the log tells the measures: dates and fields of every sort, for many branches at one price."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.ledger.facts_study import study_books, work_books
from apps.meetings.models import MeetingState, MeetingTopic, Partner
from apps.rules.facts_worklog import (
    CareFacts,
    CareUnitFacts,
    KeyPostFacts,
    PlacementFacts,
    PublicConsultationFacts,
    RecognitionFacts,
)
from apps.rules.kinds import MeetingKind, PartnerKind, Topic
from apps.rules.kinds_worklog import (
    CareForm,
    Coverage,
    EntrySort,
    PlacementKind,
    PostArea,
    RecognitionKind,
    StudyCategory,
)
from apps.worklog.facts import worklog_facts
from tests import factories
from tests.conftest import TODAY
from tests.worklog import makers

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


def test_every_sort_stands_under_its_name(cast) -> None:
    member = cast.members["member"]
    day = date(2026, 9, 10)
    care = makers.make_care(cast.ours, member)
    praise = makers.make_entry(cast.ours, EntrySort.RECOGNITION, recognition="commendation", by_name="县委")
    placed = makers.make_entry(
        cast.ours, EntrySort.PLACEMENT, member, placement="rotation", until=date(2027, 1, 5)
    )
    talked = makers.make_entry(cast.ours, EntrySort.CONSULTATION, participants=12, result="同意")
    asked = makers.make_entry(cast.ours, EntrySort.CONSULTATION, title="还在商量")
    facts = worklog_facts([cast.ours.pk], **YEAR)[cast.ours.pk]
    assert facts.cares == (
        CareFacts(id=care.pk, held_on=day, form=CareForm.COMFORT, member_ids=frozenset({member.pk})),
    )
    assert facts.recognitions == (
        RecognitionFacts(
            id=praise.pk, held_on=day, kind=RecognitionKind.COMMENDATION, member_ids=frozenset()
        ),
    )
    assert facts.placements == (
        PlacementFacts(
            id=placed.pk,
            held_on=day,
            kind=PlacementKind.ROTATION,
            member_ids=frozenset({member.pk}),
            until=date(2027, 1, 5),
        ),
    )
    assert facts.consultations == (
        PublicConsultationFacts(id=talked.pk, held_on=day, participants=12, has_result=True),
        PublicConsultationFacts(id=asked.pk, held_on=day, participants=0, has_result=False),
    )


def test_the_registers_come_with_their_checks_and_days(cast) -> None:
    post = makers.make_key_post(cast.ours)
    makers.make_check(post)
    makers.make_check(post, checked_on=date(2026, 7, 1), withdrawn_on=TODAY, withdraw_reason="记错")
    unit = makers.make_unit(cast.ours)
    facts = worklog_facts([cast.ours.pk], **YEAR)[cast.ours.pk]
    assert facts.key_posts == (
        KeyPostFacts(id=post.pk, area=PostArea.MONEY, since=date(2025, 1, 1), checked_on=(date(2026, 6, 1),)),
    )
    assert facts.units == (
        CareUnitFacts(
            id=unit.pk,
            coverage=Coverage.SINGLE,
            since=date(2025, 1, 1),
            covered_since=date(2025, 6, 1),
        ),
    )


def test_what_is_withdrawn_or_of_another_year_tells_nothing(cast) -> None:
    member = cast.members["member"]
    makers.make_care(cast.ours, member, withdrawn_on=TODAY, withdraw_reason="重复")
    makers.make_care(cast.ours, member, held_on=date(2025, 12, 31))
    makers.make_care(cast.ours, member, held_on=date(2027, 1, 1))
    assert worklog_facts([cast.ours.pk], **YEAR)[cast.ours.pk].cares == ()


def test_a_key_post_and_a_unit_know_their_days() -> None:
    post = KeyPostFacts(
        id=1,
        area=PostArea.MONEY,
        since=date(2026, 3, 1),
        until=date(2026, 9, 1),
        checked_on=(date(2026, 5, 1),),
    )
    assert [post.listed_on(date(2026, month, 1)) for month in (2, 3, 8, 9)] == [False, True, True, False]
    assert post.checked_in(2026, by=date(2026, 5, 1))
    assert not post.checked_in(2026, by=date(2026, 4, 30))
    assert not post.checked_in(2025, by=date(2026, 5, 1))
    unit = CareUnitFacts(
        id=1, coverage=Coverage.TRADE, since=date(2026, 1, 1), covered_since=date(2026, 6, 1)
    )
    assert [unit.covered_on(date(2026, month, 1)) for month in (5, 6)] == [False, True]
    sent = CareUnitFacts(
        id=2, coverage=Coverage.INSTRUCTOR, since=date(2026, 1, 1), covered_since=date(2026, 6, 1)
    )
    assert not sent.covered_on(TODAY)


def lecture(cast, *present, **fields):
    sitting = factories.make_meeting(cast.ours, MeetingKind.LECTURE, **({"class_hours": Decimal(2)} | fields))
    for member in present:
        factories.make_attendance(sitting, member)
    return sitting


def hours_of(cast, member) -> tuple[Decimal, set[str]]:
    book = study_books([cast.ours], year=2026, as_of=TODAY)[cast.ours.pk]
    account = next(one for one in book.accounts if one.learner.id == member.pk)
    return account.total, set(account.categories)


def test_a_sitting_gives_its_hours_to_those_who_were_there(cast) -> None:
    there, away = cast.members["member"], cast.members["deputy"]
    sitting = lecture(cast, there)
    factories.make_attendance(sitting, away, status="sick_leave")
    makers.make_study(cast.ours, there, hours=Decimal("1.5"), category=StudyCategory.AUXILIARY)
    assert hours_of(cast, there) == (Decimal("3.5"), {"theory", "auxiliary"})
    assert hours_of(cast, away) == (0, set())


@pytest.mark.parametrize("fields", [{"state": MeetingState.OPEN}, {"class_hours": None}])
def test_a_sitting_that_is_not_filed_or_has_no_hours_gives_none(cast, fields) -> None:
    lecture(cast, cast.members["member"], **fields)
    assert hours_of(cast, cast.members["member"]) == (0, set())


@pytest.mark.parametrize(
    ("kind", "topics", "category"),
    [
        (MeetingKind.THEMED_DAY, [Topic.CENTRAL_WORK], "professional"),
        (MeetingKind.THEMED_DAY, [Topic.CENTRAL_WORK, Topic.POLITICAL_STUDY], "theory"),
        (MeetingKind.LECTURE, [Topic.CENTRAL_WORK], "theory"),
        (MeetingKind.THEMED_DAY, [], "theory"),
    ],
)
def test_study_of_the_central_work_is_professional(cast, kind, topics, category) -> None:
    sitting = factories.make_meeting(cast.ours, kind, class_hours=Decimal(1))
    for topic in topics:
        MeetingTopic.objects.create(meeting=sitting, topic=topic)
    factories.make_attendance(sitting, cast.members["member"])
    assert hours_of(cast, cast.members["member"]) == (1, {category})


@pytest.mark.parametrize(
    "fields",
    [
        {"withdrawn_on": TODAY, "withdraw_reason": "重复"},
        {"held_on": date(2025, 12, 31)},
        {"held_on": date(2026, 11, 21)},
    ],
    ids=["withdrawn", "last year", "tomorrow"],
)
def test_hours_that_do_not_count(cast, fields) -> None:
    makers.make_study(cast.ours, cast.members["member"], **fields)
    assert hours_of(cast, cast.members["member"]) == (0, set())


def test_hours_go_with_the_person_to_another_branch(cast) -> None:
    member = cast.members["sibling_member"]
    makers.make_study(cast.sibling, member)
    member.branch, member.path = cast.ours, cast.ours.path
    member.save()
    assert hours_of(cast, member)[0] == 2


def test_whoever_has_left_or_is_exempt_is_not_asked(cast) -> None:
    factories.make_member(cast.ours, name="已调出", state="left", state_since=date(2026, 3, 1))
    factories.make_member(cast.ours, name="老党员", exempt_reason="age", exempt_decided_on=date(2026, 1, 1))
    book = study_books([cast.ours], year=2026, as_of=TODAY)[cast.ours.pk]
    assert len(book.accounts) == 8
    assert len(book.asked) == 7
    assert (book.met, book.categories) == (0, frozenset())


def test_partners_themes_and_the_public_are_told_of_filed_sittings(cast) -> None:
    sitting = factories.make_meeting(cast.ours, MeetingKind.THEMED_DAY, public_participants=30, title="清河")
    Partner.objects.create(meeting=sitting, kind=PartnerKind.UNION, name="镇总工会")
    Partner.objects.create(meeting=sitting, kind=PartnerKind.BRANCH, name="供电所党支部")
    MeetingTopic.objects.create(meeting=sitting, topic=Topic.GOVERNANCE)
    factories.make_meeting(cast.ours, MeetingKind.THEMED_DAY, state=MeetingState.OPEN, public_participants=9)
    [activity] = work_books([cast.ours], **YEAR)[cast.ours.pk].activities
    assert activity.partners == {PartnerKind.UNION, PartnerKind.BRANCH}
    assert (activity.topics, activity.public_participants) == ({Topic.GOVERNANCE}, 30)


def test_three_branches_cost_what_one_costs(cast) -> None:
    for branch in (cast.ours, cast.sibling, cast.elsewhere):
        member = factories.make_member(branch)
        makers.make_study(branch, member)
        makers.make_care(branch, member)
        makers.make_check(makers.make_key_post(branch))
        makers.make_unit(branch)
        sitting = factories.make_meeting(branch, MeetingKind.LECTURE, class_hours=Decimal(2))
        factories.make_attendance(sitting, member)
        MeetingTopic.objects.create(meeting=sitting, topic=Topic.CENTRAL_WORK)

    def cost(branches) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as study:
            study_books(branches, year=2026, as_of=TODAY)
        with CaptureQueriesContext(connection) as work:
            work_books(branches, **YEAR)
        return len(study), len(work)

    assert cost([cast.ours]) == cost([cast.ours, cast.sibling, cast.elsewhere]) == (7, 8)
