"""The record of a talk as a Word file: what stands in it, who gets it, and the deeds it leaves."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import unquote

from django.urls import reverse

from apps.audit.models import Deed
from tests.conftest import NOW, Cast, set_today
from tests.documents.reading import HOSTILE, forms, outline, package_of
from tests.talks.conftest import CANARIES
from tests.talks.talking import make_talk
from tests.ui.documents import lines_of


def address(talk) -> str:
    return reverse("talks:word", args=[talk.pk])


def test_the_form_has_every_line_and_the_file_names_nobody(cast: Cast, talk, sign_in) -> None:
    answer = sign_in(cast["member"]).post(address(talk))
    package = package_of(answer.content)
    assert outline(package) == [("Title", "谈心谈话记录表"), ("Subtitle", cast.ours.name)]
    [form] = forms(package)
    assert list(form) == [
        "谈话人（职务）", "谈话对象（职务）", "类别", "时间", "地点", "方式",
        "主题", "谈话要点", "意见建议", "双方共识、跟进事项", "反馈、落实",
    ]  # fmt: skip
    assert form["谈话人（职务）"] == "卫青松"
    assert form["谈话对象（职务）"] == "褚红（党小组组长）"
    assert (form["时间"], form["地点"]) == ("2026年11月10日", "无")
    points = [
        f"{label}：{CANARIES[name]}" for label, name in zip(("思想", "工作", "生活"), POINTS, strict=True)
    ]
    assert form["谈话要点"].split("\n") == points
    assert all(any(words in cell for cell in form.values()) for words in CANARIES.values())
    assert "谈话人（签字）：　　　　　谈话对象（签字）：" in lines_of(package)
    assert "谈心谈话记录表2026-11-10.docx" in unquote(answer["Content-Disposition"])
    whole_file = "".join(package.read(name).decode() for name in package.namelist() if "core" in name)
    assert "褚红" not in whole_file
    deeds = list(Deed.objects.order_by("number").values_list("action", "reason", "actor_id"))[-2:]
    assert deeds == [("talk.read", "", cast["member"].pk), ("talk.exported", "", cast["member"].pk)]


POINTS = ("thinking", "work", "life")


def test_a_talk_opened_to_the_secretary_is_still_no_file_of_his(cast: Cast, partner, sign_in) -> None:
    talk = make_talk(cast.members["member"], partner, words=CANARIES, opened_at=NOW)
    assert sign_in(cast["secretary"]).post(address(talk)).status_code == 403
    assert sign_in(cast["organizer"]).post(address(talk)).status_code == 404
    assert not Deed.objects.filter(action__in=["talk.read", "talk.exported"]).exists()


def test_what_was_typed_stands_there_unchanged_and_what_was_ended_is_told(
    cast: Cast, partner, sign_in
) -> None:
    client = sign_in(cast["member"])
    words = {"topic": HOSTILE[0], "thinking": HOSTILE[3], "agreed": "一\n二"}
    talk = make_talk(cast.members["member"], partner, words=words, follow_up_on=date(2026, 12, 1))
    [form] = forms(package_of(client.post(address(talk)).content))
    assert (form["主题"], form["谈话要点"]) == (HOSTILE[0], f"思想：{HOSTILE[3]}")
    assert form["双方共识、跟进事项"] == "一\n二\n跟进日期：2026.12.01"
    assert (form["意见建议"], form["反馈、落实"]) == ("无", "无")
    ended = make_talk(cast.members["member"], partner, content_ended_on=date(2026, 11, 1))
    assert "（内容已按保管期限销毁，谈话的时间和双方仍保留。）" in lines_of(
        package_of(client.post(address(ended)).content)
    )


def test_the_buttons_stand_on_both_pages_and_the_password_is_asked_again_after_a_while(
    cast: Cast, talk, sign_in, monkeypatch
) -> None:
    client, pages = sign_in(cast["member"]), [reverse(f"talks:{name}", args=[talk.pk]) for name in PAGES]
    for page in pages:
        assert f'action="{address(talk)}"' in client.get(page).content.decode()
    assert address(talk) not in sign_in(cast["secretary"]).get(pages[0]).content.decode()
    client = sign_in(cast["member"])
    client.get(pages[0])
    set_today(monkeypatch, NOW + timedelta(minutes=20))
    answer = client.post(address(talk), headers={"referer": f"http://testserver{pages[0]}"})
    assert answer.headers["Location"].endswith(f"?next={pages[0].replace('/', '%2F')}")
    assert not Deed.objects.filter(action="talk.exported").exists()


PAGES = ("detail", "print")
