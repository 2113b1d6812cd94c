"""Taking the list out as a workbook, in the columns of the import."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from apps.members import forms, policies, queries, services_export
from apps.members.filters import MemberFilter
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.export import Sheet, workbook_response
from apps.ui.pages import form_page
from apps.ui.policy import require


def export(request: HttpRequest) -> HttpResponse:
    """The filter of the list stands in the address; the form says whether numbers are shown."""
    require(policies.can_export(request.user))
    form = _form(request)
    sheets: list[Sheet] = []
    if attempt(request, form, lambda: sheets.append(_sheet(request, form))):
        name = f"党员花名册-{clock.today():%Y%m%d}"
        return workbook_response(name, sheets, author=request.user.name, at=clock.now())
    back_url = f"{reverse('members:list')}?{request.GET.urlencode()}"
    return form_page(request, form=form, back_url=back_url, **WORDS)


WORDS = {
    "title": "导出花名册",
    "submit": "导出",
    "intro": "按列表当前的条件导出，可以改好再导入。导出记入操作记录。",
}


def _form(request: HttpRequest) -> forms.ExportForm:
    data = request.POST if request.method == "POST" else None
    wished = {"form": request.GET.get("form", "full")}
    return forms.ExportForm(data, initial=wished, clear_allowed=policies.can_export_clear(request.user))


def _sheet(request: HttpRequest, form: forms.ExportForm) -> Sheet:
    members = queries.with_names(policies.exportable_members(request.user))
    found = MemberFilter(request.GET, queryset=members, user=request.user, today=clock.today())
    chosen = found.qs if found.form.is_valid() else members.none()
    data = form.cleaned_data
    return services_export.export_members(
        members=chosen.order_by("path", "person__pinyin", "pk"),
        form=data["form"],
        clear=data.get("clear", False),
        reason=data.get("reason", ""),
        criteria=found.criteria(),
        actor=request.user,
        today=clock.today(),
    )
