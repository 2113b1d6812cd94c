"""The evaluation of one branch in a cycle: its report, the reviewers' marks, objections, the result."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.ballots.models import Poll
from apps.branches.models import PATH_LENGTH, InTree, Organization
from apps.evaluations.models.cycle import Cycle, CycleStandard, Reviewer
from apps.rules.figures import FigureState
from apps.rules.kinds_evaluations import EvaluationState, FrozenStage, Ruling
from apps.tasks.models import Task
from apps.ui.constraints import one_of


class BranchEvaluation(InTree):
    """`grade` is the position of a `CycleGrade`; nothing ever fills it in but the committee's decision."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+", verbose_name="年度考核")
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    state = models.CharField(
        "状态", max_length=12, choices=EvaluationState.choices(), default=EvaluationState.REPORT
    )
    #: Where the branch hung when it came into the cycle: the frozen rules of that path hold for it.
    rules_path = models.CharField(max_length=PATH_LENGTH, editable=False, default="")
    left_out_reason = models.CharField("不参加的原因", max_length=200, blank=True)

    last_year = models.TextField("上年度问题整改情况", max_length=3000, blank=True)
    strengths = models.TextField("主要做法和特色", max_length=3000, blank=True)
    problems = models.TextField("存在的问题和原因", max_length=3000, blank=True)
    next_steps = models.TextField("下一步打算", max_length=3000, blank=True)
    own_grade = models.PositiveSmallIntegerField("支部自评等次", null=True, blank=True)
    reported_on = models.DateField("提交自评的日期", null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    report_on_paper = models.BooleanField("自评先在纸上完成", default=False)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)

    #: All members on the committee and the secretary; the committee on the secretary (the six nots).
    members_poll = models.ForeignKey(
        Poll, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="党员测评"
    )
    committee_poll = models.ForeignKey(
        Poll, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="支委测评"
    )

    told_on = models.DateField("告知初评意见的日期", null=True, blank=True)
    grade = models.PositiveSmallIntegerField("等次", null=True, blank=True)
    grade_reason = models.TextField("定等次的理由", max_length=1000, blank=True)
    feedback = models.TextField("反馈意见", max_length=3000, blank=True)
    decided_on = models.DateField("定等次的日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    published_on = models.DateField("发布日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "支部年度考核"
        verbose_name_plural = "支部年度考核"
        constraints = [
            one_of("state", EvaluationState),
            models.UniqueConstraint(fields=["cycle", "branch"], name="evaluations_branch_once_a_cycle"),
            models.CheckConstraint(
                condition=~Q(state=EvaluationState.LEFT_OUT) | ~Q(left_out_reason=""),
                name="evaluations_left_out_has_reason",
                violation_error_message="请写明不参加的原因。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[EvaluationState.DECIDED, EvaluationState.PUBLISHED])
                | Q(grade__isnull=False, decided_on__isnull=False) & ~Q(grade_reason=""),
                name="evaluations_decided_has_grade",
                violation_error_message="定等次须写明等次、理由和日期。",
            ),
        ]
        indexes = [models.Index(fields=["path", "state"]), models.Index(fields=["branch", "state"])]

    def __str__(self) -> str:
        return f"{self.branch} {self.cycle}"


class SelfAnswer(models.Model):
    """What the branch says to one standard, beside the evidence that is already there."""

    evaluation = models.ForeignKey(BranchEvaluation, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(CycleStandard, on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField("自评等次", null=True, blank=True)
    comment = models.TextField("说明", max_length=1000, blank=True)

    class Meta:
        verbose_name = "逐条自评"
        verbose_name_plural = "逐条自评"
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "standard"], name="evaluations_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.standard_id}"


class FrozenFigure(models.Model):
    """A figure as it was on a day; the records behind it may be corrected later, this never changes."""

    evaluation = models.ForeignKey(BranchEvaluation, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField("时点", max_length=8, choices=FrozenStage.choices())
    measure = models.CharField("指标", max_length=40)
    state = models.CharField("结论", max_length=16, choices=FigureState.choices())
    value = models.CharField("数值", max_length=60)
    made_of = models.CharField("构成", max_length=200, blank=True)
    why = models.CharField("说明", max_length=500, blank=True)
    as_of = models.DateField("截至")

    class Meta:
        verbose_name = "留存的数字"
        verbose_name_plural = "留存的数字"
        constraints = [
            one_of("stage", FrozenStage),
            one_of("state", FigureState),
            models.UniqueConstraint(
                fields=["evaluation", "stage", "measure"], name="evaluations_frozen_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"


class Seat(models.Model):
    """One reviewer's place at one branch: his overall view, and whether he has handed in."""

    evaluation = models.ForeignKey(BranchEvaluation, on_delete=models.CASCADE, related_name="+")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="+")
    suggested_grade = models.PositiveSmallIntegerField("建议等次", null=True, blank=True)
    summary = models.TextField("总体评价", max_length=2000, blank=True)
    handed_in_on = models.DateField("提交评审的日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    on_paper = models.BooleanField("评审先在纸上完成", default=False)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    recused_on = models.DateField("回避日期", null=True, blank=True)
    recusal_reason = models.CharField("回避原因", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "评审席位"
        verbose_name_plural = "评审席位"
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "reviewer"],
                name="evaluations_seat_once",
                violation_error_message="这名评审人已经安排在这个支部。",
            ),
            models.CheckConstraint(
                condition=Q(recused_on__isnull=True) | ~Q(recusal_reason=""),
                name="evaluations_recusal_has_reason",
                violation_error_message="请写明回避的原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id}"


class Mark(models.Model):
    """A reviewer's grade of one standard; the reason must stand where it differs from the evidence."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(CycleStandard, on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField("等次")
    reason = models.TextField("理由", max_length=1000, blank=True)

    class Meta:
        verbose_name = "评审意见"
        verbose_name_plural = "评审意见"
        constraints = [models.UniqueConstraint(fields=["seat", "standard"], name="evaluations_mark_once")]

    def __str__(self) -> str:
        return f"{self.standard_id}"


class VisitNote(models.Model):
    """What a reviewer saw at the branch."""

    evaluation = models.ForeignKey(BranchEvaluation, on_delete=models.CASCADE, related_name="+")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="记录人"
    )
    visited_on = models.DateField("实地了解的日期")
    text = models.TextField("了解到的情况", max_length=2000)
    idempotency_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = "实地了解"
        verbose_name_plural = "实地了解"

    def __str__(self) -> str:
        return f"{self.visited_on}"


class FinalMark(models.Model):
    """The grade of one standard that the branch is told; an objection that is upheld changes it."""

    evaluation = models.ForeignKey(BranchEvaluation, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(CycleStandard, on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField("等次")
    reason = models.TextField("理由", max_length=1000, blank=True)
    #: What was told first, where an objection has changed it.
    first_grade = models.PositiveSmallIntegerField("初评等次", null=True, blank=True)

    class Meta:
        verbose_name = "逐条评定"
        verbose_name_plural = "逐条评定"
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "standard"], name="evaluations_final_once"),
        ]

    def __str__(self) -> str:
        return f"{self.standard_id}"


class Objection(models.Model):
    """What the branch holds against the grade of a standard, and the written answer."""

    evaluation = models.ForeignKey(BranchEvaluation, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(CycleStandard, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("理由", max_length=1000)
    raised_on = models.DateField("提出日期")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    on_paper = models.BooleanField("书面提出，后录入", default=False)
    ruling = models.CharField("答复", max_length=8, choices=Ruling.choices(), blank=True)
    answer = models.TextField("答复理由", max_length=1000, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "支部提出的意见"
        verbose_name_plural = "支部提出的意见"
        constraints = [
            one_of("ruling", Ruling),
            models.UniqueConstraint(
                fields=["evaluation", "standard"],
                name="evaluations_objection_once",
                violation_error_message="对这一条已经提出过意见。",
            ),
            models.CheckConstraint(
                condition=Q(ruling="") | Q(answered_on__isnull=False) & ~Q(answer=""),
                name="evaluations_ruling_has_answer",
                violation_error_message="答复须写明理由和日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard_id}"


class ResultProblem(models.Model):
    """A problem named with the result; once published it is a rectification task of the branch."""

    evaluation = models.ForeignKey(BranchEvaluation, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField("顺序", default=0)
    text = models.CharField("问题", max_length=100)
    demand = models.TextField("整改要求", max_length=500)
    due_on = models.DateField("整改期限")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "反馈的问题"
        verbose_name_plural = "反馈的问题"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
