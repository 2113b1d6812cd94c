import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.audit.models import Deed
from apps.vault import keys
from apps.vault.models import KeyCheck
from tests import factories
from tests.vault.conftest import no_ring, own_ring  # noqa: F401 - fixtures


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue()


def test_a_rotation_from_end_to_end(own_ring: Path) -> None:  # noqa: F811
    factories.make_member(factories.make_organization(), mobile_phone="13912345678")
    old = keys.ring_for_writing().active.id.hex()
    assert "  现用  建立于 2026-11-20T10:30:00+08:00  1 项内容" in run("status")
    new = keys.ring_for_writing().active.id.hex() if "已启用" in run("add") else ""
    assert new != old
    with pytest.raises(CommandError, match="还有内容是用这把密钥加密的"):
        run("retire", old)
    assert run("rewrap").endswith("已用新密钥重新加密 1 行。\n")
    assert run("retire", old) == f"密钥 {old} 已停用。它仍留在文件中，以便读取旧备份。\n"
    lines = run("status").splitlines()
    assert lines[0].endswith("：密钥正常。")
    assert [line.split()[1] for line in lines[1:]] == ["主密钥（索引、操作记录）", "已停用", "现用"]
    assert [line.split()[-2] for line in lines[1:]] == ["0", "0", "1"]
    assert list(Deed.objects.order_by("pk").values_list("action", "reason")) == [
        ("keys.added", new),
        ("keys.rewrapped", "1 行"),
        ("keys.retired", old),
    ]


def test_init_makes_the_ring_once(db: None, no_ring: Path, settings) -> None:  # noqa: F811
    KeyCheck.objects.all().delete()
    assert "密钥文件已建立" in run("init")
    assert Deed.objects.get().action == "keys.created"
    with pytest.raises(CommandError, match="密钥文件已经存在"):
        run("init")


def test_init_refuses_a_database_that_belongs_to_other_keys(no_ring: Path) -> None:  # noqa: F811
    with pytest.raises(CommandError, match="请找回原来的密钥文件"):
        run("init")


def test_status_in_locked_mode_names_the_missing_keys(own_ring: Path) -> None:  # noqa: F811
    factories.make_member(factories.make_organization(), mobile_phone="13912345678")
    active = keys.ring_for_writing().active.id.hex()
    own_ring.unlink()
    assert run("status").splitlines() == [
        f"{own_ring}：找不到密钥文件。",
        f"  {active}  缺少这把密钥  1 项内容",
    ]
    with pytest.raises(CommandError, match="找不到密钥文件"):
        run("add")
