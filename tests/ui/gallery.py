"""Pages that show every component, for the tests of this folder and for looking at."""

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.models import User
from apps.ui.forms import DateInput, SearchSelect, TimeInput, idempotency_field, version_field
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page, form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal


class PersonFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label="姓名", lookup_expr="contains")
    is_active = django_filters.BooleanFilter(label="可以登录")
    since = django_filters.DateFilter(
        label="建立于", field_name="created_at", lookup_expr="date__gte", widget=DateInput
    )

    class Meta:
        model = User
        fields = ["name", "is_active"]


class EverythingForm(forms.Form):
    key = idempotency_field()
    version = version_field()
    title = forms.CharField(label="主题", max_length=20, help_text="例：十一月主题党日。")
    held_on = forms.DateField(label="日期", widget=DateInput)
    starts_at = forms.TimeField(label="开始时间", widget=TimeInput, required=False)
    person = forms.ModelChoiceField(
        label="主持人",
        queryset=User.objects.order_by("pk"),
        required=False,
        widget=SearchSelect(words=lambda person: f"{person.pinyin} {person.initials}"),
    )
    kind = forms.ChoiceField(label="方式", choices=[("a", "无记名投票"), ("b", "举手")])
    topics = forms.MultipleChoiceField(
        label="内容",
        choices=[("x", "学习"), ("y", "讨论")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    late = forms.BooleanField(label="会后补记", required=False)
    notes = forms.CharField(label="记录", widget=forms.Textarea, required=False)
    paper = forms.FileField(label="附件", required=False)


COLUMNS = [
    Column("姓名", lambda person: person.name, url=lambda person: f"/people/{person.pk}/", primary=True),
    Column("登录名", lambda person: person.username),
    Column("编号", lambda person: person.pk, kind="number", hide_on_phone=True),
    Column("建立时间", lambda person: person.created_at.date(), kind="date"),
    Column("状态", lambda person: ("正常", "ok") if person.is_active else ("停用", "muted"), kind="badge"),
]


def people(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        filterset=PersonFilter(request.GET, queryset=User.objects.all()),
        columns=COLUMNS,
        title="人员",
        intro="名册中的全部人员。",
        order=request.GET.get("sort", "-pk").split(","),
        actions=[Action("新增人员", "/form/", icon="plus-lg"), Action("导入", "/form/", tone="secondary")],
        empty="还没有人员。",
        empty_action=Action("导入名册", "/form/"),
        row_class=lambda person: "" if person.is_active else "is-away",
    )


def form(request: HttpRequest) -> HttpResponse:
    shown = EverythingForm(request.POST or None, request.FILES or None, initial={"version": 3})
    if request.method == "POST" and shown.is_valid():
        refuse(shown, Refusal("这一天已经记过一次会。", field="held_on"))
    return form_page(
        request,
        form=shown,
        title="记一次会",
        submit="保存",
        back_url="/",
        intro="先填日期和主题，其余可以以后再补。",
        columns={"held_on": 6, "starts_at": 6},
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", widget=forms.Textarea)


def confirm(request: HttpRequest) -> HttpResponse:
    return confirm_page(
        request,
        title="关闭会议记录",
        question="关闭后不能再修改，只能补充说明。确定关闭吗？",
        submit="关闭记录",
        back_url="/",
        details=[("主题", "十一月主题党日"), ("出席", "12 人")],
        form=ReasonForm(request.POST or None),
    )


def gallery(request: HttpRequest) -> HttpResponse:
    refuse(request, Refusal("有一项没有保存。"))
    return render(request, "gallery.html", gallery_context())


def gallery_context() -> dict[str, Any]:
    return {
        "menu": {
            "items": [
                {"label": "今天要做的事", "url": "/", "icon": "house", "active": True},
                {"label": "组织生活", "url": "/people/", "icon": "journal-text", "active": False},
                {"label": "党员", "url": "/people/", "icon": "people", "active": False},
                {"label": "任务", "url": "/people/", "icon": "check2-square", "active": False},
                {"label": "规则", "url": "/people/", "icon": "book", "active": False},
                {"label": "操作记录", "url": "/people/", "icon": "clock-history", "active": False},
            ],
            "user": None,
        },
        "rows": [("会议", "党员大会"), ("日期", None), ("说明", "第一行\n第二行")],
        "how_to": ["定好日期和议题", "提前通知党员", "会后三天内补齐记录"],
    }


@login_not_required
def open_page(request: HttpRequest) -> HttpResponse:
    return render(request, "base_open.html")


def locked(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a mistake in the code")


def forbidden(request: HttpRequest) -> HttpResponse:
    require(False, "只有支部书记可以关闭会议记录。")
    raise AssertionError(PermissionDenied)


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404
