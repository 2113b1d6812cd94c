"""The words under their key: what is stored, what cannot be opened, and how they end."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from apps.audit.models import Deed
from apps.talks import services
from apps.talks.models import WORDS, Talk, TalkContent
from apps.talks.services_words import ENDED, ContentEnded, ContentLocked, end_contents, read_content
from apps.talks.services_words import write_words as write
from apps.vault import keys, record_keys
from apps.vault import services as vault
from apps.vault.envelope import Tampered
from tests.conftest import TODAY
from tests.talks.conftest import CANARIES
from tests.talks.talking import make_talk

DAMAGED = "数据校验未通过，请联系管理员"


@pytest.fixture
def own_ring(db: None, settings, tmp_path: Path):
    """A key file of one's own, to lose and to spoil; the session's is back afterwards."""
    session = dict(keys._memory)
    settings.VAULT_KEYRING = tmp_path / "keys.json"
    vault.set_up_vault()
    yield settings.VAULT_KEYRING
    keys.forget()
    keys._memory.update(session)


def raw(talk: Talk) -> dict[str, bytes]:
    columns = ("record_key", *WORDS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM talks_talkcontent WHERE talk_id = %s",  # noqa: S608
            [talk.pk],
        )
        return {name: bytes(value) for name, value in zip(columns, cursor.fetchone(), strict=True)}


def overwrite(talk: Talk, **stored: bytes) -> None:
    for column, value in stored.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE talks_talkcontent SET {column} = %s WHERE talk_id = %s",  # noqa: S608
                [value, talk.pk],
            )


def opened(talk: Talk, cast):
    return read_content(talk=talk, actor=cast["member"])


def change(talk: Talk, **words: str) -> None:
    with transaction.atomic():
        write(talk=talk, words=words)


def test_the_table_holds_no_word_in_clear_and_a_key_of_its_own_for_each_talk(cast, talk, partner) -> None:
    other = make_talk(cast.members["member"], partner, words=CANARIES)
    for one in (talk, other):
        for stored in raw(one).values():
            assert not any(words.encode() in stored for words in CANARIES.values())
    key, other_key = (TalkContent.objects.get(pk=one.pk).record_key for one in (talk, other))
    assert (len(key), len(other_key)) == (64, 64)
    assert key != other_key
    assert opened(talk, cast).words == CANARIES


def test_no_bit_can_be_flipped_and_no_part_cut() -> None:
    key = record_keys.new_key()
    sealed = record_keys.seal("悄悄话", key=key, place="t.c.1")
    assert record_keys.unseal(sealed, key=key, place="t.c.1") == "悄悄话"
    spoilt = [bytes(b ^ (n == at) for n, b in enumerate(sealed)) for at in range(len(sealed))]
    cut = [sealed[:length] for length in range(1, len(sealed))]
    for stored in (*spoilt, *cut, sealed + b"x"):
        with pytest.raises(Tampered):
            record_keys.unseal(stored, key=key, place="t.c.1")
    for place in ("t.c.2", "t.d.1", "u.c.1"):
        with pytest.raises(Tampered):
            record_keys.unseal(sealed, key=key, place=place)
    with pytest.raises(Tampered):
        record_keys.unseal(sealed, key=record_keys.new_key(), place="t.c.1")


@pytest.mark.parametrize("name", WORDS)
def test_a_changed_column_is_said_and_nothing_is_written_over_it(cast, talk, name: str, sign_in) -> None:
    before = raw(talk)
    overwrite(talk, **{name: before[name][:-1] + bytes([before[name][-1] ^ 1])})
    found = opened(talk, cast)
    assert found.notice == found.words[name] == DAMAGED
    assert {key: text for key, text in found.words.items() if key != name} == {
        key: text for key, text in CANARIES.items() if key != name
    }
    spoilt = raw(talk)
    with pytest.raises(ContentLocked):
        change(talk, life="新的话")
    page = sign_in(cast["member"]).get(reverse("talks:detail", args=[talk.pk]))
    assert DAMAGED in page.content.decode()
    assert raw(talk) == spoilt
    overwrite(talk, **{name: before[name]})
    assert opened(talk, cast).words == CANARIES


def test_words_swapped_between_talks_or_columns_do_not_open(cast, talk, partner) -> None:
    other = make_talk(cast.members["member"], partner, words={"life": "别的话"})
    mine, theirs = raw(talk), raw(other)
    overwrite(talk, life=theirs["life"])
    assert opened(talk, cast).words["life"] == DAMAGED
    overwrite(talk, life=mine["work"])
    assert opened(talk, cast).words["life"] == DAMAGED
    overwrite(talk, **theirs)
    assert opened(talk, cast).notice == DAMAGED
    assert not opened(talk, cast).words
    overwrite(talk, **mine)
    assert opened(talk, cast).words == CANARIES


def test_a_missing_key_file_locks_the_words_and_loses_nothing(
    cast, own_ring, partner, sign_in, settings
) -> None:
    talk = make_talk(cast.members["member"], partner, words=CANARIES)
    before = raw(talk)
    own_ring.rename(own_ring.with_name("away.json"))
    found = opened(talk, cast)
    assert found.notice.startswith("已加密：缺少密钥 ")
    assert found.words == {}
    client, url = sign_in(cast["member"]), reverse("talks:update", args=[talk.pk])
    form = {"held_on": "2026-11-10", "way": "in_person", "version": talk.version, "life": "新的话"}
    answer = client.post(url, form)
    assert answer.status_code == 422
    assert ContentLocked.default in answer.content.decode()
    assert "新的话" in answer.content.decode()
    assert client.get(reverse("talks:detail", args=[talk.pk])).status_code == 200
    assert raw(talk) == before
    own_ring.with_name("away.json").rename(own_ring)
    assert opened(talk, cast).words == CANARIES


def test_a_wrong_key_file_locks_the_words_too(cast, own_ring, partner) -> None:
    talk = make_talk(cast.members["member"], partner, words=CANARIES)
    right = own_ring.read_bytes()
    own_ring.unlink()
    keys.create_keyring(own_ring)
    keys.forget()
    assert "缺少密钥" in opened(talk, cast).notice
    with pytest.raises(ContentLocked):
        change(talk, life="新的话")
    own_ring.chmod(0o600)
    own_ring.write_bytes(right)
    own_ring.chmod(0o400)
    keys.forget()
    assert opened(talk, cast).words == CANARIES


def test_rotation_seals_the_record_key_anew_and_touches_no_word(cast, own_ring, partner) -> None:
    talk = make_talk(cast.members["member"], partner, words=CANARIES)
    before, old = raw(talk), keys.ring_for_writing().active.id.hex()
    new = vault.add_key().active.id.hex()
    assert vault.usage()[old] == 1
    assert sum(vault.rewrap()) == 1
    assert vault.usage() == {new: 1}
    after = raw(talk)
    assert after.pop("record_key") != before.pop("record_key")
    assert after == before
    vault.retire_key(key_id=old)
    assert opened(talk, cast).words == CANARIES


def test_a_change_writes_only_what_changed(cast, talk) -> None:
    before = raw(talk)
    change(talk, **{**CANARIES, "work": "改过"})
    after = raw(talk)
    assert [name for name in before if before[name] != after[name]] == ["work"]
    change(talk, work="")
    assert raw(talk)["work"] == b""


def test_after_five_years_the_words_end_and_the_fact_stays(cast, partner, sign_in) -> None:
    people = (cast.members["member"], partner)
    old = make_talk(*people, words=CANARIES, held_on=date(2021, 11, 20))
    young = make_talk(*people, words=CANARIES, held_on=date(2021, 11, 21))
    bare = make_talk(*people, held_on=date(2020, 1, 1))
    out = io.StringIO()
    call_command("talks_expire", stdout=out)
    assert "已销毁 1 次谈话的内容" in out.getvalue()
    assert set(TalkContent.objects.values_list("pk", flat=True)) == {young.pk}
    ended = dict(Talk.objects.values_list("pk", "content_ended_on"))
    assert ended == {old.pk: TODAY, young.pk: None, bare.pk: None}
    deed = Deed.objects.get(action="talk.content_ended")
    assert (deed.actor, deed.object_id, deed.reason, deed.changes) == (None, old.pk, "", [])
    page = sign_in(cast["member"]).get(reverse("talks:detail", args=[old.pk])).content.decode()
    assert ENDED in page
    assert ENDED in sign_in(cast["secretary"]).get(reverse("talks:detail", args=[old.pk])).content.decode()
    old.refresh_from_db()
    with pytest.raises(ContentEnded):
        change(old, life="再写")
    assert end_contents(today=TODAY, years=5) == 0


def test_the_years_are_a_setting(cast, partner, settings) -> None:
    make_talk(cast.members["member"], partner, words=CANARIES, held_on=date(2025, 11, 20))
    settings.TALK_CONTENT_YEARS = 1
    call_command("talks_expire", stdout=io.StringIO())
    assert not TalkContent.objects.exists()


def test_the_words_of_a_key_that_is_gone_end_like_all_others(cast, own_ring, partner) -> None:
    make_talk(cast.members["member"], partner, words=CANARIES, held_on=date(2020, 1, 1))
    own_ring.rename(own_ring.with_name("away.json"))
    keys.forget()
    assert end_contents(today=TODAY, years=5) == 1
    assert not TalkContent.objects.exists()


def test_an_update_after_the_end_is_refused_in_words(cast, talk, sign_in) -> None:
    end_contents(today=date(2031, 11, 10), years=5)
    talk.refresh_from_db()
    with pytest.raises(ContentEnded):
        services.update_talk(
            talk=talk,
            version=talk.version,
            held_on=talk.held_on,
            way=talk.way,
            place="",
            follow_up_on=None,
            recorder=None,
            words={"life": "x"},
            actor=cast["member"],
            today=TODAY,
        )
