"""All documents of a branch's year, with what each is for. The page lists them, the addresses make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.documents import facts_books, facts_papers, policies
from apps.documents.queries import Book, Paper, Wanted


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One document that can be taken: `name` is that of its address."""

    name: str
    label: str
    purpose: str
    make: Callable[[Wanted], Paper | Book]
    allowed: Callable[[User, Organization], bool] = policies.can_take
    is_word: bool = False


OFFERS = (
    Offer(
        name="meeting_book",
        label="会议台账",
        purpose="全年开过的会，一次一行：时间、地点、主持、应到实到、议题。检查时先看这一份。",
        make=facts_books.meeting_book,
    ),
    Offer(
        name="attendance_book",
        label="考勤台账",
        purpose="每名党员每个月出席、请假、缺席的次数，由会议记录自动汇总。",
        make=facts_books.attendance_book,
    ),
    Offer(
        name="talk_book",
        label="谈心谈话台账",
        purpose="谁和谁在哪一天谈过，只有事实，没有谈话内容。",
        make=facts_books.talk_book,
        allowed=policies.can_take_talks,
    ),
    Offer(
        name="mobile_book",
        label="流动党员台账",
        purpose="现在外出的党员在哪里、什么时候出去的、最近一次联系是哪天。",
        make=facts_books.mobile_book,
        allowed=policies.can_take_mobile,
    ),
    Offer(
        name="rectification_paper",
        label="整改清单",
        purpose="本年度要整改的问题、措施、责任人、时限和销号日期。",
        make=facts_papers.rectification_paper,
        is_word=True,
    ),
    Offer(
        name="from_above_paper",
        label="上级任务台账",
        purpose="本年度收到的上级文件和交办的任务，以及传达、落实到哪一步。",
        make=facts_papers.from_above_paper,
        is_word=True,
    ),
    Offer(
        name="basics_paper",
        label="支部基本情况表",
        purpose="支部名称、班子、党员人数、届次，按今天的情况。工作手册的第一页就是它。",
        make=facts_papers.basics_paper,
        is_word=True,
    ),
    Offer(
        name="basics_book",
        label="支部基本情况表",
        purpose="同一张表的 Excel 版，便于汇总。",
        make=facts_books.basics_book,
    ),
)
BY_NAME = {offer.name: offer for offer in OFFERS}
