from django.urls import path

from apps.tasks import views, views_assignments

app_name = "tasks"
urlpatterns = [
    path("", views.task_list, name="list"),
    path("new/", views.task_create, name="create"),
    path("assign/", views.task_assign, name="assign"),
    path("assignments/", views_assignments.assignment_list, name="assignment_list"),
    path("assignments/<int:pk>/", views_assignments.assignment_detail, name="assignment_detail"),
    path("<int:pk>/", views.task_detail, name="detail"),
    path("<int:pk>/update/", views.task_update, name="update"),
    path("<int:pk>/notes/new/", views.note_add, name="note_add"),
    path("<int:pk>/close/", views.task_close, name="close"),
    path("<int:pk>/reopen/", views.task_reopen, name="reopen"),
    path("<int:pk>/cancel/", views.task_cancel, name="cancel"),
]
