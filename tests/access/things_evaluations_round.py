"""Rounds of one place: an open one with everything in it, and earlier ones in which he has been told."""

from __future__ import annotations

import uuid
from typing import Any

from apps.branches.models import Organization
from apps.evaluations.models import (
    BranchProblem,
    MemberEvaluation,
    Opinion,
    OwnProblem,
    PeerOpinion,
)
from apps.members.models import Member
from apps.rules.kinds_evaluations import MemberGrade, OpinionAbout, OpinionSource, RoundPart
from tests.conftest import TODAY
from tests.evaluations.makers_round import put_round


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    evaluation = put_round(branch, member=member, year=2026)
    row, entered = evaluation.round, {"entered_by": member.person}
    opinion = Opinion.objects.create(
        round=row,
        source=OpinionSource.MASSES,
        about=OpinionAbout.WORK,
        text="中午没有人",
        received_on=TODAY,
        **entered,
        **key(),
    )
    problem = BranchProblem.objects.create(round=row, text="学习不够经常", **key())
    own = OwnProblem.objects.create(round=row, member=member, text="读书少", **entered, **key())
    return {
        "round": {"pk": row.pk},
        "round_part": {"pk": row.pk, "part": RoundPart.OPINIONS.value},
        "round_paper": {"pk": row.pk, "paper": "problems"},
        "gathered": {"pk": opinion.pk},
        "branch_problem": {"pk": problem.pk},
        "own_evaluation": {"pk": evaluation.pk},
        "own_problem": {"pk": own.pk},
        "peer_opinion": {"pk": speech(evaluation).pk},
        "told_member": {"pk": told(branch, member=member, year=2025).pk},
        "objecting_member": {"pk": told(branch, member=member, year=2024, objected_on=TODAY).pk},
    }


def key() -> dict[str, Any]:
    return {"idempotency_key": uuid.uuid4()}


def speech(evaluation: MemberEvaluation) -> PeerOpinion:
    """The member on somebody else of his branch; on himself where there is nobody else."""
    others = MemberEvaluation.objects.filter(round=evaluation.round).exclude(pk=evaluation.pk)
    about = others.order_by("pk").first() or evaluation
    author = evaluation.member
    made = {"entered_by": author.person, "entered_on": TODAY, **key()}
    return PeerOpinion.objects.create(evaluation=about, author=author, text="要多学习", **made)


def told(branch: Organization, *, member: Member, year: int, **fields: Any) -> MemberEvaluation:
    one = put_round(branch, member=member, year=year)
    decided = {"grade": MemberGrade.QUALIFIED, "reason": "平稳", "decided_on": TODAY, "told_on": TODAY}
    for name, value in (decided | fields).items():
        setattr(one, name, value)
    one.save()
    return one
