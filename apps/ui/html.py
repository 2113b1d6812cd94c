"""Small pieces of HTML and words that tags and tables share, built in Python and always escaped."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.ui.tones import BADGE_TONES, BUTTON_TONES, known

ICON_NAME = re.compile(r"[a-z0-9-]+")


def icon(*, name: str) -> SafeString:
    """A picture beside words that say the same; screen readers skip it."""
    if not ICON_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of an icon")
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


def badge(*, text: Any, tone: str = "muted") -> SafeString:
    return format_html('<span class="ui-badge ui-tone-{}">{}</span>', known(tone, BADGE_TONES), text)


def link_button(*, url: str, label: str, tone: str = "secondary", icon: str = "") -> SafeString:
    known(tone, BUTTON_TONES)
    return format_html('<a class="btn btn-{}" href="{}">{}{}</a>', tone, url, before_words(icon), label)


def before_words(name: str) -> SafeString | str:
    """The icon in front of words, where there is one."""
    return format_html("{} ", icon(name=name)) if name else ""


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
