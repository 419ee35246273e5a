"""Trends: one panel a measure, each from zero, cut where what is counted has changed."""

from dataclasses import dataclass
from html import escape

from reports.charts.svg import (
    MM,
    REPORT,
    axis_top,
    circle,
    drawing,
    element,
    line,
    number,
    path_points,
    rect,
    text,
    text_width,
    wrapped,
)
from reports.wording import figure

PLOT_HEIGHT = 82.0
TOP, TOP_WITH_BREAK = 26.0, 46.0  # where plots begin: below their names, and below the words of a break
BREAK_WORDS_WIDTH = 84.0


@dataclass(frozen=True)
class Point:
    """One year: None as value where there is no figure (the line has a gap there)."""

    year: str
    value: float | None
    shown: str
    break_before: str = ""  # why this year cannot be compared with the one before


@dataclass(frozen=True)
class Panel:
    name: str
    unit: str
    points: tuple[Point, ...]


def trend(panels, *, title, width_mm=174.0, style=REPORT):
    """Panels side by side. Values stand at all points, the last one is solid and bold."""
    gap = 20.0
    has_break = any(point.break_before for panel in panels for point in panel.points)
    top = TOP_WITH_BREAK if has_break else TOP
    width = (width_mm * MM - gap * (len(panels) - 1)) / len(panels)
    shapes = []
    for index, panel in enumerate(panels):
        shapes += panel_shapes(panel, index * (width + gap), width, top, style)
    return drawing(
        shapes,
        style,
        width_mm=width_mm,
        height_mm=round((top + PLOT_HEIGHT + 13) / MM, 1),
        title=title,
        alt=trend_alt(title, panels),
    )


def panel_shapes(panel, left, width, top, style):
    bottom = top + PLOT_HEIGHT
    plot_left, plot_width = left + 26, width - 26
    highest = max((point.value for point in panel.points if point.value is not None), default=0)
    top_value, step = axis_top(highest)
    step_x = plot_width / len(panel.points)
    xs = [plot_left + step_x * (index + 0.5) for index in range(len(panel.points))]

    def y_of(value):
        return bottom - value / top_value * PLOT_HEIGHT

    shapes = panel_heading(panel, left, style) + gridlines(
        top_value, step, plot_left, plot_width, y_of, style
    )
    for index, point in enumerate(panel.points):
        shapes.append(text(xs[index], bottom + 10, point.year, style, size=7.5, anchor="middle"))
        if point.break_before:
            words_at = min(xs[index] - step_x / 2, left + width - BREAK_WORDS_WIDTH / 2)
            shapes += break_shapes(point.break_before, xs[index] - step_x / 2, words_at, top, style)
    shapes += run_shapes(panel.points, xs, y_of, style)
    return shapes


def panel_heading(panel, left, style):
    return [
        f'<text x="{number(left)}" y="8" font-size="8.5" fill="{style.ink}">'
        f'<tspan font-weight="600">{escape(panel.name)}</tspan>'
        f'<tspan dx="4" font-size="8" fill="{style.ink2}">{escape(panel.unit)}</tspan></text>'
    ]


def gridlines(top_value, step, left, width, y_of, style):
    shapes, value = [], 0
    while value <= top_value:
        y = y_of(value)
        stroke = (style.ink, 0.7) if value == 0 else (style.hair, 0.5)
        shapes.append(line(left, y, left + width, y, *stroke))
        shapes.append(
            text(
                left - 5,
                y + 2.7,
                figure(value, 1 if step != int(step) else 0),
                style,
                size=7.5,
                fill=style.ink2,
                anchor="end",
            )
        )
        value += step
    return shapes


def break_shapes(reason, x, words_at, top, style):
    """Two dashed lines with the reason above them, in words that stay inside the panel."""
    dashes = {"stroke_dasharray": "3 2"}
    shapes = [
        line(x + shift, top - 10, x + shift, top + PLOT_HEIGHT, style.accent, 0.9, **dashes)
        for shift in (-1.5, 1.5)
    ]
    lines = wrapped(reason, 7.5, BREAK_WORDS_WIDTH)[:2]
    first = top - 13 - (len(lines) - 1) * 8.5
    for index, words in enumerate(lines):
        shapes.append(
            text(words_at, first + index * 8.5, words, style, size=7.5, fill=style.accent, anchor="middle")
        )
    return shapes


def run_shapes(points, xs, y_of, style):
    """Lines between years that may be compared; circles and figures at every year."""
    shapes = []
    for run in unbroken_runs(points):
        places = [(xs[index], y_of(points[index].value)) for index in run]
        if len(places) > 1:
            shapes.append(
                element(
                    "polyline", points=path_points(places), fill="none", stroke=style.own, stroke_width=1.8
                )
            )
    last = max((index for index, point in enumerate(points) if point.value is not None), default=-1)
    for index, point in enumerate(points):
        if point.value is None:
            shapes.append(
                text(xs[index], y_of(0) - 5, point.shown, style, size=7.5, fill=style.ink2, anchor="middle")
            )
            continue
        y = y_of(point.value)
        shapes.append(
            circle(
                xs[index],
                y,
                2.8,
                style.own if index == last else style.paper,
                stroke=style.own,
                stroke_width=1.5,
            )
        )
        shapes += value_shapes(xs[index], y - 6.5, point.shown, index == last, style)
    return shapes


def value_shapes(x, y, shown, is_last, style):
    """The figure above a point, on a white ground so that no gridline runs through it."""
    width = text_width(shown, 8, bold=is_last)
    return [
        rect(x - width / 2, y - 6.5, width, 7.5, style.paper),
        text(x, y, shown, style, bold=is_last, anchor="middle"),
    ]


def unbroken_runs(points):
    """Lists of indexes of successive years that have a figure and no break between them."""
    runs: list[list[int]] = [[]]
    for index, point in enumerate(points):
        if point.break_before or point.value is None:
            runs.append([])
        if point.value is not None:
            runs[-1].append(index)
    return [run for run in runs if run]


def trend_alt(title, panels):
    lines = [
        f"{panel.name} {panel.unit}: " + ", ".join(f"{p.year} {p.shown}" for p in panel.points)
        for panel in panels
    ]
    breaks = dict.fromkeys(
        f"before {point.year}: {point.break_before}"
        for panel in panels
        for point in panel.points
        if point.break_before
    )
    cut = f" The lines are cut {'; '.join(breaks)}." if breaks else ""
    return f"Line charts, {title}. {'. '.join(lines)}.{cut}"
