"""No identity number and no phone reaches a log line. All numbers are invented."""

import io
import logging
from collections.abc import Iterator

import pytest

from apps.ui.logs import MASK, MaskPersonalNumbers, mask_personal_numbers

ID_18 = "110101199003070011"
ID_X = "11010119900307001x"
ID_15 = "110101900307001"
PHONE = "13800000001"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(MaskPersonalNumbers())
    logger = logging.getLogger("tests.masking")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)
    logger.propagate = True


@pytest.mark.parametrize(
    "number",
    [ID_18, ID_X, ID_X.upper(), ID_15, PHONE, f"+86{PHONE}", f"86-{PHONE}", "138 0000 0001", "138-0000-0001"],
)
def test_a_personal_number_is_masked_wherever_it_stands(number):
    assert mask_personal_numbers(f"行 7：{number}，重复") == f"行 7：{MASK}，重复"


@pytest.mark.parametrize(
    "text", ["2026-11-20", "第 12345678901 行", "a1b2c3d4e5f60718293", "1" * 19, "共 1380 人"]
)
def test_other_numbers_stay(text):
    assert mask_personal_numbers(text) == text


def test_message_arguments_and_traceback_are_masked(log):
    logger, stream = log
    try:
        raise ValueError(f"Key (id_number)=({ID_18}) already exists, phone {PHONE}")
    except ValueError:
        logger.exception("row %s of %s failed", ID_15, {"phone": PHONE}, stack_info=True)

    written = stream.getvalue()
    assert "ValueError" in written
    assert written.count(MASK) == 4
    for number in (ID_18, ID_15, PHONE):
        assert number not in written


def test_a_stack_that_quotes_a_number_is_masked(log):
    logger, stream = log
    record = logger.makeRecord("n", logging.INFO, __file__, 1, "seen", (), None, sinfo=f"  call({PHONE!r})")
    logger.handle(record)

    assert stream.getvalue() == f"seen\n  call('{MASK}')\n"
