"""Writing one record: what is refused, what follows, what the trail keeps."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from apps.audit.models import Deed
from apps.branches import changes
from apps.members import services, services_state
from apps.members.id_numbers import read_id_number
from apps.members.models import Member
from apps.members.roster_checks import index_of
from apps.rules.kinds import ElectionExclusion, ExemptReason, MembershipState, MemberStatus, VoteException
from apps.ui.refusals import Refusal, Stale
from tests import factories
from tests.conftest import TODAY, Cast
from tests.members.rosters import id_number


def create(cast: Cast, **fields: Any) -> Member:
    given: dict[str, Any] = {
        "branch": cast.ours,
        "name": "林晓",
        "actor": cast["secretary"],
        "today": TODAY,
        "idempotency_key": uuid.uuid4(),
        "status": MemberStatus.FULL,
        "admitted_on": date(2010, 6, 20),
        "full_since": date(2011, 6, 20),
    }
    return services.create_member(**{**given, **fields})


def update(cast: Cast, member: Member, **fields: Any) -> Member:
    given = {"member": member, "version": member.version, "actor": cast["secretary"], "today": TODAY}
    return services.update_member(**{**given, **fields})


def refused(call: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.message, caught.value.field


def test_a_new_member_is_a_new_person_with_an_index(cast: Cast) -> None:
    member = create(cast, id_number=id_number(), group=cast.group)
    assert (member.person.name, member.person.username, member.person.initials) == ("林晓", None, "lx")
    assert member.id_index == index_of(read_id_number(id_number()))
    assert (member.born_on, member.sex, member.path) == (date(1985, 3, 12), "male", cast.group.path)
    assert Deed.objects.get(action="member.created").path == cast.group.path


def test_the_same_submission_twice_makes_one_member(cast: Cast) -> None:
    key = uuid.uuid4()
    assert create(cast, idempotency_key=key).pk == create(cast, idempotency_key=key).pk
    assert Member.objects.filter(person__name="林晓").count() == 1


def test_an_old_and_a_new_number_of_one_person_are_the_same(cast: Cast) -> None:
    number = id_number()
    create(cast, id_number=number[:6] + number[8:17])
    message, field = refused(lambda: create(cast, name="另一", id_number=number))
    assert (message, field) == ("该身份证号已登记在“机关一支部”的林晓名下。", "id_number")


def test_a_number_outside_ones_reach_is_not_told_of(cast: Cast) -> None:
    create(cast, branch=cast.elsewhere, id_number=id_number())
    message, _ = refused(lambda: create(cast, id_number=id_number()))
    assert message == "该身份证号已在其他党组织登记，请联系上级组织员。"


def test_the_database_too_refuses_the_same_number_twice(cast: Cast) -> None:
    first = create(cast, id_number=id_number())
    second = factories.make_member(cast.ours)
    second.id_index = first.id_index
    message, field = refused(lambda: services.write_row(member=second))
    assert (message, field) == ("该身份证号已在其他党组织登记，请联系上级组织员。", "id_number")


@pytest.mark.parametrize(
    ("fields", "words", "field"),
    [
        ({"id_number": "123"}, "身份证号应为 18 位，现为 3 位。", "id_number"),
        ({"id_number": id_number(), "sex": "female"}, "与身份证号不一致（身份证号表示男性）。", "sex"),
        (
            {"id_number": id_number(), "born_on": date(1985, 3, 13)},
            "与身份证号中的出生日期 1985-03-12 不一致。",
            "born_on",
        ),
        ({"born_on": date(1995, 1, 1)}, "入党时未满 18 周岁（出生于 1995-01-01）。", "admitted_on"),
        (
            {"full_since": date(2011, 6, 19)},
            "转正日期 2011-06-19 应在入党日期 2010-06-20 满一年之后。",
            "full_since",
        ),
        ({"status": MemberStatus.PROBATIONARY}, "预备党员不填转正日期。", "full_since"),
        (
            {"admitted_on": date(2025, 11, 21), "full_since": None},
            "入党不满一年，还不是正式党员。",
            "status",
        ),
        (
            {"born_on": date(2010, 1, 1), "admitted_on": None, "full_since": None},
            "至今未满 18 周岁（出生于 2010-01-01）。",
            "born_on",
        ),
        (
            {"admitted_on": date(2026, 11, 21), "full_since": None},
            "日期 2026-11-21 在今天之后。",
            "admitted_on",
        ),
    ],
)
def test_what_cannot_be_true_is_refused_at_its_field(
    cast: Cast, fields: dict[str, Any], words: str, field: str
) -> None:
    assert refused(lambda: create(cast, **fields)) == (words, field)


@pytest.mark.parametrize(
    ("born", "admitted", "allowed"),
    [
        (date(1992, 6, 20), date(2010, 6, 20), True),
        (date(1992, 6, 21), date(2010, 6, 20), False),
        (date(1992, 2, 29), date(2010, 2, 28), True),
    ],
)
def test_eighteen_is_counted_to_the_day(cast: Cast, born: date, admitted: date, allowed: bool) -> None:
    fields = {
        "born_on": born,
        "admitted_on": admitted,
        "full_since": None,
        "status": MemberStatus.PROBATIONARY,
    }
    if allowed:
        assert create(cast, **fields).pk
    else:
        assert refused(lambda: create(cast, **fields))[1] == "admitted_on"


def test_a_namesake_without_number_is_asked_for_one(cast: Cast) -> None:
    create(cast, born_on=date(1980, 1, 1))
    assert refused(lambda: create(cast, born_on=date(1980, 1, 1)))[1] == "name"
    assert create(cast, born_on=date(1981, 1, 1)).pk


def test_a_group_of_another_branch_is_refused(cast: Cast) -> None:
    assert refused(lambda: create(cast, branch=cast.sibling, group=cast.group))[1] == "group"


def test_a_stale_save_is_refused_and_writes_nothing(cast: Cast) -> None:
    member = create(cast)
    opened = Member.objects.get(pk=member.pk)
    update(cast, member, education="大专")
    with pytest.raises(Stale):
        update(cast, opened, education="高中")
    assert Member.objects.get(pk=member.pk).education == "大专"


def test_an_update_leaves_what_is_not_named(cast: Cast) -> None:
    member = create(cast, mobile_phone="19912345678", group=cast.group)
    changed = update(cast, member, education="大专", name="林晓晓")
    assert (changed.person.name, changed.person.initials, changed.version) == ("林晓晓", "lxx", 2)
    assert (str(changed.mobile_phone), changed.group) == ("19912345678", cast.group)


def test_the_trail_of_an_update_holds_no_number(cast: Cast) -> None:
    member = create(cast)
    secrets = {"id_number": id_number(), "mobile_phone": "19912345678", "address": "幸福路1号"}
    update(cast, member, education="大专", **secrets)
    deed = Deed.objects.get(action="member.updated")
    words = str(deed.changes)
    assert not any(secret in words for secret in secrets.values())
    assert {change["label"] for change in deed.changes} == {
        "性别",
        "出生日期",
        "身份证号",
        "学历",
        "手机",
        "家庭住址",
    }


def test_writing_tells_the_ledger_which_branch_changed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, ...]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda *, branch_ids, **_: told.append(tuple(branch_ids))])
    member = create(cast)
    update(cast, member, education="大专")
    assert told == [(cast.ours.pk,), (cast.ours.pk,)]


def test_groups_are_assigned_to_many_and_only_the_moved_are_recorded(cast: Cast) -> None:
    chosen = [cast.members["member"], cast.members["secretary"], cast.members["sibling_member"]]
    moved = services.assign_group(branch=cast.ours, members=chosen, group=cast.group, actor=cast["secretary"])
    assert moved == 1
    assert Member.objects.get(pk=cast.members["secretary"].pk).path == cast.group.path
    assert Member.objects.get(pk=cast.members["sibling_member"].pk).group is None
    deed = Deed.objects.get(action="member.grouped")
    assert (deed.object_id, [change["after"] for change in deed.changes]) == (
        cast.members["secretary"].pk,
        ["第一小组"],
    )
    assert services.assign_group(branch=cast.ours, members=chosen, group=None, actor=cast["secretary"]) == 2
    assert Member.objects.get(pk=cast.members["secretary"].pk).path == cast.ours.path


def test_verifying_sets_the_day(cast: Cast) -> None:
    member = services.verify(member=cast.members["member"], actor=cast["secretary"], today=TODAY)
    assert (member.verified_on, member.version) == (TODAY, 2)


def test_a_reason_is_asked_and_kept_without_the_value(cast: Cast) -> None:
    member = create(cast, id_number=id_number())
    reveal = {"member": member, "field": "id_number", "actor": cast["secretary"]}
    assert refused(lambda: services.reveal_field(reason="查看", **reveal))[1] == "reason"
    assert Deed.objects.filter(action="member.revealed").count() == 0
    assert services.reveal_field(reason="核对转接介绍信", **reveal) == id_number()
    deed = Deed.objects.get(action="member.revealed")
    assert (deed.reason, deed.object_id) == ("核对转接介绍信", member.pk)
    assert deed.changes == [{"field": "id_number", "label": "身份证号", "before": "", "after": ""}]


def test_ones_own_needs_no_reason(cast: Cast) -> None:
    member = cast.members["member"]
    update(cast, member, mobile_phone="19912345678")
    member.refresh_from_db()
    value = services.reveal_field(member=member, field="mobile_phone", reason="", actor=cast["member"])
    assert value == "19912345678"


def test_nothing_recorded_is_nothing_shown(cast: Cast) -> None:
    member = cast.members["member"]
    message, _ = refused(
        lambda: services.reveal_field(
            member=member, field="id_number", reason="核对身份信息", actor=cast["secretary"]
        )
    )
    assert message == "这一项还没有登记。"


def change(cast: Cast, member: Member, **fields: Any) -> Member:
    given = {
        "member": member,
        "state": MembershipState.LEFT,
        "since": date(2026, 11, 1),
        "reason": "转往白石镇机关党支部",
        "version": member.version,
        "actor": cast["secretary"],
        "today": TODAY,
    }
    return services_state.change_state(**{**given, **fields})


def test_a_state_has_a_day_and_a_reason(cast: Cast) -> None:
    member = change(cast, cast.members["member"])
    assert (member.state, member.state_since, member.state_note) == (
        MembershipState.LEFT,
        date(2026, 11, 1),
        "转往白石镇机关党支部",
    )
    deed = Deed.objects.get(action="member.state_changed")
    assert (deed.reason, deed.changes[0]["before"], deed.changes[0]["after"]) == (
        "转往白石镇机关党支部",
        "正常",
        "已转出",
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"since": date(2026, 11, 21)}, "since"),
        ({"since": date(2009, 1, 1)}, "since"),
        ({"reason": "转走"}, "reason"),
        ({"state": MembershipState.ACTIVE}, "state"),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, fields: dict[str, Any], field: str) -> None:
    assert refused(lambda: change(cast, cast.members["member"], **fields))[1] == field


def test_nobody_leaves_with_a_post(cast: Cast) -> None:
    message, _ = refused(lambda: change(cast, cast.members["group_leader"]))
    assert message == "此人仍任“第一小组”党小组组长，请先登记免职日期。"
    assert change(cast, cast.members["group_leader"], state=MembershipState.SUSPENDED).pk


def test_a_stale_form_changes_nothing(cast: Cast) -> None:
    with pytest.raises(Stale):
        change(cast, cast.members["member"], version=7)


def common(cast: Cast, member: Member) -> dict[str, Any]:
    member.refresh_from_db()
    return {"member": member, "version": member.version, "actor": cast["secretary"]}


def test_an_exemption_needs_the_day_of_the_decision(cast: Cast) -> None:
    member = cast.members["member"]
    given = {"exempt_reason": ExemptReason.AGE, "needs_care": True, "care_note": "独居", "today": TODAY}
    given_to = common(cast, member)
    call = services_state.set_exemption
    assert refused(lambda: call(**given_to, **given, exempt_decided_on=None))[1] == "exempt_decided_on"
    done = call(**given_to, **given, exempt_decided_on=date(2026, 11, 2))
    assert (done.exempt_reason, done.exempt_decided_on, done.care_note) == (
        "age",
        date(2026, 11, 2),
        "独居",
    )
    ended = call(
        **common(cast, member),
        **{**given, "exempt_reason": "", "needs_care": False},
        exempt_decided_on=date(2026, 11, 2),
    )
    assert (ended.exempt_reason, ended.exempt_decided_on, ended.care_note) == ("", None, "")


def test_a_vote_exception_has_a_first_day_and_may_end(cast: Cast) -> None:
    member = cast.members["member"]
    given: dict[str, Any] = {
        "vote_exception": VoteException.PROBATION_IN_PARTY,
        "reason": "县纪委处分决定",
    }
    call = services_state.set_vote_exception
    none = {"vote_exception_from": None, "vote_exception_to": None}
    assert refused(lambda: call(**common(cast, member), **given, **none))[1] == "vote_exception_from"
    same = {"vote_exception_from": TODAY, "vote_exception_to": TODAY}
    assert refused(lambda: call(**common(cast, member), **given, **same))[1] == "vote_exception_to"
    dates = {"vote_exception_from": date(2026, 1, 1), "vote_exception_to": date(2027, 1, 1)}
    assert call(**common(cast, member), **given, **dates).vote_exception == "probation_in_party"
    ended = call(**common(cast, member), **{**given, "vote_exception": ""}, **dates)
    assert (ended.vote_exception, ended.vote_exception_from, ended.vote_exception_to) == ("", None, None)


def test_a_probationary_member_has_no_vote_to_lose(cast: Cast) -> None:
    member = factories.make_member(cast.ours, status=MemberStatus.PROBATIONARY)
    message, _ = refused(
        lambda: services_state.set_election_exclusion(
            **common(cast, member),
            election_exclusion=ElectionExclusion.ABROAD,
            exclusion_approved_on=None,
            exclusion_passed_on=None,
            today=TODAY,
        )
    )
    assert message == "预备党员没有表决权和选举权，不需要登记。"


def test_an_exclusion_may_wait_for_its_second_consent(cast: Cast) -> None:
    done = services_state.set_election_exclusion(
        **common(cast, cast.members["member"]),
        election_exclusion=ElectionExclusion.ABROAD,
        exclusion_approved_on=date(2026, 11, 1),
        exclusion_passed_on=None,
        today=TODAY,
    )
    assert (done.election_exclusion, done.exclusion_approved_on, done.exclusion_passed_on) == (
        "abroad",
        date(2026, 11, 1),
        None,
    )
