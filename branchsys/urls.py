from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("apps.workbench.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("audit/", include("apps.audit.urls")),
    path("jobs/", include("apps.jobs.urls")),
    path("organizations/", include("apps.branches.urls")),
    path("members/", include("apps.members.urls")),
    path("tasks/", include("apps.tasks.urls")),
    path("ballots/", include("apps.ballots.urls")),
    path("meetings/", include("apps.meetings.urls")),
    path("talks/", include("apps.talks.urls")),
    path("worklog/", include("apps.worklog.urls")),
    path("plans/", include("apps.plans.urls")),
    path("standards/", include("apps.standards.urls")),
    path("evaluations/", include("apps.evaluations.urls")),
    path("documents/", include("apps.documents.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "apps.ui.errors.bad_request"
handler403 = "apps.ui.errors.permission_denied"
handler404 = "apps.ui.errors.not_found"
handler500 = "apps.ui.errors.server_error"
