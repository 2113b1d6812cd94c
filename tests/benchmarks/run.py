"""`python3 dev.py bench [--scale small|full]`: the pages that matter, as multiples of the bare page.

small: 100 branches, 1,000 roster rows. full (the default): 100 and 5,000 branches, up to 10,000 rows.
Prints a Markdown table. Generated databases stay in var/bench; --fresh makes them anew.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.benchmarks import databases, table  # noqa: E402 - dev.py starts this file by its path
from tests.benchmarks.databases import Generated  # noqa: E402

#: Branches → rows of the roster that is imported there.
SCALES = {"small": {100: 1_000}, "full": {100: 1_000, 5_000: 10_000}}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--scale", choices=sorted(SCALES), default="full")
    parser.add_argument("--rounds", type=int, default=60, help="timed rounds of each pair")
    parser.add_argument("--fresh", action="store_true", help="generate the databases anew")
    options = parser.parse_args(words)
    if options.fresh:
        shutil.rmtree(databases.KEPT, ignore_errors=True)
    databases.KEPT.mkdir(parents=True, exist_ok=True)
    found = {}
    with tempfile.TemporaryDirectory(dir=databases.KEPT) as folder:
        for branches, rows in SCALES[options.scale].items():
            tell(f"{branches} branches …")
            found[branches] = measured(Generated(branches), folder=Path(folder), rows=rows, options=options)
    command = " ".join(["python3 dev.py bench", *words])
    tell("\n" + table.markdown(found, rows=SCALES[options.scale], command=command, machine=machine()))
    return 0


def measured(generated: Generated, *, folder: Path, rows: int, options: Any) -> dict[str, Any]:
    place, out = folder / str(generated.branches), folder / f"{generated.branches}.json"
    with databases.copy_of(generated, folder=place) as environment:
        collect_static(environment)
        databases.step("measure", "--rounds", options.rounds, "--rows", rows, "--out", out, env=environment)
    return json.loads(out.read_text(encoding="utf-8"))


def collect_static(environment: dict[str, str]) -> None:
    words = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0", "--skip-checks"]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
    subprocess.run(words, cwd=ROOT, env={**environment, **settings}, check=True)


def machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, "
        f"Python {platform.python_version()}{load}"
    )


def tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
