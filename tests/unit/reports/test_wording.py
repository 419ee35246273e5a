"""Figures as words: half up, true minus, five percent either way, lists."""

import datetime
from decimal import Decimal

import pytest

from reports import wording


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (Decimal("62.5"), 0, "63"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("2.25"), 1, "2.3"),
        (1234567, 0, "1,234,567"),
        (-1234, 0, "\N{MINUS SIGN}1,234"),
        (Decimal("-0.4"), 0, "0"),
        (Decimal("0.04"), 1, "0"),
        (708.9, 1, "708.9"),
    ],
)
def test_figure_rounds_half_up_with_commas_and_a_true_minus(number, decimals, text):
    assert wording.figure(number, decimals) == text


def test_percent_of_forty_five_in_seventy_two_is_63():
    assert wording.percent(wording.share_of(45, 72)) == "63%"


def test_share_of_nothing_is_none():
    assert wording.share_of(3, 0) is None


@pytest.mark.parametrize(("change", "text"), [(8, "+8"), (-8, "\N{MINUS SIGN}8"), (0, "0")])
def test_signed_shows_the_direction(change, text):
    assert wording.signed(change) == text


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (100, 105, "similar (5% more)"),
        (100, 95, "similar (5% less)"),
        (100, 106, "rose by 6%"),
        (100, 94, "fell by 6%"),
        (1000, 1051, "rose by 5%"),
        (7, 7, "unchanged"),
        (0, 3, "rose from none to 3"),
    ],
)
def test_rose_and_fell_are_said_only_beyond_five_percent(before, now, words):
    assert wording.compared_in_words(before, now) == words


def test_points_are_the_difference_of_the_figures_shown():
    assert wording.points(Decimal("40.54"), Decimal("36.49")) == -5


@pytest.mark.parametrize(
    ("share", "words"),
    [(24, "one in four"), (26, "one in four"), (27, "27%"), (50, "half"), (Decimal("23.4"), "23%")],
)
def test_share_in_words_keeps_to_its_bounds(share, words):
    assert wording.share_in_words(share) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "no services"), (1, "one service"), (10, "ten services"), (139, "139 services")]
)
def test_counted_agrees_with_its_noun(count, words):
    assert wording.counted(count, "service") == words


@pytest.mark.parametrize(("items", "words"), [([], ""), (["a"], "a"), (["a", "b", "c"], "a, b and c")])
def test_listed_ends_with_and(items, words):
    assert wording.listed(items) == words


def test_day_is_written_out():
    assert wording.day(datetime.date(2008, 11, 3)) == "3 November 2008"
