"""Checks of the Children's Trust questionnaire that are like no others."""

from questionnaires.cells import cell_id, split_cell_id
from questionnaires.rules.base import TELL, Finding, check


@check(columns=("column",))
def duty_not_represented(case, question, column, tag, value):
    """CT-S1: agencies that the law names are not on the Board."""
    rows = [
        row
        for row in question.rows
        if tag in row.tags and case.value(cell_id(question.key, row.key, column)) == value
    ]
    if rows:
        names = "; ".join(row.name for row in rows)
        yield Finding(
            tuple(cell_id(question.key, row.key, column) for row in rows),
            f"Named by law, but not on the Board: {names}. {TELL}",
        )


@check(columns=("column",))
def all_or_few(case, question, column, values, few):
    """CT-S2: all components, or next to none."""
    given = [case.value(cell) for cell in case.cells_of(question.key, column)]
    covered = sum(value in values for value in given)
    if None not in given and (covered == len(given) or covered < few):
        which = f"All {covered}" if covered == len(given) else f"Only {covered} of {len(given)}"
        yield Finding(tuple(case.cells_of(question.key, column)), f"{which} components covered. {TELL}")


@check(references=("told_in",), columns=("column",))
def ended_since_last_year(case, question, column, told_in, told_column):
    """CT-S3: yes last year and no this year, without saying so where arrangements that ended are listed."""
    told = {case.value(cell) for cell in case.cells_of(told_in, told_column)}
    for cell in case.cells_of(question.key, column):
        row = split_cell_id(cell)[1]
        if case.value(cell) == "no" and case.last(cell) == "yes" and row not in told:
            yield Finding(
                (cell,),
                f"Yes {case.context.last_time}, no now. "
                f"Say in {told_in.rpartition('-')[2]} or here why it ended.",
            )
