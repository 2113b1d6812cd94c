"""The round of the organizational life meeting (OL-1 to OL-3) and 民主评议 (EV-1 to EV-8).

Which parts are there, which are missing and why they are asked for; how many may be 优秀; where a grade needs
a reason. No grade is ever proposed: the committee decides it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from apps.rules.kinds_evaluations import EvaluationStep, MemberGrade, RoundPart, StepState
from apps.rules.norms import NORMS
from apps.rules.periods import day_words
from apps.rules.regulations import REGULATIONS

#: Never decided without words of their own (EV-8).
LOW = frozenset({MemberGrade.BASIC, MemberGrade.UNQUALIFIED})
#: Every branch has them (ZB 17): nobody may say that they are not asked for.
ALWAYS_ASKED = frozenset({RoundPart.STUDY, RoundPart.MEETING})
#: In a smaller number, counts by grade tell those above who got which.
LEAST_TO_COUNT = 5


def most_excellent(full_members: int, *, percent: int | None = None) -> int:
    """How many may be 优秀 (EV-3): a third of the full members, rounded down; less where a place asks so."""
    norm = NORMS["EV-3"]
    third = full_members * norm.value("numerator") // norm.value("denominator")
    return third if percent is None else min(third, full_members * percent // 100)


def leading_grade(votes: Sequence[int]) -> MemberGrade | None:
    """The grade with most votes, in the order of the scale; a tie has none."""
    most = max(votes, default=0)
    if not most or list(votes).count(most) > 1:
        return None
    return list(MemberGrade)[list(votes).index(most)]


def needs_reason(grade: MemberGrade, *, leading: MemberGrade | None) -> bool:
    """Where the grade is not the one that most voted for, and always for the two low ones."""
    return grade in LOW or grade != leading


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """A part done on paper, or (without a day) why it is not asked for."""

    done_on: date | None
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundFacts:
    """What of a round is there. Talks are numbers: asked for before the meeting, and done."""

    studied_on: tuple[date, ...] = ()
    talks_asked: int = 0
    talks_done: int = 0
    opinions: int = 0
    problems: int = 0
    with_measure: int = 0
    with_task: int = 0
    tasks_done: int = 0
    members: int = 0
    handed_in: int = 0
    met_on: tuple[date, ...] = ()
    notes: Mapping[RoundPart, Noted] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class EvaluationFacts:
    members: int = 0
    self_written: int = 0
    spoken_of: int = 0
    #: The sitting of 民主评议 is on file: what was said of each other stands in its minutes.
    sat: bool = False
    has_poll: bool = False
    counted: bool = False
    graded: int = 0
    decided: int = 0
    told: int = 0
    unanswered: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """One step: what is there, what is missing, and by which rule it is asked for."""

    step: RoundPart | EvaluationStep
    state: StepState
    found: str = ""
    missing: str = ""
    why: str = ""
    source: str = ""

    @property
    def label(self) -> str:
        return self.step.label

    @property
    def is_missing(self) -> bool:
        return self.state == StepState.MISSING


WHY: dict[RoundPart | EvaluationStep, tuple[str, str]] = {
    RoundPart.STUDY: ("会前先学习，统一认识；没有学习的，组织生活会还不能开。", "OL-2"),
    RoundPart.TALKS: ("委员之间必谈，委员和党员广泛谈，把话说在会前。", "TALK-4"),
    RoundPart.OPINIONS: ("会前听取党员、群众的意见，会上才有的放矢。", "OL-2"),
    RoundPart.BRANCH_PROBLEMS: ("支部班子要有自己的问题清单，作为会后整改的依据。", "OL-3"),
    RoundPart.OWN_PROBLEMS: ("每名党员（含预备党员）对照检查，列出自己的问题。", "OL-3"),
    RoundPart.MEETING: ("每年至少开一次，会上查摆问题，开展批评和自我批评。", "OL-2"),
    RoundPart.MEASURES: ("查摆的问题逐条定措施、定责任人、定期限。", "OL-2"),
    RoundPart.RECTIFICATION: ("整改一条销一条，下一年会上通报。", "OL-3"),
    EvaluationStep.SELF: ("先由本人对照合格标准作自评。", "EV-1"),
    EvaluationStep.PEER: ("党员之间互相评议，提出意见。", "EV-1"),
    EvaluationStep.BALLOT: ("用无记名方式测评，四个等次都列上。", "EV-2"),
    EvaluationStep.DECISION: ("支委会（不设的由党员大会）参考票数和平时表现，定出评定意见。", "EV-1"),
    EvaluationStep.TOLD: ("评定意见要告诉本人，听取本人意见。", "EV-1"),
}
NOBODY_GRADED = "名单上没有要定等次的党员"
EV_1 = REGULATIONS["JY"].cite("第十八条")


def _stand(
    step: RoundPart | EvaluationStep, *, done: bool, found: str, missing: str = "", asked: bool = True
) -> Stand:
    why, code = WHY[step]
    state = StepState.DONE if done else StepState.MISSING
    return Stand(
        step=step,
        state=state if asked else StepState.NOT_ASKED,
        found=found,
        missing="" if done or not asked else missing,
        why=why,
        source=EV_1 if code == "EV-1" else NORMS[code].citation,
    )


def round_parts(facts: RoundFacts) -> tuple[Stand, ...]:
    """The parts of the round in their order. What was done on paper or is not asked for says so."""
    found = (
        _study(facts),
        _talks(facts),
        _opinions(facts),
        _branch_problems(facts),
        _own_problems(facts),
        _meeting(facts),
        _measures(facts),
        _rectification(facts),
    )
    return tuple(_noted(stand, facts.notes.get(RoundPart(stand.step))) for stand in found)


def _noted(stand: Stand, note: Noted | None) -> Stand:
    if note is None or (note.done_on is None and stand.step in ALWAYS_ASKED):
        return stand
    if note.done_on is None:
        return _stand(stand.step, done=False, asked=False, found=f"不要求：{note.text}")
    beside = f"；另有{stand.found}" if stand.state == StepState.DONE and stand.found else ""
    return _stand(stand.step, done=True, found=f"{day_words(note.done_on)}在纸上完成：{note.text}{beside}")


def _study(facts: RoundFacts) -> Stand:
    """Only what was studied before the meeting counts, on its day at the latest."""
    met = min(facts.met_on, default=date.max)
    before = [day for day in facts.studied_on if day <= met]
    done = bool(before) or _on_paper(facts, RoundPart.STUDY)
    late = "开会以前没有学习记录。" if facts.met_on else "还没有选会前学习，先学习再开会。"
    found = f"会前学习 {len(before)} 次" if before else ""
    return _stand(RoundPart.STUDY, done=done, found=found, missing=late)


def _on_paper(facts: RoundFacts, part: RoundPart) -> bool:
    note = facts.notes.get(part)
    return note is not None and note.done_on is not None


def _talks(facts: RoundFacts) -> Stand:
    left = facts.talks_asked - facts.talks_done
    return _stand(
        RoundPart.TALKS,
        done=left <= 0,
        found=f"应谈 {facts.talks_asked} 项，已谈 {facts.talks_done} 项",
        missing=f"还有 {left} 项没有谈。",
    )


def _opinions(facts: RoundFacts) -> Stand:
    return _stand(
        RoundPart.OPINIONS,
        done=facts.opinions > 0,
        found=f"征求意见 {facts.opinions} 条" if facts.opinions else "",
        missing="还没有登记征求的意见。",
    )


def _branch_problems(facts: RoundFacts) -> Stand:
    return _stand(
        RoundPart.BRANCH_PROBLEMS,
        done=facts.problems > 0,
        found=f"列出 {facts.problems} 个问题" if facts.problems else "",
        missing="支部班子的问题清单还是空的。",
    )


def _own_problems(facts: RoundFacts) -> Stand:
    left = facts.members - facts.handed_in
    return _stand(
        RoundPart.OWN_PROBLEMS,
        done=facts.members > 0 and left == 0,
        found=f"{facts.handed_in} / {facts.members} 人已列",
        missing=f"还有 {left} 人没有列。",
    )


def _meeting(facts: RoundFacts) -> Stand:
    studied = bool(facts.studied_on) or _on_paper(facts, RoundPart.STUDY)
    wait = "还没有归档的组织生活会记录。" if studied else "会前学习还没有完成，组织生活会先不要开。"
    return _stand(
        RoundPart.MEETING,
        done=bool(facts.met_on),
        found="、".join(day_words(day) for day in facts.met_on) + " 已开" if facts.met_on else "",
        missing=wait,
    )


def _measures(facts: RoundFacts) -> Stand:
    left = facts.problems - facts.with_measure
    return _stand(
        RoundPart.MEASURES,
        done=facts.problems > 0 and left == 0,
        found=f"{facts.with_measure} / {facts.problems} 个问题定了措施、责任人和期限",
        missing=f"还有 {left} 个问题缺措施、责任人或期限。" if facts.problems else "先列出支部班子的问题。",
    )


def _rectification(facts: RoundFacts) -> Stand:
    """Done as soon as every problem is a task: the work itself goes on long after the round."""
    return _stand(
        RoundPart.RECTIFICATION,
        done=facts.problems > 0 and facts.with_task == facts.problems,
        found=f"已建整改任务 {facts.with_task} 项，销号 {facts.tasks_done} 项",
        missing=f"还有 {facts.problems - facts.with_task} 个问题没有建成整改任务。"
        if facts.problems
        else "先列出支部班子的问题。",
    )


def evaluation_steps(facts: EvaluationFacts) -> tuple[Stand, ...]:
    """The steps of 民主评议 in their order."""
    left = facts.members - facts.self_written
    return (
        _stand(
            EvaluationStep.SELF,
            done=facts.members > 0 and left == 0,
            found=f"{facts.self_written} / {facts.members} 人已写",
            missing=f"还有 {left} 人没有写自评。",
        ),
        _stand(
            EvaluationStep.PEER,
            done=facts.sat or (facts.members > 0 and facts.spoken_of == facts.members),
            found=f"登记了对 {facts.spoken_of} / {facts.members} 人的意见"
            + ("，会议记录已归档" if facts.sat else ""),
            missing=f"还有 {facts.members - facts.spoken_of} 人没有，民主评议的会议记录也还没有归档。",
        ),
        *_grading(facts),
    )


def _grading(facts: EvaluationFacts) -> tuple[Stand, ...]:
    """Where all are on probation or graded elsewhere, they write and speak, and nobody is voted on (EV-4)."""
    if facts.members and not facts.graded:
        steps = (EvaluationStep.BALLOT, EvaluationStep.DECISION, EvaluationStep.TOLD)
        return tuple(_stand(one, done=False, asked=False, found=NOBODY_GRADED) for one in steps)
    waiting = facts.graded - facts.decided
    untold = facts.decided - facts.told
    ballot = "测评还没有出结果。" if facts.has_poll else "还没有发起民主测评。"
    told = f"还有 {untold} 人没有告知。" if untold else "评定以后告知本人。"
    return (
        _stand(
            EvaluationStep.BALLOT,
            done=facts.counted,
            found="已出结果" if facts.counted else "",
            missing=ballot,
        ),
        _stand(
            EvaluationStep.DECISION,
            done=facts.graded > 0 and waiting == 0,
            found=f"{facts.decided} / {facts.graded} 人已定等次",
            missing=f"还有 {waiting} 人没有定等次。",
        ),
        _stand(
            EvaluationStep.TOLD,
            done=facts.decided > 0 and untold == 0 and not waiting and not facts.unanswered,
            found=f"已告知 {facts.told} 人",
            missing=f"{facts.unanswered} 人的不同意见待答复。" if facts.unanswered and not untold else told,
        ),
    )


def next_step(stands: Sequence[Stand]) -> Stand | None:
    """The first that is still missing."""
    return next((stand for stand in stands if stand.is_missing), None)
