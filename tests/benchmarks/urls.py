"""The product's addresses, the bare page that is the unit of every figure, and the plain admin beside it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from apps.meetings.models import Meeting
from branchsys.urls import handler400, handler403, handler404, handler500
from branchsys.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

EMPTY_PAGE = '{% extends "base.html" %}{% block title %}bare{% endblock %}'


def bare(request: HttpRequest) -> HttpResponse:
    """Session, user, menu and the base template; nothing else."""
    return HttpResponse(engines["django"].from_string(EMPTY_PAGE).render({}, request))


class PlainSite(admin.AdminSite):
    """What somebody would use who had only the models: everybody sees everything."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated


class PlainMeetings(admin.ModelAdmin):
    list_display = ("held_on", "title", "branch", "group", "state")
    list_filter = ("state",)
    search_fields = ("title", "place")
    date_hierarchy = "held_on"
    list_per_page = 25

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's
        return True

    has_change_permission = has_module_permission = has_view_permission


plain_site = PlainSite(name="plain_admin")
plain_site.register(Meeting, PlainMeetings)

urlpatterns = [
    path("benchmark/bare/", bare),
    path("benchmark/admin/", plain_site.urls),
    *product,
]
