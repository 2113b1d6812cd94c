"""The browser of a test: a clear skip where there is none, a failure where it is asked for."""

from __future__ import annotations

import pytest

from tests.journeys.browser import MISSING, find_chromium, must_have_browser


def chromium_or_skip() -> str:
    """The path of a Chromium; REQUIRE_BROWSER=1 turns the skip into a failure."""
    path = find_chromium()
    if path is None and must_have_browser():
        pytest.fail(f"REQUIRE_BROWSER=1: {MISSING}", pytrace=False)
    if path is None:
        pytest.skip(reason=MISSING)
    return path
