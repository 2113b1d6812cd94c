"""The closed lists of the annual evaluation of branches and of members."""

from __future__ import annotations

from apps.rules.kinds import Kind


class CycleState(Kind):
    DRAFT = "draft", "起草中"
    OPEN = "open", "进行中"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤回"


class EvaluationState(Kind):
    """Where the evaluation of one branch stands: each names what is waited for."""

    REPORT = "report", "待支部自评"
    REVIEW = "review", "待评审"
    OBJECTION = "objection", "听取支部意见"
    DECISION = "decision", "待定等次"
    DECIDED = "decided", "已定等次，待发布"
    PUBLISHED = "published", "已发布"
    LEFT_OUT = "left_out", "本年度不参加"


class FrozenStage(Kind):
    """When a figure was kept as it was: with the branch's report, and with the result."""

    REPORT = "report", "提交自评时"
    RESULT = "result", "发布时"


class Ruling(Kind):
    """What came of an objection."""

    UPHELD = "upheld", "采纳，改定等次"
    KEPT = "kept", "不采纳，维持原定"


class RoundState(Kind):
    OPEN = "open", "进行中"
    CLOSED = "closed", "已完成"


class RoundPart(Kind):
    """The parts of a round of the organizational life meeting (OL-2, OL-3), in their order."""

    STUDY = "study", "会前学习"
    TALKS = "talks", "谈心谈话"
    OPINIONS = "opinions", "征求意见"
    BRANCH_PROBLEMS = "branch_problems", "支部班子问题清单"
    OWN_PROBLEMS = "own_problems", "党员个人问题清单"
    MEETING = "meeting", "召开组织生活会"
    MEASURES = "measures", "整改措施"
    RECTIFICATION = "rectification", "整改落实"


class OpinionSource(Kind):
    MEMBERS = "members", "党员"
    MASSES = "masses", "群众"
    ABOVE = "above", "上级党组织"
    UNIT = "unit", "所在单位"
    OTHER = "other", "其他"


class OpinionAbout(Kind):
    COMMITTEE = "committee", "支部班子"
    SECRETARY = "secretary", "支部书记"
    MEMBERS = "members", "党员队伍"
    WORK = "work", "支部工作"
    OTHER = "other", "其他"


class MemberGrade(Kind):
    """The grades of 民主评议 (EV-2), in the order of the ballot's scale."""

    EXCELLENT = "excellent", "优秀"
    QUALIFIED = "qualified", "合格"
    BASIC = "basic", "基本合格"
    UNQUALIFIED = "unqualified", "不合格"


class Ungraded(Kind):
    """Why somebody who takes part gets no grade (EV-4, EV-5, EV-6)."""

    PROBATIONARY = "probationary", "预备党员，不定等次"
    LEADING_CADRE = "leading_cadre", "参加民主生活会的领导干部，不再定等次"
    ELSEWHERE = "elsewhere", "在流入地参加评议"
    EXCUSED = "excused", "经支部同意不参加本次评议"


class EvaluationStep(Kind):
    """The steps of 民主评议 (EV-1), in their order."""

    SELF = "self", "个人自评"
    PEER = "peer", "党员互评"
    BALLOT = "ballot", "民主测评"
    DECISION = "decision", "评定意见"
    TOLD = "told", "告知本人"


class StepState(Kind):
    DONE = "done", "已完成"
    MISSING = "missing", "还缺"
    NOT_ASKED = "not_asked", "不要求"
