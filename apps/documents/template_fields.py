"""What a committee's own Word template may be of, and the fields that each kind offers, as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apps.rules.kinds import Kind


class TemplateKind(Kind):
    MINUTES = "minutes", "会议记录"
    NOTICE = "notice", "会议通知"
    SIGN_IN = "sign_in", "签到表"
    PLAN = "plan", "年度工作计划"
    RECTIFICATION = "rectification", "整改清单"
    BASICS = "basics", "支部基本情况表"


@dataclass(frozen=True, kw_only=True)
class Field:
    """`parts` where the field is a list: what each of its lines has."""

    name: str
    meaning: str
    parts: tuple[Field, ...] = ()


#: One field a line with what it means; the fields of a list stand further in below it.
WORDS: Mapping[TemplateKind, str] = {
    TemplateKind.MINUTES: """
标题 如：党员大会会议记录
会议名称 登记时的名称
状态 没有归档时写明“尚未归档”，归档后空着
召开单位 党支部全称
届次 第几届支部委员会
党小组 开党小组会的小组
类别 党员大会、支委会等
时间 日期和起止时间
地点 开会地点
主持人 姓名
记录人 姓名
所属年度 组织生活会所属的年度
活动形式 主题党日等的形式
主题 会议主题
主讲人 党课主讲人
党课题目 党课题目
学时 计几个学时
听课人数 党课听课人数
共建单位 一起开展活动的单位
参加的群众 参加的群众人数
应到 应到人数，支委会是应到委员
实到 实到人数
有表决权 有表决权的应到和实到人数
出席 出席人员名单
缺席及原因 缺席人员和原因
不作出席要求 按规定不要求出席的党员
列席 列席人员和职务
会议情况 不分议题写的活动内容、授课情况
议题 每个议题一项
  序号 1、2、3
  名称 议题
  性质 讨论、决定等
  汇报人 姓名
  会前通气 会前和谁通过气
  讨论 讨论情况、各人发言和不同意见
  决议 决定了什么
  落实 任务、责任人和期限
  表决 这个议题的每次表决一项
    内容 表决什么
    方式 举手、无记名投票等
    票数 赞成、反对、弃权
    结果 是否通过
附件 附件名称
更正 归档后的更正
""",
    TemplateKind.NOTICE: """
标题 关于召开……的通知
会议名称 登记时的名称
召开单位 党支部全称
通知对象 全体党员、各位委员等
时间 日期和时间
地点 开会地点
应到人数 要参加的人数
列席人员 请来列席的人
有关要求 会前要做的准备
落款日期 通知的日期
议题 每个议题一项
  序号 1、2、3
  名称 议题
""",
    TemplateKind.SIGN_IN: """
标题 ……签到表
会议名称 登记时的名称
召开单位 党支部全称
时间 日期和时间
地点 开会地点
应到人数 要参加的人数
名单 每人一项，按应到名单
  序号 1、2、3
  姓名 姓名
  备注 预备党员、不作出席要求等
""",
    TemplateKind.PLAN: """
标题 ……年度工作计划
党支部 党支部全称
年度 四位数字
状态 没有定稿时写明“尚未定稿”，定稿后空着
指导思想 计划的第一部分
工作目标 计划的第二部分
月度安排 每个事项一项
  月份 几月，或全年
  事项 做什么
  形式 怎么做
  责任人 姓名
保障措施 计划的第四部分
定稿日期 定稿的日期
""",
    TemplateKind.RECTIFICATION: """
标题 ……问题整改清单
党支部 党支部全称
清单 每个问题一项
  序号 1、2、3
  问题 问题
  整改措施 措施
  责任人 姓名
  时限 期限
  进展 做到哪一步
  销号日期 没有销号的写状态
截至日期 生成的日期
""",
    TemplateKind.BASICS: """
标题 党支部基本情况表
党支部名称 全称
支部类型 普通、联合等
成立时间 日期
上级党组织 名称
党支部书记 姓名
支委分工 职务和姓名，一人一行
党员总数 人数
正式党员 人数
预备党员 人数
女党员 人数
少数民族党员 人数
青年党员 35 岁及以下的人数
老年党员 60 岁及以上的人数
党小组数 个数
本届起止 第几届，从哪天到哪天
下次换届 最晚哪天前
联系人 姓名
联系电话 公开的办公电话
花名册未登记 花名册里没填全的项
截至日期 生成的日期
""",
}


def _read(lines: list[str], *, depth: int) -> tuple[Field, ...]:
    """Takes its lines, and those further in, off the front of `lines`."""
    found = []
    while lines and len(lines[0]) - len(lines[0].lstrip()) == depth:
        name, _, meaning = lines.pop(0).strip().partition(" ")
        found.append(Field(name=name, meaning=meaning, parts=_read(lines, depth=depth + 2)))
    return tuple(found)


FIELDS = {kind: _read(words.strip().splitlines(), depth=0) for kind, words in WORDS.items()}
