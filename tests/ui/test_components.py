"""Components: what they show, and that a wrong word in a template raises."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template, TemplateSyntaxError


def render(source: str, **context) -> str:
    return Template(source).render(Context(context)).strip()


def test_text_given_to_a_component_is_escaped_and_its_body_is_not():
    html = render("{% card title=title %}<p>{{ body }}</p>{% endcard %}", title="<i>", body="<b>")

    assert "&lt;i&gt;" in html
    assert "<p>&lt;b&gt;</p>" in html


@pytest.mark.parametrize(
    "source",
    [
        '{% badge text="完成" colour="ok" %}',
        '{% badge "完成" %}',
        '{% card titel="x" %}{% endcard %}',
        "{% page_header %}{% endpage_header %}",
        '{% post_button url="/" %}',
    ],
)
def test_an_unknown_missing_or_positional_word_is_an_error(source):
    with pytest.raises(TemplateSyntaxError):
        Template(source)


@pytest.mark.parametrize(
    "source",
    [
        '{% badge text="完成" tone="green" %}',
        '{% notice tone="danger" %}{% endnotice %}',
        '{% card tone="red" %}{% endcard %}',
        '{% link_button url="/" label="去" tone="ok" %}',
        '{% icon name="x onload=1" %}',
    ],
)
def test_a_look_that_is_not_in_the_list_is_an_error(source):
    with pytest.raises(ValueError, match=r"is none of|is not the name"):
        render(source)


def test_icons_are_hidden_from_screen_readers():
    assert render('{% icon name="house" %}') == '<i class="bi bi-house" aria-hidden="true"></i>'


def test_a_header_without_buttons_has_no_place_for_them():
    assert "ui-buttons" not in render('{% page_header title="页" %}  {% endpage_header %}')
    assert "ui-buttons" in render('{% page_header title="页" %}<a href="/">去</a>{% endpage_header %}')


def test_facts_show_values_as_a_reader_sees_them():
    rows = [("空", ""), ("无", None), ("日", date(2026, 5, 8)), ("是", True), ("数", 0), ("两行", "甲\n乙")]

    html = render("{% facts rows=rows %}", rows=rows)

    values = [part.split("</dd>")[0] for part in html.split("<dd>")[1:]]
    assert values == ["—", "—", "2026-05-08", "是", "0", "甲<br>乙"]


def test_a_moment_is_shown_in_local_time():
    assert render("{{ at|shown }}", at=datetime(2026, 5, 8, 16, 30, tzinfo=UTC)) == "2026-05-09 00:30"


def test_why_tells_reason_article_and_numbered_steps():
    html = render('{% why words="要开会。" article="第十一条" how_to=steps %}', steps="发通知\n\n开会\n")

    assert "<summary>为什么</summary>" in html
    assert "要开会。" in html
    assert "第十一条" in html
    assert html.count("<li>") == 2


def test_why_without_steps_has_no_list():
    assert "<ol>" not in render('{% why words="要开会。" %}')


def test_a_post_button_is_a_form_with_a_token_and_its_question(rf):
    html = render(
        '{% post_button url="/x/" label="关闭" tone="danger" confirm="确定吗？" %}',
        csrf_token="token-of-this-page",
    )

    assert 'method="post" action="/x/" data-guard data-confirm="确定吗？"' in html
    assert 'value="token-of-this-page"' in html
    assert 'class="btn btn-danger"' in html


@pytest.mark.parametrize(
    ("value", "total", "figures"),
    [
        (30, 120, "30 / 120（25%）"),
        (0, 4, "0 / 4（0%）"),
        (9, 4, "9 / 4（100%）"),
        (3, 0, "正在准备…"),
        (None, None, "正在准备…"),
    ],
)
def test_progress_says_its_figures(value, total, figures):
    assert figures in render("{% progress value=value total=total %}", value=value, total=total)


@pytest.mark.parametrize("current", ["预览", 2])
def test_steps_mark_the_present_one(current):
    html = render('{% steps items="上传,预览,确认" current=current %}', current=current)

    assert html.count("ui-step-done") == 1
    assert html.count('class="ui-step-here" aria-current="step"') == 1
    assert html.count("ui-step-ahead") == 1


def test_an_empty_state_offers_a_way_on_only_when_there_is_one():
    assert "btn" not in render('{% empty_state text="没有" %}')
    assert 'href="/new/"' in render('{% empty_state text="没有" action_label="新建" action_url="/new/" %}')


def test_a_notice_that_is_bad_is_an_alert():
    assert 'role="alert"' in render('{% notice tone="bad" %}坏{% endnotice %}')
    assert 'role="status"' in render("{% notice %}好{% endnotice %}")
