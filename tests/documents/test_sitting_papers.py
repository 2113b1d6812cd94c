"""The papers of one sitting: their parts in order, what was typed unchanged, the deed of each download."""

from __future__ import annotations

from datetime import date, time
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.audit.models import Deed
from apps.documents.facts_sitting import minutes_paper
from apps.meetings.models import AgendaItem, Meeting, MeetingState, Opinion
from apps.meetings.queries import whole
from apps.rules.kinds import AttendanceStatus, MeetingKind
from apps.ui.docx import LEFT_OUT, Document, document_bytes
from apps.ui.export import NOT_IN_XML
from tests import factories
from tests.conftest import NOW, Cast
from tests.documents.reading import HOSTILE, forms, outline, package_of
from tests.ui.documents import lines_of, xml_of


def sitting(cast: Cast, *kinds: str, **fields: object) -> Meeting:
    chair = cast.members["secretary"]
    given: dict[str, object] = {
        "recorded_by": cast["secretary"],
        "starts_at": time(9, 0),
        "ends_at": time(10, 30),
        "place": "会议室",
        "chair": chair,
        "recorder": cast.members["organization"],
    }
    meeting = factories.make_meeting(cast.ours, *kinds, **given | fields)
    factories.make_attendance(meeting, chair)
    factories.make_attendance(
        meeting, cast.members["member"], status=AttendanceStatus.SICK_LEAVE, reason="感冒"
    )
    item = AgendaItem.objects.create(
        meeting=meeting,
        position=1,
        title="讨论年度计划",
        reporter="吴向前",
        discussion="第一段\n第二段",
        resolution="同意",
    )
    Opinion.objects.create(item=item, member=cast.members["deputy"], text="应当再议", differs=True)
    return meeting


def word(cast: Cast, sign_in, which: str, *, meeting: Meeting, by: str = "secretary") -> ZipFile:
    answer = sign_in(cast[by]).post(f"/documents/meetings/{meeting.pk}/{which}/")
    assert answer.status_code == 200
    return package_of(answer.content)


def test_the_minutes_hold_every_field_in_the_order_of_an_official_record(cast: Cast, sign_in) -> None:
    package = word(cast, sign_in, "minutes", meeting=sitting(cast))
    assert outline(package) == [
        ("Title", "党员大会会议记录"),
        ("Subtitle", "十月党员大会"),
        ("Heading1", "议题一　讨论年度计划"),
        ("Heading2", "（一）讨论发言"),
        ("Heading2", "（二）表决"),
        ("Heading2", "（三）决议及落实"),
        ("Heading1", "附件及登记情况"),
    ]
    head, item, closing = forms(package)
    assert head["召开单位"] == "青川镇机关第一党支部"
    assert head["届次"] == "第3届"
    assert head["时间"] == "2026年10月15日 09:00—10:30"
    assert (head["地点"], head["主持人"], head["记录人"]) == ("会议室", "吴向前", "王小兰")
    assert (head["应到"], head["实到"]) == ("2 人", "1 人")
    assert (head["出席"], head["缺席及原因"]) == ("吴向前", "卫青松（病假，感冒）")
    assert head["列席"] == "无"
    assert item == {"性质": "党务", "汇报人": "吴向前"}
    assert closing == {"附件": "无"}
    lines = lines_of(package)
    start = lines.index("（一）讨论发言")
    assert lines[start + 1 : start + 4] == ["第一段", "第二段", "（不同意见）郑明：应当再议"]
    assert "决议：同意" in lines
    assert "主持人（签字）：　　　　　　记录人（签字）：" in lines


@pytest.mark.parametrize(
    ("kinds", "title", "label"),
    [
        ([MeetingKind.COMMITTEE], "支委会会议记录", "地点"),
        ([MeetingKind.LECTURE], "党课记录", "党课题目"),
        ([MeetingKind.THEMED_DAY], "主题党日记录", "活动形式"),
        ([MeetingKind.GENERAL, MeetingKind.THEMED_DAY], "党员大会暨主题党日记录", "活动形式"),
        ([MeetingKind.ORG_LIFE_MEETING], "组织生活会会议记录", "地点"),
        ([MeetingKind.MEMBER_EVALUATION], "民主评议党员会议记录", "地点"),
    ],
)
def test_each_kind_has_its_title_and_its_fields(
    cast: Cast, sign_in, kinds: list[str], title: str, label: str
) -> None:
    package = word(cast, sign_in, "minutes", meeting=sitting(cast, *kinds))
    assert outline(package)[0] == ("Title", title)
    assert label in forms(package)[0]


def test_minutes_of_a_group_name_it(cast: Cast, sign_in) -> None:
    package = word(cast, sign_in, "minutes", meeting=sitting(cast, MeetingKind.GROUP, group=cast.group))
    assert outline(package)[0] == ("Title", "党小组会会议记录")
    assert forms(package)[0]["党小组"] == "第一党小组"


def test_a_draft_says_that_it_is_one(cast: Cast, sign_in) -> None:
    meeting = sitting(cast, state=MeetingState.OPEN, closed_at=None)
    assert "（记录中，尚未归档）" in lines_of(word(cast, sign_in, "minutes", meeting=meeting))


def test_the_notice_tells_when_where_who_and_what(cast: Cast, sign_in) -> None:
    meeting = sitting(cast, title="12月党员大会", state=MeetingState.PLANNED, held_on=date(2026, 12, 4))
    meeting.minutes.notice = "请带学习笔记。"
    meeting.minutes.save()
    package = word(cast, sign_in, "notice", meeting=meeting)
    assert outline(package) == [
        ("Title", "关于召开12月党员大会的通知"),
        ("Heading1", "一、时间"),
        ("Heading1", "二、地点"),
        ("Heading1", "三、参加人员"),
        ("Heading1", "四、议题"),
        ("Heading1", "五、有关要求"),
    ]
    lines = lines_of(package)
    assert lines[1] == "全体党员："
    assert "全体党员，应到 7 人" in lines
    assert "1．讨论年度计划" in lines
    assert "请带学习笔记。" in lines
    assert lines[-3:-1] == ["青川镇机关第一党支部", "2026年11月20日"]


def test_the_day_of_a_notice_for_a_sitting_long_over_is_left_open(cast: Cast, sign_in) -> None:
    assert "　　年　　月　　日" in lines_of(word(cast, sign_in, "notice", meeting=sitting(cast)))


def test_the_agenda_lists_the_items(cast: Cast, sign_in) -> None:
    package = word(cast, sign_in, "agenda", meeting=sitting(cast))
    assert outline(package) == [("Title", "十月党员大会议程"), ("Heading1", "议题")]
    lines = lines_of(package)
    start = lines.index("序号")
    assert lines[start : start + 8] == [
        "序号", "议题", "性质", "汇报人", "1", "讨论年度计划", "党务", "吴向前",
    ]  # fmt: skip


def test_an_agenda_without_items_says_so(cast: Cast, sign_in) -> None:
    meeting = factories.make_meeting(cast.ours, recorded_by=cast["secretary"])
    assert "还没有列出议题。" in lines_of(word(cast, sign_in, "agenda", meeting=meeting))


def test_the_sign_in_sheet_has_a_line_for_everybody_and_five_to_spare(cast: Cast, sign_in) -> None:
    package = word(cast, sign_in, "sign-in", meeting=sitting(cast))
    lines = lines_of(package)
    assert lines[0] == "十月党员大会签到表"
    assert "时间：2026年10月15日 09:00—10:30　地点：会议室　应到：7 人" in lines
    header = lines.index("序号")
    assert lines[header : header + 4] == ["序号", "姓名", "签名", "备注"]
    numbers = lines[header + 4 : -3 : 4]
    assert numbers == [str(number) for number in range(1, 13)]


def test_a_download_is_a_deed_and_the_file_tells_who_and_when(cast: Cast, sign_in) -> None:
    meeting = sitting(cast)
    answer = sign_in(cast["secretary"]).post(f"/documents/meetings/{meeting.pk}/minutes/")
    deed = Deed.objects.latest("number")
    assert (deed.action, deed.action_label, deed.reason) == (
        "document.exported",
        "下载材料",
        "会议记录（Word）",
    )
    assert (deed.object_id, deed.path, deed.actor) == (meeting.pk, cast.ours.path, cast["secretary"])
    core = {one.tag.rpartition("}")[2]: one.text for one in xml_of(package_of(answer.content), CORE)}
    assert (core["creator"], core["created"]) == ("吴向前", f"{NOW:%Y-%m-%d}T02:30:00Z")
    assert "2026-10-15 十月党员大会记录.docx" in unquote(answer["Content-Disposition"])


CORE = "docProps/core.xml"


def test_asking_for_the_address_is_not_enough(cast: Cast, sign_in) -> None:
    before = Deed.objects.count()
    assert (
        sign_in(cast["secretary"]).get(f"/documents/meetings/{sitting(cast).pk}/minutes/").status_code == 405
    )
    assert Deed.objects.count() == before


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed_into_the_record_stands_in_the_document_unchanged(
    cast: Cast, sign_in, text: str
) -> None:
    meeting = sitting(cast, place=f"在{text[:90]}")
    AgendaItem.objects.update(title=text[:200], discussion=text, resolution=text)
    meeting.minutes.summary = text
    meeting.minutes.save()
    package = word(cast, sign_in, "minutes", meeting=meeting)
    lines = lines_of(package)
    kept = NOT_IN_XML.sub("", text)
    assert lines.count(kept) == 2
    assert f"决议：{kept}" in lines
    assert f"议题一　{NOT_IN_XML.sub('', text[:200])}" in lines
    assert forms(package)[0]["地点"] == NOT_IN_XML.sub("", f"在{text[:90]}")
    assert (LEFT_OUT in lines) == (kept != text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_comes_back_as_it_was(cast: Cast, text: str) -> None:
    """Without the database: the record is read once, its text is changed in memory."""
    meeting = getattr(cast, "kept_meeting", None) or whole(Meeting.objects.filter(pk=sitting(cast).pk)).get()
    cast.__dict__["kept_meeting"] = meeting
    item = meeting.items.all()[0]
    item.discussion = text or "无"
    paper = minutes_paper(meeting)
    lines = lines_of(ZipFile(BytesIO(document_bytes(Document(title=paper.title, blocks=paper.blocks)))))
    start, end = lines.index("（一）讨论发言") + 1, lines.index("（不同意见）郑明：应当再议")
    typed = item.discussion.replace("\r\n", "\n").replace("\r", "\n")
    assert "\n".join(lines[start:end]) == NOT_IN_XML.sub("", typed)


def test_the_page_of_a_sitting_offers_the_documents(cast: Cast, sign_in) -> None:
    meeting = sitting(cast)
    page = sign_in(cast["secretary"]).get(f"/meetings/{meeting.pk}/").content.decode()
    for which in ("minutes", "notice", "agenda", "sign-in"):
        assert f'action="/documents/meetings/{meeting.pk}/{which}/"' in page
    member = sign_in(cast["committee_secretary"]).get(f"/meetings/{meeting.pk}/").content.decode()
    assert "/sign-in/" not in member.replace("/sign-in-sheet/", "")
    for address in ("print", "sign-in-sheet"):
        printed = sign_in(cast["secretary"]).get(f"/meetings/{meeting.pk}/{address}/").content.decode()
        assert "下载 Word" in printed
