"""Charts: well-formed, the same twice, in words as well, and honest about scales, gaps and breaks."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from reports import charts
from tests.unit.reports import sample

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("Trafford", "North West", "England")


def bars(style=charts.REPORT):
    rows = [
        charts.BarRow("Council & others", 58, 61, 63, ("58%", "61%", "63%")),
        charts.BarRow("Private", None, 6, 4, ("*", "6%", "4%")),
    ]
    return charts.bars_against_comparators(rows, names=NAMES, title="Services by who runs them", style=style)


def shares():
    rows = [charts.ShareRow("Trafford", (24.4, 37.6, 38.0)), charts.ShareRow("England", (0, 62.5, 37.5))]
    return charts.stacked_shares(
        rows, ("Universal", "Targeted", "Specialist"), title="Services by access tier"
    )


def lines():
    points = (
        charts.Point("2006/07", 512, "512"),
        charts.Point("2007/08", 431, "431", "consultations no longer counted"),
        charts.Point("2008/09", 498, "498"),
    )
    return charts.trend([charts.Panel("Seen", "in the month", points)], title="Children seen")


def places():
    found = [
        charts.Place("Bury", 1113, "£1,113"),
        charts.Place("Trafford", 1178, "£1,178", is_own=True),
        charts.Place("Blackpool", 1339, "£1,339"),
    ]
    return charts.ranking(found, title="Spending per child", median=1125, median_shown="£1,125")


def position(stands_out=False):
    shown = ("79%", "85%", "64%", "81%", "89%", "97%")
    place = charts.Position(79, 85, 64, 81, 89, 97, shown, stands_out)
    return charts.position_line(place, own_name="Trafford", title="Seen within 13 weeks")


def progress():
    return charts.progress_bar(charts.Progress(21, 33, 92, 0), title="Services")


def hexagons():
    cells = sample.hexagons()
    cells = [replace(cell, level=index % 5) for index, cell in enumerate(cells)]
    cells[3], cells[4] = replace(cells[3], level="no return"), replace(cells[4], level="held back")
    return charts.hexagon_map(
        cells,
        own_code="X011",
        classes=("under 10", "10 to 19", "20 to 29", "30 to 39", "40 and over"),
        title="Services per 10,000",
        alt="Hexagon map of 81 authorities: Place 1-1 is in the class 20 to 29.",
        own_label=("Place 1-1", "25.7"),
    )


def plain():
    return charts.plain_map(
        sample.hexagons(), own_code="X011", own_region="North West", title="England", alt="Map of England."
    )


ALL = (bars, shares, lines, places, position, progress, hexagons, plain)


@pytest.mark.parametrize("make", ALL)
def test_chart_is_well_formed_and_the_same_twice(make):
    chart = make()

    root = ElementTree.fromstring(chart.svg)  # noqa: S314 - our own drawing

    assert root.attrib["width"] == f"{chart.width_mm:g}mm"
    assert root.find(f"{SVG}desc").text == chart.alt
    assert make() == chart


@pytest.mark.parametrize("make", ALL)
def test_shapes_stay_inside_the_drawing(make):
    root = ElementTree.fromstring(make().svg)  # noqa: S314 - our own drawing
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    for item in root.iter(f"{SVG}rect"):
        if "x" in item.attrib:
            assert float(item.attrib["x"]) + float(item.attrib["width"]) <= width + 0.5
            assert float(item.attrib["y"]) + float(item.attrib["height"]) <= height + 0.5


@pytest.mark.parametrize(
    ("make", "own"), [(bars, "58%"), (shares, "24%"), (lines, "498"), (places, "£1,178"), (position, "79%")]
)
def test_alternative_text_holds_the_own_figure_and_is_long_enough(make, own):
    alt = make().alt
    assert own in alt
    assert len(alt) > 60


def test_colours_come_from_the_style():
    chart = bars(replace(charts.REPORT, own="#123456"))
    assert "#123456" in chart.svg
    assert charts.REPORT.own not in chart.svg


def test_bar_without_a_figure_is_not_drawn():
    assert bars().svg.count(charts.REPORT.own) == 1
    assert "*" in bars().svg


def test_words_of_users_are_escaped():
    assert "Council &amp; others" in bars().svg


def test_stacked_part_of_zero_leaves_no_bar_and_no_figure():
    assert ">0<" not in shares().svg
    assert ">63<" in shares().svg  # 62.5, half up


def test_bars_without_comparators_have_one_column_of_figures():
    row = charts.BarRow("Council", 58, None, None, ("58%", "N/A", "N/A"))
    chart = charts.bars_against_comparators([row], names=NAMES, title="Services by who runs them")

    assert "58%" in chart.svg
    assert not [words for words in ("N/A", "North West", "England") if words in chart.svg + chart.alt]


def test_words_of_a_break_stay_inside_the_picture():
    points = tuple(
        charts.Point(str(year), year, str(year), "not all services have answered" if year == 3 else "")
        for year in (1, 2, 3)
    )
    chart = charts.trend([charts.Panel("Seen", "", points)] * 4, title="Children")
    width = float(re.search(r'viewBox="0 0 ([0-9.]+)', chart.svg)[1])
    middles = [float(x) for x in re.findall(r'<text x="([0-9.]+)"[^>]*>not all services', chart.svg)]

    assert len(middles) == 4
    assert max(middles) + 42 <= width + 0.1


def test_trend_is_not_joined_across_a_break():
    svg = lines().svg
    runs = re.findall(r'points="([^"]*)"', svg)
    assert [len(run.split()) for run in runs] == [2]
    assert "no longer counted" in svg


def test_trend_leaves_a_gap_for_a_missing_year():
    points = (
        charts.Point("a", 5, "5"),
        charts.Point("b", None, "no return"),
        charts.Point("c", 7, "7"),
    )
    svg = charts.trend([charts.Panel("Seen", "", points)], title="Children").svg
    assert "<polyline" not in svg
    assert "no return" in svg


def test_ranking_runs_from_the_highest():
    alt = places().alt
    assert alt.index("Blackpool") < alt.rindex("Trafford") < alt.index("Bury")


def test_position_is_a_diamond_only_where_it_stands_out():
    assert "<circle" in position().svg and "<polygon" not in position().svg
    assert "<polygon" in position(stands_out=True).svg and "<circle" not in position(stands_out=True).svg


def test_map_hatches_what_has_no_return_and_counts_its_classes():
    svg = hexagons().svg
    assert svg.count('fill="url(#no-return)"') == 2  # the cell and its key
    assert re.search(r">no return</text><text[^>]*>1</text>", svg)


def test_plain_map_marks_one_authority_and_its_region():
    svg = plain().svg
    assert svg.count(charts.REPORT.accent) == 1
    assert svg.count(charts.REPORT.ramp[2]) == 8


def test_progress_names_its_counts():
    assert progress().alt.endswith("of 146 owed 21 not started, 33 in progress, 92 complete, 0 signed off.")


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


STYLE = charts.REPORT


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (STYLE.ink, STYLE.ramp[0]),
        (STYLE.ink, STYLE.ramp[1]),
        (STYLE.ink, STYLE.ramp[2]),
        (STYLE.paper, STYLE.ramp_under_white_text),
        (STYLE.paper, STYLE.ramp[4]),
        (STYLE.ink2, STYLE.paper),
        (STYLE.quiet, STYLE.paper),
        (STYLE.accent, "#fdf0df"),
    ],
)
def test_text_can_be_read_on_its_ground(text, ground):
    assert contrast(text, ground) >= 4.5
