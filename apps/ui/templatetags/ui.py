"""The components: functions whose keyword-only parameters are their signature; any other word is an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.ui.tones import BADGE_TONES, BUTTON_TONES, known

register = template.Library()

ICON_NAME = re.compile(r"[a-z0-9-]+")
BADGE_ICONS = {
    "ok": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "x-octagon-fill",
    "info": "info-circle-fill",
    "muted": "dash-circle",
}
#: The levels of Django's messages, in our tones.
MESSAGE_TONES = {"debug": "muted", "info": "info", "success": "ok", "warning": "warn", "error": "bad"}


@register.simple_block_tag
def page_header(content: str, *, title: Any, subtitle: Any = "") -> SafeString:
    """The heading of a page; what stands between the tags are its buttons."""
    return render_to_string(
        "components/page_header.html", {"title": title, "subtitle": subtitle, "buttons": content}
    )


@register.simple_block_tag
def card(content: str, *, title: Any = "", icon: str = "", tone: str = "") -> SafeString:
    """A titled panel. `tone` marks its edge; leave it out for an ordinary one."""
    known(tone, ("", *BADGE_TONES))
    return render_to_string(
        "components/card.html", {"title": title, "icon": icon, "tone": tone, "body": content}
    )


@register.simple_block_tag
def notice(content: str, *, tone: str = "info") -> SafeString:
    known(tone, BADGE_TONES)
    return render_to_string(
        "components/notice.html", {"tone": tone, "icon": BADGE_ICONS[tone], "body": content}
    )


@register.simple_tag
def icon(*, name: str) -> SafeString:
    """A picture beside words that say the same; screen readers skip it."""
    if not ICON_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of an icon")
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def badge(*, text: Any, tone: str = "muted") -> SafeString:
    return format_html('<span class="ui-badge ui-tone-{}">{}</span>', known(tone, BADGE_TONES), text)


@register.inclusion_tag("components/empty_state.html")
def empty_state(*, text: Any, action_label: str = "", action_url: str = "") -> dict[str, Any]:
    return {"text": text, "action_label": action_label, "action_url": action_url}


@register.inclusion_tag("components/facts.html")
def facts(*, rows: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """A list of labels and values; an empty value shows a dash."""
    return {"rows": rows}


@register.inclusion_tag("components/why.html")
def why(
    *, words: Any, article: Any = "", how_to: Sequence[str] | str = (), label: str = "为什么"
) -> dict[str, Any]:
    """The reason for a demand, its article, and how to meet it (a list, or a text with a step a line)."""
    steps_to_take = how_to.splitlines() if isinstance(how_to, str) else how_to
    return {
        "words": words,
        "article": article,
        "how_to": [s for s in steps_to_take if s.strip()],
        "label": label,
    }


@register.inclusion_tag("components/post_button.html")
def post_button(
    *, url: str, label: str, tone: str = "secondary", icon: str = "", confirm: str = ""
) -> dict[str, Any]:
    """A button that writes: a form of its own with the CSRF token; the page's script asks `confirm`."""
    return {"url": url, "label": label, "tone": known(tone, BUTTON_TONES), "icon": icon, "confirm": confirm}


@register.inclusion_tag("components/link_button.html")
def link_button(*, url: str, label: str, tone: str = "secondary", icon: str = "") -> dict[str, Any]:
    return {"url": url, "label": label, "tone": known(tone, BUTTON_TONES), "icon": icon}


@register.inclusion_tag("components/secrecy_note.html")
def secrecy_note() -> dict[str, Any]:
    return {}


@register.inclusion_tag("components/progress.html")
def progress(*, value: float | None, total: float | None, label: str = "") -> dict[str, Any]:
    """A bar with its figures in words; no `total` means that the end is not known yet."""
    done, whole = value or 0, total or 0
    percent = min(100, int(done * 100 / whole)) if whole else None
    return {"value": done, "total": whole, "label": label, "percent": percent}


@register.inclusion_tag("components/steps.html")
def steps(*, items: Sequence[str] | str, current: int | str) -> dict[str, Any]:
    """Where one is in a sequence: `items` is a list or a text with commas, `current` a label or a number."""
    labels = [item.strip() for item in items.split(",")] if isinstance(items, str) else list(items)
    here = labels.index(current) + 1 if isinstance(current, str) and current in labels else int(current)
    states = [
        "done" if number < here else "here" if number == here else "ahead"
        for number in range(1, len(labels) + 1)
    ]
    return {"steps": list(zip(labels, states, strict=True))}


@register.filter
def message_tone(level_tag: str) -> str:
    return MESSAGE_TONES.get(level_tag, "info")


@register.filter
def shown(value: Any) -> Any:
    """A value as a reader sees it: dates as 2026-05-18, yes and no in words, a dash for nothing."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        return date_format(moment, "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return value
