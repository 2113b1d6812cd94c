"""What style sheets promise: contrast, old browsers, vendored files as recorded."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
OWN_CSS = sorted((STATIC / "css").glob("*.css"))
VENDORED = sorted(path.parent for path in (STATIC / "vendor").glob("*/VERSION"))
TEMPLATES = [*(settings.BASE_DIR / "templates").rglob("*.html")]

#: Foreground, background: everything that is read needs 4.5 to 1.
TEXT_PAIRS = [
    *[
        (text, ground)
        for text in ("ink", "ink-soft", "link", "link-strong")
        for ground in ("paper", "surface", "shade")
    ],
    *[(tone, f"{tone}-tint") for tone in ("ok", "warn", "bad", "info", "muted")],
    *[("ink", f"{tone}-tint") for tone in ("ok", "warn", "bad", "info", "muted")],
    *[("link", f"{tone}-tint") for tone in ("ok", "warn", "bad", "info", "muted")],
    ("surface", "accent"),
    ("surface", "accent-strong"),
    ("surface", "bad"),
    ("surface", "link"),
    ("accent-strong", "accent-tint"),
    ("accent", "surface"),
    ("accent", "paper"),
    ("bad", "surface"),
    ("bad", "paper"),
]
#: Edges of inputs, the focus ring, bars: 3 to 1.
SHAPE_PAIRS = [
    *[("line-strong", ground) for ground in ("paper", "surface", "shade")],
    *[("focus", ground) for ground in ("paper", "surface", "shade", "bad-tint", "warn-tint")],
    ("ok", "line"),
    ("accent", "accent-tint"),
]
#: Not known to Chromium 92, which intranet machines run.
TOO_NEW = [
    "oklch",
    "color-mix",
    ":has(",
    "light-dark",
    "@container",
    "@layer",
    "dvh",
    "svh",
    "width >=",
    "width <=",
]


def palette() -> dict[str, str]:
    text = (STATIC / "css" / "palette.css").read_text()
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", text))


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_guidelines_do():
    assert round(contrast("#ffffff", "#000000"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable_on_its_ground(text, ground):
    colours = palette()
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_edges_can_be_seen_on_their_ground(shape, ground):
    colours = palette()
    assert contrast(colours[shape], colours[ground]) >= 3


def test_link_colours_of_the_kit_are_those_of_the_palette():
    text = (STATIC / "css" / "palette.css").read_text()
    for name, own in (("--bs-link-color-rgb", "link"), ("--bs-link-hover-color-rgb", "link-strong")):
        channels = [int(number) for number in re.search(rf"{name}: ([\d, ]+);", text)[1].split(",")]
        assert "#" + "".join(f"{channel:02x}" for channel in channels) == palette()[own]


def test_body_text_is_at_least_16_px_with_open_lines():
    text = (STATIC / "css" / "palette.css").read_text()
    assert float(re.search(r"--bs-body-font-size: ([\d.]+)rem", text)[1]) * 16 >= 16
    assert float(re.search(r"--bs-body-line-height: ([\d.]+)", text)[1]) >= 1.6


@pytest.mark.parametrize("path", OWN_CSS, ids=lambda path: path.name)
def test_own_styles_know_only_the_palette_and_old_browsers(path: Path):
    text = path.read_text()
    assert [word for word in TOO_NEW if word in text] == []
    if path.name not in ("palette.css", "print.css"):
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) <= {"#fff", "#000"}


@pytest.mark.parametrize("library", VENDORED, ids=lambda path: path.name)
def test_vendored_files_are_as_recorded(library: Path):
    recorded = dict(reversed(line.split("  ")) for line in (library / "SHA256SUMS").read_text().splitlines())
    present = {
        f"./{path.relative_to(library)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in library.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert present == recorded
    assert (library / "LICENSE").read_text().strip()
    assert not any(b"sourceMappingURL" in path.read_bytes() for path in library.rglob("*.css"))


def test_every_class_of_ours_that_a_template_names_has_a_style():
    styles = "".join(path.read_text() for path in OWN_CSS)
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"(?<![\w-])ui-[a-z]+(?:-[a-z]+)*(?![\w{-])", path.read_text())
    }
    marks = {"ui-body", "ui-main", "ui-list"}
    assert {name for name in named if f".{name}" not in styles} - marks == set()
