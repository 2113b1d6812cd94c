from django.urls import path

from apps.meetings import (
    views,
    views_agenda,
    views_close,
    views_files,
    views_print,
    views_roll,
    views_vote,
)

app_name = "meetings"
ITEM = "<int:pk>/items/<int:item_pk>"
urlpatterns = [
    path("", views.meeting_list, name="list"),
    path("plan/", views.plan, name="plan"),
    path("log/", views.log, name="log"),
    path("blank/", views_print.blank_form, name="blank_form"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/update/", views.update, name="update"),
    path("<int:pk>/open/", views.open_record, name="open"),
    path("<int:pk>/close/", views_close.close, name="close"),
    path("<int:pk>/cancel/", views_close.cancel, name="cancel"),
    path("<int:pk>/addenda/add/", views_close.addendum_add, name="addendum_add"),
    path("<int:pk>/roll/", views_roll.roll, name="roll"),
    path("<int:pk>/roll/refresh/", views_roll.roll_refresh, name="roll_refresh"),
    path("<int:pk>/roll/<int:row_pk>/mark/", views_roll.roll_mark, name="roll_mark"),
    path("<int:pk>/observers/add/", views_roll.observer_add, name="observer_add"),
    path("<int:pk>/observers/<int:observer_pk>/remove/", views_roll.observer_remove, name="observer_remove"),
    path("<int:pk>/items/add/", views_agenda.item_add, name="item_add"),
    path(f"{ITEM}/update/", views_agenda.item_update, name="item_update"),
    path(f"{ITEM}/remove/", views_agenda.item_remove, name="item_remove"),
    path(f"{ITEM}/move/", views_agenda.item_move, name="item_move"),
    path(f"{ITEM}/opinions/add/", views_agenda.opinion_add, name="opinion_add"),
    path("<int:pk>/opinions/<int:opinion_pk>/remove/", views_agenda.opinion_remove, name="opinion_remove"),
    path(f"{ITEM}/consultations/add/", views_agenda.consultation_add, name="consultation_add"),
    path(
        "<int:pk>/consultations/<int:consultation_pk>/remove/",
        views_agenda.consultation_remove,
        name="consultation_remove",
    ),
    path(f"{ITEM}/tasks/add/", views_agenda.resolution_task_add, name="resolution_task_add"),
    path(f"{ITEM}/motions/add/", views_vote.motion_add, name="motion_add"),
    path(f"{ITEM}/motions/panel/", views_vote.motion_panel, name="motion_panel"),
    path("<int:pk>/motions/<int:motion_pk>/remove/", views_vote.motion_remove, name="motion_remove"),
    path("<int:pk>/attachments/add/", views_files.attachment_add, name="attachment_add"),
    path(
        "<int:pk>/attachments/<int:attachment_pk>/",
        views_files.attachment_download,
        name="attachment_download",
    ),
    path(
        "<int:pk>/attachments/<int:attachment_pk>/remove/",
        views_files.attachment_remove,
        name="attachment_remove",
    ),
    path("<int:pk>/print/", views_print.print_minutes, name="print"),
    path("<int:pk>/sign-in-sheet/", views_print.sign_in_sheet, name="sign_in_sheet"),
]
