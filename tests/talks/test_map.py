"""The map, what a person still has to do, must-talks, the wave, and what of it leaves the branch."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.branches.services_rules import create_override
from apps.ledger.facts import talk_stand
from apps.ledger.models import Standing
from apps.ledger.services import recount, recount_all
from apps.rules.kinds import TalkOccasion, TalkPair, TalkTrigger
from apps.talks import services, services_must
from apps.talks.facts import Waiting, talk_facts, talk_years, talkers, waiting
from apps.talks.models import MustState, MustTalk, TalkWave
from tests import factories
from tests.conftest import NOW, TODAY
from tests.talks.talking import make_talk

MAP = "talks:map"


def stand_of(client, **given):
    return client.get(reverse(MAP), given).context["stand"]


def test_the_map_has_a_line_for_each_member_the_committee_first(cast, sign_in) -> None:
    make_talk(cast.members["secretary"], cast.members["member"])
    make_talk(cast.members["secretary"], cast.members["member"], held_on=date(2026, 3, 1))
    make_talk(cast.members["group_leader"], cast.members["member"])
    stand = stand_of(sign_in(cast["deputy"]))
    names = ["陈静", "冯刚", "王小兰", "吴向前", "郑明", "褚红", "卫青松"]
    assert [line.cover.person.name for line in stand.lines] == names
    member = stand.lines[-1]
    assert (member.cells, member.members, member.cover.last) == (
        ("", "", "", "2", ""),
        "1",
        date(2026, 11, 10),
    )
    # Ten pairs of five on the committee, and two talks for each of two members.
    assert (stand.cover.asked, stand.cover.done) == (14, 3)


def test_another_year_is_chosen_and_nonsense_is_this_year(cast, sign_in) -> None:
    make_talk(cast.members["secretary"], cast.members["member"], held_on=date(2025, 6, 1))
    client = sign_in(cast["secretary"])
    assert stand_of(client, year="2025").cover.done == 1
    assert [stand_of(client, year=raw).year for raw in ("²026", "99999", "x", "0000")] == [2026] * 4


def test_a_reminder_talk_is_not_to_be_guessed_from_the_map(cast, sign_in) -> None:
    client = sign_in(cast["deputy"])
    before = stand_of(client).lines
    make_talk(cast.members["secretary"], cast.members["member"], occasion=TalkOccasion.REMINDER)
    assert stand_of(client).lines == before


def test_a_committee_above_waives_a_part(cast, sign_in) -> None:
    create_override(
        organization=cast.committee,
        code="TALK-1A",
        applies=False,
        period="",
        min_count=None,
        reason="青组〔2026〕5号",
        valid_from=date(2026, 1, 1),
        valid_to=None,
        actor=cast["organizer"],
    )
    assert stand_of(sign_in(cast["secretary"])).cover.asked == 4


def test_an_organizer_finds_the_parts_among_the_rules_to_set(cast, sign_in) -> None:
    page = sign_in(cast["organizer"]).get(reverse("branches:override_create"))
    codes = [code for code, _ in page.context["form"].fields["code"].choices]
    assert {"TALK-1A", "TALK-1B", "TALK-1C"} <= set(codes)


def test_everybody_sees_with_whom_he_still_has_to_talk_and_nothing_of_others(cast, sign_in) -> None:
    make_talk(cast.members["secretary"], cast.members["member"])
    mine = sign_in(cast["member"]).get(reverse("talks:mine")).context["stand"]
    assert mine.year == ("和另一位党员谈一次",)
    theirs = sign_in(cast["publicity"]).get(reverse("talks:mine")).context["stand"]
    assert theirs.year == ("和陈静谈一次", "和王小兰谈一次", "和吴向前谈一次", "和郑明谈一次")


def must(cast, **fields) -> MustTalk:
    given = {
        "branch": cast.ours,
        "member": cast.members["member"],
        "trigger": TalkTrigger.HARDSHIP,
        "since": date(2026, 11, 1),
        "due_on": date(2026, 11, 15),
        "asked": cast.members["discipline"],
        "actor": cast["secretary"],
        "today": TODAY,
        "idempotency_key": uuid.uuid4(),
    }
    return services_must.set_must(**(given | fields))


def test_a_must_talk_is_known_to_the_secretary_and_whom_he_asked(cast, sign_in) -> None:
    must(cast)
    seen = []
    for role in ("secretary", "deputy", "organization", "discipline", "publicity", "group_leader", "member"):
        if len(sign_in(cast[role]).get(reverse("talks:must_list")).context["rows"]):
            seen.append(role)
    assert seen == ["secretary", "discipline"]


def test_the_trail_does_not_name_whom_a_must_talk_is_about(cast) -> None:
    made = must(cast)
    services_must.withdraw_must(must=made, reason="已帮扶到位", actor=cast["secretary"], today=TODAY)
    deeds = str(list(Deed.objects.filter(action__startswith="must_talk").values()))
    assert not any(word in deeds for word in ("卫青松", "困难", "hardship", "帮扶"))
    made.refresh_from_db()
    assert (made.state, made.withdrawn_because) == (MustState.WITHDRAWN, "已帮扶到位")
    with connection.cursor() as cursor:
        cursor.execute("SELECT withdrawn_because FROM talks_musttalk")
        assert "帮扶".encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"asked": "member"}, services.NotTogether),
        ({"asked": "group_leader"}, services_must.NotOnCommittee),
        ({"member": "sibling_member"}, services.NotTogether),
        ({"since": date(2026, 11, 21), "due_on": date(2026, 12, 1)}, services.Untimely),
    ],
)
def test_a_must_talk_that_cannot_be_is_refused(cast, fields: dict, refusal: type) -> None:
    given = {name: cast.members[value] if isinstance(value, str) else value for name, value in fields.items()}
    with pytest.raises(refusal):
        must(cast, **given)


def test_a_must_talk_sent_twice_is_one_and_withdrawn_twice_is_refused(cast) -> None:
    key = uuid.uuid4()
    made = must(cast, idempotency_key=key)
    assert must(cast, idempotency_key=key) == made
    services_must.withdraw_must(must=made, reason="x", actor=cast["secretary"], today=TODAY)
    with pytest.raises(services.WrongState):
        services_must.withdraw_must(must=made, reason="x", actor=cast["secretary"], today=TODAY)


def test_the_page_of_a_must_talk_leads_to_the_form_filled_in(cast, sign_in) -> None:
    made = must(cast)
    client = sign_in(cast["discipline"])
    link = f"{reverse('talks:log')}?branch={cast.ours.pk}&amp;partner={made.member_id}"
    assert link in client.get(reverse("talks:must_list")).content.decode()
    page = client.get(link.replace("&amp;", "&") + "&occasion=must&trigger=hardship")
    form = page.context["form"]
    assert (form["partner"].value(), form["occasion"].value(), form["trigger"].value()) == (
        made.member_id,
        "must",
        "hardship",
    )


def test_the_wave_shows_who_still_has_to_talk_since_it_began(cast, sign_in) -> None:
    make_talk(cast.members["secretary"], cast.members["deputy"], held_on=date(2026, 10, 1))
    client = sign_in(cast["secretary"])
    form = {"opens_on": "2026-11-01", "meeting_on": "2026-12-20"}
    assert client.post(reverse("talks:wave_open"), form).status_code == 302
    again = client.post(reverse("talks:wave_open"), form)
    assert "这一轮会前谈心还没有结束" in again.content.decode()
    make_talk(cast.members["secretary"], cast.members["member"])
    wave = client.get(reverse(MAP)).context["wave"]
    assert (wave.cover.asked, wave.cover.done) == (12, 1)
    assert len(wave.next) == 11
    mine = sign_in(cast["member"]).get(reverse("talks:mine")).context["stand"]
    assert mine.before_meeting == ()
    assert sign_in(cast["group_leader"]).get(reverse("talks:mine")).context["stand"].before_meeting == (
        "和一位支委谈一次",
    )
    client.post(reverse("talks:wave_close", args=[TalkWave.objects.get().pk]))
    assert client.get(reverse(MAP)).context["wave"] is None


def test_a_wave_that_ends_before_it_begins_is_refused_at_its_field(cast, sign_in) -> None:
    form = {"opens_on": "2026-12-01", "meeting_on": "2026-11-20"}
    answer = sign_in(cast["secretary"]).post(reverse("talks:wave_open"), form)
    assert answer.status_code == 422
    assert "不能早于开始日期" in answer.content.decode()


def test_facts_of_many_branches_cost_what_one_costs(cast) -> None:
    make_talk(cast.members["secretary"], cast.members["member"], follow_up_on=date(2026, 12, 1))
    make_talk(cast.members["sibling_member"])

    def cost(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured:
            talk_facts(ids, since=date(2026, 1, 1), until=date(2027, 1, 1))
            talkers(ids, on=TODAY)
            waiting(ids, today=TODAY)
            talk_years(ids)
        return len(captured)

    assert cost([cast.ours.pk]) == cost([cast.ours.pk, cast.sibling.pk, cast.elsewhere.pk]) == 6
    fact = talk_facts([cast.ours.pk], since=date(2026, 1, 1), until=date(2027, 1, 1))[cast.ours.pk][0]
    secretary, member = cast.members["secretary"].pk, cast.members["member"].pk
    assert (fact.people, fact.committee, fact.secretary) == ({secretary, member}, {secretary}, secretary)
    assert (fact.pair, fact.held_on, fact.follow_up_on) == (
        TalkPair.MIXED,
        date(2026, 11, 10),
        date(2026, 12, 1),
    )


def test_the_tally_follows_a_talk_at_once(cast) -> None:
    recount_all(years=[2026])

    def tally() -> tuple:
        row = Standing.objects.get(branch=cast.ours)
        return row.talk_year, row.talks_reached, row.talks_asked

    assert tally() == (None, 0, 7)
    made = services.log_talks(
        branch=cast.ours,
        initiator=cast.members["secretary"],
        partners=[services.Partner(member=cast.members["member"])],
        shape=services.Shape(held_on=TODAY),
        actor=cast["secretary"],
        today=TODAY,
        now=NOW,
        idempotency_key=uuid.uuid4(),
    )
    assert tally() == (2026, 2, 7)
    services.cancel_talk(talk=made[0], actor=cast["secretary"])
    assert tally() == (None, 0, 7)


def test_the_board_tells_of_a_branch_that_lags_and_of_no_person(cast, sign_in) -> None:
    make_talk(cast.members["secretary"], cast.members["member"])
    recount(branch_ids=[cast.ours.pk], years=[2026])
    answer = sign_in(cast["organizer"]).get(reverse("workbench:board"), {"reason": "talks_behind"})
    page = answer.content.decode()
    assert [row.name for row in answer.context["rows"]] == ["机关一支部"]
    assert "谈心谈话进度明显落后" in page
    assert "卫青松" not in page


def test_the_first_page_shows_how_far_the_talks_are_to_those_who_may_know(cast, sign_in) -> None:
    must(cast)
    recount_all(years=[2026])
    home = reverse("workbench:home")
    page = sign_in(cast["secretary"]).get(home).content.decode()
    assert "今年应谈 14 项，已谈 0 项" in page
    assert "必谈提示 1 条" in page
    assert "有已过期限的" in page
    deputy = sign_in(cast["deputy"]).get(home).content.decode()
    assert "今年应谈 14 项" in deputy
    assert "必谈提示" not in deputy
    assert "今年应谈" not in sign_in(cast["publicity"]).get(home).content.decode()
    above = sign_in(cast["organizer"]).get(reverse("workbench:branch_detail", args=[cast.ours.pk]))
    assert "今年应谈" not in above.content.decode()
    assert "必谈提示" not in above.content.decode()


def test_the_card_follows_a_new_talk_and_is_kept_until_then(cast) -> None:
    recount_all(years=[2026])
    with CaptureQueriesContext(connection) as first:
        stand = talk_stand(cast.ours, today=TODAY)
    with CaptureQueriesContext(connection) as second:
        assert talk_stand(cast.ours, today=TODAY) == stand
    assert (len(first), len(second)) == (8, 1)
    assert (stand.done, stand.waiting) == (0, Waiting())
    make_talk(cast.members["secretary"], cast.members["member"])
    recount(branch_ids=[cast.ours.pk])
    assert talk_stand(cast.ours, today=TODAY).done == 1


def test_whoever_has_no_record_and_no_branch_sees_an_empty_page_of_his_own(cast, sign_in) -> None:
    page = sign_in(cast["organizer"]).get(reverse("talks:mine"))
    assert page.status_code == 200
    assert reverse("talks:counts") in page.content.decode()
    assert reverse("talks:log") not in page.content.decode()


def test_a_new_member_stands_on_the_map_at_once(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    before = len(stand_of(client).lines)
    factories.make_member(cast.ours, name="新来的")
    assert len(stand_of(client).lines) == before + 1
