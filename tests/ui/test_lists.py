"""The list page as a reader and as htmx get it."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.ui.lists import Action, Column


class Cells(HTMLParser):
    """The texts of all table cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - the parser's signature
        if tag == "td":
            self.inside = True
            self.texts.append("")

    def handle_endtag(self, tag):
        if tag == "td":
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.texts[-1] += data.strip()


@pytest.fixture
def crowd(db) -> None:
    User.objects.bulk_create(User(name=f"党员{n:02}", is_active=n != 3) for n in range(60))


def text_of(response) -> str:
    return response.content.decode()


def test_the_whole_page_has_filter_count_table_and_pages(reader: Client, crowd):
    text = text_of(reader.get("/people/"))

    assert "<h1>人员</h1>" in text
    assert 'name="name"' in text
    assert "共 61 条" in text
    assert text.count('role="row"') == 26
    assert text.count("下一页") == 1


def test_htmx_gets_only_the_list(reader: Client, crowd):
    response = reader.get("/people/", headers={"HX-Request": "true"})

    assert text_of(response).lstrip().startswith('<div id="list"')
    assert "<html" not in text_of(response)
    assert "HX-Request" in response.headers["Vary"]


def test_htmx_gets_the_whole_page_when_the_reader_goes_back_in_history(reader: Client, crowd):
    response = reader.get("/people/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<html" in text_of(response)


def test_cells_show_dates_dashes_links_and_badges(reader: Client, person):
    text = text_of(reader.get("/people/?name=吴向前"))

    assert Cells(text).texts == ["吴向前", "reader", str(person.pk), f"{person.created_at:%Y-%m-%d}", "正常"]
    assert f'<a href="/people/{person.pk}/">吴向前</a>' in text
    assert '<span class="ui-badge ui-tone-ok">正常</span>' in text
    assert 'data-label="登录名"' in text


def test_filtering_keeps_only_what_matches(reader: Client, crowd):
    assert Cells(text_of(reader.get("/people/?name=党员07"))).texts[0] == "党员07"
    assert "共 1 条" in text_of(reader.get("/people/?name=党员07"))


def test_a_filter_that_finds_nothing_offers_to_clear_it(reader: Client, crowd):
    text = text_of(reader.get("/people/?name=没有"))

    assert "没有符合条件的记录。" in text
    assert "还没有人员。" not in text


def test_a_wrong_filter_shows_nothing_and_says_so(reader: Client, crowd):
    response = reader.get("/people/?since=昨天")

    assert "筛选条件有误" in text_of(response)
    assert Cells(text_of(response)).texts == []
    assert (response.context["page"].rows, response.context["count"]) == ([], "共 0 条")


def test_rows_may_carry_a_class(reader: Client, crowd):
    assert text_of(reader.get("/people/?name=党员03")).count('class="is-away"') == 1


def test_names_are_escaped(reader: Client, db):
    User.objects.create(name="<b>某</b>")

    assert "&lt;b&gt;某&lt;/b&gt;" in text_of(reader.get("/people/"))


@pytest.mark.parametrize("name", ["", "党员"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    reader: Client, crowd, name, django_assert_num_queries
):
    reader.get("/people/")
    with django_assert_num_queries(4):  # session, user, page, count
        reader.get(f"/people/?name={name}")


def test_unknown_kinds_and_tones_are_refused():
    with pytest.raises(ValueError, match="'money' is none of text, date, number, badge"):
        Column("金额", str, kind="money")
    with pytest.raises(ValueError, match="'red' is none of"):
        Action("删除", "/", tone="red")
