"""What a section page shows of each question: blocks of fields, with last year's answers, problems and totals."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from questionnaires.answer_types import choices
from questionnaires.cells import SPECIAL_LABELS, cell_id, split_cell_id
from questionnaires.definition import repeated_rows, row_order
from questionnaires.evaluation import EXPECTED, main_rows
from questionnaires.models import Origin

RADIOS_AT_MOST = 8  # more than these are a list to choose from
NO_TOTAL = "–"  # nothing to add up yet
MARKED_AT_MOST = 3  # a breakdown that does not add up says so below, no one cell of it is wrong
INLINE_LETTERS = 64  # choices with no more letters than these stand side by side


def html_id(cell):
    """The id of a cell's field on the page: no character that addresses or selectors would change."""
    return cell.replace("|", ".")


@dataclass
class Choice:
    key: str
    label: str
    help: str = ""
    chosen: bool = False
    id: str = ""


@dataclass
class ClashWords:
    """Two values of a cell in words, who wrote the other and when; ``own_text`` is what the page sends for mine."""

    name: str
    who: str
    theirs: str
    yours: str
    own_text: str
    at: datetime | None


@dataclass
class FieldView:
    """One cell as a field. ``value``: its text; ``answer``: the answer in words, for pages that only read."""

    id: str
    name: str
    label: str
    widget: str
    hint: str = ""
    unit: str = ""
    inputmode: str = ""
    size: str = ""
    is_numeric: bool = False
    value: str = ""
    values: list = dataclasses.field(default_factory=list)
    answer: str = ""
    choices: list[Choice] = dataclasses.field(default_factory=list)
    is_inline: bool = False
    register: str = ""
    special: str = ""
    specials: list = dataclasses.field(default_factory=list)
    last_year: str = ""
    shows_last_year: bool = False
    is_carried: bool = False
    error: str = ""
    is_wrong: bool = False
    clash: ClashWords | None = None
    described: str = ""
    column: str = ""
    short_label: str = ""

    @property
    def is_group(self):
        """Whether it is several controls, which a legend names together."""
        return self.widget in ("radios", "checkboxes", "lookups")


@dataclass
class ProblemView:
    """Something wrong or unusual at a question. ``reason_name`` is empty where no reason is wanted."""

    kind: str
    text: str
    id: str
    reason_name: str = ""
    reason: str = ""
    explained: str = ""


@dataclass
class RowView:
    """A row of a table; ``added``: it holds nothing yet and is shown because somebody asked for it."""

    key: str
    label: str
    hint: str = ""
    fields: list = dataclasses.field(default_factory=list)  # FieldView, or None where a row lacks a column
    last_year: str = ""
    last_year_id: str = ""
    problems: list[ProblemView] = dataclasses.field(default_factory=list)
    added: bool = False
    removable: bool = False

    @property
    def state(self):
        if any(p.kind == "error" for p in self.problems) or any(f and f.error for f in self.fields):
            return "has-error"
        if any(f and f.clash for f in self.fields):
            return "has-clash"
        return "has-warning" if self.problems else ""

    @property
    def errors(self):
        return [f for f in self.fields if f and f.error]

    @property
    def clashes(self):
        return [f for f in self.fields if f and f.clash]


@dataclass
class Total:
    """A total under a column."""

    column: str
    label: str
    words: str = ""
    decimals: int = 0
    is_numeric: bool = True


@dataclass
class Block:
    """One question, or the head above figures. ``kind`` names its template."""

    kind: str
    key: str
    code: str = ""
    label: str = ""
    hint: str = ""
    field: FieldView | None = None
    rows: list[RowView] = dataclasses.field(default_factory=list)
    columns: list = dataclasses.field(default_factory=list)
    totals: list[Total] = dataclasses.field(default_factory=list)
    last_year_head: str = ""
    last_year_total: str = ""
    problems: list[ProblemView] = dataclasses.field(default_factory=list)
    status: tuple | None = None  # (state, words) of a breakdown
    more_rows: list = dataclasses.field(default_factory=list)
    add_words: str = ""
    may_zero: bool = False
    is_carried: bool = False
    is_half: bool = False
    answer: str = ""
    notes: list = dataclasses.field(default_factory=list)
    history_url: str = ""
    change_url: str = ""
    can_edit: bool = True
    special_hint: str = ""

    @property
    def id(self):
        return f"q-{self.key}"

    @property
    def state(self):
        problems = self.problems
        if (self.field and self.field.error) or any(p.kind == "error" for p in problems):
            return "has-error"
        if self.field and self.field.clash:
            return "has-clash"
        return "has-warning" if problems else ""

    @property
    def has_removable(self):
        return self.can_edit and any(row.removable for row in self.rows)

    @property
    def has_row_labels(self):
        return True

    @property
    def width(self):
        """How many columns its table has."""
        return 1 + bool(self.last_year_head) + len(self.columns) + self.has_removable


@dataclass
class Sheet:
    """All that the blocks of one section are made of."""

    questionnaire: Any
    section: Any
    answers: dict
    evaluation: Any
    explanations: dict
    last_year: dict
    registers: Any
    context: Any
    can_edit: bool
    invalid: dict = dataclasses.field(default_factory=dict)
    clashes: dict = dataclasses.field(default_factory=dict)
    rows: list = dataclasses.field(default_factory=list)
    history_url: str = ""
    change_url: str = ""

    def added_rows(self, code):
        return [row for own, row, _ in map(split_cell_id, self.rows) if own == code]


def blocks_of(sheet):
    """The blocks of a section's asked questions in order, a head before each run of figures."""
    blocks, in_figures = [], False
    for question in sheet.section.questions:
        if question.key not in sheet.evaluation.asked:
            continue
        block = _block(sheet, question)
        if block.kind == "figure" and not in_figures:
            blocks.append(Block("head", f"head-{question.key}"))
        in_figures = block.kind == "figure"
        blocks.append(block)
    return blocks


def _block(sheet, question):
    block = Block(
        kind=_kind(question),
        key=question.key,
        code=question.code,
        label=question.label,
        hint=question.help,
        history_url=f"{sheet.history_url}?question={question.key}" if sheet.history_url else "",
        can_edit=sheet.can_edit,
        is_carried=sheet.can_edit
        and any(_is_carried(sheet, cell.id) for cell in sheet.evaluation.asked[question.key]),
    )
    block.problems = [_problem_view(sheet, problem) for problem in _problems_at(sheet, question)]
    FILL[block.kind](sheet, question, block)
    if question.shows == "explanations":
        block.notes = _explained_so_far(sheet)
    return block


def _kind(question):
    if question.stored_in:
        return "stored"
    if question.is_repeatable and len(question.columns) > 4:
        return "cards"
    if question.is_table:
        return "fields" if not question.rows and not question.is_repeatable else "table"
    return "figure" if question.kind.is_numeric else "words"


def _is_carried(sheet, cell):
    return sheet.answers.get(cell, {}).get("o") == Origin.CARRIED


# Problems


def _problems_at(sheet, question):
    """The problems shown at a question: those whose first cell is there; what is merely expected stays quiet."""
    own = [p for p in sheet.evaluation.problems if _home(sheet, p) == question.key and p.rule != EXPECTED]
    return sorted(own, key=lambda problem: problem.severity != "hard")


def _home(sheet, problem):
    code = split_cell_id(problem.cells[0])[0] if problem.cells else ""
    return code if code in sheet.evaluation.asked else problem.question


def _problem_view(sheet, problem):
    place = html_id(problem.cells[0] if problem.cells else problem.question)
    view = ProblemView(
        "error" if problem.severity == "hard" else "unusual", problem.message, f"{place}_{problem.rule}"
    )
    if problem.reason_wanted:
        rule, cell = problem.key
        view.reason_name = f"reason:{rule}:{cell}"
        if explanation := sheet.explanations.get(problem.key):
            view.reason = explanation.text
            at = timezone.localtime(explanation.at)
            held = problem.explained
            view.explained = (
                f"Explained by {explanation.by}, {at.day} {at:%B}. Your director reads it at sign-off."
                if held
                else f"{explanation.by} explained other figures on {at.day} {at:%B}. Say whether it still holds."
            )
    return view


def _row_problems(sheet, question, row):
    """The problems of a question that are about one of its rows only."""
    return [
        _problem_view(sheet, problem)
        for problem in _problems_at(sheet, question)
        if {split_cell_id(cell)[:2] for cell in problem.cells} == {(question.key, row)}
    ]


def _wrong_cells(sheet):
    """Cells to be marked as wrong: those of hard problems, where it is a few cells that do not agree."""
    hard = (problem for problem in sheet.evaluation.problems if problem.severity == "hard")
    return {cell for problem in hard if len(problem.cells) <= MARKED_AT_MOST for cell in problem.cells}


def _explained_so_far(sheet):
    """The reasons given at warnings: question code, text and who."""
    known = sheet.questionnaire.questions
    return [
        (known[code].code, explanation.text, str(explanation.by))
        for (_, cell), explanation in sheet.explanations.items()
        if (code := split_cell_id(cell)[0]) in known
    ]


# One cell


def _field(sheet, cell, *, in_table=False, row_label="", wrong=frozenset()):
    answer_field, kept = cell.field, sheet.answers.get(cell.id)
    kind, text = answer_field.kind, _text(answer_field, kept)
    label = answer_field.name if in_table else answer_field.label
    view = FieldView(
        id=html_id(cell.id),
        name=cell.id,
        label=f"{row_label}, {answer_field.name}" if row_label else label,
        widget=_widget(answer_field, sheet, in_table),
        hint=answer_field.help,
        unit=answer_field.unit,
        inputmode=kind.inputmode,
        size=_size(kind),
        is_numeric=kind.is_numeric,
        value=text,
        answer=kind.shown(kept, answer_field, sheet.registers),
        special=SPECIAL_LABELS.get(kept["s"], kept["s"]) if kept and "s" in kept else "",
        last_year=kind.shown(sheet.last_year.get(cell.id), answer_field, sheet.registers),
        is_carried=_is_carried(sheet, cell.id),
        is_wrong=cell.id in wrong,
        column=cell.column,
        short_label=answer_field.name,
    )
    if view.is_carried and view.last_year == view.answer:
        view.shows_last_year = False
    else:
        view.shows_last_year = bool(view.last_year) and view.last_year != view.answer
    _fill_choices(sheet, view, answer_field, kept)
    if in_table and view.special and view.widget == "input":
        view.value = kept["s"]
    if cell.id in sheet.invalid:
        raw, message = sheet.invalid[cell.id]
        holds = (
            f" It was not taken; the cell still holds {view.answer}." if view.answer else " It was not taken."
        )
        view.value, view.special, view.error, view.is_wrong = raw, "", message + holds, True
    if cell.id in sheet.clashes:
        view.clash = _clash_words(sheet, cell, sheet.clashes[cell.id])
    view.described = _described(view)
    return view


def _text(answer_field, kept):
    """A kept answer as a field shows it for changing; "" for blank and special answers."""
    if not kept or "s" in kept:
        return ""
    value = answer_field.kind.value(kept)
    return answer_field.kind.shown(kept, answer_field) if hasattr(value, "isoformat") else str(value)


def _widget(answer_field, sheet, in_table):
    widget = answer_field.kind.widget
    if widget == "radios":
        many = len(choices(answer_field, sheet.registers)) > RADIOS_AT_MOST
        return "select" if in_table or many else "radios"
    if widget == "lookup" and answer_field.multiple:
        return "lookups"
    return "input" if widget == "date" else widget


def _size(kind):
    """The class for a field as wide as its answer."""
    steps = {
        0: "",
        4: "width-4",
        5: "width-4",
        8: "width-8",
        12: "width-10",
        20: "width-20",
        30: "width-30",
        40: "width-30",
    }
    return steps.get(kind.width, "")


def _fill_choices(sheet, view, answer_field, kept):
    """What can be chosen: options, special answers, names of a register."""
    kind = answer_field.kind
    value = kind.value(kept) if kept and "v" in kept else None
    chosen = {kept["s"]} if view.special else set(value if isinstance(value, tuple) else (value,))
    if view.widget in ("radios", "checkboxes", "select"):
        helps = {option.key: option.help for option in answer_field.options}
        own = choices(answer_field, sheet.registers)
        offered = {**own, **{s.value: s.label for s in answer_field.specials if s.value not in own}}
        view.choices = [
            Choice(key, label, helps.get(key, ""), key in chosen, f"{view.id}-{key}")
            for key, label in offered.items()
        ]
        view.is_inline = view.widget == "radios" and sum(map(len, offered.values())) <= INLINE_LETTERS
    elif kind.widget == "lookup":
        view.register = kind.register
        labels = {option.key: option.label for option in answer_field.options}
        labels |= getattr(sheet.registers, kind.register) or {}
        picked = [labels.get(key, key) for key in (value if isinstance(value, tuple) else (value,)) if key]
        view.values, view.value = picked, picked[0] if picked and not answer_field.multiple else ""
    elif answer_field.specials:
        view.specials = [
            (s.value, s.label, bool(kept) and kept.get("s") == s.value) for s in answer_field.specials
        ]


def _clash_words(sheet, cell, clash):
    kind = cell.field.kind
    words = [
        kind.shown(stored, cell.field, sheet.registers) or "nothing" for stored in (clash.theirs, clash.mine)
    ]
    who = str(clash.by) if clash.by else "somebody else"
    own = "; ".join(clash.mine["v"]) if clash.mine and isinstance(clash.mine.get("v"), list) else None
    own_text = own if own is not None else str((clash.mine or {}).get("v", (clash.mine or {}).get("s", "")))
    return ClashWords(f"choose:{cell.id}", who, *words, own_text, clash.at)


def _described(view):
    """The ids that tell more about a field, for screen readers."""
    parts = [
        (view.error, "error"),
        (view.last_year, "last"),
        (view.hint, "hint"),
        (view.unit, "unit"),
    ]
    return " ".join(f"{view.id}_{name}" for text, name in parts if text)


# Kinds of block


def _fill_single(sheet, question, block):
    cell = sheet.evaluation.asked[question.key][0]
    block.field = _field(sheet, cell, wrong=_wrong_cells(sheet))
    block.answer = block.field.answer
    if question.formula:
        total = sheet.evaluation.totals.get(question.key)
        block.field.widget, block.field.answer = "output", "" if total is None else f"{total:,}"
        block.field.last_year = _last_total(sheet, question.formula)
    if block.problems:
        block.field.described = f"{block.problems[0].id}_error {block.field.described}"


def _last_total(sheet, reference):
    """The sum of last year's figures in a column, in words; "" where there are none."""
    code, _, column = split_cell_id(reference)
    answer_field = sheet.questionnaire.question(code).field_of(column)
    numbers = [
        answer_field.kind.value(stored)
        for cell, stored in sheet.last_year.items()
        if split_cell_id(cell)[::2] == (code, column) and "v" in stored
    ]
    return f"{sum(numbers):,}" if numbers else ""


def _fill_stored(sheet, question, block):
    """A question that the list of services keeps: shown with a link to where it is changed."""
    value = sheet.context.entry.get(question.stored_in.rpartition(".")[2])
    block.change_url = sheet.change_url
    if question.is_table:
        names = sheet.registers.organisations or {}
        parts = [
            (names.get(row.get("organisation"), row.get("organisation", "")), row.get("part", ""))
            for row in value or []
        ]
        block.answer = "; ".join(f"{name} ({part})" if part else name for name, part in parts)
    elif value not in (None, ""):
        block.answer = question.kind.shown({"v": value}, question, sheet.registers)
    block.answer = block.answer or "Not answered"


def _fill_fields(sheet, question, block):
    """A table of one row: its fields side by side."""
    wrong = _wrong_cells(sheet)
    cells = sheet.evaluation.asked[question.key]
    block.rows = [RowView("", "", fields=[_field(sheet, cell, in_table=True, wrong=wrong) for cell in cells])]


def _fill_table(sheet, question, block):
    wrong, code = _wrong_cells(sheet), question.key
    shown, others = _shown_rows(sheet, question)
    block.columns = list(question.columns)
    in_own_column = _last_year_column(question)
    block.last_year_head = "" if in_own_column is None else _head_of_last_year(question)
    for row, label, hint, removable in shown:
        block.rows.append(_row(sheet, question, row, label, hint, removable, wrong, in_own_column))
    in_rows = {problem.id for row in block.rows for problem in row.problems}
    block.problems = [problem for problem in block.problems if problem.id not in in_rows]
    block.more_rows = others
    block.add_words = "Add another row" if question.is_repeatable else _add_words(question)
    block.totals = _totals(sheet, question)
    if in_own_column is not None and block.totals:
        block.last_year_total = _last_total(sheet, cell_id(code, "*", in_own_column.key))
    block.status = _breakdown_status(sheet, question)
    if block.status:  # it says below the total what is amiss, as one types
        said = f"_{question.breakdown.id}"
        block.problems = [problem for problem in block.problems if not problem.id.endswith(said)]
    numeric = [column for column in question.columns if column.kind.is_numeric]
    blank = [
        cell.id
        for cell in sheet.evaluation.asked[code]
        if cell.field in numeric and cell.id not in sheet.answers
    ]
    block.may_zero = (
        sheet.can_edit and bool(blank) and question.rows_needed != "started" and not question.is_repeatable
    )
    block.may_zero = block.may_zero or (sheet.can_edit and bool(question.rows_from))
    block.is_half = len(question.columns) == 1 and bool(numeric) and not question.is_repeatable
    if numeric and sheet.can_edit:
        block.special_hint = "Type NK where a figure is not known."


def _add_words(question):
    return "Add another staff group" if question.rows_from else ""


def _head_of_last_year(question):
    column = _last_year_column(question)
    return "WTE last year" if column.unit == "WTE" and len(question.columns) > 1 else "Last year"


def _last_year_column(question):
    """The column whose last year's figures stand in a column of their own; None where they stand under each field."""
    numeric = [column for column in question.columns if column.kind.is_numeric]
    if question.last_year == "hidden" or not numeric:
        return None
    is_last_alone = len(numeric) == 1 and numeric[0] is question.columns[-1]
    return numeric[0] if is_last_alone or question.rows_from else None


def _shown_rows(sheet, question):
    """Rows of a table to show: (key, label, hint, removable); and those that can be added: (key, label)."""
    asked = {cell.row for cell in sheet.evaluation.asked[question.key]}
    main, others = main_rows(question, sheet.context.category, sheet.answers)
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


def _row(sheet, question, key, label, hint, removable, wrong, own_column):
    by_column, is_cards = {cell.column: cell for cell in question.row_cells(key)}, _kind(question) == "cards"
    row = RowView(
        key, label, hint, problems=_row_problems(sheet, question, key), removable=removable and sheet.can_edit
    )
    for column in question.columns:
        cell = by_column.get(column.key)
        view = _field(sheet, cell, in_table=True, row_label=label, wrong=wrong) if cell else None
        if not is_cards:
            _say_in_head(view)
        if view and own_column is not None and column is own_column:
            row.last_year, row.last_year_id, view.shows_last_year = view.last_year, f"{view.id}_last", False
        elif view and question.rows_from:
            view.shows_last_year = False
        if view and row.problems and view.is_wrong:
            view.described = f"{row.problems[0].id}_error {view.described}"
        row.fields.append(view)
    row.added = not any(cell.id in sheet.answers for cell in by_column.values())
    return row


def _say_in_head(view):
    """In a table the head of the column says hint and unit, once for all rows."""
    if view:
        view.hint = view.unit = ""
        view.described = " ".join(p for p in view.described.split() if not p.endswith(("_hint", "_unit")))


def _fill_cards(sheet, question, block):
    """Repeatable rows with many columns: each row a group of fields."""
    wrong = _wrong_cells(sheet)
    shown, _ = _shown_rows(sheet, question)
    for key, label, hint, removable in shown:
        block.rows.append(_row(sheet, question, key, label, hint, removable, wrong, None))
    in_rows = {problem.id for row in block.rows for problem in row.problems}
    block.problems = [problem for problem in block.problems if problem.id not in in_rows]
    block.add_words = "Add another"


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
                column.label,
                words,
                2 if column.kind.name == "dec2" else 0,
                column.kind.is_numeric,
            )
        )
    return totals if any(total.words for total in totals) else []


def _breakdown_status(sheet, question):
    """How far a breakdown adds up, as (state, words); None until it is begun or while its total is open."""
    rule = question.breakdown
    if rule is None:
        return None
    part = sheet.evaluation.totals.get(cell_id(question.key, "total", question.columns[-1].key))
    whole = _number(sheet, rule.arguments["total"])
    less = _number(sheet, rule.arguments["less"]) if "less" in rule.arguments else 0
    if part is None or whole is None or less is None:
        return None
    target = whole - less
    code = sheet.questionnaire.question(rule.arguments["total"]).code
    if part == target:
        return ("complete", f"Adds up to {code}" if not less else "Adds up")
    if part < target:
        return ("in_progress", f"{target - part:,} still to place: {part:,} of {target:,}")
    return ("error", f"{part - target:,} too many: {part:,} of {target:,}")


def _number(sheet, code):
    """The figure of a question of one cell; None where it is blank, special or hidden from the reader."""
    if code not in sheet.evaluation.asked:
        return None
    question = sheet.questionnaire.question(code)
    if question.formula:
        return sheet.evaluation.totals.get(code)
    stored = sheet.answers.get(code)
    return question.kind.value(stored) if stored and "v" in stored else None


FILL = {
    "figure": _fill_single,
    "words": _fill_single,
    "stored": _fill_stored,
    "fields": _fill_fields,
    "table": _fill_table,
    "cards": _fill_cards,
}
