from django.urls import path

from apps.workbench import views, views_board, views_health, views_mine, views_study

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views_board.board, name="board"),
    path("branches/<int:pk>/", views.branch_detail, name="branch_detail"),
    path("month/", views.month, name="month"),
    path("guide/", views.guide, name="guide"),
    path("study/", views_study.study, name="study"),
    path("study/print/", views_study.study_print, name="study_print"),
    path("study/export/", views_study.study_export, name="study_export"),
    path("counted/", views_study.fed, name="fed"),
    path("mine/", views_mine.mine, name="mine"),
    path("mine/attendance/", views_mine.mine_attendance, name="mine_attendance"),
    path("mine/looks/", views_mine.mine_looks, name="mine_looks"),
    path("mine/export/", views_mine.mine_export, name="mine_export"),
    path("system/", views_health.system, name="system"),
    path("healthz", views_health.healthz, name="healthz"),
]
