"""What `manage.py run_huey` loads besides the jobs: files that were kept long enough go."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from apps.documents.services_yearbook import forget_old_files
from apps.ui import clock


@db_periodic_task(crontab(hour="3", minute="20"), name="apps.documents.forget")
def forget() -> None:
    forget_old_files(now=clock.now())
