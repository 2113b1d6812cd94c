"""The lines of a plan on one page, and the progress of one line."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from apps.plans import forms, policies, queries, services_items
from apps.plans.models import AnnualPlan
from apps.plans.views import plan_of, plan_url
from apps.tasks.queries import people_of
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import UNPROCESSABLE, form_page, mistakes_of
from apps.ui.policy import require


def item_update(request: HttpRequest, pk: int) -> HttpResponse:
    """All lines at once; three empty ones wait at the end."""
    plan = plan_of(request, pk)
    form = items_form(request, plan)
    target = {"plan": plan, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_items.save_items(**target, **saved_by(form))):
        messages.success(request, "计划事项已保存。")
        return redirect(plan_url(plan))
    context = {"plan": plan, "form": form, "back_url": plan_url(plan), "offered": forms.FORMS_OFFERED}
    context["mistakes"] = mistakes_of(form)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "plans/plan_items.html", context, status=status)


def items_form(request: HttpRequest, plan: AnnualPlan) -> forms.ItemsForm:
    items = queries.items_of(plan)
    people = {person.pk: person for person in people_of(plan.branch, today=clock.today())}
    people |= {item.owner_id: item.owner for item in items if item.owner}
    data = request.POST if request.method == "POST" else None
    return forms.ItemsForm(data, plan=plan, items=items, people=people)


def saved_by(form: forms.ItemsForm) -> dict[str, object]:
    return {**form.cleaned_data, "drafts": form.drafts()}


def item_report(request: HttpRequest, pk: int) -> HttpResponse:
    rows = policies.visible_items(request.user).select_related("plan__branch", "owner")
    item = get_object_or_404(rows, pk=pk)
    require(policies.can_report(request.user, item), "定稿后由支部书记、副书记、组织委员和责任人登记进展。")
    initial = {name: getattr(item, name) for name in ("state", "done_on", "state_reason", "note")}
    form = forms.ProgressForm(request.POST or None, initial=initial)
    target = {"item": item, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_items.report_progress(**target, **form.cleaned_data)):
        return redirect(plan_url(item.plan))
    back = plan_url(item.plan)
    return form_page(request, form=form, title=f"进展：{item}", submit="保存", back_url=back)
