"""Log lines carry no personal numbers, whatever a message, its arguments or a traceback bring along."""

from __future__ import annotations

import logging
import re

from django.conf import settings

MASK = "［号码已隐去］"
#: A calendar link opens without a sign-in, so its secret is masked in the address of a request.
SECRET_LINKS = re.compile(r"(?<=/calendar/)[\w-]{16,}")
PERSONAL_NUMBERS = re.compile(
    r"(?<!\d)\d{17}[\dXxＸｘ](?!\d)"  # identity number, 18 characters
    r"|(?<!\d)\d{15}(?!\d)"  # identity number of the old form
    r"|(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"  # mobile phone
)


def mask_personal_numbers(text: str) -> str:
    return PERSONAL_NUMBERS.sub(MASK, SECRET_LINKS.sub("［链接已隐去］", text))


class MaskPersonalNumbers(logging.Filter):
    """Masks the finished message and the traceback, so that no formatter after it sees the numbers."""

    traceback_formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = mask_personal_numbers(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = self.traceback_formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask_personal_numbers(record.exc_text)
        if record.stack_info:
            record.stack_info = mask_personal_numbers(record.stack_info)
        return True


class LeaveOutQuietPaths(logging.Filter):
    """Drops the line of a request to an address where nobody is to learn when somebody was there.

    A failure of the server is kept: nothing was stored then.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        failed = record.levelno >= logging.ERROR
        return failed or not any(path in record.getMessage() for path in settings.QUIET_PATHS)
