"""Checks that any question may carry: last year, dates, texts, what is usual."""

from dataclasses import dataclass
from datetime import date
from typing import Any

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
    """GS1: more than 25% and more than 5 away from last year; of a table with one row, each figure."""
    for one in figures_of_both_years(case, question, of):
        if one.before != 0 and one.now != 0 and differs(one.now, one.before, change_share, change_least):
            words = change_words(one.now, one.before, case.context.last_time)
            yield Finding((one.cell,), f"{one.named}{words}. {TELL}")


@check(references=("of",))
def zero_or_not_last_year(case, question, of=""):
    """GS2: zero now and above zero last year, or the reverse; of a table with one row, each figure."""
    for one in figures_of_both_years(case, question, of):
        if (one.now == 0) is not (one.before == 0):
            now, before = (figure(value, one.field) if value else "0" for value in (one.now, one.before))
            yield Finding((one.cell,), f"{one.named}{now} now, {before} {case.context.last_time}. {TELL}")


@check(references=("of",))
def special_where_number(case, question, of=""):
    """GS5: a special answer where last year had a number; of a table with one row, each of its cells."""
    for cell, field, named in compared(question, of, case):
        now, before = case.value(cell), case.last(cell)
        if isinstance(now, Special) and is_number(before):
            yield Finding(
                (cell,),
                f"{named}{now.label} now, {figure(before, field)} {case.context.last_time}. "
                "Give this year's figure or say why not.",
            )


@dataclass(frozen=True)
class BothYears:
    """A figure of this year and of last year. named: "In post (WTE): " where a question has several."""

    cell: str
    field: Any
    named: str
    now: Any
    before: Any


def figures_of_both_years(case, question, of):
    """The figures of a question that are known in both years, as BothYears; raises NotCheckable without any."""
    found = []
    for cell, field, named in compared(question, of, case):
        reference = of or cell
        try:
            found.append(BothYears(cell, field, named, case.number(reference), case.last_number(reference)))
        except NotCheckable:
            continue
    if not found:
        raise NotCheckable
    return found


def compared(question, of, case):
    """Where comparisons with last year are shown: (cell, its field, "In post (WTE): " where there are several).

    That is the question itself, each figure of a table with one row, or what ``of`` says: a cell such as SVC-F08||n,
    or the sum of a column such as SVC-E01|*|wte, which is shown at the question.
    """
    code, row, column = split_cell_id(of or question.key)
    if of:
        own = code == question.key and row != "*"
        return [(of, question.field_of(column), "")] if own else [(question.key, question, "")]
    if not question.is_table:
        return [(question.key, question, "")]
    cells = [(cell, field) for cell, field in case.fields_of(question) if is_counted(field)]
    return [(cell, field, f"{field.short_head}: " if len(cells) > 1 else "") for cell, field in cells]


def is_counted(field):
    """Whether figures of a field can be compared between years: a year is a number, but no figure."""
    return field.kind.is_numeric and field.type != "year"


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
    """GS4: the figures of a section, if all of them are those of last year; () where one differs.

    Figures that were filled in with last year's and confirmed are said to be the same; they count if they are not.
    """
    compared = []
    for question in section.questions:
        if question.last_year == "hidden":
            continue
        for cell, field in case.fields_of(question):
            now, before = case.value(cell), case.last(cell)
            if not field.kind.is_numeric or not (is_number(now) and is_number(before)):
                continue
            if now != before:
                return ()
            if question.last_year == "shown":
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
    has_one_row = question.type == "table" and not question.rows
    figures = question.columns if has_one_row else (question,)
    if question.last_year != "hidden" and any(map(is_counted, figures)):
        yield from ("GS1", "GS2", "GS5")
    if question.kind.is_numeric and question.type not in ("year", "computed"):
        yield "GS6"
    if question.type in ("text", "long") and question.last_year == "prefilled":
        yield "GS7"
