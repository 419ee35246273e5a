"""Checks of figures against each other: parts and wholes, orders, sums."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from questionnaires.cells import Special, cell_id, split_cell_id
from questionnaires.rules.base import (
    CORRECT_ONE,
    TELL,
    Finding,
    NotCheckable,
    check,
    coded,
    figure,
    listed,
    noun,
    plain,
)


@check(references=("total", "less"))
def parts_equal(case, question, total, less=""):
    """GH3: the rows of a breakdown, with the "not known" row, add up to the total exactly.

    In a started breakdown a blank is missing, so the sum so far is checked already.
    """
    parts, given = case.parts(question)
    if not given:
        return
    whole = case.number(total) - (case.number(less) if less else 0)
    so_far = sum(given, start=Decimal(0))
    if so_far == whole:
        return
    which = f"{coded(case, total)} less {coded(case, less)}" if less else coded(case, total)
    distance = figure(plain(abs(whole - so_far)))
    gap = f"{distance} too many" if so_far > whole else f"{distance} too few"
    yield Finding(
        tuple(parts),
        f"These add up to {figure(plain(so_far))}, {gap} for the {figure(plain(whole))} {which}.",
    )


@check(references=("of",), columns=("column",))
def each_at_most(case, question, of, column="n"):
    """GH4: no row is more than another figure."""
    limit = case.number(of)
    for cell, value in case.column(question, column):
        if value > limit:
            yield Finding((cell, of), f"{figure(value)} are more than the {figure(limit)} {coded(case, of)}.")


@check(references=("of",))
def at_most(case, question, of, unusual=""):
    """The answer is not more than another figure, or several together; ``unusual: yes``: it may be right."""
    references = listed(of)
    value, limit = case.number(question.key), sum(case.number(reference) for reference in references)
    if value > limit:
        names = " and ".join(coded(case, reference) for reference in references)
        yield Finding(
            (question.key, *references),
            more_than(question, value, limit, names) + " " + advice_for(unusual, references),
        )


def more_than(question, value, limit, names):
    """That a figure is more than another one, in words: of children, or of ages."""
    if question.unit == "years":
        return f"{question.name}, {value}, is above {names}, {limit}."
    return f"{figure(value, question)} {noun(question)} are more than the {figure(limit, question)} {names}."


def advice_for(unusual, references):
    if unusual:
        return TELL
    return CORRECT_ONE if len(references) == 1 else "Correct the one that is wrong."


@check(references=("of",), columns=("column",))
def at_least(case, question, of, column="", unusual=""):
    """The answer, or that of a one-row table's column, is not less than another figure."""
    cell = cell_id(question.key, "", column)
    value, limit = case.number(cell), case.number(of)
    if value < limit:
        words = f"{figure(value)} {noun(question)} are fewer than the {figure(limit)} {coded(case, of)}."
        yield Finding((cell, of), f"{words} {advice_for(unusual, (of,))}")


@check(references=("of",), columns=("column",))
def equals(case, question, of, column=""):
    """The answer, or that of a one-row table's column, is the same as another figure."""
    cell = cell_id(question.key, "", column)
    value, other = case.number(cell), case.number(of)
    if value != other:
        field = question.field_of(column)
        words = f"{figure(value, field)} {noun(field)} here, but {figure(other, field)} {coded(case, of)}."
        yield Finding((cell, of), f"{words} {CORRECT_ONE}")


@check(references=("of",), columns=("column",))
def sum_at_most(case, question, column, of, times=1, unusual=""):
    """The sum of a column is not more than another figure, or than some times that figure."""
    total, limit = case.number(f"{question.key}|*|{column}"), case.number(of)
    if total > limit * Decimal(str(times)):
        factor = "" if Decimal(str(times)) == 1 else f"{times} times "
        words = f"These add up to {figure(total)}, more than {factor}the {figure(limit)} {coded(case, of)}."
        yield Finding((*case.cells_of(question.key, column), of), f"{words} {advice_for(unusual, (of,))}")


@check(columns=("columns", "of"))
def columns_at_most(case, question, columns, of):
    """Row by row, some columns together are not more than another column."""
    for row in case.rows(question):
        try:
            values = [case.in_row(question, row, column) for column in columns]
            limit = case.in_row(question, row, of)
        except NotCheckable:
            continue
        if sum(values) > limit:
            names = " and ".join(noun(question.column(column)) for column in columns)
            yield Finding(
                tuple(cell_id(question.key, row, column) for column in (*columns, of)),
                f"{figure(sum(values))} {names} are more than the {figure(limit)} "
                f"{noun(question.column(of))}.",
            )


@check(columns=("columns",))
def in_order(case, question, columns):
    """Row by row, each column is at most the next one: from and to, improved and measured."""
    for row in case.rows(question):
        for first, second in pairwise(columns):
            cells = (cell_id(question.key, row, first), cell_id(question.key, row, second))
            low, high = (case.value(cell) for cell in cells)
            if None in (low, high) or isinstance(low, Special) or isinstance(high, Special) or low <= high:
                continue
            names = noun(question.column(first)), noun(question.column(second))
            yield Finding(cells, f"{out_of_order(low, high, names)} {CORRECT_ONE}")


def out_of_order(low, high, names):
    """What is wrong with two figures or times of which the first should not be the larger."""
    if isinstance(low, str | date):
        return f"{low} ({names[0]}) is after {high} ({names[1]})."
    if 1990 <= min(low, high) <= max(low, high) <= 2100:
        return f"{low} ({names[0]}) is after {high} ({names[1]})."
    return f"{figure(low)} {names[0]} are more than the {figure(high)} {names[1]}."


@check(columns=("columns",))
def adds_up_to(case, question, value, columns):
    """Each of the columns adds up to a value, or is blank in all rows."""
    for column in columns:
        cells = case.column(question, column)
        if not cells or case.has_special(question, column):
            continue
        total = sum(number for _, number in cells)
        if total != value:
            field = question.column(column)
            gap = "too much" if total > value else "too little"
            yield Finding(
                tuple(cell for cell, _ in cells),
                f"{field.name}: these add up to {figure(plain(total), field)}, "
                f"{figure(plain(abs(total - value)), field)} "
                f"{gap}. They must make {figure(value, field)}.",
            )


@check(references=("named_by",), columns=("column",))
def largest_row(case, question, column, named_by):
    """The row that another answer names is the largest."""
    chosen = case.choice(named_by)
    shares = {split_cell_id(cell)[1]: number for cell, number in case.column(question, column)}
    if not shares or chosen is None or case.has_special(question, column):
        return
    largest = max(shares, key=lambda row: shares[row])
    if shares.get(chosen, 0) < shares[largest]:
        field = question.column(column)
        yield Finding(
            (cell_id(question.key, chosen, column), cell_id(question.key, largest, column), named_by),
            f"{question.row(largest).name} has the largest share ({figure(shares[largest], field)}), but "
            f"{named_by.rpartition('-')[2]} says {question.row(chosen).name}. {CORRECT_ONE}",
        )
