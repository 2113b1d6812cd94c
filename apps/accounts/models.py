"""User = a person. A row does not imply a login: most people in a branch never sign in."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserQuerySet(models.QuerySet["User"]):
    def with_login(self) -> "UserQuerySet":
        return self.filter(username__isnull=False)

    def active_operators(self) -> "UserQuerySet":
        return self.with_login().filter(is_operator=True, is_active=True)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    name = models.CharField("姓名", max_length=50)
    pinyin = models.CharField("姓名全拼", max_length=200, blank=True, editable=False)
    initials = models.CharField("姓名简拼", max_length=20, blank=True, editable=False)
    username = models.CharField(
        "登录名",
        max_length=50,
        unique=True,
        null=True,
        blank=True,
        help_text="可用汉字、字母、数字和 . _ -，不分大小写。请不要用手机号或身份证号。",
        error_messages={"unique": "这个登录名已经有人使用，请换一个。"},
    )
    is_active = models.BooleanField("可以登录", default=True)
    is_operator = models.BooleanField(
        "系统操作员", default=False, help_text="管理账号和系统设置，看不到支部内容。"
    )
    is_auditor = models.BooleanField("审计员", default=False, help_text="查阅操作记录，看不到支部内容。")
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    #: The last one-time link for setting a password, and whether the person still has to be told of its use.
    reset_issued_at = models.DateTimeField("重设链接签发时间", null=True, editable=False)
    reset_issued_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="重设链接签发人",
    )
    password_reset_at = models.DateTimeField("用链接重设密码的时间", null=True, editable=False)
    reset_untold = models.BooleanField("尚未告知本人密码被重设", default=False, editable=False)
    idempotency_key = models.UUIDField("提交标识", null=True, unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        indexes = [
            models.Index(fields=["pinyin"]),
            models.Index(fields=["initials"]),
            models.Index(fields=["name"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(is_operator=True, is_auditor=True),
                name="accounts_user_operator_is_not_auditor",
                violation_error_message="系统操作员不能同时担任审计员。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Django's admin asks for it; who may enter is decided by the site itself."""
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002 - signature given by Django
        """Nothing hangs on Django's permissions: policies decide."""
        return False

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002 - signature given by Django
        return False


class FirstRun(models.Model):
    """At most one row. Whoever sets the system up locks it, so that two at once cannot both succeed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    operator = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="首位系统操作员"
    )
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "首次设置"
        verbose_name_plural = "首次设置"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="accounts_firstrun_single_row")]

    def __str__(self) -> str:
        return "首次设置"
