"""A table as a page shows it: rows, columns, words and drawings, all from the same tidy lines. Pure."""

from dataclasses import dataclass

from reports.charts.hexmap import border_path, grid_for
from reports.charts.svg import path_points
from reports.tables.lines import (
    ANSWER,
    MARKS,
    NO_RETURN,
    NOT_ASKED,
    PERCENT,
    POINTS,
    Value,
    change,
    is_figure,
)
from reports.wording import figure, percent, signed


@dataclass(frozen=True)
class Choice:
    """What somebody chose to see: the later collection, the earlier one or "", and the item of a table by area.

    of_answers: the rows are single authorities, with answers instead of shares.
    """

    now: str
    before: str
    item: str = ""
    of_answers: bool = False

    @property
    def has_change(self):
        return bool(self.before) and not self.of_answers


@dataclass(frozen=True)
class PageTable:
    """A table of words: heads of the columns, the first over the rows; rows as dicts of label, cells, total.

    this_year: number of the column of the later collection.
    """

    caption: str
    heads: list[str]
    rows: list[dict]
    marks: list[dict]
    this_year: int


@dataclass(frozen=True)
class Bar:
    """One row of the chart: shares in whole percent, None where there is a mark instead."""

    label: str
    now: int | None
    before: int | None
    words: str


def shown(value):
    """A value as words: 76%, 1,204, +3, Yes, or its mark."""
    if not is_figure(value.value):
        return (
            str(value.value).capitalize()
            if value.unit == ANSWER and value.value != NO_RETURN
            else value.value
        )
    if value.unit == PERCENT:
        return percent(value.value)
    return signed(value.value) if value.unit == POINTS else figure(value.value)


class Lines:
    """Tidy lines by item, collection, area and measure."""

    def __init__(self, lines):
        self._values = {
            (line.item, line.collection, line.area_code, line.measure): Value(
                line.value, line.base, line.unit, line.note
            )
            for line in lines
        }
        self.items = {line.item: line.item_label for line in lines}
        self.areas = {line.area_code: line.area_name for line in lines}

    def value(self, item, collection, area, measure):
        """The Value there, or None: the area was not there, or has nothing of the kind."""
        return self._values.get((item, collection, area, measure))


def page_table(table, lines, choice, *, caption, head, totals=()):
    """The PageTable: a row an item for one area, or a row an area for one item.

    totals: Lines of larger areas, shown at the foot in this order.
    """
    rows = [_row(table, lines, choice, *key) for key in _keys(table, lines, choice)]
    for larger in totals:
        rows += [_row(table, larger, choice, *key) | {"total": True} for key in _keys(table, larger, choice)]
    marks = {cell for row in rows for cell in row["cells"]} & MARKS.keys()
    return PageTable(
        caption=caption,
        heads=[head, *_heads(table, choice)],
        rows=rows,
        marks=[{"mark": mark, "words": words} for mark, words in MARKS.items() if mark in marks],
        this_year=2 if choice.before else 1,
    )


def _keys(table, lines, choice):
    """(label, item, area) of each row; an item that neither collection asks has no row."""
    if choice.item:
        return [(name, choice.item, code) for code, name in lines.areas.items()]
    keys = [(label, item, code) for item, label in lines.items.items() for code in lines.areas]
    return [key for key in keys if _is_asked(table, lines, choice, *key[1:])]


def _is_asked(table, lines, choice, item, area):
    main = table.measures[0].key
    found = [lines.value(item, year, area, main) for year in (choice.now, choice.before)]
    return any(value and value.value != NOT_ASKED for value in found)


def _heads(table, choice):
    years = [choice.before, choice.now] if choice.before else [choice.now]
    changes = ["Change, points"] if choice.has_change else []
    others = [measure.label for measure in _other_measures(table)]
    return [*years, *changes, *others, "Base"]


def _other_measures(table):
    """The measures beside the main one, which has a column for each collection and one for the change."""
    return [measure for measure in table.measures[1:] if measure.key != "change"]


ABSENT = Value(NOT_ASKED)  # an area that was not there in that collection


def _row(table, lines, choice, label, item, area):
    main = table.measures[0].key
    now = lines.value(item, choice.now, area, main) or ABSENT
    before = lines.value(item, choice.before, area, main) or ABSENT
    cells = [shown(before)] if choice.before else []
    cells.append(shown(now))
    if choice.has_change:
        cells.append(shown(change(before, now)))
    for measure in _other_measures(table):
        value = lines.value(item, choice.now, area, measure.key) or ABSENT
        cells.append("" if value.value == NO_RETURN else shown(value))
    base = figure(now.base) if is_figure(now.base) and now.unit != ANSWER else ""
    return {"label": label, "cells": [*cells, base], "total": False}


def bars(table, lines, choice):
    """The Bars of the chart, highest first; those of the earlier collection only at the end."""
    main = table.measures[0].key
    found = [
        _bar(label, lines.value(item, choice.now, area, main), lines.value(item, choice.before, area, main))
        for label, item, area in _keys(table, lines, choice)
    ]
    with_figures = [bar for bar in found if (bar.now, bar.before) != (None, None)]
    return sorted(with_figures, key=lambda bar: (bar.now is None, -(bar.now or 0)))


def _bar(label, now, before):
    return Bar(
        label=label,
        now=now.value if now and is_figure(now.value) else None,
        before=before.value if before and is_figure(before.value) else None,
        words=shown(now) if now else NO_RETURN,
    )


def finding(table, found, choice, *, where):
    """The main result as a sentence, from the Bars of the chart."""
    ranked = [bar for bar in found if bar.now is not None]
    if not ranked:
        return f"There are no figures for {where} in {choice.now}."
    if len(ranked) == 1:
        return f"{where}, {choice.now}: {ranked[0].label}, {ranked[0].now}% {table.subject}."
    return (
        f"{where}, {choice.now}: from {ranked[0].now}% {table.subject} ({_ties(ranked, ranked[0].now)}) "
        f"to {ranked[-1].now}% ({_ties(ranked, ranked[-1].now)})."
    )


def _ties(ranked, share):
    """Who has a share: up to two by name, or how many."""
    names = [bar.label for bar in ranked if bar.now == share]
    return " and ".join(names) if len(names) < 3 else f"{len(names)} of {len(ranked)}"


# Drawings: the numbers that the templates draw with, one unit a pixel


@dataclass(frozen=True)
class Drawing:
    """A chart of rows: size, where the axis runs, and for each row its height and the places of its marks."""

    width: int
    height: int
    left: int
    ticks: list[dict]
    rows: list[dict]
    label_above: bool


LETTERS_ON_PHONES = 42


def shortened(words, letters):
    """Words that fit beside a bar; the table has them in full."""
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


def drawing(found, *, width, label_width):
    """The Drawing of Bars; without room for labels beside the bars (label_width 0) they stand above them."""
    above = label_width == 0
    step, plot = (44 if above else 26), width - label_width - 72
    rows = []
    for number, bar in enumerate(found):
        middle = 30 + number * step + (22 if above else 0)
        rows.append(
            {
                "label": shortened(bar.label, LETTERS_ON_PHONES) if above else bar.label,
                "label_y": middle - 14 if above else middle + 5,
                "y": middle,
                "text_y": middle + 5,
                "now": None if bar.now is None else round(label_width + 8 + plot * bar.now / 100, 1),
                "before": None if bar.before is None else round(label_width + 8 + plot * bar.before / 100, 1),
                "words": bar.words,
            }
        )
    height = 30 + len(found) * step + 8
    ticks = [
        {
            "x": round(label_width + 8 + plot * share / 100, 1),
            "words": f"{share}%",
            # At the edge, half of a word in the middle would be cut off.
            "anchor": "start" if above and share == 0 else "middle",
        }
        for share in (0, 50, 100)
    ]
    return Drawing(width, height, label_width + 8, ticks, rows, above)


MAP_KEY = (("5", "Yes"), ("2", "No"), ("none", "No return or no answer"))
MAP_WIDTH = 260.0


@dataclass(frozen=True)
class MapCell:
    """One authority of the map: its corners as SVG writes them, class of its colour, and its words."""

    points: str
    kind: str
    words: str


@dataclass(frozen=True)
class Map:
    """The answers of all authorities to one item in one collection.

    border: the path around England and between its regions. width, height: of the drawing.
    """

    item: str
    collection: str
    cells: list[MapCell]
    border: str
    width: float
    height: float

    @property
    def key(self):
        """The classes of colour that the map has, with their words."""
        kinds = {cell.kind for cell in self.cells}
        return [(kind, words) for kind, words in MAP_KEY if kind in kinds]

    @property
    def box(self):
        return f"0 0 {self.width:.0f} {self.height:.0f}"


def answer_map(hexagons, answers, *, item, collection):
    """The Map of authorities: dark for yes, light for no, hatched without a return; hatched ones are drawn last,
    so that their outline stays whole.

    hexagons: of reports.charts, one an authority. answers: code -> "yes", "no" or a mark.
    """
    if not hexagons:
        return Map(item, collection, [], "", 0, 0)
    grid, height = grid_for(hexagons, width=MAP_WIDTH, left=1, top=1)
    cells = [_map_cell(hexagon, answers.get(hexagon.code), grid) for hexagon in hexagons]
    return Map(
        item,
        collection,
        sorted(cells, key=lambda cell: cell.kind == "none"),
        border_path(hexagons, grid),
        MAP_WIDTH + 2,
        height + 2,
    )


def _map_cell(hexagon, answer, grid):
    points = path_points(grid.corners(hexagon.column, hexagon.row))
    kind = {"yes": "5", "no": "2"}.get(answer, "none")
    return MapCell(points, kind, f"{hexagon.name}: {answer or 'no answer'}")
