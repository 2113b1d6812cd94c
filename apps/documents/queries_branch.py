"""How a branch stands on a day: its leaders, its members counted, its term of office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from apps.branches.models import Organization
from apps.branches.queries import current_posts, term_of
from apps.members.models import Member, Sex
from apps.members.queries import groups_of
from apps.rules import periods
from apps.rules.kinds import COMMITTEE_POSTS, MemberStatus, PostKind

YOUNG, OLD = 35, 60
HAN = ("汉", "汉族")
Lines = list[tuple[str, str]]
Row = tuple[str, str, str, date | None]


@dataclass(frozen=True, kw_only=True)
class HeadCount:
    """Members by what is asked for; `unknown` names what the roster does not say, and of how many."""

    all: int
    full: int
    probationary: int
    women: int
    minority: int
    young: int
    old: int
    unknown: tuple[tuple[str, int], ...]


def age_on(day: date, *, born_on: date) -> int:
    """In full years: somebody born on 29 February is a year older from 1 March on."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def head_count(branch: Organization, *, today: date) -> HeadCount:
    """One query."""
    people = Member.objects.active().filter(branch=branch)
    rows: list[Row] = list(people.values_list("status", "sex", "ethnicity", "born_on"))
    ages = [age_on(today, born_on=born_on) for _, _, _, born_on in rows if born_on]
    lacking = {
        "性别": sum(not sex for _, sex, _, _ in rows),
        "民族": sum(not ethnicity for _, _, ethnicity, _ in rows),
        "出生日期": len(rows) - len(ages),
    }
    return HeadCount(
        all=len(rows),
        full=_with_status(rows, MemberStatus.FULL),
        probationary=_with_status(rows, MemberStatus.PROBATIONARY),
        women=sum(sex == Sex.FEMALE for _, sex, _, _ in rows),
        minority=sum(bool(ethnicity) and ethnicity not in HAN for _, _, ethnicity, _ in rows),
        young=sum(age <= YOUNG for age in ages),
        old=sum(age >= OLD for age in ages),
        unknown=tuple((label, number) for label, number in lacking.items() if number),
    )


def _with_status(rows: Iterable[Row], wanted: MemberStatus) -> int:
    return sum(status == wanted for status, _, _, _ in rows)


def basics_of(branch: Organization, *, today: date) -> Lines:
    """The lines of the sheet of basics (documents.md 14); empty where nothing is known."""
    count = head_count(branch, today=today)
    posts = [post for post in current_posts(branch, today=today) if post.organization_id == branch.pk]
    secretary = [post.person.name for post in posts if post.kind == PostKind.SECRETARY]
    committee = [
        f"{post.get_kind_display()} {post.person.name}"
        for kind in PostKind
        for post in posts
        if post.kind == kind and kind in COMMITTEE_POSTS
    ]
    lines = [
        ("党支部名称", branch.name),
        ("支部类型", branch.get_form_display()),
        ("成立时间", day_words(branch.founded_on)),
        ("上级党组织", branch.parent.name if branch.parent else ""),
        ("党支部书记", "、".join(secretary)),
        ("支委分工", "\n".join(committee)),
        *_people_lines(count),
        ("党小组数", f"{groups_of(branch).count()} 个"),
        *_term_lines(branch, today=today),
        ("联系人", branch.contact_name),
        ("联系电话", branch.contact_phone),
    ]
    if count.unknown:
        lines.append(("花名册未登记", "；".join(f"{label} {number} 人" for label, number in count.unknown)))
    return lines


def _people_lines(count: HeadCount) -> Lines:
    return [
        ("党员总数", f"{count.all} 人"),
        ("其中：正式党员", f"{count.full} 人"),
        ("预备党员", f"{count.probationary} 人"),
        ("女党员", f"{count.women} 人"),
        ("少数民族党员", f"{count.minority} 人"),
        (f"{YOUNG} 岁及以下", f"{count.young} 人"),
        (f"{OLD} 岁及以上", f"{count.old} 人"),
    ]


def _term_lines(branch: Organization, *, today: date) -> Lines:
    """`ends_on` is the first day after the term, so it is also the day of the next election at the latest."""
    term = term_of(branch, today=today)
    if term is None:
        return [("本届起止", ""), ("下次换届", "")]
    extended = f"（经批准延期至{day_words(term.extended_to)}）" if term.extended_to else ""
    return [
        ("本届起止", f"第{term.number}届，{day_words(term.starts_on)}至{day_words(term.ends_on)}{extended}"),
        ("下次换届", f"{day_words(term.extended_to or term.ends_on)}前"),
    ]


def day_words(day: date | None) -> str:
    """Nothing where the day is not known."""
    return periods.day_words(day) if day else ""
