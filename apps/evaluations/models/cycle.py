"""The annual evaluation that a committee opens for the branches below it, and what is frozen then."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.branches.models import InTree, Organization
from apps.rules.kinds import Aspect, Polarity
from apps.rules.kinds_evaluations import CycleState
from apps.standards.models import Standard
from apps.ui.constraints import one_of


class Cycle(InTree):
    """One year's evaluation. Days of the calendar are the last days on which a step may be done."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="组织考核的党组织"
    )
    year = models.PositiveSmallIntegerField("考核年度")
    title = models.CharField("名称", max_length=100)
    notice = models.TextField("通知要求", max_length=2000, blank=True)
    state = models.CharField("状态", max_length=12, choices=CycleState.choices(), default=CycleState.DRAFT)
    report_by = models.DateField("支部自评截止")
    appraisal_by = models.DateField("党员测评截止")
    review_by = models.DateField("评审截止")
    objection_by = models.DateField("支部提出意见截止")
    publish_by = models.DateField("发布结果截止")
    reviewers_needed = models.PositiveSmallIntegerField(
        "每个支部几名评审人", default=1, help_text="两名评审人各自评定，意见不同的由党组织研究确定。"
    )
    weighted = models.BooleanField(
        "标准分权重", default=False, help_text="一般不用。用了也只列出各等次占的权重，不算总分、不排名次。"
    )
    opened_on = models.DateField("开始日期", null=True, editable=False)
    published_on = models.DateField("发布日期", null=True, editable=False)
    rule_version = models.CharField("指标计算口径", max_length=20, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="起草人"
    )
    created_at = models.DateTimeField("起草时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "年度考核"
        verbose_name_plural = "年度考核"
        constraints = [
            one_of("state", CycleState),
            models.UniqueConstraint(
                fields=["organization", "year"],
                condition=~Q(state=CycleState.WITHDRAWN),
                name="evaluations_cycle_once_a_year",
                violation_error_message="这一年度的考核已经有了，请打开原来的那一个。",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="evaluations_cycle_year_plausible",
                violation_error_message="年度不对，请检查。",
            ),
            models.CheckConstraint(
                condition=Q(report_by__lte=F("review_by"), appraisal_by__lte=F("review_by"))
                & Q(review_by__lte=F("objection_by"), objection_by__lte=F("publish_by")),
                name="evaluations_cycle_days_in_order",
                violation_error_message="日期顺序不对：自评、测评不晚于评审，评审不晚于提出意见，提出意见不晚于发布。",
            ),
            models.CheckConstraint(
                condition=Q(reviewers_needed__in=[1, 2]),
                name="evaluations_cycle_one_or_two_reviewers",
                violation_error_message="每个支部安排一名或两名评审人。",
            ),
        ]
        indexes = [models.Index(fields=["path", "-year"])]

    def __str__(self) -> str:
        return self.title


class CycleGrade(models.Model):
    """A grade of this cycle under the committee's own name; the best has position 0."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("等次", max_length=12)

    class Meta:
        verbose_name = "考核等次"
        verbose_name_plural = "考核等次"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "position"], name="evaluations_grade_position_once"),
            models.UniqueConstraint(
                fields=["cycle", "name"],
                name="evaluations_grade_name_once",
                violation_error_message="等次名称不能重复。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CycleStandard(models.Model):
    """A standard as it stood when the cycle was opened; later versions do not touch it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("顺序")
    code = models.CharField("编号", max_length=20)
    aspect = models.CharField("方面", max_length=12, choices=Aspect.choices())
    polarity = models.CharField("类型", max_length=10, choices=Polarity.choices())
    title = models.CharField("标题", max_length=60)
    requirement = models.TextField("要求", max_length=500)
    source = models.CharField("来源", max_length=200, blank=True)
    #: Lines like "measure:talks_coverage", as `standards.evidence` writes them.
    evidence = models.TextField("依据")
    weight = models.PositiveSmallIntegerField("权重", null=True, blank=True)

    class Meta:
        verbose_name = "考核标准"
        verbose_name_plural = "考核标准"
        ordering = ["position"]
        constraints = [
            one_of("aspect", Aspect),
            one_of("polarity", Polarity),
            models.UniqueConstraint(fields=["cycle", "position"], name="evaluations_standard_position_once"),
            models.UniqueConstraint(fields=["cycle", "standard"], name="evaluations_standard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class CycleLevel(models.Model):
    """The levels of a measure as they stood at the opening, the same for every branch of the cycle.

    In percent for ratios, as counts otherwise, as in `standards.LevelOverride`.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField("指标", max_length=40)
    good = models.PositiveSmallIntegerField("良好线")
    warn = models.PositiveSmallIntegerField("提示线")

    class Meta:
        verbose_name = "考核评议线"
        verbose_name_plural = "考核评议线"
        constraints = [
            models.UniqueConstraint(fields=["cycle", "measure"], name="evaluations_level_once"),
        ]

    def __str__(self) -> str:
        return self.measure


class CycleRule(models.Model):
    """A committee's local rule as it was in force at the opening, with the path on which it bore."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    bearing_path = models.CharField(max_length=60)
    code = models.CharField("规定", max_length=40)
    # Reason for JSON: a value of `rules.cadences.Override`, kept whole and only ever read back whole.
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = "考核时的本地规定"
        verbose_name_plural = "考核时的本地规定"

    def __str__(self) -> str:
        return self.code


class Reviewer(models.Model):
    """Somebody who reviews in this cycle; he sees the branches in which he has a seat, and no others."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="评审人"
    )
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField("不再担任的日期", null=True, blank=True)

    class Meta:
        verbose_name = "评审人"
        verbose_name_plural = "评审人"
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "person"],
                name="evaluations_reviewer_once",
                violation_error_message="这个人已经是评审人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}"
