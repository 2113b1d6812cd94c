"""The fields by which a committee's own template names what stands in a document: plain words and lists of
plain words, nothing that leads anywhere (security.md T09). The names are the words that secretaries use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apps.documents.facts_sitting import motion_lines
from apps.documents.queries import NONE, TO_FILL_IN, Paper
from apps.documents.queries_branch import day_words
from apps.documents.template_fields import FIELDS, TemplateKind
from apps.meetings import minutes
from apps.meetings.models import Meeting, MeetingState
from apps.meetings.queries import called_to
from apps.plans.models import AnnualPlan
from apps.rules.kinds import PlanState
from apps.ui.docx import Grid, Text

Values = dict[str, Any]
K = TemplateKind


#: Lines of the table of basics that a template calls by a plainer name.
BASICS_NAMES = {"其中：正式党员": "正式党员", "35 岁及以下": "青年党员", "60 岁及以上": "老年党员"}
SPOKEN = ("讨论情况", "发言", "不同意见")


def values_of(paper: Paper) -> Values:
    """What the template of this paper is filled with; every field is there, the empty ones too."""
    kind = TemplateKind(paper.form)
    found = VALUES[kind](paper)
    return {field.name: found.get(field.name, [] if field.parts else "") for field in FIELDS[kind]}


def _minutes(paper: Paper) -> Values:
    meeting: Meeting = paper.source
    lines = {label.removesuffix("委员"): value for label, value in _record_lines(meeting)}
    return {name: value or NONE for name, value in lines.items()} | {
        "标题": paper.title,
        "会议名称": meeting.title,
        "状态": _state(meeting),
        "会议情况": str(getattr(getattr(meeting, "minutes", None), "summary", "")),
        "议题": [_item(record) for record in minutes.item_records(meeting)],
        "附件": minutes.joined((file.name for file in meeting.attachments.all()), mark="；") or NONE,
        "更正": minutes.joined((f"{row.text}（{row.reason}）" for row in meeting.addenda.all()), mark="\n"),
    }


def _state(meeting: Meeting) -> str:
    if meeting.state == MeetingState.CANCELLED:
        return f"已取消：{meeting.cancel_reason}"
    return "" if meeting.state == MeetingState.CLOSED else f"{meeting.get_state_display()}，尚未归档"


def _record_lines(meeting: Meeting) -> minutes.Lines:
    return minutes.head_lines(meeting) + minutes.roll_lines(meeting)


def _item(record: minutes.ItemRecord) -> Values:
    return {
        "序号": str(record.number),
        "名称": record.title,
        **{name: _told(record.before, name) for name in ("性质", "汇报人", "会前通气")},
        "讨论": _told(record.before, *SPOKEN),
        **{name: _told(record.after, name) for name in ("决议", "落实")},
        "表决": [_vote(dict(motion_lines(motion))) for motion in record.motions],
    }


def _told(lines: minutes.Lines, *labels: str) -> str:
    return "\n".join(value for label, value in lines if label in labels and value) or NONE


def _vote(lines: Mapping[str, str]) -> Values:
    votes = [f"{label}：{value}" for label, value in lines.items() if label.startswith("候选人")]
    return {
        "内容": lines["表决内容"],
        "方式": lines["方式"],
        "票数": lines.get("票数") or "；".join(votes),
        "结果": lines["结果"],
    }


def _notice(paper: Paper) -> Values:
    meeting: Meeting = paper.source
    written = getattr(meeting, "minutes", None)
    return _sitting(paper) | {
        "通知对象": _texts(paper)[0].removesuffix("："),
        "列席人员": str(getattr(written, "invitees", "")) or NONE,
        "有关要求": str(getattr(written, "notice", "")) or NONE,
        "落款日期": _texts(paper)[-1],
        "议题": [
            {"序号": str(number), "名称": item.title}
            for number, item in enumerate(meeting.items.all(), start=1)
        ],
    }


def _sitting(paper: Paper) -> Values:
    meeting: Meeting = paper.source
    return {
        "标题": paper.title,
        "会议名称": meeting.title,
        "召开单位": meeting.organization.name,
        "时间": minutes.when(meeting),
        "地点": meeting.place or "另行通知",
        "应到人数": str(sum(not one.exempt for one in called_to(meeting))),
    }


def _sign_in(paper: Paper) -> Values:
    """The spare lines of our own sheet are the template's own business."""
    named = [row for row in _rows(paper) if row["姓名"] != TO_FILL_IN]
    return _sitting(paper) | {"名单": [row | {"备注": row["备注"].strip(TO_FILL_IN)} for row in named]}


def _plan(paper: Paper) -> Values:
    plan: AnnualPlan = paper.source
    return {
        "标题": paper.title,
        "党支部": plan.branch.name,
        "年度": str(plan.year),
        "状态": "起草中，尚未定稿" if plan.state == PlanState.DRAFT else "",
        "指导思想": plan.guiding or NONE,
        "工作目标": plan.goals or NONE,
        "保障措施": plan.safeguards or NONE,
        "定稿日期": day_words(plan.filed_on),
        "月度安排": _rows(paper),
    }


def _rectification(paper: Paper) -> Values:
    branch = paper.source.branch.name
    return {
        "标题": paper.title,
        "党支部": branch,
        "截至日期": day_words(paper.source.today),
        "清单": _rows(paper),
    }


def _basics(paper: Paper) -> Values:
    lines = next(block for block in paper.blocks if isinstance(block, Grid)).rows
    named = {BASICS_NAMES.get(label, label): value for label, value in lines}
    return named | {"标题": paper.title, "截至日期": day_words(paper.source.today)}


VALUES: Mapping[TemplateKind, Callable[[Paper], Values]] = {
    K.MINUTES: _minutes,
    K.NOTICE: _notice,
    K.SIGN_IN: _sign_in,
    K.PLAN: _plan,
    K.RECTIFICATION: _rectification,
    K.BASICS: _basics,
}


def _rows(paper: Paper) -> list[Values]:
    """The lines of the one table of our own form, by the names of its columns."""
    grids = [block for block in paper.blocks if isinstance(block, Grid)]
    return [
        {name: str(value) for name, value in zip(grid.header, row, strict=True) if name != "签名"}
        for grid in grids
        for row in grid.rows
    ]


def _texts(paper: Paper) -> list[str]:
    return [block.text for block in paper.blocks if isinstance(block, Text)]
