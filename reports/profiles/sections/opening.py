"""Cover, contents and the page that says how to read the rest."""

from reports.charts import plain_map
from reports.charts.svg import REPORT, circle, drawing, line, polygon, rect
from reports.profiles.document import (
    Cell,
    Column,
    Cover,
    Heading,
    Paragraph,
    ReadingKey,
    Row,
    Table,
)
from reports.profiles.sections.shared import (
    areas_compared,
    census_day,
    census_month,
    count_cell,
    the_region,
)
from reports.wording import day

WHAT_MARKS_MEAN = (
    ("0", "a real zero"),
    ("<5, <1", "one to four people; less than one post"),
    ("*", "held back to protect people"),
    ("NK", "asked, and not known"),
    ("no return", "nobody has signed off an answer"),
    ("N/A", "not asked, or does not apply"),
    ("–", "no answer, or nothing to divide by"),
)


def status_line(status):
    """The foot of every page: the release, or the day of a provisional document."""
    if status.is_provisional:
        return f"Provisional, {day(status.date)}"
    return f"Final, release {status.release}, {day(status.date)}"


def cover(figures):
    """The facts on the cover, and England with the own authority."""
    authority, status = figures.authority, figures.status
    facts = [
        ("Services, staff, children", f"as at {census_day(figures)}"),
        ("Activity", f"1 to 30 {census_month(figures)}"),
        ("Status", cover_status(status)),
        ("Signed off", signed_off(status)),
    ]
    map_of_england = plain_map(
        figures.hexagons,
        own_code=authority.code,
        own_region=authority.region_name,
        title="England as hexagons",
        alt=(
            f"Map of England with one hexagon for each of {len(figures.hexagons)} authorities: "
            f"{authority.name} is marked, {the_region(authority.region_name)} is darker than the rest."
        ),
    )
    return Cover(tuple(facts), map_of_england)


def cover_status(status):
    if status.is_provisional:
        return f"Provisional: the answers of {day(status.date)}. Figures will change."
    return f"Final. Release {status.release}, {day(status.date)}"


def signed_off(status):
    if status.signed_off_on is None:
        return "not yet"
    return ", ".join(filter(None, [day(status.signed_off_on), status.signed_off_by]))


def contents_blocks(figures):
    """Below the list of sections: what the profile covers, the returns behind it, how to read it."""
    return (
        Heading("What this profile covers"),
        Paragraph(scope(figures)),
        returns_table(figures),
        Heading("How to read it"),
        ReadingKey(chart_key(figures), WHAT_MARKS_MEAN),
    )


def scope(figures):
    return (
        f"The services for children, young people and mothers that {figures.authority.official_name} runs or "
        "commissions, who works in them and how many children they see; and its answers about the "
        "Children’s Trust. Services that NHS bodies map are not in it. Spending is not part of this "
        "collection’s profile. What nobody listed is not counted; section 6 says what is missing."
    )


def returns_table(figures):
    rows = tuple(
        Row(
            (
                Cell(line.part),
                count_cell(line.owed),
                count_cell(line.answered),
                Cell(day(line.signed_off_on) if line.signed_off_on else "not signed off"),
                Cell(line.state),
            )
        )
        for line in figures.returns
    )
    return Table(
        key="returns",
        title="Returns behind this profile",
        basis=f"Local authority return {figures.collection.year} · responses · "
        f"{status_line(figures.status)} · R06",
        columns=(
            Column("Part", 46),
            Column("Owed", 13),
            Column("Answered", 17),
            Column("Signed off", 32, is_number=False),
            Column("State", 66, is_number=False),
        ),
        rows=rows,
    )


def chart_key(figures):
    """The marks of the charts, each drawn small, with its meaning."""
    name, style = figures.authority.name, REPORT
    marks = [
        ([rect(2, 2.5, 38, 7.4, style.own)], f"{name}, as a bar", "Dark bar"),
        *marks_of_others(figures, style),
    ]
    return tuple(
        (
            drawing(
                shapes,
                style,
                width_mm=15,
                height_mm=4.2,
                title=alt,
                alt=f"{alt}: the mark that stands for {words} in the charts of this profile.",
            ),
            words,
        )
        for shapes, words, alt in marks
    )


def marks_of_others(figures, style):
    """The marks of region, England and the range of all authorities, as far as they are compared with."""
    name, region = figures.authority.name, figures.authority.region_name
    has_region, has_england = areas_compared(figures)
    if has_england:
        yield [line(21, 1, 21, 11, style.ink, 1.8)], "England", "Black tick"
    if has_region:
        triangle = polygon([(17, 10), (25, 10), (21, 3)], style.quiet)
        yield [triangle], f"{region}, under the bar", "Grey triangle"
    if has_england:
        yield (
            [line(2, 6, 40, 6, style.compare, 1.1), rect(14, 2.8, 14, 6.4, style.compare)],
            "lowest to highest authority, middle half shaded",
            "Line with a thicker middle",
        )
        diamond = polygon([(29, 2), (33, 6), (29, 10), (25, 6)], style.accent)
        yield (
            [circle(13, 6, 4, style.own), diamond],
            f"{name} on that line; a diamond if it stands out",
            "Circle, diamond",
        )
