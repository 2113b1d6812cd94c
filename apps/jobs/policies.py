"""A job is seen by the one who started it, and by nobody else."""

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.jobs.models import Job


def visible_jobs(user: User) -> QuerySet[Job]:
    return Job.objects.filter(owner_id=user.pk)
