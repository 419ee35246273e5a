"""Small numbers: which figures about people, staff and money are held back, and with which mark. Pure.

Counts and shares of organisations never pass through here: they are not about people.
"""

from collections.abc import Sequence
from decimal import Decimal

SMALLEST_COUNT = 5  # a count from 1 up to one less shows "<5"; the setting of the exercise
SMALLEST_BASE = 10  # percentages of fewer people are not shown
SMALLEST_WTE = Decimal(1)  # of one profession in one named service


def is_small(count, smallest=SMALLEST_COUNT):
    """Whether a count of people is too small to show; zero is shown."""
    return count is not None and 0 < count < smallest


def held_back(table: Sequence[Sequence], smallest=SMALLEST_COUNT):
    """The cells of a table of counts that must not be shown, as a set of (row, column).

    table: rows of counts whose row and column totals are published; None where there is no figure. Beside the small
    ones (primary), the next smallest cell above zero is held back wherever one alone is missing from a
    row or column (secondary), until none can be worked out from a total.
    """
    hidden = {
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        if is_small(count, smallest)
    }
    while partner := _next_partner(table, hidden):
        hidden.add(partner)
    return hidden


def _next_partner(table, hidden):
    """A further cell to hold back, or None once no row or column gives its only hidden cell away."""
    for line in _lines(table):
        if len(hidden & set(line)) == 1:
            candidates = [place for place in line if place not in hidden and table[place[0]][place[1]]]
            if candidates:
                return min(candidates, key=lambda place: (table[place[0]][place[1]], place))
    return None


def _lines(table):
    """The places of each row, then of each column."""
    width = len(table[0]) if table else 0
    rows = [[(row, column) for column in range(width)] for row in range(len(table))]
    columns = [[(row, column) for row in range(len(table))] for column in range(width)]
    return rows + columns
