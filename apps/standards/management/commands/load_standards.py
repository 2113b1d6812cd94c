"""`manage.py load_standards` brings the shipped standards into the database; after an upgrade, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.standards.services_load import load_standards
from apps.ui import clock
from apps.ui.refusals import Refusal


class Command(BaseCommand):
    help = "载入系统自带的评议标准。可以重复运行：改过的文字从当天起成为新的一版，以前的不改写。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            done = load_standards(today=clock.today())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"标准已载入：新增 {done.new}，改为新的一版 {done.changed}，停止 {done.ended}。")
