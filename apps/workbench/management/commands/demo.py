"""`manage.py demo` loads the demo into an empty database; `--accounts` prints its accounts again."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.ui import clock
from apps.ui.refusals import Refusal
from apps.vault import keys
from apps.vault.services import set_up_vault
from apps.workbench.services_demo import Demo, load_demo

NAME = "demo-accounts.txt"


class Command(BaseCommand):
    help = "载入演示数据（只载入空的数据库），并打印各角色的登录名和密码。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="只打印上次载入的账号")
        parser.add_argument("--seed", type=int, default=7, help="换一批虚构的人和记录")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - signature given by Django
        file = Path(settings.VAR_DIR) / NAME
        if options["accounts"]:
            if not file.exists():
                raise CommandError("没有找到演示账号，请先运行 manage.py demo。")
            self.stdout.write(file.read_text(encoding="utf-8"))
            return
        if keys.status().state == keys.KeyState.NO_FILE:
            set_up_vault()
        try:
            demo = load_demo(today=clock.today(), now=clock.now(), seed=options["seed"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        text = sheet_of(demo)
        file.write_text(text, encoding="utf-8")
        os.chmod(file, 0o600)
        self.stdout.write(text)


def sheet_of(demo: Demo) -> str:
    lines = [
        f"演示数据已载入：{demo.branches} 个党支部、{demo.members} 名党员、"
        f"{demo.sittings} 次会议活动、{demo.tasks} 项任务（全部虚构）。",
        f"所有演示账号的密码：{demo.password}",
        "",
    ]
    lines += [f"  {username:<14}{words}（{name}）" for username, words, name in demo.accounts]
    return "\n".join(lines) + "\n"
