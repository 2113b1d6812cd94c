"""What is often asked of branches although the system has it, and the page where it stands (DIG-1)."""

from __future__ import annotations

from typing import NamedTuple


class KnownFigure(NamedTuple):
    """`words` give it away in a title or a demand; `url_name` is the page that shows it."""

    words: tuple[str, ...]
    what: str
    page: str
    url_name: str


KNOWN = (
    KnownFigure(
        ("花名册", "党员名单", "党员名册", "党员信息表", "党员基本信息", "党员台账"),
        "党员花名册",
        "党员 → 导出",
        "members:list",
    ),
    KnownFigure(
        ("党员人数", "党员数", "党员总数", "党员年龄", "党员结构", "预备党员人数"),
        "党员人数和构成",
        "党员",
        "members:list",
    ),
    KnownFigure(
        (
            "会议次数",
            "三会一课",
            "组织生活",
            "党员大会",
            "支委会次数",
            "主题党日",
            "党课次数",
            "会议记录",
            "会议台账",
        ),
        "会议活动的次数和记录",
        "组织生活",
        "meetings:list",
    ),
    KnownFigure(
        ("会议次数", "三会一课情况", "三会一课完成", "落实情况统计", "组织生活统计"),
        "各支部完成情况",
        "今日关注",
        "workbench:board",
    ),
    KnownFigure(
        ("任期", "换届", "届满", "支部设置", "组织设置", "党小组数"),
        "届次、任期和组织设置",
        "组织机构",
        "branches:organization_list",
    ),
    KnownFigure(
        ("支委名单", "班子成员", "支委分工", "书记名单", "支部委员名册"),
        "班子成员和分工",
        "任职",
        "branches:post_list",
    ),
    KnownFigure(
        ("谈心谈话次数", "谈心谈话情况", "谈心谈话台账", "谈心谈话统计"),
        "谈心谈话的次数（内容不上报）",
        "谈心谈话次数",
        "talks:counts",
    ),
    KnownFigure(("学时", "学习台账", "学习情况统计"), "党员学时", "学时", "workbench:study"),
    KnownFigure(
        ("走访慰问情况", "走访台账", "慰问台账", "帮扶台账", "表彰情况", "志愿服务情况"),
        "走访、慰问、表彰等记录",
        "工作纪实",
        "worklog:list",
    ),
    KnownFigure(("年度计划", "工作计划"), "各支部的年度计划", "计划", "plans:list"),
    KnownFigure(
        ("整改台账", "整改清单", "问题清单", "整改情况"),
        "问题整改和销号情况",
        "任务 → 整改台账",
        "tasks:rectification_list",
    ),
    KnownFigure(
        ("诉求台账", "群众诉求", "急难愁盼", "诉求办理情况"),
        "诉求及办理情况",
        "任务 → 诉求台账",
        "tasks:concern_list",
    ),
    KnownFigure(
        ("传达情况", "传达学习情况", "上级来文", "文件传达", "贯彻落实情况"),
        "上级来文的传达和落实",
        "任务 → 上级来文台账",
        "meetings:directive_list",
    ),
)


def known_in(text: str) -> list[KnownFigure]:
    """What of the demand is here already, each page once."""
    found = {figure.page: figure for figure in KNOWN if any(word in text for word in figure.words)}
    return list(found.values())


def workload(*, minutes: int, branches: int) -> str:
    """What a demand costs all branches together, in words."""
    hours, rest = divmod(minutes * branches, 60)
    total = "".join([f"{hours} 小时" if hours else "", f" {rest} 分钟" if rest else ""]).strip()
    days = minutes * branches / 480
    about = f"，约合一个人 {days:.1f} 个工作日" if days >= 1 else ""
    return f"每个支部约 {minutes} 分钟 × {branches} 个支部，合计约 {total}{about}"
