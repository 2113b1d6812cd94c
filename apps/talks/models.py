"""Heart-to-heart talks (谈心谈话): that one took place, and apart from it what was said.

The words stand in a table of their own, which nothing joins and only `services_words` touches.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.branches.models import InTree, Organization
from apps.members.models import Member
from apps.rules.kinds import Kind, TalkOccasion, TalkPair, TalkState, TalkTrigger, TalkWay
from apps.ui.constraints import one_of
from apps.vault.fields import EncryptedTextField, VaultIdField


class TalkQuerySet(models.QuerySet["Talk"]):
    def held(self) -> "TalkQuerySet":
        return self.filter(state__in=[TalkState.HELD, TalkState.CLOSED])


class Talk(InTree):
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    pair = models.CharField("谈话双方", max_length=10, choices=TalkPair.choices())
    occasion = models.CharField(
        "类别", max_length=14, choices=TalkOccasion.choices(), default=TalkOccasion.ROUTINE
    )
    trigger = models.CharField("必谈情形", max_length=12, choices=TalkTrigger.choices(), blank=True)
    state = models.CharField("状态", max_length=10, choices=TalkState.choices(), default=TalkState.HELD)
    planned_on = models.DateField("约定日期", null=True, blank=True)
    held_on = models.DateField("谈话日期", null=True, blank=True)
    place = models.CharField("地点", max_length=50, blank=True)
    way = models.CharField("方式", max_length=10, choices=TalkWay.choices(), default=TalkWay.IN_PERSON)
    follow_up_on = models.DateField("跟进日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    #: Who entered that the talk took place. He reads the words only where he is in the talk or its recorder.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    #: A third person who sat in to write, named by somebody in the talk.
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="记录人",
    )
    content_ended_on = models.DateField("内容销毁日期", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("登记时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = "谈心谈话"
        verbose_name_plural = "谈心谈话"
        constraints = [
            one_of("pair", TalkPair),
            one_of("occasion", TalkOccasion),
            one_of("trigger", TalkTrigger),
            one_of("state", TalkState),
            one_of("way", TalkWay),
            models.CheckConstraint(
                condition=Q(state__in=[TalkState.PLANNED, TalkState.CANCELLED]) | Q(held_on__isnull=False),
                name="talks_talk_held_has_date",
                violation_error_message="已谈的谈话须有谈话日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state=TalkState.CLOSED) | Q(closed_on__isnull=False),
                name="talks_talk_closed_has_date",
                violation_error_message="办结的谈话须有办结日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["path", "held_on"]),
            models.Index(fields=["branch", "held_on"]),
            models.Index(fields=["held_on", "id"]),
        ]

    def __str__(self) -> str:
        """Without names and kind: this is what stands in the trail, where an auditor reads it."""
        return f"谈心谈话第 {self.pk} 号"


class TalkRole(Kind):
    INITIATOR = "initiator", "谈话人"
    PARTNER = "partner", "谈话对象"


class TalkPerson(models.Model):
    """Somebody in the talk, with the posts he held that day."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="姓名")
    role = models.CharField("身份", max_length=10, choices=TalkRole.choices())
    post = models.CharField("当日职务", max_length=60, blank=True)
    on_committee = models.BooleanField("当日任支委", default=False)
    is_secretary = models.BooleanField("当日任书记", default=False)
    #: This person's own decision that the branch secretary may read the words; he may take it back.
    opened_at = models.DateTimeField("向书记公开的时间", null=True, blank=True)

    class Meta:
        verbose_name = "谈话参加人"
        verbose_name_plural = "谈话参加人"
        constraints = [
            one_of("role", TalkRole),
            models.UniqueConstraint(
                fields=["talk", "member"],
                name="talks_talkperson_once",
                violation_error_message="同一个人在一次谈话里只填一次。",
            ),
        ]
        indexes = [models.Index(fields=["member", "talk"])]

    def __str__(self) -> str:
        return f"{self.get_role_display()}"


class TalkContent(models.Model):
    """The words, each sealed under this record's own key; without it nothing opens them."""

    talk = models.OneToOneField(Talk, on_delete=models.CASCADE, primary_key=True, related_name="+")
    vault_id = VaultIdField()
    record_key = EncryptedTextField("记录密钥", blank=True)
    topic = models.BinaryField("主题", default=bytes)
    thinking = models.BinaryField("思想", default=bytes)
    work = models.BinaryField("工作", default=bytes)
    life = models.BinaryField("生活", default=bytes)
    opinions = models.BinaryField("意见建议", default=bytes)
    agreed = models.BinaryField("双方共识", default=bytes)
    follow_up = models.BinaryField("跟进事项", default=bytes)
    result = models.BinaryField("反馈落实", default=bytes)

    class Meta:
        verbose_name = "谈话内容"
        verbose_name_plural = "谈话内容"

    def __str__(self) -> str:
        return f"谈话内容第 {self.pk} 号"


#: The sealed columns, in the order in which they are read.
WORDS = ("topic", "thinking", "work", "life", "opinions", "agreed", "follow_up", "result")


class MustState(Kind):
    OPEN = "open", "待谈"
    CLEARED = "cleared", "已谈"
    WITHDRAWN = "withdrawn", "已撤回"


class MustTalk(InTree):
    """Somebody must be talked with, and why: known to the secretary and to whom he asked, to nobody else."""

    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    vault_id = VaultIdField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="党员")
    trigger = models.CharField("必谈情形", max_length=12, choices=TalkTrigger.choices())
    since = models.DateField("情形发生日期")
    due_on = models.DateField("谈话期限")
    asked = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="请谁去谈"
    )
    state = models.CharField("状态", max_length=10, choices=MustState.choices(), default=MustState.OPEN)
    talk = models.ForeignKey(
        Talk, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谈话"
    )
    closed_on = models.DateField("了结日期", null=True, blank=True)
    withdrawn_because = EncryptedTextField("撤回原因", blank=True, max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    idempotency_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = "必谈提示"
        verbose_name_plural = "必谈提示"
        constraints = [
            one_of("trigger", TalkTrigger),
            one_of("state", MustState),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("since")),
                name="talks_musttalk_due_after_since",
                violation_error_message="谈话期限不能早于情形发生的日期。",
            ),
            models.CheckConstraint(
                condition=Q(state=MustState.OPEN) | Q(closed_on__isnull=False),
                name="talks_musttalk_closed_has_date",
                violation_error_message="已了结的必谈提示须有日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "state", "due_on"]),
            models.Index(fields=["asked", "state"]),
        ]

    def __str__(self) -> str:
        return f"必谈提示第 {self.pk} 号"


class TalkWave(InTree):
    """The round of talks before an 组织生活会: from the day it was opened up to the meeting."""

    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    opens_on = models.DateField("开始日期")
    meeting_on = models.DateField("组织生活会日期")
    closed_on = models.DateField("结束日期", null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="发起人"
    )

    class Meta:
        verbose_name = "会前谈心"
        verbose_name_plural = "会前谈心"
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting_on__gte=models.F("opens_on")),
                name="talks_talkwave_meeting_after_opening",
                violation_error_message="组织生活会的日期不能早于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["branch"],
                condition=Q(closed_on__isnull=True),
                name="talks_talkwave_one_open",
                violation_error_message="这一轮会前谈心还没有结束。",
            ),
        ]

    def __str__(self) -> str:
        return f"组织生活会（{self.meeting_on}）会前谈心"
