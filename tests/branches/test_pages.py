"""The pages of the tree, as each role meets them."""

from datetime import date

import pytest
from django.urls import reverse

from apps.branches.models import Organization, Post, Term
from apps.branches.services_posts import WrongPost, create_post, end_post
from apps.rules.kinds import BranchForm, OrgKind, PostKind


def test_the_secretary_sees_own_branch_and_its_group(cast, sign_in) -> None:
    page = sign_in(cast["secretary"]).get(reverse("branches:organization_list"))
    assert page.status_code == 200
    names = [str(row) for row in page.context["rows"]]
    assert names == ["机关一支部", "第一小组"]


def test_the_organizer_sees_the_whole_subtree_and_nothing_else(cast, sign_in) -> None:
    page = sign_in(cast["organizer"]).get(reverse("branches:organization_list"))
    names = [str(row) for row in page.context["rows"]]
    assert names == ["青川镇党委", "机关一支部", "第一小组", "机关二支部"]


def test_a_branch_of_another_committee_is_not_found(cast, sign_in) -> None:
    page = sign_in(cast["secretary"]).get(reverse("branches:organization_detail", args=[cast.elsewhere.pk]))
    assert page.status_code == 404


def test_the_organizer_sets_up_a_branch_below_the_committee(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    url = reverse("branches:organization_create", args=[cast.committee.pk, OrgKind.BRANCH])
    assert client.get(url).status_code == 200
    answer = client.post(
        url,
        {
            "name": "青川镇企业联合党支部",
            "form": BranchForm.JOINT,
            "units_covered": "3",
            "founded_on": "2026-05-01",
        },
    )
    assert answer.status_code == 302
    made = Organization.objects.get(name="青川镇企业联合党支部")
    assert made.parent == cast.committee
    assert made.path.startswith(cast.committee.path)
    assert made.founded_on == date(2026, 5, 1)


def test_a_secretary_cannot_set_up_a_branch_but_a_group(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    url = reverse("branches:organization_create", args=[cast.ours.pk, OrgKind.GROUP])
    assert client.post(url, {"name": "第二党小组"}).status_code == 302
    assert [str(group) for group in cast.ours.children.order_by("pk")] == ["第一小组", "第二党小组"]
    url = reverse("branches:organization_create", args=[cast.committee.pk, OrgKind.BRANCH])
    assert client.post(url, {"name": "x"}).status_code == 404


def test_the_page_of_a_branch_names_term_and_posts(cast, sign_in) -> None:
    page = sign_in(cast["secretary"]).get(reverse("branches:organization_detail", args=[cast.ours.pk]))
    words = page.content.decode()
    for expected in ("第 3 届", "2028-03-01 届满", "吴向前", "纪检委员", "党小组组长（第一小组）", "韩退"):
        assert expected in words


def test_registering_a_term_fills_in_the_end_by_the_rule(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    url = reverse("branches:term_create", args=[cast.sibling.pk])
    answer = client.post(url, {"number": 4, "starts_on": "2026-10-08", "years": 5, "with_committee": "on"})
    assert answer.status_code == 302
    assert Term.objects.get(organization=cast.sibling, number=4).ends_on == date(2031, 10, 8)


def test_an_extension_beyond_a_year_is_refused_at_the_field(cast, sign_in) -> None:
    term = cast.ours.terms.get()
    url = reverse("branches:term_extend", args=[term.pk])
    page = sign_in(cast["organizer"]).post(url, {"extended_to": "2029-03-02", "note": "青组〔2026〕8号"})
    assert page.status_code == 422
    assert "延期一般不超过1年，最迟到" in page.content.decode()
    term.refresh_from_db()
    assert term.extended_to is None


def test_nobody_appoints_himself(cast, sign_in) -> None:
    url = reverse("branches:post_create", args=[cast.ours.pk])
    page = sign_in(cast["secretary"]).post(
        url, {"username": "secretary", "kind": PostKind.ORGANIZATION, "starts_on": "2026-11-20"}
    )
    assert page.status_code == 422
    assert "不能给自己登记职务" in page.content.decode()


def test_an_unknown_login_name_is_refused_and_kept(cast, sign_in) -> None:
    url = reverse("branches:post_create", args=[cast.ours.pk])
    page = sign_in(cast["secretary"]).post(
        url, {"username": "nobody", "kind": PostKind.YOUTH, "starts_on": "2026-11-20"}
    )
    assert "没有这个登录名" in page.content.decode()
    assert 'value="nobody"' in page.content.decode()


def test_ending_a_post_ends_the_access_that_day(cast, sign_in) -> None:
    post = Post.objects.get(person=cast["deputy"])
    deputy = sign_in(cast["deputy"])
    assert deputy.get(reverse("branches:organization_detail", args=[cast.ours.pk])).status_code == 200
    url = reverse("branches:post_end", args=[post.pk])
    answer = sign_in(cast["secretary"]).post(url, {"ends_on": "2026-11-20", "reason": "工作变动"})
    assert answer.status_code == 302
    assert deputy.get(reverse("branches:organization_detail", args=[cast.ours.pk])).status_code == 404


def test_a_post_that_ended_yesterday_opens_nothing(cast, sign_in) -> None:
    page = sign_in(cast["former_secretary"]).get(reverse("branches:organization_detail", args=[cast.ours.pk]))
    assert page.status_code == 404


def test_every_rule_has_a_page_with_reason_and_how_to(cast, sign_in) -> None:
    client = sign_in(cast["member"])
    page = client.get(reverse("branches:rule_list"))
    assert "党员大会" in page.content.decode()
    rules = [*page.context["cadences"], *page.context["norms"]]
    for rule in rules:
        words = client.get(reverse("branches:rule_detail", args=[rule.code])).content.decode()
        assert rule.plain_words in words.replace("&quot;", '"')
        assert all(step in words for step in rule.how_to)


def test_an_organizer_sets_a_local_rule_for_the_subtree(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    answer = client.post(
        reverse("branches:override_create"),
        {
            "organization": cast.committee.pk,
            "code": "MTG-4",
            "applies": "on",
            "period": "quarter",
            "min_count": "1",
            "reason": "青组〔2026〕3号",
            "valid_from": "2026-01-01",
        },
    )
    assert answer.status_code == 302
    page = client.get(reverse("branches:rule_list"))
    assert "青组〔2026〕3号" in page.content.decode()


def test_two_local_rules_for_the_same_days_are_refused(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    data = {
        "organization": cast.committee.pk,
        "code": "MTG-4",
        "applies": "on",
        "min_count": "1",
        "reason": "青组〔2026〕3号",
        "valid_from": "2026-01-01",
    }
    url = reverse("branches:override_create")
    assert client.post(url, data).status_code == 302
    page = client.post(url, data)
    assert page.status_code == 422
    assert "已有本级规定" in page.content.decode()


def test_moving_a_branch_takes_members_and_records_along(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    client.post(
        reverse("branches:organization_create", args=[cast.committee.pk, OrgKind.GENERAL_BRANCH]),
        {"name": "机关党总支"},
    )
    general = Organization.objects.get(name="机关党总支")
    answer = client.post(reverse("branches:organization_move", args=[cast.ours.pk]), {"parent": general.pk})
    assert answer.status_code == 302
    cast.ours.refresh_from_db()
    cast.group.refresh_from_db()
    cast.members["member"].refresh_from_db()
    assert cast.ours.path.startswith(general.path)
    assert cast.group.path == cast.ours.path + cast.group.path[-5:]
    assert cast.members["member"].path == cast.group.path


def test_an_excuse_for_any_day_of_a_quarter_covers_that_quarter(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    url = reverse("branches:excuse_create", args=[cast.ours.pk])
    answer = client.post(url, {"code": "MTG-1", "period_start": "2026-11-17", "reason": "全镇防汛"})
    assert answer.status_code == 302
    assert cast.ours.excuses.get().period_start == date(2026, 10, 1)


def test_an_excuse_is_withdrawn_with_a_reason(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    url = reverse("branches:excuse_create", args=[cast.ours.pk])
    client.post(url, {"code": "MTG-5", "period_start": "2026-11-17", "reason": "全镇防汛"})
    excuse = cast.ours.excuses.get()
    words = client.get(reverse("branches:organization_detail", args=[cast.ours.pk])).content.decode()
    assert "全镇防汛（李组织，2026-11-20 同意）" in words
    assert reverse("branches:excuse_withdraw", args=[excuse.pk]) in words
    answer = client.post(reverse("branches:excuse_withdraw", args=[excuse.pk]), {"reason": "已补开"})
    assert answer.status_code == 302
    assert not cast.ours.excuses.exists()


def test_a_name_that_stands_already_is_refused_in_words(cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    url = reverse("branches:organization_create", args=[cast.committee.pk, OrgKind.BRANCH])
    data = {"name": cast.sibling.name, "form": BranchForm.ORDINARY, "units_covered": "1"}
    page = client.post(url, data)
    assert page.status_code == 422
    assert "同一上级下已有同名党组织。" in page.content.decode()
    assert not Organization.objects.filter(name=cast.sibling.name).exclude(pk=cast.sibling.pk).exists()


def test_a_group_has_no_terms(cast, sign_in) -> None:
    url = reverse("branches:term_create", args=[cast.group.pk])
    data = {"number": 1, "starts_on": "2026-10-08", "years": 3}
    page = sign_in(cast["secretary"]).post(url, data)
    assert "党小组没有届次" in page.content.decode()


def test_a_secretary_who_is_still_to_go_leaves_no_room_for_another(cast) -> None:
    old = Post.objects.get(person=cast["secretary"], kind=PostKind.SECRETARY)
    end_post(post=old, ends_on=date(2026, 12, 31), reason="届满", actor=cast["organizer"])
    new = {"person": cast["member"], "organization": cast.ours, "kind": PostKind.SECRETARY}
    with pytest.raises(WrongPost, match="已有在任书记"):
        create_post(starts_on=date(2026, 11, 20), actor=cast["organizer"], **new)
    assert create_post(starts_on=date(2026, 12, 31), actor=cast["organizer"], **new).pk


def test_only_committees_and_general_branches_are_offered_as_parents(cast, sign_in) -> None:
    page = sign_in(cast["organizer"]).get(reverse("branches:organization_move", args=[cast.ours.pk]))
    assert list(page.context["form"].fields["parent"].queryset) == [cast.committee]


@pytest.mark.parametrize(("thing", "words"), [("group", "由支部决定"), ("ours", "由上级党委批准")])
def test_a_group_is_dissolved_by_its_branch(cast, sign_in, thing: str, words: str) -> None:
    url = reverse("branches:organization_close", args=[getattr(cast, thing).pk])
    assert words in sign_in(cast["organizer"]).get(url).content.decode()


def test_a_term_beyond_the_calendar_is_a_bad_request(cast, sign_in) -> None:
    answer = sign_in(cast["organizer"]).post(
        reverse("branches:term_create", args=[cast.ours.pk]),
        {"number": 9, "starts_on": "9999-12-31", "years": 3},
    )
    assert answer.status_code == 400


def test_the_form_of_a_term_starts_from_the_kind_of_body_and_the_last_term(cast, sign_in) -> None:
    def offered(organization: Organization) -> dict[str, object]:
        page = sign_in(cast["organizer"]).get(reverse("branches:term_create", args=[organization.pk]))
        form = page.context["form"]
        return {name: form[name].value() for name in ("number", "years", "with_committee")}

    Term.objects.filter(organization=cast.sibling).update(with_committee=False)
    assert offered(cast.sibling) == {"number": 4, "years": 3, "with_committee": False}
    assert offered(cast.committee) == {"number": 1, "years": 5, "with_committee": True}


def test_only_those_who_may_end_a_post_are_offered_it(cast, sign_in) -> None:
    def ends(role: str) -> int:
        url = reverse("branches:organization_detail", args=[cast.ours.pk])
        return sign_in(cast[role]).get(url).content.decode().count("/end/")

    assert (ends("organizer"), ends("secretary"), ends("member")) == (6, 5, 0)


def test_an_operator_ends_the_post_of_a_topmost_committee_that_he_may_fill(cast, sign_in) -> None:
    top, below = (Post.objects.get(person=cast[role]) for role in ("organizer", "secretary"))
    client = sign_in(cast["operator"])
    assert client.get(reverse("branches:post_end", args=[top.pk])).status_code == 200
    assert client.get(reverse("branches:post_end", args=[below.pk])).status_code == 404
