"""What a report consists of, whatever its kind: sections made of blocks, as plain immutable data.

Nothing here knows a questionnaire, a template or a PDF. Texts may refer to a table or a figure by
its key, ``{table:staff}`` or ``{figure:trend}``; ``numbered`` gives the numbers.
"""

import re
from dataclasses import dataclass, field, replace

from reports.charts import Chart

REFERENCE = re.compile(r"\{(table|figure):([a-z0-9-]+)\}")


@dataclass(frozen=True)
class Cell:
    """One cell: the text as shown, a letter that hangs beside it, and how it is set.

    flag: ``b`` break, ``e`` estimate, ``p`` provisional, ``r`` revised.
    tone: ``""``, ``quiet`` (zeros, last year), ``own`` (bold), ``yes``, ``large`` or ``large-accent``.
    detail: a second, quiet line. bar: 0 to 100, drawn right of the text; bar_is_own: in the own colour.
    chart: a drawing in place of the text.
    """

    text: str
    flag: str = ""
    tone: str = ""
    detail: str = ""
    bar: float | None = None
    bar_is_own: bool = False
    chart: Chart | None = None


@dataclass(frozen=True)
class Column:
    """One column; ``width_mm`` of all columns add up to the width of the table.

    above: the upper head that neighbouring columns share. is_optional: left out where every cell is N/A.
    """

    head: str
    width_mm: float
    is_number: bool = True
    above: str = ""
    is_optional: bool = False


@dataclass(frozen=True)
class Row:
    """One row; the first cell is its heading. kind: ``""``, ``group`` (heading only) or ``total``."""

    cells: tuple[Cell, ...]
    kind: str = ""
    code: str = ""  # stands before the heading, in its own little column


@dataclass(frozen=True)
class Table:
    """A table with a caption of two lines: what it shows; unit, date, base, who is compared, codes."""

    key: str
    title: str
    basis: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    number: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart with its caption (as of tables) and its own note."""

    key: str
    title: str
    basis: str
    chart: Chart
    note: str = ""
    number: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; ``opens_page`` starts a new page with it. key: what findings refer to."""

    text: str
    opens_page: bool = False
    key: str = ""


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """Words that must not be missed: a missing return, an arrangement that has ended."""

    title: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """The frame in place of figures that are not there: why, what would be here, what it does not mean."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Finding:
    """Bold: what, own figure, comparison. Plain: what it consists of.

    section: key of the section or heading where it is shown.
    """

    bold: str
    plain: str
    section: str


@dataclass(frozen=True)
class Findings:
    items: tuple[Finding, ...]


@dataclass(frozen=True)
class Questions:
    items: tuple[str, ...]


@dataclass(frozen=True)
class SideNote:
    """One piece of a side column; ``boxed`` ones stand on a quiet ground."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class TwoColumns:
    """Blocks beside each other. wide: 4 + 2 columns of the grid (main and side), else 3 + 3."""

    left: tuple
    right: tuple
    is_wide: bool = True
    is_boxed: bool = False


@dataclass(frozen=True)
class ReadingKey:
    """How charts and marks are read: pairs of a drawing and words, and of a mark and words."""

    charts: tuple[tuple[Chart, str], ...]
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """One numbered section on a page of its own; the lead says what was found.

    answers: what it answers, for the contents. running: its name in the running head.
    """

    key: str
    number: str
    title: str
    answers: str
    lead: str
    blocks: tuple
    running: str = ""


@dataclass(frozen=True)
class Cover:
    facts: tuple[tuple[str, str], ...]
    map: Chart


@dataclass(frozen=True)
class Document:
    """A whole report. ``status`` is its foot line; ``band`` is the text up the edge of a provisional one."""

    exercise: str
    organisation: str
    kind: str
    year: str
    status: str
    cover: Cover
    contents: tuple  # blocks below the list of sections
    sections: tuple[Section, ...]
    band: str = ""
    demonstration: str = ""
    author: str = field(default="")

    @property
    def title(self):
        """The title of the file; a demonstration says so there as well."""
        shown = f"{self.organisation}: {self.kind} {self.year}"
        return f"{shown} (demonstration)" if self.demonstration else shown


MARKS = {
    "<5": "<5 one to four people.",
    "<1": "<1 less than one post.",
    "*": "* held back to protect people.",
    "NK": "NK not known.",
    "NC": "NC not collected.",
    "no return": "No return: nobody has signed off an answer.",
    "NR": "NR no return.",
    "N/A": "N/A not asked, or does not apply.",
    "–": "– no answer, or nothing to divide by.",
}
FLAGS = {
    "b": "b break: not comparable with the year before.",
    "e": "e estimate.",
    "p": "p provisional.",
    "r": "r revised.",
}


def marks_note(table):
    """What the marks and letters used in this table mean, and no others."""
    texts = {cell.text for row in table.rows for cell in row.cells}
    flags = {cell.flag for row in table.rows for cell in row.cells}
    used = [words for mark, words in MARKS.items() if mark in texts]
    used += [words for flag, words in FLAGS.items() if flag in flags]
    return " ".join(used)


def without_empty_columns(table):
    """``table`` without its optional columns of nothing but N/A; the others share their width."""
    rows = [row for row in table.rows if row.kind != "group"]
    kept = [
        index
        for index, column in enumerate(table.columns)
        if not column.is_optional or any(row.cells[index].text != "N/A" for row in rows)
    ]
    if len(kept) == len(table.columns):
        return table
    whole = sum(column.width_mm for column in table.columns)
    stretch = whole / sum(table.columns[index].width_mm for index in kept)
    columns = (table.columns[index] for index in kept)
    return replace(
        table,
        columns=tuple(replace(column, width_mm=column.width_mm * stretch) for column in columns),
        rows=tuple(
            row if row.kind == "group" else replace(row, cells=tuple(row.cells[index] for index in kept))
            for row in table.rows
        ),
    )


def numbered(document):
    """``document`` with its tables and figures numbered through and its references resolved.

    Sections whose number is a letter (the annex) number their own: A1, A2. Raises KeyError where
    a text refers to a table or figure that is not there.
    """
    numbers = {}
    counters = {}
    for series, block in _counted_blocks(document):
        kind = "table" if isinstance(block, Table) else "figure"
        counters[series, kind] = counters.get((series, kind), 0) + 1
        numbers[kind, block.key] = f"{series}{counters[series, kind]}"
    return _resolved(document, numbers)


def _counted_blocks(document):
    for block in document.contents:
        yield from _tables_and_figures("", block)
    for section in document.sections:
        series = "" if section.number.isdigit() else section.number
        for block in section.blocks:
            yield from _tables_and_figures(series, block)


def _tables_and_figures(series, block):
    if isinstance(block, Table | Figure):
        yield series, block
    elif isinstance(block, TwoColumns):
        for inner in block.left + block.right:
            yield from _tables_and_figures(series, inner)


def _resolved(item, numbers):
    """``item`` (a dataclass, tuple or text) with references replaced and numbers set, all the way down."""
    if isinstance(item, str):
        return REFERENCE.sub(lambda match: f"{match[1]} {numbers[match[1], match[2]]}", item)
    if isinstance(item, tuple):
        return tuple(_resolved(part, numbers) for part in item)
    if isinstance(item, Chart | Cell) or not hasattr(item, "__dataclass_fields__"):
        return item
    changes = {name: _resolved(getattr(item, name), numbers) for name in item.__dataclass_fields__}
    if isinstance(item, Table | Figure):
        kind = "table" if isinstance(item, Table) else "figure"
        changes["number"] = numbers[kind, item.key]
    return replace(item, **changes)
