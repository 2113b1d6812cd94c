"""dev.py decides before it runs anything: what to install, which browser, how many processes."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import dev


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with locks, an empty .venv, and a record of the programs that would have run."""
    (tmp_path / "requirements").mkdir()
    for name in ("run", "dev"):
        (tmp_path / "requirements" / f"{name}.lock").write_text(f"{name} 1")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "LOCKS", tmp_path / "requirements")
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "installed.txt")
    monkeypatch.setattr(dev, "WHEELS", tmp_path / "wheels")
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    return tmp_path


@pytest.fixture
def ran(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `run` was asked to do; every program succeeds."""
    record: list[str] = []

    def run(words: list, **_: object) -> int:
        record.append(" ".join(str(word) for word in words))
        return 0

    monkeypatch.setattr(dev, "run", run)
    return record


def installs(ran: list[str]) -> list[str]:
    return [line for line in ran if "--require-hashes" in line]


def test_a_second_command_installs_nothing_again(ran: list[str]) -> None:
    dev.prepare("dev")
    dev.prepare("dev")
    assert len(installs(ran)) == 1


def test_a_demo_after_the_tests_installs_nothing_again(ran: list[str]) -> None:
    dev.prepare("dev")
    dev.prepare("run")
    assert len(installs(ran)) == 1


def test_the_tests_after_a_demo_install_what_they_need_besides(ran: list[str]) -> None:
    dev.prepare("run")
    dev.prepare("dev")
    assert [line.rsplit("/", 1)[-1] for line in installs(ran)] == ["run.lock", "dev.lock"]


def test_a_changed_lock_is_installed(ran: list[str], checkout: Path) -> None:
    dev.prepare("dev")
    (checkout / "requirements" / "dev.lock").write_text("dev 2")
    dev.prepare("dev")
    assert len(installs(ran)) == 2


def test_a_failed_install_leaves_no_stamp(ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "run", lambda words, **_: int("--require-hashes" in words))
    with pytest.raises(dev.Failed, match="wheels"):
        dev.prepare("run")
    assert not dev.STAMP.exists()


def test_a_folder_of_wheels_replaces_the_network(ran: list[str], checkout: Path) -> None:
    (checkout / "wheels").mkdir()
    dev.prepare("run")
    assert f"--no-index --find-links {checkout / 'wheels'}" in installs(ran)[0]


def test_a_debian_without_venv_is_told_what_to_install(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(dev.Failed, match="apt install python3-venv"):
        dev.prepare("run")


def test_an_old_python_is_told_which_one_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert dev.main(["demo"]) == 2
    assert "需要 Python 3.11 或更新的版本，当前是 3.9.2" in capsys.readouterr().err


def test_an_old_python_can_read_the_file_far_enough_to_say_so() -> None:
    ast.parse(Path(dev.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_only_the_standard_library_is_imported() -> None:
    tree = ast.parse(Path(dev.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) == set()


WHOLE_RUN = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], WHOLE_RUN),
        (["-m", "not journey"], [*WHOLE_RUN, "-m", "not journey"]),
        (["-n", "0"], ["-n", "0"]),
        (["-n4"], ["-n4"]),
        (["-k", "quorum"], ["-k", "quorum"]),
        (["tests/test_dev.py"], ["tests/test_dev.py"]),
        (["tests/test_dev.py::test_a"], ["tests/test_dev.py::test_a"]),
    ],
)
def test_whole_runs_keep_both_cores_busy_and_chosen_tests_one_process(
    given: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.os, "cpu_count", lambda: 2)
    assert dev.pytest_words(given) == expected


@pytest.mark.parametrize(("cores", "expected"), [(None, 2), (1, 2), (2, 2), (4, 4), (64, 4)])
def test_a_bigger_machine_runs_up_to_four_processes(
    cores: int | None, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.os, "cpu_count", lambda: cores)
    assert dev.processes() == expected


def test_the_variable_names_the_browser_before_the_path_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/found/{name}")
    monkeypatch.setenv("CHROMIUM", "my-browser")
    assert dev.find_browser() == "/found/my-browser"
    monkeypatch.delenv("CHROMIUM")
    assert dev.find_browser() == "/found/chromium"


def test_a_missing_browser_skips_unless_it_is_required(
    ran: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    monkeypatch.setattr(dev, "MAC_BROWSERS", ())
    assert dev.test([]) == 0
    assert "浏览器测试将跳过" in capsys.readouterr().out
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(dev.Failed, match="REQUIRE_BROWSER"):
        dev.test([])


def test_the_code_of_pytest_is_the_code_of_the_command(
    ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE_BROWSER", "0")
    monkeypatch.setattr(dev, "run", lambda words, **_: 5 if "pytest" in words else 0)
    assert dev.main(["test", "-k", "nothing"]) == 5


def test_a_taken_port_is_named_with_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(dev.Failed, match=f"--port {port + 1}"):
            dev.demo(["--port", str(port)])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_nothing_that_was_started_outlives_the_command(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = dev.start(sleeper, dict(os.environ))
    dev.stop(process, dev.signal.SIGTERM)
    assert process.returncode != 0
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_production_values_differ_at_every_run() -> None:
    first, second = dev.production("var"), dev.production("var")
    assert (first["DEBUG"], first["ALLOWED_HOSTS"]) == ("false", "branchsys.example")
    assert len(first["SECRET_KEY"]) >= 50
    assert first["SECRET_KEY"] != second["SECRET_KEY"]


def test_help_tells_every_command() -> None:
    shown = subprocess.run(
        [sys.executable, dev.__file__, "--help"], capture_output=True, check=True, text=True
    )
    assert all(f"dev.py {name}" in shown.stdout for name in dev.COMMANDS)
