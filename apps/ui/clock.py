"""The one place that reads the clock. Everything below a view is told the date."""

from datetime import date, datetime

from django.utils import timezone


def today() -> date:
    """The local calendar day (Asia/Shanghai), the day that every Party date is meant in."""
    return timezone.localdate()


def now() -> datetime:
    """The current moment, aware."""
    return timezone.now()
