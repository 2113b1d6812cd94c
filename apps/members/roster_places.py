"""Branches and groups by the names that people write: 中共…支部委员会, 第1党小组, 一组."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field

from apps.branches.models import Organization
from apps.members.queries import branches_in, groups_in

NUMERALS = "〇一二三四五六七八九"
MOST_NAMED = 8


class UnknownPlace(ValueError):
    """The message says which names are known, in Chinese."""


def plain_branch(name: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", name).split())
    text = text.removeprefix("中国共产党").removeprefix("中共")
    text = text.replace("支部委员会", "支部").replace("党支部", "支部")
    return re.sub(r"\d{1,2}(?=支部$)", lambda found: _in_han(int(found[0])), text)


def is_called(branch: Organization, name: str) -> bool:
    return plain_branch(name) in (plain_branch(branch.name), plain_branch(branch.short_name))


def plain_group(name: str) -> str:
    """第一党小组, 第1小组, 一组, 党小组1 and 1 are the same."""
    text = "".join(unicodedata.normalize("NFKC", name).split())
    text = re.sub("党?小?组$", "", text).removeprefix("第")
    text = re.sub(rf"^党?小?组(?=[\d十{NUMERALS}]+$)", "", text)
    return re.sub(r"^\d{1,2}$", lambda found: _in_han(int(found[0])), text) or name


def _in_han(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, NUMERALS[tens] + "十")
    return head + (NUMERALS[ones] if ones or not tens else "")


@dataclass(slots=True)
class Places:
    """What stands below one organization, by name."""

    target: Organization
    branches: dict[str, list[Organization]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[int, dict[str, Organization]] = field(default_factory=lambda: defaultdict(dict))

    def branch(self, name: str) -> Organization:
        """Raises UnknownPlace. A branch outside the target is not told from one that does not exist."""
        if not name:
            if self.target.is_branch:
                return self.target
            raise UnknownPlace("缺少所在党支部")
        plain = plain_branch(name)
        found = self.branches.get(plain, [])
        if not found and plain and self.target.is_branch and plain_branch(self.target.name).endswith(plain):
            return self.target
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownPlace(f"有多个名为“{name}”的党支部，请填写全称")
        raise UnknownPlace(f"“{name}”不在导入的范围内，或名称与系统中不一致。可填：{self.known_branches()}")

    def group(self, name: str, branch: Organization) -> Organization:
        groups = self.groups.get(branch.pk, {})
        for written in (name, name.removeprefix(branch.name), name.removeprefix(branch.short_name)):
            if plain_group(written) in groups:
                return groups[plain_group(written)]
        if not groups:
            raise UnknownPlace(f"“{branch}”还没有设党小组，请先在党组织页面建立“{name}”，或留空")
        known = "、".join(group.name for group in groups.values())
        raise UnknownPlace(f"“{branch}”没有名为“{name}”的党小组。已有：{known}")

    def known_branches(self) -> str:
        names = sorted({branch.name for same in self.branches.values() for branch in same})
        rest = f" 等 {len(names)} 个" if len(names) > MOST_NAMED else ""
        return "、".join(names[:MOST_NAMED]) + rest


def places_in(target: Organization) -> Places:
    places = Places(target)
    for branch in branches_in(target.path):
        for name in {plain_branch(branch.name), plain_branch(branch.short_name)} - {""}:
            places.branches[name].append(branch)
    for group in groups_in(target.path):
        for name in (group.name, group.short_name):
            if name and group.parent_id:
                places.groups[group.parent_id].setdefault(plain_group(name), group)
    return places
