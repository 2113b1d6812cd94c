"""The invented town of the demo: its branches, its people's names, and what its meetings dealt with.

Every person, place and unit is made up.
"""

from __future__ import annotations

from dataclasses import dataclass

from apps.rules.kinds import ActivityForm, BranchForm, ItemNature, Topic


@dataclass(frozen=True, kw_only=True)
class BranchPlan:
    """One branch of the demo. `gap` names what is missing in its records, for the organizer to find."""

    name: str
    short: str
    members: int
    groups: int = 0
    form: str = BranchForm.ORDINARY
    is_village: bool = False
    with_committee: bool = True
    under_general: bool = False
    has_secretary: bool = True
    term_age_months: int = 20
    probationary: int = 1
    exempt: int = 0
    mobile: int = 0
    units: int = 1
    gap: str = ""


TOWN = "青川镇"
COMMITTEE = "中共青川镇委员会"
GENERAL_BRANCH = "青川镇涉农单位党总支"
BRANCHES = (
    BranchPlan(name="青川镇机关第一党支部", short="机关一支部", members=26, groups=2, exempt=1),
    BranchPlan(name="青川镇机关第二党支部", short="机关二支部", members=22, gap="general"),
    BranchPlan(name="青川镇中心小学党支部", short="小学支部", members=34, groups=3, exempt=2, gap="tasks"),
    BranchPlan(name="青川镇卫生院党支部", short="卫生院支部", members=20, term_age_months=32),
    BranchPlan(
        name="柳树村党支部", short="柳树村支部", members=48, groups=4, is_village=True, exempt=6, mobile=5
    ),
    BranchPlan(
        name="石桥社区党支部",
        short="石桥社区支部",
        members=40,
        groups=3,
        is_village=True,
        exempt=5,
        mobile=2,
        term_age_months=50,
        gap="quarter",
    ),
    BranchPlan(
        name="青川镇企业联合党支部",
        short="企业联合支部",
        members=14,
        form=BranchForm.JOINT,
        with_committee=False,
        units=3,
    ),
    BranchPlan(
        name="青川镇离退休干部党支部",
        short="离退休支部",
        members=36,
        groups=2,
        form=BranchForm.RETIRED,
        exempt=14,
        probationary=0,
    ),
    BranchPlan(
        name="水库除险加固工程临时党支部",
        short="水库临时支部",
        members=9,
        form=BranchForm.TEMPORARY,
        with_committee=False,
        probationary=0,
        term_age_months=8,
    ),
    BranchPlan(
        name="青川镇外出务工流动党员党支部",
        short="流动党员支部",
        members=26,
        form=BranchForm.MOBILE,
        mobile=26,
        term_age_months=38,
        gap="themed",
    ),
    BranchPlan(
        name="青川镇供销社党支部",
        short="供销社支部",
        members=6,
        with_committee=False,
        under_general=True,
    ),
    BranchPlan(
        name="青川镇农技站党支部",
        short="农技站支部",
        members=3,
        with_committee=False,
        under_general=True,
        has_secretary=False,
        gap="general",
    ),
)

SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "志强 秀英 建国 桂兰 海涛 丽华 国平 玉梅 明辉 春燕 永福 雪梅 卫东 红霞 文斌 美玲 立新 淑芬 俊杰 晓燕 "
    "振华 秋菊 宏伟 金凤 长青 佳怡 学文 巧云 德胜 雨欣 光明 素珍 一鸣 静怡 少军 月娥 大勇 思远 凤英 浩然"
).split()
UNITS = "镇党政办 镇农业服务中心 镇便民服务中心 镇财政所 镇文化站 镇自然资源所".split()
JOBS = "科员 主任 副主任 会计 教师 护士 网格员 技术员 驾驶员 村民".split()
EDUCATION = "高中 中专 大专 大学本科 大学本科 硕士研究生".split()
PLACES = "镇机关三楼会议室 支部活动室 党群服务中心 村委会会议室".split()
TOWNS_AWAY = "滨江市开发区 南岭市高新区 东湖县城关镇".split()


@dataclass(frozen=True, kw_only=True)
class Theme:
    title: str
    form: str
    topic: str
    did: str


THEMES = (
    Theme(
        title="重温入党誓词、交纳党费",
        form=ActivityForm.STUDY,
        topic=Topic.POLITICAL_STUDY,
        did="集体重温入党誓词，学习党章第一章，3 名党员结合岗位谈体会，会上收缴本月党费。",
    ),
    Theme(
        title="清理河道志愿服务",
        form=ActivityForm.VOLUNTEERING,
        topic=Topic.GOVERNANCE,
        did="沿柳河清理漂浮物和岸边垃圾约两公里，向沿岸住户发放垃圾分类明白纸 120 份。",
    ),
    Theme(
        title="参观村史馆",
        form=ActivityForm.VISIT,
        topic=Topic.POLITICAL_STUDY,
        did="听老支书讲修渠引水的经过，现场讨论怎样把当年的办法用到今年的抗旱里。",
    ),
    Theme(
        title="高标准农田建设现场讨论",
        form=ActivityForm.DISCUSSION,
        topic=Topic.CENTRAL_WORK,
        did="到项目现场查看沟渠走向，逐户听取意见 9 条，定下每周一碰头、党员分片联系。",
    ),
    Theme(
        title="走访困难党员和老党员",
        form=ActivityForm.CARE,
        topic=Topic.OTHER,
        did="分三组走访 11 户，登记看病、用水、危房三类困难 6 件，明确了负责人。",
    ),
    Theme(
        title="与工会联合开展安全知识竞赛",
        form=ActivityForm.CONTEST,
        topic=Topic.MASS_ORGANIZATIONS,
        did="四支队伍参加，重点是用电、用气和防汛，答错最多的题目整理成提示贴在各办公室。",
    ),
    Theme(
        title="居民议事会：小区停车怎么管",
        form=ActivityForm.DISCUSSION,
        topic=Topic.CONSULTATION,
        did="请 14 名居民代表到会，定下老人接送车位优先、夜间共享学校操场两条办法。",
    ),
    Theme(
        title="观看廉政警示片并讨论",
        form=ActivityForm.FILM,
        topic=Topic.INTEGRITY,
        did="观看后围绕惠农资金发放逐条对照，查出公示不及时的问题 2 个，当场落实整改人。",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Decision:
    title: str
    nature: str
    discussion: str
    resolution: str
    task: str = ""


COMMITTEE_ITEMS = (
    Decision(
        title="传达学习上级会议精神",
        nature=ItemNature.POLITICAL_STUDY,
        discussion="书记领学，委员逐一发言，认为关键是把要求落到本单位的具体事上。",
        resolution="列入下次党员大会学习内容。",
    ),
    Decision(
        title="研究本月主题党日安排",
        nature=ItemNature.PARTY_AFFAIRS,
        discussion="宣传委员提出两个方案，多数同意到一线去办；组织委员提醒照顾行动不便的老党员。",
        resolution="按第一方案组织，行动不便的同志送学上门。",
        task="准备主题党日物资并通知到人",
    ),
    Decision(
        title="讨论入党积极分子培养考察情况",
        nature=ItemNature.PARTY_AFFAIRS,
        discussion="培养联系人汇报半年情况，纪检委员补充群众意见，认为还需在一线多锻炼。",
        resolution="继续培养考察，下半年安排到项目上锻炼。",
    ),
    Decision(
        title="研究党费使用和困难党员慰问",
        nature=ItemNature.PARTY_AFFAIRS,
        discussion="逐户核对名单，对一户是否列入有不同意见，决定补充走访后再定。",
        resolution="同意慰问 5 户，经费从党费列支，走访后补充名单。",
        task="走访困难党员并报慰问名单",
    ),
    Decision(
        title="研究重点项目党员包片",
        nature=ItemNature.CENTRAL_WORK,
        discussion="按居住地分片，委员各带一组；外出党员由组长电话联系。",
        resolution="分六片包干，每周汇总一次。",
        task="公布党员包片名单",
    ),
)
GENERAL_ITEMS = (
    Decision(
        title="听取支部委员会工作报告",
        nature=ItemNature.PARTY_AFFAIRS,
        discussion="党员提出学习内容可以更贴近工作、活动通知要提前三天两条意见。",
        resolution="同意工作报告，两条意见交支委会办理。",
    ),
    Decision(
        title="讨论年度工作计划",
        nature=ItemNature.PARTY_AFFAIRS,
        discussion="大家认为每月一件实事可行，建议把责任人写到个人。",
        resolution="通过年度工作计划。",
        task="印发年度工作计划",
    ),
    Decision(
        title="讨论公共用水管护办法",
        nature=ItemNature.CENTRAL_WORK,
        discussion="有党员担心收费标准，经说明后同意试行半年再评估。",
        resolution="同意试行，年底向党员大会报告情况。",
    ),
)
LECTURES = ("把小事办实就是党性", "从村史看组织的力量", "学习新修订的发展党员工作细则", "当好群众身边的党员")
ASSIGNMENTS = (
    ("核对党员花名册", "请逐人核对手机号和居住地，在系统里点“已核实”即可，不另报表。"),
    ("开展冬季安全隐患自查", "自查用电、用火，发现问题登记为任务。"),
    ("上报明年活动场所维修需求", "没有需求的直接办结并写“无”。"),
)
OPINIONS = (
    "同意，建议明确到人、按期反馈。",
    "同意，先在一个组试行，见效再推开。",
    "赞成，但通知要提前三天，方便上班的同志请假。",
    "同意，行动不便的老党员由我上门去说。",
    "没有意见，会后我负责把名单核一遍。",
    "同意，费用要公开，月底贴到公开栏。",
    "赞成，建议和下次主题党日合在一起办。",
    "同意，外出的同志由组长打电话征求意见。",
)
