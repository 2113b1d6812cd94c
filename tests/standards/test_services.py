"""What a committee may set, and what the past, the rank and the numbers forbid."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.audit.models import Deed
from apps.rules.kinds import EvidenceSort
from apps.standards import services, services_local, services_notes
from apps.standards.models import (
    FigureNote,
    LevelOverride,
    Standard,
    StandardEvidence,
    StandardSwitch,
    StandardVersion,
)
from apps.ui.refusals import Refusal, Stale
from tests.conftest import NOW, TODAY, Cast
from tests.standards import makers

DAY = timedelta(days=1)
SOON = TODAY + 10 * DAY


def update(cast: Cast, standard: Standard, **fields: Any) -> Standard:
    given = {"version": standard.version, "text": makers.text(title="新的标题"), "valid_from": SOON}
    return services.update_standard(standard=standard, actor=cast["organizer"], today=TODAY, **given | fields)


def switch_off(cast: Cast, standard: Standard, **fields: Any) -> StandardSwitch:
    given = {"organization": cast.committee, "valid_from": TODAY, "valid_to": None, "reason": "文件"}
    told = {"actor": cast["organizer"], "today": TODAY, "idempotency_key": uuid.uuid4()}
    return services_local.switch_off(standard=standard, **given | told | fields)


def override(cast: Cast, **fields: Any) -> LevelOverride:
    given = {"organization": cast.committee, "measure": "participation", "good": 90, "warn": 80}
    told = {"actor": cast["organizer"], "today": TODAY, "idempotency_key": uuid.uuid4()}
    dates = {"valid_from": TODAY, "valid_to": None, "reason": "文件"}
    return services_local.override_levels(**given | told | dates | fields)


def note(cast: Cast, **fields: Any) -> FigureNote:
    given = {"organization": cast.ours, "year": 2026, "measure": "participation", "text": "外出的多"}
    told = {"actor": cast["secretary"], "now": NOW, "idempotency_key": uuid.uuid4()}
    return services_notes.write_note(**given | told | fields)


def test_a_standard_is_entered_once_however_often_it_is_sent(cast: Cast) -> None:
    key = uuid.uuid4()
    sent = {"organization": cast.committee, "code": "镇-1", "text": makers.text(), "valid_from": TODAY}
    made = [services.create_standard(**sent, actor=cast["organizer"], idempotency_key=key) for _ in range(2)]
    assert made[0] == made[1]
    assert list(Deed.objects.values_list("action", "path")) == [("standard.created", cast.committee.path)]


@pytest.mark.parametrize(
    ("place", "code", "words"),
    [
        ("committee", "Z1.1", "系统自带标准的编号"),
        ("committee", "镇-1", "“青川镇党委”已有编号为 镇-1 的标准"),
        ("ours", "镇-1", "“青川镇党委”已有编号为 镇-1 的标准"),
        ("committee", "二-1", "“机关二支部”已有编号为 二-1 的标准"),
        ("committee", "镇 2", "编号只能用汉字"),
        ("committee", "", "编号只能用汉字"),
        ("committee", "长" * 21, "编号只能用汉字"),
        ("group", "组-1", "不登记在党小组"),
    ],
)
def test_codes_that_would_meet_in_one_branch_are_refused(
    place: str, code: str, words: str, cast: Cast
) -> None:
    makers.shipped()
    makers.local(cast.committee)
    makers.local(cast.sibling, code="二-1")
    with pytest.raises(Refusal, match=words):
        makers.local(getattr(cast, place), code=code)


def test_committees_that_never_meet_may_use_the_same_code(cast: Cast) -> None:
    makers.local(cast.committee)
    makers.local(cast.elsewhere_committee)
    makers.local(cast.ours, code="支-1")
    makers.local(cast.sibling, code="支-1")
    assert Standard.objects.count() == 4


def test_a_standard_without_evidence_is_refused(cast: Cast) -> None:
    with pytest.raises(services.NoEvidence):
        makers.local(cast.committee, text=makers.text(evidence=()))
    assert Standard.objects.count() == 0


def test_a_new_version_closes_the_one_before(cast: Cast) -> None:
    standard = update(cast, makers.local(cast.committee))
    found = standard.versions.order_by("number").values_list("number", "title", "valid_from", "valid_to")
    assert list(found) == [
        (1, "活动室每月开放", makers.SINCE, SOON),
        (2, "新的标题", SOON, None),
    ]
    deed = Deed.objects.get(action="standard.updated")
    assert [(c["label"], c["before"], c["after"]) for c in deed.changes] == [
        ("标题", "活动室每月开放", "新的标题")
    ]


def test_days_that_have_passed_are_never_rewritten(cast: Cast) -> None:
    standard = makers.local(cast.committee)
    for day in (TODAY - DAY, makers.SINCE, date(2019, 1, 1)):
        with pytest.raises(services.PastDay):
            update(cast, standard, valid_from=day)
        with pytest.raises(services.PastDay):
            services.end_standard(
                standard=standard, version=1, valid_to=day, actor=cast["organizer"], today=TODAY
            )
    assert StandardVersion.objects.get().valid_to is None


def test_a_version_that_has_not_begun_is_worded_anew_and_may_move(cast: Cast) -> None:
    standard = update(cast, makers.local(cast.committee))
    standard = update(cast, standard, text=makers.text(title="更新的标题"), valid_from=SOON + DAY)
    found = standard.versions.order_by("number").values_list("number", "title", "valid_from", "valid_to")
    assert list(found) == [
        (1, "活动室每月开放", makers.SINCE, SOON + DAY),
        (2, "更新的标题", SOON + DAY, None),
    ]


def test_the_same_text_again_is_no_new_version(cast: Cast) -> None:
    with pytest.raises(services.NothingNew):
        update(cast, makers.local(cast.committee), text=makers.text())


def test_a_change_to_what_somebody_else_changed_is_stale(cast: Cast) -> None:
    standard = makers.local(cast.committee)
    update(cast, standard)
    with pytest.raises(Stale):
        update(cast, standard)


def test_an_ended_standard_stays_ended(cast: Cast) -> None:
    standard = makers.local(cast.committee)
    ended = services.end_standard(
        standard=standard, version=1, valid_to=SOON, actor=cast["organizer"], today=TODAY
    )
    with pytest.raises(services.Ended):
        update(cast, ended)


def test_what_ships_is_not_changed(cast: Cast) -> None:
    with pytest.raises(services.NotOurs):
        update(cast, makers.shipped())


def test_a_standard_is_switched_off_once_at_a_time(cast: Cast) -> None:
    standard = makers.shipped()
    switch_off(cast, standard, valid_to=SOON)
    with pytest.raises(services_local.Overlapping):
        switch_off(cast, standard, valid_from=SOON - DAY)
    switch_off(cast, standard, valid_from=SOON)
    switch_off(cast, standard, organization=cast.ours)
    assert StandardSwitch.objects.count() == 3


def test_switching_off_does_not_reach_back(cast: Cast) -> None:
    with pytest.raises(services.PastDay):
        switch_off(cast, makers.shipped(), valid_from=TODAY - DAY)


def test_a_local_standard_is_switched_off_within_its_subtree_only(cast: Cast) -> None:
    standard = makers.local(cast.ours)
    with pytest.raises(services_local.NotHeldHere):
        switch_off(cast, standard)
    with pytest.raises(services_local.NotHeldHere):
        switch_off(cast, standard, organization=cast.sibling)


def test_a_switch_of_today_is_taken_back_altogether(cast: Cast) -> None:
    switch = switch_off(cast, makers.shipped())
    services_local.switch_on(switch=switch, valid_to=TODAY, actor=cast["organizer"], today=TODAY)
    assert StandardSwitch.objects.count() == 0
    assert Deed.objects.get(action="standard.switched_on").reason == "尚未生效，撤回"


def test_an_old_switch_ends_and_cannot_end_twice(cast: Cast) -> None:
    switch = switch_off(cast, makers.shipped())
    StandardSwitch.objects.update(valid_from=TODAY - 30 * DAY)
    services_local.switch_on(switch=switch, valid_to=TODAY, actor=cast["organizer"], today=TODAY)
    assert StandardSwitch.objects.get().valid_to == TODAY
    with pytest.raises(services_local.AlreadyEnded):
        services_local.switch_on(switch=switch, valid_to=SOON, actor=cast["organizer"], today=TODAY)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"good": 80, "warn": 90}, "提示线不能高于良好线"),
        ({"good": 120}, "良好线不能高于 100%"),
        ({"measure": "no_such_measure"}, "没有这项指标"),
        ({"valid_from": TODAY - DAY}, "不能改写"),
        ({"organization": "group"}, "不登记在党小组"),
    ],
)
def test_levels_that_make_no_sense_are_refused(fields: dict[str, Any], words: str, cast: Cast) -> None:
    if fields.get("organization") == "group":
        fields = {"organization": cast.group}
    with pytest.raises(Refusal, match=words):
        override(cast, **fields)
    assert LevelOverride.objects.count() == 0


def test_a_counted_measure_may_ask_for_more_than_a_hundred(cast: Cast) -> None:
    assert override(cast, measure="public_participants", good=300, warn=100).good == 300


def test_levels_are_set_once_at_a_time(cast: Cast) -> None:
    override(cast)
    with pytest.raises(services_local.Overlapping):
        override(cast, valid_from=SOON)
    override(cast, measure="tasks_on_time")
    override(cast, organization=cast.ours)


def test_the_same_submission_twice_is_one(cast: Cast) -> None:
    key = uuid.uuid4()
    assert override(cast, idempotency_key=key) == override(cast, idempotency_key=key)
    standard, key = makers.shipped(), uuid.uuid4()
    twice = [switch_off(cast, standard, idempotency_key=key) for _ in range(2)]
    assert twice[0] == twice[1]
    key = uuid.uuid4()
    assert note(cast, idempotency_key=key) == note(cast, idempotency_key=key)


def test_a_note_keeps_its_earlier_texts(cast: Cast) -> None:
    first = note(cast)
    services_notes.change_note(
        note=first, version=1, text="外出的有 12 名", actor=cast["deputy"], now=NOW + DAY
    )
    first.refresh_from_db()
    assert (first.text, first.written_by, first.written_at) == ("外出的有 12 名", cast["deputy"], NOW + DAY)
    earlier = first.earlier.values_list("text", "written_by", "written_at")
    assert list(earlier) == [("外出的多", cast["secretary"].pk, NOW)]
    with pytest.raises(Stale):
        services_notes.change_note(note=first, version=1, text="x", actor=cast["secretary"], now=NOW)


def test_a_figure_has_one_note_and_another_after_it_was_withdrawn(cast: Cast) -> None:
    first = note(cast)
    with pytest.raises(services_notes.AlreadyNoted):
        note(cast)
    services_notes.withdraw_note(note=first, reason="已补录", actor=cast["secretary"], now=NOW)
    with pytest.raises(services_notes.Withdrawn):
        services_notes.change_note(note=first, version=2, text="x", actor=cast["secretary"], now=NOW)
    assert note(cast).pk != first.pk


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"year": 2027}, "还没有这一年的数字"),
        ({"measure": "nothing"}, "没有这项指标"),
        ({"organization": "committee"}, "说明写在党支部的数字上"),
    ],
)
def test_a_note_needs_a_figure(fields: dict[str, Any], words: str, cast: Cast) -> None:
    if "organization" in fields:
        fields = {"organization": cast.committee}
    with pytest.raises(Refusal, match=words):
        note(cast, **fields)


def test_the_database_itself_refuses_what_contradicts_itself(cast: Cast) -> None:
    standard, level = makers.local(cast.committee), override(cast)
    version = standard.versions.get()
    wrong = [
        lambda: StandardVersion.objects.filter(pk=version.pk).update(valid_to=makers.SINCE),
        lambda: StandardVersion.objects.filter(pk=version.pk).update(aspect="looks"),
        lambda: LevelOverride.objects.filter(pk=level.pk).update(warn=99),
        lambda: StandardEvidence.objects.create(version=version, sort=EvidenceSort.REVIEW, key="x"),
        lambda: StandardEvidence.objects.create(version=version, sort=EvidenceSort.MEASURE, key=""),
        lambda: StandardEvidence.objects.create(version=version, sort=EvidenceSort.REVIEW),
        lambda: Standard.objects.create(code="无主"),
        lambda: Standard.objects.filter(pk=standard.pk).update(code=""),
        lambda: standard.versions.create(
            number=2, title="x", aspect="duty", polarity="positive", requirement="x", valid_from=SOON
        ),
    ]
    for write in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_a_constraint_speaks_chinese(cast: Cast) -> None:
    level = override(cast)
    level.warn = 99
    with pytest.raises(ValidationError, match="提示线不能高于良好线。"):
        level.full_clean()
