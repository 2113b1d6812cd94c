"""Year books made in the background: one of a branch, or one of each branch below a committee in a zip.

The rights are those that the person has when the work runs, not when it was asked for.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.services import Entry, record_all
from apps.branches.models import Organization, below
from apps.documents import policies
from apps.documents.facts_yearbook import LABEL, YearBook, in_silence, year_book
from apps.documents.models import KEPT_FOR, FileKind, MadeFile
from apps.documents.queries import Wanted
from apps.documents.services import EXPORTED, word_bytes
from apps.jobs.models import Job
from apps.jobs.services import job, progress, start_job
from apps.ui.export import Sheet, file_name, write_workbook
from apps.ui.refusals import Refusal

BOOK, BOOKS = "documents.year_book", "documents.year_books"
FOLDER = "documents"
DRAFT = "draft-"
#: Shown first of all files in the archive.
LIST_NAME = "00 缺少的部分.xlsx"


class NoLonger(Refusal):
    default = "您现在的职务看不到这里的材料，没有生成。"


class NoBranches(Refusal):
    default = "所选的党组织下面还没有党支部。"


def path_of(file: MadeFile) -> Path:
    return _folder() / file.stored_as


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / "made"


def start_year_book(*, branch: Organization, year: int, actor: User, now: datetime, today: date) -> Job:
    return start_job(
        kind=BOOK,
        title=f"{branch} {year} 年{LABEL}",
        actor=actor,
        run=BOOK,
        args={"branch_id": branch.pk, **_when(year, now=now, today=today)},
        now=now,
    )


def start_year_books(*, committee: Organization, year: int, actor: User, now: datetime, today: date) -> Job:
    return start_job(
        kind=BOOKS,
        title=f"{committee}各支部 {year} 年{LABEL}",
        actor=actor,
        run=BOOKS,
        args={"committee_id": committee.pk, **_when(year, now=now, today=today)},
        now=now,
    )


def _when(year: int, *, now: datetime, today: date) -> dict[str, Any]:
    return {"year": year, "at": now.isoformat(), "today": today.isoformat()}


@job(BOOK)
def _make_book(job_id: int, *, branch_id: int, year: int, at: str, today: str) -> str:
    reader, moment = _owner(job_id), datetime.fromisoformat(at)
    branch = policies.branches_to_list(reader).filter(pk=branch_id).first()
    if branch is None or not policies.can_take(reader, branch):
        raise NoLonger

    def told(*, done: int, total: int, name: str) -> None:
        progress(job_id=job_id, done=done, total=total, message=name)

    book = year_book(_wanted(branch, reader=reader, year=year, today=today), told=told)
    with _draft() as draft:
        draft.write_bytes(word_bytes(book.paper, author=reader, now=moment))
        about: dict[str, Any] = {"of": branch, "branches": [branch], "name": book.paper.file_name}
        made = _keep(draft, kind=FileKind.WORD, year=year, by=reader, at=moment, **about)
    return reverse("documents:made_file", args=[made.pk])


@job(BOOKS)
def _make_books(job_id: int, *, committee_id: int, year: int, at: str, today: str) -> str:
    """One book at a time is in memory."""
    reader, moment = _owner(job_id), datetime.fromisoformat(at)
    committee = policies.committees_to_bind(reader).filter(pk=committee_id).first()
    if committee is None:
        raise NoLonger
    branches = branches_to_bind(reader, committee=committee, year=year)
    if not branches:
        raise NoBranches
    name = f"{committee.name}{year}年{LABEL}"
    with _draft() as draft:
        with ZipFile(draft, "w", ZIP_STORED) as archive:
            lacking = []
            for done, branch in enumerate(branches):
                progress(job_id=job_id, done=done, total=len(branches), message=branch.name)
                book = year_book(_wanted(branch, reader=reader, year=year, today=today), told=in_silence)
                content = word_bytes(book.paper, author=reader, now=moment)
                archive.writestr(f"{done + 1:02d} {file_name(book.paper.file_name)}.docx", content)
                lacking.append((done + 1, branch.name, *_lacking(book)))
            progress(job_id=job_id, done=len(branches), total=len(branches), message="正在打包")
            archive.writestr(LIST_NAME, _list_of(lacking, title=f"{name}：缺少的部分"))
        about: dict[str, Any] = {"of": committee, "branches": branches, "name": name}
        made = _keep(draft, kind=FileKind.ARCHIVE, year=year, by=reader, at=moment, **about)
    return reverse("documents:made_file", args=[made.pk])


def _wanted(branch: Organization, *, reader: User, year: int, today: str) -> Wanted:
    return Wanted(branch=branch, year=year, reader=reader, today=date.fromisoformat(today))


def branches_to_bind(reader: User, *, committee: Organization, year: int) -> list[Organization]:
    """Those that stood on some day of the year."""
    seen = policies.branches_to_list(reader).filter(below(committee.path))
    return list(seen.filter(Q(closed_on=None) | Q(closed_on__gt=date(year, 1, 1))).order_by("path"))


def _lacking(book: YearBook) -> tuple[int, str]:
    return len(book.missing), "、".join(name for name, _ in book.missing) or "无"


def _list_of(rows: list[tuple[int, str, int, str]], *, title: str) -> bytes:
    sheet = Sheet(
        name="缺少的部分",
        title=title,
        header=("序号", "党支部", "缺几个部分", "缺哪些部分"),
        widths=(6, 32, 12, 80),
        rows=rows,
    )
    buffer = BytesIO()
    write_workbook(buffer, [sheet])
    return buffer.getvalue()


def _owner(job_id: int) -> User:
    owner = Job.objects.select_related("owner").get(pk=job_id).owner
    if not owner.is_active:
        raise NoLonger
    return owner


@contextmanager
def _draft() -> Iterator[Path]:
    """A file beside the finished ones, gone again unless it was kept."""
    folder = _folder()
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    handle, place = tempfile.mkstemp(prefix=DRAFT, dir=folder)
    os.close(handle)
    try:
        yield Path(place)
    finally:
        Path(place).unlink(missing_ok=True)


@transaction.atomic
def _keep(
    draft: Path,
    *,
    kind: FileKind,
    name: str,
    of: Organization,
    branches: Sequence[Organization],
    year: int,
    by: User,
    at: datetime,
) -> MadeFile:
    """The row, a deed for every branch of which the file tells, and last the file under its own name."""
    made = MadeFile.objects.create(
        organization=of,
        path=of.path,
        owner=by,
        name=f"{name}.{kind}"[-200:],
        kind=kind,
        stored_as=f"{secrets.token_hex(20)}.{kind}",
        size=draft.stat().st_size,
        made_at=at,
    )
    words = f"{year} 年{LABEL}（{kind.label}）"
    deeds = [Entry(EXPORTED, target=branch, path=branch.path, reason=words) for branch in branches]
    record_all(actor=by, entries=deeds)
    draft.rename(path_of(made))
    return made


@transaction.atomic
def forget_old_files(*, now: datetime) -> int:
    """Rows and files that were kept long enough, and drafts of work that was cut off."""
    old = list(MadeFile.objects.filter(made_at__lte=now - KEPT_FOR))
    MadeFile.objects.filter(pk__in=[file.pk for file in old]).delete()
    for file in old:
        transaction.on_commit(partial(path_of(file).unlink, missing_ok=True))
    for draft in _folder().glob(f"{DRAFT}*"):
        if draft.stat().st_mtime < (now - KEPT_FOR).timestamp():
            transaction.on_commit(partial(draft.unlink, missing_ok=True))
    return len(old)
