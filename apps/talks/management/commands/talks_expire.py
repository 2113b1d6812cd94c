from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.talks.services_words import end_contents
from apps.ui import clock


class Command(BaseCommand):
    help = "销毁超过保管期限（TALK_CONTENT_YEARS）的谈话内容，谈话的时间和双方保留。建议每天执行。"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - signature given by Django
        ended = end_contents(today=clock.today(), years=settings.TALK_CONTENT_YEARS)
        self.stdout.write(f"已销毁 {ended} 次谈话的内容（保管期限 {settings.TALK_CONTENT_YEARS} 年）。")
