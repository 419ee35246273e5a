"""A definition in memory: sections, questions, rows, columns and options, as one collection asks them.

`load` turns a file, or the mapping that `sources.read` made of one (what a definition version keeps), into
frozen dataclasses for a collection: what is not asked in it is left out, conditions are compiled.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from questionnaires import conditions, rules
from questionnaires.answer_types import TYPES
from questionnaires.cells import Special, cell_id
from questionnaires.sources import entries_of, read, stamps_of

RULE = ("id", "severity", "check", "text", "words")  # what every rule has beside the arguments of its check
YES_NO = {"yes": "Yes", "no": "No"}
YES_IN_DEVELOPMENT_NO = {"yes": "Yes", "in_development": "In development", "no": "No"}


class NotAsked(ValueError):
    """The questionnaire is not part of that collection."""


@dataclass(frozen=True)
class Option:
    """One answer to choose. ``exclusive``: cannot be combined with others ("none")."""

    key: str
    label: str
    short: str = ""
    help: str = ""
    exclusive: bool = False


@dataclass(frozen=True, kw_only=True)
class Field:
    """What one cell accepts: shared by a question that is one cell and by a column of a table."""

    key: str
    label: str
    short: str = ""
    help: str = ""
    type: str = "whole_number"
    unit: str = ""
    options: tuple[Option, ...] = ()
    former: tuple[Option, ...] = ()  # options of other years, which earlier answers may name
    options_from: str = ""  # "category": the options of the service's category come first
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    usual: tuple[Decimal, Decimal] | None = None
    specials: tuple[Special, ...] = ()
    multiple: bool = False
    future: bool = False  # a date that may lie ahead
    mandatory: str = "no"  # yes, expected, no
    measure: str = ""

    @property
    def kind(self):
        """The answer type's object: parse, stored, value, shown."""
        return TYPES[self.type]

    @property
    def name(self):
        """The short label for lists and messages."""
        return self.short or self.label

    @property
    def head(self):
        """The label above figures, with their unit: Spent on short breaks (£)."""
        return with_unit(self.label, self.unit)

    @property
    def short_head(self):
        """The short label above figures, with their unit: Spent (£)."""
        return with_unit(self.name, self.unit)


def with_unit(words, unit):
    """Words with the unit in brackets, unless they say it themselves: In post (WTE), Bed days."""
    return words if not unit or unit.casefold() in words.casefold() else f"{words} ({unit})"


@dataclass(frozen=True, kw_only=True)
class Column(Field):
    """A column of a table; ``needed_when`` narrows where a mandatory or expected cell is needed."""

    needed_when: Any = None
    only: tuple[str, ...] = ()  # rows that have this column; () means all but ``not_in``
    not_in: tuple[str, ...] = ()
    total: bool = False

    @property
    def takes_zeros(self):
        """Whether 0 may stand in all its blank cells at once: not a year, nor what only some rows are asked."""
        return self.kind.is_numeric and self.type != "year" and self.needed_when is None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A fixed row of a table."""

    key: str
    label: str
    short: str = ""
    help: str = ""
    group: str = ""
    when: Any = None
    tags: frozenset[str] = frozenset()  # duty, not_known, practitioner, ...
    ages: tuple[int, int] | None = None

    @property
    def name(self):
        return self.short or self.label


@dataclass(frozen=True)
class Rule:
    """A named check with its arguments; its severity is ``hard`` or ``soft``.

    text: the rule in one sentence for people who look it up; "" where the docstring of the check says it.
    words: a reason from the list does not explain it, a few words are wanted too.
    """

    id: str
    severity: str
    check: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    words: bool = False


@dataclass(frozen=True)
class Ratio:
    """How a computed figure comes about: one cell or sum divided by another, times a number."""

    of: str
    per: str
    times: Decimal = Decimal(1)


@dataclass(frozen=True)
class Cell:
    """One place for an answer."""

    id: str
    question: "Question" = field(repr=False, compare=False)
    row: str
    column: str
    field: Field = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, eq=False)
class Question(Field):
    """One question: a cell of its own, or a table of them (``columns``)."""

    section: str
    at: str = ""  # what date or period it is about: census_date, month, half_year, prev_fy, this_fy, ...
    when: Any = None
    needed_when: Any = None  # without it a mandatory or expected question is optional
    rows: tuple[Row, ...] = ()
    columns: tuple[Column, ...] = ()
    rows_needed: str = "all"  # all, started: which rows of a mandatory table have to be filled
    rows_from: str = ""  # "category": the staff groups of the category are shown first
    rules: tuple[Rule, ...] = ()
    formula: str = ""  # of a computed figure: the cells that are added, such as SVC-E01|*|wte
    ratio: Ratio | None = None  # of a computed figure that is no sum
    last_year: str = "hidden"  # prefilled, shown, hidden
    directory: str = "no"  # yes, if_listed (only with the consent question), no
    suppress: bool = False
    stored_in: str = ""  # the model's field that keeps the answer: entry.name
    shows: str = ""  # what the page shows at it: explanations already given, ...

    @property
    def is_table(self):
        return bool(self.columns)

    @property
    def is_computed(self):
        return self.type == "computed"

    @property
    def computed_from(self):
        """The cells and sums that a computed figure is worked out from; () of any other question."""
        if self.ratio:
            return self.ratio.of, self.ratio.per
        return (self.formula,) if self.formula else ()

    @property
    def is_repeatable(self):
        return self.type == "rows"

    @property
    def code(self):
        """The code as people see it, without the questionnaire: F03 of SVC-F03."""
        return self.key.rpartition("-")[2]

    @property
    def breakdown(self):
        """The parts_equal rule that makes this a breakdown of a total, or None."""
        return next((rule for rule in self.rules if rule.check == "parts_equal"), None)

    def column(self, key):
        return next((column for column in self.columns if column.key == key), None)

    def row(self, key):
        return next((row for row in self.rows if row.key == key), None)

    def field_of(self, column=""):
        """The field of a cell in that column; None where there is no such column."""
        return self.column(column) if self.is_table else (None if column else self)

    @functools.cached_property
    def fixed_cells(self):
        """The cells of each fixed row: tuple of (row, cells); a plain question has one row, None."""
        if not self.is_table:
            return ((None, (Cell(self.key, self, "", "", self),)),)
        rows = self.rows or (() if self.is_repeatable else (None,))
        return tuple((row, self.row_cells(row.key if row else "")) for row in rows)

    def asks(self, row, column):
        """Whether a column is asked in a row: the level of a school's representation is not."""
        own = self.column(column)
        return own is not None and row not in own.not_in and (not own.only or row in own.only)

    def row_cells(self, key):
        """The cells of a fixed or repeatable row."""
        return tuple(
            Cell(cell_id(self.key, key, column.key), self, key, column.key, column)
            for column in self.columns
            if self.asks(key, column.key)
        )


@dataclass(frozen=True, eq=False)
class Section:
    """Questions under one title; ``when``: the condition under which any of them is asked."""

    key: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    policy: str = ""  # why it is asked
    when: Any = None
    hard_to_collect: bool = False  # mandatory answers are only expected in categories of low collectability


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """A questionnaire as one collection asks it."""

    key: str
    code: str
    title: str
    part: str
    respondents: tuple[str, ...]
    year: str
    sections: tuple[Section, ...]
    relaxed_when: Any = None  # nothing but ``relaxed_except`` is mandatory then
    relaxed_except: tuple[str, ...] = ()

    @functools.cached_property
    def questions(self):
        """All questions in order, code to question."""
        return {question.key: question for section in self.sections for question in section.questions}

    @functools.cached_property
    def computed(self):
        """The computed questions, by code."""
        return {code: question for code, question in self.questions.items() if question.is_computed}

    def question(self, code):
        """The question of a code; raises KeyError where the collection does not ask it."""
        return self.questions[code]

    def section(self, key):
        """The section of a key; raises KeyError."""
        return {section.key: section for section in self.sections}[key]

    def cells(self, code, answers=MappingProxyType({})):
        """All cells of a question: its fixed rows, then the repeatable rows that the answers hold."""
        question = self.questions[code]
        cells = [cell for _, row_cells in question.fixed_cells for cell in row_cells]
        for key in repeated_rows(question, answers):
            cells += question.row_cells(key)
        return cells

    def cell(self, code, row="", column=""):
        """The cell of that place; None where there is none. A repeatable row may be any number or name."""
        question = self.questions.get(code)
        if question is None:
            return None
        return next((cell for cell in candidate_cells(question, row) if cell.column == column), None)


def candidate_cells(question, row):
    """The cells that a question has in a row: a fixed one, or any new one where rows repeat."""
    for fixed, cells in question.fixed_cells:
        if (fixed.key if fixed else "") == row:
            return cells
    return question.row_cells(row_key(row)) if question.is_repeatable and row else ()


def row_key(text):
    """The key of a repeatable row: "1" is short for "r1"."""
    return f"r{int(text)}" if text.isascii() and text.isdigit() else text


def repeated_rows(question, answers):
    """The keys of the repeatable rows that answers hold, in the order they were added."""
    if not question.is_repeatable:
        return []
    prefix, fixed = f"{question.key}|", {row.key for row in question.rows}
    keys = {cell.split("|")[1] for cell, stored in answers.items() if stored and cell.startswith(prefix)}
    return sorted(keys - fixed, key=row_order)


def row_order(key):
    """Sorts r2 before r10, and other names after."""
    number = key[1:]
    return (0, int(number), key) if number.isascii() and number.isdigit() else (1, 0, key)


def next_row(question, answers):
    """The key for a row to be added: r1, r2, ..."""
    numbers = [row_order(key)[1] for key in repeated_rows(question, answers)]
    return f"r{max(numbers, default=0) + 1}"


def load(source, year):
    """The questionnaire of a path, or of a mapping made by `sources.read`, as a collection ("2009/10") asks it.

    Raises NotAsked where that collection has no such questionnaire.
    """
    if isinstance(source, Mapping):
        return build(source, year)
    path = Path(source)
    return _loaded(path, year, stamps_of(path))


@functools.lru_cache(maxsize=32)
def _loaded(path, year, stamps):
    return build(read(path), year)


def build(source, year):
    """The questionnaire of one collection from a self-contained mapping; raises NotAsked."""
    if not is_asked(source, year):
        raise NotAsked(f"{source['title']} is not asked in {year}")
    builder = Builder(year)
    sections = tuple(builder.section(section) for section in source["sections"])
    relaxed = source.get("relaxed", {})
    return Questionnaire(
        key=source["key"],
        code=source["code"],
        title=source["title"],
        part=source["part"],
        respondents=tuple(source["respondents"]),
        year=year,
        sections=sections,
        relaxed_when=conditions.compiled(relaxed.get("when")),
        relaxed_except=tuple(relaxed.get("except", ())),
    )


def is_asked(entry, year):
    """Whether a question, row, column or option belongs to a collection, by its asked_from and asked_to."""
    return entry.get("asked_from", "") <= year <= entry.get("asked_to", "9999")


class Builder:
    """Turns the mappings of one definition into dataclasses for one collection."""

    FIELD = ("label", "short", "help", "type", "unit", "mandatory", "measure", "options_from")
    QUESTION = (
        "at",
        "rows_needed",
        "rows_from",
        "formula",
        "last_year",
        "directory",
        "stored_in",
        "shows",
    )

    def __init__(self, year):
        self.year = year

    def section(self, source):
        questions = [entry for entry in source["questions"] if is_asked(entry, self.year)]
        return Section(
            key=source["key"],
            title=source["title"],
            intro=source.get("intro", ""),
            policy=source.get("policy", ""),
            when=conditions.compiled(source.get("when")),
            hard_to_collect=source.get("hard_to_collect") == "yes",
            questions=tuple(self.question(entry, source["key"]) for entry in questions),
        )

    def question(self, source, section):
        own = source["key"]
        question = Question(
            key=own,
            section=section,
            when=conditions.compiled(source.get("when"), own),
            needed_when=conditions.compiled(source.get("needed_when"), own),
            rows=tuple(self.row(entry, own) for entry in self.asked(source.get("rows"))),
            columns=self.columns(source),
            rules=tuple(self.rule(rule) for rule in source.get("rules", ())),
            ratio=self.ratio(source.get("ratio")),
            suppress=source.get("suppress") == "yes",
            **{name: source[name] for name in self.QUESTION if name in source},
            **self.field(source),
        )
        own_checks = {rule.check for rule in question.rules}
        general = [Rule(*rule) for rule in rules.global_rules(question) if rule[2] not in own_checks]
        return replace(question, rules=question.rules + tuple(general))

    def rule(self, source):
        arguments = {name: source[name] for name in source if name not in RULE}
        text, words = source.get("text", ""), source.get("words") == "yes"
        return Rule(source["id"], source["severity"], source["check"], arguments, text, words)

    def ratio(self, source):
        return source and Ratio(source["of"], source["per"], Decimal(str(source.get("times", 1))))

    def columns(self, source):
        default = source.get("mandatory", "no")
        in_table = "table" if source["type"] == "table" else "rows"
        return tuple(
            Column(
                key=entry["key"],
                needed_when=conditions.compiled(entry.get("needed_when"), source["key"]),
                only=tuple(entry.get("only", ())),
                not_in=tuple(entry.get("not_in", ())),
                total=entry.get("total") == "yes",
                **self.field({"mandatory": default} | entry, inside=in_table),
            )
            for entry in self.asked(source.get("columns"))
        )

    def field(self, source, inside=""):
        """The keyword arguments that make a Field of a question's or a column's mapping."""
        usual = source.get("usual")
        return {name: source[name] for name in self.FIELD if name in source} | {
            "options": self.options(source),
            "former": self.former(source),
            "minimum": decimal_or_none(source.get("minimum")),
            "maximum": decimal_or_none(source.get("maximum")),
            "usual": (Decimal(str(usual[0])), Decimal(str(usual[1]))) if usual else None,
            "specials": specials_of(source, inside),
            "multiple": source.get("multiple") == "yes",
            "future": source.get("future") == "yes",
        }

    def options(self, source):
        if source["type"] == "yn":
            return tuple(Option(key, label) for key, label in YES_NO.items())
        if source["type"] == "yni":
            return tuple(Option(key, label) for key, label in YES_IN_DEVELOPMENT_NO.items())
        return tuple(map(option, self.asked(source.get("options"))))

    def former(self, source):
        """The options that the question has in other collections only."""
        entries = entries_of(source.get("options") or [], {})
        return tuple(option(entry) for entry in entries if not is_asked(entry, self.year))

    def row(self, entry, own):
        return Row(
            key=entry["key"],
            when=conditions.compiled(entry.get("when"), own),
            tags=frozenset(entry.get("tags", ())),
            ages=tuple(entry["ages"]) if "ages" in entry else None,
            **{name: entry[name] for name in ("label", "short", "help", "group") if name in entry},
        )

    def asked(self, source):
        """The options, rows or columns that the collection asks."""
        return [entry for entry in entries_of(source or [], {}) if is_asked(entry, self.year)]


def option(entry):
    """An Option of its mapping."""
    more = entry.get("short", ""), entry.get("help", ""), entry.get("exclusive") == "yes"
    return Option(entry["key"], entry["label"], *more)


def specials_of(source, inside):
    """The special answers a field accepts: its own list, or its type's; a cell of a table takes NK too."""
    if "specials" in source:
        return tuple(Special(name) for name in source["specials"])
    own = TYPES[source["type"]].specials
    return own or ((Special.NOT_KNOWN,) if inside == "table" else ())


def decimal_or_none(number):
    return None if number is None else Decimal(str(number))
