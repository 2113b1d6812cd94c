"""The menu of each role."""

from __future__ import annotations

from django.http import HttpRequest

from apps.accounts.models import User
from apps.branches.policies import ABOVE, COMMITTEE, EVERYONE_WITH_POST, held_posts, may_use_admin
from apps.rules.kinds import PostKind
from apps.ui.lists import address_of
from apps.vault import keys

Entry = tuple[str, str, str]

#: label, URL name, icon, and the URL prefix that makes it the current one.
HOME = ("工作台", "workbench:home", "house")
BOARD = ("今日关注", "workbench:board", "compass")
MONTH = ("月历", "workbench:month", "calendar3")
MEETINGS = ("组织生活", "meetings:list", "journal-text")
TALKS = ("谈心谈话", "talks:mine", "chat-dots")
TASKS = ("任务", "tasks:list", "check2-square")
WORKLOG = ("工作纪实", "worklog:list", "pencil-square")
PLANS = ("计划", "plans:list", "flag")
DOCUMENTS = ("材料", "documents:list", "file-earmark-arrow-down")
ROUNDS = ("组织生活会与民主评议", "evaluations:round_list", "person-check")
BALLOTS = ("测评投票", "ballots:list", "envelope-check")
MEMBERS = ("党员", "members:list", "people")
ORGANIZATIONS = ("组织机构", "branches:organization_list", "diagram-3")
POSTS = ("任职", "branches:post_list", "person-badge")
RULES = ("规则", "branches:rule_list", "book")
STANDARDS = ("评议标准", "standards:list", "clipboard-check")
ACROSS = ("各支部评议", "standards:across", "clipboard-data")
RECORD = ("评议档案", "standards:record_start", "clipboard-data")
EVALUATIONS = ("年度考核", "evaluations:cycle_list", "award")
MINE = ("我的档案", "workbench:mine", "person-vcard")
ACCOUNTS = ("账号管理", "accounts:person_list", "key")
SYSTEM = ("系统设置", "workbench:system", "sliders")
DEEDS = ("操作记录", "audit:deed_list", "clock-history")
MY_DEEDS = ("我的操作", "audit:mine", "clock-history")
ADMIN = ("管理后台", "admin:index", "gear")


def entries_for(user: User) -> list[Entry]:
    kinds = {post.kind for post in held_posts(user)}
    has_own = not user.is_operator and not user.is_auditor
    entries = [*_first_pages(kinds), *_records(kinds, has_own=has_own)]
    if kinds & (ABOVE | COMMITTEE):
        entries.append(EVALUATIONS)
    if kinds or user.is_operator:
        entries.append(ORGANIZATIONS)
    if kinds & (ABOVE | COMMITTEE):
        entries += [POSTS, DOCUMENTS]
    if user.is_operator:
        entries += [ACCOUNTS, SYSTEM]
    if user.is_auditor:
        entries.append(DEEDS)
    if has_own:
        entries.append(MINE)
    if kinds & EVERYONE_WITH_POST:
        entries.append(STANDARDS)
    entries += [RULES, MY_DEEDS]
    return [*entries, ADMIN] if may_use_admin(user) else entries


def _first_pages(kinds: set[PostKind]) -> list[Entry]:
    above = [BOARD, ACROSS] if kinds & ABOVE else []
    return [HOME, *above] if kinds & COMMITTEE or not above else above


def _records(kinds: set[PostKind], *, has_own: bool) -> list[Entry]:
    """What is recorded, in the order in which it is mostly written."""
    if not kinds & EVERYONE_WITH_POST:
        return [MEETINGS, TALKS, TASKS, PLANS, ROUNDS, BALLOTS] if has_own else []
    entries = [MEETINGS, *([TALKS] if has_own else []), TASKS, WORKLOG, PLANS, ROUNDS, BALLOTS, MEMBERS]
    return [*entries, RECORD, MONTH] if kinds & COMMITTEE else entries


def menu(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": {"items": [], "user": None}}
    entries = [(label, address_of(name), icon) for label, name, icon in entries_for(user)]
    here = max((url for _, url, _ in entries if _is_here(request.path, url)), key=len, default="")
    items = [
        {"label": label, "url": url, "icon": icon, "active": url == here} for label, url, icon in entries
    ]
    locked = keys.status().message if keys.status().locked else ""
    return {"menu": {"items": items, "user": user, "locked": locked}}


def _is_here(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
