"""Secret ballots. Nothing that a vote writes tells the time, the person or the order of voting.

A vote marks the roll and adds a sealed ballot; the two share no column. What can be read comes into being at
the opening, sorted by content, for all at once.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.branches.models import InTree, Organization
from apps.members.models import Member
from apps.rules.ballots import TEXT_THRESHOLD, THRESHOLD
from apps.rules.kinds_ballots import GRADES, Electorate, PollMode, PollPurpose, PollState, Scale
from apps.ui.constraints import one_of


class Poll(InTree):
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    title = models.CharField("标题", max_length=100)
    purpose = models.CharField("测什么", max_length=12, choices=PollPurpose.choices())
    mode = models.CharField("投票方式", max_length=8, choices=PollMode.choices(), default=PollMode.SEALED)
    electorate = models.CharField(
        "谁来投票", max_length=12, choices=Electorate.choices(), default=Electorate.VOTING
    )
    state = models.CharField("状态", max_length=12, choices=PollState.choices(), default=PollState.DRAFT)
    closes_on = models.DateField("截止日期（含当日）")
    threshold = models.PositiveSmallIntegerField("满多少张有效票才显示结果", default=THRESHOLD)
    text_threshold = models.PositiveSmallIntegerField("满多少张有效票才显示文字意见", default=TEXT_THRESHOLD)
    teller_one = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="计票人")
    teller_two = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="监票人")
    opened_on = models.DateField("开始投票的日期", null=True, editable=False)
    roll_count = models.PositiveIntegerField("名册人数", default=0, editable=False)
    roll_hash = models.CharField("名册校验值", max_length=64, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="起草人"
    )
    created_at = models.DateTimeField("起草时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "无记名测评"
        verbose_name_plural = "无记名测评"
        constraints = [
            one_of("purpose", PollPurpose),
            one_of("mode", PollMode),
            one_of("electorate", Electorate),
            one_of("state", PollState),
            models.CheckConstraint(
                condition=Q(threshold__gte=THRESHOLD),
                name="ballots_poll_threshold_protects",
                violation_error_message=f"不能少于 {THRESHOLD} 张。",
            ),
            models.CheckConstraint(
                condition=Q(text_threshold__gte=TEXT_THRESHOLD),
                name="ballots_poll_text_threshold_protects",
                violation_error_message=f"文字意见不能少于 {TEXT_THRESHOLD} 张才显示。",
            ),
            models.CheckConstraint(
                condition=~Q(teller_one=F("teller_two")),
                name="ballots_poll_two_tellers",
                violation_error_message="计票人和监票人须是两个人。",
            ),
        ]
        indexes = [models.Index(fields=["path", "-id"])]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField("顺序")
    words = models.CharField("内容", max_length=200)
    scale = models.CharField("选项", max_length=8, choices=Scale.choices())
    #: Whom the question is about; it stands on his sheet as on everybody's.
    subject = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="被评议人"
    )

    class Meta:
        verbose_name = "测评项目"
        verbose_name_plural = "测评项目"
        ordering = ["position"]
        constraints = [
            one_of("scale", Scale),
            models.UniqueConstraint(fields=["poll", "position"], name="ballots_question_position_once"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def grades(self) -> tuple[str, ...]:
        return GRADES[Scale(self.scale)]

    @property
    def is_text(self) -> bool:
        return self.scale == Scale.TEXT


class RollEntry(models.Model):
    """That somebody may vote, and whether he has. When he did stands nowhere."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="党员")
    voted = models.BooleanField("已投票", default=False)

    class Meta:
        verbose_name = "投票名册"
        verbose_name_plural = "投票名册"
        constraints = [models.UniqueConstraint(fields=["poll", "member"], name="ballots_rollentry_once")]
        indexes = [models.Index(fields=["member", "voted"])]

    def __str__(self) -> str:
        return f"{self.member_id}"


class SealedBallot(models.Model):
    """No column may be added here: whatever tells two ballots apart may tell who cast them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    blob = models.BinaryField()

    class Meta:
        verbose_name = "密封票"
        verbose_name_plural = "密封票"

    def __str__(self) -> str:
        return "密封票"


class PollKey(models.Model):
    """The key pair of a poll. The private half is wrapped by the tellers' passphrase, then by the server."""

    poll = models.OneToOneField(Poll, on_delete=models.CASCADE, primary_key=True, related_name="+")
    public_key = models.BinaryField()
    wrapped_key = models.BinaryField()

    class Meta:
        verbose_name = "开票密钥"
        verbose_name_plural = "开票密钥"

    def __str__(self) -> str:
        return "开票密钥"


class PaperCount(models.Model):
    """What one teller counted, until the other has confirmed it."""

    poll = models.OneToOneField(Poll, on_delete=models.CASCADE, primary_key=True, related_name="+")
    issued = models.PositiveIntegerField("发出")
    returned = models.PositiveIntegerField("收回")
    valid = models.PositiveIntegerField("有效")
    invalid = models.PositiveIntegerField("无效")
    entered_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="录入人")
    # Reason for JSON: lives from one teller's entry to the other's confirmation, then becomes Tally rows.
    counts = models.JSONField(default=list)

    class Meta:
        verbose_name = "纸质票计票"
        verbose_name_plural = "纸质票计票"
        constraints = [
            models.CheckConstraint(
                condition=Q(returned__lte=F("issued")),
                name="ballots_papercount_returned_within_issued",
                violation_error_message="收回的票多于发出的票，本次投票无效。",
            )
        ]

    def __str__(self) -> str:
        return "纸质票计票"


class Result(models.Model):
    poll = models.OneToOneField(Poll, on_delete=models.CASCADE, primary_key=True, related_name="+")
    issued = models.PositiveIntegerField("发出")
    returned = models.PositiveIntegerField("收回")
    valid = models.PositiveIntegerField("有效")
    invalid = models.PositiveIntegerField("无效")
    counted_on = models.DateField("计票日期")
    ballots_hash = models.CharField("全部选票校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = "测评结果"
        verbose_name_plural = "测评结果"
        constraints = [
            models.CheckConstraint(
                condition=Q(returned__lte=F("issued")),
                name="ballots_result_returned_within_issued",
                violation_error_message="收回的票多于发出的票，本次投票无效。",
            )
        ]

    def __str__(self) -> str:
        return "测评结果"


class Tally(models.Model):
    """How many chose one grade (its place on the scale) of one question."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    grade = models.PositiveSmallIntegerField("等次")
    votes = models.PositiveIntegerField("票数")

    class Meta:
        verbose_name = "票数"
        verbose_name_plural = "票数"
        constraints = [models.UniqueConstraint(fields=["question", "grade"], name="ballots_tally_once")]

    def __str__(self) -> str:
        return f"{self.votes}"


class Remark(models.Model):
    """A text answer, without anything that ties it to the rest of its ballot; written in sorted order."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    text = models.TextField("意见")

    class Meta:
        verbose_name = "文字意见"
        verbose_name_plural = "文字意见"

    def __str__(self) -> str:
        return self.text[:20]
