from django.urls import path

from apps.talks import views, views_must, views_paper, views_write

app_name = "talks"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("export/", views.export_mine, name="export_mine"),
    path("branch/", views.talk_list, name="list"),
    path("map/", views.talk_map, name="map"),
    path("counts/", views.counts, name="counts"),
    path("log/", views_write.log, name="log"),
    path("plan/", views_write.plan, name="plan"),
    path("must/", views.must_list, name="must_list"),
    path("must/new/", views_must.must_create, name="must_create"),
    path("must/<int:pk>/withdraw/", views_must.must_withdraw, name="must_withdraw"),
    path("waves/new/", views_must.wave_open, name="wave_open"),
    path("waves/<int:pk>/close/", views_must.wave_close, name="wave_close"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/print/", views.print_talk, name="print"),
    path("<int:pk>/word/", views_paper.word, name="word"),
    path("<int:pk>/hold/", views_write.hold, name="hold"),
    path("<int:pk>/update/", views_write.update, name="update"),
    path("<int:pk>/close/", views_write.close, name="close"),
    path("<int:pk>/cancel/", views_write.cancel, name="cancel"),
    path("<int:pk>/open/", views_write.open_to_secretary, name="open"),
    path("<int:pk>/take-back/", views_write.take_back, name="take_back"),
]
