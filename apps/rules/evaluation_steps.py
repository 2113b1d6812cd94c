"""The steps of a branch's annual evaluation: who does what until which day, and why (SZ; ZB chapter 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from apps.rules.kinds_evaluations import EvaluationState
from apps.rules.regulations import REGULATIONS

YEARLY = REGULATIONS["SZ"].cite("：述职评议考核每年一次，分会前准备、会上述职评议、会后整改运用")
REPORTING = REGULATIONS["ZB"].cite(
    "第六章（条号待核对）：支部书记每年向上级党组织和支部党员大会述职，接受评议考核"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """`by` names the day of the cycle's calendar until which it is to be done."""

    title: str
    who: str
    what: str
    by: str
    why: str
    article: str


STEPS: dict[EvaluationState, Step] = {
    EvaluationState.REPORT: Step(
        title="支部自评",
        who="支部书记、副书记或组织委员",
        what="说明上年度问题整改情况，对照标准自评，写清存在的问题和下一步打算，提交上级",
        by="report_by",
        why="支部的情况支部最清楚；数字由系统从平时的记录算出，不用再填表。",
        article=REPORTING,
    ),
    EvaluationState.REVIEW: Step(
        title="评审",
        who="评审人",
        what="看记录、看自评、看测评，必要时实地了解，逐条评定并写明理由",
        by="review_by",
        why="评审由人作出，系统不打分；与支部有关系的人应当回避。",
        article=YEARLY,
    ),
    EvaluationState.OBJECTION: Step(
        title="听取支部意见",
        who="支部书记、副书记或组织委员",
        what="看初评意见，有不同意见的逐条写明理由，没有意见的确认",
        by="objection_by",
        why="先告知、再定等次，支部有权说明情况，提出的意见要书面答复。",
        article=YEARLY,
    ),
    EvaluationState.DECISION: Step(
        title="定等次",
        who="组织考核的党组织",
        what="研究确定等次，写明理由、反馈意见和要整改的问题",
        by="publish_by",
        why="等次由党组织集体研究确定，系统不计算、不排名。",
        article=YEARLY,
    ),
    EvaluationState.DECIDED: Step(
        title="发布结果",
        who="组织考核的党组织",
        what="把结果和反馈意见发给支部，问题列入整改",
        by="publish_by",
        why="会后要反馈、整改、运用结果。",
        article=YEARLY,
    ),
}

#: The appraisal by members runs beside the report and the review.
APPRAISAL = Step(
    title="党员测评",
    who="支部安排，全体党员参加，支委另测“六个不”",
    what="无记名测评支部班子和书记",
    by="appraisal_by",
    why="品德、作风只由人评议；票数少于规定张数的不显示，看不出谁投了什么。",
    article=REPORTING,
)
#: What stands in the order of time on the page of a cycle.
CALENDAR: tuple[Step, ...] = (
    STEPS[EvaluationState.REPORT],
    APPRAISAL,
    STEPS[EvaluationState.REVIEW],
    STEPS[EvaluationState.OBJECTION],
    STEPS[EvaluationState.DECISION],
)
#: From the day of the draft: two weeks to report, two to review, one to object, two to decide and publish.
USUAL_DAYS = {"report_by": 14, "appraisal_by": 14, "review_by": 28, "objection_by": 35, "publish_by": 49}


def usual_calendar(today: date) -> dict[str, date]:
    return {name: today + timedelta(days=days) for name, days in USUAL_DAYS.items()}
