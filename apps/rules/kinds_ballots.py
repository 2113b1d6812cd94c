"""The closed lists of secret ballots."""

from __future__ import annotations

from apps.rules.kinds import Kind


class PollPurpose(Kind):
    APPRAISAL = "appraisal", "班子和书记民主测评"
    MEMBERS = "members", "民主评议党员"
    MOTION = "motion", "议题表决"
    OTHER = "other", "其他测评"


class PollMode(Kind):
    PAPER = "paper", "纸质票，计票后录入"
    SEALED = "sealed", "网上无记名投票"


class PollState(Kind):
    DRAFT = "draft", "起草中"
    OPEN = "open", "投票中"
    CLOSED = "closed", "已截止，待开票"
    OPENED = "opened", "已出结果"
    DESTROYED = "destroyed", "已作废，未开票"


class Electorate(Kind):
    VOTING = "voting", "有表决权的正式党员"
    ALL = "all", "全体党员（含预备党员）"
    COMMITTEE = "committee", "支部委员会成员"


class Scale(Kind):
    GOOD = "good", "好、较好、一般、差、不了解"
    MEMBER = "member", "优秀、合格、基本合格、不合格"
    VOTE = "vote", "赞成、反对、弃权"
    TEXT = "text", "文字意见"


#: What stands on the sheet under each scale, best first. A text has no grades.
GRADES: dict[Scale, tuple[str, ...]] = {
    Scale.GOOD: ("好", "较好", "一般", "差", "不了解"),
    Scale.MEMBER: ("优秀", "合格", "基本合格", "不合格"),
    Scale.VOTE: ("赞成", "反对", "弃权"),
    Scale.TEXT: (),
}
