"""The rules as data: every one cites a known text and can be followed by a part-time secretary."""

from datetime import date, timedelta

import pytest

from apps.rules.cadences import CADENCES, Cadence, Override, cadences_in_force, cadences_since
from apps.rules.kinds import Matter, Period, Strength, Sureness
from apps.rules.norms import NORMS
from apps.rules.quorum import MATTER_RULES
from apps.rules.regulations import REGULATIONS, Norm

RULES = [*CADENCES, *NORMS.values()]
JULY = date(2026, 7, 1)


def local_rule(code: str = "MTG-4", **fields: object) -> Override:
    given: dict[str, object] = {
        "valid_from": JULY,
        "reason": "示例党发〔2026〕1号",
        "by_name": "示例党委",
        "depth": 1,
    }
    return Override(code=code, **(given | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_cites_a_known_regulation_and_has_five_lines_of_advice(rule: Cadence | Norm) -> None:
    assert rule.regulation in REGULATIONS
    assert rule.citation.startswith(REGULATIONS[rule.regulation].title)
    assert rule.article
    assert rule.title
    assert rule.plain_words.endswith("。")
    assert len(rule.how_to) == 5
    assert all(0 < len(line) <= 30 for line in rule.how_to)


def test_the_rulebook_holds_every_rule_of_the_chapters() -> None:
    expected = {
        *(f"SET-{number}" for number in range(1, 12)),
        *(f"MTG-{number}" for number in range(1, 8)),
        *(f"VOTE-{number}" for number in range(1, 9)),
        *(f"OL-{number}" for number in range(1, 4)),
        *(f"EV-{number}" for number in range(1, 9)),
        *(f"TALK-{number}" for number in range(1, 5)),
        *(f"EL-{number}" for number in range(1, 7)),
        *(f"EDU-{number}" for number in (1, 2, 5)),
    }
    assert sorted(rule.code for rule in RULES) == sorted(expected)


def test_a_number_still_to_be_checked_is_never_called_verified() -> None:
    unsure = [rule for rule in RULES if "条号待核对" in rule.article]
    assert unsure
    assert all(rule.sureness is not Sureness.VERIFIED for rule in unsure)


def test_a_cadence_that_may_not_apply_says_why() -> None:
    assert all(
        cadence.not_applicable_words.endswith("。")
        for cadence in CADENCES
        if cadence.applies_when != "always" or cadence.min_count == 0
    )


def test_every_matter_follows_a_rule_of_the_rulebook() -> None:
    assert set(MATTER_RULES) == set(Matter)
    assert all(rule.rule_code in NORMS for rule in MATTER_RULES.values())
    assumed = {matter for matter, rule in MATTER_RULES.items() if rule.assumed}
    assert assumed == {Matter.DISCIPLINE, Matter.EXCLUSION, Matter.COMMITTEE_ELECTION, Matter.GROUP_OPINION}


def test_nothing_is_in_force_before_the_regulations_were_issued() -> None:
    assert cadences_in_force(date(2018, 10, 27)) == ()
    assert cadences_in_force(date(2018, 10, 28)) == CADENCES


def find(cadences: tuple[Cadence, ...], code: str) -> Cadence:
    [found] = [cadence for cadence in cadences if cadence.code == code]
    return found


def test_an_override_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    rule = local_rule(period=Period.QUARTER, min_count=1, valid_to=date(2027, 1, 1))
    counts = {
        day: find(cadences_in_force(day, [rule]), "MTG-4").min_count
        for day in (JULY - timedelta(days=1), JULY, date(2026, 12, 31), date(2027, 1, 1))
    }
    assert list(counts.values()) == [0, 1, 1, 0]


def test_an_override_keeps_what_it_replaces_and_why() -> None:
    changed = find(cadences_in_force(JULY, [local_rule(period=Period.QUARTER, min_count=1)]), "MTG-4")
    assert changed.override_of == find(CADENCES, "MTG-4")
    assert (changed.period, changed.min_count, changed.strength) == (Period.QUARTER, 1, Strength.LOCAL)
    assert (changed.override_reason, changed.override_by) == ("示例党发〔2026〕1号", "示例党委")
    assert changed.plain_words.startswith("示例党委规定：每季度至少1次")


def test_the_nearest_committee_wins_and_of_its_rules_the_newer_one() -> None:
    far = local_rule(min_count=4, depth=0)
    near = local_rule(min_count=2, depth=2, valid_from=date(2026, 1, 1))
    newer = local_rule(min_count=3, depth=2, valid_from=date(2026, 6, 1))
    assert find(cadences_in_force(JULY, [far, near]), "MTG-4").min_count == 2
    assert find(cadences_in_force(JULY, [newer, far, near]), "MTG-4").min_count == 3


def test_an_override_of_one_rule_leaves_the_others_alone() -> None:
    others = [item for item in cadences_in_force(JULY, [local_rule(min_count=2)]) if item.code != "MTG-4"]
    assert others == [item for item in CADENCES if item.code != "MTG-4"]


def test_versions_over_time_are_cut_at_each_change() -> None:
    rule = local_rule(min_count=2, valid_to=date(2026, 10, 1))
    versions = [item for item in cadences_since(date(2026, 1, 1), [rule]) if item.code == "MTG-4"]
    assert [(item.min_count, item.valid_from, item.valid_to) for item in versions] == [
        (0, date(2018, 10, 28), JULY),
        (2, JULY, date(2026, 10, 1)),
        (0, date(2026, 10, 1), None),
    ]


def test_a_farther_committee_that_changes_its_mind_does_not_cut_the_nearer_rule() -> None:
    near = local_rule(min_count=2, depth=2)
    far = local_rule(min_count=4, depth=0, valid_from=date(2026, 8, 1), valid_to=date(2026, 9, 1))
    [found] = [item for item in cadences_in_force(date(2026, 11, 1), [near, far]) if item.code == "MTG-4"]
    assert (found.min_count, found.valid_from, found.valid_to) == (2, JULY, None)


def test_versions_that_ended_before_are_left_out() -> None:
    rule = local_rule(min_count=2, valid_to=date(2026, 10, 1))
    counts = [item.min_count for item in cadences_since(date(2026, 10, 1), [rule]) if item.code == "MTG-4"]
    assert counts == [0]


def test_without_overrides_the_versions_are_the_rules_themselves() -> None:
    assert cadences_since(date(2026, 1, 1)) == CADENCES


def test_a_threshold_holds_from_the_day_of_its_own_regulation():
    since = {code: NORMS[code].valid_from for code in ("SET-1", "VOTE-3", "VOTE-2", "OL-2")}

    assert since["SET-1"] == date(2018, 10, 28)
    assert since["VOTE-3"] == date(2020, 7, 13)
    assert since["VOTE-2"] == date(2014, 1, 1), "the text of 2014 asked the same"
