"""A case that answers itself: question by question in order, as conditions ask, each shaped to its rules."""

from questionnaires.case import Case
from questionnaires.cells import Special, split_cell_id
from questionnaires.evaluation import is_needed, main_rows
from questionnaires.filling.likely import likely_size_of
from questionnaires.filling.shapes import SHAPES
from questionnaires.filling.values import Values
from questionnaires.rules import NotCheckable

FURTHER_ROW = 0.3  # how likely one more row is begun where rows are begun at will


class Draft(Case):
    """The answers given so far, with what they leave open drawn by lot.

    left: codes of questions that stay as they are given, but for the cells ``wanted``. right: those of them that are
    not to be shaped either. completeness: the share of what is not mandatory that is answered.
    """

    def __init__(self, questionnaire, context, rng, answers, around, *, left, right, wanted, completeness):
        self.rng, self.left, self.wanted, self.completeness = rng, left, wanted, completeness
        self.right = right
        self.context, self.questionnaire, self._last = context, questionnaire, {}
        self.draw = Values(self, rng, around)
        self.dates, self.guessed = self.draw.dates, set()
        super().__init__(questionnaire, answers, context)
        for question in self.asked_questions():
            self.shape(question)

    def need(self, question):
        """As for any case; what relaxes a questionnaire is known before all of it has been asked."""
        relaxed = self.questionnaire.relaxed_when
        if relaxed and question.key not in self.questionnaire.relaxed_except and relaxed.holds(self):
            return "never"
        self.is_relaxed = False
        return super().need(question)

    # what asking a question of a case does here too

    def _asked_cells(self, question):
        cells = super()._asked_cells(question)
        if question.is_repeatable and not any(self._is_new_row(question, cell) for cell in cells):
            cells += question.row_cells("r1")
        return cells

    def _is_new_row(self, question, cell):
        return question.row(cell.row) is None

    def _read(self, question, cells):
        super()._read(question, cells)
        if question.stored_in or question.is_computed or question.shows == "explanations":
            return
        if question.key not in self.left or question.key in self.wanted:
            self._answer(question, cells)
        for cell in cells:
            if cell.id in self.wanted:
                self._fill(cell)
        self.shape(question)

    # answering

    def _answer(self, question, cells):
        """Answer a question, or leave it blank by lot where nothing says it must be answered."""
        need = self.need(question)
        if need == "never" or (need != "yes" and not self._is_given()):
            return
        if question.breakdown and not self._has_total(question):
            return
        if not question.is_table:
            self._fill(cells[0])
            return
        rows, columns = self._rows_begun(question), self._columns_given(question)
        for cell in cells:
            if cell.row in rows and cell.column in columns and is_needed(self, cell):
                self._fill(cell)

    def _is_given(self):
        return self.rng.random() < self.completeness

    def _has_total(self, question):
        """Whether there is a total to break down; one that is blank, special or 0 needs no parts."""
        try:
            return self.number(question.breakdown.arguments["total"]) > 0
        except NotCheckable:
            return False

    def _rows_begun(self, question):
        """The rows to fill: all of them, or some where rows are begun at will: last year's, or the likeliest."""
        rows = self.rows(question)
        if question.rows_needed != "started":
            return set(rows)
        before = {split_cell_id(cell)[1] for cell in self.last_cells(question)} & set(rows)
        if before:
            return before
        likely = [row.key for row in main_rows(question, self.context.category, {})[0] if row.key in rows]
        chosen = {key for key in likely if self.rng.random() < FURTHER_ROW}
        return chosen | {self.rng.choice(likely or rows)}

    def last_cells(self, question):
        prefix = f"{question.key}|"
        return [cell for cell in self.context.last_year or () if cell.startswith(prefix)]

    def _columns_given(self, question):
        """The columns to fill; one that nobody needs may be left blank in all rows."""
        return {
            column.key
            for column in question.columns
            if column.mandatory != "no" or len(question.columns) == 1 or self._is_given()
        }

    def _fill(self, cell):
        if cell.id not in self.values_by_cell:
            value = self.draw.value(cell)
            if value not in (None, ()):
                self.values_by_cell[cell.id] = value
                if likely_size_of(cell) is None:
                    self.guessed.add(cell.id)

    # shaping

    def shape(self, question):
        """Bring the answers of a question within its rules as far as these can be checked yet."""
        for rule in question.rules if question.key not in self.right else ():
            if rule.check in SHAPES:
                try:
                    SHAPES[rule.check](self, question, **rule.arguments)
                except NotCheckable:
                    continue

    def put(self, cell, value):
        """Give a cell another value; a number as its field keeps it. A special answer stays."""
        if isinstance(self.values_by_cell.get(cell), Special):
            return
        field = self.field_at(cell)
        self.values_by_cell[cell] = self.draw.fitted(field, value) if field.kind.is_numeric else value

    def take_out(self, cell):
        """Leave a cell blank."""
        self.values_by_cell.pop(cell, None)

    def field_at(self, cell):
        """The field that says what a cell takes."""
        code, _, column = split_cell_id(cell)
        return self.questionnaire.question(code).field_of(column)

    def stored(self):
        """The answers as they are stored, cell to JSON; those that models keep are left out."""
        return {
            cell.id: cell.field.kind.stored(self.values_by_cell[cell.id])
            for code, cells in self.asked.items()
            if not self.questionnaire.question(code).stored_in
            for cell in cells
            if cell.id in self.values_by_cell
        }
