from django.urls import path

from apps.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.deed_list, name="deed_list"),
    path("mine/", views.mine, name="mine"),
    path("export/", views.deed_export, name="deed_export"),
    path("<int:pk>/", views.deed_detail, name="deed_detail"),
]
