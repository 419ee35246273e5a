"""Checks across answers: from what was answered to what is wrong with it, or unusual.

A rule of a definition names one of these checks with its arguments. A check is a function of the case (the answers
as they count, see `evaluation.Case`) and the question that carries the rule; it yields findings. A figure that it
needs and that is blank or special ends it quietly: such a rule is "not checkable", never failed.

An argument that names cells is a reference: ``SVC-F01``, ``SVC-E01|nu_hv|wte`` or ``SVC-E01|*|wte``, the sum of
a column. Thresholds are settings of the collection.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from questionnaires.cells import Special, cell_id, split_cell_id

TELL = "If it is right, tell readers why in a few words."
CORRECT_ONE = "Correct one of the two."


class NotCheckable(Exception):
    """A figure that a check needs is blank or a special answer."""


@dataclass(frozen=True)
class Finding:
    """What a check found: the cells concerned, the first one where it is shown, and a message for people."""

    cells: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Thresholds:
    """Settings of a collection (instruments, 0.5 and the rules of each section)."""

    change_share: Decimal = Decimal("0.25")
    change_least: Decimal = Decimal(5)
    not_known_share: Decimal = Decimal("0.20")
    pay_per_wte: tuple[int, int] = (12_000, 120_000)
    text_years: int = 2
    same_figures_least: int = 3
    percentile_services: int = 30


@dataclass(frozen=True)
class Check:
    """A named check, with the names of its arguments and which of them refer to cells."""

    name: str
    function: Callable
    required: frozenset[str]
    optional: frozenset[str]
    references: tuple[str, ...]
    columns: tuple[str, ...]


CHECKS: dict[str, Check] = {}


def check(references=(), columns=()):
    """Register a function as a named check; its further parameters are the arguments of the rule."""

    def register(function):
        parameters = list(inspect.signature(function).parameters.values())[2:]
        required = frozenset(p.name for p in parameters if p.default is p.empty)
        optional = frozenset(p.name for p in parameters) - required
        CHECKS[function.__name__] = Check(
            function.__name__, function, required, optional, tuple(references), tuple(columns)
        )
        return function

    return register


def findings(case, question, rule):
    """What a rule finds in a case; nothing where it is not checkable."""
    found = CHECKS[rule.check].function(case, question, **rule.arguments)
    results = []
    try:
        results.extend(found)
    except NotCheckable:
        pass
    return results


def listed(value):
    return value if isinstance(value, list | tuple) else (value,)


# Words for figures


def figure(value, field=None):
    """A number as a message shows it: 1,234; £1,234; 12.5%."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,f}"
    kind = field.type if field else ""
    if kind == "money":
        return f"£{text}"
    return f"{text}%" if kind == "pct" else text


def noun(field):
    """A label for the middle of a sentence: the first letter small unless an abbreviation starts it."""
    name = field.name.rstrip("?")
    return name if name[:2].isupper() or not name else name[0].lower() + name[1:]


def coded(case, reference):
    """A cell in words with its code: children seen (F02)."""
    question_key, row, column = split_cell_id(reference)
    question = case.questionnaire.question(question_key)
    field = question.field_of(column) or question
    name = noun(question) if field is question or row == "*" else noun(field)
    if row == "*" and len(question.columns) > 1:
        name = f"{noun(field)} of all rows"
    return f"{name} ({question.code})"


def change_words(now, before):
    """ "14 more than last year (up 58%)"."""
    difference = now - before
    word, direction = ("more", "up") if difference > 0 else ("less", "down")
    share = f" ({direction} {percent(abs(difference), before)}%)" if before else ""
    return f"{figure(abs(difference))} {word} than last year{share}"


def percent(part, whole):
    """A share as a whole per cent, rounded half up."""
    return int((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP))


def differs(now, before, thresholds):
    """GS1: more than a quarter away from last year, and by more than five."""
    distance = abs(now - before)
    return distance > thresholds.change_share * before and distance > thresholds.change_least


# Sums and parts


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
def at_most(case, question, of):
    """The answer is not more than another figure, or than several together."""
    references = listed(of)
    value, limit = case.number(question.key), sum(case.number(reference) for reference in references)
    if value > limit:
        names = " and ".join(coded(case, reference) for reference in references)
        both = CORRECT_ONE if len(references) == 1 else "Correct the one that is wrong."
        yield Finding(
            (question.key, *references),
            f"{figure(value, question)} {noun(question)} are more than the {figure(limit, question)} {names}. {both}",
        )


@check(references=("of",), columns=("column",))
def at_least(case, question, of, column=""):
    """The answer, or that of a one-row table's column, is not less than another figure."""
    cell = cell_id(question.key, "", column)
    value, limit = case.number(cell), case.number(of)
    if value < limit:
        yield Finding(
            (cell, of),
            f"{figure(value)} {noun(question)} are fewer than the {figure(limit)} {coded(case, of)}. {CORRECT_ONE}",
        )


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
                f"{field.name}: these add up to {figure(plain(total), field)}, {figure(plain(abs(total - value)), field)} "
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
            f"{split_cell_id(named_by)[0].rpartition('-')[2]} says {question.row(chosen).name}. {CORRECT_ONE}",
        )


# Choices


@check()
def none_excludes(case, question):
    """An exclusive option ("none") is not combined with others."""
    chosen = case.choices(question.key)
    for option in question.options:
        if option.exclusive and option.key in chosen and len(chosen) > 1:
            yield Finding(
                (question.key,),
                f"“{option.label}” cannot be combined with other answers. Untick it, or all the others.",
            )


@check(references=("question_is",))
def not_repeated(case, question, question_is):
    """The answers do not repeat the one that was given before."""
    before = case.choice(question_is)
    if before is not None and before in case.choices(question.key):
        label = case.label(question.key, before)
        yield Finding(
            (question.key, question_is),
            f"“{label}” is already the answer to {question_is.rpartition('-')[2]}. Untick it here.",
        )


@check()
def must_be(case, question, value):
    """Only one answer lets the questionnaire be finished."""
    given = case.value(question.key)
    if given is not None and given != value:
        label = case.label(question.key, value)
        yield Finding(
            (question.key,), f"Answer “{label}” once it is true; until then the questionnaire stays open."
        )


@check(references=("question_is",), columns=("column",))
def includes_column(case, question, question_is, column):
    """What a column of another table names is ticked here."""
    chosen = case.choices(question.key)
    if not chosen:
        return
    used = [case.value(cell) for cell in case.cells_of(question_is, column)]
    left_out = list(
        dict.fromkeys(
            v for v in used if isinstance(v, str) and not isinstance(v, Special) and v not in chosen
        )
    )
    if left_out:
        labels = "; ".join(case.label(question.key, key) for key in left_out)
        yield Finding(
            (question.key,),
            f"{question_is.rpartition('-')[2]} names a place of this kind: {labels}. Tick it here too.",
        )


@check(references=("question_is",))
def choices_clash(case, question, options, question_is, value):
    """Some options sit badly with an answer: a refuge in the public directory."""
    sensitive = [key for key in case.choices(question_is) if key in options]
    if sensitive and case.choice(question.key) == value:
        labels = "; ".join(case.label(question_is, key) for key in sensitive)
        yield Finding(
            (question.key, question_is),
            f"{labels}: the address of such a service is often kept private. Choose “no” or “yes without address”, "
            "or say why it may be shown.",
        )


@check(columns=("column", "where"))
def allowed_only(case, question, column, where, being, value=""):
    """Row by row, a column may be filled (or have one value) only where another column says so."""
    field, other = question.column(column), question.column(where)
    wanted = " or ".join(option.label.lower() for option in other.options if option.key in being)
    for row in case.rows(question):
        given, condition = (case.value(cell_id(question.key, row, key)) for key in (column, where))
        if None in (given, condition) or isinstance(given, Special) or isinstance(condition, Special):
            continue
        if condition not in being and (not value or given == value):
            yield Finding(
                (cell_id(question.key, row, column), cell_id(question.key, row, where)),
                f"{noun(field)} is given, but {noun(other)} is not {wanted}. {CORRECT_ONE}",
            )


@check()
def same_two_years(case, question, value):
    """The same weak answer two years running."""
    if case.value(question.key) == value == case.last(question.key):
        label = case.label(question.key, value).lower()
        yield Finding(
            (question.key,), f"“{label}” for the second year running. Say what keeps you from better figures."
        )


@check()
def choice_changed(case, question):
    """Another choice than last year where it should stay the same."""
    now, before = case.value(question.key), case.last(question.key)
    if before is not None and now is not None and now != before:
        yield Finding((question.key,), f"Last year it was {case.label(question.key, before)}. {TELL}")


# Limits and shares


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
    return f"{figure(value)} {noun(question)} are {share}% of the {figure(whole)} {coded(case, of)}; {words}. {TELL}"


@check(references=("of",))
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


@check()
def mostly_not_known(case, question):
    """GS3: the "not known" row holds more than a fifth of its table."""
    column = question.columns[-1].key
    numbers = {split_cell_id(cell)[1]: value for cell, value in case.column(question, column)}
    total = sum(numbers.values())
    for row in question.rows:
        unknown = numbers.get(row.key, 0)
        if "not_known" in row.tags and total and unknown > case.context.thresholds.not_known_share * total:
            yield Finding(
                (cell_id(question.key, row.key, column),),
                f"{figure(unknown)} of {figure(total)} are not known ({percent(unknown, total)}%). {TELL}",
            )


# Last year, dates and texts: checks that hold everywhere


@check(references=("of",))
def differs_from_last_year(case, question, of=""):
    """GS1: more than 25% and more than 5 away from last year."""
    reference = of or question.key
    now, before = case.number(reference), case.last_number(reference)
    if before != 0 and now != 0 and differs(now, before, case.context.thresholds):
        yield Finding((question.key,), f"{change_words(now, before)}. {TELL}")


@check(references=("of",))
def zero_or_not_last_year(case, question, of=""):
    """GS2: zero now and above zero last year, or the reverse."""
    reference = of or question.key
    now, before = case.number(reference), case.last_number(reference)
    if now == 0 and before > 0:
        yield Finding((question.key,), f"0 now, {figure(before, question)} last year. {TELL}")
    elif before == 0 and now > 0:
        yield Finding((question.key,), f"{figure(now, question)} now, 0 last year. {TELL}")


@check()
def special_where_number(case, question):
    """GS5: a special answer where last year had a number."""
    now, before = case.value(question.key), case.last(question.key)
    if isinstance(now, Special) and is_number(before):
        yield Finding(
            (question.key,),
            f"{now.label} now, {figure(before, question)} last year. Give this year's figure or say why not.",
        )


@check()
def beyond_usual(case, question):
    """A figure outside the ``usual`` range that its question or column states."""
    for cell, field in case.fields_of(question):
        value = case.value(cell)
        if field.usual and is_number(value) and not field.usual[0] <= value <= field.usual[1]:
            low, high = field.usual
            yield Finding(
                (cell,),
                f"{figure(value, field)} is unusual: most are {figure(low)} to {figure(high)}. {TELL}",
            )


@check()
def beyond_percentiles(case, question):
    """GS6: above the 99th or below the 1st percentile of the category in the last closed collection."""
    bounds = (case.context.percentiles or {}).get(question.key)
    value = case.value(question.key)
    if bounds and is_number(value) and not bounds[0] <= value <= bounds[1]:
        edge, which = (bounds[0], "less") if value < bounds[0] else (bounds[1], "more")
        yield Finding(
            (question.key,),
            f"{figure(value, question)} is {which} than nearly all services of this category had "
            f"({figure(edge, question)}). {TELL}",
        )


@check()
def old_text(case, question):
    """GS7: a text that was carried forward unchanged for more than two collections."""
    years = case.context.carried_years.get(question.key, 0)
    if years > case.context.thresholds.text_years and case.value(question.key):
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
        yield Finding(
            (question.key,), f"{value} has not come yet for this collection. Give a year up to {first}."
        )


# The service and its entry


@check()
def respondent_may_enter(case, question):
    """A-H2: this type of organisation may enter services of the category."""
    category, kind = case.context.category, case.context.organisation_type
    if category and kind and category.respondents and kind not in category.respondents:
        yield Finding(
            (question.key,),
            f"Your organisation does not enter services of category {category.code}, {category.name}. "
            "Choose another category, or leave the service to its provider.",
        )


@check()
def unique_name(case, question):
    """A-H1: no other service of the provider has this name."""
    name, provider = case.context.entry.get("name", ""), case.context.entry.get("provider", "")
    for peer in case.context.peers:
        if peer.provider == provider and peer.name == name != "":
            yield Finding(
                (question.key,),
                f"Another service of this provider is called “{name}” too. Add what sets this one apart.",
            )
            return


@check()
def similar_name(case, question):
    """A-S1: a name that differs from another one by case, spacing or one letter only."""
    name, provider = case.context.entry.get("name", ""), case.context.entry.get("provider", "")
    for peer in case.context.peers:
        if name and peer.provider == provider and peer.name != name and alike(peer.name, name):
            yield Finding(
                (question.key,),
                f"“{peer.name}” is nearly the same name. If it is the same service, keep only one.",
            )
            return


def alike(first, second):
    """Whether two names are equal but for case, spacing or one letter added, left out or changed."""
    first, second = ("".join(name.casefold().split()) for name in (first, second))
    shorter, longer = sorted((first, second), key=len)
    if shorter == longer:
        return True
    if len(longer) - len(shorter) > 1 or len(shorter) < 4:
        return False
    at = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    changed = len(shorter) == len(longer)
    return shorter[at + changed :] == longer[at + 1 :]


@check()
def sector_of_provider(case, question):
    """A-H4: the sector of the service is that of its provider in the register."""
    entry = case.context.entry
    registered, given = entry.get("provider_sector"), entry.get("sector")
    own = given == "inhouse" and entry.get("provider") == entry.get("organisation")
    if registered and given and not own and registered != given:
        yield Finding(
            (question.key,),
            f"The register has this provider as {case.label('SVC-A06', registered).lower()}, A06 says "
            f"{case.label('SVC-A06', given).lower()}. {CORRECT_ONE}",
        )


@check()
def merged_into_open(case, question):
    """A-H7: the service that this one merged into is open."""
    target = case.context.entry.get("merged_into")
    for peer in case.context.peers:
        if target and peer.key == target and not peer.is_open:
            yield Finding(
                (question.key,),
                f"{peer.name} is not open itself. Choose the service that takes the children now.",
            )


@check()
def category_default(case, question, attribute):
    """B-S1: differs from what is usual for the category."""
    usual = getattr(case.context.category, attribute, ())
    given = case.choice(question.key)
    if usual and given and given not in listed(usual):
        labels = " or ".join(case.label(question.key, key) for key in listed(usual))
        yield Finding((question.key,), f"Services of this category are usually {labels.lower()}. {TELL}")


@check()
def among_category(case, question, attribute):
    """B-S2: not among those that the category lists."""
    usual = getattr(case.context.category, attribute, ())
    given = case.choice(question.key)
    if usual and given and given not in usual:
        labels = "; ".join(case.label(question.key, key) for key in usual)
        yield Finding((question.key,), f"The main aim of this category is one of these: {labels}. {TELL}")


@check()
def short_or_private_text(case, question, at_least):
    """A-S3: a description that is too short, or holds an e-mail address or telephone number."""
    text = case.value(question.key)
    if not isinstance(text, str) or isinstance(text, Special):
        return
    if len(text) < at_least:
        yield Finding(
            (question.key,), f"{len(text)} characters say little. Describe what a family can expect."
        )
    if re.search(r"\S+@\S+\.\S|(?:\d[\s-]?){9,}", text):
        yield Finding(
            (question.key,),
            "This holds an e-mail address or a telephone number. Move it to the questions made for it.",
        )


@check(columns=("column", "shown"))
def known_postcodes(case, question, column, shown, directory):
    """D-H1: the postcode is in the register, unless the address is confidential."""
    known = case.context.outcodes
    if known is None:
        return
    listed_service = case.choice(directory) == "yes"
    for row in case.rows(question):
        code = case.value(cell_id(question.key, row, column))
        confidential = not listed_service and case.value(cell_id(question.key, row, shown)) == "no"
        if (
            isinstance(code, str)
            and not isinstance(code, Special)
            and not confidential
            and outcode(code) not in known
        ):
            yield Finding(
                (cell_id(question.key, row, column),),
                f"no place has a postcode that starts with {outcode(code)}. Correct {code}.",
            )


def outcode(postcode):
    """The first half of a postcode: M32 of M32 0TH."""
    return postcode.rpartition(" ")[0] or postcode


@check(references=("question_is",), columns=("column",))
def base_outside_areas(case, question, question_is, column):
    """D-S1: the main base lies outside all areas served."""
    rows = [split_cell_id(cell)[1] for cell in case.cells_of(question_is, column)]
    code = case.value(cell_id(question_is, rows[0], column)) if rows else None
    if not isinstance(code, str) or isinstance(code, Special) or not case.context.outcodes:
        return
    home, served = case.context.outcodes.get(outcode(code)), case.choices(question.key)
    if home and served and not set(home) & set(served):
        yield Finding(
            (question.key, cell_id(question_is, rows[0], column)),
            f"The main base ({code}) lies outside the areas served. {TELL}",
        )


# Workforce


@check(columns=("where", "column"))
def positive_where(case, question, where, column):
    """E-H1: where there is working time there is at least one person."""
    for row in case.rows(question):
        time, people = (case.value(cell_id(question.key, row, key)) for key in (where, column))
        if is_number(time) and is_number(people) and time > 0 and people < 1:
            yield Finding(
                (cell_id(question.key, row, column), cell_id(question.key, row, where)),
                f"{figure(time)} WTE needs at least 1 person. Correct the WTE or the number of people.",
            )


@check(columns=("time", "people"))
def time_within_people(case, question, time, people, most):
    """E-H2: no person counts for more than 1.10 WTE."""
    most = Decimal(str(most))
    for row in case.rows(question):
        given, heads = (case.value(cell_id(question.key, row, key)) for key in (time, people))
        if is_number(given) and is_number(heads) and heads >= 1 and given > heads * most:
            word = "1 person" if heads == 1 else f"{figure(heads)} people"
            yield Finding(
                (cell_id(question.key, row, time), cell_id(question.key, row, people)),
                f"{figure(given)} WTE is too much for {word}: one person counts as {most} at most. "
                "Correct the WTE or the number of people.",
            )


@check(references=("cases",))
def cases_without_staff(case, question, cases):
    """E-S2: children on the caseload and nobody in post."""
    if case.number(question.key) == 0 and (children := case.number(cases)) > 0:
        yield Finding((question.key, cases), f"No staff, but {figure(children)} {coded(case, cases)}. {TELL}")


@check(columns=("vacant", "in_post"))
def vacancies_high(case, question, vacant, in_post, percent_at_most):
    """E-S4: a large share of the funded posts is vacant."""
    empty = case.number(f"{question.key}|*|{vacant}")
    posts = empty + case.number(f"{question.key}|*|{in_post}")
    if posts and empty * 100 > posts * percent_at_most:
        cells = tuple(cell for cell, value in case.column(question, vacant) if value)
        yield Finding(
            cells, f"{figure(empty)} of {figure(posts)} WTE are vacant ({percent(empty, posts)}%). {TELL}"
        )


@check(columns=("column",))
def no_management(case, question, column, rows, more_than):
    """E-S5: a large service without a manager or administration."""
    total = case.number(f"{question.key}|*|{column}")
    support = [case.value(cell_id(question.key, row, column)) for row in rows]
    if total > more_than and not any(isinstance(v, Special) or v for v in support):
        yield Finding(
            tuple(cell_id(question.key, row, column) for row in rows),
            f"{figure(total)} WTE and neither a manager nor administration. "
            "Add them, or say who does this work.",
        )


# Activity


@check(references=("youngest", "oldest"))
def bands_within_ages(case, question, youngest, oldest):
    """F-S5: children in an age band that the service does not take."""
    low, high = case.number(youngest), case.number(oldest)
    column = question.columns[0].key
    for row in question.rows:
        value = case.value(cell_id(question.key, row.key, column))
        if row.ages and is_number(value) and value > 0 and (row.ages[1] < low or row.ages[0] > high):
            yield Finding(
                (cell_id(question.key, row.key, column), youngest, oldest),
                f"{figure(value)} children, but the service is for ages {low} to {high} (B03, B04). {TELL}",
            )


@check(references=("question_is",), columns=("area", "column"))
def many_from_elsewhere(case, question, question_is, area, column, percent_at_most):
    """F-S7: more than a quarter of the children live outside the areas served."""
    served = set(case.choices(question_is))
    counts = case.column(question, column)
    total = sum(value for _, value in counts)
    if not served or not total or case.has_special(question, column):
        return
    cells = [
        (cell, n)
        for cell, n in counts
        if (home := case.value(cell_id(question.key, split_cell_id(cell)[1], area))) and home not in served
    ]
    elsewhere = sum(n for _, n in cells)
    if elsewhere * 100 > total * percent_at_most:
        yield Finding(
            (*(cell for cell, _ in cells), question_is),
            f"{percent(elsewhere, total)}% of the children live outside the "
            f"areas served ({question_is.rpartition('-')[2]}). Add those areas there, or tell readers why.",
        )


@check(columns=("sessions", "hours", "children"))
def hours_per_child(case, question, sessions, hours, children, low, high):
    """F-S8: hours of help for each child beyond what is likely."""
    low, high = Decimal(str(low)), Decimal(str(high))
    for row in case.rows(question):
        try:
            count, length, people = (case.in_row(question, row, key) for key in (sessions, hours, children))
        except NotCheckable:
            continue
        if people and not low <= (each := Decimal(count) * length / people) <= high:
            yield Finding(
                (
                    cell_id(question.key, row, sessions),
                    cell_id(question.key, row, hours),
                    cell_id(question.key, row, children),
                ),
                f"{figure(each.quantize(Decimal('0.01'), ROUND_HALF_UP))} hours for each child; "
                f"{low} to {high} are likely. {TELL}",
            )


# Money and agreements


@check(columns=("payer", "model"))
def own_provision_elsewhere(case, question, payer, model):
    """G-H2: "own provision" only where the payer is the provider."""
    provider = case.context.entry.get("provider")
    for row in case.rows(question):
        cells = cell_id(question.key, row, model), cell_id(question.key, row, payer)
        how, who = (case.value(cell) for cell in cells)
        if (
            how == "PM0"
            and provider
            and isinstance(who, str)
            and not isinstance(who, Special)
            and who != provider
        ):
            yield Finding(
                cells, f"own provision means that the payer is the provider (A07). Choose how it pays."
            )


@check(references=("question_is",), columns=("column",))
def several_payers(case, question, question_is, column, value):
    """G-S1: more than one payer, but not jointly commissioned."""
    payers = {case.value(cell) for cell in case.cells_of(question_is, column)} - {None, *Special}
    if len(payers) > 1 and case.choice(question.key) == value:
        code = question_is.rpartition("-")[2]
        yield Finding((question.key,), f"{len(payers)} payers ({code}), but not jointly commissioned. {TELL}")


@check(references=("time",))
def pay_per_wte(case, question, time):
    """G-S2: pay for each WTE beyond the usual range."""
    pay, staff = case.number(question.key), case.number(time)
    low, high = case.context.thresholds.pay_per_wte
    if staff and not low <= pay / staff <= high:
        each = (pay / staff).quantize(Decimal(1), ROUND_HALF_UP)
        yield Finding((question.key, time), f"£{each:,} for each WTE; £{low:,} to £{high:,} is usual. {TELL}")


@check(references=("budget",))
def differs_from_budget(case, question, budget, percent_at_most):
    """G-S3: the actual is far from what was budgeted for that year."""
    spent, planned = case.number(question.key), sum(case.last_number(reference) for reference in budget)
    if planned and abs(spent - planned) * 100 > planned * percent_at_most:
        word = "more" if spent > planned else "less"
        yield Finding(
            (question.key,),
            f"£{abs(spent - planned):,} {word} than the £{planned:,} budgeted for that year "
            f"({percent(abs(spent - planned), planned)}%). {TELL}",
        )


@check()
def chosen_in_categories(case, question, option, categories):
    """H-S1: an answer that is unlikely in some categories."""
    category = case.context.category
    if category and category.code in categories and option in case.choices(question.key):
        yield Finding(
            (question.key,), f"“{case.label(question.key, option)}” is rare in {category.name}. {TELL}"
        )


# Children's Trust


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
            f"The law names these, and they are not on the Board: {names}. {TELL}",
        )


@check(columns=("column",))
def all_or_few(case, question, column, values, few):
    """CT-S2: all components, or next to none."""
    given = [case.value(cell) for cell in case.cells_of(question.key, column)]
    covered = sum(value in values for value in given)
    if None not in given and (covered == len(given) or covered < few):
        which = f"All {covered}" if covered == len(given) else f"Only {covered} of {len(given)}"
        yield Finding((case.cells_of(question.key, column)[0],), f"{which} components covered. {TELL}")


@check(references=("told_in",), columns=("column",))
def ended_since_last_year(case, question, column, told_in, told_column):
    """CT-S3: yes last year and no this year, without saying so where arrangements that ended are listed."""
    told = {case.value(cell) for cell in case.cells_of(told_in, told_column)}
    for cell in case.cells_of(question.key, column):
        row = split_cell_id(cell)[1]
        if case.value(cell) == "no" and case.last(cell) == "yes" and row not in told:
            yield Finding(
                (cell,), f"Yes last year, no now. Say in {told_in.rpartition('-')[2]} or here why it ended."
            )


# Helpers


def is_number(value):
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def plain(number):
    """A number without needless decimals."""
    return int(number) if number == int(number) else number


def same_figures(case, section):
    """GS4: every figure of a section is the one of last year; cells that were compared, or () where one differs."""
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


def global_rules(question):
    """The rules that every question carries by what it is: (id, severity, check), instruments 0.5."""
    fields = question.columns or (question,)
    if any(field.type == "date" and not field.future for field in fields):
        yield "GH5", "hard", "not_in_future"
    if any(field.usual for field in fields):
        yield "USUAL", "soft", "beyond_usual"
    if question.kind.is_numeric and question.last_year != "hidden":
        yield "GS1", "soft", "differs_from_last_year"
        yield "GS2", "soft", "zero_or_not_last_year"
        yield "GS5", "soft", "special_where_number"
    if question.kind.is_numeric and question.type not in ("year", "computed"):
        yield "GS6", "soft", "beyond_percentiles"
    if question.type in ("text", "long") and question.last_year == "prefilled":
        yield "GS7", "soft", "old_text"
