"""The annex: the figures behind the charts, and the register of services."""

from reports.profiles.document import Cell, Column, Row, Section, Table
from reports.profiles.figures import ONE_DECIMAL, Lacking
from reports.profiles.sections.services import SECTORS, TIERS
from reports.profiles.sections.shared import answer_cell, census_day, value_cell
from reports.profiles.sections.workforce import has_chart
from reports.wording import counted, percent, sentence


def annex_section(figures):
    """The annex, or None where nothing is left to show."""
    blocks = [
        *share_tables(figures),
        *per_child_tables(figures),
        *components_tables(figures),
        *register(figures),
    ]
    if not blocks:
        return None
    return Section(
        key="annex",
        number="A",
        title="Annex: figures and services",
        answers="tables to the charts, list of services",
        lead="",
        blocks=tuple(blocks),
        running="Annex",
    )


def share_tables(figures):
    """The shares behind the stacked bars, with one decimal where the chart has none."""
    if isinstance(figures.categories, Lacking) or figures.has_little_data:
        return
    if figures.tier_shares.own:
        yield shares_table(
            figures, "tier-shares", "Services by access tier ({figure:tiers})", TIERS, figures.tier_shares
        )
    if figures.sector_shares.own:
        yield shares_table(
            figures,
            "sector-shares",
            "Services by who runs them ({figure:sectors})",
            SECTORS,
            figures.sector_shares,
        )
    activity = figures.activity
    if not isinstance(activity, Lacking) and activity.new_wait_shares.own:
        names = [band.name for band in activity.new_waits]
        yield shares_table(
            figures,
            "wait-shares",
            "How long new cases had waited ({figure:waits})",
            names,
            activity.new_wait_shares,
        )


def shares_table(figures, key, title, parts, shares):
    columns = (figures.authority.name, figures.authority.region_name, "England")
    rows = []
    for name, values in zip(columns, (shares.own, shares.region, shares.england), strict=True):
        cells = [Cell("N/A" if values is None else percent(values[index])) for index in range(len(parts))]
        rows.append(Row((Cell(name), *cells)))
    width = 114 / len(parts)
    return Table(
        key=key,
        title=title,
        basis=f"Share, % · {census_day(figures)}",
        columns=(Column("Area", 60), *(Column(part[:1].upper() + part[1:], width) for part in parts)),
        rows=tuple(rows),
    )


def per_child_tables(figures):
    """WTE per 100,000 with one decimal; the chart shows whole numbers."""
    if isinstance(figures.workforce, Lacking) or figures.has_little_data:
        return
    if not has_chart(figures):
        return
    rows = [
        Row((Cell(group.name), *(value_cell(value, ONE_DECIMAL) for value in areas(group.per_100k))))
        for group in (*figures.workforce.groups, figures.workforce.total)
    ]
    yield Table(
        key="per-child-figures",
        title="Staff for every 100,000 children ({figure:per-child})",
        basis=f"WTE in post per 100,000 aged 0 to 17 · {census_day(figures)} · W02",
        columns=(
            Column("Staff group", 84),
            Column(figures.authority.name, 32),
            Column(figures.authority.region_name, 32),
            Column("England", 26),
        ),
        rows=(*rows[:-1], Row(rows[-1].cells, kind="total")),
    )


def areas(compared):
    return compared.own, compared.region, compared.england


def components_tables(figures):
    if isinstance(figures.trust, Lacking) or not figures.trust.components:
        return
    yield Table(
        key="components",
        title="Components of the needs assessment",
        basis=f"{census_day(figures)} · England: "
        f"{counted(figures.trust.compared, 'authority', 'authorities')} · T05",
        columns=(
            Column("Component", 92),
            Column("Covered", 24, is_number=False),
            Column("Used in commissioning", 36, is_number=False),
            Column("England", 22),
        ),
        rows=tuple(
            Row(
                (
                    Cell(item.name),
                    answer_cell(item.covered),
                    answer_cell(item.used),
                    value_cell(item.england, "percent"),
                )
            )
            for item in figures.trust.components
        ),
        note="Source: Children’s Trust questionnaire CTQC3.",
    )


def register(figures):
    """The services in the order given, under their categories."""
    if not figures.services:
        return
    rows, category = [], ""
    for service in figures.services:
        if service.category != category:
            category = service.category
            rows.append(Row((Cell(category),), kind="group"))
        rows.append(Row(tuple(map(Cell, (service.name, service.tier, service.provider, service.ages)))))
    yield Table(
        key="register",
        title="The services of the return",
        basis=f"{sentence(counted(len(figures.services), 'service'))} · {census_day(figures)} · "
        "ordered by category and name",
        columns=(
            Column("Service", 84),
            Column("Tier", 20, is_number=False),
            Column("Provider", 52, is_number=False),
            Column("Ages", 18, is_number=False),
        ),
        rows=tuple(rows),
    )
