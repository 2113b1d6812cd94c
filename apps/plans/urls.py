from django.urls import path

from apps.plans import views, views_goals, views_items

app_name = "plans"
# The page of one plan stands in `workbench`, which knows the sittings beside it.
urlpatterns = [
    path("", views.plan_list, name="list"),
    path("overview/", views.overview, name="overview"),
    path("new/", views.plan_create, name="create"),
    path("<int:pk>/take-over/", views.plan_take_over, name="take_over"),
    path("<int:pk>/update/", views.plan_update, name="update"),
    path("<int:pk>/items/", views_items.item_update, name="item_update"),
    path("<int:pk>/file/", views.plan_file, name="file"),
    path("<int:pk>/print/", views.plan_print, name="print"),
    path("items/<int:pk>/report/", views_items.item_report, name="item_report"),
    path("goals/", views_goals.goals, name="goals"),
    path("goals/new/", views_goals.goal_create, name="goal_create"),
    path("goals/<int:pk>/update/", views_goals.goal_update, name="goal_update"),
    path("goals/<int:pk>/report/", views_goals.goal_report, name="goal_report"),
    path("projects/new/", views_goals.project_create, name="project_create"),
    path("projects/<int:pk>/update/", views_goals.project_update, name="project_update"),
    path("projects/<int:pk>/progress/new/", views_goals.progress_add, name="progress_add"),
    path("projects/<int:pk>/end/", views_goals.project_end, name="project_end"),
]
