"""Coverage of talks, case by case: the facts in, what is asked and done out."""

from dataclasses import replace
from datetime import date

import pytest

from apps.rules.cadences import Override
from apps.rules.kinds import TalkOccasion, TalkPair
from apps.rules.talks import (
    BEFORE_MEETING,
    PAIRS,
    WITH_COMMITTEE,
    WITH_MEMBER,
    Talker,
    TalkFacts,
    TalkRule,
    count_words,
    coverage,
    in_year,
    is_behind,
    next_for,
    pair_of,
    reached,
    rule_in_force,
    still_to_come,
)

ONCE = TalkRule(pairs=1, with_committee=1, with_member=1)
HEAD, DEPUTY, CLERK = (
    Talker(id=number, name=name, on_committee=True)
    for number, name in enumerate(("甲书记", "乙副书记", "丙委员"), 1)
)
ANN, BO, CAI = (Talker(id=number, name=name) for number, name in enumerate(("丁", "戊", "己"), 4))
EVERYBODY = (HEAD, DEPUTY, CLERK, ANN, BO, CAI)
DAY = date(2026, 5, 8)


def talk(*people: Talker, **fields: object) -> TalkFacts:
    committee = frozenset(one.id for one in people if one.on_committee)
    given: dict = {
        "id": 1,
        "held_on": DAY,
        "people": frozenset(one.id for one in people),
        "pair": pair_of([one.on_committee for one in people]),
        "occasion": TalkOccasion.ROUTINE,
        "committee": committee,
    }
    return TalkFacts(**(given | fields))


def lacking(*talks: TalkFacts, people: tuple[Talker, ...] = EVERYBODY, rule: TalkRule = ONCE) -> list[str]:
    """What is still to come, as 甲-乙 for two people, 丁+支委 and 丁+党员 for anybody of a kind."""
    words = {TalkPair.MIXED: "支委", TalkPair.MEMBERS: "党员"}
    return [
        f"{item.first.name[0]}-{item.second.name[0]}"
        if item.second
        else f"{item.first.name[0]}+{words[item.pair]}"
        for item in still_to_come(coverage(people, talks, rule=rule))
    ]


def test_nothing_held_asks_for_every_pair_of_the_committee_and_two_talks_of_each_member() -> None:
    cover = coverage(EVERYBODY, [], rule=ONCE)
    assert (cover.asked, cover.done) == (9, 0)
    assert lacking() == [
        "甲-乙",
        "甲-丙",
        "乙-丙",
        "丁+支委",
        "戊+支委",
        "己+支委",
        "丁+党员",
        "戊+党员",
        "己+党员",
    ]


@pytest.mark.parametrize(
    ("held", "done"),
    [
        ([(HEAD, DEPUTY)], {"甲-乙"}),
        ([(HEAD, ANN)], {"丁+支委"}),
        ([(ANN, BO)], {"丁+党员", "戊+党员"}),
        ([(HEAD, ANN, BO)], {"丁+支委", "戊+支委", "丁+党员", "戊+党员"}),
        ([(HEAD, DEPUTY, CLERK)], {"甲-乙", "甲-丙", "乙-丙"}),
        ([(HEAD, ANN), (HEAD, ANN), (DEPUTY, ANN)], {"丁+支委"}),
    ],
)
def test_a_talk_settles_what_it_settles(held: list, done: set) -> None:
    assert set(lacking()) - set(lacking(*[talk(*people) for people in held])) == done


def test_what_was_committee_then_counts_as_committee_now() -> None:
    """The former secretary is a plain member today; the talk he held in office was one with the committee."""
    former = replace(HEAD, on_committee=False)
    people = (former, DEPUTY, CLERK, ANN, BO, CAI)
    held = talk(former, ANN, committee=frozenset({former.id}))
    assert "丁+支委" not in lacking(held, people=people)
    assert "丁+党员" in lacking(held, people=people)


def test_a_reminder_talk_counts_for_nothing() -> None:
    held = talk(HEAD, ANN, occasion=TalkOccasion.REMINDER)
    assert lacking(held) == lacking()
    assert in_year([held], 2026) == []
    assert reached([ANN], [held]) == 0


def test_a_branch_without_a_committee_has_its_secretary_only() -> None:
    people = (HEAD, ANN, BO)
    assert lacking(people=people) == ["丁+支委", "戊+支委", "丁+党员", "戊+党员"]


def test_a_member_alone_is_asked_for_no_talk_with_another() -> None:
    assert lacking(people=(HEAD, ANN)) == ["丁+支委"]


def test_somebody_who_left_is_asked_for_nothing_and_his_talks_still_count_for_the_others() -> None:
    assert lacking(talk(ANN, CAI), people=(HEAD, ANN, BO)) == ["戊+支委", "丁+支委", "戊+党员"]


def test_twice_a_year_where_a_committee_above_asks_for_it() -> None:
    twice = TalkRule(pairs=0, with_committee=2, with_member=0)
    assert lacking(talk(HEAD, ANN), rule=twice) == ["戊+支委", "己+支委", "丁+支委"]
    assert lacking(talk(HEAD, ANN), talk(DEPUTY, ANN), rule=twice) == ["戊+支委", "己+支委"]


def test_who_waited_longest_comes_first() -> None:
    held = [talk(BO, CAI, held_on=date(2026, 1, 5)), talk(ANN, CAI, held_on=date(2026, 2, 5))]
    only_committee = TalkRule(pairs=0, with_committee=1, with_member=0)
    assert lacking(*held, rule=only_committee) == ["戊+支委", "丁+支委", "己+支委"]


def test_next_for_one_person_are_the_pairs_he_is_in_and_his_own_gaps() -> None:
    cover = coverage(EVERYBODY, [talk(HEAD, DEPUTY)], rule=ONCE)
    assert [(item.first.id, item.second.id) for item in next_for(CLERK.id, cover)] == [(1, 3), (2, 3)]
    assert [item.pair for item in next_for(ANN.id, cover)] == [TalkPair.MIXED, TalkPair.MEMBERS]


def test_before_the_meeting_the_committee_among_themselves_and_with_every_member() -> None:
    assert lacking(talk(HEAD, DEPUTY), talk(HEAD, ANN), rule=BEFORE_MEETING) == [
        "甲-丙",
        "乙-丙",
        "戊+支委",
        "己+支委",
    ]


def local(code: str, **fields: object) -> Override:
    given = {"valid_from": date(2026, 1, 1), "reason": "文件", "by_name": "镇党委", "depth": 5}
    return Override(code=code, **(given | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([], (1, 1, 1)),
        ([local(PAIRS, applies=False)], (0, 1, 1)),
        ([local(WITH_COMMITTEE, min_count=2)], (1, 2, 1)),
        ([local(WITH_MEMBER, applies=False), local(WITH_MEMBER, depth=10, applies=True)], (1, 1, 1)),
        ([local(PAIRS, min_count=2, valid_to=date(2026, 3, 1))], (1, 1, 1)),
        ([local("MTG-1", applies=False)], (1, 1, 1)),
    ],
)
def test_a_committee_above_waives_or_asks_for_more(overrides: list, expected: tuple) -> None:
    rule = rule_in_force(overrides, on=DAY)
    assert (rule.pairs, rule.with_committee, rule.with_member) == expected


@pytest.mark.parametrize(
    ("on_committee", "pair"),
    [
        ((True, True), TalkPair.COMMITTEE),
        ((True, False), TalkPair.MIXED),
        ((False, False), TalkPair.MEMBERS),
        ((True, False, False), TalkPair.MIXED),
    ],
)
def test_the_kind_follows_from_the_posts(on_committee: tuple, pair: TalkPair) -> None:
    assert pair_of(on_committee) is pair


@pytest.mark.parametrize(
    ("fields", "behind"),
    [
        ({}, False),
        ({"done": 9}, True),
        ({"done": 9, "today": date(2026, 9, 30)}, False),
        ({"last_year": 2025}, True),
        ({"last_year": None}, False),
        ({"last_year": None, "kept_since": date(2026, 1, 1)}, True),
        ({"last_year": None, "kept_since": date(2026, 1, 2)}, False),
        ({"asked": 0, "done": 0}, False),
    ],
)
def test_a_branch_lags_past_september_with_less_than_half(fields: dict, behind: bool) -> None:
    usual = {"asked": 20, "done": 10, "last_year": 2026, "today": date(2026, 10, 1), "kept_since": None}
    assert is_behind(**(usual | fields)) is behind


@pytest.mark.parametrize(
    ("count", "words"), [(0, "未开展"), (1, "已开展"), (2, "已开展"), (3, "3"), (41, "41")]
)
def test_a_small_number_is_only_some(count: int, words: str) -> None:
    assert count_words(count) == words
