"""The round of the organizational life meeting (OL-1 to OL-3) and the evaluation of members (EV-1 to EV-6).

What people write of themselves and of each other is encrypted; who may read it stands in `policies_round`.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.ballots.models import Poll
from apps.branches.models import InTree, Organization
from apps.meetings.models import Meeting
from apps.members.models import Member
from apps.rules.kinds_evaluations import (
    MemberGrade,
    OpinionAbout,
    OpinionSource,
    RoundPart,
    RoundState,
    StepState,
    Ungraded,
)
from apps.tasks.models import Task
from apps.ui.constraints import one_of
from apps.vault.fields import EncryptedTextField, VaultIdField

#: 优秀 is generally at most one third (EV-3); a place may ask for less, never for more.
MOST_PERCENT = 33


class Round(InTree):
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    year = models.PositiveSmallIntegerField("所属年度", help_text="开会可能在下一年年初，仍算上一年度的。")
    theme = models.CharField("主题", max_length=100, blank=True)
    state = models.CharField("状态", max_length=8, choices=RoundState.choices(), default=RoundState.OPEN)
    starts_on = models.DateField("开始准备的日期", help_text="从这一天起的谈心谈话算作会前谈心。")
    self_by = models.DateField("个人自评、问题清单截止")
    meeting_by = models.DateField("最迟开会日期")
    cap_percent = models.PositiveSmallIntegerField(
        "优秀最多占百分之几", null=True, blank=True, help_text="留空按三分之一算，上级要求更低的才填。"
    )
    with_grades = models.BooleanField("同时民主评议党员", default=True)
    poll = models.ForeignKey(
        Poll, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="民主测评"
    )
    report = models.TextField("情况报告（补充说明）", max_length=3000, blank=True)
    closed_on = models.DateField("完成日期", null=True, blank=True)
    close_reason = models.CharField("缺项说明", max_length=300, blank=True)
    #: How many could be 优秀 on the day of closing; members come and go afterwards.
    kept_cap = models.PositiveSmallIntegerField("优秀名额", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "组织生活会和民主评议"
        verbose_name_plural = "组织生活会和民主评议"
        constraints = [
            one_of("state", RoundState),
            models.UniqueConstraint(
                fields=["branch", "year"],
                name="evaluations_round_once_a_year",
                violation_error_message="这一年度的组织生活会已经登记，请打开原来的那一个。",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="evaluations_round_year_plausible",
                violation_error_message="年度不对，请检查。",
            ),
            models.CheckConstraint(
                condition=Q(cap_percent__isnull=True) | Q(cap_percent__gte=1, cap_percent__lte=MOST_PERCENT),
                name="evaluations_round_cap_within_a_third",
                violation_error_message="优秀比例不能超过三分之一，请填 1 到 33，或者留空。",
            ),
        ]
        indexes = [models.Index(fields=["path", "-year"])]

    def __str__(self) -> str:
        return f"{self.year}年度组织生活会"


class FrozenStep(models.Model):
    """One step of a round as it stood when the round was closed."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField("顺序")
    label = models.CharField("环节", max_length=20)
    state = models.CharField("状态", max_length=10, choices=StepState.choices())
    found = models.CharField("已有", max_length=500, blank=True)
    missing = models.CharField("还缺", max_length=200, blank=True)

    class Meta:
        verbose_name = "完成时的环节"
        verbose_name_plural = "完成时的环节"
        constraints = [
            one_of("state", StepState),
            models.UniqueConstraint(fields=["round", "position"], name="evaluations_frozenstep_once"),
        ]

    def __str__(self) -> str:
        return self.label


class RoundSitting(models.Model):
    """A sitting that is a part of the round: a study before it, or the meeting itself."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    part = models.CharField("环节", max_length=16, choices=RoundPart.choices())
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+", verbose_name="会议记录")

    class Meta:
        verbose_name = "环节的会议"
        verbose_name_plural = "环节的会议"
        constraints = [
            one_of("part", RoundPart),
            models.UniqueConstraint(fields=["round", "part", "meeting"], name="evaluations_sitting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.meeting_id}"


class PartNote(models.Model):
    """A part that was done on paper, with its day, or why it is not asked for."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    part = models.CharField("环节", max_length=16, choices=RoundPart.choices())
    done_on = models.DateField("完成日期", null=True, blank=True)
    text = models.CharField("说明", max_length=300)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "环节说明"
        verbose_name_plural = "环节说明"
        constraints = [
            one_of("part", RoundPart),
            models.UniqueConstraint(fields=["round", "part"], name="evaluations_partnote_once"),
        ]

    def __str__(self) -> str:
        return f"{self.part}"


class Opinion(models.Model):
    """An opinion gathered before the meeting: from which side it came, never from whom."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    source = models.CharField("来自", max_length=8, choices=OpinionSource.choices())
    about = models.CharField("关于", max_length=10, choices=OpinionAbout.choices())
    text = models.CharField("意见建议", max_length=500)
    received_on = models.DateField("收到日期")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = "征求的意见"
        verbose_name_plural = "征求的意见"
        constraints = [one_of("source", OpinionSource), one_of("about", OpinionAbout)]

    def __str__(self) -> str:
        return self.text[:20]


class BranchProblem(models.Model):
    """A problem of the branch and its committee, found in the round; then a rectification task."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    text = models.CharField("问题", max_length=100)
    shown_by = models.CharField("具体表现", max_length=500, blank=True)
    cause = models.CharField("原因", max_length=500, blank=True)
    measure = models.CharField("整改措施", max_length=500, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="责任人",
    )
    due_on = models.DateField("整改期限", null=True, blank=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="+")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "支部班子问题"
        verbose_name_plural = "支部班子问题"

    def __str__(self) -> str:
        return self.text


class OwnProblem(models.Model):
    """A problem that a member names of himself (对照检查)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="党员")
    vault_id = VaultIdField()
    text = EncryptedTextField("问题")
    shown_by = EncryptedTextField("具体表现", blank=True)
    cause = EncryptedTextField("原因", blank=True)
    measure = EncryptedTextField("整改措施", blank=True)
    due_on = models.DateField("整改期限", null=True, blank=True)
    done_on = models.DateField("本人完成日期", null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "党员个人问题"
        verbose_name_plural = "党员个人问题"

    def __str__(self) -> str:
        return f"个人问题第 {self.pk} 号"


class MemberEvaluation(InTree):
    """One member in the round. `grade` is written by the committee's decision and by nothing else."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="党员")
    ungraded = models.CharField("不定等次的原因", max_length=14, choices=Ungraded.choices(), blank=True)
    vault_id = VaultIdField()
    self_text = EncryptedTextField("个人自评", blank=True)
    self_grade = models.CharField("自评等次", max_length=12, choices=MemberGrade.choices(), blank=True)
    self_on = models.DateField("自评日期", null=True, blank=True)
    self_on_paper = models.BooleanField("自评先写在纸上", default=False)
    grade = models.CharField("评定等次", max_length=12, choices=MemberGrade.choices(), blank=True)
    reason = EncryptedTextField("评定意见", blank=True)
    decided_on = models.DateField("评定日期", null=True, blank=True)
    told_on = models.DateField("告知本人日期", null=True, blank=True)
    confirmed_on = models.DateField("本人确认日期", null=True, blank=True)
    objection = EncryptedTextField("本人不同意见", blank=True)
    objected_on = models.DateField("提出日期", null=True, blank=True)
    #: Since he objected: so he may object to the new decision, too.
    decided_anew = models.BooleanField("提出以后重新评定", default=False, editable=False)
    answer = EncryptedTextField("支部答复", blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "党员评议"
        verbose_name_plural = "党员评议"
        constraints = [
            one_of("ungraded", Ungraded),
            one_of("self_grade", MemberGrade),
            one_of("grade", MemberGrade),
            models.UniqueConstraint(fields=["round", "member"], name="evaluations_member_once"),
            models.CheckConstraint(
                condition=Q(ungraded="") | Q(grade=""),
                name="evaluations_member_ungraded_has_no_grade",
                violation_error_message="不定等次的党员不能评定等次。",
            ),
            models.CheckConstraint(
                condition=Q(grade="") | Q(decided_on__isnull=False),
                name="evaluations_member_grade_has_day",
                violation_error_message="评定等次须有评定日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"党员评议第 {self.pk} 号"

    @property
    def is_disputed(self) -> bool:
        """He objects, and is not answered yet."""
        return self.objected_on is not None and self.answered_on is None

    @property
    def is_untold(self) -> bool:
        return bool(self.grade) and self.told_on is None


class PeerOpinion(models.Model):
    """What one member said of another in the round (党员互评), for that person and the branch's keepers."""

    evaluation = models.ForeignKey(MemberEvaluation, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="提出人")
    vault_id = VaultIdField()
    text = EncryptedTextField("意见")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField("登记日期")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "互评意见"
        verbose_name_plural = "互评意见"

    def __str__(self) -> str:
        return f"互评意见第 {self.pk} 号"
