"""Cycles and the evaluations of branches in them."""

from django.urls import URLPattern, path

from apps.evaluations import views_appraisal, views_cycles, views_report, views_seats

urlpatterns: list[URLPattern] = [
    path("", views_cycles.cycle_list, name="cycle_list"),
    path("new/", views_cycles.cycle_create, name="cycle_create"),
    path("<int:pk>/", views_cycles.cycle_detail, name="cycle_detail"),
    path("<int:pk>/edit/", views_cycles.cycle_update, name="cycle_update"),
    path("<int:pk>/standards/", views_cycles.cycle_standards, name="cycle_standards"),
    path("<int:pk>/open/", views_cycles.cycle_open, name="cycle_open"),
    path("<int:pk>/withdraw/", views_cycles.cycle_withdraw, name="cycle_withdraw"),
    path("<int:pk>/print/", views_cycles.cycle_print, name="cycle_print"),
    path("<int:pk>/reviewers/", views_seats.reviewers, name="reviewers"),
    path("<int:pk>/distribute/", views_seats.distribute, name="distribute"),
    path("<int:pk>/branches/add/", views_seats.add_branch, name="add_branch"),
    path("reviewers/<int:pk>/end/", views_seats.reviewer_end, name="reviewer_end"),
    path("reviewers/<int:pk>/seats/", views_seats.seats, name="seats"),
    path("branches/<int:pk>/", views_report.branch, name="branch"),
    path("branches/<int:pk>/report/", views_report.report, name="report"),
    path("branches/<int:pk>/report/submit/", views_report.report_submit, name="report_submit"),
    path("branches/<int:pk>/report/return/", views_report.report_return, name="report_return"),
    path("branches/<int:pk>/report/print/", views_report.report_print, name="report_print"),
    path(
        "branches/<int:pk>/appraisal/<slug:part>/start/",
        views_appraisal.appraisal_start,
        name="appraisal_start",
    ),
    path(
        "branches/<int:pk>/appraisal/<slug:part>/link/",
        views_appraisal.appraisal_link,
        name="appraisal_link",
    ),
    path("branches/<int:pk>/leave-out/", views_seats.leave_out, name="leave_out"),
    path("branches/<int:pk>/take-in/", views_seats.take_in, name="take_in"),
]
