"""Sections 6 and 7: who was expected and what is missing; methods and bases."""

from reports.profiles.document import (
    Bullets,
    Cell,
    Column,
    Heading,
    Row,
    Section,
    SideNote,
    Table,
    TwoColumns,
)
from reports.profiles.figures import Lacking
from reports.profiles.sections.opening import status_line
from reports.profiles.sections.shared import census_day, census_month, missing_partners
from reports.wording import day, figure, listed, percent, sentence, share_of, words_for

HEADING_LETTERS = 90  # a heading with its space is as high as so many letters of text


def missing_section(figures):
    blocks = [expected_table(figures)] if figures.expected else []
    if figures.gaps:
        blocks.append(gaps_table(figures))
    if figures.weaknesses:
        blocks += [Heading("Known weaknesses"), Bullets(figures.weaknesses)]
    return Section(
        key="missing",
        number="6",
        title="Missing figures and partners",
        answers="who was expected, and what is not here",
        lead=missing_lead(figures),
        blocks=tuple(blocks),
    )


def missing_lead(figures):
    absent = missing_partners(figures)
    expected = len(figures.expected)
    if not expected:
        return "No partner’s return was expected."
    if not absent:
        return f"All {words_for(expected)} organisations expected have signed off."
    names = listed(partner.partner for partner in absent[:3])
    who = names if len(absent) <= 3 else f"{sentence(words_for(len(absent)))} organisations"
    verb = "has" if len(absent) == 1 else "have"
    return (
        f"{who} {verb} not signed off. The table says what that changes; nothing is scaled up "
        "or counted as zero."
    )


def expected_table(figures):
    return Table(
        key="expected",
        title="Who was expected, and what is missing",
        basis=f"Organisations whose services see children of {figures.authority.name} · "
        f"{day(figures.status.date)} · "
        "R02 R04",
        columns=(
            Column("Partner", 46),
            Column("Return", 26, is_number=False),
            Column("What is missing", 46, is_number=False),
            Column("What it changes in this profile", 56, is_number=False),
        ),
        rows=tuple(
            Row(
                (
                    Cell(expected.partner),
                    Cell(expected.state, tone="" if expected.has_return else "own"),
                    Cell(expected.missing),
                    Cell(expected.changes),
                )
            )
            for expected in figures.expected
        ),
        note="A missing return is never counted as zero, and no total is scaled up for it.",
    )


def gaps_table(figures):
    return Table(
        key="gaps",
        title="Sections and figures that this profile lacks",
        basis=day(figures.status.date),
        columns=(
            Column("Section and figure", 66),
            Column("State", 36, is_number=False),
            Column("Reason", 72, is_number=False),
        ),
        rows=tuple(Row((Cell(gap.what), Cell(gap.state), Cell(gap.reason))) for gap in figures.gaps),
    )


def methods_section(figures):
    left, right = in_two_columns(method_notes(figures))
    return Section(
        key="methods",
        number="7",
        title="Methods and bases",
        answers="bases, comparison, rounding, suppression",
        lead="",
        blocks=(
            TwoColumns(left=left, right=right, is_wide=False),
            *([comparators_table(figures)] if figures.comparators else []),
        ),
    )


def in_two_columns(notes):
    """Notes in their order, divided where both columns are most nearly as long."""
    lengths = [HEADING_LETTERS + sum(map(len, note.paragraphs)) for note in notes]
    cut = min(range(1, len(notes)), key=lambda index: abs(sum(lengths[:index]) - sum(lengths[index:])))
    return notes[:cut], notes[cut:]


def method_notes(figures):
    texts = (
        ("Who and when", who_and_when(figures)),
        (
            "What is counted",
            "A service is the smallest unit with its own manager, staff or budget that a family "
            "would name. It has "
            "one category, chosen by its purpose. A child is counted once in each service: a sum "
            "over services "
            "counts cases, not different children.",
        ),
        (
            "Bases",
            "A percentage is of those who answered: blanks, “not known” and “does not apply” are "
            "outside the base. "
            "Every table says how many are in it. Organisations that declined stay in the base "
            "of response rates.",
        ),
        ("Population", population(figures)),
        (
            "Comparison",
            "Single rates are compared with the median authority, parts of a whole with all "
            "authorities together, "
            "because medians do not add up. Authorities with fewer than ten services or 1,000 "
            "children are in no median. Nothing is compared with fewer than five authorities.",
        ),
        (
            "Rounding",
            "Percentages are whole numbers, rates and posts have one decimal; halves go up. A change is the "
            "difference of the figures shown, a change of a share is in points. Similar is a "
            "change of at most 5%.",
        ),
        (
            "Limits of chance",
            "Exact limits at 99.8% around the value of all authorities together: binomial for "
            "shares, Poisson for "
            "rates of children.",
        ),
        (
            "Suppression",
            "One to four people are shown as <5, less than one post of a profession in one "
            "service as <1. Shares of "
            "fewer than ten people and averages of fewer than five are held back (*). Where a "
            "total would reveal such "
            "a figure, the next smallest is held back too. Figures about organisations and services are not.",
        ),
        ("Estimates and corrections", corrections(figures)),
    )
    notes = [SideNote(title, (words,)) for title, words in texts]
    if not isinstance(figures.trust, Lacking) and figures.trust.source:
        notes.append(SideNote("Source of the shares in section 5", (figures.trust.source,)))
    return tuple(notes)


def who_and_when(figures):
    return (
        "Local authorities, primary care trusts and NHS trusts answer once a year. Services, "
        "staff and waiting "
        f"children are counted on {census_day(figures)}, activity in {census_month(figures)}."
    )


def population(figures):
    authority = figures.authority
    if authority.under_18s is None:
        return "No population has been loaded for this authority, so no rate is shown."
    stand_in = ""
    if authority.population_year != figures.collection.census_date.year:
        stand_in = (
            f" It stands in for mid-{figures.collection.census_date.year}, which has not been "
            "loaded; all years and "
            "authorities use the same estimate."
        )
    return (
        f"Rates use the ONS estimate of mid-{authority.population_year}: "
        f"{figure(authority.under_18s)} residents "
        f"aged 0 to 17.{stand_in}"
    )


def corrections(figures):
    status = figures.status
    if status.is_provisional:
        return (
            "This document is provisional: it shows the answers of its day, which can change until sign-off."
        )
    lines = f" Corrections: {' '.join(status.corrections)}" if status.corrections else ""
    return (
        "Estimates bear the letter e. A correction is a new release with its own number, and "
        "changed figures bear "
        f"the letter r. This is release {status.release}.{lines}"
    )


def comparators_table(figures):
    region = figures.authority.region_name
    rows = []
    for line in figures.comparators:
        share = share_of(line.england, line.england_eligible)
        cells = (figure(line.region), figure(line.england), figure(line.england_eligible))
        rows.append(Row((Cell(line.part), *map(Cell, cells), Cell("–" if share is None else percent(share)))))
    return Table(
        key="comparators",
        title="Returns behind the comparisons",
        basis=f"Authorities · {status_line(figures.status)} · R02 R05",
        columns=(
            Column("Part", 66),
            Column(region, 28),
            Column("England", 26),
            Column("Eligible in England", 27),
            Column("Share", 27),
        ),
        rows=tuple(rows),
    )
