"""The components: functions whose keyword-only parameters are their signature; any other word is an error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.ui import html, pdf
from apps.ui.filter_forms import filter_fields
from apps.ui.paging import Page
from apps.ui.tones import BADGE_TONES, BUTTON_TONES, known

register = template.Library()
register.simple_tag(html.icon)
register.simple_tag(html.badge)
register.simple_tag(html.link_button)
register.simple_tag(filter_fields)
register.filter(html.shown)
BADGE_ICONS = {
    "ok": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "x-octagon-fill",
    "info": "info-circle-fill",
    "muted": "dash-circle",
}
PAGE_HEADER = """<header class="ui-page-header">
<div><h1>{}</h1>{}</div>
{}
</header>"""
CARD = """<section class="ui-card{}">
{}
<div class="ui-card-body">{}</div>
</section>"""
NOTICE = """<div class="ui-notice ui-tone-{}" role="{}">
{}
<div class="ui-notice-body">{}</div>
</div>"""
EMPTY = """<div class="ui-empty">
{}
<p>{}</p>
{}
</div>"""
WHY = """<details class="ui-why">
<summary>{}</summary>
<div class="ui-why-body"><p>{}</p>{}{}</div>
</details>"""
ARTICLE = '<p class="ui-article">{} {}</p>'
HOW_TO = '<p class="ui-how">怎么做</p><ol>{}</ol>'
PAGER = """<nav class="ui-pager no-print" aria-label="翻页">
{}
</nav>"""
PAGE_LINK = (
    '<a class="btn btn-secondary" href="{url}" hx-get="{url}" hx-target="#list"'
    ' hx-swap="outerHTML show:top" hx-push-url="true">{label}</a>'
)
NO_PAGE = '<span class="btn btn-secondary disabled" aria-disabled="true">{}</span>'
#: The levels of Django's messages, in our tones.
MESSAGE_TONES = {"debug": "muted", "info": "info", "success": "ok", "warning": "warn", "error": "bad"}


@register.simple_block_tag
def page_header(content: str, *, title: Any, subtitle: Any = "") -> SafeString:
    """The heading of a page; what stands between the tags are its buttons."""
    below = format_html('<p class="ui-subtitle">{}</p>', subtitle) if subtitle else ""
    buttons = format_html('<div class="ui-buttons no-print">{}</div>', content) if content.strip() else ""
    return format_html(PAGE_HEADER, title, below, buttons)


@register.simple_block_tag
def card(content: str, *, title: Any = "", icon: str = "", tone: str = "") -> SafeString:
    """A titled panel. `tone` marks its edge; leave it out for an ordinary one."""
    known(tone, ("", *BADGE_TONES))
    edge = f" ui-edge-{tone}" if tone else ""
    words = html.before_words(icon)
    head = format_html('<h2 class="ui-card-title">{}{}</h2>', words, title) if title else ""
    return format_html(CARD, edge, head, content)


@register.simple_block_tag
def notice(content: str, *, tone: str = "info") -> SafeString:
    known(tone, BADGE_TONES)
    role = "alert" if tone == "bad" else "status"
    return format_html(NOTICE, tone, role, html.icon(name=BADGE_ICONS[tone]), content)


@register.simple_tag
def empty_state(*, text: Any, action_label: str = "", action_url: str = "") -> SafeString:
    button = html.link_button(url=action_url, label=action_label, tone="primary") if action_url else ""
    return format_html(EMPTY, html.icon(name="journal"), text, button)


@register.simple_tag
def pager(*, page: Page) -> SafeString | str:
    """The links to the other pages of a list, where there are any."""
    if not page.first_url and not page.last_url:
        return ""
    ways = [
        (page.first_url, "首页"),
        (page.previous_url, "上一页"),
        (page.next_url, "下一页"),
        (page.last_url, "末页"),
    ]
    links = [
        format_html(PAGE_LINK, url=url, label=label) if url else format_html(NO_PAGE, label)
        for url, label in ways
    ]
    return format_html(PAGER, format_html_join("\n", "{}", ((link,) for link in links)))


@register.inclusion_tag("components/facts.html")
def facts(*, rows: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """A list of labels and values; an empty value shows a dash."""
    return {"rows": rows}


@register.simple_tag
def why(
    *, words: Any, article: Any = "", how_to: Sequence[str] | str = (), label: str = "为什么"
) -> SafeString:
    """The reason for a demand, its article, and how to meet it (a list, or a text with a step a line)."""
    taken = [step for step in (how_to.splitlines() if isinstance(how_to, str) else how_to) if step.strip()]
    steps = format_html(HOW_TO, format_html_join("", "<li>{}</li>", ((s,) for s in taken))) if taken else ""
    source = format_html(ARTICLE, html.icon(name="bookmark"), article) if article else ""
    return format_html(WHY, label, words, source, steps)


@register.inclusion_tag("components/post_button.html")
def post_button(
    *, url: str, label: str, tone: str = "secondary", icon: str = "", confirm: str = ""
) -> dict[str, Any]:
    """A button that writes: a form of its own with the CSRF token; the page's script asks `confirm`."""
    return {"url": url, "label": label, "tone": known(tone, BUTTON_TONES), "icon": icon, "confirm": confirm}


@register.simple_tag
def pdf_button(*, url: str, label: str = "PDF") -> SafeString | str:
    """Beside the button of a Word file; nothing on a machine that cannot make PDF."""
    if not pdf.converter():
        return ""
    return render_to_string("components/pdf_button.html", {"url": f"{url}?pdf", "label": label})


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
