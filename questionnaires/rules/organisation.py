"""Checks of the questionnaires about an organisation that are like no others."""

from questionnaires.cells import Special, cell_id
from questionnaires.rules.base import TELL, Finding, check, is_number


@check(columns=("column",))
def not_a_lead(case, question, column):
    """ORG-H1: whoever is responsible at the top is not the mapping lead or the deputy, by e-mail address."""
    cell = cell_id(question.key, "", column)
    given = case.value(cell)
    if isinstance(given, Special) or given is None:
        return
    if given.casefold() in {email.casefold() for email in case.context.entry.get("lead_emails", ())}:
        yield Finding(
            (cell,),
            f"{given} is the address of a mapping lead. Name the person to whom the lead reports.",
        )


@check()
def rating_jumped(case, question, points):
    """NI-S5: a rating that has moved by several points since last year."""
    now, before = case.choice(question.key), case.last(question.key)
    if not (isinstance(before, str) and not isinstance(before, Special) and now):
        return
    moved = int(now) - int(before)
    if abs(moved) >= points:
        direction, then = "up" if moved > 0 else "down", case.context.last_time
        yield Finding((question.key,), f"{now} now, {before} {then}: {direction} by {abs(moved)}. {TELL}")


@check(columns=("column",))
def column_must_be(case, question, column, value):
    """Only one answer in a column of a one-row table lets the questionnaire be finished."""
    cell = cell_id(question.key, "", column)
    given = case.value(cell)
    if given is not None and given != value:
        yield Finding(
            (cell,),
            f"Answer “{case.label(cell, value)}” once it is true; until then the questionnaire stays open.",
        )


@check(columns=("column",))
def years_not_ahead(case, question, column):
    """Row by row, a year that has begun."""
    today, first = case.context.today, int(case.context.year[:4])
    last = today.year if today else first + 1
    for row in case.rows(question):
        cell = cell_id(question.key, row, column)
        year = case.value(cell)
        if is_number(year) and year > last:
            yield Finding((cell,), f"{year} lies ahead. Give a year up to {last}.")
