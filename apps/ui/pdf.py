"""Word files as PDF, by LibreOffice where the operator has installed it.

Each conversion is a process of its own with a profile of its own, so that two at a time do not meet, and is
killed with all that it started when it takes too long.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from threading import BoundedSemaphore

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from apps.ui.export import file_name
from apps.ui.refusals import Refusal

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/pdf"
PROGRAMS = ("soffice", "libreoffice")
SECONDS = 120
#: One conversion takes some 250 MB; whoever comes as a third waits for so long.
AT_ONCE, PATIENCE = BoundedSemaphore(2), 60
#: Nothing else of the server's environment (secrets, database address) reaches the program.
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")
#: The typefaces of official documents, and what a server without them has instead.
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "AR PL SungtiL GB", "SimSun")
SANS = ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")
INSTEAD = {
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", *SERIF),
    "仿宋_GB2312": ("FangSong_GB2312", "FangSong", "仿宋", *SERIF),
    "楷体_GB2312": ("KaiTi_GB2312", "KaiTi", "楷体", "AR PL UKai CN", *SERIF),
    "黑体": SANS,
    "宋体": ("SimSun", *SERIF),
    "Times New Roman": ("Liberation Serif", "Nimbus Roman", *SERIF),
}


class NoConverter(Refusal):
    default = "本机没有安装 LibreOffice，不能直接生成 PDF。请用 Word 文件，在 WPS 或 Word 里另存为 PDF。"


class NotConverted(Refusal):
    default = "没有转换成 PDF。请用 Word 文件，在 WPS 或 Word 里另存为 PDF。"


class TooBusy(Refusal):
    default = "正在转换的文件较多，请过一会儿再试。"


def converter() -> str:
    """Where LibreOffice is; empty on a machine without it."""
    return next(filter(None, map(shutil.which, PROGRAMS)), "")


def as_pdf(content: bytes) -> bytes:
    program = converter()
    if not program:
        raise NoConverter
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise TooBusy
    try:
        with tempfile.TemporaryDirectory(prefix="pdf-", ignore_cleanup_errors=True) as folder:
            return _converted(program, content, place=Path(folder))
    finally:
        AT_ONCE.release()


def _converted(program: str, content: bytes, *, place: Path) -> bytes:
    paper, fonts, made = place / "paper.docx", place / "fonts.conf", place / "paper.pdf"
    paper.write_bytes(content)
    fonts.write_text(_fonts(), encoding="utf-8")
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
    options = [
        "--headless",
        "--nologo",
        "--nolockcheck",
        "--norestore",
        "--convert-to",
        "pdf:writer_pdf_Export",
    ]
    process = subprocess.Popen(  # noqa: S603 - a program of the operator's, and paths that we made
        [program, profile, *options, "--outdir", str(place), str(paper)],
        cwd=place,
        env={**kept, "HOME": str(place), "TMPDIR": str(place), "FONTCONFIG_FILE": str(fonts)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        logger.warning("a conversion to PDF took longer than %s seconds", SECONDS)
        raise NotConverted(f"转换超过 {SECONDS} 秒，已停止。{NotConverted.default}") from None
    finally:
        _end(process)
    if not made.exists():
        logger.warning("a conversion to PDF ended with code %s", process.returncode)
        raise NotConverted
    return made.read_bytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    """LibreOffice works in a child of the program that was started."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _fonts() -> str:
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer>'
        f"{''.join(f'<family>{other}</family>' for other in others)}</prefer></alias>"
        for name, others in INSTEAD.items()
    )
    usual = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    return f'<?xml version="1.0" encoding="UTF-8"?><fontconfig>{usual}{aliases}</fontconfig>'


def pdf_response(filename: str, content: bytes) -> HttpResponse:
    """A download named `filename` (Chinese is fine; .pdf is added)."""
    disposition = content_disposition_header(as_attachment=True, filename=f"{file_name(filename)}.pdf")
    return HttpResponse(content, content_type=CONTENT_TYPE, headers={"Content-Disposition": str(disposition)})
