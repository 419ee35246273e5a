"""Checks of the modules of the service questionnaire that are like no others."""

from questionnaires.cells import cell_id
from questionnaires.rules.base import Finding, NotCheckable, check, coded, figure, listed, noun


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


@check(references=("of",), columns=("column",))
def rows_make_up(case, question, column, of):
    """LAC02: the rows of a column, so far, add up to several other figures together."""
    rows = case.column(question, column)
    if not rows or case.has_special(question, column):
        return
    so_far, whole = sum(value for _, value in rows), sum(case.number(reference) for reference in listed(of))
    if so_far != whole:
        gap = "too many" if so_far > whole else "too few"
        names = " and ".join(coded(case, reference) for reference in listed(of))
        yield Finding(
            tuple(case.cells_of(question.key, column)),
            f"These add up to {figure(so_far)}, {figure(abs(so_far - whole))} {gap} for the "
            f"{figure(whole)} {names}.",
        )


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
