"""From a rule to answers that keep it: one function for each check whose figures or choices depend on others.

A shape takes the draft, the question that carries the rule and the rule's arguments, and changes what breaks it.
Where a figure it needs is blank or special it ends quietly, as the check does.
"""

import math
from decimal import Decimal
from itertools import pairwise

from questionnaires.cells import Special, cell_id, split_cell_id
from questionnaires.filling.draw import split
from questionnaires.rules import NotCheckable, is_number

SHAPES = {}
LARGEST_PART = 8  # the first row of a breakdown weighs this much more than one far down
NOT_KNOWN_SHARE = 0.04


def shape(function):
    """Register a shape under the name of its check."""
    SHAPES[function.__name__] = function
    return function


def lower(draft, cell, limit):
    """Bring the number in a cell down to somewhere below ``limit`` if it is above."""
    value = draft.value(cell)
    if is_number(value) and value > limit:
        draft.put(cell, rounded_down(max(0.0, float(limit)) * draft.rng.uniform(0.4, 0.95)))


def rounded_down(number):
    """A whole number, or two decimals below 1, so that a limit is not passed by rounding."""
    return math.floor(number) if number >= 1 else math.floor(number * 100) / 100


def listed(value):
    return value if isinstance(value, list | tuple) else (value,)


def numbers_of(draft, question, column):
    """The cells of a column that hold a number; raises NotCheckable where one is special or none is given."""
    found = draft.column(question, column)
    if not found or draft.has_special(question, column):
        raise NotCheckable
    return dict(found)


def share_out(draft, cells, whole, weights):
    """Give the cells parts of ``whole``, about as the weights say."""
    step = draft.field_at(next(iter(cells))).kind.step
    parts = split(int(Decimal(whole) / step), weights, draft.rng, spread=0)
    for cell, part in zip(cells, parts, strict=True):
        draft.put(cell, part * step)


# Breakdowns and sums


@shape
def parts_equal(draft, question, total, less=""):
    parts = numbers_of(draft, question, question.columns[-1].key)
    whole = draft.number(total) - (draft.number(less) if less else 0)
    if sum(parts.values()) == whole:
        return
    if whole <= 0:
        for cell in parts:
            draft.put(cell, 0)
        return
    weights = [weight_of(draft, question, cell, place) for place, cell in enumerate(parts)]
    share_out(draft, parts, whole, weights if sum(weights) else [1] * len(weights))


def weight_of(draft, question, cell, place):
    """How large a part is: as last year, next to nothing where it is not known, less and less down the rows."""
    before = draft.last(cell)
    if is_number(before):
        return float(before)
    row = question.row(split_cell_id(cell)[1])
    if row and "not_known" in row.tags:
        return NOT_KNOWN_SHARE
    if row and row.ages and not is_age_served(draft, question, row):
        return 0
    return draft.rng.uniform(0.6, 1.4) / (1 + place / LARGEST_PART * 4)


def is_age_served(draft, question, row):
    """Whether the ages of a row are among those that the service takes, as far as a rule compares them."""
    rule = next((rule for rule in question.rules if rule.check == "bands_within_ages"), None)
    if rule is None:
        return True
    try:
        youngest, oldest = (draft.number(rule.arguments[name]) for name in ("youngest", "oldest"))
    except NotCheckable:
        return True
    return row.ages[1] >= youngest and row.ages[0] <= oldest


@shape
def adds_up_to(draft, question, columns, value):
    for column in columns:
        try:
            parts = numbers_of(draft, question, column)
        except NotCheckable:
            continue
        if sum(parts.values()) != value:
            share_out(draft, parts, value, [float(part) or 1 for part in parts.values()])


@shape
def largest_row(draft, question, column, named_by):
    parts, chosen = numbers_of(draft, question, column), draft.choice(named_by)
    own = cell_id(question.key, chosen, column) if chosen else ""
    largest = max(parts, key=lambda cell: parts[cell])
    if not own or parts.get(own, 0) >= parts[largest]:
        return
    if own in parts:
        draft.put(largest, parts[own])
        draft.put(own, parts[largest])
    else:
        draft.put(own, parts[largest])
        draft.take_out(largest)


@shape
def sum_at_most(draft, question, column, of, times=1, unusual="", **_):
    parts, limit = numbers_of(draft, question, column), Decimal(str(times)) * draft.number(of)
    scale_down(draft, parts, limit)


def scale_down(draft, parts, limit):
    whole = sum(parts.values())
    if whole > limit:
        for cell, part in parts.items():
            share = draft.rng.uniform(0.3, 0.95)
            draft.put(cell, rounded_down(float(part) * float(limit) / float(whole) * share))


@shape
def rows_make_up(draft, question, column, of):
    parts = numbers_of(draft, question, column)
    whole = sum(draft.number(reference) for reference in listed(of))
    if sum(parts.values()) != whole:
        weights = [weight_of(draft, question, cell, place) for place, cell in enumerate(parts)]
        share_out(draft, parts, whole, weights)


@shape
def columns_equal(draft, question, columns, of):
    """What is whole stays, and its parts are shared out anew."""
    for row in draft.rows(question):
        cells = [cell_id(question.key, row, column) for column in listed(columns)]
        values, whole = [draft.value(cell) for cell in cells], draft.value(cell_id(question.key, row, of))
        if all(is_number(value) for value in (*values, whole)) and sum(values) != whole:
            share_out(draft, cells, whole, [float(value) or 1 for value in values])


@shape
def equals(draft, question, of, column="", **_):
    cell = cell_id(question.key, "", column)
    if is_number(draft.value(cell)):
        draft.put(cell, draft.number(of))


# Limits


@shape
def part_of_columns(draft, question, column, of):
    for row in draft.rows(question):
        values = [draft.value(cell_id(question.key, row, key)) for key in listed(of)]
        if all(is_number(value) for value in values):
            lower(draft, cell_id(question.key, row, column), sum(values))


@shape
def row_above(draft, question, row, column, value, message=""):
    lower(draft, cell_id(question.key, row, column), value)


@shape
def exclusive_rows(draft, question, column, rows, of):
    """What is said to be alone is lowered to what the largest of the others leaves."""
    whole, counts = draft.number(of), numbers_of(draft, question, column)
    alone = {cell: n for cell, n in counts.items() if split_cell_id(cell)[1] in rows}
    others = {cell: n for cell, n in counts.items() if cell not in alone}
    for cell in others:
        lower(draft, cell, whole)
    largest = max((draft.value(cell) for cell in others), default=0)
    scale_down(draft, alone, whole - largest)


@shape
def flows_within(draft, question, steps, start="from", column="children", percent_at_most=None):
    """Flows out of a step share what reached it; one that starts where nothing is known is empty."""
    rows = {}
    for row in draft.rows(question):
        rows.setdefault(draft.choice(cell_id(question.key, row, start)), []).append(row)
    for step, starting in rows.items():
        cells = [cell_id(question.key, row, column) for row in starting]
        given = [cell for cell in cells if is_number(draft.value(cell))]
        if step and given:
            whole = draft.number(steps.replace("*", step))
            share_out(draft, given, int(whole), [1 / (place + 1) for place in range(len(given))])


@shape
def at_most(draft, question, of, unusual=""):
    lower(draft, question.key, sum(draft.number(reference) for reference in listed(of)))


@shape
def at_least(draft, question, of, column="", unusual=""):
    cell, limit = cell_id(question.key, "", column), draft.number(of)
    if is_number(value := draft.value(cell)) and value < limit:
        draft.put(cell, float(limit) * draft.rng.uniform(1.05, 1.6) + 1)


@shape
def each_at_most(draft, question, of, column="n"):
    limit = draft.number(of)
    for cell in draft.cells_of(question.key, column):
        lower(draft, cell, limit)


@shape
def each_at_most_column(draft, question, columns, of, times=1, unusual="", **_):
    for row in draft.rows(question):
        limit = draft.value(cell_id(question.key, row, of))
        if is_number(limit):
            for column in columns:
                lower(draft, cell_id(question.key, row, column), limit * Decimal(str(times)))


@shape
def columns_at_most(draft, question, columns, of):
    for row in draft.rows(question):
        cells = [cell_id(question.key, row, column) for column in columns]
        values = [draft.value(cell) for cell in cells]
        limit = draft.value(cell_id(question.key, row, of))
        if is_number(limit) and all(is_number(value) for value in values):
            scale_down(draft, dict(zip(cells, values, strict=True)), limit)


@shape
def in_order(draft, question, columns):
    for row in draft.rows(question):
        sort_cells(draft, [cell_id(question.key, row, column) for column in columns])


@shape
def rows_in_order(draft, question, column, rows, **_):
    sort_cells(draft, [cell_id(question.key, row, column) for row in rows])


def sort_cells(draft, cells):
    """Put the values of some cells in order, blank and special ones left as they are."""
    given = [cell for cell in cells if not isinstance(draft.value(cell), Special | None)]
    values = [draft.value(cell) for cell in given]
    if any(first > second for first, second in pairwise(values)):
        for cell, value in zip(given, sorted(values), strict=True):
            draft.put(cell, value)


@shape
def row_at_most(draft, question, column, row, of_row, times=1, unusual="", **_):
    limit = draft.number(cell_id(question.key, of_row, column))
    lower(draft, cell_id(question.key, row, column), limit * Decimal(str(times)))


@shape
def outside(draft, question, low=None, high=None, column="", **_):
    cells = draft.cells_of(question.key, column) if column else [question.key]
    for cell in cells:
        value = draft.value(cell)
        if not is_number(value):
            continue
        if high is not None and value > high:
            lower(draft, cell, high)
        elif low is not None and value < low:
            draft.put(cell, float(low) * draft.rng.uniform(1, 1.03))


@shape
def share_above(draft, question, of, percent_at_most):
    if whole := draft.number(of):
        lower(draft, question.key, whole * Decimal(str(percent_at_most)) / 100)


@shape
def share_below(draft, question, of, percent_at_least, hint=""):
    whole, value = draft.number(of), draft.number(question.key)
    if value * 100 < whole * percent_at_least:
        draft.put(question.key, float(whole) * draft.rng.uniform(percent_at_least / 100, 0.8) + 1)


@shape
def row_share_above(draft, question, row, of, percent_at_most, **_):
    limit = draft.number(of) * percent_at_most / 100
    lower(draft, cell_id(question.key, row, question.columns[0].key), limit)


@shape
def ratio_outside(draft, question, column, per, low=None, high=None, rows=()):
    for row in rows or draft.rows(question):
        value, base = (draft.value(cell_id(question.key, row, key)) for key in (column, per))
        if is_number(value) and is_number(base) and base and not lies_within(value / base, low, high):
            draft.put(cell_id(question.key, row, column), float(base) * inside(draft, low, high))


def lies_within(value, low, high):
    return (low is None or value >= low) and (high is None or value <= high)


def inside(draft, low, high):
    """A figure well inside a range; None leaves an end open."""
    least = float(low or 0)
    most = float(high) if high is not None else least * 2 + 1
    return least + (most - least) * draft.rng.uniform(0.15, 0.5)


@shape
def rows_share_outside(draft, question, column, rows, low=None, high=None):
    """The rows get a usual share of what is not theirs; the sum of the table may change."""
    parts = numbers_of(draft, question, column)
    own = {cell: n for cell, n in parts.items() if split_cell_id(cell)[1] in rows}
    whole, part = float(sum(parts.values())), float(sum(own.values()))
    if not whole or len(own) < len(rows) or lies_within(part * 100 / whole, low, high):
        return
    if question.breakdown:
        wanted = inside(draft, low, high) / 100 * whole
        weights = [
            wanted / len(own) if cell in own else float(n) * (whole - wanted) / max(1.0, whole - part)
            for cell, n in parts.items()
        ]
        share_out(draft, parts, int(whole), weights)
        return
    share = inside(draft, low, high) / 100
    for cell in own:
        draft.put(cell, (whole - part) * share / (1 - share) / len(own))


# Staff


@shape
def positive_where(draft, question, where, column):
    for row in draft.rows(question):
        time, people = (draft.value(cell_id(question.key, row, key)) for key in (where, column))
        if is_number(time) and is_number(people) and time > 0 and people < 1:
            draft.put(cell_id(question.key, row, column), math.ceil(time))


@shape
def time_within_people(draft, question, time, people, most):
    for row in draft.rows(question):
        given, heads = (draft.value(cell_id(question.key, row, key)) for key in (time, people))
        if is_number(given) and is_number(heads) and not given / Decimal("1.4") <= heads <= given * 2 + 1:
            draft.put(cell_id(question.key, row, people), math.ceil(float(given) * draft.rng.uniform(1, 1.3)))


@shape
def vacancies_high(draft, question, vacant, in_post, percent_at_most):
    posts = numbers_of(draft, question, in_post)
    scale_down(draft, numbers_of(draft, question, vacant), sum(posts.values()) * Decimal("0.15"))


@shape
def pay_per_wte(draft, question, time):
    staff, pay = float(draft.number(time)), float(draft.number(question.key))
    low, high = draft.context.thresholds.pay_per_wte
    if staff and not low <= pay / staff <= high:
        draft.put(question.key, round(staff * draft.rng.uniform(29_000, 36_000), -2))


@shape
def differs_from_budget(draft, question, budget, percent_at_most):
    spent, planned = float(draft.number(question.key)), sum(float(draft.last_number(cell)) for cell in budget)
    if planned and abs(spent - planned) * 100 > planned * percent_at_most:
        draft.put(question.key, round(planned * draft.rng.uniform(0.96, 1.06), -2))


# Choices


@shape
def must_be(draft, question, value):
    if draft.value(question.key) is not None:
        draft.values_by_cell[question.key] = value


@shape
def column_must_be(draft, question, column, value):
    cell = cell_id(question.key, "", column)
    if draft.value(cell) is not None:
        draft.values_by_cell[cell] = value


@shape
def years_not_ahead(draft, question, column):
    for cell in draft.cells_of(question.key, column):
        if is_number(draft.value(cell)) and draft.value(cell) > int(draft.context.year[:4]):
            draft.put(cell, int(draft.context.year[:4]))


@shape
def none_excludes(draft, question):
    for field, cells in choice_cells(draft, question):
        exclusive = {option.key for option in field.options if option.exclusive}
        for cell in cells:
            chosen = draft.choices(cell)
            if len(chosen) > 1 and exclusive & set(chosen):
                draft.values_by_cell[cell] = tuple(key for key in chosen if key not in exclusive)


def choice_cells(draft, question):
    """Each field of a question that takes several options, with its cells."""
    for field in question.columns or (question,):
        if field.type == "many":
            yield field, draft.cells_of(question.key, field.key if question.is_table else "")


@shape
def not_repeated(draft, question, question_is):
    before, chosen = draft.choice(question_is), draft.choices(question.key)
    if before in chosen:
        left = tuple(key for key in chosen if key != before)
        if left:
            draft.values_by_cell[question.key] = left
        else:
            draft.take_out(question.key)


@shape
def includes_column(draft, question, question_is, column):
    chosen = draft.choices(question.key)
    named = {draft.choice(cell) for cell in draft.cells_of(question_is, column)} - {None}
    if chosen and named - set(chosen):
        draft.values_by_cell[question.key] = tuple(
            option.key for option in question.options if option.key in named | set(chosen)
        )


@shape
def allowed_only(draft, question, column, where, being, value=""):
    for row in draft.rows(question):
        cell = cell_id(question.key, row, column)
        given, condition = draft.value(cell), draft.value(cell_id(question.key, row, where))
        if given is not None and condition is not None and condition not in being:
            if not value:
                draft.take_out(cell)
            elif given == value:
                others = [key for key in draft.field_at(cell).options if key.key != value]
                draft.values_by_cell[cell] = others[0].key


@shape
def category_default(draft, question, attribute):
    usual = getattr(draft.context.category, attribute, ())
    among = listed(usual)
    if among and draft.choice(question.key) and draft.choice(question.key) not in among:
        draft.values_by_cell[question.key] = among[0]


among_category = SHAPES["among_category"] = category_default


@shape
def own_provision_elsewhere(draft, question, payer, model):
    provider = draft.context.entry.get("provider")
    for row in draft.rows(question):
        cell, who = cell_id(question.key, row, model), draft.choice(cell_id(question.key, row, payer))
        if draft.choice(cell) == "PM0" and provider and who and who != provider:
            draft.values_by_cell[cell] = "PM6"


@shape
def known_postcodes(draft, question, column, shown, directory):
    known = draft.context.outcodes
    for cell in draft.cells_of(question.key, column):
        value = draft.choice(cell)
        if known and value and value.partition(" ")[0] not in known:
            draft.take_out(cell)


@shape
def not_after_collection(draft, question):
    first = int(draft.context.year[:4])
    if draft.number(question.key) > first:
        draft.put(question.key, first)


@shape
def contains_for_category(draft, question, options):
    wanted = options.get(getattr(draft.context.category, "code", ""))
    chosen = draft.choices(question.key)
    if wanted and chosen and wanted not in chosen:
        keys = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        draft.values_by_cell[question.key] = (
            tuple(option.key for option in question.options if option.key in {*chosen, *keys})
            if question.type == "many"
            else keys[0]
        )
