#!/usr/bin/env python3
"""One command for everything a developer or a curious reader does. Standard library only.

python3 dev.py demo    install into .venv, load the demo, serve it
python3 dev.py test    install into .venv, run the tests (further words go to pytest)
python3 dev.py check   lint, formatting, types, migrations, Django's production checks
python3 dev.py bench   measure the pages that matter, as ratios to the bare page
python3 dev.py shots   take the screenshots again, README's picture included
python3 dev.py lock    maintainers: write requirements/*.lock again from pyproject.toml (needs uv)

Everything is written inside this folder: .venv, var and caches.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.txt"
LOCKS = ROOT / "requirements"
WHEELS = ROOT / "wheels"
OLDEST_PYTHON = (3, 11)
ADDRESS_MARKS = ("://", "file:", "index-url", "find-links")
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PYTHON_TOO_OLD = """\
需要 Python 3.11 或更新的版本，当前是 {version}。
Python 3.11 or newer is needed; this is {version}.
    Debian 12: sudo apt install python3 python3-venv        macOS: brew install python@3.12"""
VENV_MISSING = """\
缺少 Python 的虚拟环境组件。请先执行：sudo apt install python3-venv，然后重新运行本命令。
Python's venv module is incomplete here. Run `sudo apt install python3-venv`, then this command again."""
INSTALL_FAILED = """\
安装依赖失败。请检查网络；在没有网络的机器上，请把安装包放进 wheels 文件夹（做法见 README）。
Installing failed. Check the network, or put the wheels into the folder wheels/ (see README)."""
BROWSER_MISSING = """\
没有找到 Chromium 或 Chrome：浏览器测试将跳过。可用环境变量 CHROMIUM 指定它的位置。
No Chromium or Chrome found: browser tests will be skipped. CHROMIUM can name its path."""
PORT_TAKEN = """\
端口 {port} 已被占用。换一个端口：python3 dev.py demo --port {other}
Port {port} is taken. Choose another: python3 dev.py demo --port {other}"""

OPEN_PAGE = """
请用浏览器打开 / open  http://127.0.0.1:{port}/    （按 Ctrl-C 停止 / Ctrl-C stops）"""


class Failed(Exception):
    """A step did not work; the message is all that the reader needs."""


def main(words: list[str]) -> int:
    if sys.version_info < OLDEST_PYTHON:
        version = ".".join(str(part) for part in sys.version_info[:3])
        print(PYTHON_TOO_OLD.format(version=version), file=sys.stderr)
        return 2
    command, rest = parse(words)
    try:
        return command(rest)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1


def parse(words: list[str]) -> tuple[Callable[[list[str]], int], list[str]]:
    """The chosen command and the words that belong to it."""
    parser = argparse.ArgumentParser(
        prog="dev.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="passed on to the command")
    given = parser.parse_args(words)
    return COMMANDS[given.command], given.rest


# --- the virtual environment -------------------------------------------------------------------------


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(lock_name: str) -> None:
    """Make .venv hold what the lock says. dev.lock contains run.lock, so either stamp serves a demo."""
    enough = {fingerprint(name) for name in {lock_name, "dev"}}
    if STAMP.is_file() and STAMP.read_text() in enough and works(venv_python()):
        return
    make_venv()
    install(lock_name)
    STAMP.write_text(fingerprint(lock_name))


def fingerprint(lock_name: str) -> str:
    content = (LOCKS / f"{lock_name}.lock").read_bytes()
    return f"{lock_name} {hashlib.sha256(content).hexdigest()}\n"


def works(python: Path) -> bool:
    """Whether the interpreter starts: a system upgrade can leave a virtual environment without one."""
    try:
        return run([python, "-c", ""], quiet=True) == 0
    except OSError:
        return False


def make_venv() -> None:
    uv = shutil.which("uv")
    usable = works(venv_python()) and (uv or run([venv_python(), "-m", "pip", "--version"], quiet=True) == 0)
    if usable:
        return
    print("正在建立运行环境 .venv … / making .venv …", flush=True)
    if uv:
        made = run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV])
    elif importlib.util.find_spec("ensurepip") is None:
        raise Failed(VENV_MISSING)
    else:
        made = run([sys.executable, "-m", "venv", "--clear", VENV])
    if made != 0:
        raise Failed(VENV_MISSING)


def install(lock_name: str) -> None:
    print(f"正在安装 requirements/{lock_name}.lock … / installing …", flush=True)
    uv = shutil.which("uv")
    if uv:
        words = [uv, "pip", "install", "--quiet", "--no-cache", "--python", venv_python()]
    else:
        words = [venv_python(), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
        words += ["--disable-pip-version-check"]
    words += ["--only-binary", ":all:"]
    if WHEELS.is_dir():
        words += ["--no-index", "--find-links", WHEELS]
    if run([*words, "--require-hashes", "-r", LOCKS / f"{lock_name}.lock"]) != 0:
        raise Failed(INSTALL_FAILED)


def run(words: list, *, env: dict[str, str] | None = None, quiet: bool = False) -> int:
    """Run a program in the checkout and return its exit code."""
    sink = subprocess.DEVNULL if quiet else None
    return subprocess.call([str(word) for word in words], cwd=ROOT, env=env, stdout=sink, stderr=sink)


def manage(*words: str) -> list:
    return [venv_python(), "manage.py", *words]


# --- demo ------------------------------------------------------------------------------------------


def demo(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py demo", description="Install, load the demo, serve it.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-serve", action="store_true", help="stop when the demo is loaded")
    options = parser.parse_args(words)
    if not options.no_serve and answers(options.port):
        raise Failed(PORT_TAKEN.format(port=options.port, other=options.port + 1))
    prepare("run")
    env = {**os.environ, "DEBUG": "true", "PYTHONUNBUFFERED": "1"}
    if run(manage("migrate", "--verbosity", "0", "--skip-checks"), env=env) != 0:
        raise Failed("数据库没有准备好。/ The database could not be migrated.")
    load_demo(env)
    return 0 if options.no_serve else serve(options.port, env)


def load_demo(env: dict[str, str]) -> None:
    """Show the demo's accounts; load the demo first where it is not there yet."""
    words = [str(word) for word in manage("demo", "--accounts")]
    shown = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, check=False)
    if shown.returncode == 0:
        sys.stdout.buffer.write(shown.stdout)
        sys.stdout.flush()
        return
    print("正在载入演示数据 … / loading the demo …", flush=True)
    if run(manage("demo"), env=env) != 0:
        raise Failed("演示数据没有载入。/ The demo was not loaded.")


def serve(port: int, env: dict[str, str]) -> int:
    """Run the web server and the job consumer until Ctrl-C; neither outlives this program."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    consumer = start(manage("run_huey", "--quiet"), env)
    server = start(manage("runserver", "--noreload", f"127.0.0.1:{port}"), env)
    try:
        announce(port, server)
        return server.wait()
    except KeyboardInterrupt:
        print("\n已停止。/ Stopped.")
        return 0
    finally:
        stop(server, signal.SIGTERM)
        # An interrupt lets huey finish the job it is at; a termination would lose it.
        stop(consumer, signal.SIGTERM if os.name == "nt" else signal.SIGINT)


def start(words: list, env: dict[str, str]) -> subprocess.Popen:
    """Start a program in a process group of its own, so that Ctrl-C reaches it once, from `stop`."""
    own_group = {} if os.name == "nt" else {"start_new_session": True}
    return subprocess.Popen([str(word) for word in words], cwd=ROOT, env=env, **own_group)


def stop(process: subprocess.Popen, how: int) -> None:
    process.send_signal(how)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def announce(port: int, server: subprocess.Popen) -> None:
    while server.poll() is None and not answers(port):
        time.sleep(0.2)
    if server.poll() is None:
        print(OPEN_PAGE.format(port=port), flush=True)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --- tests and checks ------------------------------------------------------------------------------


def test(words: list[str]) -> int:
    browser = find_browser()
    if browser is None:
        print(BROWSER_MISSING, flush=True)
        if os.environ.get("REQUIRE_BROWSER") == "1":
            raise Failed("REQUIRE_BROWSER=1，但没有浏览器。/ REQUIRE_BROWSER=1, yet there is no browser.")
    prepare("dev")
    return run([venv_python(), "-m", "pytest", *pytest_words(words)], env=with_browser(browser))


def pytest_words(words: list[str]) -> list[str]:
    """Several cores for a whole run; one process where somebody picks tests to look at.

    Files are handed out in the order of their names, which begins with the longest and ends with short ones.
    """
    picks = any(word.startswith(("-n", "-k")) or (ROOT / word.split("::")[0]).exists() for word in words)
    if picks:
        return list(words)
    return ["-n", str(processes()), "--dist", "loadfile", "--no-loadscope-reorder", *words]


def processes() -> int:
    """One for each core; more than four would only wait for the longest file."""
    return min(max(os.cpu_count() or 2, 2), 4)


def find_browser() -> str | None:
    """The path of a Chromium: the variable CHROMIUM, then PATH, then where a Mac keeps it."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    on_path = (shutil.which(name) for name in BROWSER_NAMES)
    on_mac = (path for path in MAC_BROWSERS if Path(path).exists())
    return next((path for path in [*on_path, *on_mac] if path), None)


def with_browser(browser: str | None) -> dict[str, str]:
    return {**os.environ, "CHROMIUM": browser} if browser else dict(os.environ)


def check(words: list[str]) -> int:
    if words:
        raise Failed("check 没有参数。/ check takes no words.")
    prepare("dev")
    python = venv_python()
    develop = {**os.environ, "DEBUG": "true"}
    with tempfile.TemporaryDirectory(dir=VENV) as folder:
        site = production(folder)
        install_site(site)
        steps = [
            ([python, "-m", "ruff", "check", "."], develop),
            ([python, "-m", "ruff", "format", "--check", "."], develop),
            ([python, "-m", "mypy", "apps", "branchsys"], develop),
            (manage("makemigrations", "--check", "--dry-run"), site),
            (manage("check", "--deploy", "--fail-level", "WARNING"), site),
        ]
        failed = [spoken(step) for step, env in steps if not passes(step, env)]
    print("未通过 / failed: " + "; ".join(failed) if failed else "全部通过。/ All checks passed.")
    return 1 if failed else 0


def production(folder: str) -> dict[str, str]:
    """The environment of a live site with invented secrets, for Django's own deployment checks."""
    values = {"DEBUG": "false", "SECRET_KEY": secrets.token_hex(40), "ALLOWED_HOSTS": "branchsys.example"}
    values |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3"}
    return {**os.environ, **values}


def install_site(site: dict[str, str]) -> None:
    """What an operator does once: a database and a key ring. Without them the deployment check must fail."""
    for words in (["migrate", "--verbosity", "0", "--skip-checks"], ["keys", "init"]):
        if run(manage(*words), env=site) != 0:
            raise Failed(f"manage.py {words[0]} 失败。/ manage.py {words[0]} failed.")


def passes(step: list, env: dict[str, str]) -> bool:
    print(f"$ {spoken(step)}", flush=True)
    return run(step, env=env) == 0


def spoken(step: list) -> str:
    return " ".join(str(word) for word in step[1:]).removeprefix("-m ")


def bench(words: list[str]) -> int:
    prepare("dev")
    return run([venv_python(), "tests/benchmarks/run.py", *words])


def shots(words: list[str]) -> int:
    browser = find_browser()
    if browser is None:
        raise Failed(BROWSER_MISSING)
    prepare("dev")
    return run([venv_python(), "tests/journeys/shots.py", *words], env=with_browser(browser))


# --- locks -----------------------------------------------------------------------------------------


def lock(words: list[str]) -> int:
    """Resolve pyproject.toml for every platform. Further words go to uv, for instance --upgrade."""
    uv = shutil.which("uv")
    if uv is None:
        raise Failed("重新锁定依赖需要 uv。/ Writing the locks needs uv on PATH.")
    compile_words = [uv, "pip", "compile", "--no-config", "--quiet", "--universal", "--generate-hashes"]
    compile_words += ["--python-version", "3.11", "--no-header", "pyproject.toml", *words]
    for name, group in {"run": [], "dev": ["--group", "dev"]}.items():
        target = LOCKS / f"{name}.lock"
        if run([*compile_words, *group, "--output-file", target]) != 0:
            raise Failed(f"{target.name} 没有写成。/ {target.name} was not written.")
        refuse_addresses(target)
    return 0


def refuse_addresses(lock_file: Path) -> None:
    """A lock that names a server works only for the person who wrote it."""
    text = lock_file.read_text()
    found = [mark for mark in ADDRESS_MARKS if mark in text]
    if found:
        raise Failed(f"{lock_file.name} 含有地址。/ {lock_file.name} contains {', '.join(found)}.")


COMMANDS = {"bench": bench, "check": check, "demo": demo, "lock": lock, "shots": shots, "test": test}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
