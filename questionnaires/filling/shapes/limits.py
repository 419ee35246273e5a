"""Shapes of figures that others limit: a part and its whole, steps in order, usual ratios."""

from decimal import Decimal
from itertools import pairwise

from questionnaires.cells import Special, cell_id, split_cell_id
from questionnaires.filling.shapes.base import (
    inside,
    lies_within,
    listed,
    lower,
    numbers_of,
    rounded_down,
    scale_down,
    shape,
    share_out,
)
from questionnaires.rules import is_number

HOPED_FOR = ("in time", "on time", "within", "done", "known", "offered", "reviewed", "completed", "immunised", "named",
             "booked", "seen", "given", "kept", "both", "held", "have")  # fmt: skip
MOST, SOME = (0.72, 0.96), (0.08, 0.45)
NO_PARTS = (
    "",
    "days",
    "weeks",
    "months",
    "years",
)  # what is no number of people is no share of another figure


@shape
def at_most(draft, question, of, unusual=""):
    lower(draft, question.key, sum(draft.number(reference) for reference in listed(of)))


@shape
def at_least(draft, question, of, column="", unusual=""):
    cell, limit = cell_id(question.key, "", column), draft.number(of)
    if is_number(value := draft.value(cell)) and value < limit:
        draft.put(cell, float(limit) * draft.rng.uniform(1.05, 1.6) + 1)


@shape
def each_at_most(draft, question, of, column="n"):
    limit = draft.number(of)
    for cell in draft.cells_of(question.key, column):
        lower(draft, cell, limit)


@shape
def each_at_most_column(draft, question, columns, of, times=1, unusual=""):
    for row in draft.rows(question):
        limit = draft.value(cell_id(question.key, row, of))
        if is_number(limit):
            for column in columns:
                cell = cell_id(question.key, row, column)
                be_part_of(draft, cell, limit)
                lower(draft, cell, limit * Decimal(str(times)))


def be_part_of(draft, cell, whole):
    """Make a figure of a guessed size a likely share of its whole: most of it where most is what is hoped for."""
    if cell in draft.guessed and is_number(draft.value(cell)) and not is_number(draft.last(cell)):
        hoped_for = any(word in draft.field_at(cell).label.lower() for word in HOPED_FOR)
        share = draft.rng.uniform(*(MOST if hoped_for else SOME))
        draft.put(cell, rounded_down(float(whole) * share))
    draft.guessed.discard(cell)


@shape
def part_of_columns(draft, question, column, of):
    for row in draft.rows(question):
        values = [draft.value(cell_id(question.key, row, key)) for key in listed(of)]
        if all(is_number(value) for value in values):
            lower(draft, cell_id(question.key, row, column), sum(values))


@shape
def columns_at_most(draft, question, columns, of):
    for row in draft.rows(question):
        cells = [cell_id(question.key, row, column) for column in columns]
        values = [draft.value(cell) for cell in cells]
        limit = draft.value(cell_id(question.key, row, of))
        if is_number(limit) and all(is_number(value) for value in values):
            scale_down(draft, dict(zip(cells, values, strict=True)), limit)


@shape
def in_order(draft, question, columns):
    for row in draft.rows(question):
        cells = [cell_id(question.key, row, column) for column in columns]
        for cell, whole in reversed(list(pairwise(cells))):
            if draft.field_at(cell).unit not in NO_PARTS and is_number(draft.value(whole)):
                be_part_of(draft, cell, draft.value(whole))
        sort_cells(draft, cells)


@shape
def rows_in_order(draft, question, column, rows, **_):
    sort_cells(draft, [cell_id(question.key, row, column) for row in rows])


def sort_cells(draft, cells):
    """Put the values of some cells in order, blank and special ones left as they are."""
    given = [cell for cell in cells if not isinstance(draft.value(cell), Special | None)]
    values = [draft.value(cell) for cell in given]
    if any(first > second for first, second in pairwise(values)):
        for cell, value in zip(given, sorted(values), strict=True):
            draft.put(cell, value)


@shape
def row_at_most(draft, question, column, row, of_row, times=1, unusual="", **_):
    limit = draft.number(cell_id(question.key, of_row, column))
    lower(draft, cell_id(question.key, row, column), limit * Decimal(str(times)))


@shape
def row_above(draft, question, row, column, value, message=""):
    if not question.breakdown:  # its parts are weighed accordingly
        lower(draft, cell_id(question.key, row, column), value)


@shape
def exclusive_rows(draft, question, column, rows, of):
    """What is said to be alone is lowered to what the largest of the others leaves."""
    whole, counts = draft.number(of), numbers_of(draft, question, column)
    alone = {cell: n for cell, n in counts.items() if split_cell_id(cell)[1] in rows}
    others = {cell: n for cell, n in counts.items() if cell not in alone}
    for cell in others:
        lower(draft, cell, whole)
    largest = max((draft.value(cell) for cell in others), default=0)
    scale_down(draft, alone, whole - largest)


@shape
def outside(draft, question, low=None, high=None, column="", **_):
    cells = draft.cells_of(question.key, column) if column else [question.key]
    for cell in cells:
        value = draft.value(cell)
        if not is_number(value):
            continue
        if high is not None and value > high:
            lower(draft, cell, high)
        elif low is not None and value < low:
            draft.put(cell, float(low) * draft.rng.uniform(1, 1.03))


@shape
def share_above(draft, question, of, percent_at_most):
    if whole := draft.number(of):
        lower(draft, question.key, whole * Decimal(str(percent_at_most)) / 100)


@shape
def share_below(draft, question, of, percent_at_least, hint=""):
    whole, value = draft.number(of), draft.number(question.key)
    if value * 100 < whole * percent_at_least:
        draft.put(question.key, float(whole) * draft.rng.uniform(percent_at_least / 100, 0.8) + 1)


@shape
def row_share_above(draft, question, row, of, percent_at_most, **_):
    limit = draft.number(of) * percent_at_most / 100
    lower(draft, cell_id(question.key, row, question.columns[0].key), limit)


@shape
def differs_from_services(draft, question, of, percent_at_most, column=""):
    cell, total = cell_id(question.key, "", column), draft.context.service_sums.get(of)
    if total and abs(draft.number(cell) - total) * 100 > total * percent_at_most:
        draft.put(cell, float(total) * draft.rng.uniform(1, 1 + percent_at_most / 200))


@shape
def ratio_outside(draft, question, column, per, low=None, high=None, rows=()):
    for row in rows or draft.rows(question):
        value, base = (draft.value(cell_id(question.key, row, key)) for key in (column, per))
        if is_number(value) and is_number(base) and base and not lies_within(value / base, low, high):
            draft.put(cell_id(question.key, row, column), float(base) * inside(draft, low, high))


@shape
def rows_share_outside(draft, question, column, rows, low=None, high=None):
    """The rows get a usual share of what is not theirs; the sum of the table may change."""
    parts = numbers_of(draft, question, column)
    own = {cell: n for cell, n in parts.items() if split_cell_id(cell)[1] in rows}
    whole, part = float(sum(parts.values())), float(sum(own.values()))
    if not whole or len(own) < len(rows) or lies_within(part * 100 / whole, low, high):
        return
    if question.breakdown:
        wanted = inside(draft, low, high) / 100 * whole
        weights = [
            wanted / len(own) if cell in own else float(n) * (whole - wanted) / max(1.0, whole - part)
            for cell, n in parts.items()
        ]
        share_out(draft, parts, int(whole), weights)
        return
    share = inside(draft, low, high) / 100
    for cell in own:
        draft.put(cell, (whole - part) * share / (1 - share) / len(own))


@shape
def flows_within(draft, question, steps, start="from", column="children", percent_at_most=None):
    """Flows out of a step share what reached it; one that starts where nothing is known is empty."""
    rows: dict[str, list[str]] = {}
    for row in draft.rows(question):
        rows.setdefault(draft.choice(cell_id(question.key, row, start)), []).append(row)
    for step, starting in rows.items():
        cells = [cell_id(question.key, row, column) for row in starting]
        given = [cell for cell in cells if is_number(draft.value(cell))]
        if step and given:
            whole = draft.number(steps.replace("*", step))
            share_out(draft, given, int(whole), [1 / (place + 1) for place in range(len(given))])


@shape
def not_after_collection(draft, question):
    first = int(draft.context.year[:4])
    if draft.number(question.key) > first:
        draft.put(question.key, first)


@shape
def years_not_ahead(draft, question, column):
    for cell in draft.cells_of(question.key, column):
        if is_number(draft.value(cell)) and draft.value(cell) > int(draft.context.year[:4]):
            draft.put(cell, int(draft.context.year[:4]))
