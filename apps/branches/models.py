"""The tree of Party organizations, their terms of office, and who holds which post from when to when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.rules.kinds import BranchForm, Kind, OrgKind, Period, PostKind
from apps.ui.constraints import one_of, ordered

#: Characters that one level of the tree takes up in `path`.
PATH_STEP = 5
PATH_LENGTH = 60
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def path_step(pk: int) -> str:
    """The primary key in base 36, `PATH_STEP` characters wide: one level of `path`."""
    digits = ""
    while pk:
        pk, rest = divmod(pk, 36)
        digits = DIGITS[rest] + digits
    return digits.rjust(PATH_STEP, "0")


def below(path: str, *, column: str = "path") -> Q:
    """Rows whose `column` lies at or below `path`. A range, because a prefix match scans on SQLite and
    `~` as an upper bound sorts before digits under a Chinese collation on PostgreSQL."""
    return Q(**{f"{column}__gte": path, f"{column}__lte": path + "Z" * (PATH_LENGTH - len(path))})


class InTree(models.Model):
    """A row that is filtered by scope carries the path of its organization; moving a subtree rewrites it."""

    path = models.CharField("组织路径", max_length=PATH_LENGTH, editable=False, db_index=True)

    class Meta:
        abstract = True


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def branches(self) -> "OrganizationQuerySet":
        return self.filter(kind=OrgKind.BRANCH)

    def open_on(self, day: object) -> "OrganizationQuerySet":
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def under(self, path: str) -> "OrganizationQuerySet":
        return self.filter(below(path))


class Organization(InTree):
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级党组织",
    )
    kind = models.CharField("组织类别", max_length=20, choices=OrgKind.choices())
    form = models.CharField("支部类型", max_length=20, choices=BranchForm.choices(), blank=True)
    name = models.CharField("全称", max_length=100)
    short_name = models.CharField("简称", max_length=30, blank=True)
    is_village = models.BooleanField(
        "村或社区党组织", default=False, help_text="村、社区每届任期 5 年，其他支部一般 3 年。"
    )
    founded_on = models.DateField("成立时间", null=True, blank=True)
    closed_on = models.DateField("撤销时间", null=True, blank=True)
    units_covered = models.PositiveSmallIntegerField(
        "覆盖单位数", default=1, help_text="联合支部一般不超过 5 个单位。"
    )
    records_since = models.DateField(
        "启用本系统记录的日期", null=True, blank=True, help_text="此前的组织生活记在纸上，系统不作判断。"
    )
    contact_name = models.CharField("联系人", max_length=50, blank=True)
    contact_phone = models.CharField("联系电话（公开办公电话）", max_length=30, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "党组织"
        verbose_name_plural = "党组织"
        constraints = [
            one_of("kind", OrgKind),
            one_of("form", BranchForm),
            ordered("founded_on", "closed_on", message="撤销时间应晚于成立时间。"),
            models.UniqueConstraint(
                fields=["path"],
                condition=~Q(path=""),
                name="branches_organization_path_once",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="branches_organization_name_once",
                violation_error_message="同一上级下已有同名党组织。",
            ),
            models.CheckConstraint(
                condition=Q(kind=OrgKind.BRANCH) | Q(form=""),
                name="branches_organization_form_of_branch",
                violation_error_message="只有党支部才填写支部类型。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OrgKind.GROUP) | Q(parent__isnull=False),
                name="branches_organization_group_has_branch",
                violation_error_message="党小组必须属于一个党支部。",
            ),
        ]
        indexes = [models.Index(fields=["kind", "path"])]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def is_branch(self) -> bool:
        return self.kind == OrgKind.BRANCH

    @property
    def depth(self) -> int:
        return len(self.path) // PATH_STEP


class Term(models.Model):
    """A term of office (届). `ends_on` is the first day after the term (half-open)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="terms", verbose_name="党组织"
    )
    number = models.PositiveSmallIntegerField("第几届")
    starts_on = models.DateField("选举产生日期")
    years = models.PositiveSmallIntegerField("任期（年）", choices=[(3, "3 年"), (5, "5 年")], default=3)
    ends_on = models.DateField("届满日期", help_text="从这一天起即为届满。")
    with_committee = models.BooleanField(
        "设支部委员会", default=True, help_text="正式党员不足 7 人的，设书记 1 名，必要时设副书记 1 名。"
    )
    extended_to = models.DateField("经批准延期至", null=True, blank=True)
    extension_note = models.CharField("延期批复", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "届次"
        verbose_name_plural = "届次"
        constraints = [
            ordered("starts_on", "ends_on", message="届满日期应晚于选举日期。"),
            ordered("ends_on", "extended_to", message="延期日期应晚于原届满日期。"),
            models.UniqueConstraint(
                fields=["organization", "number"],
                name="branches_term_number_once",
                violation_error_message="这一届已经登记过。",
            ),
            models.CheckConstraint(
                condition=Q(years__in=[3, 5]),
                name="branches_term_years_known",
                violation_error_message="任期只能是 3 年或 5 年。",
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | ~Q(extension_note=""),
                name="branches_term_extension_has_reply",
                violation_error_message="延期须写明上级批复的文号或说明。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} 第{self.number}届"

    @property
    def effective_end(self) -> object:
        return self.extended_to or self.ends_on


class PostQuerySet(models.QuerySet["Post"]):
    def current_on(self, day: object) -> "PostQuerySet":
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class Post(models.Model):
    """Who holds which post. Access follows from current posts; one that ends today has no effect today."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", verbose_name="姓名"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="posts", verbose_name="党组织"
    )
    kind = models.CharField("职务", max_length=20, choices=PostKind.choices())
    term = models.ForeignKey(
        Term, on_delete=models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="届次"
    )
    starts_on = models.DateField("任职日期")
    ends_on = models.DateField(
        "免职日期", null=True, blank=True, help_text="从这一天起不再任职，系统权限同时停止。"
    )
    note = models.CharField(
        "任职方式", max_length=100, blank=True, help_text="如：选举产生、上级任命、补选。"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        constraints = [
            one_of("kind", PostKind),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="branches_post_ends_after_start",
                violation_error_message="免职日期不能早于任职日期。",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(kind=PostKind.SECRETARY, ends_on__isnull=True),
                name="branches_post_one_secretary",
                violation_error_message="该支部已有在任书记，请先登记原书记的免职日期。",
            ),
            models.UniqueConstraint(
                fields=["person", "organization", "kind"],
                condition=Q(ends_on__isnull=True),
                name="branches_post_held_once",
                violation_error_message="此人已在任这一职务。",
            ),
        ]
        indexes = [models.Index(fields=["person", "ends_on"]), models.Index(fields=["organization", "kind"])]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()}"


class RuleOverride(InTree):
    """A committee's own cadence for its subtree, with dates and a reason (a setting, not code)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="适用的党组织"
    )
    code = models.CharField("规则", max_length=20)
    period = models.CharField("周期", max_length=12, choices=Period.choices(), blank=True)
    min_count = models.PositiveSmallIntegerField("最少次数", null=True, blank=True)
    applies = models.BooleanField("要求执行", default=True)
    reason = models.CharField("依据", max_length=300, help_text="上级文件名称、文号或会议决定。")
    valid_from = models.DateField("开始执行")
    valid_to = models.DateField("停止执行", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "本级规则"
        verbose_name_plural = "本级规则"
        constraints = [
            one_of("period", Period),
            ordered("valid_from", "valid_to", message="停止执行的日期应晚于开始日期。"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.code}"


class Excuse(InTree):
    """A period for which the organization above has excused a duty, with its reason."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="excuses", verbose_name="党组织"
    )
    code = models.CharField("规则", max_length=20)
    period_start = models.DateField("所属周期的第一天")
    reason = models.CharField("事由", max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="同意人"
    )
    decided_on = models.DateField("同意日期")

    class Meta:
        verbose_name = "免做说明"
        verbose_name_plural = "免做说明"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code", "period_start"],
                name="branches_excuse_once",
                violation_error_message="这一周期已经登记过免做说明。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.code} {self.period_start}"


class Reach(Kind):
    """How far a current post carries."""

    TREE = "tree", "本级及下级"
    BRANCH = "branch", "本支部"
    GROUP = "group", "本党小组"
