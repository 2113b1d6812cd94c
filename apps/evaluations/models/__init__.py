"""The annual evaluation of branches and of members; import from here."""

from apps.evaluations.models.cycle import (
    Cycle,
    CycleGrade,
    CycleLevel,
    CycleRule,
    CycleStandard,
    Reviewer,
)
from apps.evaluations.models.review import (
    BranchEvaluation,
    FinalMark,
    FrozenFigure,
    Mark,
    Objection,
    ResultProblem,
    Seat,
    SelfAnswer,
    VisitNote,
)
from apps.evaluations.models.round import (
    BranchProblem,
    FrozenStep,
    MemberEvaluation,
    Opinion,
    OwnProblem,
    PartNote,
    PeerOpinion,
    Round,
    RoundSitting,
)

__all__ = [
    "BranchEvaluation",
    "BranchProblem",
    "Cycle",
    "CycleGrade",
    "CycleLevel",
    "CycleRule",
    "CycleStandard",
    "FinalMark",
    "FrozenFigure",
    "FrozenStep",
    "Mark",
    "MemberEvaluation",
    "Objection",
    "Opinion",
    "OwnProblem",
    "PartNote",
    "PeerOpinion",
    "ResultProblem",
    "Reviewer",
    "Round",
    "RoundSitting",
    "Seat",
    "SelfAnswer",
    "VisitNote",
]
