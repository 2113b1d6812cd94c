"""The task book; import from here."""

from apps.tasks.models.details import Concern, Rectification
from apps.tasks.models.directive import Circular, Directive
from apps.tasks.models.task import Assignment, Task, TaskNote, TaskState

__all__ = [
    "Assignment",
    "Circular",
    "Concern",
    "Directive",
    "Rectification",
    "Task",
    "TaskNote",
    "TaskState",
]
