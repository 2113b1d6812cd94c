"""The sitting: recorded once, counted for each of its purposes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.branches.models import InTree, Organization
from apps.members.models import Member
from apps.rules.kinds import (
    ActivityForm,
    AttendanceStatus,
    Kind,
    MeetingKind,
    MemberStatus,
    PartnerKind,
    Topic,
)
from apps.ui.constraints import one_of


class MeetingState(Kind):
    PLANNED = "planned", "已计划"
    OPEN = "open", "记录中"
    CLOSED = "closed", "已归档"
    CANCELLED = "cancelled", "已取消"


class Meeting(InTree):
    """One sitting of a branch or of one of its groups (then `group` is set and `path` is the group's)."""

    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    group = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="党小组"
    )
    title = models.CharField("名称", max_length=100)
    state = models.CharField(
        "状态", max_length=10, choices=MeetingState.choices(), default=MeetingState.PLANNED
    )
    held_on = models.DateField("日期")
    starts_at = models.TimeField("开始时间", null=True, blank=True)
    ends_at = models.TimeField("结束时间", null=True, blank=True)
    for_year = models.PositiveSmallIntegerField(
        "所属年度",
        null=True,
        blank=True,
        help_text="年度组织生活会、民主评议可在次年 3 月底前召开，请填所属年度。",
    )
    place = models.CharField("地点", max_length=100, blank=True)
    chair = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主持人"
    )
    recorder = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记录人"
    )
    form = models.CharField("活动形式", max_length=20, choices=ActivityForm.choices(), blank=True)
    class_hours = models.DecimalField("学时", max_digits=4, decimal_places=1, null=True, blank=True)
    lecturer = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="主讲人（本支部）",
    )
    lecturer_name = models.CharField("主讲人（外请）", max_length=50, blank=True)
    lecture_title = models.CharField("党课题目", max_length=100, blank=True)
    public_participants = models.PositiveIntegerField("参加的群众人数", default=0)
    recorded_at = models.DateTimeField("首次登记时间")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("归档时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    near_copy_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="与此前这次记录基本相同",
    )
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "会议活动"
        verbose_name_plural = "会议活动"
        constraints = [
            one_of("state", MeetingState),
            one_of("form", ActivityForm),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="meetings_meeting_ends_after_start",
                violation_error_message="结束时间应晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CLOSED) | Q(closed_at__isnull=False),
                name="meetings_meeting_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CANCELLED) | ~Q(cancel_reason=""),
                name="meetings_meeting_cancelled_has_reason",
                violation_error_message="取消会议须写明原因。",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "-held_on", "-id"]),
            models.Index(fields=["-held_on", "-id"]),
            models.Index(fields=["path", "-held_on", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_closed(self) -> bool:
        return self.state == MeetingState.CLOSED

    @property
    def organization(self) -> Organization:
        """The body that sits: the group where there is one, else the branch (select_related both)."""
        return self.group or self.branch


class Minutes(models.Model):
    """Long text, apart from the meeting so that lists stay light."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, related_name="minutes", primary_key=True
    )
    notice = models.TextField("会议通知", blank=True)
    summary = models.TextField("会议（活动）情况", blank=True)
    invitees = models.TextField("拟请列席人员", blank=True)

    class Meta:
        verbose_name = "会议正文"
        verbose_name_plural = "会议正文"

    def __str__(self) -> str:
        return f"{self.meeting_id}"


class MeetingPurpose(models.Model):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="purposes")
    kind = models.CharField("类别", max_length=20, choices=MeetingKind.choices())

    class Meta:
        verbose_name = "会议类别"
        verbose_name_plural = "会议类别"
        constraints = [
            one_of("kind", MeetingKind),
            models.UniqueConstraint(fields=["meeting", "kind"], name="meetings_purpose_once"),
        ]
        indexes = [models.Index(fields=["kind", "meeting"])]

    def __str__(self) -> str:
        return self.get_kind_display()


class MeetingTopic(models.Model):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="topics")
    topic = models.CharField("主题", max_length=20, choices=Topic.choices())

    class Meta:
        verbose_name = "主题"
        verbose_name_plural = "主题"
        constraints = [
            one_of("topic", Topic),
            models.UniqueConstraint(fields=["meeting", "topic"], name="meetings_topic_once"),
        ]

    def __str__(self) -> str:
        return self.get_topic_display()


class Partner(models.Model):
    """Another organization that the activity was held with."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="partners")
    kind = models.CharField("类别", max_length=20, choices=PartnerKind.choices())
    name = models.CharField("名称", max_length=100)

    class Meta:
        verbose_name = "共建单位"
        verbose_name_plural = "共建单位"
        constraints = [one_of("kind", PartnerKind)]

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """One line of the roll. What decides a vote is kept as it was on the day, and frozen at close."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="roll")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="姓名")
    status = models.CharField(
        "出席情况", max_length=16, choices=AttendanceStatus.choices(), default=AttendanceStatus.PRESENT
    )
    reason = models.CharField("事由", max_length=100, blank=True)
    standing = models.CharField("人员类别", max_length=12, choices=MemberStatus.choices())
    on_committee = models.BooleanField("支委", default=False)
    has_vote = models.BooleanField("有表决权", default=True)
    no_vote_reason = models.CharField("无表决权原因", max_length=60, blank=True)
    counts_in_election = models.BooleanField("选举时计入应到会", default=True)
    exclusion_reason = models.CharField("选举时不计入的原因", max_length=60, blank=True)

    class Meta:
        verbose_name = "出席情况"
        verbose_name_plural = "出席情况"
        constraints = [
            one_of("status", AttendanceStatus),
            one_of("standing", MemberStatus),
            models.UniqueConstraint(fields=["meeting", "member"], name="meetings_attendance_once"),
        ]
        indexes = [models.Index(fields=["member", "meeting"])]

    def __str__(self) -> str:
        return f"{self.member_id} {self.get_status_display()}"


class Observer(models.Model):
    """Somebody who sits in without a vote (列席)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="observers")
    name = models.CharField("姓名", max_length=50)
    post = models.CharField("单位及职务", max_length=100, blank=True)

    class Meta:
        verbose_name = "列席人员"
        verbose_name_plural = "列席人员"

    def __str__(self) -> str:
        return self.name


class Addendum(models.Model):
    """A closed record is never edited: what was wrong is put right in an addendum, with its reason."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="addenda")
    text = models.TextField("更正内容")
    reason = models.CharField("更正原因", max_length=200)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("更正时间")

    class Meta:
        verbose_name = "更正"
        verbose_name_plural = "更正"

    def __str__(self) -> str:
        return self.reason


class Attachment(models.Model):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField("文件名", max_length=200)
    stored_as = models.CharField(max_length=100, unique=True, editable=False)
    media_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField(max_length=64, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"

    def __str__(self) -> str:
        return self.name
