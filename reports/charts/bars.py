"""Bars: one organisation against its comparators, and a ranking of many."""

from dataclasses import dataclass

from reports.charts.svg import MM, REPORT, drawing, label, line, polygon, rect, text, wrapped
from reports.wording import listed

ROW = 17
HEAD_LINE = 8
FIGURE_COLUMN = 42


@dataclass(frozen=True)
class BarRow:
    """One bar: exact values for the lengths (None where there is none), texts as shown."""

    label: str
    own: float | None
    region: float | None
    england: float | None
    shown: tuple[str, str, str]  # own, region, England


@dataclass(frozen=True)
class Place:
    """One organisation of a ranking."""

    name: str
    value: float
    shown: str
    is_own: bool = False


def bars_against_comparators(
    rows, *, names, title, width_mm=174.0, label_mm=38.0, height_mm=None, style=REPORT
):
    """Own bars with England as a black tick over them and the region as a grey triangle under them.

    names: what own, region and England are called. All bars start at zero and share one scale. Whoever has no
    figure at all gets no column.
    """
    width, left = width_mm * MM, label_mm * MM
    shown = columns_shown(rows)
    plot = width - left - len(shown) * FIGURE_COLUMN - 14
    highest = max((v for row in rows for v in (row.own, row.region, row.england) if v), default=1)
    shapes, head = figure_heads([names[column] for column in shown], width, style)
    for index, row in enumerate(rows):
        middle = head + index * ROW
        shapes.append(label(left - 5, middle, row.label, style, width=left - 8))
        shapes += bar_shapes(row, left, middle, plot / highest, style)
        shapes += figure_columns([row.shown[column] for column in shown], width, middle, style)
    bottom = head + len(rows) * ROW - ROW / 2
    shapes.append(line(left, head - 9, left, bottom, style.ink, 0.7))
    return drawing(
        shapes,
        style,
        width_mm=width_mm,
        height_mm=height_mm or round((bottom + 4) / MM, 1),
        title=title,
        alt=bars_alt(title, rows, names, shown),
    )


def columns_shown(rows):
    """Which of own, region and England have a column of figures: own always, others with any value."""
    region = any(row.region is not None for row in rows)
    england = any(row.england is not None for row in rows)
    return [0, *([1] if region else []), *([2] if england else [])]


def figure_heads(names, width, style):
    """The heads of the columns of figures, and the height of the first row below them.

    The own name has room to its left; the region's may take several lines.
    """
    heads = [wrapped(name, 7.5, FIGURE_COLUMN + 3) if column else [name] for column, name in enumerate(names)]
    height = max(map(len, heads)) * HEAD_LINE
    shapes = []
    for column, lines in enumerate(heads):
        for index, words in enumerate(lines):
            shapes.append(
                text(
                    width - (len(heads) - 1 - column) * FIGURE_COLUMN,
                    height - (len(lines) - 1 - index) * HEAD_LINE,
                    words,
                    style,
                    size=7.5,
                    bold=column == 0,
                    fill=style.ink if column == 0 else style.ink2,
                    anchor="end",
                )
            )
    return shapes, height + 12


def bar_shapes(row, left, middle, scale, style):
    shapes = []
    if row.own is not None:
        shapes.append(rect(left, middle - 3.7, row.own * scale, 7.4, style.own))
    if row.england is not None:
        x = left + row.england * scale
        shapes.append(line(x, middle - 6.4, x, middle + 0.6, style.paper, 3.2))
        shapes.append(line(x, middle - 6.4, x, middle + 0.6, style.ink, 1.8))
    if row.region is not None:
        x = left + row.region * scale
        corners = [(x - 3.4, middle + 8), (x + 3.4, middle + 8), (x, middle + 2.2)]
        shapes.append(polygon(corners, style.quiet, stroke=style.paper, stroke_width=0.7))
    return shapes


def figure_columns(shown, width, middle, style):
    return [
        text(
            width - (len(shown) - 1 - column) * FIGURE_COLUMN,
            middle + 2.9,
            words,
            style,
            size=8.5,
            bold=column == 0,
            fill=style.ink if column == 0 else style.ink2,
            anchor="end",
        )
        for column, words in enumerate(shown)
    ]


def bars_alt(title, rows, names, shown):
    """Own figures, and in brackets those of the others that have any."""
    own, *others = (names[column] for column in shown)
    compared = f" first, then in brackets {listed(others)}" if others else " alone"
    lines = []
    for row in rows:
        first, *rest = (row.shown[column] for column in shown)
        lines.append(f"{row.label} {first} ({', '.join(rest)})" if rest else f"{row.label} {first}")
    return f"Bar chart, {title}: {own}{compared}. {'; '.join(lines)}."


def ranking(places, *, title, median, median_shown, width_mm=114.4, label_mm=34.0, style=REPORT):
    """Places from the highest to the lowest value; own dark and bold, the median of England dashed."""
    places = sorted(places, key=lambda place: (-place.value, place.name))
    width, left, row = width_mm * MM, label_mm * MM, 12.5
    scale = (width - left - 40) / max(max(place.value for place in places), median)
    shapes = [text(left + median * scale, 8, f"England median {median_shown}", style, anchor="middle")]
    for index, place in enumerate(places):
        middle = 20 + index * row
        shapes.append(rect(left, middle - 4.2, place.value * scale, 8.4, place_colour(place, style)))
        shapes.append(label(left - 5, middle, place.name, style, width=left, size=7.5, bold=place.is_own))
        shapes.append(
            text(width, middle + 2.7, place.shown, style, size=7.8, bold=place.is_own, anchor="end")
        )
    bottom = 20 + len(places) * row - row / 2
    x = left + median * scale
    shapes.append(line(x, 12, x, bottom, style.paper, 2.6))
    shapes.append(line(x, 12, x, bottom, style.ink, 1.2, stroke_dasharray="3 2"))
    shapes.append(line(left, 12, left, bottom, style.ink, 0.7))
    return drawing(
        shapes,
        style,
        width_mm=width_mm,
        height_mm=round((bottom + 4) / MM, 1),
        title=title,
        alt=ranking_alt(title, places, median_shown),
    )


def place_colour(place, style):
    return style.own if place.is_own else style.compare


def ranking_alt(title, places, median_shown):
    order = listed(f"{place.name} {place.shown}" for place in places)
    own = next((place for place in places if place.is_own), None)
    start = f"{own.name} {own.shown}; " if own else ""
    return f"Ranking, {title}: {start}England median {median_shown}. From the highest: {order}."
