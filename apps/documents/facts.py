"""All documents of a branch's year, with what each is for. The page lists them, the addresses make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.documents import (
    facts_books,
    facts_election,
    facts_election_forms,
    facts_ledgers,
    facts_papers,
    facts_yearly,
    policies,
)
from apps.documents.queries import Book, Paper, Wanted
from apps.rules.kinds import Kind
from apps.rules.norms import NORMS


class Group(Kind):
    """Where on the page a document is looked for."""

    YEAR = "year", "年度"
    LEDGERS = "ledgers", "台账"
    ROSTER = "roster", "花名册"
    ELECTION = "election", "换届"
    ROUND = "round", "组织生活会与民主评议"
    EVALUATION = "evaluation", "年度考核"

    @property
    def icon(self) -> str:
        return ICONS[self]


ICONS = {
    Group.YEAR: "calendar3",
    Group.LEDGERS: "table",
    Group.ROSTER: "people",
    Group.ELECTION: "check2-square",
    Group.ROUND: "person-check",
    Group.EVALUATION: "clipboard-check",
}
#: Not on the page as long as the branch has none in the year.
IF_THERE = frozenset({Group.ROUND, Group.EVALUATION})


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One document that can be taken: `name` is that of its address.

    Offers of one label in a row are the same document as Word and as Excel; the first says its purpose.
    """

    name: str
    label: str
    make: Callable[[Wanted], Paper | Book]
    group: Group = Group.LEDGERS
    allowed: Callable[[User, Organization], bool] = policies.can_take
    is_word: bool = False
    purpose: str = ""
    #: The code of the norm that asks for it.
    norm: str = ""

    @property
    def basis(self) -> str:
        return NORMS[self.norm].citation if self.norm else ""


YEAR = (
    Offer(
        name="duty_paper",
        label="书记述职报告",
        purpose="年底述职评议前用。上年整改、本年数据、未达到要求的各项已经填好，文字由本人写。",
        make=facts_yearly.duty_paper,
        group=Group.YEAR,
        is_word=True,
    ),
    Offer(
        name="summary_paper",
        label="年度工作总结",
        purpose="年底用。基本情况和全年数据已经填好，做法、问题和打算由支部写。",
        make=facts_yearly.summary_paper,
        group=Group.YEAR,
        is_word=True,
    ),
    Offer(
        name="basics_paper",
        label="支部基本情况表",
        purpose="支部名称、班子、党员人数、届次，按今天的情况。工作手册的第一页就是它。",
        make=facts_papers.basics_paper,
        group=Group.YEAR,
        is_word=True,
    ),
    Offer(
        name="basics_book",
        label="支部基本情况表",
        make=facts_books.basics_book,
        group=Group.YEAR,
    ),
)
LEDGERS = (
    Offer(
        name="meeting_book",
        label="会议台账",
        purpose="全年开过的会，一次一行：时间、地点、主持、应到实到、议题。检查时先看这一份。",
        make=facts_books.meeting_book,
    ),
    Offer(
        name="attendance_book",
        label="学习考勤台账",
        purpose="每名党员每个月的出席、请假（事由）、缺席，全年学时累计，由记录自动汇总。",
        make=facts_books.attendance_book,
        norm="EDU-1",
    ),
    Offer(
        name="talk_book",
        label="谈心谈话台账",
        purpose="谁和谁在哪一天谈过，只有事实，没有谈话内容。",
        make=facts_books.talk_book,
        allowed=policies.can_take_talks,
    ),
    Offer(
        name="rectification_paper",
        label="整改清单",
        purpose="本年度要整改的问题、措施、责任人、时限和销号日期。组织生活会后要报。",
        make=facts_papers.rectification_paper,
        is_word=True,
        norm="OL-3",
    ),
    Offer(
        name="rectification_book",
        label="整改清单",
        make=facts_ledgers.rectification_book,
    ),
    Offer(
        name="from_above_paper",
        label="上级任务台账",
        purpose="本年度收到的上级文件和交办的任务，以及传达、落实到哪一步。",
        make=facts_papers.from_above_paper,
        is_word=True,
    ),
    Offer(
        name="from_above_book",
        label="上级任务台账",
        make=facts_ledgers.from_above_book,
    ),
)
ROSTER = (
    Offer(
        name="mobile_book",
        label="流动党员台账",
        purpose="现在外出的党员在哪里、什么时候出去的、最近一次联系是哪天。",
        make=facts_books.mobile_book,
        group=Group.ROSTER,
        allowed=policies.can_take_mobile,
    ),
)
ELECTION = (
    Offer(
        name="election_request",
        label="换届选举请示",
        purpose="第一步，一般在大会前 1 个月报上级。届次、党员数、名额和差额已经算好。",
        make=facts_election.request_paper,
        group=Group.ELECTION,
        is_word=True,
        norm="EL-5",
    ),
    Offer(
        name="election_nominations",
        label="候选人推荐汇总表",
        purpose="上级同意后，组织全体党员推荐时用的空白表。",
        make=facts_election_forms.nominations_paper,
        group=Group.ELECTION,
        is_word=True,
    ),
    Offer(
        name="election_candidates",
        label="候选人预备人选请示",
        purpose="推荐以后，把预备人选报上级审批。委员候选人要多于应选人数。",
        make=facts_election.candidates_paper,
        group=Group.ELECTION,
        is_word=True,
        norm="VOTE-8",
    ),
    Offer(
        name="election_electorate",
        label="选举人名册",
        purpose="全体党员谁有选举权、谁不计入应到会，按今天的登记。",
        make=facts_election_forms.electorate_paper,
        group=Group.ELECTION,
        allowed=policies.can_take_voting,
        is_word=True,
        norm="VOTE-5",
    ),
    Offer(
        name="election_exclusions",
        label="不计入应到会人数请示",
        purpose="有党员重病、长期在外等不能到会的，选举前报上级同意，再由党员大会通过。",
        make=facts_election_forms.exclusions_paper,
        group=Group.ELECTION,
        allowed=policies.can_take_voting,
        is_word=True,
        norm="VOTE-6",
    ),
    Offer(
        name="election_rules",
        label="选举办法（草案）",
        purpose="提请党员大会通过。应选、候选、须到会人数已经算好。",
        make=facts_election.rules_paper,
        group=Group.ELECTION,
        is_word=True,
        norm="VOTE-3",
    ),
    Offer(
        name="election_agenda",
        label="选举大会议程和主持词",
        purpose="开选举大会时主持人用，按程序一步一步写好，空着的地方填上人名和数字。",
        make=facts_election.agenda_paper,
        group=Group.ELECTION,
        is_word=True,
    ),
    Offer(
        name="election_tellers",
        label="监票人、计票人名单",
        purpose="提请党员大会通过。候选人不能当监票人。",
        make=facts_election_forms.tellers_paper,
        group=Group.ELECTION,
        is_word=True,
        norm="VOTE-7",
    ),
    Offer(
        name="election_ballot",
        label="选票样式",
        purpose="候选人批下来以后填上姓名，按到会人数印制。",
        make=facts_election_forms.ballot_paper,
        group=Group.ELECTION,
        is_word=True,
        norm="VOTE-7",
    ),
    Offer(
        name="election_count",
        label="计票结果报告单",
        purpose="计票后由监票人签字。所选年度的选举会议已归档的，票数自动填好；没有的，是空白表。",
        make=facts_election_forms.count_paper,
        group=Group.ELECTION,
        is_word=True,
        norm="VOTE-3",
    ),
    Offer(
        name="election_result",
        label="选举结果请示",
        purpose="选举后报上级：书记、副书记报批准，委员报备案。",
        make=facts_election.result_paper,
        group=Group.ELECTION,
        is_word=True,
        norm="EL-1",
    ),
    Offer(
        name="election_posts",
        label="支委分工表",
        purpose="新一届支委会第一次会议后用，按系统里今天的任职填好。",
        make=facts_election_forms.posts_paper,
        group=Group.ELECTION,
        is_word=True,
        norm="SET-8",
    ),
    Offer(
        name="election_handover",
        label="工作移交单",
        purpose="换书记、换委员时，新老两位当面清点、签字。",
        make=facts_election_forms.handover_paper,
        group=Group.ELECTION,
        is_word=True,
    ),
)
OFFERS = (*YEAR, *LEDGERS, *ROSTER, *ELECTION)
BY_NAME = {offer.name: offer for offer in OFFERS}
