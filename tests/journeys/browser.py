"""Which browser the journeys use, and how it is started. Standard library only: `shots.py` uses it, too."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: A quiet browser: it asks nobody anything on its own account, and runs where there is no graphics card.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "没有找到 Chromium 或 Chrome，可用环境变量 CHROMIUM 指定位置。 / No Chromium or Chrome found."


def find_chromium() -> str | None:
    """The path of a Chromium: the variable CHROMIUM, then PATH, then where a Mac keeps it."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    on_path = (shutil.which(name) for name in NAMES)
    on_mac = (path for path in MAC_BROWSERS if Path(path).exists())
    return next((path for path in [*on_path, *on_mac] if path), None)


def must_have_browser() -> bool:
    """Whether a missing browser is a failure instead of a reason to skip."""
    return os.environ.get("REQUIRE_BROWSER") == "1"
