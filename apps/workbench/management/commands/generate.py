"""`manage.py generate --branches N` fills an empty database with synthetic data (see services_generate)."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.ui import clock
from apps.ui.refusals import Refusal
from apps.vault import keys
from apps.vault.services import set_up_vault
from apps.workbench.services_generate import Generated, generate


class Command(BaseCommand):
    help = "向空的数据库写入大量虚构数据，用于试用和测速。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--branches", type=int, required=True, help="党支部个数")
        parser.add_argument("--years", type=int, default=1, help="会议记录的年数，默认 1 年")
        parser.add_argument("--seed", type=int, default=7, help="换一批虚构的人和记录")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - signature given by Django
        if options["branches"] < 1 or options["years"] < 1:
            raise CommandError("--branches 和 --years 都要填正整数。")
        if keys.status().state == keys.KeyState.NO_FILE:
            set_up_vault()
        started = time.monotonic()
        try:
            done = generate(
                branches=options["branches"],
                years=options["years"],
                seed=options["seed"],
                today=clock.today(),
                now=clock.now(),
                tell=self._tell if options["verbosity"] > 0 else lambda words: None,  # noqa: ARG005
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        if options["verbosity"] > 0:
            self.stdout.write(summary(done, seconds=time.monotonic() - started))

    def _tell(self, words: str) -> None:
        self.stdout.write(f"  已写入 {words} 个党支部")
        self.stdout.flush()


def summary(done: Generated, *, seconds: float) -> str:
    lines = [
        f"已生成 {done.branches} 个党支部、{done.members} 名党员、{done.sittings} 次会议活动（全部虚构），"
        f"用时 {seconds:.0f} 秒。",
        f"以下账号的密码：{done.password}",
    ]
    return "\n".join([*lines, *(f"  {username:<12}{words}" for username, words in done.accounts)])
