"""Checks within one table: columns against columns, rows against rows, what flows from step to step."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from questionnaires.cells import cell_id
from questionnaires.rules.base import (
    CORRECT_ONE,
    TELL,
    Finding,
    NotCheckable,
    check,
    coded,
    figure,
    is_number,
    measured,
    noun,
    percent,
    plain,
)


@check(columns=("columns", "of"))
def each_at_most_column(case, question, columns, of, times=1, unusual=""):
    """Row by row, each of the columns is not more than another one, or than some times that one."""
    for row in case.rows(question):
        whole = case.value(cell_id(question.key, row, of))
        for column in columns:
            cell = cell_id(question.key, row, column)
            part = case.value(cell)
            if is_number(part) and is_number(whole) and part > whole * Decimal(str(times)):
                fields = question.column(column), question.column(of)
                words = larger(
                    measured(part, fields[0]), fields[0], times, measured(whole, fields[1]), fields[1]
                )
                advice = TELL if unusual else CORRECT_ONE
                yield Finding((cell, cell_id(question.key, row, of)), f"{words} {advice}")


def larger(value, named, times, limit, of):
    """That a figure is more than another one allows: "9 early are more than the 8 booked".

    value, limit: in words; named, of: the column or row that each stands in.
    """
    factor = "" if Decimal(str(times)) == 1 else f"{times} times "
    return f"{value} {noun(named)} are more than {factor}the {limit} {noun(of)}."


@check(columns=("column",))
def rows_in_order(case, question, column, rows):
    """Each of the rows is not more than the next one."""
    for first, second in pairwise(rows):
        yield from row_compared(case, question, column, first, second, 1)


@check(columns=("column",))
def row_at_most(case, question, column, row, of_row, times=1):
    """A row is not more than another one, or than some times that one."""
    yield from row_compared(case, question, column, row, of_row, times)


def row_compared(case, question, column, row, of_row, times):
    """The finding that a row holds more than (some times) another row of the same column."""
    cells = cell_id(question.key, row, column), cell_id(question.key, of_row, column)
    value, limit = (case.value(cell) for cell in cells)
    if is_number(value) and is_number(limit) and value > limit * Decimal(str(times)):
        field = question.column(column)
        rows = question.row(row), question.row(of_row)
        words = larger(figure(value, field), rows[0], times, figure(limit, field), rows[1])
        yield Finding(cells, f"{words} {CORRECT_ONE}")


@check(columns=("column",))
def row_above(case, question, row, column, value, message=""):
    """A row holds more than it should."""
    cell = cell_id(question.key, row, column)
    given = case.number(cell)
    if given > Decimal(str(value)):
        field = question.column(column)
        words = f"{figure(given, field)} is unusual here: {figure(value, field)} at most is expected."
        yield Finding((cell,), message or f"{words} {TELL}")


@check(references=("of",), columns=("column",))
def exclusive_rows(case, question, column, rows, of):
    """DIS-H1: whoever is counted in one of the rows ("none", "not known") is in no other row of the table."""
    whole = case.number(of)
    counts = {
        row: count for row in case.rows(question) if is_number(count := in_cell(case, question, row, column))
    }
    alone = sum(counts.get(row, 0) for row in rows)
    others = {row: count for row, count in counts.items() if row not in rows}
    largest = max(others, key=lambda row: others[row], default=None)
    if not alone or largest is None or alone + others[largest] <= whole:
        return
    names = " and ".join(f"“{question.row(row).name}”" for row in rows)
    yield Finding(
        tuple(cell_id(question.key, row, column) for row in (*rows, largest)) + (of,),
        f"{names} ({figure(alone)}) and {noun(question.row(largest))} ({figure(others[largest])}) are more "
        f"together than the {figure(whole)} {coded(case, of)}. Nobody can be in both.",
    )


def in_cell(case, question, row, column):
    return case.value(cell_id(question.key, row, column))


@check(columns=("column",))
def rows_share_outside(case, question, column, rows, low=None, high=None):
    """The rows' share of the sum of their column, in per cent, is usual."""
    if case.has_special(question, column):
        return
    whole = sum(value for _, value in case.column(question, column))
    part = sum(case.in_row(question, row, column) for row in rows)
    if not whole or within(Decimal(part) * 100 / whole, low, high):
        return
    names = " and ".join(noun(question.row(row)) for row in rows)
    yield Finding(
        tuple(cell_id(question.key, row, column) for row in rows),
        f"{percent(part, whole)}% are {names}; {usual_words(low, high, '%')} is usual. {TELL}",
    )


@check(columns=("column", "per"))
def ratio_outside(case, question, column, per, low=None, high=None, rows=()):
    """Row by row, a column for each of another one (nights for each child) is usual."""
    field, base = question.column(column), question.column(per)
    for row in rows or case.rows(question):
        try:
            value, count = (case.in_row(question, row, key) for key in (column, per))
        except NotCheckable:
            continue
        if count and not within(each := Decimal(value) / Decimal(count), low, high):
            shown = figure(plain(each.quantize(Decimal("0.1"), ROUND_HALF_UP)), field)
            yield Finding(
                (cell_id(question.key, row, column), cell_id(question.key, row, per)),
                f"{shown} {noun(field)} for each of the {figure(count, base)} {noun(base)}; "
                f"{usual_words(low, high)} is usual. {TELL}",
            )


def within(value, low, high):
    """Whether a figure lies in a range; None leaves an end open."""
    return (low is None or value >= Decimal(str(low))) and (high is None or value <= Decimal(str(high)))


def usual_words(low, high, unit=""):
    """A range in words: 10% to 45%, at most 120, 60 or more."""
    if high is None:
        return f"{low}{unit} or more"
    return f"{low}{unit} to {high}{unit}" if low else f"at most {high}{unit}"


@check(references=("steps",))
def flows_within(case, question, steps, start="from", column="children", percent_at_most=None):
    """FRD-H2: no more children leave a step than reached it; FRD-S1: nearly all who reached it are shown.

    steps: the column that counts each step; start, column: where this table says whence and how many.
    percent_at_most: of a step from which flows start, the share that may stand in none of them.
    """
    for step, rows in rows_by_choice(case, question, start).items():
        cells = [cell_id(question.key, row, column) for row in rows]
        source = steps.replace("*", step)
        try:
            leaving, reached = sum(case.number(cell) for cell in cells), case.number(source)
        except NotCheckable:
            continue
        words = f"{case.label(cell_id(question.key, rows[0], start), step)}: {figure(leaving)} go on"
        if percent_at_most is None and leaving > reached:
            yield Finding(
                (*cells, source), f"{words}, but only {figure(reached)} reached this step. {CORRECT_ONE}"
            )
        if percent_at_most is not None and reached and (reached - leaving) * 100 > reached * percent_at_most:
            yield Finding(
                (*cells, source),
                f"{words} of {figure(reached)}; nothing is shown of {percent(reached - leaving, reached)}%. "
                f"Add where they went. {TELL}",
            )


def rows_by_choice(case, question, column):
    """The rows of a table that chose each option of a column: option to rows."""
    found = {}
    for row in case.rows(question):
        if chosen := case.choice(cell_id(question.key, row, column)):
            found.setdefault(chosen, []).append(row)
    return found
