"""What `manage.py run_huey` loads: the task that runs jobs, and the round that looks after them."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from apps.jobs.services import reap_silent_jobs, requeue_stranded_jobs, run_job
from apps.ui import clock

__all__ = ["reap", "run_job"]


@db_periodic_task(crontab(minute="*"), name="apps.jobs.reap")
def reap() -> None:
    reap_silent_jobs(now=clock.now())
    requeue_stranded_jobs(now=clock.now())
