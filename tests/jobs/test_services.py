from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.jobs import services
from apps.jobs.models import INTERRUPTED, Job, JobState
from apps.jobs.services import UnknownRunner, job, progress, reap_silent_jobs, run_job, start_job
from apps.jobs.tasks import reap
from apps.ui.refusals import Refusal
from tests import factories
from tests.conftest import NOW

calls: list[tuple[object, ...]] = []


@job("tests.count")
def count(job_id: int, *, to: int) -> str:
    calls.append((job_id, to))
    for done in range(1, to + 1):
        progress(job_id=job_id, done=done, total=to, message="正在数数")
    return "/counted/"


@job("tests.refuse")
def refuse(job_id: int) -> None:
    raise Refusal("表头中没有“姓名”一列。")


@job("tests.break")
def break_down(job_id: int) -> None:
    raise ZeroDivisionError("13912345678")


@job("tests.quiet")
def quiet(job_id: int) -> None:
    """No page to go to, nothing to say."""


@pytest.fixture(autouse=True)
def _no_calls() -> Iterator[None]:
    calls.clear()
    yield
    calls.clear()


@pytest.fixture
def owner(db: None) -> User:
    return factories.make_user("吴向前")


def start(owner: User, run: str, **args: object) -> Job:
    return start_job(kind="roster", title="预览花名册", actor=owner, run=run, args=args, now=NOW)


def finished(started: Job) -> Job:
    return Job.objects.get(pk=started.pk)


@pytest.fixture
def working(django_capture_on_commit_callbacks):
    """Starts a job, lets the transaction commit, and gives the row as it is after the work."""

    def work(owner: User, run: str, **args: object) -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            started = start(owner, run, **args)
            assert calls == []
        return finished(started)

    return work


def test_the_work_runs_after_the_commit_and_ends_with_its_page(owner: User, working) -> None:
    row = working(owner, "tests.count", to=3)
    assert calls == [(row.pk, 3)]
    assert (row.state, row.done, row.total, row.result_url) == (JobState.DONE, 3, 3, "/counted/")
    assert (row.kind, row.runner, row.arguments, row.owner) == ("roster", "tests.count", {"to": 3}, owner)
    assert (row.created_at, row.heartbeat_at, row.finished_at, row.message) == (NOW, NOW, NOW, "")


def test_starting_is_a_deed(owner: User) -> None:
    row = start(owner, "tests.quiet")
    deed = Deed.objects.get()
    assert (deed.action, deed.actor, deed.object_id, deed.object_label) == (
        "job.started",
        owner,
        row.pk,
        "预览花名册",
    )


def test_work_without_a_page_is_done_too(owner: User, working) -> None:
    row = working(owner, "tests.quiet")
    assert (row.state, row.result_url) == (JobState.DONE, "")


def test_a_refusal_ends_the_job_with_its_words(owner: User, working) -> None:
    row = working(owner, "tests.refuse")
    assert (row.state, row.message, row.finished_at) == (JobState.FAILED, "表头中没有“姓名”一列。", NOW)


def test_an_error_ends_the_job_with_a_general_sentence_and_a_line_in_the_log(
    owner: User, working, caplog
) -> None:
    row = working(owner, "tests.break")
    assert (row.state, row.message) == (JobState.FAILED, services.BROKEN)
    assert "13912345678" not in row.message
    logged = [entry for entry in caplog.records if entry.exc_info]
    assert [entry.exc_info[0] for entry in logged] == [ZeroDivisionError]


def test_a_runner_that_nobody_registered_cannot_be_started(owner: User) -> None:
    with pytest.raises(UnknownRunner), transaction.atomic():
        start(owner, "tests.nothing")
    assert not Job.objects.exists()


def test_a_job_that_is_delivered_twice_runs_once(owner: User, working) -> None:
    row = working(owner, "tests.count", to=1)
    run_job.call_local(row.pk)
    run_job.call_local(row.pk + 1)
    assert calls == [(row.pk, 1)]


@pytest.mark.django_db(transaction=True)
def test_a_real_commit_starts_the_work_and_a_rollback_does_not() -> None:
    owner = factories.make_user()
    with transaction.atomic():
        started = start(owner, "tests.count", to=2)
        assert calls == []
    assert finished(started).state == JobState.DONE
    with pytest.raises(ZeroDivisionError):
        _start_and_fail(owner)
    assert calls == [(started.pk, 2)]
    assert Job.objects.count() == 1


@transaction.atomic
def _start_and_fail(owner: User) -> None:
    start(owner, "tests.count", to=2)
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_work_that_fails_inside_its_transaction_still_says_so() -> None:
    @job("tests.half")
    def half(job_id: int) -> None:
        with transaction.atomic():
            factories.make_user("半途")
            raise ZeroDivisionError

    started = start(factories.make_user(), "tests.half")
    assert finished(started).state == JobState.FAILED
    assert not User.objects.filter(name="半途").exists()


def test_progress_is_written_at_most_every_third_of_a_second(
    owner: User, monkeypatch, django_assert_num_queries
) -> None:
    row = start(owner, "tests.quiet")
    Job.objects.update(state=JobState.RUNNING)
    moment = 100.0
    monkeypatch.setattr(services.time, "monotonic", lambda: moment)
    with django_assert_num_queries(1):
        for done in range(50):
            progress(job_id=row.pk, done=done, total=100, message="正在核对")
    assert (finished(row).done, finished(row).total, finished(row).message) == (0, 100, "正在核对")
    moment = 100.31
    progress(job_id=row.pk, done=60, total=100, message="正在核对")
    assert finished(row).done == 60
    progress(job_id=row.pk, done=100, total=100, message="快好了")
    assert (finished(row).done, finished(row).heartbeat_at) == (100, NOW)


def test_progress_of_a_job_that_was_given_up_changes_nothing(owner: User) -> None:
    row = start(owner, "tests.quiet")
    Job.objects.update(state=JobState.FAILED)
    progress(job_id=row.pk, done=1, total=1, message="还在做")
    assert (finished(row).done, finished(row).message) == (0, "")


def test_a_worker_that_fell_silent_is_noticed_after_two_minutes(owner: User) -> None:
    rows = [start(owner, "tests.quiet") for _ in range(4)]
    ages = [timedelta(seconds=121), timedelta(seconds=120), timedelta(hours=1), timedelta(hours=1)]
    states = [JobState.RUNNING, JobState.RUNNING, JobState.DONE, JobState.QUEUED]
    for row, age, state in zip(rows, ages, states, strict=True):
        Job.objects.filter(pk=row.pk).update(heartbeat_at=NOW - age, state=state)
    assert [finished(row).is_silent(NOW) for row in rows] == [True, False, False, False]
    assert reap_silent_jobs(now=NOW) == 1
    assert [finished(row).state for row in rows] == [JobState.FAILED, *states[1:]]
    assert (finished(rows[0]).message, finished(rows[0]).finished_at) == (INTERRUPTED, NOW)
    assert INTERRUPTED == "后台进程中断，请重新发起。"


def test_the_worker_reaps_every_minute(owner: User) -> None:
    row = start(owner, "tests.quiet")
    Job.objects.update(state=JobState.RUNNING, heartbeat_at=NOW - timedelta(minutes=3))
    reap.call_local()
    assert finished(row).state == JobState.FAILED


def test_a_job_whose_message_was_lost_is_sent_again_after_two_minutes(owner: User) -> None:
    lost, fresh = start(owner, "tests.count", to=1), start(owner, "tests.count", to=1)
    Job.objects.filter(pk=lost.pk).update(created_at=NOW - timedelta(seconds=121))
    reap.call_local()
    assert calls == [(lost.pk, 1)]
    assert [finished(row).state for row in (lost, fresh)] == [JobState.DONE, JobState.QUEUED]


def test_a_worker_that_comes_back_to_a_reaped_job_cannot_call_it_done(
    owner: User, django_capture_on_commit_callbacks
) -> None:
    @job("tests.slow")
    def slow(job_id: int) -> None:
        Job.objects.filter(pk=job_id).update(heartbeat_at=NOW - timedelta(minutes=3))
        reap_silent_jobs(now=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        row = start(owner, "tests.slow")
    assert (finished(row).state, finished(row).message) == (JobState.FAILED, INTERRUPTED)
