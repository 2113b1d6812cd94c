from django.urls import path

from apps.tasks import (
    views,
    views_assignments,
    views_directives,
    views_ledgers,
    views_review,
    views_write,
)

app_name = "tasks"
urlpatterns = [
    path("", views.task_list, name="list"),
    path("new/", views_write.task_create, name="create"),
    path("assign/", views_assignments.task_assign, name="assign"),
    path("assignments/", views_assignments.assignment_list, name="assignment_list"),
    path("assignments/<int:pk>/", views_assignments.assignment_detail, name="assignment_detail"),
    path("assignments/<int:pk>/remind/", views_assignments.assignment_remind, name="assignment_remind"),
    path("assignments/<int:pk>/accept/", views_assignments.assignment_accept, name="assignment_accept"),
    path("concerns/", views_ledgers.concern_list, name="concern_list"),
    path("concerns/print/", views_ledgers.concern_print, name="concern_print"),
    path("concerns/export/", views_ledgers.concern_export, name="concern_export"),
    path("rectifications/", views_ledgers.rectification_list, name="rectification_list"),
    path("rectifications/print/", views_ledgers.rectification_print, name="rectification_print"),
    path("rectifications/export/", views_ledgers.rectification_export, name="rectification_export"),
    path("directives/new/", views_directives.directive_create, name="directive_create"),
    path("directives/send/", views_directives.circular_send, name="circular_send"),
    path("directives/<int:pk>/update/", views_directives.directive_update, name="directive_update"),
    path("directives/<int:pk>/withdraw/", views_directives.directive_withdraw, name="directive_withdraw"),
    path("directives/<int:pk>/tasks/add/", views_directives.directive_task_add, name="directive_task_add"),
    path("<int:pk>/", views.task_detail, name="detail"),
    path("<int:pk>/update/", views_write.task_update, name="update"),
    path("<int:pk>/notes/new/", views.note_add, name="note_add"),
    path("<int:pk>/close/", views_write.task_close, name="close"),
    path("<int:pk>/report/", views_review.task_report, name="report"),
    path("<int:pk>/accept/", views_review.task_accept, name="accept"),
    path("<int:pk>/return/", views_review.task_return, name="return"),
    path("<int:pk>/feedback/", views_review.feedback_add, name="feedback_add"),
    path("<int:pk>/reopen/", views.task_reopen, name="reopen"),
    path("<int:pk>/cancel/", views.task_cancel, name="cancel"),
]
