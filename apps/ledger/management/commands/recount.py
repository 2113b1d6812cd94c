from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.ledger.services import recount_all
from apps.ui import clock


class Command(BaseCommand):
    help = "重建全部支部的汇总数据（一般不需要；升级或手工修复数据后运行）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--years", type=int, default=3, help="重建最近几年，默认 3 年")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - signature given by Django
        this_year = clock.today().year
        years = range(this_year - options["years"] + 1, this_year + 2)
        self.stdout.write(f"已重建 {recount_all(years=years)} 个党支部的汇总数据。")
