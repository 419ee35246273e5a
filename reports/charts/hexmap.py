"""England as hexagons, one an authority: plain for covers, in five classes for figures.

The layout is "odd-r": odd rows are shifted right by half a cell, rows count upwards to the north.
"""

from dataclasses import dataclass
from math import sqrt

from reports.charts.svg import REPORT, drawing, line, number, path_points, polygon, rect, text, wrapped

WESTERN = ("North West", "West Midlands", "South West")  # their names stand left of the map
HATCH = (
    '<pattern id="no-return" width="3" height="3" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)">'
    '<rect width="3" height="3" fill="{paper}"/><line x1="0" y1="0" x2="0" y2="3" stroke="{grey}" '
    'stroke-width="0.8"/></pattern>'
)
# Neighbours of a cell in even and in odd rows, in the order of the sides between corners 0-1, 1-2, ...
SIDES_EVEN = ((0, 1), (1, 0), (0, -1), (-1, -1), (-1, 0), (-1, 1))
SIDES_ODD = ((1, 1), (1, 0), (1, -1), (0, -1), (-1, 0), (0, 1))


@dataclass(frozen=True)
class Hexagon:
    """One authority's cell: column and row, its region, and (for figures) its class.

    level: 0 to 4 for the classes from low to high, "no return" or "held back".
    """

    code: str
    name: str
    column: int
    row: int
    region: str
    level: int | str = "no return"


@dataclass(frozen=True)
class Grid:
    """The scale and the offset of a map, in points."""

    radius: float
    left: float
    top: float
    highest_row: int
    lowest_column: int

    def centre(self, column, row):
        x = (column - self.lowest_column + (0.5 if row % 2 else 0)) * self.radius * sqrt(3)
        y = (self.highest_row - row) * self.radius * 1.5
        return self.left + x + self.radius * sqrt(3) / 2, self.top + y + self.radius

    def corners(self, column, row, share=1.0):
        """The six corners, from the top clockwise; ``share`` below one leaves a gap to the neighbours."""
        x, y = self.centre(column, row)
        r, half = self.radius * share, self.radius * share * sqrt(3) / 2
        return [
            (x, y - r),
            (x + half, y - r / 2),
            (x + half, y + r / 2),
            (x, y + r),
            (x - half, y + r / 2),
            (x - half, y - r / 2),
        ]


def grid_for(cells, *, width, left=0.0, top=0.0):
    """The grid in which all ``cells`` fill ``width`` points, and the height they take."""
    columns = [cell.column for cell in cells]
    rows = [cell.row for cell in cells]
    across = max(columns) - min(columns) + 1.5
    radius = width / (across * sqrt(3))
    grid = Grid(radius, left, top, max(rows), min(columns))
    return grid, (max(rows) - min(rows)) * radius * 1.5 + 2 * radius


def plain_map(cells, *, own_code, own_region, title, alt, width_mm=114.0, style=REPORT):
    """The map of the cover: the own region darker, the own authority in the accent colour."""
    grid, height = grid_for(cells, width=width_mm * 72 / 25.4)
    shapes = []
    for cell in cells:
        fill = style.ramp[2] if cell.region == own_region else style.ramp[0]
        if cell.code == own_code:
            fill = style.accent
        shapes.append(polygon(grid.corners(cell.column, cell.row, 0.95), fill))
    return drawing(
        shapes, style, width_mm=width_mm, height_mm=round(height * 25.4 / 72, 1), title=title, alt=alt
    )


def hexagon_map(cells, *, own_code, classes, title, alt, own_label, width_mm=174.0, style=REPORT):
    """Five classes with their limits and the count of authorities in each; own authority outlined.

    classes: the words of the limits, lowest class first. Hatched: no return; white with a star: held back.
    """
    grid, height = grid_for(cells, width=width_mm * 72 / 25.4 - 190, left=95, top=2)
    shapes = [f"<defs>{HATCH.format(paper=style.paper, grey=style.compare)}</defs>"]
    for cell in cells:
        shapes += cell_shapes(cell, grid, style)
    own = next((cell for cell in cells if cell.code == own_code), None)
    shapes.append(border(cells, grid, style.quiet, 1.1))
    if own:
        shapes.append(border([c for c in cells if c.region == own.region], grid, style.ink, 2))
        shapes += own_shapes(own, grid, own_label, style)
    for region in sorted({cell.region for cell in cells} - {own.region if own else ""}):
        shapes += region_name(region, cells, grid, style)
    shapes += key_of_classes(cells, classes, width_mm * 72 / 25.4 - 98, style)
    return drawing(
        shapes, style, width_mm=width_mm, height_mm=round((height + 6) * 25.4 / 72, 1), title=title, alt=alt
    )


def class_fill(level, style):
    if level == "no return":
        return "url(#no-return)"
    return style.paper if level == "held back" else style.ramp[level]


def cell_shapes(cell, grid, style):
    shapes = [
        polygon(
            grid.corners(cell.column, cell.row, 0.97),
            class_fill(cell.level, style),
            stroke=style.paper,
            stroke_width=0.4,
        )
    ]
    if cell.level == "held back":
        x, y = grid.centre(cell.column, cell.row)
        shapes.append(text(x, y + 4, "*", style, anchor="middle"))
    return shapes


def border(cells, grid, stroke, width):
    """The lines between cells of different regions, and around all."""
    return (
        f'<path d="{border_path(cells, grid)}" fill="none" stroke="{stroke}" '
        f'stroke-width="{number(width)}" stroke-linecap="round"/>'
    )


def border_path(cells, grid):
    """The same as the ``d`` of an SVG path."""
    regions = {(cell.column, cell.row): cell.region for cell in cells}
    steps = []
    for (column, row), region in sorted(regions.items()):
        corners = grid.corners(column, row)
        for side, (across, up) in enumerate(SIDES_ODD if row % 2 else SIDES_EVEN):
            if regions.get((column + across, row + up)) != region:
                (x1, y1), (x2, y2) = corners[side], corners[(side + 1) % 6]
                steps.append(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}")
    return "".join(steps)


def region_name(region, cells, grid, style):
    """The name beside the map at the middle row of its region, with a line to a region that lies inside."""
    own_rows = sorted(cell.row for cell in cells if cell.region == region)
    row = own_rows[len(own_rows) // 2]
    sign, anchor = (-1, "end") if region in WESTERN else (1, "start")

    def edge(columns):
        return max(grid.centre(column, row)[0] * sign for column in columns) * sign + sign * grid.radius

    inner = edge(cell.column for cell in cells if cell.row == row and cell.region == region)
    near = [cell for cell in cells if abs(cell.row - row) <= 1]
    outer = max(grid.centre(cell.column, cell.row)[0] * sign for cell in near) * sign + sign * grid.radius
    y = grid.centre(0, row)[1]
    shapes = []
    if abs(outer - inner) > 2 * grid.radius:
        shapes.append(line(inner - sign * grid.radius, y, outer + sign * 5, y, style.paper, 2))
        shapes.append(line(inner - sign * grid.radius, y, outer + sign * 5, y, style.quiet, 0.6))
    for index, words in enumerate(wrapped(region, 7.5, 62)):
        place = y + 2.5 + index * 8.5
        shapes.append(text(outer + sign * 8, place, words, style, size=7.5, fill=style.ink2, anchor=anchor))
    return shapes


def own_shapes(own, grid, words, style):
    """The own cell on a white halo, with a leader to its name at the left margin."""
    corners = grid.corners(own.column, own.row)
    x, y = grid.centre(own.column, own.row)
    points = path_points(corners)
    shapes = [line(92, y, x - grid.radius, y, style.ink, 1)]
    for stroke, width in ((style.paper, 4.5), (style.ink, 2.2)):
        shapes.append(
            f'<polygon points="{points}" fill="none" stroke="{stroke}" stroke-width="{number(width)}"/>'
        )
    for index, part in enumerate(words):
        shapes.append(text(88, y + 2.5 + index * 10, part, style, bold=True, anchor="end"))
    return shapes


def key_of_classes(cells, classes, left, style):
    rows = [(words, level) for level, words in reversed(list(enumerate(classes)))]
    rows += [("no return", "no return"), ("held back", "held back")]
    shapes, y = [f"{text(left + 98, 8, 'authorities', style, fill=style.ink2, anchor='end')}"], 14.0
    for words, level in rows:
        count = sum(cell.level == level for cell in cells)
        if level == "held back" and not count:
            continue
        fill = class_fill(level, style)
        shapes.append(rect(left, y, 10, 8, fill, stroke=style.quiet, stroke_width=0.5))
        shapes.append(text(left + 14, y + 7, words, style))
        shapes.append(text(left + 98, y + 7, str(count), style, fill=style.ink2, anchor="end"))
        y += 12.5
    return shapes
