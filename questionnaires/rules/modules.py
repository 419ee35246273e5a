"""Checks of the modules of the service questionnaire that are like no others."""

from questionnaires.cells import cell_id
from questionnaires.rules.base import Finding, NotCheckable, check, figure, listed, noun


@check(columns=("columns", "of"))
def columns_equal(case, question, columns, of):
    """Row by row, some columns together are exactly another column."""
    for row in case.rows(question):
        try:
            together = sum(case.in_row(question, row, column) for column in listed(columns))
            whole = case.in_row(question, row, of)
        except NotCheckable:
            continue
        if together != whole:
            gap = "too many" if together > whole else "too few"
            names = ", ".join(noun(question.column(column)) for column in listed(columns))
            yield Finding(
                tuple(cell_id(question.key, row, column) for column in (*listed(columns), of)),
                f"These add up to {figure(together)} ({names}), {figure(abs(together - whole))} {gap} for the "
                f"{figure(whole)} {noun(question.column(of))}.",
            )


@check()
def should_be_none(case, question):
    """SAF-S1: there is somebody in a group in which nobody should be."""
    if (value := case.number(question.key)) > 0:
        words = f"{figure(value, question)} {noun(question)}; there should be none."
        yield Finding((question.key,), f"{words} If it is right, say what is being done.")


@check(columns=("column", "of"))
def part_of_columns(case, question, column, of):
    """Row by row, a column is not more than some other columns together."""
    for row in case.rows(question):
        try:
            part = case.in_row(question, row, column)
            whole = sum(case.in_row(question, row, key) for key in listed(of))
        except NotCheckable:
            continue
        if part > whole:
            names = " and ".join(noun(question.column(key)) for key in listed(of))
            yield Finding(
                tuple(cell_id(question.key, row, key) for key in (column, *listed(of))),
                f"{figure(part)} {noun(question.column(column))} are more than the {figure(whole)} {names}. "
                "Correct the one that is wrong.",
            )
