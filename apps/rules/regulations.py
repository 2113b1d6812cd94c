"""The Party regulations that every rule cites, and the shape of a rule that is a threshold or a procedure.

`sureness` speaks for the weakest part of a citation: where the content was read but the article's number is
from memory, the rule says MEMORY and the article carries 「条号待核对」.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.rules.kinds import Strength, Sureness

#: Exactly five short lines for a secretary who has another job.
HowTo = tuple[str, str, str, str, str]

#: The earliest day from which the rules of this code hold: the day the branch regulations were issued.
ZB_IN_FORCE = date(2018, 10, 28)


@dataclass(frozen=True, kw_only=True, slots=True)
class Regulation:
    """A published text. `issued` says what is known of its day.

    `holds_from` is that day, the first of the month or year where no more is known, and the start of this
    rulebook where the source has no day of its own.
    """

    key: str
    title: str
    issued: str
    holds_from: date = ZB_IN_FORCE

    def cite(self, article: str) -> str:
        return f"{self.title}{article}"


REGULATIONS: dict[str, Regulation] = {
    regulation.key: regulation
    for regulation in (
        Regulation(
            key="ZB",
            title="《中国共产党支部工作条例（试行）》",
            issued="2018年10月28日",
            holds_from=ZB_IN_FORCE,
        ),
        Regulation(
            key="JY",
            title="《中国共产党党员教育管理工作条例》",
            issued="2019年5月",
            holds_from=date(2019, 5, 1),
        ),
        Regulation(
            key="XJ",
            title="《中国共产党基层组织选举工作条例》",
            issued="2020年7月13日",
            holds_from=date(2020, 7, 13),
        ),
        Regulation(
            key="FZ14",
            title="《中国共产党发展党员工作细则》（2014年）",
            issued="2014年",
            holds_from=date(2014, 1, 1),
        ),
        Regulation(
            key="FZ26",
            title="《中国共产党发展党员工作细则》（2026年修订）",
            issued="2026年5月",
            holds_from=date(2026, 5, 1),
        ),
        Regulation(key="ZC", title="《中国共产党章程》", issued="现行章程"),
        Regulation(
            key="CZ",
            title="《中国共产党不合格党员组织处置办法》",
            issued="2024年8月",
            holds_from=date(2024, 8, 1),
        ),
        Regulation(
            key="PX19",
            title="《2019—2023年全国党员教育培训工作规划》",
            issued="2019年",
            holds_from=date(2019, 1, 1),
        ),
        Regulation(key="HB", title="中央组织部组织工作问答与业务手册", issued="公开资料"),
        Regulation(key="TZ", title="中央和上级关于组织生活会、民主评议党员的年度通知", issued="历年通知"),
        Regulation(
            key="SZ",
            title="《党委（党组）书记抓基层党建工作述职评议考核办法（试行）》",
            issued="2019年底",
            holds_from=date(2020, 1, 1),
        ),
        Regulation(key="LOCAL", title="上级党组织的规定", issued="以上级文件为准"),
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Norm:
    """A threshold or a procedure (not a cadence): what must hold, by which article, how to go about it.

    `held_before` is the day from which an older text already asked the same.
    """

    code: str
    title: str
    regulation: str
    article: str
    strength: Strength
    sureness: Sureness
    plain_words: str
    how_to: HowTo
    values: tuple[tuple[str, int], ...] = ()
    held_before: date | None = None
    valid_to: date | None = None
    url: str = ""

    @property
    def valid_from(self) -> date:
        return self.held_before or REGULATIONS[self.regulation].holds_from

    def value(self, name: str) -> int:
        return dict(self.values)[name]

    @property
    def citation(self) -> str:
        return REGULATIONS[self.regulation].cite(self.article)
