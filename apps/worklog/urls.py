from django.urls import path

from apps.worklog import views, views_import, views_registers

app_name = "worklog"
urlpatterns = [
    path("", views.entry_list, name="list"),
    path("new/", views.entry_choose, name="choose"),
    path("new/<slug:sort>/", views.entry_create, name="create"),
    path("<int:pk>/", views.entry_detail, name="detail"),
    path("<int:pk>/update/", views.entry_update, name="update"),
    path("<int:pk>/withdraw/", views.entry_withdraw, name="withdraw"),
    path("imports/new/", views_import.import_start, name="import_start"),
    path("imports/template/", views_import.import_template, name="import_template"),
    path("imports/<int:pk>/", views_import.import_detail, name="import_detail"),
    path("imports/<int:pk>/confirm/", views_import.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/drop/", views_import.import_drop, name="import_drop"),
    path("imports/<int:pk>/errors/", views_import.import_errors, name="import_errors"),
    path("key-posts/", views_registers.key_post_list, name="key_post_list"),
    path("key-posts/new/", views_registers.key_post_create, name="key_post_create"),
    path("key-posts/<int:pk>/", views_registers.key_post_detail, name="key_post_detail"),
    path("key-posts/<int:pk>/check/", views_registers.key_post_check, name="key_post_check"),
    path("key-posts/<int:pk>/update/", views_registers.key_post_update, name="key_post_update"),
    path("key-posts/<int:pk>/withdraw/", views_registers.key_post_withdraw, name="key_post_withdraw"),
    path("checks/<int:pk>/update/", views_registers.check_update, name="check_update"),
    path("checks/<int:pk>/withdraw/", views_registers.check_withdraw, name="check_withdraw"),
    path("units/", views_registers.unit_list, name="unit_list"),
    path("units/new/", views_registers.unit_create, name="unit_create"),
    path("units/<int:pk>/update/", views_registers.unit_update, name="unit_update"),
    path("units/<int:pk>/withdraw/", views_registers.unit_withdraw, name="unit_withdraw"),
]
