"""What is due how often: the cadences as module data, and the overrides of committees above a branch.

Module data rather than a fixture: it is versioned with the code that reads it, typed, reviewed in one diff
and importable without a database. Local changes live in the database and arrive here as `Override` values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from apps.rules.kinds import Kind, MeetingKind, OrgKind, Period, Strength, Sureness
from apps.rules.periods import YearWindow
from apps.rules.regulations import REGULATIONS, ZB_IN_FORCE, HowTo


class Condition(Kind):
    """When a cadence applies to a branch at all."""

    ALWAYS = "always", "所有党支部"
    HAS_COMMITTEE = "has_committee", "设支部委员会的党支部"
    HAS_GROUPS = "has_groups", "划分党小组的党支部"
    NOT_TEMPORARY = "not_temporary", "临时党支部以外的党支部"


#: The annual round for year N: usually from 1 October of N, at the latest on 31 March of N + 1 (OL-1, EV-1).
ANNUAL_ROUND = YearWindow(usual_from=(10, 1), last_day=(3, 31))


@dataclass(frozen=True, kw_only=True, slots=True)
class Cadence:
    code: str
    title: str
    meeting_kind: MeetingKind
    regulation: str
    article: str
    strength: Strength
    sureness: Sureness
    period: Period
    min_count: int
    plain_words: str
    how_to: HowTo
    applies_when: Condition = Condition.ALWAYS
    not_applicable_words: str = ""
    scope: frozenset[OrgKind] = frozenset({OrgKind.BRANCH})
    per_group: bool = False
    #: Held group by group it counts as one sitting of the branch, once every group has held its own.
    joins_groups: bool = False
    window: YearWindow = ANNUAL_ROUND
    valid_from: date = ZB_IN_FORCE
    valid_to: date | None = None
    url: str = ""
    override_of: Cadence | None = None
    override_reason: str = ""
    override_by: str = ""
    waived: bool = False

    @property
    def citation(self) -> str:
        return REGULATIONS[self.regulation].cite(self.article)

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """A committee's own version of a cadence for its subtree. The deepest (nearest) committee wins.

    None leaves that part of the rule as it was; `applies=False` waives the duty. `valid_to` is exclusive.
    """

    code: str
    valid_from: date
    reason: str
    by_name: str
    depth: int
    min_count: int | None = None
    applies: bool | None = None
    period: Period | None = None
    strength: Strength = Strength.LOCAL
    valid_to: date | None = None

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


CADENCES: tuple[Cadence, ...] = (
    Cadence(
        code="MTG-1",
        title="党员大会",
        meeting_kind=MeetingKind.GENERAL,
        regulation="ZB",
        article="第十一条、第十四条",
        strength=Strength.GENERALLY,
        sureness=Sureness.VERIFIED,
        period=Period.QUARTER,
        min_count=1,
        plain_words="党员大会一般每季度召开1次，全体党员参加，由书记召集并主持。",
        how_to=(
            "提前一周定议题，设支委会的先由支委会讨论。",
            "通知全体党员时间、地点和议题，请假的记下原因。",
            "开会先清点人数；要表决的，有表决权的党员半数以上到会。",
            "逐项讨论、表决，当场宣布结果。",
            "会后整理记录，把决议的事定到人、定时限。",
        ),
    ),
    Cadence(
        code="MTG-2",
        title="支委会",
        meeting_kind=MeetingKind.COMMITTEE,
        regulation="ZB",
        article="第十二条",
        strength=Strength.GENERALLY,
        sureness=Sureness.VERIFIED,
        period=Period.MONTH,
        min_count=1,
        applies_when=Condition.HAS_COMMITTEE,
        plain_words="支委会一般每月召开1次，需要时随时召开，半数以上委员到会才能开。",
        not_applicable_words="本支部没有设支部委员会，不需要召开支委会，重要事项直接提交党员大会。",
        how_to=(
            "月初列出本月要商量的事，一般两三项就够。",
            "提前通知各位委员，半数以上到会才能开。",
            "逐项讨论，每位委员都表态。",
            "需要党员大会决定的，先在这里研究再提交。",
            "记下决定、负责人和完成时间。",
        ),
    ),
    Cadence(
        code="MTG-3",
        title="党小组会",
        meeting_kind=MeetingKind.GROUP,
        regulation="ZB",
        article="第十三条、第十四条",
        strength=Strength.GENERALLY,
        sureness=Sureness.VERIFIED,
        period=Period.MONTH,
        min_count=1,
        applies_when=Condition.HAS_GROUPS,
        per_group=True,
        plain_words="党小组会一般每月召开1次，由党小组组长召集并主持。",
        not_applicable_words="本支部没有划分党小组，不需要召开党小组会。",
        how_to=(
            "请党小组组长定好时间，可以借班前会、集中日开。",
            "围绕支部当月安排学习、讨论，一个主题就够。",
            "请每位党员说几句，谈学习也谈工作。",
            "需要支部解决的问题记下来报书记。",
            "由组长或记录人当天补好记录。",
        ),
    ),
    Cadence(
        code="MTG-4",
        title="党课",
        meeting_kind=MeetingKind.LECTURE,
        regulation="ZB",
        article="第十六条",
        strength=Strength.LOCAL,
        sureness=Sureness.VERIFIED,
        period=Period.YEAR,
        min_count=0,
        plain_words="党员应当定期参加党课。支部多久上一次，中央没有规定次数，上级规定后生效。",
        not_applicable_words="中央没有规定次数，上级规定后生效。",
        how_to=(
            "结合近期学习重点定一个题目，不求大。",
            "请书记、委员、先进党员或上级领导来讲。",
            "可以和党员大会、主题党日放在一起开。",
            "讲完留时间讨论，记下大家的收获和问题。",
            "登记时间、主讲人、题目和学时。",
        ),
    ),
    Cadence(
        code="MTG-5",
        title="主题党日",
        meeting_kind=MeetingKind.THEMED_DAY,
        regulation="ZB",
        article="第十六条（另见《中国共产党党员教育管理工作条例》第十六条）",
        strength=Strength.MUST,
        sureness=Sureness.VERIFIED,
        period=Period.MONTH,
        min_count=1,
        plain_words="每月相对固定1天开展主题党日，可安排学习、组织生活、民主议事、志愿服务等。",
        how_to=(
            "和大家约定每月固定的一天，遇事可以调整。",
            "事先由支部定好主题，一次一个主题。",
            "内容从学习、议事、志愿服务中选一两项。",
            "可以同时开党员大会、上党课，只记一次。",
            "议定的事情会后要有人跟进。",
        ),
    ),
    Cadence(
        code="OL-1",
        title="组织生活会",
        meeting_kind=MeetingKind.ORG_LIFE_MEETING,
        regulation="ZB",
        article="第十七条（另见《中国共产党党员教育管理工作条例》第十七条）",
        strength=Strength.GENERALLY,
        sureness=Sureness.VERIFIED,
        period=Period.FOR_YEAR,
        min_count=1,
        applies_when=Condition.NOT_TEMPORARY,
        joins_groups=True,
        plain_words="每年至少召开1次组织生活会，一般安排在第四季度；按上级通知可到次年3月底前召开。",
        not_applicable_words="临时党支部的党员回组织关系所在党支部参加年度组织生活会。",
        how_to=(
            "看上级通知定主题，先组织集中学习。",
            "会前谈心谈话、征求意见，每人写好对照检查。",
            "会上查摆问题，开展批评和自我批评。",
            "会后列出整改清单，一条一条定人定时。",
            "记录时选好「哪一年度」，跨年开的也算上一年度。",
        ),
    ),
    Cadence(
        code="EV-1",
        title="民主评议党员",
        meeting_kind=MeetingKind.MEMBER_EVALUATION,
        regulation="JY",
        article="第十八条（另见《中国共产党支部工作条例（试行）》第十八条，条号待核对）",
        strength=Strength.GENERALLY,
        sureness=Sureness.MEMORY,
        period=Period.FOR_YEAR,
        min_count=1,
        applies_when=Condition.NOT_TEMPORARY,
        joins_groups=True,
        plain_words="一般每年开展1次民主评议党员，可以和组织生活会一并进行。",
        not_applicable_words="临时党支部的党员回组织关系所在党支部参加民主评议。",
        how_to=(
            "可与组织生活会同一天开，人多的先分党小组评。",
            "依次个人自评、党员互评、无记名民主测评。",
            "预备党员参加评议，但不评定等次。",
            "由支委会或党员大会综合给出评定意见。",
            "把意见告诉本人，问题列入整改。",
        ),
    ),
)


def _applied(base: Cadence, override: Override) -> Cadence:
    period = override.period or base.period
    count = base.min_count if override.min_count is None else override.min_count
    asks = f"{period.label}至少{count}次" if count else "不规定次数"
    if override.applies is False:
        asks = "不作要求"
    return replace(
        base,
        period=period,
        min_count=count,
        strength=override.strength,
        plain_words=f"{override.by_name}规定：{asks}（{override.reason}）。原规定：{base.plain_words}",
        waived=override.applies is False,
        override_of=base,
        override_reason=override.reason,
        override_by=override.by_name,
    )


def _version_on(base: Cadence, day: date, *, overrides: Iterable[Override]) -> Cadence | None:
    """The cadence as it stands that day; among overrides the nearest wins, then the more recent one."""
    if not base.in_force_on(day):
        return None
    valid = [item for item in overrides if item.code == base.code and item.in_force_on(day)]
    nearest = max(valid, key=lambda item: (item.depth, item.valid_from), default=None)
    return base if nearest is None else _applied(base, nearest)


def cadences_in_force(day: date, overrides: Iterable[Override] = ()) -> tuple[Cadence, ...]:
    """What holds on one day, with the days it is valid for. For duties over time use `cadences_since`."""
    versions = cadences_since(ZB_IN_FORCE, overrides)
    return tuple(version for version in versions if version.in_force_on(day))


def cadences_since(since: date, overrides: Iterable[Override] = ()) -> tuple[Cadence, ...]:
    """Every version in force on `since` or later, each with the days it is valid for.

    A rule changed in July must not judge January, so the versions are cut at each change; later changes that
    are already known are among them.
    """
    local = tuple(overrides)
    versions = (version for base in CADENCES for version in _versions(base, overrides=local))
    return tuple(version for version in versions if version.valid_to is None or since < version.valid_to)


def _versions(base: Cadence, *, overrides: tuple[Override, ...]) -> list[Cadence]:
    own = [item for item in overrides if item.code == base.code]
    changes = {item.valid_from for item in own} | {item.valid_to for item in own if item.valid_to}
    starts = sorted({base.valid_from, *(day for day in changes if day > base.valid_from)})
    ends: list[date | None] = [*starts[1:], base.valid_to]
    found: list[Cadence] = []
    for start, end in zip(starts, ends, strict=True):
        version = _version_on(base, start, overrides=own)
        if version is None:
            continue
        last = found[-1] if found else None
        if last is not None and replace(version, valid_from=last.valid_from, valid_to=start) == last:
            found[-1] = replace(last, valid_to=end)
        else:
            found.append(replace(version, valid_from=start, valid_to=end))
    return found
