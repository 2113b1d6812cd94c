"""`manage.py audit_verify`: exit 0 where the trail is whole, 1 where it is not."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.audit.queries import Verdict, verify_chain


class Command(BaseCommand):
    help = "核对操作记录的校验链。完整时退出码为 0，有问题时为 1，并指出第一处问题。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", type=Path, metavar="文件", help="与以前保存的封存单核对")
        parser.add_argument(
            "--write-anchor", type=Path, metavar="文件", help="核对无误后，在封存单末尾加一行"
        )
        parser.add_argument(
            "--accept-unsealed", action="store_true", help="已查明密钥不可用期间的记录属实，不作为问题"
        )

    def handle(
        self, *, anchor: Path | None, write_anchor: Path | None, accept_unsealed: bool, **_: Any
    ) -> None:
        verdict = verify_chain(read_anchors(anchor) if anchor else {})
        sound = self.report(verdict, accept_unsealed=accept_unsealed)
        if not sound:
            sys.exit(1)
        if write_anchor and verdict.count:
            with write_anchor.open("a", encoding="ascii") as file:
                file.write(f"{verdict.count} {verdict.head}\n")

    def report(self, verdict: Verdict, *, accept_unsealed: bool) -> bool:
        if verdict.fault:
            self.stdout.write(f"操作记录有问题：第 {verdict.fault.number} 条，{verdict.fault.words}。")
            return False
        if verdict.unsealed:
            first, last = verdict.unsealed[0], verdict.unsealed[-1]
            self.stdout.write(
                f"有 {len(verdict.unsealed)} 条（第 {first} 至 {last} 条之间）"
                "是在密钥不可用时记录的，没有密钥保护。"
                "请与密钥故障的时间核对；属实时加 --accept-unsealed。"
            )
        self.stdout.write(f"操作记录共 {verdict.count} 条，校验链完整。末条校验值 {verdict.head}")
        return accept_unsealed or not verdict.unsealed


def read_anchors(path: Path) -> dict[int, str]:
    try:
        lines = [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
        return {int(number): digest for number, digest in lines}
    except (OSError, ValueError) as error:
        raise CommandError(f"无法读取封存单 {path}：每行应为“序号 校验值”。") from error
