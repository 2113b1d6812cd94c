"""The closed lists of the domain: every kind of organization, post, sitting, matter and grade.

Each member carries its Chinese label, so that models, forms and pages take their words from one place.
English words follow the vocabulary of the field.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Kind(StrEnum):
    """A string enum whose members carry the Chinese word a secretary reads."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]


class OrgKind(Kind):
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"


class BranchForm(Kind):
    ORDINARY = "ordinary", "普通党支部"
    JOINT = "joint", "联合党支部"
    TEMPORARY = "temporary", "临时党支部"
    MOBILE = "mobile", "流动党员党支部"
    RETIRED = "retired", "离退休干部职工党支部"


class PostKind(Kind):
    SECRETARY = "secretary", "支部书记"
    DEPUTY_SECRETARY = "deputy_secretary", "支部副书记"
    ORGANIZATION = "organization", "组织委员"
    PUBLICITY = "publicity", "宣传委员"
    DISCIPLINE = "discipline", "纪检委员"
    YOUTH = "youth", "青年委员"
    GROUP_LEADER = "group_leader", "党小组组长"
    ORGANIZER = "organizer", "组织员"
    COMMITTEE_SECRETARY = "committee_secretary", "上级党委（总支）书记"


#: Posts that make up a branch committee (支部委员会), ZB 20.
COMMITTEE_POSTS = frozenset(
    {
        PostKind.SECRETARY,
        PostKind.DEPUTY_SECRETARY,
        PostKind.ORGANIZATION,
        PostKind.PUBLICITY,
        PostKind.DISCIPLINE,
        PostKind.YOUTH,
    }
)


class MemberStatus(Kind):
    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"


class MembershipState(Kind):
    ACTIVE = "active", "正常"
    SUSPENDED = "suspended", "停止党籍"
    REMOVED = "removed", "除名或出党"
    LEFT = "left", "已转出"
    DIED = "died", "已去世"


class ExemptReason(Kind):
    """Why a member is not asked to attend (JY 23)."""

    AGE = "age", "年老体弱"
    ILLNESS = "illness", "长期患病或行动不便"


class VoteException(Kind):
    """Why a full member has no vote at all (XJ 5, VOTE-5)."""

    PROBATION_IN_PARTY = "probation_in_party", "留党察看期间"
    DETAINED = "detained", "被留置、逮捕，党员权利暂停"


class ElectionExclusion(Kind):
    """Why a full member is left out of the count in elections only (VOTE-6)."""

    CANNOT_EXPRESS = "cannot_express", "患病不能表达本人意志"
    ABROAD = "abroad", "自费出国（境）半年以上"
    SERVING_SENTENCE = "serving_sentence", "虽未受留党察看以上处分但正在服刑"
    INFIRM = "infirm", "年老、卧床或长期患病，生活不能自理"
    AWAY = "away", "调动、借调、外出学习半年以上，按规定应转未转组织关系"


class MeetingKind(Kind):
    """Purposes of a sitting; one sitting may serve several."""

    GENERAL = "general", "党员大会"
    COMMITTEE = "committee", "支委会"
    GROUP = "group", "党小组会"
    LECTURE = "lecture", "党课"
    THEMED_DAY = "themed_day", "主题党日"
    ORG_LIFE_MEETING = "org_life_meeting", "组织生活会"
    MEMBER_EVALUATION = "member_evaluation", "民主评议党员"
    OTHER = "other", "其他活动"


class ActivityForm(Kind):
    STUDY = "study", "集中学习"
    DISCUSSION = "discussion", "讨论交流"
    VISIT = "visit", "参观见学"
    VOLUNTEERING = "volunteering", "志愿服务"
    FILM = "film", "观影"
    JOINT = "joint", "联建共建"
    LECTURE = "lecture", "授课报告"
    CARE = "care", "走访慰问"
    CONTEST = "contest", "知识竞赛"
    OTHER = "other", "其他形式"


class Topic(Kind):
    POLITICAL_STUDY = "political_study", "政治理论学习"
    CENTRAL_WORK = "central_work", "中心工作"
    CONSULTATION = "consultation", "民主协商"
    MASS_ORGANIZATIONS = "mass_organizations", "群团共建"
    GOVERNANCE = "governance", "基层治理"
    INTEGRITY = "integrity", "廉洁教育"
    ADMISSION = "admission", "发展党员"
    DUES = "dues", "党费收缴"
    OTHER = "other", "其他"


class ItemNature(Kind):
    """What an agenda item is about; tells Party affairs from administrative business."""

    POLITICAL_STUDY = "political_study", "政治学习（第一议题）"
    PARTY_AFFAIRS = "party_affairs", "党务"
    CENTRAL_WORK = "central_work", "中心工作"
    ADMINISTRATIVE = "administrative", "行政业务"
    OTHER = "other", "其他"


class PartnerKind(Kind):
    BRANCH = "branch", "其他党支部"
    UNIT = "unit", "其他单位"
    EXPERT_POOL = "expert_pool", "党建智库"
    CONGRESS = "congress", "党建工作代表大会"
    ADMINISTRATION = "administration", "行政"
    UNION = "union", "工会"
    YOUTH_LEAGUE = "youth_league", "共青团"
    WOMEN = "women", "妇联"
    SOCIAL = "social", "社会组织"


class ConsultationKind(Kind):
    """The five kinds of consultation (五个通气)."""

    MAJOR = "major", "重大问题必通气"
    ROUTINE = "routine", "常规工作常通气"
    OVERALL = "overall", "全局工作主动通气"
    BEFORE_DECISION = "before_decision", "决策之前先通气"
    DISAGREEMENT = "disagreement", "意见不一反复通气"


class AttendanceStatus(Kind):
    PRESENT = "present", "出席"
    PERSONAL_LEAVE = "personal_leave", "事假"
    SICK_LEAVE = "sick_leave", "病假"
    OFFICIAL_LEAVE = "official_leave", "公假"
    ABSENT = "absent", "缺席"
    EXEMPT = "exempt", "不作出席要求"


class Matter(Kind):
    """What is decided; the matter fixes who is entitled and which majority holds (A3)."""

    ORDINARY = "ordinary", "党员大会一般事项"
    ADMISSION = "admission", "接收预备党员"
    CONFIRMATION = "confirmation", "预备党员转正、延长或取消"
    ELECTION = "election", "党员大会选举"
    EXCLUSION = "exclusion", "选举时不计入应到会人数"
    DISCIPLINE = "discipline", "表彰、组织处置、纪律处分"
    COMMITTEE_DECISION = "committee_decision", "支委会决定"
    COMMITTEE_ELECTION = "committee_election", "支委会选举书记、副书记"
    GROUP_OPINION = "group_opinion", "党小组会形成意见"


class VoteMethod(Kind):
    SECRET_BALLOT = "secret_ballot", "无记名投票"
    SHOW_OF_HANDS = "show_of_hands", "举手"
    ORAL = "oral", "口头表决"
    SIGNED_BALLOT = "signed_ballot", "记名投票"


class Strength(Kind):
    MUST = "must", "应当"
    GENERALLY = "generally", "一般应当"
    LOCAL = "local", "上级党组织规定"


class Sureness(Kind):
    """How well the source of a rule was checked."""

    VERIFIED = "V", "已对照条文"
    SECONDARY = "S", "依据公开资料"
    MEMORY = "M", "待核对原文"
    CONFLICT = "C", "各地规定不一，以上级要求为准"


class Period(Kind):
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF_YEAR = "half_year", "每半年"
    YEAR = "year", "每年"
    FOR_YEAR = "for_year", "每年度（可跨年召开）"
    TERM = "term", "每届"


class DutyState(Kind):
    DONE = "done", "已完成"
    DUE = "due", "待完成"
    OVERDUE = "overdue", "已逾期"
    NOT_APPLICABLE = "not_applicable", "不作要求"
    EXCUSED = "excused", "已说明免做"
    UNKNOWN = "unknown", "尚无法判断"


class TaskKind(Kind):
    OWN = "own", "自定任务"
    RESOLUTION = "resolution", "决议落实"
    ASSIGNED = "assigned", "上级交办"
    CONCERN = "concern", "诉求办理"
    RECTIFICATION = "rectification", "问题整改"
    DIRECTIVE = "directive", "上级来文"


class NoteKind(Kind):
    """What a line under a task says. Three kinds are feedback to those who assigned it (DIG-3)."""

    PROGRESS = "progress", "进展"
    KNOWN = "known", "系统里已有"
    QUESTION = "question", "对要求有疑问"
    FEEDBACK = "feedback", "其他反馈"
    REPORTED = "reported", "报告办结"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "验收通过"
    REOPENED = "reopened", "重新办理"


FEEDBACK_KINDS = (NoteKind.KNOWN, NoteKind.QUESTION, NoteKind.FEEDBACK)


class ConcernSource(Kind):
    """Who raised a concern (诉求)."""

    MEMBER = "member", "党员"
    PUBLIC = "public", "群众"


class ProblemSource(Kind):
    """How a problem to be rectified was found (OL-3)."""

    SELF_CHECK = "self_check", "支部自查"
    ORG_LIFE_MEETING = "org_life_meeting", "组织生活会查摆"
    MEMBER_EVALUATION = "member_evaluation", "民主评议"
    OPINIONS = "opinions", "征求意见"
    INSPECTION = "inspection", "上级检查"
    PATROL = "patrol", "巡察巡视"
    WORK_REVIEW = "work_review", "述职评议考核"
    COMPLAINT = "complaint", "信访举报"
    OTHER = "other", "其他"


#: Problems that the branch came upon by itself; the others were pointed out to it.
SELF_FOUND = frozenset(
    {
        ProblemSource.SELF_CHECK,
        ProblemSource.ORG_LIFE_MEETING,
        ProblemSource.MEMBER_EVALUATION,
        ProblemSource.OPINIONS,
    }
)


class Aspect(Kind):
    """The six aspects under which the standards of a branch's record stand."""

    QUALITY = "quality", "书记素质"
    ABILITY = "ability", "书记能力"
    DUTY = "duty", "书记责任"
    TEAM = "team", "班子建设"
    MEMBERS = "members", "队伍管理"
    FOUNDATION = "foundation", "基层基础"


class Polarity(Kind):
    POSITIVE = "positive", "应做到"
    WARNING = "warning", "应避免"


class EvidenceSort(Kind):
    """By what a standard is judged: figures from the records, what people answer, or the review group."""

    MEASURE = "measure", "记录计算"
    APPRAISAL = "appraisal", "无记名测评"
    REVIEW = "review", "上级评审组评定"


class PlanState(Kind):
    DRAFT = "draft", "起草中"
    FILED = "filed", "已定稿"


class Progress(Kind):
    """How far an item of a plan or a goal of a term has come."""

    NOT_STARTED = "not_started", "未开始"
    UNDER_WAY = "under_way", "进行中"
    DONE = "done", "已完成"
    POSTPONED = "postponed", "已推迟"
    CANCELLED = "cancelled", "已取消"


class TalkPair(Kind):
    """Who talks with whom, by the posts of that day (ZB 19)."""

    COMMITTEE = "committee", "支委之间"
    MIXED = "mixed", "支委与党员"
    MEMBERS = "members", "党员之间"


class TalkOccasion(Kind):
    ROUTINE = "routine", "常规谈心"
    BEFORE_MEETING = "before_meeting", "组织生活会前"
    MUST = "must", "必谈"
    REMINDER = "reminder", "提醒谈话"
    CARE = "care", "关怀谈话"


class TalkTrigger(Kind):
    """What makes a talk a must (TALK-2 and local additions)."""

    HARDSHIP = "hardship", "生活困难或家庭变故"
    HEALTH = "health", "身体或心理健康问题"
    SANCTION = "sanction", "受处分或组织处理"
    COMPLAINT = "complaint", "有群众反映"
    POST_CHANGE = "post_change", "职务或岗位变动"
    MOBILE = "mobile", "流动外出"
    NEW_MEMBER = "new_member", "新党员、预备党员"
    ELDERLY = "elderly", "年老体弱"
    OTHER = "other", "其他情形"


class TalkWay(Kind):
    IN_PERSON = "in_person", "当面"
    PHONE = "phone", "电话"
    VIDEO = "video", "视频"
    VISIT = "visit", "上门"


class TalkState(Kind):
    PLANNED = "planned", "已约定"
    HELD = "held", "已谈"
    CLOSED = "closed", "已谈并办结"
    CANCELLED = "cancelled", "已取消"
