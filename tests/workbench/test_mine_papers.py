"""Documents, standards and figures: whoever entered something takes out that, and nobody else's."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

from apps.meetings.models import DirectiveConveyed
from apps.rules.kinds import Aspect, Polarity
from apps.standards.models import (
    EarlierText,
    FigureNote,
    LevelOverride,
    Standard,
    StandardImport,
    StandardSwitch,
    StandardVersion,
)
from apps.tasks.models import Circular
from apps.workbench.services_mine import Form, as_data, gather
from tests import factories
from tests.conftest import NOW, TODAY, Cast


def parts(person: Any) -> dict[str, Any]:
    return json.loads(as_data(gather(person=person, form=Form.DATA, now=NOW)))["parts"]


def test_documents_received_sent_and_put_on_an_agenda(cast: Cast) -> None:
    secretary = cast["secretary"]
    paper = factories.make_directive(cast.ours, created_by=secretary, title="收到的")
    given = {"issuer": "县委", "created_at": NOW, "created_by": secretary, "path": cast.committee.path}
    sent = Circular.objects.create(
        organization=cast.committee, title="转发的", idempotency_key=uuid.uuid4(), **given
    )
    factories.make_directive(cast.sibling, created_by=secretary, title="转发的", circular=sent)
    sitting = factories.make_meeting(cast.ours, title="支委会")
    DirectiveConveyed.objects.create(meeting=sitting, directive=paper, added_by=secretary, added_at=NOW)
    found = [(row["kind"], row["title"], row["text"]) for row in parts(secretary)["directives"]["rows"]]
    assert [(kind, title) for kind, title, _ in found] == [
        ("收文", "收到的"),
        ("转发", "转发的"),
        ("列入传达", "收到的"),
    ]
    assert found[-1][2] == "支委会"
    assert parts(cast["deputy"])["directives"]["rows"] == []


def write_standards(cast: Cast, person: Any) -> None:
    """One of everything that can be written about standards and figures."""
    place = {"organization": cast.committee, "path": cast.committee.path}

    def key() -> dict[str, Any]:
        return {"idempotency_key": uuid.uuid4()}

    standard = Standard.objects.create(code="QC-1", **place, **key())
    StandardVersion.objects.create(
        standard=standard,
        number=1,
        aspect=Aspect.DUTY,
        polarity=Polarity.POSITIVE,
        title="本级标准",
        requirement="每月走访",
        valid_from=TODAY,
        created_by=person,
    )
    bearing = {"valid_from": TODAY, "created_by": person, **place}
    StandardSwitch.objects.create(standard=standard, reason="不适用", **bearing, **key())
    LevelOverride.objects.create(
        measure="participation", good=90, warn=80, reason="镇发1号", **bearing, **key()
    )
    note = FigureNote.objects.create(
        year=2026, measure="participation", text="防汛", written_by=person, written_at=NOW, **place, **key()
    )
    EarlierText.objects.create(note=note, text="抗旱", written_by=person, written_at=NOW)
    StandardImport.objects.create(
        valid_from=date(2026, 1, 1),
        uploaded_by=person,
        uploaded_at=NOW,
        file_name="清单.xlsx",
        **place,
        **key(),
    )


def test_everything_written_about_standards_and_figures(cast: Cast) -> None:
    write_standards(cast, cast["organizer"])
    rows = parts(cast["organizer"])["standards"]["rows"]
    assert [(row["kind"], row["what"], row["text"]) for row in rows] == [
        ("评议标准", "本级标准", "每月走访"),
        ("停用的标准", "QC-1", "不适用"),
        ("调整的评议线", "participation", "镇发1号"),
        ("数字说明", "2026 participation", "防汛"),
        ("原来的说明", "2026 participation", "抗旱"),
        ("标准导入", "清单.xlsx", "等待确认"),
    ]
    assert {row["organization"] for row in rows} == {"青川镇党委"}
    assert "standards" not in parts(cast["secretary"])
