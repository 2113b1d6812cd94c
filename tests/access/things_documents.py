"""A book that was made and a committee's own template in one place. Both lie on the disk."""

import uuid
from typing import Any

from apps.branches.models import Organization, Post
from apps.documents import services_templates, services_yearbook
from apps.documents.models import MadeFile, UnitTemplate
from apps.members.models import Member
from apps.rules.kinds import PostKind
from tests.conftest import NOW


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    """The book is the branch secretary's, as a member may have none made."""
    post = Post.objects.filter(organization=branch, kind=PostKind.SECRETARY, ends_on=None).first()
    file = MadeFile.objects.create(
        organization=branch,
        path=branch.path,
        owner=post.person if post else member.person,
        name="手册.docx",
        kind="docx",
        stored_as=uuid.uuid4().hex,
        size=1,
        made_at=NOW,
    )
    committee = branch.parent
    template = UnitTemplate.objects.create(
        organization=committee,
        path=committee.path,
        kind="minutes",
        number=1 + UnitTemplate.objects.filter(organization=committee).count(),
        state="earlier",
        file_name="记录.docx",
        stored_as=uuid.uuid4().hex,
        size=1,
        sha256="0" * 64,
        uploaded_by=member.person,
        uploaded_at=NOW,
        idempotency_key=uuid.uuid4(),
    )
    for path in (services_yearbook.path_of(file), services_templates.path_of(template)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PK")
    return {"made_file": {"pk": file.pk}, "unit_template": {"pk": template.pk}}
