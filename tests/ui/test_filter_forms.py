"""The form above a list: what is written out in Python stays what Django would have rendered."""

from types import SimpleNamespace

import pytest
from django import forms

from apps.ui.filter_forms import filter_fields, offer
from apps.ui.forms import DateInput, OfferedSelect, SearchSelect


class Filter(forms.Form):
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), ("a", "甲<b>"), ("b", "乙")]
    )
    since = forms.DateField(label="日期从", required=False, widget=DateInput, help_text="含当天。")
    name = forms.CharField(label="名称", required=False, widget=forms.TextInput(attrs={"maxlength": 50}))
    topics = forms.MultipleChoiceField(label="内容", required=False, choices=[("x", "学习"), ("y", "讨论")])
    hidden = forms.CharField(required=False, widget=forms.HiddenInput)


def html_of(**data: str) -> str:
    return filter_fields(form=Filter(data))


def test_every_field_has_its_label_its_input_and_the_value_asked_for():
    html = html_of(kind="b", since="2026-11-01", name='a"b', hidden="7")

    assert '<label for="id_kind" class="form-label">类别</label>' in html
    assert '<select name="kind" class="form-select" id="id_kind">' in html
    assert '<option value="b" selected>乙</option>' in html
    assert html.count(" selected") == 1
    assert '<input type="date" name="since" value="2026-11-01" class="form-control" id="id_since"' in html
    assert 'aria-describedby="id_since_helptext"' in html
    assert '<div id="id_since_helptext" class="form-text">含当天。</div>' in html
    assert 'value="a&quot;b" class="form-control" id="id_name" maxlength="50"' in html
    assert '<input type="hidden" name="hidden" value="7" id="id_hidden">' in html


def test_labels_of_options_are_escaped_and_nothing_chosen_is_the_empty_option():
    html = html_of()

    assert "甲&lt;b&gt;" in html
    assert '<option value="" selected>全部</option>' in html


def test_a_mistake_is_said_at_its_field():
    html = html_of(since="昨天")

    assert 'class="form-control is-invalid" id="id_since"' in html
    assert 'aria-invalid="true"' in html
    assert '<div id="id_since_error" class="invalid-feedback"><span><strong>输入一个有效的日期。' in html


def test_a_widget_of_another_kind_renders_itself():
    html = filter_fields(form=Filter({"topics": ["y"]}))

    assert '<select name="topics"' in html
    assert "multiple" in html
    assert '<option value="y" selected>讨论</option>' in html


def test_search_words_of_options_are_not_lost():
    class Chosen(forms.Form):
        who = forms.ChoiceField(choices=[("1", "卫青松")], widget=SearchSelect(words=str))

    assert "data-search-select" in filter_fields(form=Chosen())


@pytest.mark.parametrize(
    ("choices", "asked", "widget"),
    [
        ([(1, "甲"), (2, "乙")], {}, OfferedSelect),
        ([(1, "甲")], {}, None),
        (None, {}, None),
        (None, {"branch": "3"}, forms.HiddenInput),
    ],
)
def test_a_choice_is_offered_where_there_is_one_and_not_too_much_of_it(choices, asked, widget):
    one = SimpleNamespace(extra={})
    filterset = SimpleNamespace(data=asked, filters={"branch": one})
    offer(filterset, "branch", choices=choices, least=2)
    made = one.extra.get("widget")

    assert (made if isinstance(made, type) or made is None else type(made)) is widget
    assert ("branch" in filterset.filters) is (widget is not None)


def test_what_is_offered_does_not_ask_the_database_again(django_assert_num_queries, db):
    from apps.accounts.models import User

    class Chosen(forms.Form):
        who = forms.ModelChoiceField(
            User.objects.all(), required=False, widget=OfferedSelect([(5, "卫青松")])
        )

    with django_assert_num_queries(0):
        html = filter_fields(form=Chosen({}))
    assert '<option value="" selected>全部</option><option value="5">卫青松</option>' in html
    assert "data-search-select" in html
