"""Section 2, services: by category, tier and who runs them."""

from reports.charts import BarRow, ShareRow, bars_against_comparators, stacked_shares
from reports.profiles.document import Cell, Column, Figure, Row, Section, Table, TwoColumns
from reports.profiles.figures import Lacking
from reports.profiles.sections.shared import (
    census_day,
    comparison_names,
    count_cell,
    lacking_section,
    marks_of_chart,
    value_cell,
    who_is_compared,
)
from reports.wording import (
    counted,
    figure,
    percent,
    sentence,
    share_in_words,
    words_for,
)

TIERS = ("Universal", "Targeted", "Specialist")
SECTORS = ("Council", "Other public body", "Voluntary", "Private")
FEWEST_SERVICES = 5
HALF_MM = 84.6  # three of the six columns of the page


def services_section(figures):
    head = {
        "key": "services",
        "number": "2",
        "title": "Services",
        "answers": "at which level of need, run by whom",
    }
    if isinstance(figures.categories, Lacking):
        return lacking_section(figures, figures.categories, **head)
    blocks = [category_table(figures), *charts(figures)]
    return Section(lead=lead(figures), blocks=tuple(blocks), **head)


def total_last_year(figures):
    """Last year's number of services, or None where a category has no figure."""
    values = [line.services_last_year for line in figures.categories]
    return sum(value.number for value in values) if all(value.is_shown for value in values) else None


def lead(figures):
    total, before = figures.service_count, total_last_year(figures)
    first = f"{figures.authority.name} mapped {counted(total, 'service')}"
    if before is not None:
        change = total - before
        more = (
            f"{words_for(abs(change))} {'more' if change > 0 else 'fewer'} than" if change else "as many as"
        )
        first += f", {more} last year" if change else ", the same number as last year"
    return f"{first}. {tier_sentence(figures)}"


def tier_sentence(figures):
    if figures.tier_shares.own is None:
        return "They are too few to state shares."
    universal, targeted, specialist = figures.tier_shares.own
    is_one = share_in_words(universal).startswith("one ")
    first = f"{sentence(share_in_words(universal))} {'is' if is_one else 'are'} open to all"
    return f"{first}, {percent(targeted)} are for additional and {percent(specialist)} for complex needs."


def category_table(figures):
    collection = figures.collection
    rows, group = [], ""
    for line in figures.categories:
        if line.group != group:
            group = line.group
            rows.append(Row((Cell(group),), kind="group"))
        rows.append(category_row(line))
    rows.append(total_row(figures))
    return Table(
        key="categories",
        title="Services by category, access tier and provider",
        basis=f"Number of services · {census_day(figures)} · base: "
        f"{figure(figures.service_count)} open services of "
        "the local authority return · P01 P02 P04",
        columns=(
            Column("Category", 61),
            Column("Universal", 13.5, above="Access tier"),
            Column("Targeted", 12.5, above="Access tier"),
            Column("Specialist", 14, above="Access tier"),
            Column(collection.last_year or "Last year", 12.5, above="All"),
            Column(collection.year, 12.5, above="All"),
            Column("Council", 11.5, above="Run by"),
            Column("Other public", 11, above="Run by"),
            Column("Voluntary", 13.5, above="Run by"),
            Column("Private", 12, above="Run by"),
        ),
        rows=tuple(rows),
        note=f"{tier_note(figures)}NHS bodies map their own services. Voluntary: with social enterprises. "
        "Source: service questionnaire A02, A06, B01.",
    )


def tier_note(figures):
    missing = sum(line.tiers[3] for line in figures.categories)
    if not missing:
        return ""
    verb = "does" if missing == 1 else "do"
    return f"{sentence(counted(missing, 'service'))} {verb} not state a tier. "


def category_row(line):
    cells = [Cell(line.name)]
    cells += [count_cell(count) for count in line.tiers[:3]]
    cells += [value_cell(line.services_last_year, tone="quiet"), count_cell(line.services, "own")]
    cells += [count_cell(count) for count in line.sectors]
    return Row(tuple(cells), code=line.code)


def total_row(figures):
    lines = figures.categories
    before = total_last_year(figures)
    cells = [Cell("All categories")]
    cells += [count_cell(sum(line.tiers[index] for line in lines)) for index in range(3)]
    cells += [
        Cell(mark_last_year(lines)) if before is None else count_cell(before),
        count_cell(figures.service_count),
    ]
    cells += [count_cell(sum(line.sectors[index] for line in lines)) for index in range(4)]
    return Row(tuple(cells), kind="total")


def mark_last_year(lines):
    """Why last year has no total: the mark of the first category without a number."""
    return next(line.services_last_year.mark for line in lines if not line.services_last_year.is_shown)


def charts(figures):
    """Tiers and sectors as shares beside each other, unless the services are too few for a chart."""
    if figures.has_little_data or figures.service_count < FEWEST_SERVICES:
        return ()
    left = (tier_figure(figures),) if figures.tier_shares.own else ()
    right = (sector_figure(figures),) if figures.sector_shares.own else ()
    return (TwoColumns(left, right, is_wide=False),) if left or right else ()


def tier_figure(figures):
    names = comparison_names(figures)
    shares = figures.tier_shares
    rows = [
        ShareRow(name, tuple(float(part) for part in parts))
        for name, parts in zip(names, (shares.own, shares.region, shares.england), strict=True)
        if parts
    ]
    title = "Services by access tier"
    return Figure(
        key="tiers",
        title=title,
        basis="Share of services, % · P02",
        chart=stacked_shares(rows, TIERS, title=title, width_mm=HALF_MM, label_mm=19),
        note=f"{sentence(who_is_compared(figures, 'all authorities together'))}. "
        f"{'Services without a tier are left out. ' if tier_note(figures) else ''}"
        "Rounded shares may not add to 100.",
    )


def sector_figure(figures):
    shares = figures.sector_shares
    title = "Services by who runs them"
    rows = [
        BarRow(sector, *parts, shown=tuple("N/A" if part is None else percent(part) for part in parts))
        for sector, *parts in sector_rows(shares)
    ]
    chart = bars_against_comparators(
        rows, names=comparison_names(figures), title=title, width_mm=HALF_MM, label_mm=22
    )
    return Figure(
        key="sectors",
        title=title,
        basis="Share of services, % · P04",
        chart=chart,
        note=marks_of_chart(figures) or "Services count alike, whatever their size.",
    )


def sector_rows(shares):
    """Sector, own, region, England as floats or None."""
    for index, sector in enumerate(SECTORS):
        yield (
            sector,
            *(
                float(parts[index]) if parts else None
                for parts in (shares.own, shares.region, shares.england)
            ),
        )
