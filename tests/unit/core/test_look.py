"""Figures, dates and states as they are shown."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Engine

from mapping.core.templatetags import look


def rendered(source, **context):
    engine = Engine(builtins=["mapping.core.templatetags.look"])
    return engine.from_string(source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (1204, None, "1,204"),
        (Decimal("1204.25"), 1, "1,204.3"),
        (Decimal("-0.5"), 0, "\N{MINUS SIGN}1"),
        (0, None, "0"),
        ("<5", 1, "<5"),
        (None, None, ""),
    ],
)
def test_figure_has_commas_true_minus_and_rounds_half_up(value, decimals, shown):
    assert look.figure(value, decimals) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(2, "+2"), (-2, "\N{MINUS SIGN}2"), (0, "0"), (Decimal("-0.4"), "0"), ("*", "*")]
)
def test_signed_writes_no_sign_at_zero(value, shown):
    assert look.signed(value) == shown


def test_pounds_are_whole_and_put_the_minus_first():
    assert look.pounds(Decimal("-1180950.5")) == "\N{MINUS SIGN}£1,180,951"


def test_percent_leaves_marks_alone():
    assert (look.percent(7), look.percent("N/A")) == ("7%", "N/A")


def test_dates_are_words_with_the_year_where_asked():
    day = datetime.date(2010, 2, 28)

    assert (look.date_words(day), look.date_words(day, "year")) == ("28 February", "28 February 2010")
    assert look.day_words(day) == "Sunday 28 February 2010"


def test_times_are_those_of_london():
    assert look.time_words(datetime.datetime(2010, 7, 1, 9, 42, tzinfo=datetime.UTC)) == "10:42"


@pytest.mark.parametrize("value", look.DECISIONS)
def test_decision_says_its_word_beside_its_sign(value):
    html = rendered("{% decision value %}", value=value)

    assert look.DECISIONS[value][2] in html
    assert 'aria-hidden="true"' in html


def test_state_escapes_the_words_it_is_given():
    assert "&lt;b&gt;2 errors" in rendered("{% state 'error' words %}", words="<b>2 errors")


def test_every_sign_of_a_state_is_drawn():
    signs = {sign for sign, _, _ in [*look.STATES.values(), *look.DECISIONS.values()]} | set(
        look.NOTICES.values()
    )

    assert signs <= set(look.ICONS)


def test_our_site_is_the_one_below_that_of_the_view():
    context = Context({"site": "ours"})
    context.push(site="theirs")

    assert look.our_site(context) == "ours"


def test_list_of_errors_names_the_fields_that_are_empty():
    class Asked(forms.Form):
        name = forms.CharField(label="Your name")
        kind = forms.ChoiceField(label="Kind", choices=[("a", "A")])
        day = forms.CharField(error_messages={"required": "Say on which day it closed."})

    listed = look.all_problems(Context({"form": Asked({})}))

    assert [problem["text"] for problem in listed] == [
        "Your name: fill this in.",
        "Kind: choose one of these.",
        "Say on which day it closed.",
    ]
