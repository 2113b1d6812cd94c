"""The columns of a roster: what offices call them, how the product writes them, in which order."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from apps.rules.kinds import Kind

#: Hints that offices add to a heading: （年月日）, (18位), *, ：
IN_BRACKETS = re.compile(r"[（(\[【].*?([）)\]】]|$)", re.DOTALL)
DECORATION = re.compile(r"[\s*＊:：、,./|\\_\-★☆※●○■□◆◇▲△#]")


@dataclass(frozen=True, slots=True)
class RosterColumn:
    key: str
    label: str
    also: tuple[str, ...] = ()
    width: int = 12
    note: str = ""


COLUMNS = (
    RosterColumn("number", "序号", ("编号", "号"), 6, "可以不填"),
    RosterColumn("name", "姓名", ("党员姓名", "名字", "党员"), 10, "必填"),
    RosterColumn("sex", "性别", (), 6, "男 或 女；填了身份证号可以不填"),
    RosterColumn("ethnicity", "民族", (), 8, "如 汉族"),
    RosterColumn("native_place", "籍贯", ("出生地",), 14),
    RosterColumn(
        "born_on",
        "出生日期",
        ("出生年月", "出生年月日", "出生时间", "出生", "生日"),
        12,
        "如 1985-03-12；填了身份证号可以不填",
    ),
    RosterColumn(
        "id_number",
        "身份证号",
        (
            "身份证号码",
            "身份证件号",
            "身份证件号码",
            "公民身份号码",
            "公民身份证号",
            "公民身份证号码",
            "居民身份证号",
            "居民身份证号码",
            "身份证",
            "证件号",
            "证件号码",
        ),
        22,
        "18 位，单元格须设为“文本”格式再填写",
    ),
    RosterColumn("education", "学历", ("文化程度", "学历学位", "最高学历", "全日制学历"), 12),
    RosterColumn("degree", "学位", ("最高学位",), 10),
    RosterColumn(
        "work_started_on",
        "参加工作时间",
        ("参加工作日期", "参加工作年月", "参加工作", "工作时间"),
        12,
        "如 2007.08",
    ),
    RosterColumn(
        "work_unit",
        "工作单位",
        (
            "单位",
            "工作单位及职务",
            "现工作单位",
            "现工作单位及职务",
            "单位及职务",
            "工作单位职务",
            "单位名称",
            "所在单位",
        ),
        26,
    ),
    RosterColumn("job_title", "工作岗位", ("岗位", "职务", "行政职务", "职业", "现任职务"), 14),
    RosterColumn(
        "status",
        "人员类别",
        ("党员类型", "党员类别", "类别", "党员身份", "政治面貌"),
        10,
        "正式党员 或 预备党员",
    ),
    RosterColumn(
        "admitted_on",
        "入党日期",
        (
            "入党时间",
            "入党",
            "入党年月",
            "入党年月日",
            "加入党组织时间",
            "加入党组织日期",
            "加入中国共产党时间",
            "加入中国共产党日期",
        ),
        12,
        "支部党员大会通过的日期，如 2010-06-20 或 2010.06",
    ),
    RosterColumn(
        "full_since",
        "转正日期",
        ("转正时间", "转正", "转正年月", "转正年月日", "转为正式党员时间", "转为正式党员日期"),
        12,
        "预备党员不填",
    ),
    RosterColumn("state", "党籍状态", ("党员状态",), 10, "只导入“正常”；其他状态请在党员页面登记"),
    RosterColumn(
        "branch",
        "所在党支部",
        (
            "所在支部",
            "党支部",
            "支部",
            "支部名称",
            "党支部名称",
            "所属党支部",
            "所属支部",
            "党组织",
            "党组织名称",
            "所在党组织",
            "所在党组织名称",
            "所属党组织",
            "所属党组织名称",
        ),
        26,
        "导入到一个支部时可以不填",
    ),
    RosterColumn(
        "group",
        "党小组",
        ("所在党小组", "所属党小组", "所在小组", "小组", "小组名称", "党小组名称"),
        14,
        "须与系统中的名称一致",
    ),
    RosterColumn("post", "党内职务", ("支部职务", "党内任职"), 12, "不导入，请在“任职”中登记"),
    RosterColumn(
        "mobile_phone",
        "手机",
        (
            "手机号",
            "手机号码",
            "本人手机",
            "本人手机号码",
            "联系电话",
            "联系方式",
            "电话",
            "移动电话",
            "电话号码",
        ),
        15,
        "11 位",
    ),
    RosterColumn("landline", "固定电话", ("座机", "固话", "办公电话", "住宅电话", "家庭电话"), 15),
    RosterColumn(
        "address",
        "家庭住址",
        ("住址", "家庭地址", "现住址", "现居住地", "现居住地址", "居住地址", "联系地址", "通讯地址"),
        30,
    ),
    RosterColumn(
        "is_mobile", "是否流动", ("流动党员", "是否流动党员", "流动情况", "失联流动情况"), 10, "是 或 否"
    ),
    RosterColumn("mobile_place", "外出地点", ("外出地", "外出流向", "流动地", "流向", "流入地"), 16),
    RosterColumn("remark", "备注", (), 20),
)
BY_KEY = {column.key: column for column in COLUMNS}


class RosterForm(Kind):
    """In which columns a roster goes out; every heading is one that the import knows."""

    FULL = "full", "全部栏目"
    NATIONAL = "national", "全国党员基本信息 16 项"
    LONG = "long", "党支部花名册（长表）"


#: Form → its columns in order, by the headings that the form uses.
FORMS: dict[RosterForm, tuple[tuple[str, str], ...]] = {
    RosterForm.FULL: tuple((column.key, column.label) for column in COLUMNS),
    RosterForm.NATIONAL: (
        ("name", "姓名"),
        ("id_number", "身份证号"),
        ("sex", "性别"),
        ("ethnicity", "民族"),
        ("born_on", "出生日期"),
        ("education", "学历"),
        ("status", "人员类别"),
        ("branch", "所在党支部"),
        ("admitted_on", "入党日期"),
        ("full_since", "转正日期"),
        ("job_title", "工作岗位"),
        ("mobile_phone", "手机"),
        ("landline", "固定电话"),
        ("address", "家庭住址"),
        ("state", "党籍状态"),
        ("is_mobile", "失联/流动情况"),
    ),
    RosterForm.LONG: (
        ("number", "序号"),
        ("name", "姓名"),
        ("sex", "性别"),
        ("ethnicity", "民族"),
        ("native_place", "籍贯"),
        ("born_on", "出生年月"),
        ("id_number", "身份证号"),
        ("education", "学历"),
        ("degree", "学位"),
        ("work_started_on", "参加工作时间"),
        ("work_unit", "工作单位"),
        ("job_title", "职务（岗位）"),
        ("admitted_on", "入党时间"),
        ("full_since", "转正时间"),
        ("post", "党内职务"),
        ("branch", "所在党支部"),
        ("group", "党小组"),
        ("mobile_phone", "手机"),
        ("is_mobile", "是否流动"),
        ("mobile_place", "外出地"),
        ("remark", "备注"),
    ),
}
#: Read from the file but never written: the product counts by itself, and posts are kept elsewhere.
NOT_IMPORTED = frozenset({"number", "post"})
#: A vertical merge over these says the same of every row that it spans.
FILLED_DOWN = frozenset(
    {"branch", "group", "work_unit", "ethnicity", "native_place", "status", "admitted_on", "full_since"}
)


def heading(text: str) -> str:
    """A column heading without spaces, hints in brackets and decoration, in half-width letters."""
    return DECORATION.sub("", IN_BRACKETS.sub("", unicodedata.normalize("NFKC", text)))


KEYS_BY_HEADING = {heading(word): column.key for column in COLUMNS for word in (column.label, *column.also)}
COMBINED_PLACE = {heading(word) for word in ("是否流动/外出地", "是否流动外出地", "流动/外出地")}
KEYS_BY_HEADING |= dict.fromkeys(COMBINED_PLACE, "is_mobile")


def key_of(cell: object) -> str | None:
    """The column that this heading names, if any."""
    return KEYS_BY_HEADING.get(heading(cell)) if isinstance(cell, str) else None
