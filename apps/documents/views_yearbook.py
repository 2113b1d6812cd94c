"""Having year books made, and taking what was made."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.documents import forms, policies, services_yearbook
from apps.documents.models import KEPT_FOR, FileKind, MadeFile
from apps.documents.queries import is_year
from apps.documents.queries_templates import with_faults
from apps.jobs.models import Job
from apps.ui import clock, docx, pdf
from apps.ui.attempts import attempt
from apps.ui.docx_book import laid_out
from apps.ui.pages import form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal

#: So many of the latest files stand on the page of all documents.
FEW = 5
INTRO = (
    "每个支部一本 Word 手册，打成一个压缩包，另附一张表，列出每个支部缺哪些部分。"
    "在后台进行，可以离开页面；谈心谈话只有次数。"
)


@require_POST
def year_book(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    branch = get_object_or_404(policies.branches_to_list(request.user), pk=pk)
    require(policies.can_take(request.user, branch))
    if not is_year(year):
        raise Http404
    asked = {"branch": branch, "year": year, "actor": request.user, **_when()}
    return redirect("jobs:detail", pk=services_yearbook.start_year_book(**asked).pk)


@require_http_methods(["GET", "POST"])
def year_books(request: HttpRequest) -> HttpResponse:
    require(policies.can_bind(request.user), "这里供上级党组织使用。")
    committees = policies.committees_to_bind(request.user)
    initial = {"committee": committees.first(), "year": clock.today().year}
    form = forms.YearBooksForm(request.POST or None, committees=committees, initial=initial)
    made: list[Job] = []
    who, start = {"actor": request.user, **_when()}, services_yearbook.start_year_books
    if attempt(request, form, lambda: made.append(start(**who, **form.cleaned_data))):
        return redirect("jobs:detail", pk=made[0].pk)
    words = {"title": "生成各支部的工作手册", "submit": "开始生成", "intro": INTRO}
    return form_page(request, form=form, back_url=reverse("documents:list"), **words)


def _when() -> dict[str, Any]:
    return {"now": clock.now(), "today": clock.today()}


def about_books(user: User, branch: Organization | None) -> dict[str, Any]:
    """What the page of all documents offers beside them, and tells of books and a committee's own forms."""
    return {
        "may_export": branch is not None and policies.can_take_mobile(user, branch),
        "files": policies.visible_files(user, now=clock.now())[:FEW],
        "may_bind": policies.can_bind(user),
        "may_template": policies.can_manage_templates(user),
        "faulty": with_faults(policies.visible_templates(user)),
        "has_pdf": bool(pdf.converter()),
    }


def own_file(request: HttpRequest, pk: int) -> MadeFile:
    return get_object_or_404(policies.visible_files(request.user, now=clock.now()), pk=pk)


@require_safe
def made_file(request: HttpRequest, pk: int) -> HttpResponse:
    file = own_file(request, pk)
    context = {
        "file": file,
        "kept_until": file.made_at + KEPT_FOR,
        "as_pdf": file.kind == FileKind.WORD and bool(pdf.converter()),
    }
    return render(request, "documents/made_file.html", context)


@require_POST
def take_file(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """As it lies there, or as PDF; that it went out stands in the trail since it was made."""
    file = own_file(request, pk)
    if "pdf" in request.GET and file.kind == FileKind.WORD:
        return converted(request, file)
    content_type = docx.CONTENT_TYPE if file.kind == FileKind.WORD else "application/zip"
    content = services_yearbook.path_of(file).open("rb")
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=content_type)


def converted(request: HttpRequest, file: MadeFile) -> HttpResponse:
    try:
        content = pdf.as_pdf(laid_out(services_yearbook.path_of(file).read_bytes()))
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect("documents:made_file", pk=file.pk)
    return pdf.pdf_response(file.name.removesuffix(".docx"), content)
