"""Questions with rows and columns: which rows show, what stands below them."""

from questionnaires.cells import cell_id, split_cell_id
from questionnaires.definition import repeated_rows, row_order
from questionnaires.evaluation import main_rows
from questionnaires.queries.blocks.fields import field_view, last_total
from questionnaires.queries.blocks.problems import row_problems, wrong_cells
from questionnaires.queries.blocks.shown import AddsUp, RowView, Total, kind_of

NO_TOTAL = "–"  # nothing to add up yet


def fill_fields(sheet, question, block):
    """A table of one row: its fields side by side."""
    wrong = wrong_cells(sheet)
    cells = sheet.evaluation.asked[question.key]
    block.rows = [
        RowView("", "", fields=[field_view(sheet, cell, in_table=True, wrong=wrong) for cell in cells])
    ]


def fill_table(sheet, question, block):
    """A table of fixed or repeatable rows, with what may be added to it and what stands below."""
    wrong, code = wrong_cells(sheet), question.key
    shown, others = _shown_rows(sheet, question)
    block.columns = list(question.columns)
    block.meanings = _to_explain(question) if sheet.can_edit else []
    in_own_column = _last_year_column(question)
    block.last_year_head = "" if in_own_column is None else _head_of_last_year(sheet, question)
    for row, label, hint, removable in shown:
        block.rows.append(_row(sheet, question, row, label, hint, removable, wrong, in_own_column))
    in_rows = {problem.id for row in block.rows for problem in row.problems}
    block.problems = [problem for problem in block.problems if problem.id not in in_rows]
    block.more_rows = others
    block.add_words = "Add another row" if question.is_repeatable else _add_words(question)
    block.totals = _totals(sheet, question)
    if in_own_column is not None and block.totals:
        block.last_year_total = last_total(sheet, cell_id(code, "*", in_own_column.key))
    block.adds_up = _adds_up(sheet, question)
    if block.adds_up:  # it says below the total what is amiss, as one types
        said = f"_{question.breakdown.id}"
        block.problems = [problem for problem in block.problems if not problem.id.endswith(said)]
    numeric = [column for column in question.columns if _is_figure(column)]
    blank = [
        cell.id
        for cell in sheet.evaluation.asked[code]
        if cell.field.takes_zeros and cell.id not in sheet.answers
    ]
    block.may_zero = (
        sheet.can_edit and bool(blank) and question.rows_needed != "started" and not question.is_repeatable
    )
    block.may_zero = block.may_zero or (sheet.can_edit and bool(question.rows_from))
    block.is_half = len(question.columns) == 1 and bool(numeric) and not question.is_repeatable
    if numeric and sheet.can_edit:
        block.special_hint = "Type NK where a figure is not known."


def _to_explain(question):
    """The columns most of whose options have a help text: a list to choose from shows labels only."""
    return [
        column
        for column in question.columns
        if sum(bool(option.help) for option in column.options) * 2 > len(column.options)
    ]


def _is_figure(column):
    """Whether 0 and NK are answers that people type there: a year is a number, but no figure."""
    return column.kind.is_numeric and column.type != "year"


def _add_words(question):
    return "Add another staff group" if question.rows_from else ""


def _head_of_last_year(sheet, question):
    column = _last_year_column(question)
    is_one_of_several = column.unit == "WTE" and len(question.columns) > 1
    return f"WTE {sheet.earlier.named}" if sheet.last_year and is_one_of_several else sheet.head_of_last_year


def _last_year_column(question):
    """The column whose last year's figures stand in a column of their own; None where they stand under each field."""
    numeric = [column for column in question.columns if column.kind.is_numeric]
    if question.last_year == "hidden" or not numeric:
        return None
    is_last_alone = len(numeric) == 1 and numeric[0] is question.columns[-1]
    return numeric[0] if is_last_alone or question.rows_from else None


def _shown_rows(sheet, question):
    """Rows of a table to show: (key, label, hint, whether people add them); others that can be added: (key, label)."""
    asked = {cell.row for cell in sheet.evaluation.asked[question.key]}
    used = {**_figures_before(sheet, question), **sheet.answers}
    main, others = main_rows(question, sheet.context.category, used)
    by_hand = sheet.added_rows(question.key)
    fixed = [row for row in question.rows if (row in main or row.key in by_hand) and row.key in asked]
    repeated = repeated_rows(question, sheet.answers)
    if question.is_repeatable:
        added = [key for key in by_hand if question.row(key) is None]
        if not repeated and not added and sheet.can_edit:
            added = ["r1"]
        repeated = sorted({*repeated, *added}, key=row_order)
    shown = [(key, f"Row {number}", "", True) for number, key in enumerate(repeated, 1)]
    shown += [(row.key, row.label, row.help, False) for row in fixed]
    rest = [(row.key, row.label) for row in others if row.key not in by_hand and row.key in asked]
    return shown, rest if sheet.can_edit else []


def _figures_before(sheet, question):
    """Last year's answers in a table that were more than a zero: their rows are asked about again at once."""
    return {
        cell: stored
        for cell, stored in sheet.last_year.items()
        if split_cell_id(cell)[0] == question.key and str(stored.get("v", "")).strip("0.")
    }


def _row(sheet, question, key, label, hint, removable, wrong, own_column):
    by_column, is_cards = (
        {cell.column: cell for cell in question.row_cells(key)},
        kind_of(question) == "cards",
    )
    row = RowView(
        key,
        label,
        hint,
        problems=row_problems(sheet, question, key),
        removable=removable and sheet.can_edit,
        is_of_people=removable,
    )
    for column in question.columns:
        cell = by_column.get(column.key)
        view = field_view(sheet, cell, in_table=True, row_label=label, wrong=wrong) if cell else None
        if not is_cards:
            _say_in_head(view)
        if view and own_column is not None and column is own_column:
            row.last_year, row.last_year_id, view.shows_last_year = view.last_year, f"{view.id}_last", False
        if view and row.problems and view.is_wrong:
            view.described = f"{row.problems[0].id}_error {view.described}"
        row.fields.append(view)
    _offer_to_confirm(row, sheet.can_edit)
    row.added = not any(cell.id in sheet.answers for cell in by_column.values())
    return row


def _offer_to_confirm(row, can_edit):
    """A row of its own, as people add them, can be confirmed on its own."""
    row.can_confirm = can_edit and row.removable and any(f and f.is_carried for f in row.fields)


def _say_in_head(view):
    """In a table the head of the column says hint and unit, once for all rows."""
    if view:
        view.hint = view.unit = ""
        view.described = " ".join(p for p in view.described.split() if not p.endswith(("_hint", "_unit")))


def fill_cards(sheet, question, block):
    """Repeatable rows with many columns: each row a group of fields."""
    wrong = wrong_cells(sheet)
    shown, _ = _shown_rows(sheet, question)
    for key, label, hint, removable in shown:
        block.rows.append(_row(sheet, question, key, label, hint, removable, wrong, None))
    in_rows = {problem.id for row in block.rows for problem in row.problems}
    block.problems = [problem for problem in block.problems if problem.id not in in_rows]
    block.add_words = "Add another"
    block.meanings = _to_explain(question) if sheet.can_edit else []


def _totals(sheet, question):
    """Totals under the columns of a table, one each where there is one; [] where there is none at all."""
    breakdown = question.breakdown
    totals = []
    for column in question.columns:
        has_one = column.total or (breakdown and column is question.columns[-1])
        total = sheet.evaluation.totals.get(cell_id(question.key, "total", column.key)) if has_one else None
        words = f"{total:,}" if total is not None else (NO_TOTAL if has_one else "")
        totals.append(
            Total(
                column.key,
                column.short_head,
                words,
                2 if column.kind.name == "dec2" else 0,
                column.kind.is_numeric,
            )
        )
    return totals if any(total.words for total in totals) else []


def _adds_up(sheet, question):
    """How far the parts of a breakdown add up to its total; None until they are begun or while that is open."""
    evaluation = sheet.evaluation
    part = evaluation.totals.get(cell_id(question.key, "total", question.columns[-1].key))
    whole = evaluation.wholes.get(question.key)
    if part is None or whole is None:
        return None
    arguments = question.breakdown.arguments
    code = sheet.questionnaire.question(split_cell_id(arguments["total"])[0]).code
    return AddsUp(part, whole, "Adds up" if "less" in arguments else f"Adds up to {code}")
