"""The book of study hours on the screen, on paper, as a workbook; and what sittings count by themselves."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from apps.audit.models import Deed
from apps.branches.models import RuleOverride
from apps.meetings.models import MeetingTopic, Partner
from apps.rules.kinds import MeetingKind, PartnerKind, Topic
from tests import factories
from tests.worklog import makers

STUDY, FED = reverse("workbench:study"), reverse("workbench:fed")


def states(page) -> dict[str, str]:
    return {account.learner.name: state[0] for account, state in page.context["rows"]}


def test_the_book_says_who_is_behind_and_by_how_much(cast, sign_in) -> None:
    makers.make_study(cast.ours, cast.members["member"], hours=Decimal("24"))
    sitting = factories.make_meeting(cast.ours, MeetingKind.LECTURE, class_hours=Decimal("2.7"))
    factories.make_attendance(sitting, cast.members["member"])
    page = sign_in(cast["secretary"]).get(STUDY)
    found = states(page)
    assert found["卫青松"] == "达到进度"
    assert found["褚红"] == "差 26.6 学时"
    assert found["吴向前"] == "差 46.6 学时"
    assert "今年还没有学过：专业、辅助" in page.content.decode()


def test_a_past_year_is_judged_at_its_end(cast, sign_in) -> None:
    makers.make_study(cast.ours, cast.members["member"], hours=Decimal(24), held_on=date(2025, 12, 30))
    page = sign_in(cast["organizer"]).get(STUDY, {"branch": cast.ours.pk, "year": "2025"})
    assert states(page)["卫青松"] == "差 8 学时"


def test_a_committees_own_hours_hold_in_its_branches(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    rule = {"organization": cast.committee.pk, "code": "EDU-1", "applies": "on", "min_count": "12"}
    data = rule | {"reason": "镇党委〔2026〕3 号", "valid_from": "2026-01-01"}
    assert client.post(reverse("branches:override_create"), data).status_code == 302
    assert RuleOverride.objects.get().min_count == 12
    assert "至少 12 学时" in client.get(reverse("branches:rule_list")).content.decode()
    assert "至少 12 学时" in client.get(reverse("branches:rule_detail", args=["EDU-1"])).content.decode()
    page = client.get(STUDY, {"branch": cast.ours.pk})
    assert states(page)["卫青松"] == "差 10 学时"
    assert "党员 12 学时" in page.content.decode()


@pytest.mark.parametrize("year", ["abc", "²²²²", "1999", "99999", "-202"])
def test_a_nonsense_year_is_this_year(cast, sign_in, year) -> None:
    assert sign_in(cast["secretary"]).get(STUDY, {"year": year}).context["year"] == 2026


def test_the_workbook_shows_what_the_page_shows_and_is_a_deed(cast, sign_in) -> None:
    makers.make_study(cast.ours, cast.members["member"], hours=Decimal("1.5"))
    answer = sign_in(cast["secretary"]).post(reverse("workbench:study_export"))
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][0] == "青川镇机关第一党支部2026年学时台账"
    row = next(row for row in rows if row[1] == "卫青松")
    assert (row[11], row[15], row[16], row[17], row[18]) == (1.5, 1.5, 26.6, 32, "差 25.1 学时")
    assert list(Deed.objects.values_list("action", "reason")) == [("study.exported", "2026 年，7 人")]


def test_the_paper_has_every_member(cast, sign_in) -> None:
    words = sign_in(cast["publicity"]).get(reverse("workbench:study_print")).content.decode()
    assert all(
        member.person.name in words for name, member in cast.members.items() if member.branch == cast.ours
    )


def test_sittings_count_towards_work_with_others_by_themselves(cast, sign_in) -> None:
    sitting = factories.make_meeting(
        cast.ours, MeetingKind.THEMED_DAY, public_participants=30, title="清河行动"
    )
    Partner.objects.create(meeting=sitting, kind=PartnerKind.UNION, name="镇总工会")
    MeetingTopic.objects.create(meeting=sitting, topic=Topic.GOVERNANCE)
    factories.make_meeting(cast.ours, MeetingKind.LECTURE, class_hours=Decimal(2), title="党课")
    page = sign_in(cast["secretary"]).get(FED)
    assert {sort.key: sort.total for sort in page.context["sorts"]} == {
        "study": 1,
        "organizations": 0,
        "mass": 1,
        "governance": 1,
        "consultation": 0,
        "public": 30,
    }
    part = sign_in(cast["secretary"]).get(FED, {"only": "study"}).content.decode()
    assert "党课" in part
    assert "清河行动" not in part
    assert "<html" not in part


def test_the_form_of_study_hours_shows_which_sittings_count_already(cast, sign_in) -> None:
    url = reverse("worklog:create", args=["study"])
    address = f'hx-get="{FED}?branch={cast.ours.pk}&amp;only=study"'
    assert address in sign_in(cast["secretary"]).get(url).content.decode()
    assert "hx-get" not in sign_in(cast["group_leader"]).get(url).content.decode()


@pytest.mark.parametrize("url", [STUDY, FED])
def test_the_pages_cost_the_same_for_one_and_for_three(cast, sign_in, url) -> None:
    client = sign_in(cast["secretary"])

    def more() -> None:
        member = factories.make_member(cast.ours)
        makers.make_study(cast.ours, member)
        sitting = factories.make_meeting(cast.ours, MeetingKind.LECTURE, class_hours=Decimal(2))
        factories.make_attendance(sitting, member)

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    more()
    one = cost()
    more()
    more()
    assert cost() == one
