"""What the shapes share: how one is registered, and how figures are lowered and shared out."""

import math
from collections.abc import Callable
from decimal import Decimal

from questionnaires.filling.draw import split
from questionnaires.rules import NotCheckable, is_number

SHAPES: dict[str, Callable] = {}


def shape(function):
    """Register a shape under the name of its check."""
    SHAPES[function.__name__] = function
    return function


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


def scale_down(draft, parts, limit):
    whole = sum(parts.values())
    if whole > limit:
        for cell, part in parts.items():
            share = draft.rng.uniform(0.3, 0.95)
            draft.put(cell, rounded_down(float(part) * float(limit) / float(whole) * share))


def lies_within(value, low, high):
    return (low is None or value >= low) and (high is None or value <= high)


def inside(draft, low, high):
    """A figure well inside a range; None leaves an end open."""
    least = float(low or 0)
    most = float(high) if high is not None else least * 2 + 1
    return least + (most - least) * draft.rng.uniform(0.15, 0.5)


def lower(draft, cell, limit):
    """Bring the number in a cell down to somewhere below ``limit`` if it is above."""
    value = draft.value(cell)
    if is_number(value) and value > limit:
        draft.put(cell, rounded_down(max(0.0, float(limit)) * draft.rng.uniform(0.4, 0.95)))


def rounded_down(number):
    """A whole number, or two decimals below 1, so that a limit is not passed by rounding."""
    return math.floor(number) if number >= 1 else math.floor(number * 100) / 100
