"""Checks of figures against limits and as shares of others."""

from decimal import Decimal

from questionnaires.cells import cell_id, split_cell_id
from questionnaires.rules.base import TELL, Finding, check, coded, figure, noun, percent


@check(columns=("column",))
def outside(case, question, low=None, high=None, column=""):
    """A figure beyond what is usual."""
    cells = case.column(question, column) if column else [(question.key, case.number(question.key))]
    field = question.field_of(column)
    for cell, value in cells:
        unit = unit_words(field)
        if low is not None and value < low:
            yield Finding(
                (cell,), f"{figure(value, field)}{unit} is low: {figure(low, field)} or more is usual. {TELL}"
            )
        if high is not None and value > high:
            yield Finding(
                (cell,),
                f"{figure(value, field)}{unit} is high: {figure(high, field)} at most is usual. {TELL}",
            )


def unit_words(field):
    return f" {field.unit}" if field.unit and field.unit not in ("%", "£") else ""


@check(references=("of",))
def share_above(case, question, of, percent_at_most):
    """The answer is more than a share of another figure."""
    value, whole = case.number(question.key), case.number(of)
    if whole and value * 100 > whole * percent_at_most:
        yield Finding(
            (question.key, of),
            share_words(case, question, value, of, whole, f"more than {percent_at_most}% is rare"),
        )


@check(references=("of",))
def share_below(case, question, of, percent_at_least, hint=""):
    """The answer is less than a share of another figure."""
    value, whole = case.number(question.key), case.number(of)
    if whole and value * 100 < whole * percent_at_least:
        words = hint or f"less than {percent_at_least}% is rare"
        yield Finding((question.key, of), share_words(case, question, value, of, whole, words))


def share_words(case, question, value, of, whole, words):
    share = percent(value, whole)
    whole_words = f"{figure(whole)} {coded(case, of)}"
    return f"{figure(value)} {noun(question)} are {share}% of the {whole_words}; {words}. {TELL}"


@check(references=("of", "unless_question"))
def row_share_above(case, question, row, of, percent_at_most, unless_question, unless):
    """One row holds an unlikely share of a figure, unless the service is meant for these children."""
    cell = cell_id(question.key, row, question.columns[0].key)
    value, whole = case.number(cell), case.number(of)
    if whole and value * 100 > whole * percent_at_most and unless not in case.choices(unless_question):
        yield Finding(
            (cell, of),
            f"{percent(value, whole)}% of the {figure(whole)} {coded(case, of)}, but "
            f"{unless_question.rpartition('-')[2]} does not say that the service is meant for them. {TELL}",
        )


@check(settings=("not_known_share",))
def mostly_not_known(case, question, not_known_share):
    """GS3: the "not known" row holds more than a fifth of its table."""
    column = question.columns[-1].key
    numbers = {split_cell_id(cell)[1]: value for cell, value in case.column(question, column)}
    total = sum(numbers.values())
    for row in question.rows:
        unknown = numbers.get(row.key, 0)
        if "not_known" in row.tags and total and unknown > not_known_share * total:
            yield Finding(
                (cell_id(question.key, row.key, column),),
                f"{figure(unknown)} of {figure(total)} are not known ({percent(unknown, total)}%). {TELL}",
            )


@check(references=("areas",))
def population_share_outside(case, question, band, areas, low, high):
    """HV-S1: the children of the service as a share of the residents of that age in the areas served."""
    children, served = case.number(question.key), case.choices(areas)
    name = f"{band[0]}-{band[1]}"
    residents = [case.context.populations.get(area, {}).get(name) for area in served]
    if not served or None in residents or not sum(residents):
        return
    share = Decimal(children) * 100 / sum(residents)
    if not low <= share <= high:
        yield Finding(
            (question.key, areas),
            f"{figure(children)} are {percent(children, sum(residents))}% of the {figure(sum(residents))} "
            f"residents aged {band[0]} to {band[1]} of the areas served ({areas.rpartition('-')[2]}); "
            f"{low}% to {high}% is usual. {TELL}",
        )


@check(columns=("column",))
def differs_from_services(case, question, of, percent_at_most, column=""):
    """NHP-S1: the figure is far from what the services of the organisation add up to (``of``: a cell of theirs)."""
    cell = cell_id(question.key, "", column)
    given, total = case.number(cell), case.context.service_sums.get(of)
    if total and abs(given - total) * 100 > total * percent_at_most:
        code = split_cell_id(of)[0].rpartition("-")[2]
        yield Finding(
            (cell,),
            f"{figure(given)} here, but your services add up to {figure(total)} ({code}). {TELL}",
        )
