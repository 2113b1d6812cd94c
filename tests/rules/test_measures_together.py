"""What a branch does together with others, and in how many forms, in figures: each case counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from apps.rules.facts_records import (
    MeetingFacts,
    PublicConsultationFacts,
)
from apps.rules.facts_year import BranchYearFacts
from apps.rules.kinds import ActivityForm, PartnerKind, Topic
from apps.rules.measures import figure
from tests.rules.years import (
    END,
    GENERAL,
    LECTURE,
    MID,
    OTHER,
    THEMED,
    Case,
    Table,
    day,
    meeting,
    no_committee,
    of,
    org,
    reasons,
    rows,
    said,
    year,
)

MAY = day(5, 1)
FORMS = list(ActivityForm)


def activities(*forms: ActivityForm | None, first: date = MAY, **fields: Any) -> list[MeetingFacts]:
    return [
        meeting(first + timedelta(days=number), THEMED, form=form, **fields)
        for number, form in enumerate(forms)
    ]


def together(partner: PartnerKind, *, times: int = 1, **fields: Any) -> list[MeetingFacts]:
    return [
        meeting(day(5, number), THEMED, partners=frozenset({partner}), **fields)
        for number in range(1, times + 1)
    ]


def counted(make: Any, *, target: int, warn: int) -> list[Case]:
    """What holds of everything that is counted over a year."""
    return [
        ("the target is reached", year(**make(target)), f"{target}/{target} good"),
        ("one less is fair", year(**make(target - 1)), f"{target - 1}/{target} fair"),
        ("as many as ward off the warning", year(**make(warn)), f"{warn}/{target} fair"),
        ("one less is a warning", year(**make(warn - 1)), f"{warn - 1}/{target} warn"),
        (
            "half the target is enough in June",
            year(MID, **make(target // 2)),
            f"{target // 2}/{target // 2} good",
        ),
        ("none in January is not asked", year(day(1, 30)), "not_applicable"),
        ("more than the target is more", year(**make(target + 1)), f"{target + 1}/{target} good"),
        (
            "a branch founded in July has half a target",
            year(org=org(founded_on=day(7, 1)), **make(target // 2)),
            f"{target // 2}/{target // 2} good",
        ),
        (
            "without a committee it is the same",
            year(org=no_committee(), **make(target)),
            f"{target}/{target} good",
        ),
    ]


def consultations(count: int, **fields: Any) -> dict[str, Any]:
    given = {"held_on": day(5), "has_result": True} | fields
    return {"public_consultations": [PublicConsultationFacts(id=n, **given) for n in range(count)]}


def guests(count: int) -> dict[str, Any]:
    return {"meetings": [meeting(day(5), THEMED, public_participants=count)]}


def on_governance(count: int, **fields: Any) -> dict[str, Any]:
    theme = frozenset({Topic.GOVERNANCE})
    return {"meetings": [meeting(day(5, n), THEMED, topics=theme, **fields) for n in range(1, count + 1)]}


TABLE: Table = {
    "activity_variety": [
        ("five forms", of(*activities(*FORMS[:5])), "5/5 good"),
        ("six are no more than five", of(*activities(*FORMS[:6])), "5/5 good"),
        ("four", of(*activities(*FORMS[:4])), "4/5 good"),
        ("three", of(*activities(*FORMS[:3])), "3/5 fair"),
        ("two", of(*activities(*FORMS[:2])), "2/5 fair"),
        ("one", of(*activities(FORMS[0])), "1/5 warn"),
        ("none", of(), "0/5 warn"),
        (
            "four forms, but seven of ten the same are not yet too many",
            of(*activities(*FORMS[:4], *FORMS[:1] * 6)),
            "4/5 good",
        ),
        ("eight of eleven are", of(*activities(*FORMS[:4], *FORMS[:1] * 7)), "4/5 warn"),
        ("four of five are too few to tell", of(*activities(*FORMS[:2], *FORMS[:1] * 3)), "2/5 fair"),
        ("five of six are not", of(*activities(*FORMS[:2], *FORMS[:1] * 4)), "2/5 warn"),
        (
            "a lecture has its form by its name",
            of(meeting(day(5), LECTURE), meeting(day(6), THEMED, form=FORMS[0])),
            "2/5 fair",
        ),
        ("no form chosen", of(*activities(None)), "0/5 warn"),
        ("an assembly is no activity", of(meeting(day(5), GENERAL, form=FORMS[0])), "0/5 warn"),
        ("not filed", of(*activities(*FORMS[:4], closed=False)), "0/5 warn"),
        (
            "in January last year's activities still count",
            year(day(1, 31), meetings=activities(*FORMS[:4], first=date(2025, 6, 1))),
            "4/5 good",
        ),
        (
            "twelve months and a day ago they do not",
            year(MID, meetings=activities(*FORMS[:4], first=date(2025, 6, 29))),
            "2/5 fair",
        ),
        (
            "records of three months ask for one form",
            year(org=org(records_since=day(10, 1)), meetings=activities(FORMS[0], first=day(11))),
            "1/5 good",
        ),
        ("records of two months for none", year(org=org(records_since=day(11, 1))), "not_applicable"),
    ],
    "joint_with_organizations": [
        *counted(lambda n: {"meetings": together(PartnerKind.BRANCH, times=n)}, target=2, warn=1),
        ("the expert pool counts", of(*together(PartnerKind.EXPERT_POOL, times=2)), "2/2 good"),
        ("the union does not", of(*together(PartnerKind.UNION, times=2)), "0/2 warn"),
        ("not filed", of(*together(PartnerKind.UNIT, times=2, closed=False)), "0/2 warn"),
        ("joint by form, without a partner named", of(*activities(ActivityForm.JOINT)), "0/2 warn"),
    ],
    "joint_with_mass_orgs": [
        *counted(lambda n: {"meetings": together(PartnerKind.UNION, times=n)}, target=4, warn=1),
        ("the administration counts", of(*together(PartnerKind.ADMINISTRATION, times=4)), "4/4 good"),
        ("another branch does not", of(*together(PartnerKind.BRANCH, times=4)), "0/4 warn"),
        (
            "several partners at once are one activity",
            of(meeting(day(5), OTHER, partners=frozenset({PartnerKind.UNION, PartnerKind.WOMEN}))),
            "1/4 fair",
        ),
    ],
    "community_consultations": [
        *counted(consultations, target=2, warn=1),
        ("without a result it waits", year(**consultations(2, has_result=False)), "0/2 warn"),
        ("last year's", year(**consultations(2, held_on=date(2025, 12, 31))), "0/2 warn"),
        ("on 31 December", year(**consultations(2, held_on=END)), "2/2 good"),
    ],
    "public_participants": [
        *counted(guests, target=50, warn=10),
        (
            "persons of a public consultation are added too",
            year(**guests(30), **consultations(1, participants=20)),
            "50/50 good",
        ),
        (
            "persons of several activities are added",
            of(*guests(30)["meetings"], meeting(day(6), OTHER, public_participants=25)),
            "55/50 good",
        ),
        ("not filed", of(meeting(day(5), THEMED, public_participants=60, closed=False)), "0/50 warn"),
    ],
    "governance_activities": [
        *counted(on_governance, target=4, warn=1),
        ("another theme", of(meeting(day(5), THEMED, topics=frozenset({Topic.DUES}))), "0/4 warn"),
        ("not filed", year(**on_governance(4, closed=False)), "0/4 warn"),
    ],
}


@pytest.mark.parametrize(("key", "facts", "expected"), rows(TABLE))
def test_the_figure_is_what_was_counted_by_hand(key: str, facts: BranchYearFacts, expected: str) -> None:
    assert said(figure(key, facts)) == expected


def test_monotony_is_told_with_its_form() -> None:
    monotonous = figure("activity_variety", of(*activities(*FORMS[:4], *FORMS[:1] * 7)))
    assert monotonous.why == "近12个月11次活动里有8次是「集中学习」，形式过于集中。"


def test_joint_by_form_without_a_partner_is_pointed_out() -> None:
    facts = of(*activities(ActivityForm.JOINT))
    assert reasons("joint_with_organizations", facts) == ["形式是联建共建，但没有登记共建单位。"]
