"""Stacked shares: parts of a whole for the organisation, its region and England."""

from dataclasses import dataclass

from reports.charts.svg import MM, REPORT, drawing, label, rect, text, text_width
from reports.wording import rounded

LIGHT_CLASSES = 3  # text on the first three classes of the ramp is ink, on the others white


@dataclass(frozen=True)
class ShareRow:
    """The parts of one row, in percent, exact; they add to 100. The first row is the organisation's own."""

    label: str
    parts: tuple[float, ...]


def stacked_shares(rows, part_names, *, title, width_mm=174.0, label_mm=22.0, style=REPORT):
    """One bar a row, own thickest; whole percentages without their sign inside the parts.

    Three parts take the light, middle and darkest class of the ramp, five take all, in this order.
    A part too narrow for its figure gets none: the table behind the chart has it.
    """
    width, left = width_mm * MM, label_mm * MM
    colours = part_colours(len(part_names), style)
    shapes = key_of_parts(part_names, colours, left, style)
    top = 16.0
    for index, row in enumerate(rows):
        height = 15.0 if index == 0 else 10.5
        middle = top + height / 2
        shapes.append(label(left - 6, middle, row.label, style, width=left - 6, bold=index == 0, size=8))
        shapes += row_shapes(row, colours, left, top, height, (width - left) / 100, style, bold=index == 0)
        top += height + 6
    return drawing(
        shapes,
        style,
        width_mm=width_mm,
        height_mm=round((top - 4) / MM, 1),
        title=title,
        alt=shares_alt(title, rows, part_names),
    )


def part_colours(count, style):
    """Fill and text colour of each part, light to dark, spread over the ramp."""
    picks = {1: (4,), 2: (0, 4), 3: (0, 2, 4), 4: (0, 1, 2, 4)}.get(count, (0, 1, 2, 3, 4))
    fills = [style.ramp_under_white_text if pick == 3 else style.ramp[pick] for pick in picks]
    return [
        (fill, style.ink if pick < LIGHT_CLASSES else style.paper)
        for fill, pick in zip(fills, picks, strict=True)
    ]


def key_of_parts(part_names, colours, left, style):
    shapes, x = [], left
    for name, (fill, _) in zip(part_names, colours, strict=True):
        shapes.append(rect(x, 1.5, 7.5, 7.5, fill, stroke=style.ink2, stroke_width=0.5))
        shapes.append(text(x + 11, 8, name, style, fill=style.ink2))
        x += 11 + text_width(name, 8) + 14
    return shapes


def row_shapes(row, colours, left, top, height, scale, style, *, bold):
    shapes, x = [], left
    for share, (fill, ink) in zip(row.parts, colours, strict=True):
        width = float(share) * scale
        if width <= 0:
            continue
        edge = {"stroke": style.quiet, "stroke_width": 0.5} if fill == style.ramp[0] else {}
        shapes.append(rect(x, top, width, height, fill, **edge))
        shown = str(rounded(share))
        if width > text_width(shown, 8) + 3:
            shapes.append(
                text(
                    x + width / 2, top + height / 2 + 2.8, shown, style, fill=ink, bold=bold, anchor="middle"
                )
            )
        x += width
        shapes.append(rect(x - 0.35, top, 0.7, height, style.paper))
    return shapes


def shares_alt(title, rows, part_names):
    lines = (
        f"{row.label} "
        + ", ".join(f"{name} {rounded(share)}%" for name, share in zip(part_names, row.parts, strict=True))
        for row in rows
    )
    return f"Stacked bars, {title}: {'; '.join(lines)}."
