"""The admin panel: in Chinese, open to organizers, operators and auditors, each with what is theirs."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.branches.policies import may_use_admin


class BranchsysAdminSite(admin.AdminSite):
    site_header = "支部工作系统 · 管理后台"
    site_title = "管理后台"
    index_title = "管理"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and may_use_admin(request.user)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:  # noqa: ARG002
        """One door only: the product's own sign-in page, with its throttling."""
        if request.user.is_authenticated:
            return redirect("workbench:home")
        return redirect(f"{reverse('accounts:login')}?next={request.get_full_path()}")

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:  # noqa: ARG002
        """The product's own page: its service checks, records, and ends the other sessions."""
        return redirect("accounts:password_change")

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:  # noqa: ARG002
        """Leaving is a deed, and the product's own button records it."""
        return redirect("workbench:home")
