from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.standards.services_figures import count_below
from apps.ui import clock


class Command(BaseCommand):
    help = "重新计算全部支部的评议数字（每天夜里运行一次，供上级的各支部一览使用）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, default=0, help="年度，默认今年")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - signature given by Django
        today = clock.today()
        year = options["year"] or today.year
        done = max(count_below(path="", year=year, today=today), default=0)
        self.stdout.write(f"已计算 {done} 个党支部 {year} 年的评议数字。")
