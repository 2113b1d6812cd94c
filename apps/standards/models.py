"""The standards of the review: what ships with the product, and what a committee adds, leaves out or shifts.

A standard has versions over half-open dates; none is rewritten once a day has passed under it.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.branches.models import InTree, Organization
from apps.rules.kinds import Aspect, EvidenceSort, Kind, Polarity
from apps.standards.models_figures import BranchFigure  # noqa: F401 - Django looks for models here
from apps.ui.constraints import one_of, ordered


class Source(models.Model):
    """An article that the shipped standards are drawn from."""

    key = models.CharField("代号", max_length=20, unique=True)
    title = models.CharField("文章", max_length=100)
    theme = models.CharField("主旨", max_length=200)

    class Meta:
        verbose_name = "标准来源"
        verbose_name_plural = "标准来源"

    def __str__(self) -> str:
        return self.title


class Standard(InTree):
    """One standard under its code. Without an organization it ships with the product and holds everywhere;
    a committee's own holds for its subtree."""

    code = models.CharField("编号", max_length=20)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="来源"
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="制定的党组织",
    )
    order = models.PositiveSmallIntegerField("顺序", default=0, editable=False)
    idempotency_key = models.UUIDField(unique=True, null=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "评议标准"
        verbose_name_plural = "评议标准"
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(organization__isnull=True),
                name="standards_standard_shipped_code_once",
                violation_error_message="系统自带的标准中已有这个编号。",
            ),
            models.UniqueConstraint(
                fields=["organization", "code"],
                name="standards_standard_local_code_once",
                violation_error_message="本级已有这个编号的标准。",
            ),
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | Q(source__isnull=False, path=""),
                name="standards_standard_shipped_has_source",
                violation_error_message="系统自带的标准须有来源。",
            ),
            models.CheckConstraint(
                condition=~Q(code=""),
                name="standards_standard_has_code",
                violation_error_message="请填写编号。",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_shipped(self) -> bool:
        return self.organization_id is None


class StandardVersion(models.Model):
    """The text of a standard from one day to another."""

    standard = models.ForeignKey(
        Standard, on_delete=models.CASCADE, related_name="versions", verbose_name="标准"
    )
    number = models.PositiveSmallIntegerField("第几版")
    aspect = models.CharField("方面", max_length=12, choices=Aspect.choices())
    polarity = models.CharField("类型", max_length=10, choices=Polarity.choices())
    title = models.CharField("标题", max_length=60)
    requirement = models.TextField("要求", max_length=500)
    locator = models.CharField("出处", max_length=100, blank=True)
    valid_from = models.DateField("开始执行")
    valid_to = models.DateField("停止执行", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="登记人",
    )

    class Meta:
        verbose_name = "标准的一版"
        verbose_name_plural = "标准的各版"
        constraints = [
            one_of("aspect", Aspect),
            one_of("polarity", Polarity),
            ordered("valid_from", "valid_to", message="停止执行的日期应晚于开始执行的日期。"),
            models.UniqueConstraint(
                fields=["standard", "number"],
                name="standards_version_number_once",
                violation_error_message="这一版已经登记过。",
            ),
            models.UniqueConstraint(
                fields=["standard"],
                condition=Q(valid_to__isnull=True),
                name="standards_version_one_open",
                violation_error_message="这项标准已有一版正在执行。",
            ),
            models.UniqueConstraint(
                fields=["standard", "valid_from"],
                name="standards_version_begins_once",
                violation_error_message="这项标准已有一版从这一天开始执行。",
            ),
        ]
        indexes = [models.Index(fields=["valid_from", "valid_to"])]

    def __str__(self) -> str:
        return f"{self.standard} {self.title}"


class StandardEvidence(models.Model):
    """By what one version is judged; its order is the order on the page."""

    version = models.ForeignKey(
        StandardVersion, on_delete=models.CASCADE, related_name="evidence", verbose_name="标准"
    )
    sort = models.CharField("依据", max_length=10, choices=EvidenceSort.choices())
    key = models.CharField("项目", max_length=40, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "评议依据"
        verbose_name_plural = "评议依据"
        constraints = [
            one_of("sort", EvidenceSort),
            models.UniqueConstraint(
                fields=["version", "sort", "key"],
                name="standards_evidence_once",
                violation_error_message="同一项依据不必写两次。",
            ),
            models.CheckConstraint(
                condition=Q(sort=EvidenceSort.REVIEW, key="")
                | Q(sort__in=[EvidenceSort.MEASURE, EvidenceSort.APPRAISAL]) & ~Q(key=""),
                name="standards_evidence_key_fits",
                violation_error_message="记录计算和测评须写明项目，评审组评定不写。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sort}:{self.key}".rstrip(":")


class Bearing(InTree):
    """What a committee decides for its subtree, over dates and with a reason."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="适用的党组织"
    )
    reason = models.CharField("理由", max_length=300, help_text="写明文件名称、文号或会议决定。")
    valid_from = models.DateField("开始执行")
    valid_to = models.DateField("停止执行", null=True, blank=True, help_text="留空表示一直执行。")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        abstract = True


class StandardSwitch(Bearing):
    """A committee switches a standard off for its subtree."""

    standard = models.ForeignKey(
        Standard, on_delete=models.PROTECT, related_name="switches", verbose_name="标准"
    )

    class Meta:
        verbose_name = "停用的标准"
        verbose_name_plural = "停用的标准"
        constraints = [
            ordered("valid_from", "valid_to", message="恢复的日期应晚于停用的日期。"),
            models.UniqueConstraint(
                fields=["organization", "standard"],
                condition=Q(valid_to__isnull=True),
                name="standards_switch_one_open",
                violation_error_message="这项标准在这里已经停用。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} 停用 {self.standard}"


class LevelOverride(Bearing):
    """A committee's own levels for one measure: good from here on, a warning below there."""

    measure = models.CharField("指标", max_length=40)
    good = models.PositiveSmallIntegerField("良好线", help_text="达到或高于这个数为良好。")
    warn = models.PositiveSmallIntegerField("提示线", help_text="低于这个数时提示。")

    class Meta:
        verbose_name = "调整的评议线"
        verbose_name_plural = "调整的评议线"
        constraints = [
            ordered("valid_from", "valid_to", message="停止执行的日期应晚于开始执行的日期。"),
            models.CheckConstraint(
                condition=Q(warn__lte=F("good")),
                name="standards_leveloverride_warn_below_good",
                violation_error_message="提示线不能高于良好线。",
            ),
            models.UniqueConstraint(
                fields=["organization", "measure"],
                condition=Q(valid_to__isnull=True),
                name="standards_leveloverride_one_open",
                violation_error_message="这项指标在这里已经调整过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.measure}"


class FigureNote(InTree):
    """What a branch says to one of its figures; the note goes wherever the figure goes."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党支部"
    )
    year = models.PositiveSmallIntegerField("年度")
    measure = models.CharField("指标", max_length=40)
    text = models.TextField("说明", max_length=500)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="写的人"
    )
    written_at = models.DateTimeField("时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawal_reason = models.CharField("撤回原因", max_length=200, blank=True)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "数字说明"
        verbose_name_plural = "数字说明"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year", "measure"],
                condition=Q(withdrawn_at__isnull=True),
                name="standards_figurenote_once",
                violation_error_message="这个数字已有说明，请修改原来的说明。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
                name="standards_figurenote_withdrawal_has_reason",
                violation_error_message="请写明撤回原因。",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="standards_figurenote_year_plausible",
                violation_error_message="年度不对，请检查。",
            ),
        ]
        indexes = [models.Index(fields=["path", "year"])]

    def __str__(self) -> str:
        return f"{self.organization} {self.year} {self.measure}"


class EarlierText(models.Model):
    """A text of a note before it was changed."""

    note = models.ForeignKey(FigureNote, on_delete=models.CASCADE, related_name="earlier")
    text = models.TextField("说明", max_length=500)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "原来的说明"
        verbose_name_plural = "原来的说明"

    def __str__(self) -> str:
        return self.text


class SheetState(Kind):
    READY = "ready", "等待确认"
    DONE = "done", "已导入"
    DROPPED = "dropped", "已放弃"


class LineVerdict(Kind):
    NEW = "new", "新增"
    CHANGED = "changed", "改为新的一版"
    UNCHANGED = "unchanged", "没有变化"
    ERROR = "error", "有问题"


class StandardImport(InTree):
    """An uploaded checklist of a committee, previewed before anything is written."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="导入到"
    )
    valid_from = models.DateField("开始执行")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")
    file_name = models.CharField("文件", max_length=200)
    message = models.CharField("读取情况", max_length=500, blank=True)
    state = models.CharField("状态", max_length=10, choices=SheetState.choices(), default=SheetState.READY)
    idempotency_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = "标准导入"
        verbose_name_plural = "标准导入"
        constraints = [one_of("state", SheetState)]

    def __str__(self) -> str:
        return self.file_name


class ImportLine(models.Model):
    """One row of the sheet as it was read, and what would become of it."""

    sheet = models.ForeignKey(StandardImport, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField("行号")
    verdict = models.CharField("结果", max_length=10, choices=LineVerdict.choices())
    words = models.TextField("说明", blank=True)
    code = models.CharField("编号", max_length=20, blank=True)
    title = models.CharField("标题", max_length=60, blank=True)
    requirement = models.TextField("要求", blank=True)
    aspect = models.CharField("方面", max_length=12, choices=Aspect.choices(), blank=True)
    polarity = models.CharField("类型", max_length=10, choices=Polarity.choices(), blank=True)
    locator = models.CharField("出处", max_length=100, blank=True)
    evidence = models.TextField("依据", blank=True)
    standard_version = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = "导入的行"
        verbose_name_plural = "导入的行"
        constraints = [
            one_of("verdict", LineVerdict),
            one_of("aspect", Aspect),
            one_of("polarity", Polarity),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.code}"
