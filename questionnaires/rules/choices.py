"""Checks of choices: what excludes, repeats, needs or contradicts what."""

from questionnaires.cells import Special, cell_id
from questionnaires.rules.base import CORRECT_ONE, TELL, Finding, check


@check(columns=("column",))
def none_excludes(case, question, column=""):
    """An exclusive option ("none") is not combined with others: of a question, or a column of a one-row table."""
    cell = cell_id(question.key, "", column) if column else question.key
    chosen = case.choices(cell)
    for option in question.field_of(column).options:
        if option.exclusive and option.key in chosen and len(chosen) > 1:
            yield Finding(
                (cell,),
                f"“{option.label}” cannot be combined with other answers. Untick it, or all the others.",
            )


@check()
def contains_for_category(case, question, options):
    """CAM-H1: the option that a service of this category has by its nature is among those ticked."""
    category, chosen = case.context.category, case.choices(question.key)
    wanted = options.get(category.code) if category else None
    if wanted and chosen and wanted not in chosen:
        label = case.label(question.key, wanted)
        yield Finding((question.key,), f"A service of category {category.code} has “{label}”. Tick it too.")


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
            f"{labels}: such an address is often kept private. Choose “no” or “without its address”, "
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
                f"{field.name} is given, but “{other.name}” is not {wanted}. {CORRECT_ONE}",
            )


@check()
def same_two_years(case, question, value):
    """The same weak answer two years running."""
    if case.value(question.key) == value == case.last(question.key):
        label, then = case.label(question.key, value), case.context.last_time
        again = "for the second year running" if then == "last year" else f"as {then}"
        yield Finding((question.key,), f"“{label}” {again}. Say what keeps you from better figures.")


@check()
def choice_changed(case, question):
    """Another choice than last year where it should stay the same."""
    now, before = case.value(question.key), case.last(question.key)
    if before is not None and now is not None and now != before:
        yield Finding(
            (question.key,), f"It was {case.label(question.key, before)} {case.context.last_time}. {TELL}"
        )
