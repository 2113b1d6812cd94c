"""The reviewer's desk, the settlement of marks, and the result."""

from django.urls import path

from apps.evaluations import views_desk, views_result, views_settle

urlpatterns = [
    path("desk/", views_desk.desk, name="desk"),
    path("desk/<int:pk>/", views_desk.seat, name="seat"),
    path("desk/<int:pk>/marks/<slug:aspect>/", views_desk.seat_marks, name="seat_marks"),
    path("desk/<int:pk>/sum-up/", views_desk.seat_sum_up, name="seat_sum_up"),
    path("desk/<int:pk>/visit/", views_desk.seat_visit, name="seat_visit"),
    path("desk/<int:pk>/hand-in/", views_desk.seat_hand_in, name="seat_hand_in"),
    path("desk/<int:pk>/recuse/", views_desk.seat_recuse, name="seat_recuse"),
    path("desk/<int:pk>/take/", views_desk.seat_take, name="seat_take"),
    path("desk/<int:pk>/return/", views_settle.seat_return, name="seat_return"),
    path("results/<int:pk>/settle/", views_settle.settle, name="settle"),
    path("results/<int:pk>/take-over/", views_settle.take_over, name="take_over"),
    path("results/<int:pk>/tell/", views_settle.tell, name="tell"),
    path("results/<int:pk>/object/<int:standard_pk>/", views_settle.object_to, name="object_to"),
    path("results/<int:pk>/agree/", views_settle.agree, name="agree"),
    path("objections/<int:pk>/answer/", views_settle.answer, name="answer"),
    path("results/<int:pk>/", views_result.result, name="result"),
    path("results/<int:pk>/letter/", views_result.letter, name="letter"),
    path("results/<int:pk>/decide/", views_result.decide, name="decide"),
    path("results/<int:pk>/reopen/", views_result.reopen, name="reopen"),
    path("results/<int:pk>/publish/", views_result.publish, name="publish"),
    path("<int:pk>/publish/", views_result.cycle_publish, name="cycle_publish"),
]
