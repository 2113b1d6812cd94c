"""What may be taken of a round and of a branch's evaluation, with what each is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from apps.documents import facts_member_evaluation, facts_round, facts_round_forms
from apps.documents.facts import Group
from apps.documents.queries import Book, Paper
from apps.documents.queries_rounds import OfRound
from apps.rules.kinds_evaluations import EvaluationState
from apps.rules.norms import NORMS


@dataclass(frozen=True, kw_only=True)
class RoundOffer:
    """One paper of a round; `asks` names the list without which there is nothing to write."""

    name: str
    label: str
    make: Callable[[OfRound], Paper | Book]
    purpose: str = ""
    asks: str = ""
    is_word: bool = True
    #: The code of the norm that asks for it.
    norm: str = ""
    group: Group = Group.ROUND

    @property
    def basis(self) -> str:
        return NORMS[self.norm].citation if self.norm else ""


ROUND = (
    RoundOffer(
        name="plan",
        label="组织生活会方案（通知）",
        purpose="开始准备时发给党员。时间、步骤和要求已经填好。",
        make=facts_round_forms.plan_paper,
        norm="OL-2",
    ),
    RoundOffer(
        name="opinions",
        label="征求意见汇总表",
        purpose="会前汇总党员、群众的意见。只有来自哪方面，没有姓名。",
        make=facts_round.opinions_paper,
        asks="opinions",
    ),
    RoundOffer(
        name="talks",
        label="会前谈心谈话情况",
        purpose="应谈多少、已谈多少，只有数目。",
        make=facts_round.talks_paper,
        norm="TALK-4",
    ),
    RoundOffer(
        name="problems",
        label="支部班子问题清单",
        purpose="会前查摆的问题、表现、原因和措施。",
        make=facts_round.problems_paper,
        asks="problems",
        norm="OL-3",
    ),
    RoundOffer(
        name="script",
        label="组织生活会主持词",
        purpose="主持人用。议程和数据已经填好，要讲的话留着自己写。",
        make=facts_round_forms.script_paper,
    ),
    RoundOffer(
        name="last-year",
        label="上年度整改落实情况通报",
        purpose="会上先通报上年度查摆的问题改得怎样。",
        make=facts_round.last_year_paper,
        asks="last_year",
        norm="OL-3",
    ),
    RoundOffer(
        name="rectification",
        label="组织生活会整改清单",
        purpose="会后用：问题、措施、责任人、时限、进展和销号日期。",
        make=facts_round.rectification_round_paper,
        asks="problems",
        norm="OL-3",
    ),
    RoundOffer(
        name="report",
        label="组织生活会情况报告",
        purpose="会后报上级。各环节、到会、问题和测评情况已经填好。",
        make=facts_round.report_paper,
        norm="OL-3",
    ),
    RoundOffer(
        name="ballot",
        label="民主评议党员测评表",
        purpose="空白表，按到会人数印制，无记名填写。",
        make=facts_round_forms.ballot_paper,
        asks="grades",
        norm="EV-2",
    ),
    RoundOffer(
        name="grades-report",
        label="民主评议党员情况报告",
        purpose="评议后报上级。只有人数，没有姓名。",
        make=facts_member_evaluation.report_paper,
        asks="grades",
    ),
)
#: With the grade of each member, for those who read the members' pages.
MEMBERS = (
    RoundOffer(
        name="summary",
        label="民主评议党员汇总表",
        purpose="每名党员的票数和评定等次。票数太少、会看出谁投了什么的，不显示。",
        make=facts_member_evaluation.summary_paper,
        asks="grades",
        norm="EV-3",
    ),
    RoundOffer(
        name="summary-book",
        label="民主评议党员汇总表",
        make=facts_member_evaluation.summary_book,
        asks="grades",
        is_word=False,
    ),
)
BY_ROUND_NAME = {offer.name: offer for offer in ROUND}
SUMMARIES = {offer.name: offer for offer in MEMBERS}


@dataclass(frozen=True, kw_only=True)
class EvaluationOffer:
    """One paper of a branch's evaluation; `name` is that of its address, `states` those in which it is."""

    name: str
    label: str
    purpose: str
    states: frozenset[EvaluationState]
    is_word: bool = True
    basis: str = ""
    group: Group = Group.EVALUATION


AFTER_REVIEW = frozenset(
    {
        EvaluationState.OBJECTION,
        EvaluationState.DECISION,
        EvaluationState.DECIDED,
        EvaluationState.PUBLISHED,
    }
)
OUT = frozenset({EvaluationState.PUBLISHED})
EVALUATION = (
    EvaluationOffer(
        name="evaluation_report",
        label="党支部自评报告",
        purpose="自评的文字、本年数据和逐条对照，和页面上一样。",
        states=AFTER_REVIEW | {EvaluationState.REPORT, EvaluationState.REVIEW},
    ),
    EvaluationOffer(
        name="evaluation_objections",
        label="支部意见和答复表",
        purpose="支部对初评提出的意见，和上级的书面答复。",
        states=AFTER_REVIEW,
    ),
    EvaluationOffer(
        name="evaluation_letter",
        label="党支部考核结果反馈单",
        purpose="等次、理由、反馈意见和整改要求。",
        states=OUT,
    ),
    EvaluationOffer(
        name="evaluation_rectification",
        label="考核反馈问题整改清单",
        purpose="考核反馈的问题改到哪一步、哪天销号。",
        states=OUT,
    ),
    EvaluationOffer(
        name="evaluation_appraisal",
        label="支部班子测评结果",
        purpose="党员和支委无记名测评的票数。票数太少的不显示。",
        states=AFTER_REVIEW | {EvaluationState.REPORT, EvaluationState.REVIEW},
    ),
)
