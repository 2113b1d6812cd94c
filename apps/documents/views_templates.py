"""A committee's own forms: which there are, their fields, uploading, switching back, withdrawing."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.documents import forms, policies, services_templates
from apps.documents.facts_samples import sample_of
from apps.documents.models import UnitTemplate
from apps.documents.queries_templates import by_form
from apps.documents.template_fields import FIELDS, TemplateKind
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.docx import CONTENT_TYPE, document_bytes, document_response
from apps.ui.pages import form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal

FOR_ORGANIZERS = "单位模板由组织员管理。"


def asked(request: HttpRequest, pk: int) -> UnitTemplate:
    template = get_object_or_404(policies.visible_templates(request.user), pk=pk)
    require(policies.can_change_template(request.user, template))
    return template


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_manage_templates(request.user), FOR_ORGANIZERS)
    context = {
        "forms": by_form(policies.visible_templates(request.user)),
        "kinds": list(TemplateKind),
    }
    return render(request, "documents/template_list.html", context)


@require_http_methods(["GET", "POST"])
def template_upload(request: HttpRequest) -> HttpResponse:
    require(policies.can_manage_templates(request.user), FOR_ORGANIZERS)
    places = policies.committees_with_templates(request.user)
    initial = {"organization": places.first(), "kind": request.GET.get("kind")}
    form = forms.TemplateForm(
        request.POST or None, request.FILES or None, organizations=places, initial=initial
    )
    who, upload = {"actor": request.user, "now": clock.now()}, services_templates.upload_template
    if attempt(request, form, lambda: upload(**who, **form.cleaned_data)):
        messages.success(request, "模板试填没有问题，从现在起使用这一版。")
        return redirect("documents:template_list")
    back_url = reverse("documents:template_list")
    words = {"title": "上传单位模板", "submit": "试填并使用", "back_url": back_url}
    template, extra = "documents/template_upload.html", {"kinds": list(TemplateKind)}
    return form_page(request, form=form, template=template, extra=extra, **words)


def kind_named(kind: str) -> TemplateKind:
    if kind not in list(TemplateKind):
        raise Http404
    return TemplateKind(kind)


@require_safe
def template_fields(request: HttpRequest, kind: str) -> HttpResponse:
    require(policies.can_manage_templates(request.user), FOR_ORGANIZERS)
    named = kind_named(kind)
    context = {"kind": named, "fields": FIELDS[named], "kinds": list(TemplateKind)}
    return render(request, "documents/template_fields.html", context)


@require_safe
def template_sample(request: HttpRequest, kind: str) -> HttpResponse:
    require(policies.can_manage_templates(request.user), FOR_ORGANIZERS)
    named = kind_named(kind)
    return document_response(f"{named.label}模板样例", document_bytes(sample_of(named)))


@require_safe
def template_file(request: HttpRequest, pk: int) -> FileResponse:
    """A download of a fixed type, as with every file that somebody brought."""
    template = asked(request, pk)
    content = services_templates.path_of(template).open("rb")
    answer = FileResponse(content, as_attachment=True, filename=template.file_name, content_type=CONTENT_TYPE)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@require_POST
def template_use(request: HttpRequest, pk: int) -> HttpResponse:
    template = asked(request, pk)
    try:
        services_templates.use_template(template=template, actor=request.user)
        messages.success(request, f"已换用第 {template.number} 版。")
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect("documents:template_list")


@require_POST
def template_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    template = asked(request, pk)
    try:
        services_templates.withdraw_template(template=template, actor=request.user)
        messages.success(request, "已停用，改用上级的模板或系统自带的格式。")
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect("documents:template_list")
