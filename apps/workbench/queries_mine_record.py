"""A person's record, account, posts and correction requests, for his own page and export."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from apps.branches.models import Excuse, Post, RuleOverride
from apps.members.models import CorrectionRequest, CorrectionState, RosterImport
from apps.members.own_page import Card, Fact, Line, Part, Subject, columns, facts_of

#: Keys and marks of the machinery; they say nothing of the person.
INTERNAL = frozenset({"id", "vault_id", "id_index", "path", "version", "idempotency_key"})
SECRET_LOGIN = frozenset({"password", "reset_untold"})
TONES = {
    CorrectionState.OPEN: "info",
    CorrectionState.ACCEPTED: "ok",
    CorrectionState.REFUSED: "warn",
    CorrectionState.WITHDRAWN: "muted",
}
SHOWN_CORRECTIONS = 20


def record_card(subject: Subject) -> Card:
    member = subject.member
    if member is None:
        return Card(
            title="我的信息",
            icon="person-vcard",
            facts=[("姓名", subject.person.name)],
            empty="系统里没有您的党员档案。您是党员的，请联系所在党支部登记。",
        )
    facts = [
        ("姓名", member.person.name),
        ("党支部", member.branch.name),
        ("党小组", member.group.name if member.group else "未编组"),
        ("人员类别", member.get_status_display()),
        ("入党日期", member.admitted_on),
        ("转正日期", member.full_since),
    ]
    more = [
        ("查看全部登记信息", reverse("members:me")),
        ("信息有误，申请更正", reverse("members:correction_create")),
    ]
    return Card(title="我的信息", icon="person-vcard", facts=facts, more=more)


def correction_card(subject: Subject) -> Card | None:
    """How the requests stand, with the answer: here the member is told."""
    rows = _corrections(subject)[:SHOWN_CORRECTIONS]
    if not rows:
        return None
    return Card(title="我的更正申请", icon="pencil", lines=[_correction_line(row) for row in rows])


def _correction_line(row: CorrectionRequest) -> Line:
    state = CorrectionState(row.state)
    when = f"{row.asked_on} 提出"
    if state == CorrectionState.OPEN:
        when += f"，支部应在 {row.due_on} 前答复"
    below = ""
    if row.answered_on:
        words = str(row.answer) or "已按申请更正。"
        below = f"{row.answered_by}于 {row.answered_on} 答复：{words}"
    url = reverse("members:correction_detail", args=[row.pk])
    return Line(row.field_label, url, beside=when, badge=(state.label, TONES[state]), below=below)


def _corrections(subject: Subject) -> list[CorrectionRequest]:
    if subject.member is None:
        return []
    rows = CorrectionRequest.objects.filter(member=subject.member).select_related("answered_by")
    return list(rows.order_by("-asked_on", "-pk"))


def record_parts(subject: Subject) -> Iterator[Part]:
    if subject.member:
        facts = [Fact("name", "姓名", subject.person.name), *facts_of(subject.member, leave_out=INTERNAL)]
        yield Part(key="record", title="党员档案", facts=[fact for fact in facts if fact.key != "person"])
    login = facts_of(subject.person, leave_out=INTERNAL | SECRET_LOGIN)
    yield Part(key="account", title="账号", facts=login)
    yield _correction_part(subject)


def _correction_part(subject: Subject) -> Part:
    named = columns(
        "field 更正项目",
        "asked 应改为",
        "wrong 哪里不对",
        "reason 依据",
        "asked_on 提出日期",
        "due_on 答复期限",
        "state 状态",
        "answer 答复",
        "answered_by 答复人",
        "answered_on 答复日期",
    )
    rows = [
        (
            row.field_label,
            row.asked,
            row.wrong,
            row.reason,
            row.asked_on,
            row.due_on,
            row.get_state_display(),
            row.answer,
            row.answered_by.name if row.answered_by else "",
            row.answered_on,
        )
        for row in _corrections(subject)
    ]
    return Part(key="correction_requests", title="更正申请", columns=named, rows=rows)


def post_card(subject: Subject) -> Card | None:
    posts = _posts(subject)
    if not posts:
        return None
    return Card(title="我的任职", icon="person-badge", lines=[_post_line(post, subject) for post in posts])


def _post_line(post: Post, subject: Subject) -> Line:
    until = f"至 {post.ends_on}" if post.ends_on else "起"
    is_current = post.ends_on is None or post.ends_on > subject.today
    badge = ("在任", "ok") if is_current else ("已卸任", "muted")
    text = f"{post.organization} {post.get_kind_display()}"
    return Line(text, beside=f"{post.starts_on} {until}", badge=badge)


def _posts(subject: Subject) -> list[Post]:
    rows = Post.objects.filter(person=subject.person).select_related("organization", "term__organization")
    return list(rows.order_by("-starts_on", "-pk"))


def post_parts(subject: Subject) -> Iterator[Part]:
    named = columns("organization 党组织", "kind 职务", "term 届次", "starts_on 任职日期")
    named += columns("ends_on 免职日期", "note 任职方式")
    rows = [_post_row(post) for post in _posts(subject)]
    yield Part(key="posts", title="任职", columns=named, rows=rows)
    named = columns("kind 类别", "organization 党组织", "code 规则", "reason 依据", "on 日期")
    rows = _decisions(subject)
    yield Part(key="decisions", title="本人登记的本级规则和免做说明", columns=named, rows=rows)
    named = columns("kind 类别", "what 内容", "on 日期", "state 结果")
    rows = _handled(subject)
    yield Part(key="handled", title="本人经办的导入和更正申请", columns=named, rows=rows)


def _post_row(post: Post) -> tuple[object, ...]:
    return (
        post.organization.name,
        post.get_kind_display(),
        f"第{post.term.number}届" if post.term else "",
        post.starts_on,
        post.ends_on,
        post.note,
    )


def _decisions(subject: Subject) -> list[tuple[object, ...]]:
    rules = RuleOverride.objects.filter(created_by=subject.person).select_related("organization")
    excuses = Excuse.objects.filter(decided_by=subject.person).select_related("organization")
    found: list[tuple[object, ...]] = [
        ("本级规则", row.organization.name, row.code, row.reason, row.valid_from)
        for row in rules.order_by("pk")
    ]
    return found + [
        ("免做说明", row.organization.name, row.code, row.reason, row.decided_on)
        for row in excuses.order_by("pk")
    ]


def _handled(subject: Subject) -> list[tuple[object, ...]]:
    """That he did it, not what other people wrote."""
    imports = RosterImport.objects.filter(uploaded_by=subject.person).order_by("pk")
    answered = CorrectionRequest.objects.filter(answered_by=subject.person).order_by("pk")
    found: list[tuple[object, ...]] = [
        ("花名册导入", row.file_name, row.uploaded_at, row.get_state_display()) for row in imports
    ]
    return found + [
        ("答复更正申请", row.field_label, row.answered_on, row.get_state_display())
        for row in answered.defer("asked", "wrong", "reason", "answer")
    ]
