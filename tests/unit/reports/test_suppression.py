"""Small numbers: what is held back, and that nothing gives it away."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import suppression


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, "<5"), (4, "<5"), (5, 5), (148, 148), (None, None)])
def test_counts_of_one_to_four_people_are_not_shown(count, shown):
    assert suppression.count_shown(count) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(5, 8, "*"), (45, 72, Decimal(63)), (4, 100, "*"), (0, 50, 0), (5, 9, "*"), (0, 0, None)],
)
def test_shares_of_few_people_are_not_shown(part, whole, shown):
    assert suppression.share_shown(part, whole) == shown


@pytest.mark.parametrize(("total", "people", "shown"), [(30, 4, "*"), (31, 5, Decimal("6.2")), (0, 0, None)])
def test_averages_of_fewer_than_five_people_are_not_shown(total, people, shown):
    assert suppression.mean_shown(total, people) == shown


@pytest.mark.parametrize(
    ("wte", "shown"), [("0", 0), ("0.99", "<1"), ("1", Decimal("1.0")), ("2.25", Decimal("2.3"))]
)
def test_less_than_one_wte_of_a_profession_is_not_shown(wte, shown):
    assert suppression.wte_shown(Decimal(wte)) == shown


@pytest.mark.parametrize(("wte", "shown"), [("1.99", "*"), ("2.00", Decimal(60500))])
def test_pay_of_a_service_with_less_than_two_wte_is_not_shown(wte, shown):
    assert suppression.pay_cost_shown(Decimal("60499.50"), Decimal(wte)) == shown


def test_one_small_cell_takes_the_next_smallest_of_its_row_and_column_with_it():
    table = [[3, 12, 20], [9, 70, 80], [40, 50, 60]]

    shown = suppression.counts_shown(table)

    assert shown == [["<5", "*", 20], ["*", "*", 80], [40, 50, 60]]


def test_two_small_cells_in_a_row_protect_each_other_but_not_their_columns():
    table = [[3, 2], [40, 50]]

    assert suppression.counts_shown(table) == [["<5", "<5"], ["*", "*"]]


def test_zero_is_shown_and_never_held_back_for_another():
    assert suppression.counts_shown([[3, 0, 30]]) == [["<5", 0, "*"]]


def test_nothing_is_held_back_where_nothing_is_small():
    assert suppression.held_back([[5, 0], [None, 12]]) == set()


@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=1, max_size=5))
def test_no_row_or_column_gives_its_only_hidden_cell_away(table):
    hidden = suppression.held_back(table)

    columns = [[(row, column) for row in range(len(table))] for column in range(4)]
    rows = [[(row, column) for column in range(4)] for row in range(len(table))]
    for line in rows + columns:
        alone = [place for place in line if place in hidden]
        others = [place for place in line if place not in hidden and table[place[0]][place[1]]]
        assert len(alone) != 1 or not others
