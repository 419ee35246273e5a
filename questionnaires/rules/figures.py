"""Checks of a service's workforce, activity and money that are like no others."""

from decimal import ROUND_HALF_UP, Decimal

from questionnaires.cells import Special, cell_id, split_cell_id
from questionnaires.rules.base import (
    CORRECT_ONE,
    TELL,
    Finding,
    NotCheckable,
    check,
    figure,
    is_number,
    percent,
)

# Staff groups that say nothing of a profession: management and support, others.
NO_PROFESSION = ("mg_", "ot_")


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
        yield Finding(
            (question.key, cases), f"Nobody in post, but a caseload of {figure(children)} (F01). {TELL}"
        )


@check(columns=("vacant", "in_post"))
def vacancies_high(case, question, vacant, in_post, percent_at_most):
    """E-S4: a large share of the funded posts is vacant."""
    empty = case.number(f"{question.key}|*|{vacant}")
    posts = empty + case.number(f"{question.key}|*|{in_post}")
    if posts and empty * 100 > posts * percent_at_most:
        cells = tuple(case.cells_of(question.key, vacant))
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


@check(references=("of",))
def professions_at_least(case, question, value, of, count):
    """CAM-S1: a team of one profession with staff of several; managers and support staff are none."""
    code, _, column = split_cell_id(of)
    rows = [row for row in case.questionnaire.question(code).rows if not row.key.startswith(NO_PROFESSION)]
    cells = [cell_id(code, row.key, column) for row in rows]
    staffed = [cell for cell in cells if is_number(given := case.value(cell)) and given > 0]
    if case.choice(question.key) == value and len(staffed) >= count:
        yield Finding(
            (question.key, *staffed),
            f"“{case.label(question.key, value)}”, but {len(staffed)} professions in post "
            f"({code.rpartition('-')[2]}). Correct one of the two, or tell readers why.",
        )


@check(references=("beds",), columns=("days",))
def bed_days_within(case, question, beds, days, low=None, high=None):
    """CAM-H3: no more bed days than the beds have in the period; with low and high, CAM-S3: usual occupancy.

    low, high: occupied bed days in per cent of those that the beds have in the period of the question.
    """
    cell = cell_id(question.key, "", days)
    period = getattr(case.context.dates, question.at, None)
    used, places = case.number(cell), case.number(beds)
    if period is None:
        return
    available = places * ((period[1] - period[0]).days + 1)
    if low is None and high is None and used > available:
        yield Finding(
            (cell, beds),
            f"{figure(used)} bed days are more than {figure(places)} beds have in this time "
            f"({figure(available)}). {CORRECT_ONE}",
        )
    elif (low is not None or high is not None) and available and not low <= used * 100 / available <= high:
        share = percent(used, available)
        yield Finding((cell, beds), f"{share}% of the beds were in use; {low}% to {high}% is usual. {TELL}")


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
                f"{figure(value)} here, but the service is for ages {low} to {high} (B03, B04). {TELL}",
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
        (cell, n) for cell, n in counts if is_elsewhere(case, question, split_cell_id(cell)[1], area, served)
    ]
    elsewhere = sum(n for _, n in cells)
    if elsewhere * 100 > total * percent_at_most:
        yield Finding(
            (*(cell for cell, _ in cells), question_is),
            f"{percent(elsewhere, total)}% of the children live outside the "
            f"areas served ({question_is.rpartition('-')[2]}). Add those areas there, or tell readers why.",
        )


def is_elsewhere(case, question, row, area, served):
    """Whether a row counts children from outside the areas served: it names another one, or "outside England"."""
    if fixed := question.row(row):
        return "not_known" not in fixed.tags
    home = case.value(cell_id(question.key, row, area))
    return bool(home) and home not in served


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
                cells, "Own provision means that the payer is the provider (A07). Choose how it pays."
            )


@check(references=("question_is",), columns=("column",))
def several_payers(case, question, question_is, column, value):
    """G-S1: more than one payer, but not jointly commissioned."""
    payers = {case.value(cell) for cell in case.cells_of(question_is, column)} - {None, *Special}
    if len(payers) > 1 and case.choice(question.key) == value:
        code = question_is.rpartition("-")[2]
        yield Finding((question.key,), f"{len(payers)} payers ({code}), but not jointly commissioned. {TELL}")


@check(references=("time",), settings=("pay_per_wte",))
def pay_per_wte(case, question, pay_per_wte, time):
    """G-S2: pay for each WTE beyond the usual range."""
    pay, staff = case.number(question.key), case.number(time)
    low, high = pay_per_wte
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
