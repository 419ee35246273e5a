"""Shapes of choices: what excludes, repeats, needs or contradicts what."""

from questionnaires.cells import cell_id
from questionnaires.filling.shapes.base import SHAPES, listed, shape


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
def none_excludes(draft, question, column=""):
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
