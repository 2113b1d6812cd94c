"""A Word template filled in: starts the filling process and words whatever comes of it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.ui.docx import LEFT_OUT
from apps.ui.export import NOT_IN_XML
from apps.ui.refusals import Refusal

logger = logging.getLogger(__name__)

WALL_SECONDS = 30
#: Nothing else of the server's environment (secrets, database address) reaches the filling process.
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")
Fields = Mapping[str, Any]


class BadTemplate(Refusal):
    default = "模板没有填写成功：文件异常，或者循环太多。请对照样例改正后再上传。"


@dataclass(frozen=True, kw_only=True)
class Filled:
    content: bytes
    #: The fields that the template has.
    used: tuple[str, ...]


def fill_template(template: bytes, contexts: Sequence[Fields]) -> Filled:
    """The document of the last context. Raises BadTemplate with one sentence, whatever the file does."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    told = {
        "contexts": [clean(context) for context in contexts],
        "note": LEFT_OUT if any(loses(context) for context in contexts) else "",
    }
    with tempfile.TemporaryDirectory(prefix="template-") as folder:
        source, target = Path(folder) / "template.docx", Path(folder) / "filled.docx"
        source.write_bytes(template)
        try:
            done = subprocess.run(  # noqa: S603 - our own module, and paths that we made
                [sys.executable, "-s", "-m", "apps.documents.template_filler", str(source), str(target)],
                cwd=settings.BASE_DIR,
                env={**kept, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
                input=json.dumps(told).encode(),
                capture_output=True,
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BadTemplate(f"填写模板超过 {WALL_SECONDS} 秒，已停止。请减少循环。") from None
        if done.returncode:
            logger.warning("the filler of a template ended with code %s", done.returncode)
            raise BadTemplate
        answer = json.loads(done.stdout)
        if "error" in answer:
            raise BadTemplate(answer["error"])
        return Filled(content=target.read_bytes(), used=tuple(answer["used"]))


def clean(value: Any) -> Any:
    """Text that a document can hold, its lines ended in one way."""
    if isinstance(value, str):
        return NOT_IN_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {name: clean(one) for name, one in value.items()}
    return [clean(one) for one in value]


def loses(value: Any) -> bool:
    """Whether something in it cannot stand in a document."""
    if isinstance(value, str):
        return bool(NOT_IN_XML.search(value))
    return any(loses(one) for one in (value.values() if isinstance(value, Mapping) else value))
