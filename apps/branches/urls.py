from django.urls import path

from apps.branches import views, views_posts, views_rules

app_name = "branches"
urlpatterns = [
    path("", views.organization_list, name="organization_list"),
    path("new/", views.root_create, name="root_create"),
    path("<int:pk>/", views.organization_detail, name="organization_detail"),
    path("<int:pk>/new/<slug:kind>/", views.organization_create, name="organization_create"),
    path("<int:pk>/update/", views.organization_update, name="organization_update"),
    path("<int:pk>/close/", views.organization_close, name="organization_close"),
    path("<int:pk>/move/", views.organization_move, name="organization_move"),
    path("<int:pk>/terms/new/", views_posts.term_create, name="term_create"),
    path("terms/<int:pk>/update/", views_posts.term_update, name="term_update"),
    path("terms/<int:pk>/extend/", views_posts.term_extend, name="term_extend"),
    path("<int:pk>/posts/new/", views_posts.post_create, name="post_create"),
    path("posts/", views_posts.post_list, name="post_list"),
    path("posts/<int:pk>/end/", views_posts.post_end, name="post_end"),
    path("rules/", views_rules.rule_list, name="rule_list"),
    path("rules/overrides/new/", views_rules.override_create, name="override_create"),
    path("rules/overrides/<int:pk>/end/", views_rules.override_end, name="override_end"),
    path("rules/<str:code>/", views_rules.rule_detail, name="rule_detail"),
    path("<int:pk>/excuses/new/", views_rules.excuse_create, name="excuse_create"),
    path("excuses/<int:pk>/withdraw/", views_rules.excuse_withdraw, name="excuse_withdraw"),
]
