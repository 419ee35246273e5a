"""Shapes of staff, beds and money."""

import math
from decimal import Decimal

from questionnaires.cells import cell_id
from questionnaires.filling.shapes.base import numbers_of, scale_down, shape
from questionnaires.rules import is_number

LOW_OCCUPANCY = 0.62


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


@shape
def bed_days_within(draft, question, beds, days, low=None, high=None):
    """As many bed days as well used beds have; the same for both of its rules."""
    cell, period = cell_id(question.key, "", days), getattr(draft.dates, question.at, None)
    used, places = draft.number(cell), draft.number(beds)
    if period is None:
        return
    available = places * ((period[1] - period[0]).days + 1)
    if not LOW_OCCUPANCY * available <= used <= available:
        draft.put(cell, math.floor(float(available) * draft.rng.uniform(LOW_OCCUPANCY, 0.93)))
