"""The appraisal of a branch: the poll of all members and the one of the committee, and their counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.ballots.models import Poll, Result
from apps.ballots.queries import Counted, result_of
from apps.ballots.queries_across import counted_for
from apps.branches.models import Organization, Post
from apps.branches.queries import term_of
from apps.evaluations.models import BranchEvaluation
from apps.members.models import Member
from apps.rules.ballots import THRESHOLD
from apps.rules.kinds import COMMITTEE_POSTS, Kind, PostKind
from apps.rules.kinds_ballots import Electorate, PollPurpose, PollState


class Part(Kind):
    """The two polls, named by the columns that point at them."""

    MEMBERS = "members_poll", "党员测评"
    COMMITTEE = "committee_poll", "支委测评"


ASKED = {
    Part.MEMBERS: "全体党员测评支部班子和书记：政治立场、德、勤等 15 项，再加班子、书记两项总体评价。",
    Part.COMMITTEE: "支委测评书记“六个不”：不把持、不包揽、不武断、不推责、不撒手、不纵容。",
}
ELECTORATES = {
    Part.MEMBERS: (Electorate.ALL, Electorate.VOTING),
    Part.COMMITTEE: (Electorate.COMMITTEE,),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Appraisal:
    """One of the two polls; `not_held` says why there is none to hold."""

    part: Part
    asked: str
    poll: Poll | None
    not_held: str = ""
    result: Result | None = None
    counted: Sequence[Counted] = ()

    @property
    def missing(self) -> bool:
        return not self.not_held and (self.poll is None or self.poll.state == PollState.DESTROYED)

    @property
    def slug(self) -> str:
        """How addresses name it."""
        return self.part.name.lower()


def appraisals_of(evaluation: BranchEvaluation, *, user: User, today: date) -> list[Appraisal]:
    """Both polls, once opened with their counts: as far as the pages of the ballots tell this person."""
    return [_appraisal(evaluation, part, user=user, today=today) for part in Part]


def _appraisal(evaluation: BranchEvaluation, part: Part, *, user: User, today: date) -> Appraisal:
    poll = poll_of(evaluation, part)
    result = result_of(poll) if poll and poll.state == PollState.OPENED else None
    return Appraisal(
        part=part,
        asked=ASKED[part],
        poll=poll,
        not_held="" if poll else why_not_held(evaluation.branch, part, today=today),
        result=result,
        counted=counted_for(user, poll=poll, result=result) if poll and result else (),
    )


def poll_of(evaluation: BranchEvaluation, part: Part) -> Poll | None:
    found: Poll | None = getattr(evaluation, part.value)
    return found


def why_not_held(branch: Organization, part: Part, *, today: date) -> str:
    """Only the poll of the committee can be beside the point."""
    if part is Part.MEMBERS:
        return ""
    term = term_of(branch, today=today)
    if term is None or not term.with_committee:
        return "本支部没有设支部委员会，不用支委测评。"
    number = committee_size(branch, today=today)
    if number < THRESHOLD:
        return f"支委只有 {number} 人，不满 {THRESHOLD} 张票会看出谁投了什么，不作支委测评。"
    return ""


def committee_size(branch: Organization, *, today: date) -> int:
    posts = Post.objects.current_on(today).filter(organization=branch, kind__in=COMMITTEE_POSTS)
    return Member.objects.active().filter(branch=branch, person__in=posts.values("person")).count()


def tellers_for(branch: Organization, *, today: date) -> QuerySet[Member]:
    """Members with a login, without the secretary, whom the poll is about."""
    heads = Post.objects.current_on(today).filter(organization=branch, kind=PostKind.SECRETARY)
    rows = Member.objects.active().filter(branch=branch, person__username__isnull=False)
    return (
        rows.exclude(person__in=heads.values("person"))
        .select_related("person")
        .order_by("person__pinyin", "pk")
    )


def polls_to_link(evaluation: BranchEvaluation, part: Part) -> QuerySet[Poll]:
    """Appraisals that the branch has held in the year, or while the cycle ran."""
    days = (date(evaluation.cycle.year, 1, 1), evaluation.cycle.publish_by)
    rows = Poll.objects.filter(branch=evaluation.branch, purpose=PollPurpose.APPRAISAL, closes_on__range=days)
    standing = rows.filter(electorate__in=ELECTORATES[part]).exclude(state=PollState.DESTROYED)
    return standing.order_by("-closes_on", "-pk")
