"""What needs attention in the standing of a branch, apart from meetings: term, posts, numbers of members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from apps.rules import terms
from apps.rules.facts import OrgFacts
from apps.rules.kinds import COMMITTEE_POSTS, BranchForm, OrgKind, PostKind
from apps.rules.norms import NORMS
from apps.rules.periods import day_words
from apps.rules.regulations import HowTo


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """`since` is the day from which it holds; None when the records do not tell."""

    code: str
    title: str
    reason: str
    regulation: str
    article: str
    how_to: HowTo
    since: date | None = None


def hints(org: OrgFacts, *, today: date) -> tuple[Hint, ...]:
    """Silent on a closed branch, on numbers before a roster is in, on elections in a temporary branch."""
    if org.kind != OrgKind.BRANCH or (org.closed_on is not None and org.closed_on <= today):
        return ()
    found = [*_of_secretary(org, today), *_of_members(org, today)]
    if org.form != BranchForm.TEMPORARY:
        found += [*_of_term(org, today), *_of_committee(org, today)]
    return tuple(found)


def _hint(code: str, *, title: str, reason: str, since: date | None = None) -> Hint:
    norm = NORMS[code]
    return Hint(
        code=code,
        title=title,
        reason=f"{reason}{norm.citation}：{norm.plain_words}",
        regulation=norm.regulation,
        article=norm.article,
        how_to=norm.how_to,
        since=since,
    )


def _of_term(org: OrgFacts, today: date) -> Iterator[Hint]:
    term = org.term_on(today)
    if term is None:
        yield _hint("EL-1", title="还没有登记届次", reason="没有届次，系统不知道何时换届、是否设支委会。")
        return
    state = terms.state(term.up_on, today=today)
    reason = f"第{term.number}届{terms.words(term.up_on, today=today)}。"
    if state is terms.TermState.EXPIRED:
        yield _hint("EL-1", title="任期已届满", reason=reason, since=term.up_on)
    elif state is terms.TermState.ENDING:
        yield _hint("EL-2", title="半年内届满，准备换届", reason=reason, since=terms.remind_from(term.up_on))


def vacant_since(org: OrgFacts, *, today: date) -> date | None:
    """The day the last secretary's post ended; None when it is filled or nobody is known to have held it."""
    posts = [post for post in org.posts if post.kind == PostKind.SECRETARY and post.starts_on <= today]
    ends = [post.ends_on for post in posts if post.ends_on is not None]
    if len(ends) < len(posts):
        return None
    latest = max(ends, default=None)
    return latest if latest is not None and latest <= today else None


def _of_secretary(org: OrgFacts, today: date) -> Iterator[Hint]:
    if any(post.kind == PostKind.SECRETARY for post in org.posts_on(today)):
        return
    since = vacant_since(org, today=today)
    reason = f"{day_words(since)}起没有书记。" if since else "没有登记在任的书记。"
    yield _hint("EL-4", title="书记空缺", reason=reason, since=since)


def full_count_since(org: OrgFacts, *, at_least: int, today: date) -> date | None:
    """Since when, without a break, it has had that many full members; None when as far as is known always."""
    days = {
        day
        for member in org.members
        for day in (member.joined_on, member.left_on, member.full_since)
        if day is not None and day <= today
    }
    since: date | None = None
    for day in sorted(days, reverse=True):
        if org.full_members_on(day) < at_least:
            return since
        since = day
    return since


def _of_members(org: OrgFacts, today: date) -> Iterator[Hint]:
    everyone, full = org.members_on(today), org.full_members_on(today)
    if not everyone:
        return
    if full < NORMS["SET-1"].value("min_full"):
        yield _hint("SET-6", title="正式党员不足3名", reason=f"现有正式党员{full}名。")
    if everyone > NORMS["SET-2"].value("max_members"):
        yield _hint("SET-2", title="党员超过50名", reason=f"现有党员{everyone}名。")


def _of_committee(org: OrgFacts, today: date) -> Iterator[Hint]:
    full, term = org.full_members_on(today), org.term_on(today)
    if term is None or not org.members:
        return
    if not term.with_committee:
        if terms.committee_advice(full).needs_committee:
            since = full_count_since(org, at_least=NORMS["SET-8"].value("min_full"), today=today)
            dated = f"{day_words(since)}起，" if since else ""
            reason = f"{dated}正式党员达到{full}名，还没有设支部委员会。"
            yield _hint("SET-8", title="应设支部委员会", reason=reason, since=since)
        return
    filled = len({post.person_id for post in org.posts_on(today) if post.kind in COMMITTEE_POSTS})
    missing = terms.seats_missing(full_members=full, filled=filled)
    if missing:
        reason = f"在任委员{filled}名，至少还差{missing}名。"
        yield _hint("SET-8", title="支部委员不足", reason=reason)
