"""What of talks stands in one place."""

import uuid
from datetime import date
from typing import Any

from apps.branches.models import Organization
from apps.members.models import Member
from apps.rules.kinds import TalkOccasion, TalkState, TalkTrigger
from apps.talks.models import MustTalk, Talk, TalkWave
from tests.conftest import NOW, TODAY
from tests.talks.talking import make_talk


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    """With the group's leader in our branch, where there is one; alone in a branch of one."""
    other = Member.objects.filter(branch=branch).exclude(pk=member.pk).order_by("-pk").first()
    people = [member, other] if other else [member]
    talk = make_talk(*people)
    planned = make_talk(*people, state=TalkState.PLANNED, held_on=None, planned_on=date(2026, 11, 27))
    reminder = make_talk(*people, occasion=TalkOccasion.REMINDER)
    opened = make_talk(*people, opened_at=NOW)
    must = MustTalk.objects.create(
        branch=branch,
        path=branch.path,
        member=member,
        trigger=TalkTrigger.HARDSHIP,
        since=TODAY,
        due_on=date(2026, 12, 1),
        set_by=member.person,
        idempotency_key=uuid.uuid4(),
    )
    wave = TalkWave.objects.create(
        branch=branch,
        path=branch.path,
        opens_on=date(2026, 11, 1),
        meeting_on=date(2026, 12, 20),
        opened_by=member.person,
    )
    rows: dict[str, Talk | MustTalk | TalkWave] = {
        "talk": talk,
        "planned_talk": planned,
        "reminder": reminder,
        "open_talk": opened,
        "must": must,
        "wave": wave,
    }
    return {name: {"pk": row.pk} for name, row in rows.items()}
