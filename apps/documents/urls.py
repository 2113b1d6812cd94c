from django.urls import path

from apps.documents import (
    views,
    views_branch,
    views_evaluation,
    views_round,
    views_templates,
    views_yearbook,
)
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
    path("branches/<int:pk>/<int:year>/year-book/", views_yearbook.year_book, name="year_book"),
    path("year-books/", views_yearbook.year_books, name="year_books"),
    path("templates/", views_templates.template_list, name="template_list"),
    path("templates/new/", views_templates.template_upload, name="template_upload"),
    path("templates/fields/<str:kind>/", views_templates.template_fields, name="template_fields"),
    path("templates/fields/<str:kind>/sample/", views_templates.template_sample, name="template_sample"),
    path("templates/<int:pk>/file/", views_templates.template_file, name="template_file"),
    path("templates/<int:pk>/use/", views_templates.template_use, name="template_use"),
    path("templates/<int:pk>/withdraw/", views_templates.template_withdraw, name="template_withdraw"),
    path("files/<int:pk>/", views_yearbook.made_file, name="made_file"),
    path("files/<int:pk>/download/", views_yearbook.take_file, name="take_file"),
    path("rounds/<int:pk>/members/<slug:name>/", views_round.round_summary, name="round_summary"),
    path("rounds/<int:pk>/<slug:name>/", views_round.round_paper, name="round_paper"),
    path("round-members/<int:pk>/register/", views_round.member_register, name="member_register"),
    path("round-members/<int:pk>/problems/", views_round.member_problems, name="member_problems"),
    *(
        path(f"evaluations/<int:pk>/{name.removeprefix('evaluation_')}/", view, name=name)
        for name, view in views_evaluation.BY_NAME.items()
    ),
    path("seats/<int:pk>/", views_evaluation.seat_review, name="seat_review"),
    path("cycles/<int:pk>/", views_evaluation.cycle_tables, name="cycle_tables"),
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
