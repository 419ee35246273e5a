"""The position line of a key figure: where one organisation stands between the lowest and the highest."""

from dataclasses import dataclass

from reports.charts.svg import MM, REPORT, circle, drawing, line, polygon, rect, text


@dataclass(frozen=True)
class Position:
    """Exact values for the places on the line, and the texts of own figure, England, lowest and highest."""

    own: float
    england: float
    lowest: float
    lower_quartile: float
    upper_quartile: float
    highest: float
    shown: tuple[str, str, str, str, str, str]  # in the order of the fields
    stands_out: bool = False


def position_line(position, *, own_name, title, width_mm=52.0, style=REPORT):
    """Range with its ends as figures, middle half as a grey bar, England as a tick, own as a circle.

    A figure that stands out is a diamond in the accent colour, so shape tells it without colour.
    """
    middle, start, end = 8.0, 30.0, width_mm * MM - 32.0
    scale = line_scale(position, start, end)
    half_start, half_end = scale(position.lower_quartile), scale(position.upper_quartile)
    x_england = scale(position.england)
    shapes = [
        text(start - 7, middle + 2.6, position.shown[2], style, size=7.5, fill=style.ink2, anchor="end"),
        text(end + 7, middle + 2.6, position.shown[5], style, size=7.5, fill=style.ink2),
        line(start, middle, end, middle, style.compare, 1.1),
        rect(half_start, middle - 3.2, half_end - half_start, 6.4, style.compare),
        line(x_england, middle - 6, x_england, middle + 6, style.paper, 3),
        line(x_england, middle - 6, x_england, middle + 6, style.ink, 1.6),
        own_mark(scale(position.own), middle, position.stands_out, style),
    ]
    return drawing(
        shapes,
        style,
        width_mm=width_mm,
        height_mm=5.6,
        title=title,
        alt=position_alt(position, own_name, title),
    )


def line_scale(position, start, end):
    """A function from a value to its place on the line, kept between the ends."""
    extent = (position.highest - position.lowest) or 1

    def scale(value):
        share = (value - position.lowest) / extent
        return start + min(max(share, 0), 1) * (end - start)

    return scale


def own_mark(x, y, stands_out, style):
    edge = {"stroke": style.paper, "stroke_width": 0.8}
    if stands_out:
        return polygon([(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)], style.accent, **edge)
    return circle(x, y, 4, style.own, **edge)


def position_alt(position, own_name, title):
    own, england, lowest, lower, upper, highest = position.shown
    standing = " It stands out." if position.stands_out else ""
    return (
        f"Position line, {title}: {own_name} {own}, England {england}; lowest authority {lowest}, "
        f"highest {highest}, middle half from {lower} to {upper}.{standing}"
    )
