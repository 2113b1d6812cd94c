"""Short entries of a branch's daily work, one line each; its key posts and the units in its care."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.branches.models import InTree, Organization
from apps.jobs.models import Job
from apps.members.models import ImportState, Member
from apps.rules.kinds import Kind
from apps.rules.kinds_worklog import (
    CareForm,
    Coverage,
    EntrySort,
    PlacementKind,
    PostArea,
    RecognitionKind,
    StudyCategory,
    UnitKind,
)
from apps.ui.constraints import one_of
from apps.vault.fields import EncryptedTextField, VaultIdField


class Noted(InTree):
    """What every record here has: whose it is, who wrote it, and that it is withdrawn instead of deleted."""

    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间")
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdraw_reason = models.CharField("撤回原因", max_length=200, blank=True)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        abstract = True


def withdrawn_with_reason() -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(withdrawn_on__isnull=True) | ~Q(withdraw_reason=""),
        name="%(app_label)s_%(class)s_withdrawn_with_reason",
        violation_error_message="撤回须写明原因。",
    )


def filled(name: str, *, where: EntrySort) -> models.CheckConstraint:
    """A check that entries of this sort say which kind they are."""
    return models.CheckConstraint(
        condition=~Q(sort=where) | ~Q(**{name: ""}),
        name=f"%(app_label)s_%(class)s_{name}_filled",
        violation_error_message="请选择类别。",
    )


class EntryQuerySet(models.QuerySet["Entry"]):
    def standing(self) -> "EntryQuerySet":
        return self.filter(withdrawn_on__isnull=True)


class Entry(Noted):
    """One line of the log. `sort` says which of the columns it uses; people are `EntryMember` rows.

    Kept for a group, `group` is set and `path` is the group's.
    """

    group = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="党小组"
    )
    sort = models.CharField("种类", max_length=12, choices=EntrySort.choices())
    held_on = models.DateField("日期")
    until = models.DateField("结束日期", null=True, blank=True)
    title = models.CharField("内容", max_length=100)
    note = models.CharField("备注", max_length=200, blank=True)
    category = models.CharField("学习类别", max_length=12, choices=StudyCategory.choices(), blank=True)
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1, null=True, blank=True)
    care_form = models.CharField("方式", max_length=10, choices=CareForm.choices(), blank=True)
    recognition = models.CharField("形式", max_length=14, choices=RecognitionKind.choices(), blank=True)
    placement = models.CharField("方式", max_length=12, choices=PlacementKind.choices(), blank=True)
    by_name = models.CharField("由谁", max_length=100, blank=True)
    place = models.CharField("地点、单位", max_length=100, blank=True)
    participants = models.PositiveIntegerField("参加的群众人数", null=True, blank=True)
    result = models.CharField("协商结果", max_length=200, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "工作纪实"
        verbose_name_plural = "工作纪实"
        constraints = [
            one_of("sort", EntrySort),
            one_of("category", StudyCategory),
            one_of("care_form", CareForm),
            one_of("recognition", RecognitionKind),
            one_of("placement", PlacementKind),
            filled("category", where=EntrySort.STUDY),
            filled("care_form", where=EntrySort.CARE),
            filled("recognition", where=EntrySort.RECOGNITION),
            filled("placement", where=EntrySort.PLACEMENT),
            withdrawn_with_reason(),
            models.CheckConstraint(
                condition=~Q(sort=EntrySort.STUDY) | Q(hours__gt=0),
                name="worklog_entry_study_has_hours",
                violation_error_message="学时应大于 0。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("held_on")),
                name="worklog_entry_until_not_before",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["path", "-held_on", "-id"]),
            models.Index(fields=["-held_on", "-id"]),
            models.Index(fields=["branch", "sort", "held_on"]),
        ]

    def __str__(self) -> str:
        """Care tells of illness and hardship; the trail, which writes this down, need not know of it."""
        return f"{self.held_on} 走访关怀" if self.sort == EntrySort.CARE else self.title


class EntryMember(models.Model):
    """A member whom an entry is about: ten members at one training are one entry with ten of these."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="people")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="姓名")

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        constraints = [models.UniqueConstraint(fields=["entry", "member"], name="worklog_entrymember_once")]
        indexes = [models.Index(fields=["member", "entry"])]

    def __str__(self) -> str:
        return f"{self.member_id}"


class KeyPost(Noted):
    """A post in charge of people, money or property (重点岗位), checked once a year."""

    title = models.CharField("岗位", max_length=100)
    area = models.CharField("管什么", max_length=10, choices=PostArea.choices())
    holder = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="在岗党员（本支部）",
    )
    holder_name = models.CharField("在岗人员（非本支部党员）", max_length=50, blank=True)
    since = models.DateField("列入日期")
    until = models.DateField("不再列入的日期", null=True, blank=True)

    class Meta:
        verbose_name = "重点岗位"
        verbose_name_plural = "重点岗位"
        constraints = [
            one_of("area", PostArea),
            withdrawn_with_reason(),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="worklog_keypost_until_not_before",
                violation_error_message="不再列入的日期不能早于列入日期。",
            ),
        ]
        indexes = [models.Index(fields=["path", "id"]), models.Index(fields=["branch", "since"])]

    def __str__(self) -> str:
        return self.title


class KeyPostCheck(Noted):
    """One check of a key post; the branch stands in the row so that facts need no way around."""

    key_post = models.ForeignKey(
        KeyPost, on_delete=models.PROTECT, related_name="checks", verbose_name="重点岗位"
    )
    checked_on = models.DateField("检查日期")
    by_name = models.CharField("检查人", max_length=100)
    finding = models.CharField("检查情况", max_length=300)

    class Meta:
        verbose_name = "重点岗位检查"
        verbose_name_plural = "重点岗位检查"
        constraints = [withdrawn_with_reason()]
        indexes = [models.Index(fields=["key_post", "checked_on"])]

    def __str__(self) -> str:
        return f"{self.checked_on} {self.finding}"


class CareUnit(Noted):
    """A unit in the branch's care (两新组织等) and how Party organization reaches it."""

    name = models.CharField("单位名称", max_length=100)
    kind = models.CharField("单位类别", max_length=16, choices=UnitKind.choices())
    coverage = models.CharField("覆盖方式", max_length=12, choices=Coverage.choices())
    covered_since = models.DateField("覆盖日期", null=True, blank=True)
    since = models.DateField("联系日期")
    until = models.DateField("不再联系的日期", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = "联系单位"
        verbose_name_plural = "联系单位"
        constraints = [
            one_of("kind", UnitKind),
            one_of("coverage", Coverage),
            withdrawn_with_reason(),
            models.CheckConstraint(
                condition=Q(coverage=Coverage.NONE) | Q(covered_since__isnull=False),
                name="worklog_careunit_covered_has_date",
                violation_error_message="已覆盖的单位须写明覆盖日期。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="worklog_careunit_until_not_before",
                violation_error_message="不再联系的日期不能早于联系日期。",
            ),
            models.UniqueConstraint(
                fields=["branch", "name"],
                condition=Q(withdrawn_on__isnull=True, until__isnull=True),
                name="worklog_careunit_name_once",
                violation_error_message="本支部已登记过这个单位。",
            ),
        ]
        indexes = [models.Index(fields=["path", "id"])]

    def __str__(self) -> str:
        return self.name


class StudyImport(InTree):
    """One uploaded workbook of study hours: its preview is kept, encrypted, until confirmed or dropped."""

    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
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
    new_count = models.PositiveIntegerField("可以计入", default=0)
    known_count = models.PositiveIntegerField("已有", default=0)
    error_count = models.PositiveIntegerField("有问题", default=0)
    confirmed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        verbose_name = "学时导入"
        verbose_name_plural = "学时导入"
        constraints = [one_of("state", ImportState)]

    def __str__(self) -> str:
        return self.file_name


class StudyVerdict(Kind):
    NEW = "new", "可以计入"
    KNOWN = "known", "已有，不再计"
    ERROR = "error", "有问题"


class StudyImportRow(models.Model):
    """One row of the sheet; what stands in it is in `content`, encrypted JSON text."""

    study_import = models.ForeignKey(StudyImport, on_delete=models.CASCADE, related_name="rows")
    vault_id = VaultIdField()
    line = models.PositiveIntegerField("行号")
    name = models.CharField("姓名", max_length=50, blank=True)
    verdict = models.CharField("结果", max_length=10, choices=StudyVerdict.choices())
    content = EncryptedTextField("内容", blank=True)

    class Meta:
        verbose_name = "学时导入行"
        verbose_name_plural = "学时导入行"
        constraints = [
            one_of("verdict", StudyVerdict),
            models.UniqueConstraint(fields=["study_import", "line"], name="worklog_importrow_line_once"),
        ]

    def __str__(self) -> str:
        return f"第{self.line}行 {self.name}"
