"""Reading the trail. Nothing here changes a deed; exporting adds one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit import policies, services
from apps.audit.filters import DeedFilter, OwnDeedFilter
from apps.audit.models import Deed
from apps.audit.sheet import deed_sheet
from apps.ui import clock
from apps.ui.export import workbook_response
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page
from apps.ui.policy import require


def detail_url(deed: Deed) -> str:
    return reverse("audit:deed_detail", args=[deed.pk])


COLUMNS = [
    Column("操作", lambda deed: deed.action_label, url=detail_url, primary=True),
    Column("时间", lambda deed: deed.at, kind="date"),
    Column("操作人", lambda deed: deed.actor_name),
    Column("对象", lambda deed: deed.object_label),
    Column("事由", lambda deed: deed.reason, hide_on_phone=True),
]


@require_safe
def deed_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_view_deeds(request.user))
    found = DeedFilter(request.GET, queryset=policies.visible_deeds(request.user))
    export = f"{reverse('audit:deed_export')}?{request.GET.urlencode()}"
    return list_page(
        request,
        filterset=found,
        columns=COLUMNS,
        title="操作记录",
        actions=[Action("导出", export, tone="secondary", icon="download")],
        empty="没有符合条件的操作记录。",
    )


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    found = OwnDeedFilter(request.GET, queryset=policies.own_deeds(request.user))
    columns = [column for column in COLUMNS if column.label != "操作人"]
    return list_page(
        request,
        filterset=found,
        columns=columns,
        title="我的操作",
        intro="本人登录、录入、修改、查阅加密内容和导出的记录。",
        empty="没有符合条件的操作记录。",
    )


@require_safe
def deed_detail(request: HttpRequest, pk: int) -> HttpResponse:
    deed = get_object_or_404(policies.visible_deeds(request.user), pk=pk)
    back = "audit:deed_list" if policies.can_view_deeds(request.user) else "audit:mine"
    return render(request, "audit/deed_detail.html", {"deed": deed, "back_url": reverse(back)})


@require_http_methods(["GET", "POST"])
def deed_export(request: HttpRequest) -> HttpResponse:
    require(policies.can_export_deeds(request.user))
    found = DeedFilter(request.GET, queryset=policies.visible_deeds(request.user))
    if request.method == "POST":
        asked = found.in_words()
        rows = services.export_deeds(deeds=found.qs, actor=request.user, criteria=asked, now=clock.now())
        return workbook_response("操作记录", [deed_sheet(rows)], author=request.user.name, at=clock.now())
    return confirm_page(
        request,
        title="导出操作记录",
        question=f"将导出为 Excel 文件，导出本身也会记入操作记录。\n条件：{found.in_words()}",
        submit="导出",
        back_url=f"{reverse('audit:deed_list')}?{request.GET.urlencode()}",
        tone="primary",
    )
