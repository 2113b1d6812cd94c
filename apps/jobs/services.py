"""Starting long work and telling how far it is.

    @job("members.preview_roster")
    def preview_roster(job_id: int, *, roster_id: int, today: str) -> str:
        ...
        progress(job_id=job_id, done=done, total=total, message="正在核对")
        return reverse("members:import_detail", args=[roster_id])   # or "" where there is no page to go to

A runner is called once and may be cut off at any moment (power, kill): it writes in transactions, so that
starting the work again is always right. It says something at least once in two minutes. What it raises ends
the job: a `Refusal` with its own words, anything else with a general sentence and a traceback in the log.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from huey.contrib.djhuey import db_task

from apps.audit.actions import register
from apps.audit.services import record
from apps.jobs.models import INTERRUPTED, Job, JobState
from apps.ui import clock
from apps.ui.refusals import Refusal

register({"job.started": "发起后台任务"})

BROKEN = "处理时出现意外错误，没有完成。请把发起时间告诉系统操作员，以便查看日志。"
PROGRESS_SECONDS = 0.3

Runner = Callable[..., str | None]
_runners: dict[str, Runner] = {}
_last_written: dict[int, float] = {}


class UnknownRunner(LookupError):
    """No function is registered under this name."""


def job(name: str) -> Callable[[Runner], Runner]:
    """Register a function as the work behind a job, under "app.verb"."""

    def register_runner(run: Runner) -> Runner:
        _runners[name] = run
        return run

    return register_runner


@transaction.atomic
def start_job(
    *, kind: str, title: str, actor: Any, run: str, args: Mapping[str, Any], now: datetime | None = None
) -> Job:
    """Queue the work behind `run` once the transaction in hand is committed; show `jobs:detail` meanwhile."""
    _runner_of(run)
    row = Job.objects.create(
        kind=kind, title=title, owner=actor, runner=run, arguments=dict(args), created_at=now or clock.now()
    )
    transaction.on_commit(lambda: run_job(row.pk))
    record(actor=actor, action="job.started", target=row, at=now)
    return row


@db_task(name="apps.jobs.run")
def run_job(job_id: int) -> None:
    """The one task in the queue. Whatever ends the runner, even a signal, the row says that it ended."""
    work = _take(job_id)
    if work is None:
        return
    words = BROKEN
    try:
        result_url = _runner_of(work.runner)(work.pk, **work.arguments) or ""
        _finish(job_id, state=JobState.DONE, message="", result_url=result_url)
        words = ""
    except Refusal as refusal:
        words = refusal.message
    finally:
        _last_written.pop(job_id, None)
        if words:
            _finish(job_id, state=JobState.FAILED, message=words)


def progress(*, job_id: int, done: int, total: int, message: str = "") -> None:
    """Tell how far the work is; written at most every 0.3 seconds, and at the end.

    Inside a transaction nobody sees it before the commit: report between transactions.
    """
    now = time.monotonic()
    if done < total and now - _last_written.get(job_id, float("-inf")) < PROGRESS_SECONDS:
        return
    _last_written[job_id] = now
    Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(
        done=done, total=total, message=message, heartbeat_at=clock.now()
    )


def reap_silent_jobs(*, now: datetime) -> int:
    """Say of jobs whose worker died that they failed; returns how many."""
    return Job.objects.silent_at(now).update(state=JobState.FAILED, message=INTERRUPTED, finished_at=now)


def requeue_stranded_jobs(*, now: datetime) -> int:
    """Send the messages of waiting jobs again: one that comes twice is harmless, one that was lost is not."""
    waiting = list(Job.objects.stranded_at(now).order_by("pk").values_list("pk", flat=True))
    for job_id in waiting:
        run_job(job_id)
    return len(waiting)


@transaction.atomic
def _take(job_id: int) -> Job | None:
    """Only a queued job starts: one that was delivered twice, or was given up, does not."""
    row = Job.objects.select_for_update().filter(pk=job_id, state=JobState.QUEUED).first()
    if row is not None:
        row.state, row.heartbeat_at = JobState.RUNNING, clock.now()
        row.save(update_fields=["state", "heartbeat_at"])
    return row


def _finish(job_id: int, *, state: JobState, message: str, result_url: str = "") -> None:
    Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(
        state=state, message=message[:500], result_url=result_url, finished_at=clock.now()
    )


def _runner_of(name: str) -> Runner:
    """The worker loads the URLconf on first need: views import services, and those register their runners."""
    if name not in _runners:
        import_module(settings.ROOT_URLCONF)
    if name not in _runners:
        raise UnknownRunner(name)
    return _runners[name]
