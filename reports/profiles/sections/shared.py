"""What several sections need: figures as cells, names as phrases, the page of a section without figures."""

from reports.profiles.comparison import FEWEST_AUTHORITIES
from reports.profiles.document import Cell, Column, Explanation, Row, Section, Table
from reports.profiles.figures import ONE_DECIMAL, PERCENT, WHOLE
from reports.wording import day, figure, percent, sentence

DECIMALS = {WHOLE: 0, ONE_DECIMAL: 1}
WITHOUT_ARTICLE = ("London", "Yorkshire and The Humber")


def shown(value, form=WHOLE):
    """A Value as text: the number in its form, or the mark in its place."""
    if not value.is_shown:
        return value.mark
    return percent(value.number) if form == PERCENT else figure(value.number, DECIMALS[form])


def value_cell(value, form=WHOLE, tone=""):
    """A Value as a cell; a real zero is quiet."""
    text = shown(value, form)
    return Cell(text, flag=value.flag if value.is_shown else "", tone="quiet" if text == "0" else tone)


def count_cell(count, tone=""):
    """A plain count as a cell; zero is quiet."""
    return Cell(figure(count), tone="quiet" if count == 0 else tone)


def answer_cell(answer):
    """Yes in the own colour, No in bold, anything else as it is."""
    return Cell(answer, tone={"Yes": "yes", "No": "own"}.get(answer, ""))


def compared_cells(compared, form):
    """Last year, own, region, England, in the order every table has them."""
    return (
        value_cell(compared.last_year, form, "quiet"),
        value_cell(compared.own, form, "own"),
        value_cell(compared.region, form),
        value_cell(compared.england, form),
    )


def compared_columns(figures, *, width_mm, own_mm):
    """The heads of these four columns; together three times ``width_mm`` and ``own_mm`` wide."""
    return (
        Column("Last year", width_mm),
        Column(figures.authority.name, own_mm),
        Column(figures.authority.region_name, width_mm + 1, is_optional=True),
        Column("England", width_mm - 1, is_optional=True),
    )


def the_region(name):
    """A region inside a sentence: the North West, London."""
    return name if name in WITHOUT_ARTICLE else f"the {name}"


def comparison_names(figures):
    """What own, region and England are called in charts."""
    return figures.authority.name, figures.authority.region_name, "England"


def areas_compared(figures):
    """(whether the region, whether England) has enough authorities that signed off services."""
    if not figures.comparators:
        return False, False
    line = figures.comparators[0]
    return line.region >= FEWEST_AUTHORITIES, line.england >= FEWEST_AUTHORITIES


def who_is_compared(figures, how):
    """For a caption: region and England with how they are compared, or why they are not."""
    return areas_in_words(figures, *areas_compared(figures), how)


def areas_in_words(figures, has_region, has_england, how):
    """The same for any areas that have, or have not, enough authorities that signed off."""
    region = figures.authority.region_name
    if has_region and has_england:
        return f"{region}, England: {how}"
    if has_england:
        return f"England: {how}; too few in {the_region(region)}"
    return "not compared: fewer than five authorities have signed off"


def marks_of_chart(figures):
    """For the note of a bar chart: what the marks of those compared are; empty where there are none."""
    has_region, has_england = areas_compared(figures)
    marks = [
        "black tick England" if has_england else "",
        f"grey triangle {figures.authority.region_name}" if has_region else "",
    ]
    return f"{sentence(', '.join(filter(None, marks)))}." if any(marks) else ""


def census_day(figures):
    return day(figures.collection.census_date)


def census_month(figures):
    return f"{figures.collection.census_date:%B} {figures.collection.census_date.year}"


def missing_partners(figures):
    """Partners without a signed-off return."""
    return [expected for expected in figures.expected if not expected.has_return]


def lacking_section(figures, lacking, *, key, number, title, answers):
    """A section that keeps its page and number, and says why it has no figures."""
    blocks = [
        Explanation(
            (
                ("Why", lacking.why),
                ("What would be here", lacking.would_be),
                ("What it does not mean", lacking.does_not_mean),
                ("Who can change it", lacking.who_can_change),
            )
        )
    ]
    if lacking.known:
        blocks.append(known_table(figures, lacking, key))
    return Section(key, number, title, answers, lacking.lead, tuple(blocks))


def known_table(figures, lacking, key):
    """What is known from last year where this year has nothing."""
    rows = tuple(
        Row((Cell(name), value_cell(last_year, tone="quiet"), value_cell(this_year)))
        for name, last_year, this_year in lacking.known
    )
    return Table(
        key=f"known-{key}",
        title="What is known without it",
        basis=f"From the return of {figures.collection.last_year} and the parts of this one that "
        "are signed off",
        columns=(
            Column("Figure", 94),
            Column(figures.collection.last_year, 40),
            Column(figures.collection.year, 40),
        ),
        rows=rows,
    )
