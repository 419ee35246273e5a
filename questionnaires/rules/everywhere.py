"""Checks that any question may carry: last year, dates, texts, what is usual."""

from datetime import date

from questionnaires.cells import Special, split_cell_id
from questionnaires.rules.base import (
    TELL,
    Finding,
    NotCheckable,
    change_words,
    check,
    differs,
    figure,
    is_number,
)


@check(references=("of",), settings=("change_share", "change_least"))
def differs_from_last_year(case, question, change_share, change_least, of=""):
    """GS1: more than 25% and more than 5 away from last year."""
    reference = of or question.key
    now, before = case.number(reference), case.last_number(reference)
    if before != 0 and now != 0 and differs(now, before, change_share, change_least):
        words = change_words(now, before, case.context.last_time)
        yield Finding((compared(question, of)[0],), f"{words}. {TELL}")


@check(references=("of",))
def zero_or_not_last_year(case, question, of=""):
    """GS2: zero now and above zero last year, or the reverse."""
    reference = of or question.key
    now, before, then = case.number(reference), case.last_number(reference), case.context.last_time
    cell, field = compared(question, of)
    if now == 0 and before > 0:
        yield Finding((cell,), f"0 now, {figure(before, field)} {then}. {TELL}")
    elif before == 0 and now > 0:
        yield Finding((cell,), f"{figure(now, field)} now, 0 {then}. {TELL}")


@check(references=("of",))
def special_where_number(case, question, of=""):
    """GS5: a special answer where last year had a number."""
    cell, field = compared(question, of)
    now, before = case.value(cell), case.last(cell)
    if isinstance(now, Special) and is_number(before):
        yield Finding(
            (cell,),
            f"{now.label} now, {figure(before, field)} {case.context.last_time}. "
            "Give this year's figure or say why not.",
        )


def compared(question, of):
    """The cell at which a comparison with last year is shown, and its field: one of the question's own, or itself.

    of: a cell such as SVC-F08||n, the sum of a column such as SVC-E01|*|wte, or "".
    """
    code, row, column = split_cell_id(of or question.key)
    own = code == question.key and row != "*"
    return (of, question.field_of(column)) if own and of else (question.key, question)


@check(settings=("usual",))
def beyond_usual(case, question, usual):
    """A figure outside the ``usual`` range that its question or column states, or the collection sets."""
    for cell, field in case.fields_of(question):
        value = case.value(cell)
        low, high = (usual if field is question else None) or field.usual or (None, None)
        if low is not None and is_number(value) and not low <= value <= high:
            yield Finding(
                (cell,),
                f"{figure(value, field)} is unusual: most are {figure(low)} to {figure(high)}. {TELL}",
            )


@check(settings=("peer_percent",))
def beyond_percentiles(case, question, peer_percent):
    """GS6: above the 99th or below the 1st percentile of the category in the last closed collection."""
    bounds = ends_of(case.context.percentiles, question, peer_percent)
    value = case.number(question.key)
    if not bounds[0] <= value <= bounds[1]:
        edge, which = (bounds[0], "less") if value < bounds[0] else (bounds[1], "more")
        yield Finding(
            (question.key,),
            f"{figure(value, question)} is {which} than nearly all services of this category had "
            f"({figure(edge, question)}). {TELL}",
        )


def ends_of(percentiles, question, percent):
    """The figures between which all but ``percent`` % at each end lie; raises NotCheckable where nobody knows."""
    try:
        return percentiles[question.key][percent]
    except KeyError as error:
        raise NotCheckable from error


@check(settings=("text_years",))
def old_text(case, question, text_years):
    """GS7: a text that was carried forward unchanged for more than two collections."""
    years = case.context.carried_years.get(question.key, 0)
    if years > text_years and case.value(question.key):
        yield Finding(
            (question.key,), f"This text is {years} years old. Read it again and change what is out of date."
        )


@check()
def not_in_future(case, question):
    """GH5: no date after today, unless the question asks for plans."""
    today = case.context.today
    for cell, field in case.fields_of(question):
        value = case.value(cell)
        if today and field.type == "date" and not field.future and isinstance(value, date) and value > today:
            yield Finding((cell,), f"{value.day} {value:%B %Y} has not come yet. Give a date up to today.")


@check()
def not_after_collection(case, question):
    """A year that is not later than the collection's first."""
    value, first = case.value(question.key), int(case.context.year[:4])
    if is_number(value) and value > first:
        yield Finding((question.key,), f"{value} is after this collection. Give a year up to {first}.")


def same_figures(case, section):
    """GS4: the figures of a section, if all of them are those of last year; () where one differs."""
    compared = []
    for question in section.questions:
        if question.last_year != "shown":
            continue
        for cell, field in case.fields_of(question):
            now, before = case.value(cell), case.last(cell)
            if not field.kind.is_numeric or not (is_number(now) and is_number(before)):
                continue
            if now != before:
                return ()
            compared.append(cell)
    return tuple(compared) if len(compared) >= case.context.thresholds.same_figures_least else ()


# What questions carry without being told (instruments, 0.5): id -> (severity, check).
GLOBAL_RULES = {
    "GH5": ("hard", "not_in_future"),
    "USUAL": ("soft", "beyond_usual"),
    "GS1": ("soft", "differs_from_last_year"),
    "GS2": ("soft", "zero_or_not_last_year"),
    "GS5": ("soft", "special_where_number"),
    "GS6": ("soft", "beyond_percentiles"),
    "GS7": ("soft", "old_text"),
}


def global_rules(question):
    """The rules that every question carries by what it is: (id, severity, check)."""
    return [(rule, *GLOBAL_RULES[rule]) for rule in _carried(question)]


def _carried(question):
    fields = question.columns or (question,)
    if any(field.type == "date" and not field.future for field in fields):
        yield "GH5"
    if any(field.usual for field in fields):
        yield "USUAL"
    if question.kind.is_numeric and question.type != "year" and question.last_year != "hidden":
        yield from ("GS1", "GS2", "GS5")
    if question.kind.is_numeric and question.type not in ("year", "computed"):
        yield "GS6"
    if question.type in ("text", "long") and question.last_year == "prefilled":
        yield "GS7"
