from django.urls import path

from apps.documents import views

app_name = "documents"
urlpatterns = [
    path("meetings/<int:pk>/minutes/", views.minutes, name="minutes"),
    path("meetings/<int:pk>/notice/", views.notice, name="notice"),
    path("meetings/<int:pk>/agenda/", views.agenda, name="agenda"),
    path("meetings/<int:pk>/sign-in/", views.sign_in_sheet, name="sign_in_sheet"),
]
