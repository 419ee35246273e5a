"""The answers of a response as they count, which conditions and rules ask about."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from questionnaires.cells import Special, cell_id, split_cell_id
from questionnaires.definition import candidate_cells, repeated_rows
from questionnaires.rules import NotCheckable, is_number


class Case:
    """The answers of a response as they count: only what is asked, as Python values."""

    def __init__(self, questionnaire, answers, context):
        self.questionnaire = questionnaire
        self.context = context
        self.organisation_types = context.organisation_types
        self.authority_types = {context.authority_type}
        self.service_categories = context.service_categories
        self.values_by_cell = {}
        self.sections = []
        self.asked = {}
        self._answers = answers
        self._repeated = rows_by_question(answers)
        self._columns = {}
        self._last = {}
        self._softened = softened_sections(questionnaire, context.category)
        self._ask()

    def _ask(self):
        """Go through the questions in order: a condition looks at earlier ones only."""
        for section in self.questionnaire.sections:
            if section.when is None or section.when.holds(self):
                self._ask_section(section)
                if self.context.form != "short" or any(q.key in self.asked for q in section.questions):
                    self.sections.append(section)
        relaxed = self.questionnaire.relaxed_when
        self.is_relaxed = relaxed is not None and relaxed.holds(self)

    def _ask_section(self, section):
        short = self.context.form == "short"
        for question in section.questions:
            if short and question.mandatory != "yes" and not question.is_computed:
                continue
            if question.when is None or question.when.holds(self):
                self.asked[question.key] = cells = self._asked_cells(question)
                self._read(question, cells)

    def _asked_cells(self, question):
        cells = ()
        for row, row_cells in question.fixed_cells:
            if row is None or row.when is None or row.when.holds(self, row.key):
                cells += row_cells
        if question.is_repeatable:
            for key in repeated_rows(question, self._repeated.get(question.key, {})):
                cells += question.row_cells(key)
        return cells

    def _read(self, question, cells):
        if question.stored_in:
            self._read_field(question)
            return
        for cell in cells:
            if stored := self._answers.get(cell.id):
                self.values_by_cell[cell.id] = cell.field.kind.value(stored)

    def _read_field(self, question):
        """A question that a model keeps: its value comes from the entry."""
        value = self.context.entry.get(question.stored_in.rpartition(".")[2])
        if value in (None, "") or question.is_table:
            return
        if isinstance(value, bool):
            value = "yes" if value else "no"
        self.values_by_cell[question.key] = (
            value if isinstance(value, date) else question.kind.value({"v": value})
        )

    def need(self, question):
        """Whether an answer is mandatory (yes), expected or neither (no) for this service."""
        if self.is_relaxed and question.key not in self.questionnaire.relaxed_except:
            return "no"
        if question.needed_when and not question.needed_when.holds(self):
            return "no"
        softened = question.mandatory == "yes" and question.section in self._softened
        return "expected" if softened else question.mandatory

    # what conditions ask

    def values(self, code, row, column):
        """Real values of a question, of one row's column, or of a column over all rows."""
        if not column:
            return items(self.value(code)) if not self._is_table(code) else self._started_rows(code, row)
        if row:
            return items(self.value(cell_id(code, row, column)))
        return [item for cell in self.cells_of(code, column) for item in items(self.value(cell))]

    def _is_table(self, code):
        return code in self.questionnaire.questions and self.questionnaire.question(code).is_table

    def _started_rows(self, code, row):
        given = (
            split_cell_id(cell.id)[1] for cell in self.asked.get(code, ()) if cell.id in self.values_by_cell
        )
        return list(dict.fromkeys(key for key in given if not row or key == row))

    # what rules ask

    def asked_questions(self):
        return [self.questionnaire.question(code) for code in self.asked]

    def value(self, cell):
        """The value, Special or None of a cell that is asked; of a computed one what it is so far."""
        if cell in self.values_by_cell:
            return self.values_by_cell[cell]
        question = self.questionnaire.computed.get(cell)
        return self.computed(question) if question and cell in self.asked else None

    def computed(self, question):
        """The figure of a computed question: the sum so far, or the ratio once both its sides are known."""
        if question.formula:
            return self.sum_so_far(question.formula)
        try:
            return ratio_of(question.ratio, self.number)
        except NotCheckable:
            return None

    def number(self, reference):
        """The number of a cell, or the sum of a column (``*``: of all columns of figures).

        Raises NotCheckable where it is blank, or any of it special.
        """
        code, row, column = split_cell_id(reference)
        question = self.questionnaire.questions.get(code)
        if question is not None and question.is_computed:
            return worked_out(question, self.number) if code in self.asked else unknown()
        if row == "*":
            return self._sum(question, column)
        return number_or_raise(self.value(reference))

    def _sum(self, question, column):
        if question is None:
            raise NotCheckable
        columns = [c.key for c in question.columns if c.kind.is_numeric] if column == "*" else [column]
        if any(self.has_special(question, key) for key in columns):
            raise NotCheckable
        numbers = [value for key in columns for _, value in self.column(question, key)]
        return sum(numbers) if numbers else unknown()

    def figure(self, reference):
        """As `number`, but a Special where it is special, and None where it is open or a sum is not known."""
        try:
            return self.number(reference)
        except NotCheckable:
            return self.value(reference)

    def sum_so_far(self, reference):
        """The sum of a column's numbers, without blanks and special answers; None where there is none."""
        code, _, column = split_cell_id(reference)
        cells = self.cells_of(code, column)
        numbers = [value for cell in cells if is_number(value := self.value(cell))]
        return sum(numbers) if numbers else None

    def in_row(self, question, row, column):
        return number_or_raise(self.value(cell_id(question.key, row, column)))

    def choice(self, cell):
        """The chosen key of a cell; None for a blank, special or multiple answer."""
        value = self.value(cell)
        return value if isinstance(value, str) and not isinstance(value, Special) else None

    def choices(self, cell):
        """The chosen keys of a cell, or of a one-column table: () for a blank or special answer."""
        return tuple(items(self.value(cell)))

    def label(self, cell, key):
        """The words of an option."""
        code, _, column = split_cell_id(cell)
        question = self.questionnaire.question(code)
        options = {option.key: option.label for option in question.field_of(column).options}
        options |= dict(category_options(self.context.category).items())
        return options.get(key, key)

    def cells_of(self, code, column):
        """The names of the cells of a column that are asked."""
        if (code, column) not in self._columns and code in self.asked:
            self._columns[code, column] = [cell.id for cell in self.asked[code] if cell.column == column]
        return self._columns.get((code, column), [])

    def fields_of(self, question):
        return [(cell.id, cell.field) for cell in self.asked.get(question.key, ())]

    def column(self, question, column):
        """The cells of a column that hold a number, each with it."""
        cells = self.cells_of(question.key, column)
        return [(cell, value) for cell in cells if is_number(value := self.value(cell))]

    def has_special(self, question, column):
        return any(isinstance(self.value(cell), Special) for cell in self.cells_of(question.key, column))

    def rows(self, question):
        """The keys of the rows that are asked, in order."""
        return list(dict.fromkeys(cell.row for cell in self.asked.get(question.key, ())))

    def parts(self, question):
        """The cells of a breakdown and the numbers so far; raises NotCheckable over a special answer."""
        column = question.columns[-1].key
        if self.has_special(question, column):
            raise NotCheckable
        return self.cells_of(question.key, column), [value for _, value in self.column(question, column)]

    # last year

    def last(self, cell):
        """Last year's value, Special or None of a cell."""
        if cell not in self._last:
            self._last[cell] = self._last_value(cell)
        return self._last[cell]

    def _last_value(self, cell):
        stored = (self.context.last_year or {}).get(cell)
        found = self._cell(cell) if stored else None
        return found.field.kind.value(stored) if found else None

    def _cell(self, cell):
        code, row, column = split_cell_id(cell)
        question = self.questionnaire.questions.get(code)
        candidates = candidate_cells(question, row) if question else ()
        return next((candidate for candidate in candidates if candidate.column == column), None)

    def last_number(self, reference):
        """As `number`, over last year's answers."""
        code, row, column = split_cell_id(reference)
        question = self.questionnaire.questions.get(code)
        if question is not None and question.is_computed:
            return worked_out(question, self.last_number)
        if row != "*":
            return number_or_raise(self.last(reference))
        values = [
            self.last(cell)
            for cell in (self.context.last_year or {})
            if split_cell_id(cell)[::2] == (code, column)
        ]
        numbers = [number_or_raise(value) for value in values if value is not None]
        return sum(numbers) if numbers else unknown()

    # how far

    def is_started(self, question):
        """Whether anybody has answered a cell of it in this collection."""
        return not question.stored_in and any(
            cell.id in self.values_by_cell and cell.id not in self.context.unconfirmed
            for cell in self.asked[question.key]
        )


def softened_sections(questionnaire, category):
    """The sections whose mandatory answers are only expected: hard to collect in this category."""
    if category is None or not category.activity_is_expected_only:
        return frozenset()
    return frozenset(section.key for section in questionnaire.sections if section.hard_to_collect)


def rows_by_question(answers):
    """The cells of each question, code to {cell: JSON}."""
    found = {}
    for cell, stored in answers.items():
        found.setdefault(cell.partition("|")[0], {})[cell] = stored
    return found


def items(value):
    """A real value as a list, each item of a list on its own; [] for a blank or special answer."""
    if value is None or isinstance(value, Special):
        return []
    return list(value) if isinstance(value, tuple) else [value]


def number_or_raise(value):
    return value if is_number(value) else unknown()


def unknown():
    raise NotCheckable


def worked_out(question, number):
    """The figure of a computed question from what ``number`` gives for a reference; raises NotCheckable."""
    return number(question.formula) if question.formula else ratio_of(question.ratio, number)


def ratio_of(ratio, number):
    """A Ratio to two decimals; raises NotCheckable where a side is not known or the lower one is 0."""
    of, per = number(ratio.of), number(ratio.per)
    if not per:
        raise NotCheckable
    return (of * ratio.times / Decimal(per)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def category_options(category):
    """The service options of a category, ``10.01`` to label."""
    return dict(category.options) if category else {}
