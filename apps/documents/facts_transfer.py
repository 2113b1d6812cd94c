"""What whoever issues a letter of introduction asks about a member who moves (MEM-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from apps.documents.queries import NONE, TO_SIGN, Paper
from apps.documents.queries_branch import age_on, day_words
from apps.members.models import Member
from apps.ui.docx import Block, Grid, Text

TO_BE_WRITTEN = "【请填写】"
#: Numbers and addresses stay out of the file: whoever hands it in writes them by hand.
BY_HAND = "【手工填写，不存进文件】"
BEFORE_ISSUING = "本表供上级党组织开具组织关系介绍信或者在网上办理转接时核对，不是介绍信。"
WHY_NOW = "工作单位或者住处变动、外出六个月以上且地点固定的，应当转移组织关系。"
STAYS = "接收方接收以前，仍由原支部管理。"


def transfer_paper(member: Member, *, today: date) -> Paper:
    return Paper(
        label="组织关系转接登记表",
        title="党员组织关系转接登记表",
        blocks=_transfer(member, today=today),
        file_name=f"{member.person.name}组织关系转接登记表",
    )


def _transfer(member: Member, *, today: date) -> Iterator[Block]:
    born = member.born_on
    age = f"（{age_on(today, born_on=born)} 岁）" if born else ""
    lines = [
        ("姓名", member.person.name),
        ("性别", member.get_sex_display()),
        ("民族", member.ethnicity),
        ("出生日期", f"{day_words(born)}{age}"),
        ("身份证号", BY_HAND),
        ("学历", member.education),
        ("人员类别", member.get_status_display()),
        ("入党日期", day_words(member.admitted_on)),
        ("转正日期", day_words(member.full_since)),
        ("所在党支部", member.branch.name),
        ("上级党组织", member.branch.parent.name if member.branch.parent else ""),
        ("工作单位、岗位", " ".join(one for one in (member.work_unit, member.job_title) if one)),
        ("转出原因", TO_BE_WRITTEN),
        ("转往的党组织（全称）", TO_BE_WRITTEN),
        ("党费交至", "【　　年　　月】"),
        ("本人电话、住址", BY_HAND),
        ("接收方联系人、电话", BY_HAND),
    ]
    yield Grid([(label, value or NONE) for label, value in lines], widths=(2, 5))
    yield Text("支部意见：", style="Flush")
    yield Text("支部书记（签字）：", style="Flush")
    yield Text(f"填表日期：{TO_SIGN}", style="Signature")
    yield Text(f"说明：{BEFORE_ISSUING}{WHY_NOW}{STAYS}", style="Cell")
