"""A person's Party record, and the import of rosters."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.branches.models import InTree, Organization
from apps.jobs.models import Job
from apps.rules.kinds import (
    ElectionExclusion,
    ExemptReason,
    Kind,
    MembershipState,
    MemberStatus,
    VoteException,
)
from apps.ui.constraints import one_of
from apps.vault.fields import EncryptedTextField, VaultIdField


class Sex(Kind):
    MALE = "male", "男"
    FEMALE = "female", "女"


class MemberQuerySet(models.QuerySet["Member"]):
    def on_roster(self) -> "MemberQuerySet":
        """Members who belong to their branch now: neither removed, nor left, nor died."""
        return self.filter(state__in=[MembershipState.ACTIVE, MembershipState.SUSPENDED])

    def active(self) -> "MemberQuerySet":
        return self.filter(state=MembershipState.ACTIVE)

    def full(self) -> "MemberQuerySet":
        return self.filter(status=MemberStatus.FULL)


class Member(InTree):
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="member", verbose_name="姓名"
    )
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="所在党支部"
    )
    group = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="党小组"
    )
    vault_id = VaultIdField()

    sex = models.CharField("性别", max_length=6, choices=Sex.choices(), blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    native_place = models.CharField("籍贯", max_length=50, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    id_number = EncryptedTextField("身份证号", blank=True)
    id_index = models.CharField(max_length=64, null=True, unique=True, editable=False)
    education = models.CharField("学历", max_length=30, blank=True)
    degree = models.CharField("学位", max_length=30, blank=True)
    work_started_on = models.DateField("参加工作时间", null=True, blank=True)
    work_unit = models.CharField("工作单位", max_length=100, blank=True)
    job_title = models.CharField("工作岗位", max_length=50, blank=True)
    mobile_phone = EncryptedTextField("手机", blank=True)
    landline = EncryptedTextField("固定电话", blank=True)
    address = EncryptedTextField("家庭住址", blank=True)

    status = models.CharField(
        "人员类别", max_length=12, choices=MemberStatus.choices(), default=MemberStatus.FULL
    )
    admitted_on = models.DateField("入党日期", null=True, blank=True)
    full_since = models.DateField("转正日期", null=True, blank=True)
    joined_on = models.DateField("编入本支部日期", null=True, blank=True)
    state = models.CharField(
        "党籍状态", max_length=10, choices=MembershipState.choices(), default=MembershipState.ACTIVE
    )
    state_since = models.DateField("状态起始日期", null=True, blank=True)
    state_note = models.CharField("状态说明", max_length=200, blank=True)

    is_mobile = models.BooleanField("流动党员", default=False)
    mobile_place = models.CharField("外出地点", max_length=100, blank=True)
    mobile_since = models.DateField("外出日期", null=True, blank=True)
    contact_until = models.DateField("最近一次联系日期", null=True, blank=True)

    exempt_reason = models.CharField(
        "不作出席要求的原因", max_length=10, choices=ExemptReason.choices(), blank=True
    )
    exempt_decided_on = models.DateField("支部决定日期", null=True, blank=True)
    needs_care = models.BooleanField("需要关怀", default=False)
    care_note = models.CharField("关怀说明", max_length=200, blank=True)
    verified_on = models.DateField("信息核实日期", null=True, blank=True)

    vote_exception = models.CharField(
        "无表决权的情形", max_length=20, choices=VoteException.choices(), blank=True
    )
    vote_exception_from = models.DateField("自", null=True, blank=True)
    vote_exception_to = models.DateField("至（不含当日）", null=True, blank=True)
    election_exclusion = models.CharField(
        "选举时不计入应到会的情形", max_length=20, choices=ElectionExclusion.choices(), blank=True
    )
    exclusion_approved_on = models.DateField("上级同意日期", null=True, blank=True)
    exclusion_passed_on = models.DateField("党员大会通过日期", null=True, blank=True)

    remark = models.CharField("备注", max_length=300, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    idempotency_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "党员"
        verbose_name_plural = "党员"
        constraints = [
            one_of("sex", Sex),
            one_of("status", MemberStatus),
            one_of("state", MembershipState),
            one_of("exempt_reason", ExemptReason),
            one_of("vote_exception", VoteException),
            one_of("election_exclusion", ElectionExclusion),
            models.CheckConstraint(
                condition=Q(full_since__isnull=True)
                | Q(admitted_on__isnull=True)
                | Q(full_since__gte=F("admitted_on")),
                # Equal for those admitted between the 9th and the 11th Party Congress: no probation then.
                name="members_member_full_after_admitted",
                violation_error_message="转正日期不能早于入党日期。",
            ),
            models.CheckConstraint(
                condition=~Q(status=MemberStatus.PROBATIONARY) | Q(full_since__isnull=True),
                name="members_member_probationary_not_full",
                violation_error_message="预备党员不填转正日期。",
            ),
            models.CheckConstraint(
                condition=Q(exempt_reason="") | Q(exempt_decided_on__isnull=False),
                name="members_member_exemption_decided",
                violation_error_message="不作出席要求，须写明支部决定的日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "state"]),
            models.Index(fields=["group"]),
            models.Index(fields=["path", "id"]),
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def is_full(self) -> bool:
        return self.status == MemberStatus.FULL


class ImportState(Kind):
    READING = "reading", "正在读取"
    READY = "ready", "等待确认"
    DONE = "done", "已导入"
    REFUSED = "refused", "文件未能读取"
    DROPPED = "dropped", "已放弃"


class RosterImport(InTree):
    """One uploaded roster: its preview is kept (encrypted) until it is confirmed or dropped."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="导入到"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")
    file_name = models.CharField("文件名", max_length=200)
    file_hash = models.CharField(max_length=64)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        "状态", max_length=10, choices=ImportState.choices(), default=ImportState.READING
    )
    message = models.CharField("说明", max_length=500, blank=True)
    new_count = models.PositiveIntegerField("新增", default=0)
    changed_count = models.PositiveIntegerField("变更", default=0)
    unchanged_count = models.PositiveIntegerField("无变化", default=0)
    error_count = models.PositiveIntegerField("有问题", default=0)
    confirmed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        verbose_name = "花名册导入"
        verbose_name_plural = "花名册导入"
        constraints = [one_of("state", ImportState)]

    def __str__(self) -> str:
        return self.file_name


class RowVerdict(Kind):
    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    UNCHANGED = "unchanged", "无变化"
    ERROR = "error", "有问题"


class ImportRow(models.Model):
    """One row of the uploaded sheet. Everything personal in it is in `content`, encrypted JSON text."""

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="rows")
    vault_id = VaultIdField()
    line = models.PositiveIntegerField("行号")
    name = models.CharField("姓名", max_length=50, blank=True)
    verdict = models.CharField("结果", max_length=10, choices=RowVerdict.choices())
    content = EncryptedTextField("内容", blank=True)

    class Meta:
        verbose_name = "导入行"
        verbose_name_plural = "导入行"
        constraints = [
            one_of("verdict", RowVerdict),
            models.UniqueConstraint(fields=["roster", "line"], name="members_importrow_line_once"),
        ]
        indexes = [models.Index(fields=["roster", "verdict", "line"])]

    def __str__(self) -> str:
        return f"第{self.line}行 {self.name}"


class CorrectionState(Kind):
    OPEN = "open", "待答复"
    ACCEPTED = "accepted", "已更正"
    REFUSED = "refused", "未采纳"
    WITHDRAWN = "withdrawn", "已撤回"


#: What a member may ask to have put right; "other" is for what the branch writes on other pages.
CORRECTABLE = (
    "name",
    "sex",
    "ethnicity",
    "native_place",
    "id_number",
    "born_on",
    "status",
    "admitted_on",
    "full_since",
    "joined_on",
    "education",
    "degree",
    "work_started_on",
    "work_unit",
    "job_title",
    "mobile_phone",
    "landline",
    "address",
    "is_mobile",
    "mobile_place",
    "mobile_since",
    "contact_until",
    "remark",
    "other",
)


class CorrectionRequest(models.Model):
    """A member says that something in his record is wrong. All that is written in it is encrypted."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="党员")
    vault_id = VaultIdField()
    field = models.CharField("更正项目", max_length=20)
    #: A date as 2026-05-18, a choice as its value, yes or no; an empty text asks to strike out.
    asked = EncryptedTextField("应改为", blank=True)
    wrong = EncryptedTextField("哪里不对", blank=True)
    reason = EncryptedTextField("依据")
    asked_on = models.DateField("提出日期")
    due_on = models.DateField("答复期限")
    state = models.CharField(
        "状态", max_length=10, choices=CorrectionState.choices(), default=CorrectionState.OPEN
    )
    answer = EncryptedTextField("答复", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复人",
    )
    answered_on = models.DateField("答复日期", null=True, blank=True)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "更正申请"
        verbose_name_plural = "更正申请"
        constraints = [
            one_of("state", CorrectionState),
            models.CheckConstraint(
                condition=Q(field__in=CORRECTABLE),
                name="members_correctionrequest_field_known",
                violation_error_message="所选的项目不在档案中，请重新选择。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CorrectionState.ACCEPTED, CorrectionState.REFUSED])
                | Q(answered_on__isnull=False, answered_by__isnull=False),
                name="members_correctionrequest_answered",
                violation_error_message="答复须写明答复人和日期。",
            ),
            models.UniqueConstraint(
                fields=["member", "field"],
                condition=Q(state=CorrectionState.OPEN) & ~Q(field="other"),
                name="members_correctionrequest_open_once",
                violation_error_message="这一项已有一份等待答复的更正申请。",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"]), models.Index(fields=["member", "-asked_on"])]

    def __str__(self) -> str:
        return f"更正{self.field_label}"

    @property
    def field_label(self) -> str:
        if self.field == "other":
            return "其他内容"
        column = Member._meta.get_field("person" if self.field == "name" else self.field)
        return str(column.verbose_name)  # type: ignore[union-attr]
