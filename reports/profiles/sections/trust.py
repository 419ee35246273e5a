"""Section 5, Children's Trust: who sits on the Board, joint commissioning, the needs assessment."""

from reports.profiles.comparison import FEWEST_AUTHORITIES
from reports.profiles.document import (
    Cell,
    Column,
    Heading,
    Notice,
    Paragraph,
    Row,
    Section,
    SideNote,
    Table,
    TwoColumns,
)
from reports.profiles.figures import NO, PERCENT, YES, Lacking
from reports.profiles.sections.shared import (
    answer_cell,
    census_day,
    lacking_section,
    value_cell,
)
from reports.wording import figure, listed, percent, sentence, share_of, words_for

SHORT_LEVELS = {"Head of organisation or chief executive": "Head or CE"}  # as the heads of the columns say it


def trust_section(figures):
    head = {
        "key": "trust",
        "number": "5",
        "title": "Children’s Trust",
        "answers": "who sits on the Board; joint commissioning; needs",
    }
    if isinstance(figures.trust, Lacking):
        return lacking_section(figures, figures.trust, **head)
    blocks = [board_table(figures), others_and_chair(figures), *joint_blocks(figures), *needs_blocks(figures)]
    return Section(lead=lead(figures), blocks=tuple(blocks), **head)


def lead(figures):
    """How many agencies with a duty sit on the Board, and who chairs it."""
    asked = [row for row in figures.trust.board if row.has_duty and row.on in (YES, NO)]
    present = sum(row.on == YES for row in asked)
    verb = "sat" if present != 1 else "sits"
    first = (
        f"{sentence(words_for(present))} of {words_for(len(asked))} agencies with a duty to cooperate "
        f"{verb} on the Board of {figures.authority.name}."
        if asked
        else "No answer was given on who sits on the Board."
    )
    chair = next((row for row in figures.trust.chairs if row.own == YES), None)
    if chair is None:
        return first
    share = f", as on {percent(chair.england.number)} of Boards" if chair.england.is_shown else ""
    return f"{first} Its chair: {chair.name}{share}."


def compared_basis(figures):
    trust = figures.trust
    if trust.compared < FEWEST_AUTHORITIES:
        return f"{census_day(figures)} · not compared: fewer than five authorities have signed off"
    share = share_of(trust.compared, trust.eligible)
    of_all = f", {percent(share)} of {figure(trust.eligible)}" if share is not None else ""
    region = f"; {figures.authority.region_name}: {figure(trust.compared_region)}"
    few = " (too few to compare)" if trust.compared_region < FEWEST_AUTHORITIES else ""
    return f"{census_day(figures)} · England: {figure(trust.compared)} authorities{of_all}{region}{few}"


def board_table(figures):
    region = figures.authority.region_name
    return Table(
        key="board",
        title="Agencies with a duty to cooperate: representation on the Board",
        basis=f"{compared_basis(figures)} · T01 T12",
        columns=(
            Column("Agency", 41),
            Column("On Board", 14, is_number=False, above=figures.authority.name),
            Column("Level", 24, is_number=False, above=figures.authority.name),
            Column("On Board", 16, above=region, is_optional=True),
            Column("On Board", 13, above="England", is_optional=True),
            Column("No response", 15, above="England", is_optional=True),
            Column("Head or CE", 13, above="England", is_optional=True),
            Column("Senior officer", 13, above="England", is_optional=True),
            Column("Other", 11, above="England", is_optional=True),
            Column("Not stated", 14, above="England", is_optional=True),
        ),
        rows=tuple(board_row(row) for row in figures.trust.board if row.has_duty),
        note=f"Head or CE: head of organisation or chief executive. {board_bases(figures)}"
        "Answers of organisations are not held back. Source: Children’s Trust questionnaire CTQB2.",
    )


def board_bases(figures):
    """What the shares of England are of; nothing where there are none."""
    if figures.trust.compared < FEWEST_AUTHORITIES:
        return ""
    return (
        "No response, not stated: numbers of authorities. The share on the Board is of the authorities "
        "compared less those with no response; the three levels are of those with the agency on the Board "
        "less those whose level is not stated. "
    )


def board_row(row):
    level = SHORT_LEVELS.get(row.level, row.level) or ("not stated" if row.on == YES else "N/A")
    return Row(
        (
            Cell(row.agency),
            answer_cell(row.on),
            Cell(level),
            value_cell(row.region_on_board, PERCENT),
            value_cell(row.on_board, PERCENT),
            value_cell(row.no_response),
            value_cell(row.head, PERCENT),
            value_cell(row.senior, PERCENT),
            value_cell(row.other, PERCENT),
            value_cell(row.not_stated),
        )
    )


def others_and_chair(figures):
    """The other members, and beside them who chairs and how both are read."""
    trust = figures.trust
    others = share_table(figures, "others", "Others on the Board", trust.others, "T03", "Agency or group")
    chairs = share_table(figures, "chair", "Who chairs the Board", trust.chairs, "T02", "Chair")
    left, right = (tuple(table for table in (one,) if table.rows) for one in (others, chairs))
    return TwoColumns(left=left, right=(*right, *board_notes(figures)), is_wide=False)


def board_notes(figures):
    notes = [
        SideNote(
            "What a seat shows",
            ("That an agency is represented; not how often it comes, or what it brings.",),
        )
    ]
    if figures.trust.compared >= FEWEST_AUTHORITIES:
        notes.append(SideNote("Who is compared", (whom_england_stands_for(figures),)))
    absent = [row.agency for row in figures.trust.board if row.has_duty and row.on == NO]
    if absent:
        notes.append(SideNote("Without a seat", (f"{sentence(listed(absent))}.",)))
    return tuple(notes)


def whom_england_stands_for(figures):
    share = share_of(figures.trust.compared, figures.trust.eligible)
    return (
        f"England is {percent(share)} of all authorities: those whose answers are signed off or nearly "
        "complete. They need not be like the others, so the shares describe them and not every authority."
    )


def share_table(figures, key, title, rows, code, head):
    compared = figures.trust.compared
    shares = f" · share of {figure(compared)} authorities" if compared >= FEWEST_AUTHORITIES else ""
    return Table(
        key=key,
        title=title,
        basis=f"{census_day(figures)}{shares} · {code}",
        columns=(
            Column(head, 42),
            Column("Own answer", 14, is_number=False),
            Column(figures.authority.region_name, 15.5, is_optional=True),
            Column("England", 13.1, is_optional=True),
        ),
        rows=tuple(
            Row(
                (
                    Cell(row.name),
                    answer_cell(row.own),
                    value_cell(row.region, PERCENT),
                    value_cell(row.england, PERCENT),
                )
            )
            for row in rows
        ),
    )


def joint_blocks(figures):
    trust = figures.trust
    heading = Heading("Joint commissioning", opens_page=True, key="joint-commissioning")
    blocks = [heading, Paragraph(joint_lead(figures))]
    ended = [row for row in trust.joint if row.has_ended]
    if ended:
        blocks.append(ended_notice(trust, ended))
    return (*blocks, joint_table(figures))


def joint_lead(figures):
    asked = [row for row in figures.trust.joint if row.joint in (YES, NO)]
    joint = sum(row.joint == YES for row in asked)
    strategy = figures.trust.strategy
    has = {YES: "It has a joint commissioning strategy", NO: "It has no joint commissioning strategy"}.get(
        strategy.own, "It does not say whether it has a joint commissioning strategy"
    )
    share = (
        f"; {percent(strategy.england.number)} of authorities have one" if strategy.england.is_shown else ""
    )
    return (
        f"{figures.authority.name} commissions jointly in {words_for(joint)} of the "
        f"{words_for(len(asked))} areas "
        f"it answered for. {has}{share}."
    )


def ended_notice(trust, ended):
    reasons = dict(trust.ended_reasons)
    words = [f"{row.area} ({reasons[row.area]})" if row.area in reasons else row.area for row in ended]
    count = "one arrangement has" if len(ended) == 1 else f"{words_for(len(ended))} arrangements have"
    unexplained = " No reason was given." if not any(row.area in reasons for row in ended) else ""
    return Notice(
        f"Early warning: {count} ended", f"{listed(words)}: joint last year, not this year.{unexplained}"
    )


def joint_table(figures):
    rows, order = figures.trust.joint, ""
    if figures.trust.compared >= FEWEST_AUTHORITIES:
        rows = sorted(rows, key=lambda row: (-(row.england.number or -1), row.area))
        order = " · ordered by the share in England"
    collection = figures.collection
    return Table(
        key="joint",
        title="Joint commissioning or pooled budgets",
        basis=f"{compared_basis(figures)}{order} · T09 T11",
        columns=(
            Column("Area", 43),
            Column(collection.last_year or "Last year", 15, is_number=False, is_optional=True),
            Column(collection.year, 15, is_number=False),
            Column("Form", 28, is_number=False),
            Column("With", 29, is_number=False),
            Column(figures.authority.region_name, 16, is_optional=True),
            Column("England", 28, is_number=False, is_optional=True),
        ),
        rows=tuple(joint_row(row) for row in rows),
        note=f"{joint_notes(figures)}Source: Children’s Trust questionnaire CTQE1, CTQE2, CTQE6.",
    )


def joint_notes(figures):
    """How the bars are read, and that there is no earlier year where there is none."""
    notes = []
    if figures.trust.compared >= FEWEST_AUTHORITIES:
        notes.append(
            "Shares are of all authorities that answered. Bars from 0 to 100%; dark: this authority too "
            "commissions jointly."
        )
    if all(row.last_year == "N/A" for row in figures.trust.joint):
        notes.append(f"The areas were first asked about in {figures.collection.year}.")
    return "".join(f"{note} " for note in notes)


def joint_row(row):
    share = row.england
    england = Cell(
        percent(share.number) if share.is_shown else share.mark,
        bar=float(share.number) if share.is_shown else None,
        bar_is_own=row.joint == YES,
    )
    none = "none" if row.joint == NO else "not stated" if row.joint == YES else row.joint
    return Row(
        (
            Cell(row.area),
            Cell(row.last_year, tone="quiet"),
            answer_cell(row.joint),
            Cell(row.form or none),
            Cell(row.partners or none),
            value_cell(row.region, PERCENT),
            england,
        )
    )


def needs_blocks(figures):
    trust = figures.trust
    covered = sum(component.covered in (YES, "part") for component in trust.components)
    where = " The components are in {table:components}." if trust.components else ""
    return (Heading("Needs assessment"), Paragraph(f"{needs_lead(figures, covered)}{where}"))


def needs_lead(figures, covered):
    trust = figures.trust
    share = (
        f" {percent(trust.needs.england.number)} of authorities have one."
        if trust.needs.england.is_shown
        else ""
    )
    if trust.needs.own == NO:
        return f"No Joint Strategic Needs Assessment covers children, young people and families.{share}"
    if trust.needs.own != YES:
        return f"It is not answered whether a Joint Strategic Needs Assessment covers children.{share}"
    year = f", finished or updated in {trust.needs_year}," if trust.needs_year else ""
    if not trust.components:
        return (
            f"A Joint Strategic Needs Assessment{year} covers children; its components are not stated.{share}"
        )
    total = len(trust.components)
    return (
        f"A Joint Strategic Needs Assessment{year} covers {figure(covered)} of {total} components "
        "asked about, "
        f"wholly or in part.{share}"
    )
