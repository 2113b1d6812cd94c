"""`manage.py keys …`: the key ring. It stands here and not in the vault because each step is a deed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.audit.services import record
from apps.ui import clock
from apps.ui.refusals import Refusal
from apps.vault import keys, services

KEEP_SAFE = "请把这个文件另存一份到保险柜（不要与数据库备份放在一起）：密钥遗失后，加密内容无法恢复。"


class Command(BaseCommand):
    help = "管理数据密钥：init 建立，status 查看，add 换新密钥，rewrap 用新密钥重新加密，retire 停用旧密钥。"

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("init", help="建立密钥文件")
        steps.add_parser("status", help="查看密钥与用量")
        steps.add_parser("add", help="启用一把新密钥")
        rewrap = steps.add_parser("rewrap", help="把已有内容改用新密钥加密；可随时中断、重新执行")
        rewrap.add_argument("--batch", type=int, default=500)
        retire = steps.add_parser("retire", help="停用一把不再使用的旧密钥")
        retire.add_argument("key_id")

    def handle(self, *, step: str, **options: Any) -> None:
        try:
            getattr(self, step)(**options)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal

    def init(self, **_: Any) -> None:
        services.set_up_vault()
        log("keys.created")
        self.stdout.write(f"密钥文件已建立：{settings.VAULT_KEYRING}\n{KEEP_SAFE}")

    def status(self, **_: Any) -> None:
        state = keys.status()
        self.stdout.write(f"{settings.VAULT_KEYRING}：{state.message}")
        ring, counts = keys.ring_for_reading(), services.usage()
        words = {"root": "主密钥（索引、操作记录）", "active": "现用", "old": "旧", "retired": "已停用"}
        for key in ring.keys if ring else ():
            used = counts.pop(key.id.hex(), 0)
            self.stdout.write(f"  {key.id.hex()}  {words[key.state]}  建立于 {key.created}  {used} 项内容")
        for key_id, used in counts.items():
            name = "内容已损坏" if key_id == "damaged" else f"{key_id}  缺少这把密钥"
            self.stdout.write(f"  {name}  {used} 项内容")

    def add(self, **_: Any) -> None:
        ring = services.add_key()
        log("keys.added", ring.active.id.hex())
        self.stdout.write(
            f"新密钥 {ring.active.id.hex()} 已启用。{KEEP_SAFE}\n接着执行 manage.py keys rewrap。"
        )

    def rewrap(self, *, batch: int, **_: Any) -> None:
        changed = 0
        for rows in services.rewrap(batch=batch):
            changed += rows
            self.stdout.write(f"\r已处理 {changed} 行", ending="")
        log("keys.rewrapped", f"{changed} 行")
        self.stdout.write(f"\r已用新密钥重新加密 {changed} 行。")

    def retire(self, *, key_id: str, **_: Any) -> None:
        services.retire_key(key_id=key_id)
        log("keys.retired", key_id)
        self.stdout.write(f"密钥 {key_id} 已停用。它仍留在文件中，以便读取旧备份。")


@transaction.atomic
def log(action: str, detail: str = "") -> None:
    record(actor=None, action=action, reason=detail, at=clock.now())
