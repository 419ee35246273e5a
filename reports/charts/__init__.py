"""Charts and maps as SVG, the same for pages and PDFs.

Every function takes plain dataclasses and a ``Style`` (colours and font) and returns a ``Chart``:
the SVG, its alternative text and its size. The same input gives the same characters.
"""

from reports.charts.bars import BarRow, Place, bars_against_comparators, ranking
from reports.charts.hexmap import Hexagon, hexagon_map, plain_map
from reports.charts.position import Position, position_line
from reports.charts.progress import Progress, progress_bar
from reports.charts.shares import ShareRow, stacked_shares
from reports.charts.svg import REPORT, Chart, Style
from reports.charts.trend import Panel, Point, trend

__all__ = [
    "REPORT",
    "BarRow",
    "Chart",
    "Hexagon",
    "Panel",
    "Place",
    "Point",
    "Position",
    "Progress",
    "ShareRow",
    "Style",
    "bars_against_comparators",
    "hexagon_map",
    "plain_map",
    "position_line",
    "progress_bar",
    "ranking",
    "stacked_shares",
    "trend",
]
