from django.urls import path

from apps.standards import views, views_across, views_import, views_local, views_notes, views_record

app_name = "standards"
urlpatterns = [
    path("", views.standard_list, name="list"),
    path("new/", views.standard_create, name="create"),
    path("export/", views.standard_export, name="export"),
    path("import/", views_import.import_start, name="import_start"),
    path("import/template/", views_import.import_template, name="import_template"),
    path("import/<int:pk>/", views_import.import_detail, name="import_detail"),
    path("import/<int:pk>/confirm/", views_import.import_confirm, name="import_confirm"),
    path("import/<int:pk>/drop/", views_import.import_drop, name="import_drop"),
    path("levels/", views_local.level_list, name="level_list"),
    path("levels/new/", views_local.override_create, name="override_create"),
    path("levels/<int:pk>/end/", views_local.override_end, name="override_end"),
    path("switches/<int:pk>/end/", views_local.switch_on, name="switch_on"),
    path("notes/", views_notes.note_list, name="note_list"),
    path("notes/new/", views_notes.note_create, name="note_create"),
    path("notes/<int:pk>/", views_notes.note_detail, name="note_detail"),
    path("notes/<int:pk>/update/", views_notes.note_update, name="note_update"),
    path("notes/<int:pk>/withdraw/", views_notes.note_withdraw, name="note_withdraw"),
    path("across/", views_across.across, name="across"),
    path("across/recount/", views_across.recount, name="recount"),
    path("records/", views_record.record_start, name="record_start"),
    path("records/<int:pk>/", views_record.record, name="record"),
    path("records/<int:pk>/<slug:key>/", views_record.figure, name="figure"),
    path("<int:pk>/", views.standard_detail, name="detail"),
    path("<int:pk>/update/", views.standard_update, name="update"),
    path("<int:pk>/end/", views.standard_end, name="end"),
    path("<int:pk>/switch-off/", views_local.switch_off, name="switch_off"),
]
