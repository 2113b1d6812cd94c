"""What of the task book stands in one place."""

from datetime import date
from typing import Any

from apps.branches.models import Organization
from apps.meetings.models import DirectiveConveyed, Meeting, MeetingState
from apps.members.models import Member
from apps.rules.kinds import TaskKind
from apps.tasks.models import TaskState
from tests import factories
from tests.conftest import NOW


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    keeper = member.person
    sent = factories.make_assigned(branch, created_by=keeper)
    reported = factories.make_assigned(
        branch, created_by=keeper, state=TaskState.REPORTED, reported_on=date(2026, 11, 18)
    )
    directive = factories.make_directive(branch, created_by=keeper, convey_by=date(2026, 11, 24))
    meeting = Meeting.objects.filter(branch=branch, state=MeetingState.OPEN).earliest("pk")
    link = DirectiveConveyed.objects.create(
        meeting=meeting, directive=directive, added_by=keeper, added_at=NOW
    )
    factories.make_task(branch, kind=TaskKind.DIRECTIVE, directive=directive, created_by=keeper)
    return {
        "sent_task": {"pk": sent.pk},
        "reported_task": {"pk": reported.pk},
        "concern": {"pk": factories.make_concern(branch, created_by=keeper).pk},
        "rectification": {"pk": factories.make_rectification(branch, created_by=keeper).pk},
        "directive": {"pk": directive.pk},
        "conveyed": {"pk": meeting.pk, "link_pk": link.pk},
    }
