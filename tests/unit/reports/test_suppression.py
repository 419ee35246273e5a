"""Small numbers: what is held back, and that nothing gives it away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import suppression


@pytest.mark.parametrize(("count", "is_small"), [(0, False), (1, True), (4, True), (5, False), (None, False)])
def test_counts_of_one_to_four_people_are_small(count, is_small):
    assert suppression.is_small(count) is is_small


def test_one_small_cell_takes_the_next_smallest_of_its_row_and_column_with_it():
    table = [[3, 12, 20], [9, 70, 80], [40, 50, 60]]

    assert suppression.held_back(table) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_two_small_cells_in_a_row_protect_each_other_but_not_their_columns():
    table = [[3, 2], [40, 50]]

    assert suppression.held_back(table) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_zero_is_shown_and_never_held_back_for_another():
    assert suppression.held_back([[3, 0, 30]]) == {(0, 0), (0, 2)}


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
