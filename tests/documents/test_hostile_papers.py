"""Whatever people typed stands in each of our own Word files as they typed it."""

from __future__ import annotations

import pytest

from apps.documents.facts_papers import from_above_paper, plan_paper, rectification_paper
from apps.documents.facts_sitting import agenda_paper, notice_paper, sign_in_paper
from apps.documents.queries import Paper, Wanted
from apps.documents.services import word_bytes
from apps.meetings.models import AgendaItem, Meeting
from apps.meetings.queries import whole
from apps.ui.docx import LEFT_OUT
from apps.ui.export import NOT_IN_XML
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.documents.reading import HOSTILE, package_of
from tests.documents.test_sitting_papers import sitting
from tests.plans.makers import make_item, make_plan
from tests.ui.documents import lines_of


def papers_with(cast: Cast, text: str) -> dict[str, tuple[Paper, list[str]]]:
    """Each paper, and what of the text must stand in it as a line of its own."""
    short = text[:90]
    meeting = sitting(cast, title=short, place=short)
    AgendaItem.objects.update(title=short, reporter=short[:50])
    meeting.minutes.notice = meeting.minutes.invitees = text
    meeting.minutes.save()
    read = whole(Meeting.objects.filter(pk=meeting.pk)).get()
    plan = make_plan(cast.ours, created_by=cast["secretary"], guiding=text, goals=text, safeguards=text)
    make_item(plan, title=short)
    factories.make_rectification(cast.ours, title=short, measure=text)
    factories.make_directive(cast.ours, created_by=cast["secretary"], title=short, requirement=text)
    factories.make_assigned(cast.ours, created_by=cast["organizer"], title=short, detail=text)
    wanted = Wanted(branch=cast.ours, year=2026, reader=cast["secretary"], today=TODAY)
    return {
        "notice": (notice_paper(read, today=TODAY), [text, text, short]),
        "agenda": (agenda_paper(read), [text, short, short]),
        "sign_in": (sign_in_paper(read), [f"时间：2026年10月15日 09:00—10:30　地点：{short}　应到：7 人"]),
        "plan": (plan_paper(plan), [text, text, text, short]),
        "rectification": (rectification_paper(wanted), [short, text]),
        "from_above": (from_above_paper(wanted), [text, short, text]),
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed_stands_in_every_paper(cast: Cast, text: str) -> None:
    for name, (paper, told) in papers_with(cast, text).items():
        lines = lines_of(package_of(word_bytes(paper, author=cast["secretary"], now=NOW)))
        wanted = [NOT_IN_XML.sub("", words) for words in told]
        assert [words for words in wanted if lines.count(words) < wanted.count(words)] == [], name
        assert (LEFT_OUT in lines) == any(NOT_IN_XML.search(words) for words in told), name
