"""Who sees what of a round (security.md 4.2, 6.4).

The committee sees the steps and who has handed in. What people write of themselves is read by the keepers and
the discipline member; a person's own problem list and what was said of him, by himself and the secretary. His
grade is his own from the day he is told. Those above get counts.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization, Post
from apps.branches.policies import ABOVE, COMMITTEE, KEEPERS, holds, paths_of, within
from apps.evaluations.models import (
    BranchProblem,
    MemberEvaluation,
    Opinion,
    OwnProblem,
    PeerOpinion,
    Round,
)
from apps.rules.kinds import MembershipState, PostKind
from apps.rules.kinds_evaluations import RoundState

SECRETARY = frozenset({PostKind.SECRETARY})
#: Who writes the committee's decision down.
DECIDERS = frozenset({PostKind.SECRETARY, PostKind.ORGANIZATION})
#: Who reads self-assessments and verdicts.
READERS = KEEPERS | {PostKind.DISCIPLINE}


def visible_rounds(user: User) -> QuerySet[Round]:
    return Round.objects.filter(within(user, COMMITTEE))


def own_evaluations(user: User) -> QuerySet[MemberEvaluation]:
    return MemberEvaluation.objects.filter(member__person_id=user.pk)


def visible_evaluations(user: User) -> QuerySet[MemberEvaluation]:
    """Whose page in a round the person may open: his own, and by post."""
    return MemberEvaluation.objects.filter(Q(member__person_id=user.pk) | within(user, READERS))


def visible_opinions(user: User) -> QuerySet[Opinion]:
    return Opinion.objects.filter(round__in=visible_rounds(user))


def visible_problems(user: User) -> QuerySet[BranchProblem]:
    return BranchProblem.objects.filter(round__in=visible_rounds(user))


def visible_own_problems(user: User) -> QuerySet[OwnProblem]:
    """His own; the secretary reads those of his branch."""
    kept = Round.objects.filter(within(user, SECRETARY))
    return OwnProblem.objects.filter(Q(member__person_id=user.pk) | Q(round__in=kept))


def visible_peer_opinions(user: User) -> QuerySet[PeerOpinion]:
    kept = MemberEvaluation.objects.filter(within(user, SECRETARY))
    own = Q(evaluation__member__person_id=user.pk) | Q(author__person_id=user.pk)
    return PeerOpinion.objects.filter(own | Q(evaluation__in=kept))


def branches_to_keep(user: User) -> QuerySet[Organization]:
    mine = Organization.objects.branches().filter(within(user, KEEPERS), closed_on__isnull=True)
    return mine.order_by("path")


def branches_to_oversee(user: User) -> QuerySet[Organization]:
    below = Organization.objects.branches().filter(within(user, ABOVE), closed_on__isnull=True)
    return below.select_related("parent")


def can_create(user: User) -> bool:
    return bool(paths_of(user, KEEPERS))


def can_oversee(user: User) -> bool:
    return bool(paths_of(user, ABOVE))


def can_keep(user: User, row: Round) -> bool:
    """Change the round: a closed one stays as it is."""
    return row.state == RoundState.OPEN and holds(user, KEEPERS, row.path)


def disputed_in(row: Round) -> QuerySet[MemberEvaluation]:
    """Whose objection waits for an answer: in a closed round these may still be decided anew."""
    return MemberEvaluation.objects.filter(round=row, objected_on__isnull=False, answered_on__isnull=True)


def can_decide(user: User, row: Round) -> bool:
    """In a closed round only what somebody objected to."""
    if not row.with_grades or not holds(user, DECIDERS, row.path):
        return False
    return row.state == RoundState.OPEN or disputed_in(row).exists()


def can_tell(user: User, row: Round) -> bool:
    """Whoever has a grade has a right to know it, the round closed or not."""
    return row.with_grades and holds(user, DECIDERS, row.path)


def can_begin_poll(user: User, row: Round) -> bool:
    return row.with_grades and can_keep(user, row)


def can_read_people(user: User, row: Round) -> bool:
    """The pages of the members, their self-assessments and grades."""
    return holds(user, READERS, row.path)


def is_own(user: User, evaluation: MemberEvaluation) -> bool:
    return evaluation.member.person_id == user.pk


def can_write_self(user: User, evaluation: MemberEvaluation) -> bool:
    """The member himself, or a keeper from paper, as long as nothing is decided. Nobody else changes what the
    member wrote here himself."""
    if evaluation.round.state != RoundState.OPEN or evaluation.grade:
        return False
    from_paper = evaluation.self_on is None or evaluation.self_on_paper
    return is_own(user, evaluation) or (from_paper and holds(user, KEEPERS, evaluation.path))


def can_list_problems(user: User, evaluation: MemberEvaluation) -> bool:
    """Read and enter the member's own problem list."""
    return is_own(user, evaluation) or holds(user, SECRETARY, evaluation.path)


def can_write_problems(user: User, evaluation: MemberEvaluation) -> bool:
    return evaluation.round.state == RoundState.OPEN and can_list_problems(user, evaluation)


def can_change_own_problem(user: User, problem: OwnProblem) -> bool:
    """His own; the secretary those that came from paper. What he has put right is ticked off after the round,
    too; so only the words are kept from change."""
    owner = problem.member.person_id
    from_paper = problem.entered_by_id != owner
    return owner == user.pk or (from_paper and holds(user, SECRETARY, problem.round.path))


def can_remove_own_problem(user: User, problem: OwnProblem) -> bool:
    return problem.round.state == RoundState.OPEN and can_change_own_problem(user, problem)


def can_speak(user: User, row: Round) -> bool:
    """Enter an opinion of one member on another: somebody on the roll his own, a keeper anybody's."""
    if row.state != RoundState.OPEN or not row.with_grades:
        return False
    here = own_evaluations(user).filter(round=row, member__branch=row.branch_id)
    return holds(user, KEEPERS, row.path) or here.filter(member__state=MembershipState.ACTIVE).exists()


def rounds_to_speak_in(user: User) -> QuerySet[Round]:
    own = own_evaluations(user).values("round")
    return Round.objects.filter(Q(pk__in=own) | within(user, KEEPERS))


def can_remove_peer(user: User, opinion: PeerOpinion) -> bool:
    """By whoever wrote or entered it, until the grade is decided."""
    mine = user.pk in (opinion.author.person_id, opinion.entered_by_id)
    return mine and opinion.evaluation.round.state == RoundState.OPEN and not opinion.evaluation.grade


def sees_verdict(user: User, evaluation: MemberEvaluation) -> bool:
    told = is_own(user, evaluation) and evaluation.told_on is not None
    return told or holds(user, READERS, evaluation.path)


def can_respond(user: User, evaluation: MemberEvaluation) -> bool:
    """Confirm or object, once told; an objection may still be confirmed after the answer."""
    return is_own(user, evaluation) and evaluation.told_on is not None and evaluation.confirmed_on is None


def can_object(user: User, evaluation: MemberEvaluation) -> bool:
    """Once to each decision."""
    first = evaluation.objected_on is None or evaluation.decided_anew
    return can_respond(user, evaluation) and first


def can_answer(user: User, evaluation: MemberEvaluation) -> bool:
    """Somebody else than the one who objects, wherever there is somebody else."""
    if evaluation.objected_on is None or not holds(user, DECIDERS, evaluation.path):
        return False
    if not is_own(user, evaluation):
        return True
    posts = Post.objects.filter(kind__in=DECIDERS, organization__path=evaluation.path, ends_on__isnull=True)
    return not posts.exclude(person=user).exists()


def can_set_ungraded(user: User, evaluation: MemberEvaluation) -> bool:
    is_open = evaluation.round.state == RoundState.OPEN
    return is_open and can_decide(user, evaluation.round) and not evaluation.grade


def rights_on(user: User, row: Round) -> dict[str, bool]:
    """What the page of a round offers; each view asks again."""
    return {
        "keep": can_keep(user, row),
        "decide": can_decide(user, row),
        "tell": can_tell(user, row),
        "people": can_read_people(user, row),
        "peers": holds(user, SECRETARY, row.path) and row.with_grades,
        "speak": can_speak(user, row),
    }


def rights_in(user: User, evaluation: MemberEvaluation) -> dict[str, bool]:
    """What the page of one member in a round shows and offers."""
    return {
        "own": is_own(user, evaluation),
        "self": can_write_self(user, evaluation),
        "problems": can_list_problems(user, evaluation),
        "write_problems": can_write_problems(user, evaluation),
        "peers": can_list_problems(user, evaluation),
        "verdict": sees_verdict(user, evaluation),
        "respond": can_respond(user, evaluation),
        "object": can_object(user, evaluation),
        "answer": can_answer(user, evaluation),
        "decide_anew": evaluation.is_disputed and can_decide(user, evaluation.round),
        "tell": evaluation.is_untold and can_tell(user, evaluation.round),
        "ungraded": can_set_ungraded(user, evaluation),
        "speak": is_own(user, evaluation) and can_speak(user, evaluation.round),
    }
