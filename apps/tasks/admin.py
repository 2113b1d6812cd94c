"""Tasks in the admin panel, for an organizer within the subtree.

Sending a task to many branches, reporting, closing and reopening are done on the pages of the tasks.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.admin import ORGANIZER, SubtreeAdmin, UnderFilter, VersionedForm
from apps.branches.policies import within
from apps.tasks import policies, queries, services
from apps.tasks.models import Assignment, Directive, Task, TaskState
from apps.tasks.views_directives import directive_url
from apps.ui import clock
from apps.ui.admin import plain
from apps.ui.forms import idempotency_field
from apps.ui.refusals import Refusal

OWNER, SENDER = plain("owner", label="责任人"), plain("created_by", label="交办人")

#: What the pages of the tasks write, and the panel only shows.
GIVEN = ("kind", "assignment", "directive", "state", "reported_on", "return_reason", "closed_on", "result")


class LateFilter(admin.SimpleListFilter):
    title = "期限"
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:  # noqa: ARG002
        return [("yes", "已逾期")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002 - Django's signature
        late = {"state": TaskState.OPEN, "due_on__lt": clock.today()}
        return queryset.filter(**late) if self.value() else queryset


class TaskAdminForm(VersionedForm):
    #: The model's own column is not editable, so the form needs another name for it.
    submission = idempotency_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("submission" if self.instance.pk else "read_version", None)


@admin.register(Task)
class TaskAdmin(SubtreeAdmin):
    form = TaskAdminForm
    list_display = ("title", "organization", "owner", "due_on", "state", "kind", "closed_on")
    list_filter = ("state", LateFilter, "kind", UnderFilter)
    list_select_related = ("organization", "owner")
    search_fields = (
        "title",
        "organization__name",
        "organization__short_name",
        "owner__name",
        "owner__pinyin",
    )
    search_help_text = "事项、党组织或责任人"
    autocomplete_fields = ("organization",)
    ordering = ("-created_at", "-pk")

    def visible(self, user: User) -> QuerySet[Task]:
        return policies.visible_tasks(user).filter(within(user, ORGANIZER))

    def may_add(self, user: User, obj: Model | None = None) -> bool:  # noqa: ARG002 - the base class's signature
        return policies.can_create(user)

    def may_change(self, user: User, obj: Task) -> bool:
        return policies.can_change(user, obj)

    def view_on_site(self, obj: Task) -> str:
        return reverse("tasks:detail", args=[obj.pk])

    def get_fields(self, request: HttpRequest, obj: Task | None = None) -> list[Any]:  # noqa: ARG002
        asked = ["organization", "title", "due_on", "detail"]
        if obj is None:
            return [*asked, "submission"]
        return [*asked, OWNER, *GIVEN, "read_version"]

    def get_readonly_fields(self, request: HttpRequest, obj: Task | None = None) -> list[Any]:  # noqa: ARG002
        return ["organization", OWNER, *GIVEN] if obj else []

    def write(self, request: HttpRequest, obj: Task, *, form: forms.ModelForm, change: bool) -> Task:
        data = dict(form.cleaned_data)
        if change:
            version = data.pop("read_version")
            return services.update_task(
                task=obj, version=version, owner=obj.owner, actor=request.user, **data
            )
        places = policies.organizations_for_tasks(request.user)
        if not places.filter(pk=data["organization"].pk).exists():
            raise Refusal("任务不能登记在党小组或已撤销的党组织。", field="organization")
        key = data.pop("submission")
        return services.create_task(actor=request.user, now=clock.now(), idempotency_key=key, **data)


@admin.register(Assignment)
class AssignmentAdmin(SubtreeAdmin):
    """Read only: sending is done where the branches are chosen."""

    list_display = ("title", "organization", "due_on", "sent", "done", "late", "created_by")
    list_filter = (UnderFilter,)
    search_fields = ("title", "organization__name", "organization__short_name")
    search_help_text = "事项或交办党组织"
    date_hierarchy = "due_on"
    ordering = ("-created_at", "-pk")
    fields = (
        "title",
        "organization",
        "detail",
        "due_on",
        "minutes",
        "sent",
        "reported",
        "done",
        "late",
        SENDER,
        "created_at",
    )
    readonly_fields = ("sent", "reported", "done", "late", SENDER)

    def visible(self, user: User) -> QuerySet[Assignment]:
        mine = policies.visible_assignments(user).filter(within(user, ORGANIZER))
        return queries.with_progress(mine, today=clock.today()).select_related("organization", "created_by")

    def view_on_site(self, obj: Assignment) -> str:
        return reverse("tasks:assignment_detail", args=[obj.pk])

    @admin.display(description="交办支部数")
    def sent(self, assignment: Any) -> int:
        return assignment.sent

    @admin.display(description="待验收")
    def reported(self, assignment: Any) -> int:
        return assignment.reported

    @admin.display(description="已验收")
    def done(self, assignment: Any) -> int:
        return assignment.done

    @admin.display(description="已逾期")
    def late(self, assignment: Any) -> int:
        return assignment.late


@admin.register(Directive)
class DirectiveAdmin(SubtreeAdmin):
    """Read only: a document is entered, sent and conveyed on the pages of the ledger."""

    list_display = ("title", "number", "organization", "received_on", "convey_by", "do_by", "withdrawn_on")
    list_filter = (UnderFilter, "asks_action")
    list_select_related = ("organization",)
    search_fields = ("title", "number", "organization__name", "organization__short_name")
    search_help_text = "标题、文号或收文党组织"
    date_hierarchy = "received_on"
    ordering = ("-received_on", "-pk")
    fields = (
        "title",
        "number",
        "issuer",
        "organization",
        "received_on",
        "requirement",
        "convey_by",
        "asks_action",
        "do_by",
        "withdrawn_on",
        "withdrawn_reason",
    )

    def visible(self, user: User) -> QuerySet[Directive]:
        return policies.visible_directives(user).filter(within(user, ORGANIZER))

    def view_on_site(self, obj: Directive) -> str:
        return directive_url(obj)
