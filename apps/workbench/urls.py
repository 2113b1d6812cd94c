from django.urls import path

from apps.workbench import (
    views,
    views_board,
    views_calendar,
    views_health,
    views_mine,
    views_plans,
    views_study,
)

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views_board.board, name="board"),
    path("branches/<int:pk>/", views.branch_detail, name="branch_detail"),
    path("month/", views.month, name="month"),
    path("plans/<int:pk>/", views_plans.plan_detail, name="plan_detail"),
    path("calendar/", views_calendar.calendar, name="calendar"),
    path("calendar/revoke/", views_calendar.calendar_revoke, name="calendar_revoke"),
    path("calendar/<slug:token>.ics", views_calendar.calendar_feed, name="calendar_feed"),
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
