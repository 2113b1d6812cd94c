"""The year book: every part in order, what is missing on its first page, to each reader what he may read."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from apps.audit.models import Deed
from apps.documents.facts_yearbook import PARTS, YearBook, in_silence, year_book
from apps.documents.models import KEPT_FOR, MadeFile
from apps.documents.queries import Wanted
from apps.documents.services import word_bytes
from apps.documents.services_yearbook import forget_old_files, path_of
from apps.documents.tasks import forget
from apps.jobs.models import Job, JobState
from apps.rules.kinds import MeetingKind, TalkOccasion
from apps.rules.kinds_worklog import EntrySort, RecognitionKind
from apps.ui.docx import LEFT_OUT
from apps.ui.export import NOT_IN_XML
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.documents.reading import HOSTILE, formulas_in, package_of, tables, words_in
from tests.documents.test_sitting_papers import sitting
from tests.plans.makers import make_item, make_plan
from tests.talks.talking import make_talk
from tests.ui.documents import W, lines_of, xml_of
from tests.worklog.makers import make_entry

Read = dict[str, list[str]]


def full_year(cast: Cast, *, text: str = "平常的话") -> None:
    """Something for every part that the product has records of."""
    meeting = sitting(cast)
    meeting.minutes.summary = text
    meeting.minutes.save()
    plan = make_plan(cast.ours, created_by=cast["secretary"], guiding=text)
    make_item(plan, title=text[:100])
    make_talk(cast.members["secretary"], cast.members["member"], held_on=date(2026, 4, 1))
    reminder = {"held_on": date(2026, 5, 1), "occasion": TalkOccasion.REMINDER}
    make_talk(cast.members["secretary"], cast.members["member"], **reminder)
    make_entry(
        cast.ours,
        EntrySort.RECOGNITION,
        cast.members["member"],
        title=text[:100],
        recognition=RecognitionKind.COMMENDATION,
    )
    task = factories.make_rectification(
        cast.ours, source="inspection", found_on=date(2026, 6, 1), measure=text
    )
    assert task.rectification.source == "inspection"
    member = cast.members["member"]
    member.is_mobile, member.mobile_place, member.mobile_since = True, text[:100], date(2026, 2, 1)
    member.id_number = "11010519491231002X"
    member.save()


def book_for(cast: Cast, role: str) -> YearBook:
    wanted = Wanted(branch=cast.ours, year=2026, reader=cast[role], today=TODAY)
    return year_book(wanted, told=in_silence)


def written(cast: Cast, role: str) -> bytes:
    return word_bytes(book_for(cast, role).paper, author=cast[role], now=NOW)


def read(content: bytes) -> Read:
    """The paragraphs of each part, under its heading; those before the first under an empty name."""
    found: Read = {"": []}
    for paragraph in xml_of(package_of(content), "word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val") if style is not None else ""
        if name == "Part":
            found[words_in(paragraph)] = []
        elif not name.startswith("TOC"):
            found[list(found)[-1]].append(words_in(paragraph))
    return found


def test_the_parts_stand_in_the_order_of_the_paper_book(cast: Cast) -> None:
    full_year(cast)
    parts = read(written(cast, "secretary"))
    assert list(parts)[1:] == [
        "一、支部基本情况",
        "二、支委分工",
        "三、党员花名册",
        "四、党小组名单",
        "五、入党积极分子和发展对象名册",
        "六、年度工作计划",
        "七、三会一课、主题党日和组织生活会记录",
        "八、谈心谈话",
        "九、组织生活会材料",
        "十、民主评议党员",
        "十一、党费收缴",
        "十二、流动党员",
        "十三、党员奖惩",
        "十四、学时和考勤汇总",
        "十五、年度工作总结",
        "十六、上级检查意见",
        "十七、考核结果反馈",
    ]
    assert "吴向前" in parts["二、支委分工"]
    assert "第一党小组" in parts["四、党小组名单"]
    assert "一、指导思想" in parts["六、年度工作计划"]
    record = parts["七、三会一课、主题党日和组织生活会记录"]
    assert "十月党员大会（10月15日）" in record
    assert "（不同意见）郑明：应当再议" in record
    assert "主持人（签字）：　　　　　　记录人（签字）：" in record
    assert "表彰" in parts["十三、党员奖惩"]
    assert "上级检查" in parts["十六、上级检查意见"]
    assert "考勤" in parts["十四、学时和考勤汇总"]


def test_the_contents_name_every_part_and_every_sitting_from_the_start(cast: Cast) -> None:
    full_year(cast)
    package = package_of(written(cast, "secretary"))
    listed = [words_in(link) for link in xml_of(package, "word/document.xml").iter(f"{W}hyperlink")]
    assert len(listed) == len(PARTS) + 1
    assert "十月党员大会（10月15日）" in listed
    assert [line.split("、", 1)[1] for line in listed if "（" not in line] == [part.name for part in PARTS]


def test_what_is_missing_stands_on_the_first_page_with_what_to_do(cast: Cast) -> None:
    book = book_for(cast, "secretary")
    [first, *_] = tables(package_of(word_bytes(book.paper, author=cast["secretary"], now=NOW)))
    assert first[0] == ["部分", "怎么补"]
    assert [tuple(row) for row in first[1:]] == list(book.missing)
    missing = dict(book.missing)
    assert set(missing) == {part.name for part in PARTS} - {
        "支部基本情况",
        "支委分工",
        "党员花名册",
        "党小组名单",
    }
    assert missing["党费收缴"] == "本系统不登记这一项。用纸质《党费收缴台账》，附在这一页后面。"
    assert missing["年度工作计划"].startswith("本年度没有记录。")


def test_a_part_on_paper_says_which_ledger_is_put_there(cast: Cast) -> None:
    parts = read(written(cast, "secretary"))
    assert parts["十一、党费收缴"][0] == "本系统不登记这一项。用纸质《党费收缴台账》，附在这一页后面。"


def test_numbers_of_people_stand_nowhere_in_the_book(cast: Cast) -> None:
    full_year(cast)
    text = "\n".join(lines_of(package_of(written(cast, "secretary"))))
    assert "卫青松" in text
    assert "19491231" not in text


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("secretary", ["常规谈心", "提醒谈话"]),
        ("deputy", ["常规谈心"]),
        ("organizer", ["已开展"]),
        ("publicity", ["按您的职务，这一部分不显示，请支部书记来生成。"]),
    ],
)
def test_of_talks_each_reader_gets_what_he_may_know(cast: Cast, role: str, told: list[str]) -> None:
    full_year(cast)
    part = read(written(cast, role))["八、谈心谈话"]
    words = {"常规谈心", "提醒谈话", "已开展", "按您的职务，这一部分不显示，请支部书记来生成。"}
    assert [line for line in part if line in words] == told
    assert ("卫青松" in "".join(part)) == (role in ("secretary", "deputy"))


def test_a_year_of_three_sittings_asks_as_often_as_a_year_of_one(cast: Cast) -> None:
    asked = []
    for held_on in (date(2026, 3, 5), date(2026, 4, 2), date(2026, 5, 7)):
        sitting(cast, MeetingKind.GENERAL, held_on=held_on)
        if held_on.month != 4:
            reader = cast["secretary"]
            with CaptureQueriesContext(connection) as queries:
                book_for(cast, "secretary")
            asked.append(len(queries))
            reader.__dict__.pop("_held_posts", None)
    assert asked[0] >= asked[1] > 20


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stand_in_the_book_as_they_were_typed(cast: Cast, text: str) -> None:
    full_year(cast, text=text)
    parts = read(written(cast, "secretary"))
    kept, short = NOT_IN_XML.sub("", text), NOT_IN_XML.sub("", text[:100])
    assert kept in parts["六、年度工作计划"]
    assert kept in parts["七、三会一课、主题党日和组织生活会记录"]
    assert kept in parts["十六、上级检查意见"]
    assert short in parts["十三、党员奖惩"]
    assert short in parts["十二、流动党员"]
    assert (LEFT_OUT in parts["十七、考核结果反馈"]) == (kept != text)


@pytest.fixture
def asking(sign_in, django_capture_on_commit_callbacks):
    """Posts as somebody, lets the work in the background run, and gives the job."""

    def ask(person, url: str, data: dict | None = None) -> tuple[Client, Job]:
        client = sign_in(person)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(url, data or {})
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return client, Job.objects.latest("pk")

    return ask


def test_one_click_makes_the_book_and_the_page_of_the_job_leads_to_it(cast: Cast, asking) -> None:
    full_year(cast)
    url = reverse("documents:year_book", args=[cast.ours.pk, 2026])
    client, job = asking(cast["secretary"], url)
    file = MadeFile.objects.get()
    assert (job.state, job.message) == (JobState.DONE, "")
    assert (job.done, job.total) == (len(PARTS), len(PARTS))
    answer = client.get(reverse("jobs:detail", args=[job.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("documents:made_file", args=[file.pk]), 302)]
    assert f'action="{reverse("documents:take_file", args=[file.pk])}"' in answer.content.decode()
    taken = client.post(reverse("documents:take_file", args=[file.pk]))
    content = b"".join(taken.streaming_content)
    assert read(content).keys() == read(written(cast, "secretary")).keys()
    assert "青川镇机关第一党支部2026年党支部工作手册.docx" in unquote(taken["Content-Disposition"])
    deed = Deed.objects.get(action="document.exported")
    assert (deed.reason, deed.path, deed.actor) == (
        "2026 年党支部工作手册（Word 文档）",
        cast.ours.path,
        cast["secretary"],
    )
    assert "青川镇机关第一党支部2026年党支部工作手册.docx" in client.get("/documents/").content.decode()


def test_rights_are_those_of_the_moment_at_which_the_work_runs(
    cast: Cast, sign_in, django_capture_on_commit_callbacks
) -> None:
    client = sign_in(cast["secretary"])
    with django_capture_on_commit_callbacks() as waiting:
        client.post(reverse("documents:year_book", args=[cast.ours.pk, 2026]))
    cast["secretary"].posts.update(ends_on=TODAY)
    for run in waiting:
        run()
    job = Job.objects.get()
    assert (job.state, job.message) == (JobState.FAILED, "您现在的职务看不到这里的材料，没有生成。")
    assert not MadeFile.objects.exists()
    assert not Deed.objects.filter(action="document.exported").exists()


def test_a_file_is_out_of_reach_without_the_post_and_after_its_days(cast: Cast, asking) -> None:
    client, _ = asking(cast["secretary"], reverse("documents:year_book", args=[cast.ours.pk, 2026]))
    file = MadeFile.objects.get()
    page = reverse("documents:made_file", args=[file.pk])
    assert client.get(page).status_code == 200
    cast["secretary"].posts.update(ends_on=TODAY)
    assert client.get(page).status_code == 404
    cast["secretary"].posts.update(ends_on=None)
    MadeFile.objects.update(made_at=NOW - KEPT_FOR)
    assert client.get(page).status_code == 404
    assert path_of(file).exists()
    assert forget_old_files(now=NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_long_enough_is_deleted_with_its_file() -> None:
    branch = factories.make_organization()
    owner = factories.make_user()
    made = {"organization": branch, "path": branch.path, "owner": owner, "kind": "docx", "size": 1}
    old = MadeFile.objects.create(name="旧.docx", stored_as="old.docx", made_at=NOW - KEPT_FOR, **made)
    new = MadeFile.objects.create(
        name="新.docx", stored_as="new.docx", made_at=NOW - KEPT_FOR + timedelta(days=1), **made
    )
    for file in (old, new):
        path_of(file).parent.mkdir(parents=True, exist_ok=True)
        path_of(file).write_bytes(b"x")
    forget.call_local()
    assert (path_of(old).exists(), path_of(new).exists()) == (False, True)
    assert [file.name for file in MadeFile.objects.all()] == ["新.docx"]


def test_a_committee_gets_a_book_of_each_branch_and_a_list_of_what_is_missing(cast: Cast, asking) -> None:
    full_year(cast)
    factories.make_organization(parent=cast.committee, name="早已撤销的支部", closed_on=date(2025, 12, 31))
    data = {"committee": cast.committee.pk, "year": 2026}
    _, job = asking(cast["organizer"], reverse("documents:year_books"), data)
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2), job.message
    file = MadeFile.objects.get()
    assert (file.name, file.path) == ("青川镇党委2026年党支部工作手册.zip", cast.committee.path)
    with ZipFile(path_of(file)) as archive:
        assert sorted(archive.namelist()) == [
            "00 缺少的部分.xlsx",
            "01 青川镇机关第一党支部2026年党支部工作手册.docx",
            "02 青川镇机关第二党支部2026年党支部工作手册.docx",
        ]
        listed = archive.read("00 缺少的部分.xlsx")
        first = archive.read("01 青川镇机关第一党支部2026年党支部工作手册.docx")
    assert formulas_in(listed) == 0
    rows = list(load_workbook(BytesIO(listed)).active.iter_rows(values_only=True))
    assert [row[1:3] for row in rows[2:]] == [("青川镇机关第一党支部", 6), ("青川镇机关第二党支部", 15)]
    assert "常规谈心" not in "\n".join(lines_of(package_of(first)))
    deeds = Deed.objects.filter(action="document.exported").order_by("number")
    assert [deed.path for deed in deeds] == [cast.ours.path, cast.sibling.path]
    drafts = list((Path(settings.MEDIA_ROOT) / "documents/made").glob("draft-*"))
    assert drafts == []


def test_a_committee_elsewhere_is_no_choice(cast: Cast, sign_in) -> None:
    data = {"committee": cast.elsewhere_committee.pk, "year": 2026}
    answer = sign_in(cast["organizer"]).post(reverse("documents:year_books"), data)
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_a_year_that_is_none_is_not_found(cast: Cast, sign_in) -> None:
    url = reverse("documents:year_book", args=[cast.ours.pk, 1999])
    assert sign_in(cast["secretary"]).post(url).status_code == 404
