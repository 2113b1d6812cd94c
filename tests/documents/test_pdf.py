"""Another program reads every Word document of ours and makes pages of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse

from apps.documents.facts import OFFERS
from tests import factories
from tests.conftest import Cast
from tests.documents.reading import HOSTILE
from tests.documents.test_sitting_papers import sitting
from tests.plans.makers import make_item, make_plan

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed on this machine")


def test_every_word_document_becomes_a_pdf(cast: Cast, sign_in, tmp_path: Path) -> None:
    meeting, plan = sitting(cast), make_plan(cast.ours, created_by=cast["secretary"])
    meeting.minutes.summary = "\n".join(HOSTILE)
    meeting.minutes.save()
    make_item(plan)
    factories.make_rectification(cast.ours)
    factories.make_assigned(cast.ours)
    addresses = {offer.name: (cast.ours.pk, 2026) for offer in OFFERS if offer.is_word} | {"plan": (plan.pk,)}
    addresses |= dict.fromkeys(("minutes", "notice", "agenda", "sign_in_sheet"), (meeting.pk,))
    client = sign_in(cast["secretary"])
    for name, place in addresses.items():
        answer = client.post(reverse(f"documents:{name}", args=place))
        (tmp_path / f"{name}.docx").write_bytes(answer.content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    documents = sorted(str(path) for path in tmp_path.glob("*.docx"))
    command = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *documents]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    made = {path.stem: path.read_bytes()[:4] for path in tmp_path.glob("*.pdf")}
    assert made == dict.fromkeys(addresses, b"%PDF")
