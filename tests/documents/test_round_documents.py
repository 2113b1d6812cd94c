"""The papers of 组织生活会 and 民主评议: what stands in them, who reads what, and nothing that runs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.documents.facts_evaluations import MEMBERS, ROUND
from apps.documents.facts_yearbook import PARTS, made
from apps.documents.facts_yearbook_rounds import PAPERS
from apps.documents.queries import NotShown, Wanted
from apps.evaluations.models import BranchProblem, MemberEvaluation, Opinion, Round
from apps.evaluations.services_round_lists import make_rectifications
from apps.rules.kinds import AttendanceStatus, MeetingKind, MemberStatus, ProblemSource
from apps.rules.kinds_evaluations import MemberGrade
from apps.ui.docx import Grid
from apps.ui.docx_book import Chapter
from apps.ui.export import NOT_IN_XML
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.documents.reading import HOSTILE, formulas_in, outline, package_of, sheets_of, tables
from tests.evaluations import makers_round as makers
from tests.ui.documents import lines_of

VOTES = {"secretary": [6, 1, 0, 0], "deputy": [2, 4, 1, 0]}


@pytest.fixture
def row(cast: Cast) -> Round:
    """Seven full members and one on probation; a problem with its measure; the ballot is counted."""
    factories.make_member(cast.ours, name="丁预备", status=MemberStatus.PROBATIONARY, full_since=None)
    round_ = makers.make_round(cast.ours, actor=cast["secretary"], theme="为民服务")
    makers.make_counted_poll(round_, {cast.members[role]: votes for role, votes in VOTES.items()})
    return round_


@pytest.fixture
def secretary(cast: Cast, sign_in) -> Client:
    return sign_in(cast["secretary"])


def take(client: Client, row: Round, name: str) -> HttpResponse:
    address = "round_summary" if name.startswith("summary") else "round_paper"
    return client.post(reverse(f"documents:{address}", args=[row.pk, name]))


def told(client: Client, row: Round, name: str) -> tuple[list[str], list[list[list[str]]], str]:
    """Headings, tables, and all lines in one."""
    answer = take(client, row, name)
    assert answer.status_code == 200, answer
    package = package_of(answer.content)
    return [words for _, words in outline(package)], tables(package), "\n".join(lines_of(package))


def of_member(client: Client, one: MemberEvaluation, name: str) -> HttpResponse:
    return client.post(reverse(f"documents:member_{name}", args=[one.pk]))


def with_lists(cast: Cast, row: Round, *, words: str = "学习不够经常") -> None:
    makers.make_opinion(row, text=words)
    measures = {"shown_by": words, "cause": words, "measure": words, "due_on": date(2027, 3, 31)}
    makers.make_problem(row, text=words[:50], owner=cast["deputy"], **measures)
    last = factories.make_rectification(cast.ours, title=words[:50], due_on=date(2027, 1, 31))
    last.rectification.source = ProblemSource.ORG_LIFE_MEETING
    last.rectification.found_on = date(2026, 1, 15)
    last.rectification.measure = words
    last.rectification.save()


def test_the_papers_before_the_meeting(cast: Cast, row: Round, secretary: Client) -> None:
    with_lists(cast, row)
    headings, [calendar], words = told(secretary, row, "plan")
    assert headings == [
        "关于开好2026年度组织生活会的通知",
        *("一、会议主题", "二、时间安排", "三、步骤和要求", "四、民主评议党员"),
    ]
    assert calendar[1:3] == [
        ["会前学习、谈心谈话、征求意见", "2026年11月2日起"],
        ["个人自评、问题清单交齐", "2026年12月10日前"],
    ]
    assert "为民服务" in words
    assert "最多2名。预备党员参加评议，不定等次。" in words

    headings, [gathered], words = told(secretary, row, "opinions")
    assert headings == ["2026年度组织生活会征求意见汇总表", "青川镇机关第一党支部"]
    assert gathered == [
        ["序号", "来源", "关于", "意见建议", "收到日期"],
        ["1", "群众", "支部工作", "学习不够经常", "2026.11.20"],
    ]

    headings, [talks], words = told(secretary, row, "talks")
    assert headings[0] == "2026年度组织生活会会前谈心谈话情况"
    assert talks[1] == ["谈心谈话", "还缺", "应谈 13 项，已谈 0 项。还有 13 项没有谈"]
    assert not any(person.name in words for person in cast.people.values())

    _, [problems], words = told(secretary, row, "problems")
    assert problems == [
        ["序号", "问题", "具体表现", "原因", "整改措施", "责任人", "期限"],
        ["1", *["学习不够经常"] * 4, "郑明", "2027.03.31"],
    ]
    assert words.endswith("支部书记（签字）：\n")


def held(cast: Cast) -> None:
    """With three of the branch on the roll, one of whom is not asked to come."""
    meeting = factories.make_meeting(
        cast.ours, MeetingKind.ORG_LIFE_MEETING, held_on=date(2026, 11, 18), recorded_by=cast["secretary"]
    )
    for role, status in (("secretary", "PRESENT"), ("deputy", "ABSENT"), ("member", "EXEMPT")):
        factories.make_attendance(meeting, cast.members[role], status=AttendanceStatus[status])


def test_the_papers_of_the_meeting(cast: Cast, row: Round, secretary: Client) -> None:
    with_lists(cast, row)
    held(cast)
    headings, _, words = told(secretary, row, "script")
    assert [title.partition("、")[2] for title in headings[1:]] == [
        *("通报上年度整改落实情况", "通报征求意见情况", "支部班子对照检查"),
        *("党员对照检查，开展批评和自我批评", "民主测评", "支部书记讲整改和下一步打算"),
        *("上级党组织同志讲话", "小结"),
    ]
    assert "应到党员2名，实到1名，会议主题是“为民服务”。" in words
    assert "上年度组织生活会查摆的问题共1项，已销号0项，还在整改1项。" in words
    assert "计票人吴向前、监票人郑明。" in words


def test_the_papers_after_the_meeting(cast: Cast, row: Round, secretary: Client) -> None:
    with_lists(cast, row)
    held(cast)
    makers.make_peer(row, author=cast.members["member"], member=cast.members["deputy"])

    headings, [last], words = told(secretary, row, "last-year")
    assert headings == ["2025年度组织生活会整改落实情况通报"]
    assert last[1][4] == "正在整改，期限 2027.01.31"
    assert "2025年度组织生活会查摆的问题共1项，已整改销号0项，还在整改1项。" in words

    make_rectifications(row=row, actor=cast["secretary"], now=NOW)
    _, [rectified], _ = told(secretary, row, "rectification")
    assert rectified == [
        ["序号", "问题", "整改措施", "责任人", "时限", "进展", "销号日期"],
        ["1", "学习不够经常", "学习不够经常", "郑明", "2027.03.31", "进行中", "—"],
    ]

    headings, [steps, problems], words = told(secretary, row, "report")
    assert headings == [
        "关于2026年度组织生活会开展情况的报告",
        *("一、各环节情况", "二、会议召开情况", "三、查摆的问题和整改措施", "四、民主评议党员情况"),
        "五、补充说明",
    ]
    assert steps[0] == ["环节", "情况", "说明"]
    assert ["征求意见", "已完成", "征求意见 1 条"] in steps
    assert problems[1] == ["1", "学习不够经常", "学习不够经常"]
    assert "2026年11月18日召开组织生活会，应到2人，实到1人。" in words
    assert "相互批评意见1条。" in words
    assert "青川镇党委：" in words


def test_the_ballot_sheet_names_whoever_is_graded(row: Round, secretary: Client) -> None:
    _, [sheet], words = told(secretary, row, "ballot")
    assert sheet[0] == ["序号", "姓名", "优秀", "合格", "基本合格", "不合格"]
    assert len(sheet) == 8
    assert "丁预备" not in [line[1] for line in sheet]
    assert "不定等次的：丁预备。" in words


def graded(row: Round, *grades: MemberGrade) -> None:
    """Past the services, in the order of the roll."""
    people = MemberEvaluation.objects.filter(round=row, ungraded="").order_by("pk")
    for one, grade in zip(people, grades, strict=False):
        one.grade, one.decided_on, one.told_on = grade, TODAY, TODAY
        one.save()


def test_the_summary_is_for_readers_of_the_members(
    cast: Cast, row: Round, secretary: Client, sign_in
) -> None:
    graded(row, MemberGrade.EXCELLENT)
    headings, [summary], words = told(secretary, row, "summary")
    assert headings == ["2026年度民主评议党员汇总表", "青川镇机关第一党支部"]
    assert summary[0] == ["序号", "姓名", "优秀", "合格", "基本合格", "不合格", "评定等次"]
    by_name = {line[1]: line[2:] for line in summary}
    assert by_name["吴向前"] == ["—", "—", "—", "—", "优秀"]
    assert by_name["郑明"] == ["2", "4", "1", "0", "未评定"]
    assert "导出人本人的票数不向本人显示，用“—”表示；要完整的，请不是本人的支委导出。" in words
    assert by_name["丁预备"][4] == "预备党员，不定等次"
    assert "测评票发出8张，收回8张，有效8张，无效0张。" in words
    assert take(sign_in(cast["publicity"]), row, "summary").status_code == 403

    book = take(sign_in(cast["deputy"]), row, "summary-book").content
    [sheet] = sheets_of(book)
    rows = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "青川镇机关第一党支部2026年度民主评议党员汇总表"
    assert rows[2] == ["序号", "姓名", "优秀票", "合格票", "基本合格票", "不合格票", "评定等次"]
    assert [6, 1, 0, 0, "优秀"] in [line[2:] for line in rows]
    assert formulas_in(book) == 0


def test_the_year_book_binds_the_summary_for_the_same_readers(cast: Cast, row: Round) -> None:
    graded(row, MemberGrade.EXCELLENT)
    [part] = [one for one in PARTS if one.name == "民主评议党员"]
    told_to = {}
    for role in ("deputy", "publicity", "organizer"):
        wanted = Wanted(branch=cast.ours, year=2026, reader=cast[role], today=TODAY)
        told_to[role] = made(part, wanted)
    [grid] = [block for block in told_to["deputy"][0] if isinstance(block, Grid)]
    assert ("吴向前", 6, 1, 0, 0, "优秀") in [line[1:] for line in grid.rows]
    assert told_to["organizer"] == ([], NotShown.default)
    numbers = [block.text for block in told_to["publicity"][0] if hasattr(block, "text")]
    assert "评定等次的不足5人，各等次人数不在这里列出。" in "".join(numbers)
    assert not any("吴向前" in str(block) for block in told_to["publicity"][0])
    last_year = Wanted(branch=cast.ours, year=2025, reader=cast["secretary"], today=TODAY)
    assert made(part, last_year)[1].startswith("本年度没有记录。到“组织生活会与民主评议”登记")


def test_the_year_book_binds_the_papers_of_the_round_for_the_committee(cast: Cast, row: Round) -> None:
    with_lists(cast, row)
    [part] = [one for one in PARTS if one.name == "组织生活会材料"]
    found, missing = made(part, Wanted(branch=cast.ours, year=2026, reader=cast["publicity"], today=TODAY))
    assert missing == ""
    assert [block.text for block in found if isinstance(block, Chapter)] == [label for label, _ in PAPERS]
    above = Wanted(branch=cast.ours, year=2026, reader=cast["organizer"], today=TODAY)
    assert made(part, above) == ([], NotShown.default)


def test_the_report_on_the_grades_tells_numbers_once_there_are_enough(
    cast: Cast, row: Round, secretary: Client
) -> None:
    graded(row, *[MemberGrade.QUALIFIED] * 4)
    _, _, words = told(secretary, row, "grades-report")
    assert "评定等次的不足5人，各等次人数不在这里列出。" in words
    graded(row, *[MemberGrade.QUALIFIED] * 4, MemberGrade.EXCELLENT)
    headings, [steps], words = told(secretary, row, "grades-report")
    assert headings[1:] == ["一、步骤和完成情况", "二、评议结果", "三、问题和帮助教育措施", "四、下一步打算"]
    assert [line[0] for line in steps[1:]] == ["个人自评", "党员互评", "民主测评", "评定意见", "告知本人"]
    assert "评定等次的5名：优秀1名，合格4名，基本合格0名，不合格0名。按规定优秀最多2名。" in words
    assert "评定意见已告知本人5名；提出不同意见0名，已答复0名。" in words
    assert not any(person.name in words for person in cast.people.values())


def test_the_register_shows_each_reader_what_he_may_read(cast: Cast, row: Round, sign_in) -> None:
    one = makers.evaluation_of(row, cast.members["member"])
    makers.make_self(one, self_text="做了一些工作", self_grade=MemberGrade.QUALIFIED)
    makers.make_peer(row, author=cast.members["deputy"], member=cast.members["member"], text="多到群众中去")
    MemberEvaluation.objects.filter(pk=one.pk).update(grade=MemberGrade.QUALIFIED, decided_on=TODAY)
    shown = {}
    for role in ("member", "secretary", "organization"):
        package = package_of(of_member(sign_in(cast[role]), one, "register").content)
        person, opinions = tables(package)
        shown[role] = dict(opinions)
    assert [line[0::2] for line in person] == [
        ["姓名", "曾用名"],
        ["性别", "出生年月"],
        ["民族", "籍贯"],
        ["学历", "现任职务"],
        ["入党时间", "转正时间"],
        ["参加工作时间", "人员类别"],
    ]
    assert person[0] == ["姓名", "卫青松", "曾用名", "　"]
    labels = ["个人小结\n（自评）", "民主评议情况", "支部意见", "上级意见", "本人意见", "备注"]
    assert list(shown["member"]) == labels
    assert shown["member"][labels[0]] == "做了一些工作\n自评等次：合格\n2026年11月20日"
    # Until he is told, the verdict is not the member's to read; what was said of him not the keepers'.
    assert [role for role, lines in shown.items() if "评定等次：合格" in lines["支部意见"]] == [
        "secretary",
        "organization",
    ]
    assert [role for role, lines in shown.items() if lines["民主评议情况"] == "多到群众中去"] == [
        "member",
        "secretary",
    ]


def test_the_outline_is_the_members_own_and_the_secretarys(cast: Cast, row: Round, sign_in) -> None:
    one = makers.evaluation_of(row, cast.members["member"])
    client = sign_in(cast["member"])
    empty = client.post(reverse("documents:member_problems", args=[one.pk]), follow=True)
    assert "个人问题清单还是空的" in str(*empty.context["messages"])
    makers.make_own_problem(one, shown_by="忙起来就放下", measure="每周读两次", due_on=date(2027, 3, 31))
    package = package_of(of_member(client, one, "problems").content)
    assert [words for _, words in outline(package)] == [
        "2026年度组织生活会个人对照检查发言提纲",
        "青川镇机关第一党支部　卫青松",
        *("一、上年度整改情况", "二、查摆的问题和原因", "（一）读书少"),
        *("三、整改措施", "四、对支部和其他同志的意见建议"),
    ]
    assert tables(package)[0][1] == ["1", "读书少", "每周读两次", "2027.03.31", "—"]
    deed = Deed.objects.latest("number")
    assert (deed.action, deed.reason) == ("document.exported", "2026 年度个人问题清单（Word）")
    assert (deed.object_id, deed.actor_id) == (one.pk, cast["member"].pk)
    assert of_member(sign_in(cast["organization"]), one, "problems").status_code == 403


def test_what_has_no_lines_is_refused_in_words_and_leaves_no_deed(row: Round, secretary: Client) -> None:
    before, said = Deed.objects.count(), {}
    for name in ("opinions", "problems", "rectification", "last-year"):
        answer = secretary.post(reverse("documents:round_paper", args=[row.pk, name]), follow=True)
        assert answer.redirect_chain == [(f"/evaluations/rounds/{row.pk}/", 302)]
        [message] = answer.context["messages"]
        said[name] = str(message)
    assert all("没有" in words or "空的" in words for words in said.values())
    assert Deed.objects.count() == before
    assert take(secretary, row, "nonsense").status_code == 404


def test_the_pages_offer_what_there_is_to_write(cast: Cast, row: Round, secretary: Client, sign_in) -> None:
    def offered(client: Client, page: str) -> set[str]:
        shown = client.get(page).content.decode()
        names = {offer.name: "round_paper" for offer in ROUND} | {
            one.name: "round_summary" for one in MEMBERS
        }
        return {
            name
            for name, address in names.items()
            if f'action="{reverse(f"documents:{address}", args=[row.pk, name])}"' in shown
        }

    always = {"plan", "talks", "script", "report", "ballot", "grades-report"}
    lists = {"opinions", "problems", "rectification", "last-year"}
    for page in (f"/evaluations/rounds/{row.pk}/", "/documents/?year=2026"):
        assert offered(secretary, page) == always | {"summary", "summary-book"}
        assert offered(sign_in(cast["publicity"]), page) == always
    with_lists(cast, row)
    for page in (f"/evaluations/rounds/{row.pk}/", "/documents/?year=2026"):
        assert offered(secretary, page) == always | lists | {"summary", "summary-book"}
    assert 'id="round"' not in secretary.get("/documents/?year=2025").content.decode()


def test_hostile_words_stay_words_in_every_paper(cast: Cast, row: Round, secretary: Client) -> None:
    one = makers.evaluation_of(row, cast.members["member"])
    with_lists(cast, row)
    own = makers.make_own_problem(one)
    person = cast["member"]
    for text in HOSTILE:
        short = text[:50]
        Opinion.objects.filter(round=row).update(text=short)
        BranchProblem.objects.filter(round=row).update(text=short, cause=short)
        own.text = own.measure = one.self_text = text
        one.self_on, person.name, row.theme, row.report = TODAY, short, short, text
        for changed in (own, one, person, row):
            changed.save()
        kept, whole = NOT_IN_XML.sub("", short), NOT_IN_XML.sub("", text)
        for name, said in (("opinions", kept), ("problems", kept), ("plan", kept), ("report", whole)):
            assert said in told(secretary, row, name)[2], name
        for name in ("register", "problems"):
            package = package_of(of_member(secretary, one, name).content)
            assert whole in "\n".join(lines_of(package)), name
        book = take(secretary, row, "summary-book").content
        assert formulas_in(book) == 0


def test_sheets_of_a_round_ask_as_often_for_many_members_as_for_few(
    cast: Cast, row: Round, secretary: Client
) -> None:
    names = ("ballot", "summary", "summary-book", "report", "grades-report")
    asked = []
    for number in (0, 3):
        for _ in range(number):
            late = factories.make_member(cast.ours)
            MemberEvaluation.objects.create(round=row, member=late, path=row.path)
        take(secretary, row, "summary")
        counts = []
        for name in names:
            with CaptureQueriesContext(connection) as queries:
                take(secretary, row, name)
            counts.append(len(queries))
        asked.append(counts)
    assert asked[0] == asked[1]
