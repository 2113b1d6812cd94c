"""The papers of a branch's annual evaluation and the committee's tables: no ranking, nothing that runs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.documents.facts_evaluations import EVALUATION
from apps.documents.facts_yearbook import PARTS, made
from apps.documents.queries import Wanted
from apps.evaluations.models import (
    BranchEvaluation,
    Cycle,
    CycleStandard,
    FinalMark,
    Mark,
    Objection,
    ResultProblem,
    Seat,
    SelfAnswer,
)
from apps.evaluations.services_settle import answer_objection, raise_objection
from apps.rules.kinds_evaluations import Ruling
from apps.ui.export import NOT_IN_XML
from tests.conftest import TODAY
from tests.documents.reading import HOSTILE, formulas_in, outline, package_of, sheets_of, tables
from tests.evaluations import makers_desk as makers
from tests.evaluations.makers_cycle import CycleWorld, make_world
from tests.ui.documents import lines_of


@pytest.fixture
def world(db: None) -> CycleWorld:
    return make_world()


def take(client: Client, name: str, pk: int) -> HttpResponse:
    return client.post(reverse(f"documents:{name}", args=[pk]))


def told(client: Client, name: str, pk: int) -> tuple[list[str], list[list[list[str]]], str]:
    """Headings, tables, and all lines in one."""
    answer = take(client, name, pk)
    assert answer.status_code == 200, answer
    package = package_of(answer.content)
    return [words for _, words in outline(package)], tables(package), "\n".join(lines_of(package))


def objecting(world: CycleWorld, evaluation: BranchEvaluation) -> BranchEvaluation:
    """The branch holds something against the third standard, and is heard."""
    by = {"today": TODAY, "raised_on": TODAY, "on_paper": False, "actor": world.secretaries[0]}
    raise_objection(evaluation=evaluation, standard=world.standards[3], reason="办得很好", **by)
    objection = Objection.objects.select_related("evaluation__cycle", "standard").get()
    given = {"ruling": Ruling.UPHELD, "answer": "情况属实", "grade": 0, "answered_on": TODAY}
    answer_objection(
        objection=objection, version=objection.version, actor=world.organizer, today=TODAY, **given
    )
    return makers.fresh(evaluation)


def test_the_self_report_stands_in_the_order_of_the_page(world: CycleWorld, sign_in) -> None:
    [one, *_] = world.evaluations
    one.strengths, one.problems, one.own_grade = "支部牵头\n党员带头", "出勤不足", 1
    one.save()
    SelfAnswer.objects.create(evaluation=one, standard=world.standards[0], grade=1, comment="农忙缺席多")
    client = sign_in(world.secretaries[0])
    headings, [data, *parts], words = told(client, "evaluation_report", one.pk)
    assert headings == [
        "2026年度党支部自评报告",
        "第1党支部",
        *("一、主要做法和特色", "二、存在的问题和原因", "三、支部自评等次", "四、本年数据"),
        *("五、对照标准逐条自评", "（一）书记素质", "（二）基层基础"),
    ]
    assert dict(data)["党员大会"] == "1 次"
    assert [row[0] for row in parts[0]] == ["标准", "镇-1 标准镇-1", "镇-2 标准镇-2"]
    assert parts[0][1][2] == "较好\n农忙缺席多"
    assert "（草稿，尚未提交）" in words
    assert take(sign_in(world.organizer), "evaluation_report", one.pk).status_code == 403


def test_the_result_is_a_letter_with_what_is_to_be_put_right(world: CycleWorld, sign_in) -> None:
    waiting = objecting(world, makers.told(world, makers.reviewed(world, world.evaluations[0])))
    client = sign_in(world.secretaries[0])
    assert take(client, "evaluation_letter", waiting.pk).status_code == 302
    one = makers.published(world, makers.decided(world, waiting))

    headings, [asked, figures], words = told(client, "evaluation_letter", one.pk)
    assert headings == [
        "2026年度党支部考核结果反馈单",
        *("一、定等次的理由", "二、反馈意见", "三、存在的问题和整改要求", "附件　发布时的数字"),
    ]
    assert asked == [
        ["序号", "问题", "整改要求", "期限"],
        ["1", "党员大会缺席多", "每季度通报一次出勤情况。", "2027.03.31"],
    ]
    assert figures[0] == ["项目", "数值", "构成"]
    assert "2026年11月20日青川镇党委研究，确定你支部2026年度考核等次为：较好。" in words

    _, [rectified], _ = told(client, "evaluation_rectification", one.pk)
    assert rectified == [
        ["序号", "问题", "整改要求", "期限", "现在", "办理结果"],
        ["1", "党员大会缺席多", "每季度通报一次出勤情况。", "2027.03.31", "正在整改", "—"],
    ]

    _, [answered], words = told(client, "evaluation_objections", one.pk)
    assert answered[0] == ["标准", "初评", "支部意见", "答复", "改定"]
    assert answered[1] == [
        *("镇-4 标准镇-4", "较好", "办得很好（2026.11.20）"),
        *("采纳，改定等次。情况属实（2026.11.20）", "好"),
    ]
    assert "共提出意见1条，已答复1条。" in words
    deed = Deed.objects.latest("number")
    assert (deed.action, deed.reason) == ("document.exported", "2026 年度支部意见和答复表（Word）")
    assert (deed.object_id, deed.path) == (one.pk, one.path)

    page = client.get("/documents/?year=2026").content.decode()
    labels = [offer.label for offer in EVALUATION if f"<h3>{offer.label}</h3>" in page]
    assert labels == ["党支部自评报告", "支部意见和答复表", "党支部考核结果反馈单", "考核反馈问题整改清单"]


def test_reviewers_are_side_by_side_once_all_have_handed_in(world: CycleWorld, sign_in) -> None:
    evaluation = makers.reported(world.evaluations[0])
    seat = makers.marked(world, makers.seated(world, evaluation))
    reviewer, organizer = sign_in(seat.reviewer.person), sign_in(world.organizer)
    headings, parts, words = told(reviewer, "seat_review", seat.pk)
    assert headings[2:5] == ["一、逐条评定", "（一）书记素质", "（二）基层基础"]
    assert parts[0][0] == ["标准", "记录和测评", "支部自评", "评定", "理由"]
    assert parts[0][1][3:] == ["一般", makers.REASON]
    assert "（还没有提交）" in words
    assert take(organizer, "evaluation_review", evaluation.pk).status_code == 302
    makers.hand_in(
        seat=seat,
        version=seat.version,
        handed_in_on=TODAY,
        states=makers.states_of(evaluation),
        actor=seat.reviewer.person,
        today=TODAY,
    )
    headings, [reviewers, settled], words = told(organizer, "evaluation_review", evaluation.pk)
    assert headings[2:] == ["一、评审人总体意见", "二、逐条评定"]
    assert reviewers[1][1:] == ["较好", "总体较好。", "2026.11.20"]
    assert settled[0] == ["标准", "评审意见", "研究确定", "理由"]
    assert settled[1][1] == f"{seat.reviewer.person.name}：一般，{makers.REASON}"
    assert "共4条，评审人意见不同的0条，由党组织研究确定。" in words


def rows_of(content: bytes) -> list[list[list[object]]]:
    assert formulas_in(content) == 0
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in sheets_of(content)]


def test_the_committees_tables_are_sorted_by_name_and_rank_nobody(world: CycleWorld, sign_in) -> None:
    client = sign_in(world.organizer)
    for evaluation, name in zip(world.evaluations, ("丙支部", "乙支部", "甲支部"), strict=True):
        evaluation.branch.name = name
        evaluation.branch.save()
    makers.whole_way(world, world.evaluations[0])
    waiting = makers.told(world, makers.reviewed(world, world.evaluations[1]))
    makers.decided(world, waiting, problems=[])
    branches, standards = rows_of(take(client, "cycle_tables", world.cycle.pk).content)
    assert branches[1][0].endswith("按支部名称排列，不排名次，不算总分。")
    assert branches[2] == [
        *("序号", "党支部", "进展", "提交自评", "等次", "定等次的理由", "定等次日期", "发布日期"),
        *("反馈的问题", "已整改销号", "备注"),
    ]
    assert [row[1] for row in branches[3:]] == sorted(["丙支部", "乙支部", "甲支部"])
    by_name = {row[1]: row for row in branches[3:]}
    assert by_name["丙支部"][4] == "较好"
    assert by_name["丙支部"][8:10] == ["1．党员大会缺席多（2027-03-31前）", "0 / 1 项"]
    # Decided, but not published yet: the sheet does not tell it.
    assert by_name["乙支部"][2:6] == ["已定等次，待发布", branches[3][3], "未发布", "—"]
    assert [row[1] for row in standards[2:]] == ["标准", *(f"镇-{n} 标准镇-{n}" for n in range(1, 5))]
    assert standards[2][2:] == [row[1] for row in branches[3:]]
    marks = dict(zip(standards[2], zip(*standards[3:], strict=True), strict=True))
    assert marks["丙支部"] == ("一般", "一般", "好", "较好")
    assert marks["甲支部"] == ("—",) * 4
    assert take(sign_in(world.secretaries[0]), "cycle_tables", world.cycle.pk).status_code == 403


def test_weights_are_told_as_shares_only(world: CycleWorld, sign_in) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(weighted=True)
    CycleStandard.objects.filter(cycle=world.cycle).update(weight=25)
    makers.told(world, makers.reviewed(world, world.evaluations[0]))
    branches, _ = rows_of(take(sign_in(world.organizer), "cycle_tables", world.cycle.pk).content)
    place = branches[2].index("各等次占的权重")
    assert [row[place] for row in branches[3:]] == ["按权重：好占 25%、较好占 25%、一般占 50%", "—", "—"]


def test_the_tables_ask_as_often_for_three_branches_as_for_one(world: CycleWorld, sign_in) -> None:
    client, asked = sign_in(world.organizer), []
    take(client, "cycle_tables", world.cycle.pk)
    for keep in (3, 1):
        kept = [one.pk for one in world.evaluations][:keep]
        BranchEvaluation.objects.exclude(pk__in=kept).delete()
        with CaptureQueriesContext(connection) as queries:
            take(client, "cycle_tables", world.cycle.pk)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_hostile_words_stay_words(world: CycleWorld, sign_in) -> None:
    waiting = objecting(world, makers.told(world, makers.reviewed(world, world.evaluations[0])))
    one = makers.published(world, makers.decided(world, waiting))
    organizer = sign_in(world.organizer)
    for short in ("".join(text[:13] for text in HOSTILE), HOSTILE[3]):
        kept = NOT_IN_XML.sub("", short)
        fields = {"strengths": short, "grade_reason": short, "feedback": short}
        BranchEvaluation.objects.filter(pk=one.pk).update(**fields)
        ResultProblem.objects.update(text=short, demand=short)
        Objection.objects.update(reason=short, answer=short)
        FinalMark.objects.update(reason=short)
        Mark.objects.update(reason=short)
        Seat.objects.update(summary=short)
        for name in ("report", "letter", "rectification", "objections", "review"):
            assert kept in told(organizer, f"evaluation_{name}", one.pk)[2], name
        [branches, _] = rows_of(take(organizer, "cycle_tables", world.cycle.pk).content)
        assert kept in [row[5] for row in branches]


def test_an_appraisal_without_a_result_makes_no_paper(world: CycleWorld, sign_in) -> None:
    [one, *_] = world.evaluations
    client = sign_in(world.secretaries[0])
    answer = client.post(reverse("documents:evaluation_appraisal", args=[one.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("evaluations:branch", args=[one.pk]), 302)]
    assert "测评还没有结果" in str(*answer.context["messages"])


def test_the_year_book_tells_the_result_once_it_is_published(world: CycleWorld) -> None:
    [part] = [one for one in PARTS if one.name == "考核结果反馈"]
    decided = makers.decided(world, makers.told(world, makers.reviewed(world, world.evaluations[0])))
    for reader in (world.secretaries[0], world.organizer):
        wanted = Wanted(branch=decided.branch, year=2026, reader=reader, today=TODAY)
        assert made(part, wanted)[0] == []
    one = makers.published(world, decided)
    found, missing = made(
        part, Wanted(branch=one.branch, year=2026, reader=world.secretaries[0], today=TODAY)
    )
    assert missing == ""
    assert "确定你支部2026年度考核等次为：较好。" in "".join(getattr(block, "text", "") for block in found)
    elsewhere = Wanted(branch=one.branch, year=2026, reader=world.secretaries[1], today=TODAY)
    assert made(part, elsewhere)[0] == []
