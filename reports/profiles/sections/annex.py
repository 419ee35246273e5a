"""The annex: the figures behind the charts, and the register of services."""

from reports.profiles.document import Cell, Column, Row, Section, Table
from reports.profiles.figures import NO, ONE_DECIMAL, Lacking
from reports.profiles.sections.shared import answer_cell, census_day, census_month, value_cell
from reports.profiles.sections.trust import compared_basis
from reports.profiles.sections.workforce import has_chart
from reports.wording import counted, percent, sentence


def annex_section(figures):
    """The annex, or None where nothing is left to show."""
    blocks = [
        *wait_tables(figures),
        *per_child_tables(figures),
        *register(figures),
        *components_tables(figures),
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


def wait_tables(figures):
    """The shares behind the bars of waiting times, whose narrowest parts have no room for their figure."""
    activity = figures.activity
    if isinstance(activity, Lacking) or figures.has_little_data or not activity.new_wait_shares.own:
        return
    names = (figures.authority.name, figures.authority.region_name, "England")
    shares = activity.new_wait_shares
    rows = [
        Row((Cell(name), *(Cell(percent(share)) for share in values)))
        for name, values in zip(names, (shares.own, shares.region, shares.england), strict=True)
        if values
    ]
    bands = [sentence(band.name) for band in activity.new_waits]
    yield Table(
        key="wait-shares",
        title="How long new cases had waited ({figure:waits})",
        basis=f"Share of new cases with a known wait · {census_month(figures)} · A08i",
        columns=(Column("Area", 54), *(Column(band, 24) for band in bands)),
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
            Column(figures.authority.region_name, 32, is_optional=True),
            Column("England", 26, is_optional=True),
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
        basis=f"{compared_basis(figures)} · T05",
        columns=(
            Column("Component", 92),
            Column("Covered", 24, is_number=False),
            Column("Used in commissioning", 36, is_number=False),
            Column("England", 22, is_optional=True),
        ),
        rows=tuple(
            Row(
                (
                    Cell(item.name),
                    answer_cell(item.covered),
                    answer_cell("N/A" if item.covered == NO else item.used),
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
