"""What the template of a section is given: blocks, rows and fields as they look on the page."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from questionnaires.cells import split_cell_id


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


MOST_LETTERS = 17  # of a choice that is not cut off in the narrowest column
FEW_LETTERS = 9


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
    sign: str = ""  # before a figure in print, where no unit stands beside it: £
    inputmode: str = ""
    size: str = ""
    is_numeric: bool = False
    value: str = ""
    lines: int = 1  # how many a text takes, where the browser does not measure that itself
    cut: str = ""  # a name that its field is too narrow for, to be read in full
    values: list = dataclasses.field(default_factory=list)
    answer: str = ""
    choices: list[Choice] = dataclasses.field(default_factory=list)
    is_inline: bool = False
    register: str = ""
    special: str = ""
    specials: list = dataclasses.field(default_factory=list)
    last_year: str = ""
    last_label: str = "Last year"
    last_named: str = "last year"
    shows_last_year: bool = False
    mark: str = ""  # of an answer that began as last year's: carried, confirmed or changed
    change: str = ""  # from last year's figure, "+12 (+9%)"
    error: str = ""
    is_wrong: bool = False
    is_needed: bool = True  # not where another answer of the row leaves nothing to be said here
    clash: ClashWords | None = None
    described: str = ""
    column: str = ""
    short_label: str = ""
    head: str = ""  # the short label with the unit, where nothing else says the unit

    @property
    def is_carried(self):
        return self.mark == "carried"

    @property
    def is_group(self):
        """Whether it is several controls, which a legend names together."""
        return self.widget in ("radios", "checkboxes", "lookups")

    @property
    def has_long_choices(self):
        """Whether a list that drops down shows more words than fit beside other fields."""
        return self._longest_choice > MOST_LETTERS

    @property
    def has_short_choices(self):
        """Whether it shows no more than a word or two, such as Yes and No."""
        return 0 < self._longest_choice <= FEW_LETTERS

    @property
    def _longest_choice(self):
        """Letters of the longest choice of a list that drops down; 0 for other controls."""
        return max((len(choice.label) for choice in self.choices if self.widget == "select"), default=0)


@dataclass
class ProblemView:
    """Something wrong or unusual at a question. ``reason_name`` is empty where no reason is wanted."""

    kind: str
    text: str
    id: str
    reason_name: str = ""
    reason: str = ""
    why_name: str = ""
    why: str = ""
    why_words: str = ""
    words_wanted: bool = False
    choices: list = dataclasses.field(default_factory=list)
    explained: str = ""
    explain_url: str = ""  # where what was found across organisations is explained


@dataclass
class RowView:
    """A row of a table; ``added``: it holds nothing yet and is shown because somebody asked for it."""

    key: str
    label: str
    hint: str = ""
    fields: list = dataclasses.field(default_factory=list)  # FieldView, or None where a row lacks a column
    last_year: str = ""
    last_year_id: str = ""
    can_confirm: bool = False  # on its own: it is one of several rows that wait
    problems: list[ProblemView] = dataclasses.field(default_factory=list)
    added: bool = False
    removable: bool = False
    is_of_people: bool = False  # one that people add: it has a number and no name

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
class Marked:
    """How many cells of a question began as last year's answer and how they stand now; ``since``: which year's."""

    carried: int = 0
    confirmed: int = 0
    changed: int = 0
    since: str = "last year"

    @property
    def is_one(self):
        return self.carried + self.confirmed + self.changed == 1


@dataclass(frozen=True)
class AddsUp:
    """What the parts of a breakdown come to and what they have to; ``exact``: the words once both are the same."""

    part: Any
    whole: Any
    exact: str

    @property
    def state(self):
        if self.part == self.whole:
            return "complete"
        return "in_progress" if self.part < self.whole else "error"

    @property
    def words(self):
        """2 still to place: 146 of 148. The script of the page words it the same way while somebody types."""
        if self.part == self.whole:
            return self.exact
        what = "still to place" if self.part < self.whole else "too many"
        return f"{abs(self.whole - self.part):,} {what}: {self.part:,} of {self.whole:,}"


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
    meanings: list = dataclasses.field(default_factory=list)  # columns whose choices need explaining
    totals: list[Total] = dataclasses.field(default_factory=list)
    last_year_head: str = ""
    last_year_total: str = ""
    problems: list[ProblemView] = dataclasses.field(default_factory=list)
    adds_up: AddsUp | None = None
    more_rows: list = dataclasses.field(default_factory=list)
    add_words: str = ""
    may_zero: bool = False
    marked: Marked = dataclasses.field(default_factory=lambda: Marked())
    is_half: bool = False
    answer: str = ""
    notes: list = dataclasses.field(default_factory=list)
    record: tuple | None = None  # first and last day of the lines of a provider's record that may be added up
    categories: list | None = None  # those that the organisation provides, where the question is about them
    history_url: str = ""
    change_url: str = ""
    partners: list = dataclasses.field(default_factory=list)  # PartnerStates, of the question about partners
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
    def is_of_people(self):
        """Whether its rows are those that people add, which have no names."""
        return any(row.is_of_people for row in self.rows)

    @property
    def has_removable(self):
        return self.can_edit and any(row.removable for row in self.rows)

    @property
    def is_of_words(self):
        """Whether what is asked of each row is no figure: its field then needs the whole width of a phone."""
        return not any(column.kind.is_numeric for column in self.columns)

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
    earlier: Any
    registers: Any
    context: Any
    can_edit: bool
    invalid: dict = dataclasses.field(default_factory=dict)
    clashes: dict = dataclasses.field(default_factory=dict)
    rows: list = dataclasses.field(default_factory=list)
    history_url: str = ""
    change_urls: dict = dataclasses.field(default_factory=dict)
    findings: dict = dataclasses.field(default_factory=dict)  # (rule, cell) -> Finding
    finding_urls: dict = dataclasses.field(default_factory=dict)  # (rule, cell) -> where it is explained
    partners: list = dataclasses.field(default_factory=list)  # PartnerStates of a joint service

    @property
    def last_year(self):
        """Answers of last year, or the last one that has any, to show beside this year's."""
        return self.earlier.shown

    @property
    def head_of_last_year(self):
        """What the column of those answers is called; "" where nobody has answered before, and it is left out."""
        return self.earlier.label if self.last_year else ""

    def added_rows(self, code):
        return [row for own, row, _ in map(split_cell_id, self.rows) if own == code]


def kind_of(question):
    """Which shape a question takes on the page; each has its template."""
    if question.stored_in:
        return "stored"
    if question.is_repeatable and len(question.columns) > 4:
        return "cards"
    if question.is_table:
        return "fields" if not question.rows and not question.is_repeatable else "table"
    return "figure" if question.kind.is_numeric else "words"
