"""Goals of the term and the feature project of a branch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.branches.models import Organization
from apps.plans import forms, policies, queries, services_goals
from apps.plans.models import FeatureProject, TermGoal
from apps.rules.kinds import Progress
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, require

TONES = {
    Progress.NOT_STARTED: "muted",
    Progress.UNDER_WAY: "info",
    Progress.DONE: "ok",
    Progress.POSTPONED: "warn",
    Progress.CANCELLED: "muted",
}
MOST_TO_CHOOSE = 300


def goals_url(branch_id: int) -> str:
    return f"{reverse('plans:goals')}?branch={branch_id}"


def goals(request: HttpRequest) -> HttpResponse:
    """The goals of the term and the feature projects of one branch."""
    seen = policies.branches_with_plans(request.user)
    branch = chosen(seen, request.GET.get("branch"))
    today = clock.today()
    goals_here = queries.goals_of(branch, visible=policies.visible_goals(request.user))
    projects = queries.project_pages(branch, visible=policies.visible_projects(request.user), today=today)
    context = {
        "branch": branch,
        "branches": seen[:MOST_TO_CHOOSE],
        "goals": [(goal, (goal.get_state_display(), TONES[goal.state])) for goal in goals_here],
        "projects": projects,
        "today": today,
        "may": policies.keeps(request.user, branch),
    }
    return render(request, "plans/goals.html", context)


def place_of(request: HttpRequest) -> Organization:
    require(policies.can_write(request.user))
    return chosen(policies.branches_to_plan_for(request.user), request.GET.get("branch"))


def goal_create(request: HttpRequest) -> HttpResponse:
    branch = place_of(request)
    form = forms.GoalForm(request.POST or None, today=clock.today())
    made = {"branch": branch, "actor": request.user, "today": clock.today(), "now": clock.now()}
    if attempt(request, form, lambda: services_goals.create_goal(**made, **form.cleaned_data)):
        return redirect(goals_url(branch.pk))
    title, back = f"新的任期目标（{branch}）", goals_url(branch.pk)
    return form_page(request, form=form, title=title, submit="保存", back_url=back)


def goal_of(request: HttpRequest, pk: int) -> TermGoal:
    goal = get_object_or_404(policies.visible_goals(request.user), pk=pk)
    require(policies.can_change(request.user, goal))
    return goal


def goal_update(request: HttpRequest, pk: int) -> HttpResponse:
    goal = goal_of(request, pk)
    initial = {name: getattr(goal, name) for name in ("title", "due_year", "version")}
    form = forms.GoalUpdateForm(
        request.POST or None, initial=initial, today=clock.today(), kept=goal.due_year
    )
    target = {"goal": goal, "actor": request.user}
    if attempt(request, form, lambda: services_goals.update_goal(**target, **form.cleaned_data)):
        return redirect(goals_url(goal.branch_id))
    back = goals_url(goal.branch_id)
    return form_page(request, form=form, title="修改任期目标", submit="保存", back_url=back)


def goal_report(request: HttpRequest, pk: int) -> HttpResponse:
    goal = goal_of(request, pk)
    initial = {name: getattr(goal, name) for name in ("state", "done_on", "state_reason")}
    form = forms.ProgressForm(request.POST or None, initial=initial)
    target = {"goal": goal, "actor": request.user, "today": clock.today(), "now": clock.now()}
    if attempt(request, form, lambda: services_goals.report_goal(**target, **form.cleaned_data)):
        return redirect(goals_url(goal.branch_id))
    title, back = f"进展：{goal}", goals_url(goal.branch_id)
    return form_page(request, form=form, title=title, submit="保存", back_url=back)


def project_create(request: HttpRequest) -> HttpResponse:
    branch = place_of(request)
    form = forms.ProjectForm(request.POST or None, initial={"starts_on": clock.today()})
    made = {"branch": branch, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_goals.create_project(**made, **form.cleaned_data)):
        return redirect(goals_url(branch.pk))
    title, back = f"登记特色项目（{branch}）", goals_url(branch.pk)
    intro = "一个支部一个特色项目，每季度记一两句进展。"
    return form_page(request, form=form, title=title, submit="保存", back_url=back, intro=intro)


def project_of(request: HttpRequest, pk: int) -> FeatureProject:
    project = get_object_or_404(policies.visible_projects(request.user), pk=pk)
    require(policies.can_change(request.user, project))
    return project


def project_update(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request, pk)
    initial = {name: getattr(project, name) for name in ("title", "why", "starts_on", "version")}
    form = forms.ProjectUpdateForm(request.POST or None, initial=initial)
    target = {"project": project, "actor": request.user}
    if attempt(request, form, lambda: services_goals.update_project(**target, **form.cleaned_data)):
        return redirect(goals_url(project.branch_id))
    back = goals_url(project.branch_id)
    return form_page(request, form=form, title="修改特色项目", submit="保存", back_url=back)


def progress_add(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request, pk)
    quarters = queries.quarters_to_report(project, today=clock.today())
    form = forms.ProjectProgressForm(request.POST or None, quarters=quarters)
    target = {"project": project, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_goals.add_project_progress(**target, **form.progress())):
        return redirect(goals_url(project.branch_id))
    title, back = f"季度进展：{project}", goals_url(project.branch_id)
    return form_page(request, form=form, title=title, submit="保存", back_url=back)


def project_end(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request, pk)
    require(policies.can_end(request.user, project), "这个特色项目已经结束。")
    form = forms.EndForm(request.POST or None, initial={"ends_on": clock.today()})
    target = {"project": project, "actor": request.user}
    if attempt(request, form, lambda: services_goals.end_project(**target, **form.cleaned_data)):
        return redirect(goals_url(project.branch_id))
    return confirm_page(
        request,
        title=f"结束特色项目：{project}",
        question="结束后可以登记新的特色项目，已记的进展保留。",
        submit="结束项目",
        back_url=goals_url(project.branch_id),
        form=form,
    )
