"""For the case that no operator can sign in any more: a one-time link, issued on the server and recorded."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from apps.accounts import services
from apps.accounts.models import User
from apps.accounts.names import normal_username
from apps.ui import clock
from apps.ui.refusals import Refusal


class Command(BaseCommand):
    help = "在服务器上为一个登录名签发一次性的重设密码链接（会写入操作记录，本人下次登录时会看到提示）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="登录名")

    def handle(self, *_args: Any, **options: Any) -> None:
        username = normal_username(options["username"])
        person = User.objects.with_login().filter(username=username).first()
        if person is None:
            raise CommandError(f"没有登录名为“{username}”的账号。")
        try:
            link = services.issue_reset_link(person=person, actor=None, now=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        path = reverse("accounts:password_reset_link", args=link)
        self.stdout.write(f"链接只能用一次，24 小时内有效。请在浏览器中打开系统地址后接：\n{path}")
