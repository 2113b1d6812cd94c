"""Tallies for overviews: derived rows, rewritten whole from the records in the transaction that changes them.

One function writes them (`ledger.services.recount`); `manage.py recount` rebuilds all.
"""

import uuid

from django.db import models

from apps.branches.models import InTree, Organization


class Standing(InTree):
    """How a branch stands apart from any year. Dates, never states: a date does not go stale overnight."""

    branch = models.OneToOneField(Organization, on_delete=models.CASCADE, primary_key=True, related_name="+")
    founded_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    records_since = models.DateField(null=True)
    form = models.CharField(max_length=20, blank=True)
    full_members = models.PositiveIntegerField(default=0)
    all_members = models.PositiveIntegerField(default=0)
    with_committee = models.BooleanField(default=False)
    term_ends_on = models.DateField(null=True)
    vacant_since = models.DateField(null=True)
    #: The day from which an appointment, already entered, fills the vacancy again.
    filled_from = models.DateField(null=True)
    last_general_on = models.DateField(null=True)
    #: Which of the last 24 months had an assembly: bit (year * 12 + month - 1) % 36.
    general_ring = models.BigIntegerField(default=0)
    earliest_due_on = models.DateField(null=True)
    #: The latest year with a heart-to-heart talk, and how many of today's members were in one of that year.
    talk_year = models.PositiveSmallIntegerField(null=True)
    talks_reached = models.PositiveIntegerField(default=0)
    #: How many members are to be talked with; 0 where a committee above has waived the talks.
    talks_asked = models.PositiveIntegerField(default=0)
    #: New with every change of the branch's records, so that what is derived from them may be kept in memory.
    revision = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = "支部现状"
        verbose_name_plural = "支部现状"
        indexes = [models.Index(fields=["path", "branch"])]

    def __str__(self) -> str:
        return f"{self.branch_id}"

    @property
    def name(self) -> str:
        return str(self.branch)


class BranchYear(InTree):
    """Which months of a year had which sitting: bit 0 is January."""

    branch = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    general_months = models.PositiveSmallIntegerField(default=0)
    committee_months = models.PositiveSmallIntegerField(default=0)
    group_months = models.PositiveSmallIntegerField(default=0)
    themed_months = models.PositiveSmallIntegerField(default=0)
    lecture_months = models.PositiveSmallIntegerField(default=0)
    sittings = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    present = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "支部年度汇总"
        verbose_name_plural = "支部年度汇总"
        constraints = [models.UniqueConstraint(fields=["branch", "year"], name="ledger_branchyear_once")]
        indexes = [models.Index(fields=["year", "path"])]

    def __str__(self) -> str:
        return f"{self.branch_id} {self.year}"
