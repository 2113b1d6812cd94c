"""What of the work log stands in one place."""

from typing import Any

from apps.branches.models import Organization
from apps.members.models import Member
from tests.worklog import makers


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    keeper = member.person
    post = makers.make_key_post(branch, created_by=keeper)
    return {
        "entry": {"pk": makers.make_study(branch, member, created_by=keeper).pk},
        "key_post": {"pk": post.pk},
        "key_post_check": {"pk": makers.make_check(post, created_by=keeper).pk},
        "study_import": {"pk": makers.make_import(branch, uploaded_by=keeper).pk},
        "care_unit": {"pk": makers.make_unit(branch, created_by=keeper).pk},
    }
