"""The reading process against hostile files: a sentence each time, within its limits."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.members import roster_file, sheet_reader
from apps.members.roster_cells import read_row
from apps.members.roster_file import UnreadableFile, read_workbook
from apps.members.roster_sheet import find_roster
from tests.members.workbooks import CORPUS, mutated, sound


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_gets_one_sentence_within_the_limits(name: str, tmp_path: Path) -> None:
    make, words = CORPUS[name]
    path = written(tmp_path, make())
    begun = time.monotonic()
    with pytest.raises(UnreadableFile) as refused:
        find_roster(read_workbook(path))
    assert words in refused.value.message
    assert refused.value.message.endswith("。")
    assert time.monotonic() - begun < roster_file.WALL_SECONDS


def test_a_file_above_five_megabytes_is_not_opened(tmp_path: Path) -> None:
    path = written(tmp_path, b"PK" + b"\x00" * sheet_reader.MAX_FILE)
    with pytest.raises(UnreadableFile, match="超过 5 MB"):
        read_workbook(path)


def test_a_reader_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_file, "WALL_SECONDS", 0.001)
    with pytest.raises(UnreadableFile, match="已停止"):
        read_workbook(written(tmp_path, sound()))


def test_the_reader_never_sees_the_secrets_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 60)
    seen: dict[str, str] = {}

    def spy(*_: object, env: dict[str, str], **__: object) -> None:
        seen.update(env)
        raise roster_file.subprocess.TimeoutExpired("reader", 1)

    monkeypatch.setattr(roster_file.subprocess, "run", spy)
    with pytest.raises(UnreadableFile):
        read_workbook(written(tmp_path, sound()))
    assert "SECRET_KEY" not in seen
    assert seen["PYTHONUTF8"] == "1"


def test_the_reader_takes_its_own_memory_away(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(sheet_reader.resource, "setrlimit", limits.__setitem__)
    sheet_reader.limit_myself()
    assert limits == {
        sheet_reader.resource.RLIMIT_AS: (512 * 1024 * 1024,) * 2,
        sheet_reader.resource.RLIMIT_CPU: (20, 20),
        sheet_reader.resource.RLIMIT_CORE: (0, 0),
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_mutated_workbook_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    """In the reading process itself, 40 at a time; run with more examples by hand."""
    try:
        sheet = find_roster(read_workbook(written(tmp_path, mutated(sound(), seed=seed))))
    except UnreadableFile:
        return
    for raw in sheet.rows:
        read_row(raw, since_1904=sheet.since_1904, headings=sheet.headings)


def test_checks_before_the_parser_run_in_process_too(tmp_path: Path) -> None:
    out = io.StringIO()
    sheet_reader.write_sheets(written(tmp_path, sound()), since_1904=False, out=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == '{"sheet":"花名册","merged":[],"since_1904":false,"hidden":[]}'
    assert lines[1] == '[0,["姓名","身份证号","人员类别","入党时间","转正时间"]]'
