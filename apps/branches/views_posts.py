"""Pages of terms and posts."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from apps.branches import forms, policies, queries, services_posts
from apps.branches.filters import PostFilter
from apps.branches.models import Post
from apps.branches.views import detail_url
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Column, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import require


def term_create(request: HttpRequest, pk: int) -> HttpResponse:
    organization = get_object_or_404(policies.visible_organizations(request.user), pk=pk)
    require(policies.can_keep_terms(request.user, organization))
    last = queries.term_of(organization, today=date.max)
    initial = {"number": last.number + 1 if last else 1, "years": last.years if last else 3}
    initial |= {"years": 5} if organization.is_village or not organization.is_branch else {}
    initial |= {"with_committee": last.with_committee} if last else {}
    form = forms.TermForm(request.POST or None, initial=initial, organization=organization)
    target = {"organization": organization, "actor": request.user}
    if attempt(request, form, lambda: services_posts.create_term(**target, **form.cleaned_data)):
        return redirect(detail_url(organization))
    title, back = f"登记“{organization}”的届次", detail_url(organization)
    return form_page(request, form=form, title=title, submit="保存", back_url=back)


def term_update(request: HttpRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(policies.visible_terms(request.user), pk=pk)
    require(policies.can_keep_terms(request.user, term.organization))
    form = forms.TermUpdateForm(request.POST or None, instance=term)
    target = {"term": term, "actor": request.user}
    if attempt(request, form, lambda: services_posts.update_term(**target, **form.cleaned_data)):
        return redirect(detail_url(term.organization))
    back = detail_url(term.organization)
    return form_page(request, form=form, title=f"修改{term}", submit="保存", back_url=back)


def term_extend(request: HttpRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(policies.visible_terms(request.user), pk=pk)
    require(policies.can_keep_terms(request.user, term.organization))
    form = forms.ExtendForm(request.POST or None)
    target = {"term": term, "actor": request.user}
    if attempt(request, form, lambda: services_posts.extend_term(**target, **form.cleaned_data)):
        return redirect(detail_url(term.organization))
    title, back = f"{term} 延期换届", detail_url(term.organization)
    intro = "《基层组织选举工作条例》：延期换届应报上级党委批准，一般不超过 1 年。"
    return form_page(request, form=form, title=title, submit="登记延期", back_url=back, intro=intro)


def post_create(request: HttpRequest, pk: int) -> HttpResponse:
    organization = get_object_or_404(policies.visible_organizations(request.user), pk=pk)
    kinds = policies.appointable(request.user, organization)
    require(bool(kinds))
    people = policies.people_with_login()
    form = forms.PostForm(
        request.POST or None, people=people, kinds=kinds, initial={"starts_on": clock.today()}
    )
    target = {"organization": organization, "actor": request.user}
    if attempt(request, form, lambda: services_posts.create_post(**target, **form.appointment())):
        return redirect(detail_url(organization))
    title, back = f"登记“{organization}”的任职", detail_url(organization)
    return form_page(request, form=form, title=title, submit="保存", back_url=back)


def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(policies.posts_to_end(request.user), pk=pk)
    require(policies.can_end_post(request.user, post))
    form = forms.EndPostForm(request.POST or None, initial={"ends_on": clock.today()})
    target, back = {"post": post, "actor": request.user}, detail_url(post.organization)
    if attempt(request, form, lambda: services_posts.end_post(**target, **form.cleaned_data)):
        return redirect(back)
    return confirm_page(
        request,
        title=f"免去{post.person}的{post.get_kind_display()}职务",
        question="免职日期起，此人因这一职务得到的系统权限同时停止；任职记录保留。",
        submit="登记免职",
        back_url=back,
        form=form,
    )


def held(post: Post) -> str:
    return f"{post.starts_on} 至 {post.ends_on or '今'}"


COLUMNS = (
    Column("姓名", lambda row: row.person.name, primary=True),
    Column("党组织", lambda row: row.organization, url=lambda row: detail_url(row.organization)),
    Column("职务", lambda row: row.get_kind_display()),
    Column("任期", held),
    Column("方式", lambda row: row.note or "—", hide_on_phone=True),
)


def post_list(request: HttpRequest) -> HttpResponse:
    rows = policies.visible_posts(request.user).select_related("person", "organization")
    return list_page(
        request,
        filterset=PostFilter(request.GET, queryset=rows, today=clock.today()),
        columns=COLUMNS,
        title="任职情况",
        order=("organization__path", "pk"),
        empty="没有符合条件的任职记录。",
        intro="职务决定权限：免职后，权限当日停止。登记任职、免职请到各党组织的页面。",
    )
