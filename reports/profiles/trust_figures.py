"""Section 5 of a profile: the authority's answers about its Children's Trust beside those of others. Pure.

Counts and shares of organisations are never held back; fewer than five authorities are not compared with.
"""

from collections import defaultdict

from reports.figures import NO_BOARD
from reports.profiles.figures import (
    ASKED_NOT,
    BLANK,
    NO,
    NOT_ASKED,
    YES,
    BoardRow,
    JointRow,
    NeedsComponent,
    ShareRow,
    Trust,
    Value,
)
from reports.wording import listed

DUTY = "duty"
ANSWERS = {"yes": YES, "no": NO, "": BLANK, None: ASKED_NOT}
NO_RETURN = "no return"


def trust(sources):
    """Trust of a return whose Children's Trust questionnaire is answered."""
    year, comparison = sources.year, sources.comparison
    return Trust(
        board=_board(sources),
        chairs=_chairs(sources),
        others=_others(sources),
        strategy=_share_row(sources, "Joint commissioning strategy", "joint_strategy"),
        joint=_joint(sources),
        needs=_share_row(sources, "Joint Strategic Needs Assessment", "jsna"),
        needs_year=_needs_year(year),
        components=_components(sources),
        compared=len(comparison.answered_trust),
        compared_region=len(comparison.of_region(comparison.answered_trust)),
        eligible=comparison.eligible,
        ended_reasons=_ended_reasons(sources),
    )


def answer(year, measure, item=""):
    """Yes, No, no answer or N/A."""
    return ANSWERS.get(year.statement(measure, item), ASKED_NOT)


def _label(question, column, key):
    """The words of an option of a column, or of the question itself; empty for no option."""
    options = question.column(column).options if column else question.options
    return next((option.label for option in options if option.key == key), "")


def _share_row(sources, name, measure):
    return ShareRow(name, answer(sources.year, measure), *sources.comparison.answers(measure))


# The Board


def _has_no_board(year):
    return year.statement("board_chair") == NO_BOARD


def _rows(sources):
    """The agencies that this authority was asked about, with its answer."""
    year = sources.year
    for row in sources.trust.question("CTQB2").rows:
        on = NO if _has_no_board(year) else answer(year, "board_on", row.key)
        if on != ASKED_NOT:
            yield row, on


def _board(sources):
    return tuple(_board_row(sources, row, on) for row, on in _rows(sources) if DUTY in row.tags)


def _board_row(sources, row, on):
    comparison = sources.comparison
    region, england = comparison.answers("board_on", row.key)
    head, senior, other = (
        comparison.answers(f"board_{level}", row.key)[1] for level in ("head", "senior", "other")
    )
    level = sources.year.statement("board_level", row.key)
    amount = comparison.of_england("board_on", row.key)
    stated = comparison.of_england("board_head", row.key)
    is_level_asked = bool(stated.respondents)
    return BoardRow(
        agency=row.label,
        has_duty=DUTY in row.tags,
        on=on,
        level=_label(sources.trust.question("CTQB2"), "level", level),
        region_on_board=region,
        on_board=england,
        no_response=Value(int(amount.respondents - amount.base), "") if amount.respondents else NOT_ASKED,
        head=head,
        senior=senior,
        other=other,
        not_stated=Value(int(amount.value - stated.base), "") if is_level_asked else NOT_ASKED,
    )


def _others(sources):
    """Agencies without a duty, and children and families."""
    rows = [
        ShareRow(row.label, on, *sources.comparison.answers("board_on", row.key))
        for row, on in _rows(sources)
        if DUTY not in row.tags
    ]
    return (*rows, _families(sources))


def _families(sources):
    """Children, young people and families as members: any of the options but the no."""
    without = sources.year.statement("board_families", "no")
    is_blank = ("board_families", "") in sources.year.statements
    own = {"no": YES, "yes": NO}.get(without, BLANK if is_blank else ASKED_NOT)
    shares = [
        Value(100 - share.number, "") if share.is_shown else share
        for share in sources.comparison.answers("board_families", "no")
    ]
    return ShareRow("Children, young people and families", own, *shares)


def _chairs(sources):
    """Who chairs: what this authority chose, and what any other did."""
    chosen = sources.year.statement("board_chair")
    rows = []
    for option in sources.trust.question("CTQB1").options:
        region, england = sources.comparison.answers("board_chair", option.key)
        own = (YES if option.key == chosen else NO) if chosen else ANSWERS.get(chosen, ASKED_NOT)
        if own == YES or (england.is_shown and england.number):
            rows.append(ShareRow(option.label, own, region, england))
    return tuple(rows)


# Joint commissioning


def _joint(sources):
    question = sources.trust.question("CTQE2")
    return tuple(_joint_row(sources, question, row) for row in question.rows)


def _joint_row(sources, question, row):
    year, last = sources.year, sources.last_year
    form = _label(question, "form", year.statement("joint_form", row.key))
    region, england = sources.comparison.answers("joint_on", row.key)
    return JointRow(
        area=row.label,
        joint=answer(year, "joint_on", row.key),
        last_year=answer(last, "joint_on", row.key) if last.has_trust else _without_trust(sources),
        form=form[:1].lower() + form[1:],
        partners=listed(_partners(sources, row.key)),
        region=region,
        england=england,
    )


def _without_trust(sources):
    return NO_RETURN if sources.trust_last_year and sources.last_year.is_asked else ASKED_NOT


def _partners(sources, area):
    codes = [
        item.partition(" ")[2]
        for (measure, item) in sources.year.statements
        if measure == "joint_partner" and item.startswith(f"{area} ")
    ]
    return [sources.organisation_names.get(code, code) for code in sorted(codes)]


def _ended_reasons(sources):
    """(area, reasons) of the arrangements that the authority says have ended."""
    statements = sources.year.statements
    question = sources.trust.question("CTQE6")
    reasons = defaultdict(list)
    for (measure, item), fact in statements.items():
        if measure == "joint_ended_reason" and fact.choice == "yes":
            row, _, reason = item.rpartition(" ")
            reasons[row].append(_label(question, "reason", reason).lower())
    areas = {
        item: fact.choice for (measure, item), fact in statements.items() if measure == "joint_ended_area"
    }
    return tuple(
        (_label(question, "area", areas[row]), listed(given))
        for row, given in reasons.items()
        if row in areas
    )


# The needs assessment


def _needs_year(year):
    fact = year.statements.get(("jsna_year", ""))
    return int(fact.number) if fact and fact.number is not None else None


def _components(sources):
    """The components of the needs assessment, for an authority that has one."""
    year = sources.year
    if year.statement("jsna") != "yes":
        return ()
    return tuple(
        NeedsComponent(
            row.label,
            "part"
            if year.statement("jsna_covered", row.key) == "part"
            else answer(year, "jsna_covered", row.key),
            answer(year, "jsna_used", row.key),
            sources.comparison.answers("jsna_covered", row.key)[1],
        )
        for row in sources.trust.question("CTQC3").rows
    )
