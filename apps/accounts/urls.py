from django.urls import path

from apps.accounts import views, views_people

app_name = "accounts"
urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.password_change, name="password_change"),
    path("password/confirm/", views.password_confirm, name="password_confirm"),
    path("reset/<str:uidb64>/<str:token>/", views.password_reset_link, name="password_reset_link"),
    path("me/", views.me, name="me"),
    path("people/", views_people.person_list, name="person_list"),
    path("people/new/", views_people.person_create, name="person_create"),
    path("people/<int:pk>/", views_people.person_update, name="person_update"),
    path("people/<int:pk>/login/", views_people.person_grant_login, name="person_grant_login"),
    path("people/<int:pk>/disable/", views_people.person_disable, name="person_disable"),
    path("people/<int:pk>/enable/", views_people.person_enable, name="person_enable"),
    path("people/<int:pk>/reset-link/", views_people.person_issue_link, name="person_issue_link"),
    path("people/<int:pk>/duty/", views_people.person_set_duty, name="person_set_duty"),
]
