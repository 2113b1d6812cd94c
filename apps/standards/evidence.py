"""Evidence as words and as keys: what the fixture, the form, the sheet and the page call it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apps.rules.appraisal_items import APPRAISAL_ITEMS
from apps.rules.kinds import EvidenceSort
from apps.rules.measure_names import MEASURE_NAMES

#: What separates several of them in a cell.
SEPARATORS = re.compile(r"[、，,；;\n\r]+")
#: What offices call the judgement of the review group.
REVIEW_WORDS = frozenset({EvidenceSort.REVIEW.label, "评审组评定", "上级评定", "评审", "review"})
PREFIX = re.compile(r"^(记录计算|记录|指标|无记名测评|测评)\s*[:：]\s*")


@dataclass(frozen=True, slots=True)
class Evidence:
    sort: EvidenceSort
    key: str = ""

    @property
    def code(self) -> str:
        return f"{self.sort}:{self.key}" if self.key else str(self.sort)

    @property
    def name(self) -> str:
        names = {EvidenceSort.MEASURE: MEASURE_NAMES, EvidenceSort.APPRAISAL: APPRAISAL_ITEMS}
        return names.get(self.sort, {}).get(self.key, self.key) or self.sort.label

    @property
    def words(self) -> str:
        """As it stands on a page and in a sheet."""
        return f"测评：{self.name}" if self.sort is EvidenceSort.APPRAISAL else self.name


@dataclass(frozen=True, slots=True)
class StandardText:
    """What one version of a standard says."""

    title: str
    requirement: str
    aspect: str
    polarity: str
    locator: str
    evidence: tuple[Evidence, ...]

    def in_words(self) -> dict[str, str]:
        """Field by field, to be compared and recorded."""
        return {
            "title": self.title,
            "requirement": self.requirement,
            "aspect": self.aspect,
            "polarity": self.polarity,
            "locator": self.locator,
            "evidence": in_words(self.evidence),
        }


def in_words(evidence: Iterable[Evidence]) -> str:
    return "、".join(item.words for item in evidence)


REVIEW = Evidence(EvidenceSort.REVIEW)
ALL = (
    *(Evidence(EvidenceSort.MEASURE, key) for key in MEASURE_NAMES),
    *(Evidence(EvidenceSort.APPRAISAL, key) for key in APPRAISAL_ITEMS),
    REVIEW,
)
BY_CODE = {item.code: item for item in ALL}
#: A measure keeps its name where an item of the appraisal is called the same.
BY_WORDS = {item.name: item for item in reversed(ALL)} | {item.words: item for item in ALL}


def read_words(text: str) -> tuple[list[Evidence], list[str]]:
    """The evidence that a cell names, each once, and the words that name none."""
    found: list[Evidence] = []
    unknown: list[str] = []
    for word in (part.strip() for part in SEPARATORS.split(text)):
        if not word:
            continue
        item = named(word)
        if item is None:
            unknown.append(word)
        elif item not in found:
            found.append(item)
    return found, unknown


def named(word: str) -> Evidence | None:
    if word in REVIEW_WORDS:
        return REVIEW
    bare = PREFIX.sub("", word)
    if bare != word and "测评" in word[: len(word) - len(bare)]:
        return BY_WORDS.get(f"测评：{bare}")
    return BY_CODE.get(word) or BY_WORDS.get(word) or BY_WORDS.get(bare)
