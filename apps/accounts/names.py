"""Names as people type and search them: tidied, in pinyin, and as initials."""

import re
import unicodedata

#: Surnames that a dictionary of single characters reads wrongly. Two characters are looked up before one.
SURNAMES = {
    "尉迟": "yu chi",
    "乐": "yue",
    "仇": "qiu",
    "单": "shan",
    "区": "ou",
    "卜": "bu",
    "召": "shao",
    "员": "yun",
    "折": "she",
    "曾": "zeng",
    "朴": "piao",
    "查": "zha",
    "洗": "xian",
    "盖": "ge",
    "种": "chong",
    "秘": "bi",
    "繁": "po",
    "缪": "miao",
    "翟": "zhai",
    "薄": "bo",
    "解": "xie",
    "阚": "kan",
}
BETWEEN_HAN = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
PINYIN_LENGTH = 200
INITIALS_LENGTH = 20


def tidy_name(name: str) -> str:
    """Full-width letters made half-width, and no blanks between Chinese characters ("张 三" is "张三")."""
    return BETWEEN_HAN.sub("", " ".join(unicodedata.normalize("NFKC", name).split()))


def normal_username(username: str) -> str:
    """Login names are compared without regard to case or to full-width letters."""
    return unicodedata.normalize("NFKC", username).strip().lower()


def pinyin_of(name: str) -> tuple[str, str]:
    """Full pinyin without spaces, and the initials: 曾国强 → ("zengguoqiang", "zgq"). ü is written v."""
    # pypinyin costs 57 MB of memory: only a process that writes names pays for it.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    surname = next((name[:length] for length in (2, 1) if name[:length] in SURNAMES), "")
    read = SURNAMES[surname].split() if surname else []
    read += lazy_pinyin(name[len(surname) :])
    syllables = ["".join(letter for letter in word.lower() if letter.isalnum()) for word in read]
    syllables = [syllable for syllable in syllables if syllable]
    pinyin = "".join(syllables)[:PINYIN_LENGTH]
    return pinyin, "".join(syllable[0] for syllable in syllables)[:INITIALS_LENGTH]
