"""The branch's year and term on paper: annual plans, goals, the feature project; calendar links."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.branches.models import InTree, Organization, Term
from apps.rules.branch_year import EVERY_MONTH, month_words
from apps.rules.kinds import MeetingKind, PlanState, Progress
from apps.rules.periods import months_in
from apps.ui.constraints import one_of, ordered

REASONED = (Progress.POSTPONED, Progress.CANCELLED)


def reasoned(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=~Q(state__in=REASONED) | ~Q(state_reason=""),
        name=name,
        violation_error_message="推迟或取消须写明原因。",
    )


def dated_when_done(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(state=Progress.DONE, done_on__isnull=False)
        | (~Q(state=Progress.DONE) & Q(done_on__isnull=True)),
        name=name,
        violation_error_message="已完成的须有完成日期，未完成的没有。",
    )


class AnnualPlan(InTree):
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    year = models.PositiveSmallIntegerField("年度")
    guiding = models.TextField("指导思想", blank=True)
    goals = models.TextField("工作目标", blank=True)
    safeguards = models.TextField("保障措施", blank=True)
    state = models.CharField("状态", max_length=8, choices=PlanState.choices(), default=PlanState.DRAFT)
    filed_on = models.DateField("定稿日期", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="起草人"
    )
    created_at = models.DateTimeField("起草时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "年度计划"
        verbose_name_plural = "年度计划"
        constraints = [
            one_of("state", PlanState),
            models.UniqueConstraint(
                fields=["branch", "year"],
                name="plans_annualplan_year_once",
                violation_error_message="这个年度的计划已经有了。",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.FILED, filed_on__isnull=False)
                | Q(state=PlanState.DRAFT, filed_on__isnull=True),
                name="plans_annualplan_filed_has_date",
                violation_error_message="定稿的计划须有定稿日期。",
            ),
        ]
        indexes = [models.Index(fields=["year", "path"])]

    def __str__(self) -> str:
        return f"{self.branch} {self.year} 年度计划"


class PlanItem(models.Model):
    """One line of the plan: in which months, what, in which form, by whom."""

    plan = models.ForeignKey(AnnualPlan, on_delete=models.CASCADE, related_name="items", verbose_name="计划")
    months = models.PositiveSmallIntegerField("月份")
    title = models.CharField("事项", max_length=100)
    form = models.CharField("形式", max_length=30, blank=True)
    meeting_kind = models.CharField("对应会议活动", max_length=20, choices=MeetingKind.choices(), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="责任人",
    )
    due_on = models.DateField("完成期限", null=True, blank=True)
    state = models.CharField("进展", max_length=12, choices=Progress.choices(), default=Progress.NOT_STARTED)
    state_reason = models.CharField("推迟或取消的原因", max_length=200, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    note = models.CharField("进展说明", max_length=300, blank=True)
    code = models.CharField("模板条目", max_length=30, blank=True, editable=False)
    carried_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="上年结转",
    )

    class Meta:
        verbose_name = "计划事项"
        verbose_name_plural = "计划事项"
        constraints = [
            one_of("meeting_kind", MeetingKind),
            one_of("state", Progress),
            reasoned("plans_planitem_reason_given"),
            dated_when_done("plans_planitem_done_has_date"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=EVERY_MONTH),
                name="plans_planitem_months_known",
                violation_error_message="请写明月份（1—12 月）。",
            ),
            models.UniqueConstraint(
                fields=["plan", "code"], condition=~Q(code=""), name="plans_planitem_line_once"
            ),
            models.UniqueConstraint(fields=["plan", "carried_from"], name="plans_planitem_carried_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def month_words(self) -> str:
        return month_words(self.months)

    def last_day(self, year: int) -> date:
        """The day named, or the end of the last month named."""
        month = months_in(self.months)[-1]
        return self.due_on or date(year, month, monthrange(year, month)[1])


class PlanAdjustment(models.Model):
    """What was changed in a plan that had been filed, and why."""

    plan = models.ForeignKey(AnnualPlan, on_delete=models.CASCADE, related_name="adjustments")
    reason = models.CharField("调整原因", max_length=200)
    text = models.TextField("调整内容")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="调整人"
    )
    made_at = models.DateTimeField("调整时间")

    class Meta:
        verbose_name = "计划调整"
        verbose_name_plural = "计划调整"

    def __str__(self) -> str:
        return self.reason


class TermGoal(InTree):
    """A goal for the whole term of office, with the year in which it is due."""

    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", verbose_name="届次")
    title = models.CharField("目标", max_length=200)
    due_year = models.PositiveSmallIntegerField("完成年度")
    state = models.CharField("进展", max_length=12, choices=Progress.choices(), default=Progress.NOT_STARTED)
    state_reason = models.CharField("推迟或取消的原因", max_length=200, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "任期目标"
        verbose_name_plural = "任期目标"
        constraints = [
            one_of("state", Progress),
            reasoned("plans_termgoal_reason_given"),
            dated_when_done("plans_termgoal_done_has_date"),
        ]
        indexes = [models.Index(fields=["branch", "due_year"])]

    def __str__(self) -> str:
        return self.title


class GoalNote(models.Model):
    """A line of progress on a goal of the term."""

    goal = models.ForeignKey(TermGoal, on_delete=models.CASCADE, related_name="notes")
    state = models.CharField("进展", max_length=12, choices=Progress.choices())
    text = models.CharField("说明", max_length=300, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "目标进展"
        verbose_name_plural = "目标进展"
        constraints = [one_of("state", Progress)]

    def __str__(self) -> str:
        return self.text


class FeatureProject(InTree):
    """The branch's one feature project (一支部一特色). From `ends_on` on it runs no more."""

    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    title = models.CharField("项目名称", max_length=100)
    why = models.TextField("为什么做、做成什么样")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "特色项目"
        verbose_name_plural = "特色项目"
        constraints = [
            ordered("starts_on", "ends_on", message="结束日期应晚于开始日期。"),
            models.UniqueConstraint(
                fields=["branch"],
                condition=Q(ends_on__isnull=True),
                name="plans_featureproject_one_running",
                violation_error_message="已有一个进行中的特色项目，请先登记它的结束日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class FeatureProgress(models.Model):
    """What was done for the feature project in one quarter."""

    project = models.ForeignKey(FeatureProject, on_delete=models.CASCADE, related_name="progress")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField(
        "季度", choices=[(n, f"第{'一二三四'[n - 1]}季度") for n in range(1, 5)]
    )
    text = models.CharField("进展", max_length=500)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_on = models.DateField("登记日期")
    idempotency_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = "特色项目进展"
        verbose_name_plural = "特色项目进展"
        constraints = [
            models.CheckConstraint(
                condition=Q(quarter__in=[1, 2, 3, 4]),
                name="plans_featureprogress_quarter_known",
                violation_error_message="季度只能是一至四。",
            )
        ]

    def __str__(self) -> str:
        return self.text


class CalendarFeed(models.Model):
    """A person's secret calendar link. Only a keyed hash of it is kept, so the table opens nothing."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="本人"
    )
    token_hash = models.CharField("链接的散列", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("生成时间")
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    last_used_on = models.DateField("最近读取", null=True, blank=True)

    class Meta:
        verbose_name = "日历订阅"
        verbose_name_plural = "日历订阅"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
                name="plans_calendarfeed_one_in_force",
                violation_error_message="已有一个有效的订阅链接。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                name="plans_calendarfeed_revoked_after_created",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.created_at:%Y-%m-%d}"
