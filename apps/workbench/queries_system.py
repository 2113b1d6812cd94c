"""What an operator asks of the installation: is it sound, which settings hold. No secrets."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from apps.jobs.models import Job, JobState
from apps.vault import keys

#: Below this the product should be stopped from taking uploads (security.md T22b).
LOW_DISK_BYTES = 1_000_000_000
GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """`where` says how it is changed; `tone` is that of a badge, empty where nothing is to be judged."""

    label: str
    value: str
    where: str = ""
    tone: str = ""


def state_of_system(*, now: datetime) -> list[Line]:
    """Four things that stop the work when they fail."""
    ring, free = keys.status(), free_bytes()
    stuck = Job.objects.silent_at(now).count() + Job.objects.stranded_at(now).count()
    failed = Job.objects.filter(state=JobState.FAILED).count()
    return [
        Line("数据库", _database(), "DATABASE_URL", tone="ok"),
        Line(
            "密钥文件",
            "已锁定" if ring.locked else "正常",
            ring.message if ring.locked else "VAULT_KEYRING；请与数据库分开备份",
            tone="bad" if ring.locked else "ok",
        ),
        Line(
            "磁盘空间",
            f"剩余 {free / GIGABYTE:.1f} GB",
            "不足 1 GB 时请清理或扩容",
            tone="ok" if free > LOW_DISK_BYTES else "bad",
        ),
        Line(
            "后台任务",
            f"{stuck} 项没有动静" if stuck else "正常",
            "请检查 run_huey 服务是否在运行" if stuck else f"未完成的共 {failed} 项，由发起人自己查看",
            tone="bad" if stuck else "ok",
        ),
    ]


def settings_in_force() -> list[Line]:
    """They are changed in the environment and by a restart, so that nobody changes them by a web page."""
    minutes, hours = settings.SESSION_IDLE_SECONDS // 60, settings.SESSION_COOKIE_AGE // 3600
    return [
        Line("版本", settings.VERSION, "随升级改变"),
        Line("访问地址", "、".join(settings.ALLOWED_HOSTS), "ALLOWED_HOSTS"),
        Line(
            "调试方式", _yes(settings.DEBUG), "DEBUG；正式使用必须关闭", tone="bad" if settings.DEBUG else ""
        ),
        Line("只走 HTTPS", _yes(settings.SECURE_SSL_REDIRECT), "SECURE_SSL_REDIRECT"),
        Line("Cookie 只走 HTTPS", _yes(settings.SESSION_COOKIE_SECURE), "SECURE_COOKIES"),
        Line("登录时限", f"{minutes} 分钟不操作、最长 {hours} 小时后须重新登录", "固定"),
        Line("登录失败", f"连续 {settings.AXES_FAILURE_LIMIT} 次后暂停 15 分钟", "固定"),
        Line("数据文件夹", str(settings.VAR_DIR), "VAR_DIR"),
    ]


def free_bytes() -> int:
    return shutil.disk_usage(settings.VAR_DIR).free


def _database() -> str:
    engine = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)
    number = ".".join(str(part) for part in connection.get_database_version())
    return f"{engine} {number}"


def _yes(value: bool) -> str:
    return "是" if value else "否"
