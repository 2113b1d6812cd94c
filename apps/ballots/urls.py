from django.urls import path

from apps.ballots import views, views_across, views_count, views_vote

app_name = "ballots"
urlpatterns = [
    path("", views.poll_list, name="list"),
    path("across/", views_across.across, name="across"),
    path("new/", views.poll_create, name="create"),
    path("<int:pk>/", views.poll_detail, name="detail"),
    path("<int:pk>/update/", views.poll_update, name="update"),
    path("<int:pk>/open/", views.poll_open, name="open"),
    path("<int:pk>/close/", views.poll_close, name="close"),
    path("<int:pk>/destroy/", views.poll_destroy, name="destroy"),
    path("<int:pk>/unseal/", views_count.poll_unseal, name="unseal"),
    path("<int:pk>/totals/", views_count.totals_enter, name="enter_totals"),
    path("<int:pk>/totals/confirm/", views_count.totals_confirm, name="confirm_totals"),
    path("<int:pk>/print/", views_count.result_print, name="print"),
    # Under a path of their own: settings.QUIET_PATHS keeps traces of the moment from being left here.
    path("vote/<int:pk>/", views_vote.vote, name="vote"),
    path("vote/<int:pk>/done/", views_vote.voted, name="voted"),
]
