"""Constraints that every choice column carries, so that the database refuses what the enum does not know."""

from enum import StrEnum

from django.db import models


def one_of(field: str, kinds: type[StrEnum]) -> models.CheckConstraint:
    """A check that `field` (empty allowed where the column allows it) holds a value of `kinds`."""
    values = [kind.value for kind in kinds]
    condition = models.Q(**{f"{field}__in": [*values, ""]}) | models.Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(
        condition=condition,
        name=f"%(app_label)s_%(class)s_{field}_known",
        violation_error_message="所选的值不在允许的范围内，请重新选择。",
    )


def ordered(first: str, second: str, *, message: str) -> models.CheckConstraint:
    """A check that the date in `second`, where there is one, is later than the date in `first`."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{second}__isnull": True})
        | models.Q(**{f"{first}__isnull": True})
        | models.Q(**{f"{second}__gt": models.F(first)}),
        name=f"%(app_label)s_%(class)s_{second}_after_{first}",
        violation_error_message=message,
    )
