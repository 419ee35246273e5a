"""Shapes of parts that add up to a whole."""

from decimal import Decimal

from questionnaires.cells import cell_id, split_cell_id
from questionnaires.filling.likely import likely_size
from questionnaires.filling.shapes.base import listed, numbers_of, scale_down, shape, share_out
from questionnaires.rules import NotCheckable, is_number

LARGEST_PART = 8  # the first row of a breakdown weighs this much more than one far down
NOT_KNOWN_SHARE = 0.04


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
    """How large a part is: as last year, as is likely, next to nothing where it is not known, or less and less
    down the rows.
    """
    before = draft.last(cell)
    if is_number(before):
        return float(before)
    row = question.row(split_cell_id(cell)[1])
    likely = likely_size(question.key, row.key) if row else None
    if likely:
        return draft.rng.uniform(likely.least, likely.most)
    if row and "not_known" in row.tags:
        return NOT_KNOWN_SHARE
    if row and (is_expected_empty(question, row) or (row.ages and not is_age_served(draft, question, row))):
        return 0
    return draft.rng.uniform(0.6, 1.4) / (1 + place / LARGEST_PART * 4)


def is_expected_empty(question, row):
    """Whether a rule finds it unusual that the row holds anybody."""
    return any(rule.check == "row_above" and rule.arguments["row"] == row.key for rule in question.rules)


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
