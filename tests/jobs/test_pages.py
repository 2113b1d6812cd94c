from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.jobs.models import INTERRUPTED, Job, JobState
from apps.jobs.policies import visible_jobs
from tests import factories
from tests.conftest import NOW, Cast

POLL = 'hx-trigger="every 1s"'


def make_job(owner: User, **fields: object) -> Job:
    fields = {"kind": "roster", "title": "预览花名册", "created_at": NOW, "runner": "tests.x", **fields}
    return Job.objects.create(owner=owner, **fields)


@pytest.fixture
def owner(cast: Cast) -> User:
    return cast["secretary"]


@pytest.fixture
def client(owner: User, sign_in) -> Client:
    return sign_in(owner)


def page(client: Client, job: Job) -> str:
    response = client.get(reverse("jobs:detail", args=[job.pk]))
    assert response.status_code == 200
    return response.content.decode()


def part(client: Client, job: Job):
    return client.get(reverse("jobs:progress", args=[job.pk]), headers={"HX-Request": "true"})


def test_a_running_job_shows_its_progress_and_asks_again_every_second(owner: User, client: Client) -> None:
    job = make_job(owner, state=JobState.RUNNING, done=30, total=120, message="正在核对", heartbeat_at=NOW)
    text = page(client, job)
    for words in (
        "预览花名册",
        "进行中",
        "正在核对",
        "30 / 120（25%）",
        POLL,
        reverse("jobs:progress", args=[job.pk]),
    ):
        assert words in text
    answer = part(client, job)
    assert POLL in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "HX-Redirect" not in answer.headers


def test_at_the_end_the_page_goes_to_the_result_and_asks_no_more(owner: User, client: Client) -> None:
    job = make_job(
        owner, state=JobState.DONE, done=3, total=3, result_url="/members/import/1/", finished_at=NOW
    )
    answer = part(client, job)
    assert answer.headers["HX-Redirect"] == "/members/import/1/"
    assert POLL not in answer.content.decode()
    response = client.get(reverse("jobs:detail", args=[job.pk]))
    assert (response.status_code, response.headers["Location"]) == (302, "/members/import/1/")


def test_a_finished_job_without_a_page_says_so(owner: User, client: Client) -> None:
    job = make_job(owner, state=JobState.DONE)
    text = page(client, job)
    assert "处理完毕。" in text
    assert POLL not in text


def test_a_failed_job_shows_its_reason_and_asks_no_more(owner: User, client: Client) -> None:
    text = page(client, make_job(owner, state=JobState.FAILED, message="表头中没有“姓名”一列。"))
    assert "未完成" in text
    assert "表头中没有“姓名”一列。" in text
    assert POLL not in text


def test_a_job_whose_worker_died_is_called_interrupted_before_anybody_reaps_it(
    owner: User, client: Client
) -> None:
    job = make_job(owner, state=JobState.RUNNING, heartbeat_at=NOW - timedelta(minutes=3))
    text = page(client, job)
    assert INTERRUPTED in text
    assert POLL not in text
    job.refresh_from_db()
    assert job.state == JobState.RUNNING, "looking at a page writes nothing"


def test_after_fifteen_seconds_in_the_queue_the_page_says_how_to_start_the_worker(
    owner: User, client: Client
) -> None:
    fresh = make_job(owner, created_at=NOW - timedelta(seconds=15))
    old = make_job(owner, created_at=NOW - timedelta(seconds=16))
    assert "正在排队" in page(client, fresh)
    assert "manage.py run_huey" not in page(client, fresh)
    assert "manage.py run_huey" in page(client, old)
    assert POLL in page(client, old)


def test_only_the_owner_sees_a_job(owner: User, client: Client, cast: Cast, sign_in) -> None:
    mine, other = make_job(owner, title="我的预览"), make_job(cast["organizer"], title="别人的预览")
    assert list(visible_jobs(owner)) == [mine]
    for name in ("jobs:detail", "jobs:progress"):
        answers = {
            role: sign_in(cast[role]).get(reverse(name, args=[mine.pk])).status_code
            for role in ("organizer", "operator", "auditor", "deputy", "member")
        }
        assert set(answers.values()) == {404}
    text = client.get(reverse("jobs:job_list")).content.decode()
    assert "我的预览" in text
    assert other.title not in text


def test_the_list_filters_by_state(owner: User, client: Client) -> None:
    make_job(owner, title="成了", state=JobState.DONE)
    make_job(owner, title="没成", state=JobState.FAILED, message="原因")
    text = client.get(reverse("jobs:job_list") + "?state=failed").content.decode()
    assert "没成" in text
    assert "原因" in text
    assert "成了" not in text


def test_an_empty_list_says_what_will_stand_there(client: Client) -> None:
    assert "没有后台任务" in client.get(reverse("jobs:job_list")).content.decode()


def test_pages_are_read_only(owner: User, client: Client) -> None:
    job = make_job(owner)
    for name, args in (("jobs:job_list", []), ("jobs:detail", [job.pk]), ("jobs:progress", [job.pk])):
        assert client.post(reverse(name, args=args)).status_code == 405


def test_nobody_sees_jobs_without_signing_in(db: None) -> None:
    job = make_job(factories.make_user())
    assert Client().get(reverse("jobs:detail", args=[job.pk])).status_code == 302
