"""What the demo's figures need to differ: checked rosters, major matters talked over, an old paper.

Branches take turns, so that every level and every state of a figure is somewhere to be seen.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.names import pinyin_of
from apps.branches.models import Organization, Post
from apps.meetings.models import AgendaItem, Consultation, DirectiveConveyed, Meeting, MeetingState
from apps.members.models import Member
from apps.rules.kinds import BranchForm, ConsultationKind, PostKind, TaskKind
from apps.standards.services_figures import count_figures
from apps.tasks.models import Directive, Task, TaskState
from apps.workbench.services_demo_people import Settled, SettledBranch

PAPER = "关于开展汛前隐患排查的通知"
FROM_ABOVE = "童志远"


def write_variety(*, settled: Settled, today: date, now: datetime) -> None:
    for number, branch in enumerate(settled.branches):
        _check_roster(branch, turn=number % 3, today=today)
        _talk_over(branch, turn=number % 3, year=today.year)
        _old_paper(branch, turn=number % 3, today=today, now=now)
        if branch.plan.form == BranchForm.TEMPORARY:
            _send_secretary(branch, today=today)


def count_demo_figures(*, today: date) -> None:
    """As the nightly run does, for this year and the one before."""
    branches = list(Organization.objects.branches())
    for year in (today.year - 1, today.year):
        count_figures(branches=branches, year=year, today=today)


def _check_roster(branch: SettledBranch, *, turn: int, today: date) -> None:
    """All of it checked this autumn, all but one, or as it was."""
    members = Member.objects.filter(branch=branch.organization)
    if turn == 1:
        members = members.exclude(pk=branch.members[-1].pk)
    if turn < 2:
        members.update(verified_on=today - timedelta(days=40))


def _talk_over(branch: SettledBranch, *, turn: int, year: int) -> None:
    """Matters that were voted on are major; the others on the committee were asked before, or not all."""
    others = [member for kind, member in branch.posts.items() if kind != PostKind.SECRETARY]
    if not branch.plan.with_committee or not others:
        return
    items = AgendaItem.objects.filter(
        meeting__branch=branch.organization,
        meeting__state=MeetingState.CLOSED,
        meeting__held_on__year=year,
        motions__isnull=False,
    ).distinct()
    for at, item in enumerate(items.select_related("meeting").order_by("meeting__held_on", "pk")):
        item.is_major = True
        item.save(update_fields=["is_major"])
        if turn == 2 and at % 2:
            continue
        kinds = list(ConsultationKind)
        made = Consultation.objects.create(
            item=item,
            kind=kinds[at % len(kinds)] if turn == 0 else ConsultationKind.BEFORE_DECISION,
            held_on=item.meeting.held_on - timedelta(days=3),
            brief="逐个听了意见，都赞成上会。",
        )
        made.members.set(others[1:] if turn == 1 and at == 0 else others)


def _old_paper(branch: SettledBranch, *, turn: int, today: date, now: datetime) -> None:
    """Received in spring: conveyed and carried out in time, carried out late, or only conveyed late."""
    received = today - timedelta(days=220)
    by = branch.members[0].person
    common = {"organization": branch.organization, "path": branch.organization.path, "created_by": by}
    moment = now - timedelta(days=220)
    paper = Directive.objects.create(
        **common,
        title=PAPER,
        issuer="青川镇防汛指挥部（虚构）",
        requirement="逐户逐点排查，隐患登记造册。",
        received_on=received,
        convey_by=received + timedelta(days=45),
        do_by=received + timedelta(days=60),
        asks_action=True,
        created_at=moment,
        idempotency_key=_key(branch, number=1),
    )
    _convey(paper, after=received + timedelta(days=60 if turn == 2 else 0), by=by)
    Task.objects.create(
        **common,
        kind=TaskKind.DIRECTIVE,
        directive=paper,
        title=f"落实《{PAPER}》",
        owner=by,
        due_on=paper.do_by,
        state=TaskState.DONE,
        closed_on=received + timedelta(days=72 if turn else 50),
        result="排查 46 处，整改 3 处。",
        created_at=moment,
        idempotency_key=_key(branch, number=2),
    )


def _convey(paper: Directive, *, after: date, by: User) -> None:
    held = Meeting.objects.filter(
        branch=paper.organization, group=None, state=MeetingState.CLOSED, held_on__gte=after
    )
    meeting = held.order_by("held_on", "pk").first()
    if meeting is not None:
        moment = timezone.make_aware(datetime.combine(meeting.held_on, time(17)))
        DirectiveConveyed.objects.create(meeting=meeting, directive=paper, added_by=by, added_at=moment)


def _key(branch: SettledBranch, *, number: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"demo figures {branch.organization.name} {number}")


def _send_secretary(branch: SettledBranch, *, today: date) -> None:
    """Named from above and kept on another branch's roster: what is told of him cannot be judged here."""
    begins = today - timedelta(days=60)
    held = Post.objects.filter(organization=branch.organization, kind=PostKind.SECRETARY, ends_on=None)
    held.update(ends_on=begins)
    pinyin, initials = pinyin_of(FROM_ABOVE)
    person = User.objects.create(
        name=FROM_ABOVE, pinyin=pinyin, initials=initials, password=make_password(None)
    )
    post = {"kind": PostKind.SECRETARY, "starts_on": begins, "note": "上级党委指定"}
    Post.objects.create(person=person, organization=branch.organization, **post)
