"""What a sitting dealt with: items, opinions, consultations, votes, and the tasks that follow."""

from django.db import models
from django.db.models import F, Q

from apps.ballots.models import Question
from apps.meetings.models.sitting import Meeting
from apps.members.models import Member
from apps.rules.kinds import ConsultationKind, ItemNature, Kind, Matter, VoteMethod
from apps.tasks.models import Task
from apps.ui.constraints import one_of


class AgendaItem(models.Model):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("序号")
    title = models.CharField("议题", max_length=200)
    nature = models.CharField(
        "性质", max_length=20, choices=ItemNature.choices(), default=ItemNature.PARTY_AFFAIRS
    )
    reporter = models.CharField("汇报人", max_length=50, blank=True)
    is_major = models.BooleanField("重大事项", default=False, help_text="重大事项会前应同支委通气。")
    discussion = models.TextField("讨论情况", blank=True)
    resolution = models.TextField("决议", blank=True)

    class Meta:
        verbose_name = "议题"
        verbose_name_plural = "议题"
        constraints = [
            one_of("nature", ItemNature),
            models.UniqueConstraint(fields=["meeting", "position"], name="meetings_item_position_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Opinion(models.Model):
    """What one person said on an item; differing opinions are recorded as they were."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="opinions")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="发言人")
    text = models.TextField("要点")
    differs = models.BooleanField("不同意见", default=False)

    class Meta:
        verbose_name = "发言"
        verbose_name_plural = "发言"

    def __str__(self) -> str:
        return self.text[:20]


class Consultation(models.Model):
    """Talking a major matter over before it is decided (五个通气)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="consultations")
    kind = models.CharField("类别", max_length=20, choices=ConsultationKind.choices())
    held_on = models.DateField("日期")
    members = models.ManyToManyField(Member, related_name="+", verbose_name="通气对象")
    brief = models.CharField("情况", max_length=300)

    class Meta:
        verbose_name = "会前通气"
        verbose_name_plural = "会前通气"
        constraints = [one_of("kind", ConsultationKind)]

    def __str__(self) -> str:
        return self.brief


class MotionState(Kind):
    PASSED = "passed", "通过"
    FAILED = "failed", "未通过"
    RUNOFF = "runoff", "需再次投票"
    INVALID = "invalid", "投票无效"


class Motion(models.Model):
    """A vote as it was taken. The figures of the electorate are those of the day."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="motions")
    matter = models.CharField("表决事项", max_length=24, choices=Matter.choices(), default=Matter.ORDINARY)
    text = models.CharField("表决内容", max_length=300)
    subject = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="表决对象"
    )
    subject_name = models.CharField("表决对象姓名", max_length=50, blank=True)
    method = models.CharField(
        "表决方式", max_length=20, choices=VoteMethod.choices(), default=VoteMethod.SHOW_OF_HANDS
    )
    round = models.PositiveSmallIntegerField("第几次投票", default=1)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seats = models.PositiveSmallIntegerField("应选名额", null=True, blank=True)
    competitive = models.BooleanField("差额选举", default=False)
    entitled = models.PositiveIntegerField("有表决权（选举权）应到")
    present = models.PositiveIntegerField("有表决权（选举权）实到")
    votes_for = models.PositiveIntegerField("赞成", default=0)
    votes_against = models.PositiveIntegerField("反对", default=0)
    votes_abstain = models.PositiveIntegerField("弃权", default=0)
    written_for = models.PositiveIntegerField("书面赞成", default=0)
    written_against = models.PositiveIntegerField("书面反对", default=0)
    written_abstain = models.PositiveIntegerField("书面弃权", default=0)
    ballots_issued = models.PositiveIntegerField("发出选票", null=True, blank=True)
    ballots_returned = models.PositiveIntegerField("收回选票", null=True, blank=True)
    ballots_invalid = models.PositiveIntegerField("无效票", default=0)
    scrutineers = models.CharField("监票人", max_length=100, blank=True)
    tellers = models.CharField("计票人", max_length=100, blank=True)
    state = models.CharField("结果", max_length=10, choices=MotionState.choices())
    needed = models.PositiveIntegerField("通过所需票数")
    rule_code = models.CharField("依据规则", max_length=20)
    explanation = models.CharField("结果说明", max_length=2000)
    #: The secret vote whose totals these are, where it was taken with a poll.
    ballot = models.ForeignKey(
        Question,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取自哪次无记名投票",
    )
    idempotency_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = "表决"
        verbose_name_plural = "表决"
        constraints = [
            one_of("matter", Matter),
            one_of("method", VoteMethod),
            one_of("state", MotionState),
            models.CheckConstraint(
                condition=Q(present__lte=F("entitled")),
                name="meetings_motion_present_within_entitled",
                violation_error_message="实到人数不能多于应到人数。",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Candidate(models.Model):
    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="candidates")
    name = models.CharField("候选人", max_length=50)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    votes_for = models.PositiveIntegerField("赞成")
    votes_against = models.PositiveIntegerField("反对", default=0)
    votes_abstain = models.PositiveIntegerField("弃权", default=0)
    elected = models.BooleanField("当选", default=False)

    class Meta:
        verbose_name = "候选人得票"
        verbose_name_plural = "候选人得票"

    def __str__(self) -> str:
        return self.name


class ResolutionTask(models.Model):
    """The task that carries a resolution out. The task lives on; `filed_as` stays as the record was filed."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="resolution_tasks")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")
    filed_as = models.CharField("归档时的落实情况", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = "决议落实任务"
        verbose_name_plural = "决议落实任务"

    def __str__(self) -> str:
        return f"{self.item_id}"
