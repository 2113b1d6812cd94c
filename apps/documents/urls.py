from django.urls import path

from apps.documents import views, views_branch
from apps.documents.facts import OFFERS

app_name = "documents"
urlpatterns = [
    path("", views_branch.document_list, name="list"),
    path("plans/<int:pk>/", views_branch.plan, name="plan"),
    path("meetings/<int:pk>/minutes/", views.minutes, name="minutes"),
    path("meetings/<int:pk>/notice/", views.notice, name="notice"),
    path("meetings/<int:pk>/agenda/", views.agenda, name="agenda"),
    path("meetings/<int:pk>/sign-in/", views.sign_in_sheet, name="sign_in_sheet"),
    path("members/<int:pk>/transfer/", views.transfer, name="transfer"),
    *(
        path(
            f"branches/<int:pk>/<int:year>/{offer.name.replace('_', '-')}/",
            views_branch.take,
            {"name": offer.name},
            name=offer.name,
        )
        for offer in OFFERS
    ),
]
