"""The first run on the command line: the first operator and the key ring."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts import queries, services_setup
from apps.accounts.forms import RULES_IN_WORDS
from apps.ui import clock
from apps.ui.refusals import Refusal


class Command(BaseCommand):
    help = "首次使用：建立第一位系统操作员，并生成密钥文件。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="姓名")
        parser.add_argument("--username", help="登录名")
        parser.add_argument("--password-stdin", action="store_true", help="从标准输入读取密码（一行）")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not queries.needs_setup():
            raise CommandError(services_setup.AlreadySetUp.default)
        name = options["name"] or input("系统操作员姓名：")
        username = options["username"] or input("登录名：")
        password = self.password_from(from_stdin=options["password_stdin"])
        try:
            done = services_setup.set_up(name=name, username=username, password=password, now=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        word = "已生成" if done.keyring_is_new else "早已存在，继续使用"
        self.stdout.write(f"系统操作员“{done.operator}”已建立，登录名：{done.operator.username}")
        self.stdout.write(f"密钥文件{word}：{done.keyring}")
        self.stdout.write(
            "请立即把密钥文件复制到另外的介质上，与数据库备份分开存放。丢失后，已加密的内容无法恢复。"
        )

    def password_from(self, *, from_stdin: bool) -> str:
        if from_stdin:
            return sys.stdin.readline().rstrip("\r\n")
        self.stdout.write(RULES_IN_WORDS)
        password = getpass.getpass("密码：")
        if getpass.getpass("再输一遍密码：") != password:
            raise CommandError("两次输入的密码不一致。")
        return password
