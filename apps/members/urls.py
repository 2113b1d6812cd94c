from django.urls import path

from apps.members import views, views_corrections, views_export, views_import, views_posts, views_record

app_name = "members"
urlpatterns = [
    path("", views.member_list, name="list"),
    path("me/", views.me, name="me"),
    path("new/", views_record.member_create, name="create"),
    path("appoint/<int:pk>/", views_posts.appoint, name="appoint"),
    path("groups/", views_record.assign_group, name="assign_group"),
    path("export/", views_export.export, name="export"),
    path("import/", views_import.import_start, name="import_start"),
    path("import/template/", views_import.import_template, name="import_template"),
    path("import/<int:pk>/", views_import.import_detail, name="import_detail"),
    path("import/<int:pk>/confirm/", views_import.import_confirm, name="import_confirm"),
    path("import/<int:pk>/drop/", views_import.import_drop, name="import_drop"),
    path("import/<int:pk>/errors/", views_import.import_errors, name="import_errors"),
    path("corrections/", views_corrections.correction_list, name="correction_list"),
    path("corrections/new/", views_corrections.correction_create, name="correction_create"),
    path("corrections/<int:pk>/", views_corrections.correction_detail, name="correction_detail"),
    path("corrections/<int:pk>/accept/", views_corrections.correction_accept, name="correction_accept"),
    path("corrections/<int:pk>/refuse/", views_corrections.correction_refuse, name="correction_refuse"),
    path("corrections/<int:pk>/withdraw/", views_corrections.correction_withdraw, name="correction_withdraw"),
    path("corrections/<int:pk>/reveal/", views_corrections.correction_reveal, name="correction_reveal"),
    path("<int:pk>/", views.member_detail, name="detail"),
    path("<int:pk>/update/", views_record.member_update, name="update"),
    path("<int:pk>/state/", views_record.change_state, name="change_state"),
    path("<int:pk>/exemption/", views_record.set_exemption, name="set_exemption"),
    path("<int:pk>/voting/", views_record.set_vote_exception, name="set_vote_exception"),
    path("<int:pk>/election/", views_record.set_election_exclusion, name="set_election_exclusion"),
    path("<int:pk>/verify/", views.verify, name="verify"),
    path("<int:pk>/history/", views.history, name="history"),
    path("<int:pk>/reveal/<str:field>/", views.reveal, name="reveal"),
]
