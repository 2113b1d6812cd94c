"""The branch's year: what a plan of the year is usually made of, month by month (a template, no duty).

What a regulation asks for names it; the rest is practice of branches and upper notices override it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apps.rules.cadences import Condition
from apps.rules.kinds import ActivityForm, MeetingKind, PostKind
from apps.rules.periods import months_in
from apps.rules.regulations import REGULATIONS

EVERY_MONTH = (1 << 12) - 1
QUARTER_ENDS = 1 << 2 | 1 << 5 | 1 << 8 | 1 << 11
PRACTICE = "工作惯例，以上级通知为准"


def bits(*months: int) -> int:
    """Twelve bits, bit 0 for January."""
    return sum(1 << (month - 1) for month in set(months))


@dataclass(frozen=True, kw_only=True, slots=True)
class YearLine:
    """One line of the template. `owner` is the post that usually looks after it."""

    code: str
    months: int
    title: str
    form: str
    owner: PostKind
    reason: str
    meeting_kind: MeetingKind | None = None
    regulation: str = ""
    article: str = ""
    applies_when: Condition = Condition.ALWAYS

    @property
    def source(self) -> str:
        return REGULATIONS[self.regulation].cite(self.article) if self.regulation else PRACTICE


@dataclass(frozen=True, kw_only=True, slots=True)
class BranchShape:
    """What decides which lines fit a branch. Without a committee, or groups, their sittings do not arise."""

    with_committee: bool
    with_groups: bool
    temporary: bool = False


SECRETARY, ORGANIZATION = PostKind.SECRETARY, PostKind.ORGANIZATION
PUBLICITY, DISCIPLINE = PostKind.PUBLICITY, PostKind.DISCIPLINE
STANDING = Condition.NOT_TEMPORARY
SITTING = "会议"

#: A13, with the articles of A2, A6 and A9 where a regulation asks for the line.
BRANCH_YEAR: tuple[YearLine, ...] = (
    YearLine(
        code="annual_plan",
        months=bits(1),
        title="制定年度工作计划",
        form=SITTING,
        owner=SECRETARY,
        reason="年初定计划，全年照着做；二月底前定稿。",
    ),
    YearLine(
        code="org_life_meeting",
        months=bits(1),
        title="召开上年度组织生活会",
        form=SITTING,
        owner=SECRETARY,
        meeting_kind=MeetingKind.ORG_LIFE_MEETING,
        regulation="ZB",
        article="第十七条",
        reason="每年至少召开一次，一般安排在岁末年初。",
    ),
    YearLine(
        code="member_evaluation",
        months=bits(1),
        title="开展民主评议党员",
        form=SITTING,
        owner=ORGANIZATION,
        meeting_kind=MeetingKind.MEMBER_EVALUATION,
        regulation="JY",
        article="第十八条",
        reason="一般每年一次，可与组织生活会结合进行。",
        applies_when=STANDING,
    ),
    YearLine(
        code="workbook",
        months=bits(1),
        title="上交上年度支部工作手册",
        form="材料",
        owner=ORGANIZATION,
        reason="上年记录齐全后交上级归档。",
    ),
    YearLine(
        code="rectification",
        months=bits(2),
        title="列出问题整改清单并开始整改",
        form="整改",
        owner=DISCIPLINE,
        reason="查摆的问题逐条定措施、责任人和时限。",
    ),
    YearLine(
        code="roster_check",
        months=bits(3),
        title="逐人核对党员花名册",
        form="核对",
        owner=ORGANIZATION,
        reason="党员信息每年至少核对一次。",
    ),
    YearLine(
        code="activists",
        months=bits(3, 6),
        title="入党积极分子半年考察",
        form="考察",
        owner=ORGANIZATION,
        reason="党支部每半年对入党积极分子考察一次。",
        applies_when=STANDING,
    ),
    YearLine(
        code="themed_day",
        months=EVERY_MONTH,
        title="主题党日",
        form="主题党日",
        owner=PUBLICITY,
        meeting_kind=MeetingKind.THEMED_DAY,
        regulation="ZB",
        article="第十六条",
        reason="每月相对固定 1 天，主题事先定好。",
    ),
    YearLine(
        code="committee",
        months=EVERY_MONTH,
        title="支部委员会会议",
        form=SITTING,
        owner=SECRETARY,
        meeting_kind=MeetingKind.COMMITTEE,
        regulation="ZB",
        article="第十二条",
        reason="一般每月召开 1 次。",
        applies_when=Condition.HAS_COMMITTEE,
    ),
    YearLine(
        code="group",
        months=EVERY_MONTH,
        title="党小组会",
        form=SITTING,
        owner=ORGANIZATION,
        meeting_kind=MeetingKind.GROUP,
        regulation="ZB",
        article="第十三条",
        reason="一般每月召开 1 次，由组长主持。",
        applies_when=Condition.HAS_GROUPS,
    ),
    YearLine(
        code="dues",
        months=EVERY_MONTH,
        title="收缴党费",
        form="党费",
        owner=ORGANIZATION,
        reason="党员按月交纳党费。",
        applies_when=STANDING,
    ),
    YearLine(
        code="general",
        months=QUARTER_ENDS,
        title="党员大会",
        form=SITTING,
        owner=SECRETARY,
        meeting_kind=MeetingKind.GENERAL,
        regulation="ZB",
        article="第十一条",
        reason="一般每季度召开 1 次。",
    ),
    YearLine(
        code="lecture",
        months=bits(3, 9, 12),
        title="党课",
        form=ActivityForm.LECTURE.label,
        owner=PUBLICITY,
        meeting_kind=MeetingKind.LECTURE,
        regulation="ZB",
        article="第十六条",
        reason="定期组织；次数以上级规定为准。",
    ),
    YearLine(
        code="dues_published",
        months=QUARTER_ENDS,
        title="公示党费收缴情况",
        form="公示",
        owner=ORGANIZATION,
        reason="按季度向党员公布。",
        applies_when=STANDING,
    ),
    YearLine(
        code="half_year",
        months=bits(6),
        title="半年工作小结",
        form="小结",
        owner=SECRETARY,
        reason="对照年度计划查进度、补短板。",
    ),
    YearLine(
        code="july_first",
        months=bits(7),
        title="“七一”专题党课",
        form=ActivityForm.LECTURE.label,
        owner=SECRETARY,
        meeting_kind=MeetingKind.LECTURE,
        reason="“七一”前后由书记讲一次党课。",
    ),
    YearLine(
        code="study_hours",
        months=bits(7),
        title="党员学时中期检查",
        form="核对",
        owner=PUBLICITY,
        regulation="JY",
        article="第二十条",
        reason="党员每年集中学习培训一般不少于 32 学时，年中看一次进度。",
    ),
    YearLine(
        code="term_check",
        months=bits(9),
        title="检查支部任期",
        form="核对",
        owner=SECRETARY,
        regulation="ZB",
        article="第二十一条",
        reason="任期半年内届满的，提前准备换届。",
        applies_when=STANDING,
    ),
    YearLine(
        code="talk_coverage",
        months=bits(10),
        title="检查谈心谈话覆盖情况",
        form="谈心谈话",
        owner=SECRETARY,
        reason="年底前把还没有谈到的人补上。",
    ),
    YearLine(
        code="checklist",
        months=bits(11),
        title="对照标准自查支部建设",
        form="自查",
        owner=ORGANIZATION,
        reason="年终考核前先自查一遍。",
    ),
    YearLine(
        code="talks_before_meeting",
        months=bits(12),
        title="组织生活会前谈心谈话",
        form="谈心谈话",
        owner=SECRETARY,
        reason="开组织生活会之前谈心交心、听取意见。",
    ),
    YearLine(
        code="secretary_review",
        months=bits(12),
        title="支部书记述职评议",
        form=SITTING,
        owner=SECRETARY,
        reason="书记向上级和党员报告一年工作。",
        applies_when=STANDING,
    ),
    YearLine(
        code="summary",
        months=bits(12),
        title="年度工作总结、记录归档",
        form="总结",
        owner=SECRETARY,
        reason="一年的记录整理归档，写出总结。",
    ),
)


def lines_for(shape: BranchShape) -> list[YearLine]:
    """The lines that fit a branch of this shape, in the order of their first month."""
    fits = {
        Condition.ALWAYS: True,
        Condition.HAS_COMMITTEE: shape.with_committee,
        Condition.HAS_GROUPS: shape.with_groups,
        Condition.NOT_TEMPORARY: not shape.temporary,
    }
    found = [line for line in BRANCH_YEAR if fits[line.applies_when]]
    return sorted(found, key=lambda line: (line.months & -line.months, BRANCH_YEAR.index(line)))


def months_that_meet(mask: int, month: int) -> tuple[int, ...]:
    """The months in which a sitting meets the line for its month: the whole quarter where it is quarterly."""
    return (month - 2, month - 1, month) if mask == QUARTER_ENDS else (month,)


PART = re.compile(r"(\d{1,2})(?:[-—–~～至到](\d{1,2}))?")
WORDS = {"每月": EVERY_MONTH, "全年": EVERY_MONTH, "每季度": QUARTER_ENDS, "每季": QUARTER_ENDS}


def read_months(text: str) -> int:
    """「5」「3-6」「3、6、9」「每月」「每季度」 as bits. Raises ValueError for anything else."""
    plain = "".join(text.split()).replace("月份", "").replace("份", "")
    if plain in WORDS:
        return WORDS[plain]
    mask = 0
    for part in re.split(r"[、，,;；]", plain.replace("月", "")):
        found = PART.fullmatch(part)
        if not found:
            raise ValueError(f"no months: {text}")
        first = int(found[1])
        last = int(found[2] or first)
        if not 1 <= first <= last <= 12:
            raise ValueError(f"no months: {text}")
        mask |= bits(*range(first, last + 1))
    return mask


def month_words(mask: int) -> str:
    """「每月」「每季度」「3、6月」「4—6月」."""
    if mask == EVERY_MONTH:
        return "每月"
    if mask == QUARTER_ENDS:
        return "每季度"
    return "、".join(_runs(months_in(mask))) + "月"


def _runs(months: Iterable[int]) -> list[str]:
    """Three months and more in a row as a span."""
    runs: list[list[int]] = []
    for month in months:
        if runs and runs[-1][-1] == month - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    words: list[str] = []
    for run in runs:
        words += [f"{run[0]}—{run[-1]}"] if len(run) > 2 else [str(month) for month in run]
    return words
