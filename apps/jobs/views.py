"""Looking at one's own jobs. The page of a running job asks every second how far it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.jobs import policies
from apps.jobs.filters import JobFilter
from apps.jobs.models import INTERRUPTED, Job, JobState
from apps.ui import clock
from apps.ui.lists import Column, list_page

TONES = {JobState.QUEUED: "muted", JobState.RUNNING: "info", JobState.DONE: "ok", JobState.FAILED: "bad"}


def badge_of(job: Job) -> tuple[str, str]:
    state = JobState(job.state)
    return state.label, TONES[state]


COLUMNS = [
    Column(
        "任务", lambda job: job.title, url=lambda job: reverse("jobs:detail", args=[job.pk]), primary=True
    ),
    Column("状态", badge_of, kind="badge"),
    Column("发起时间", lambda job: job.created_at, kind="date"),
    Column("结束时间", lambda job: job.finished_at, kind="date"),
    Column("说明", lambda job: job.message),
]


def shown(job: Job) -> dict[str, Any]:
    now = clock.now()
    silent = job.is_silent(now)
    return {
        "job": job,
        "badge": ("未完成", "bad") if silent else badge_of(job),
        "polls": not job.is_over and not silent,
        "trouble": INTERRUPTED if silent else job.message if job.state == JobState.FAILED else "",
        "no_worker": job.waits_too_long(now),
    }


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        filterset=JobFilter(request.GET, queryset=policies.visible_jobs(request.user)),
        columns=COLUMNS,
        title="我的后台任务",
        empty="没有后台任务。导入花名册等较慢的工作会列在这里。",
    )


@require_safe
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(policies.visible_jobs(request.user), pk=pk)
    if job.state == JobState.DONE and job.result_url:
        return redirect(job.result_url)
    return render(request, "jobs/job_detail.html", shown(job))


@require_safe
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(policies.visible_jobs(request.user), pk=pk)
    response = render(request, "jobs/_job.html", shown(job))
    if job.state == JobState.DONE and job.result_url:
        response["HX-Redirect"] = job.result_url
    return response
