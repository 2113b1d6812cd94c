"""Taking rosters out. Each download is a deed; numbers in clear need a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import Entry, record, record_all
from apps.members.models import Member, RosterImport
from apps.members.policies import SECRET_FIELDS, clear_members
from apps.members.roster_columns import RosterForm
from apps.members.roster_export import member_sheet
from apps.members.services import LABELS, require_reason
from apps.ui.export import Sheet
from apps.ui.refusals import Refusal

register(
    {
        "roster.exported": "导出花名册",
        "roster.errors_exported": "下载未导入的行",
        "member.exported": "导出号码全文",
    }
)

#: A larger workbook takes longer than a page may; a branch or a general branch stays far below.
MOST_ROWS = 5_000


class TooMany(Refusal):
    default = f"超过 {MOST_ROWS} 人，请先按党支部筛选，再分次导出。"


class NotAllowed(Refusal):
    default = "名单中有您无权查看号码全文的党员，请取消勾选“导出全文”。"


class NobodyFound(Refusal):
    default = "没有符合条件的党员。"


@transaction.atomic
def export_members(
    *,
    members: QuerySet[Member],
    clear: bool,
    reason: str,
    criteria: str,
    actor: User,
    today: date,
    form: RosterForm = RosterForm.FULL,
) -> Sheet:
    """The sheet to download, with the deed in the trail; numbers in clear leave one with each person too."""
    rows = list(members[: MOST_ROWS + 1])
    if not rows:
        raise NobodyFound
    if len(rows) > MOST_ROWS:
        raise TooMany
    if clear:
        reason = require_reason(reason)
        if clear_members(actor).filter(pk__in=members.order_by().values("pk")).count() != len(rows):
            raise NotAllowed(field="clear")
    how = "号码全文" if clear else "号码遮盖"
    which = "" if form == RosterForm.FULL else f"{form.label}，"
    words = f"{which}{len(rows)} 人，{how}；条件：{criteria or '无'}"
    record(actor=actor, action="roster.exported", reason=f"{reason}（{words}）" if reason else words)
    if clear:
        _tell_each(rows, reason=reason, actor=actor)
    return member_sheet(rows, clear=clear, today=today, form=form)


def _tell_each(members: Sequence[Member], *, reason: str, actor: User) -> None:
    """Everybody can see on his own page that his numbers went out with a roster (security.md 4.7)."""
    shown = [{"field": name, "label": LABELS[name], "before": "", "after": ""} for name in SECRET_FIELDS]
    entries = [
        Entry(
            "member.exported",
            target=member,
            path=member.path,
            reason=reason,
            changes=[change for change in shown if getattr(member, change["field"])],
        )
        for member in members
    ]
    record_all(actor=actor, entries=entries)


@transaction.atomic
def record_faulty_rows(*, roster: RosterImport, actor: User) -> None:
    """The file holds the cells as they were uploaded, numbers in clear."""
    record(
        actor=actor,
        action="roster.errors_exported",
        target=roster,
        path=roster.path,
        reason=f"{roster.error_count} 行",
    )
