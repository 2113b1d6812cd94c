"""Counting queries around a request."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


class CountQueries:
    """The queries between `with` and its end."""

    def __enter__(self) -> Any:
        self.context = CaptureQueriesContext(connection)
        return self.context.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.context.__exit__(*error)
