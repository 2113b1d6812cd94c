"""The two pages that every write needs: a form, and a question before a step that cannot be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.ui.forms import fields_only, form_helper
from apps.ui.refusals import Refusal
from apps.ui.tones import BUTTON_TONES, known

#: A form that comes back with errors is not a success; scripts and tests can tell it from a first showing.
UNPROCESSABLE = 422


def form_page(
    request: HttpRequest,
    *,
    form: BaseForm,
    title: str,
    submit: str,
    back_url: str,
    intro: str = "",
    template: str = "ui/form.html",
    columns: Mapping[str, int] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show a form. A form that has its own `helper` keeps it (and then its own buttons)."""
    helper = form.helper if hasattr(form, "helper") else None
    context = {
        "form": form,
        "helper": helper or form_helper(submit=submit, back_url=back_url, columns=columns),
        "title": title,
        "back_url": back_url,
        "intro": intro,
        "mistakes": mistakes_of(form),
        **(extra or {}),
    }
    return render(request, template, context, status=status_of(form))


def confirm_page(
    request: HttpRequest,
    *,
    title: str,
    question: str,
    submit: str,
    back_url: str,
    tone: str = "danger",
    details: Sequence[tuple[str, Any]] = (),
    form: BaseForm | None = None,
) -> HttpResponse:
    """Ask before a step; the page posts to its own address, with the fields of `form` for a reason."""
    context = {
        "title": title,
        "question": question,
        "details": details,
        "form": form,
        "helper": fields_only(),
        "submit": submit,
        "tone": known(tone, BUTTON_TONES),
        "back_url": back_url,
        "mistakes": mistakes_of(form) if form else [],
    }
    return render(request, "ui/confirm.html", context, status=status_of(form) if form else 200)


def status_of(form: BaseForm) -> int:
    return UNPROCESSABLE if form.is_bound and form.errors else 200


def mistakes_of(form: BaseForm) -> list[dict[str, str]]:
    """The errors of the fields that the reader can see, each with the id of its input to jump to."""
    if not form.is_bound:
        return []
    return [
        {
            "label": str(form[name].label),
            "id": form[name].id_for_label,
            "message": " ".join(str(error) for error in errors),
        }
        for name, errors in form.errors.items()
        if name in form.fields
    ]


def refuse(form_or_request: BaseForm | HttpRequest, refusal: Refusal) -> None:
    """Show a refusal: on the form it concerns, or as a message on the next page."""
    if isinstance(form_or_request, HttpRequest):
        messages.error(form_or_request, refusal.message)
        return
    field = refusal.field if refusal.field in form_or_request.fields else None
    form_or_request.add_error(field, refusal.message)
