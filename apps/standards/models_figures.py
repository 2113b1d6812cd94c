"""Figures kept for overviews of many branches: what a branch's own page works out afresh."""

from django.db import models

from apps.branches.models import InTree, Organization
from apps.rules.figures import FigureState
from apps.ui.constraints import one_of


class BranchFigure(InTree):
    """One measure of one branch and year as it was counted on a day; rewritten whole, never edited."""

    branch = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name="党支部"
    )
    year = models.PositiveSmallIntegerField("年度")
    measure = models.CharField("指标", max_length=40)
    state = models.CharField("状态", max_length=16, choices=FigureState.choices())
    #: The order of need: those that a warning stands on come first, whatever their value.
    need = models.PositiveSmallIntegerField()
    words = models.CharField("数字", max_length=40)
    why = models.CharField("说明", max_length=300, blank=True)
    counted_on = models.DateField("数到")

    class Meta:
        verbose_name = "支部评议数字"
        verbose_name_plural = "支部评议数字"
        constraints = [
            one_of("state", FigureState),
            models.UniqueConstraint(fields=["branch", "year", "measure"], name="standards_branchfigure_once"),
        ]
        indexes = [models.Index(fields=["year", "measure", "need", "path"]), models.Index(fields=["path"])]

    def __str__(self) -> str:
        return f"{self.branch_id} {self.year} {self.measure}"
