"""Form pages, confirm pages and refusals."""

import re
import uuid

from django.test import Client

from apps.accounts.models import User
from tests.ui.gallery import EverythingForm

GOOD = {"version": "3", "title": "主题党日", "held_on": "2026-11-20", "kind": "a"}


def main_of(response) -> str:
    """What stands in the page's main part, without the menu and the sign-out button."""
    return response.content.decode().split("<main")[1].split("</main>")[0]


def sent(**changes: str) -> dict[str, str]:
    return {**GOOD, "key": str(uuid.uuid4()), **changes}


def test_a_form_is_shown_with_the_secrecy_line_and_a_way_back(reader: Client):
    text = main_of(reader.get("/form/"))

    assert "不得录入国家秘密" in text
    assert 'enctype="multipart/form-data"' in text
    assert text.count("csrfmiddlewaretoken") == 1
    assert re.search(r'<a class="btn btn-quiet" href="/">取消</a>', text)
    assert 'type="date"' in text
    assert 'type="time"' in text


def test_every_showing_of_a_form_has_a_fresh_key_and_the_version(reader: Client):
    keys = [
        re.search(r'name="key" value="([^"]+)"', reader.get("/form/").content.decode())[1] for _ in range(2)
    ]

    assert keys[0] != keys[1]
    assert 'name="version" value="3"' in reader.get("/form/").content.decode()


def test_an_invalid_form_answers_422_keeps_what_was_typed_and_links_to_the_mistake(reader: Client):
    response = reader.post("/form/", sent(held_on=""))

    assert response.status_code == 422
    text = response.content.decode()
    assert 'value="主题党日"' in text
    assert "有 1 处需要改正" in text
    assert '<a href="#id_held_on">日期</a>' in text
    assert "<title>需要改正：记一次会" in text


def test_a_refusal_of_a_service_stands_at_its_field(reader: Client):
    response = reader.post("/form/", sent())

    assert response.status_code == 422
    assert '<a href="#id_held_on">日期</a>：这一天已经记过一次会。' in response.content.decode()


def test_a_form_without_its_hidden_key_says_that_the_page_is_out_of_date():
    form = EverythingForm({**GOOD, "version": ""})

    assert form.errors["key"] == ["页面已过期，请刷新页面后重新提交。"]
    assert form.errors["version"] == ["页面已过期，请刷新页面后重新提交。"]


def test_fields_stand_beside_each_other_where_columns_say_so(reader: Client):
    assert reader.get("/form/").content.decode().count('class="col-12 col-md-6"') == 2


def test_a_search_select_carries_pinyin_for_searching(db):
    User.objects.create(name="吴向前", pinyin="wuxiangqian", initials="wxq")

    html = str(EverythingForm()["person"])

    assert "data-search-select" in html
    assert 'data-words="wuxiangqian wxq"' in html


def test_a_confirm_page_shows_the_question_the_facts_and_asks_the_reason(reader: Client):
    text = main_of(reader.get("/confirm/"))

    assert "确定关闭吗？" in text
    assert "12 人" in text
    assert text.count('<form method="post"') == 1
    assert text.count("csrfmiddlewaretoken") == 1
    assert 'name="reason"' in text


def test_a_confirm_page_without_its_reason_answers_422(reader: Client):
    response = reader.post("/confirm/", {"reason": ""})

    assert response.status_code == 422
    assert '<a href="#id_reason">原因</a>' in response.content.decode()


def test_a_refusal_without_a_form_becomes_a_message(reader: Client):
    text = reader.get("/").content.decode()

    assert '<div class="ui-notice ui-tone-bad" role="alert">' in text
    assert "有一项没有保存。" in text
