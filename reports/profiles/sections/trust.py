"""Section 5, Children's Trust: who sits on the Board, joint commissioning, the needs assessment."""

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
from reports.wording import counted, figure, listed, percent, sentence, share_of, words_for


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
        f"{sentence(words_for(present))} of the {words_for(len(asked))} agencies with a duty to cooperate "
        f"that were answered for {verb} on the Board of {figures.authority.name}."
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
    share = share_of(trust.compared, trust.eligible)
    of_all = f", {percent(share)} of {figure(trust.eligible)}" if share is not None else ""
    return f"{census_day(figures)} · England: {counted(trust.compared, 'authority', 'authorities')}{of_all}"


def board_table(figures):
    region = figures.authority.region_name
    return Table(
        key="board",
        title="Agencies with a duty to cooperate: representation on the Board",
        basis=f"{compared_basis(figures)} · {region}: {figure(figures.trust.compared_region)} · T01 T12",
        columns=(
            Column("Agency", 41),
            Column("On Board", 14, is_number=False, above=figures.authority.name),
            Column("Level", 30, is_number=False, above=figures.authority.name),
            Column("On Board", 15, above=region),
            Column("On Board", 12, above="England"),
            Column("No response", 15, above="England"),
            Column("Head or CE", 12, above="England"),
            Column("Senior officer", 12, above="England"),
            Column("Other", 11, above="England"),
            Column("Not stated", 12, above="England"),
        ),
        rows=tuple(board_row(row) for row in figures.trust.board if row.has_duty),
        note="No response, not stated: numbers of authorities. Head or CE: head of organisation "
        "or chief executive. "
        "The share on the Board is of the authorities compared less those with no response; the "
        "three levels are of "
        "those with the agency on the Board less those whose level is not stated. Answers of "
        "organisations are not "
        "held back. Source: Children’s Trust questionnaire CTQB2.",
    )


def board_row(row):
    level = row.level or ("not stated" if row.on == YES else "N/A")
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
    trust = figures.trust
    left = (
        share_table(figures, "others", "Others on the Board", trust.others, "T03", "Agency or group"),
        share_table(figures, "chair", "Who chairs the Board", trust.chairs, "T02", "Chair"),
    )
    notes = [
        SideNote(
            "What a seat shows",
            ("That an agency is represented; not how often it comes, or what it brings.",),
        ),
        SideNote("Who is compared", (who_is_compared(figures),)),
    ]
    absent = [row.agency for row in trust.board if row.has_duty and row.on == NO]
    if absent:
        notes.append(SideNote("Without a seat", (f"{sentence(listed(absent))}.",)))
    return TwoColumns(left=tuple(table for table in left if table.rows), right=tuple(notes))


def who_is_compared(figures):
    trust = figures.trust
    share = share_of(trust.compared, trust.eligible)
    words = f"{percent(share)} of all authorities" if share is not None else "no other authority"
    return (
        f"England is {words}: those whose answers are signed off or nearly complete. They need "
        "not be like the "
        "others, so the shares describe them and not every authority."
    )


def share_table(figures, key, title, rows, code, head):
    return Table(
        key=key,
        title=title,
        basis=f"Share of {figure(figures.trust.compared)} authorities; own answer · "
        f"{census_day(figures)} · {code}",
        columns=(
            Column(head, 44.4),
            Column(figures.authority.name, 26, is_number=False),
            Column(figures.authority.region_name, 24),
            Column("England", 20),
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
    blocks = [Heading("Joint commissioning", opens_page=True), Paragraph(joint_lead(figures))]
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
    words = [f"{row.area} ({reasons.get(row.area, 'no reason given')})" for row in ended]
    count = "one arrangement has" if len(ended) == 1 else f"{words_for(len(ended))} arrangements have"
    return Notice(f"Early warning: {count} ended", f"{listed(words)}. Joint last year, not this year.")


def joint_table(figures):
    rows = sorted(figures.trust.joint, key=lambda row: (-(row.england.number or -1), row.area))
    collection = figures.collection
    return Table(
        key="joint",
        title="Joint commissioning or pooled budgets",
        basis=f"{compared_basis(figures)} · ordered by the share in England · T09 T11",
        columns=(
            Column("Area", 43),
            Column(collection.last_year or "Last year", 15, is_number=False),
            Column(collection.year, 15, is_number=False),
            Column("Form", 28, is_number=False),
            Column("With", 29, is_number=False),
            Column(figures.authority.region_name, 16),
            Column("England", 28, is_number=False),
        ),
        rows=tuple(joint_row(row) for row in rows),
        note="Shares are of all authorities that answered. Bars from 0 to 100%; dark: this "
        "authority too commissions "
        "jointly. Source: Children’s Trust questionnaire CTQE1, CTQE2, CTQE6.",
    )


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
