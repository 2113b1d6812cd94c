from collections.abc import Sequence
from datetime import date

import django_filters
from django.db.models import QuerySet

from apps.evaluations.models import BranchEvaluation, Cycle, Reviewer
from apps.evaluations.queries_cycles import is_overdue, seated
from apps.rules.kinds_evaluations import CycleState, EvaluationState

LATE = [("late", "已过期限")]


class CycleFilter(django_filters.FilterSet):
    year = django_filters.ChoiceFilter(label="年度", empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=CycleState.choices(), empty_label="全部")

    class Meta:
        model = Cycle
        fields: list[str] = []

    def __init__(self, *args: object, years: Sequence[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = [(str(year), f"{year} 年") for year in years]


class BranchFilter(django_filters.FilterSet):
    """By step, by reviewer, by lateness; never by grade."""

    state = django_filters.ChoiceFilter(label="步骤", choices=EvaluationState.choices(), empty_label="全部")
    reviewer = django_filters.ChoiceFilter(label="评审人", method="by_reviewer", empty_label="全部")
    late = django_filters.ChoiceFilter(label="期限", choices=LATE, method="by_lateness", empty_label="全部")

    class Meta:
        model = BranchEvaluation
        fields: list[str] = []

    def __init__(self, *args: object, reviewers: Sequence[Reviewer], today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.filters["reviewer"].extra["choices"] = [
            *((str(one.pk), str(one.person)) for one in reviewers),
            ("none", "还没有评审人"),
        ]

    def by_reviewer(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return seated(queryset, None if value == "none" else int(value))

    def by_lateness(self, queryset: QuerySet, name: str, value: str) -> QuerySet:  # noqa: ARG002
        return queryset.filter(is_overdue(self.today))
