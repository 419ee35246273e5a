"""What stands out: which figures may be named, in which order, in which words.

A figure is named if it is answered, not held back and rests on ten people or more, and lies outside
the limits of chance, or has changed between two comparable returns; an answer if a duty is not met or
two thirds of England answer otherwise; an arrangement if it has ended. No cause, no praise, no blame.
"""

from dataclasses import dataclass
from decimal import Decimal

from reports.funnel import binomial_limits, poisson_limits, standing
from reports.profiles.document import Finding
from reports.profiles.figures import NO, PERCENT, YES, Lacking, Value
from reports.profiles.sections.shared import DECIMALS, shown
from reports.wording import compared_in_words, figure, percent, points, rounded, sentence

LEAST_PEOPLE = 10
CHANGE_IN_POINTS = 2
MOST_FINDINGS = 6
MOST_QUESTIONS = 3
FEW_ANSWER_SO, MOST_ANSWER_SO = 33, 67


@dataclass(frozen=True)
class Candidate:
    """A finding with what orders it: its kind (a first) and its strength within the kind."""

    kind: str
    strength: Decimal
    finding: Finding
    question: str
    code: str = ""  # of the key figure, where it is one


def standing_out(figures):
    """The findings of a profile, strongest first, at most six, each figure once.

    With little data no figure is named; what organisations answered for themselves still may be.
    """
    candidates = ended(figures) + differing_answers(figures)
    if not figures.has_little_data:
        beyond = outside_limits(figures)
        named = {candidate.code for candidate in beyond}
        candidates += beyond + [candidate for candidate in changed(figures) if candidate.code not in named]
    order = {"a": 0, "d": 1, "b": 2, "c": 3}
    candidates.sort(key=lambda c: (order[c.kind], -c.strength, c.finding.bold))
    return candidates[:MOST_FINDINGS]


def questions_of(candidates):
    """One question a finding, at most three."""
    return tuple(candidate.question for candidate in candidates if candidate.question)[:MOST_QUESTIONS]


def may_be_named(key_figure):
    return key_figure.figures.own.is_shown and key_figure.people >= LEAST_PEOPLE


def limits_of(funnel, coverage=0.998):
    """The limits of a funnel as counts: what England's value and chance alone would give this base."""
    if funnel.kind == "share":
        return binomial_limits(funnel.base, float(funnel.england) / funnel.per, coverage)
    return poisson_limits(funnel.base * float(funnel.england) / funnel.per, coverage)


def chance_of(funnel):
    """Where the count lies against the 99.8% limits: lower, within or higher."""
    return standing(funnel.count, *limits_of(funnel))


def outside_limits(figures):
    """Key figures outside the limits of chance; strength is the distance beyond, in percent of the limit."""
    found = []
    for key_figure in figures.key_figures:
        if not may_be_named(key_figure) or key_figure.funnel is None:
            continue
        place = chance_of(key_figure.funnel)
        if place != "within":
            found.append(
                Candidate(
                    "a",
                    distance(key_figure.funnel),
                    limit_finding(key_figure, place),
                    question_about(key_figure, "the difference from England"),
                    key_figure.code,
                )
            )
    return found


def distance(funnel):
    low, high = limits_of(funnel)
    limit = low if funnel.count < low else high
    return Decimal(abs(funnel.count - limit) * 100) / max(limit, 1)


def limit_finding(key_figure, place):
    own = shown(key_figure.figures.own, key_figure.form)
    # The limits are those around all authorities together, so the finding compares with them, not with the median.
    england = shown(Value(key_figure.funnel.england, ""), key_figure.form)
    plain = [f"This is {place} than chance explains."]
    if key_figure.figures.last_year.is_shown and key_figure.is_comparable:
        plain.append(f"Last year it was {shown(key_figure.figures.last_year, key_figure.form)}.")
    plain.append(key_figure.consists_of)
    return Finding(
        f"{key_figure.name}: {own}, against {england} in all of England together.",
        " ".join(filter(None, plain)),
        key_figure.section,
    )


def changed(figures):
    """Key figures that changed by more than 5% (shares: two points or more), both years being comparable."""
    found = []
    for key_figure in figures.key_figures:
        last_year = key_figure.figures.last_year
        if may_be_named(key_figure) and key_figure.is_comparable and last_year.is_shown:
            found += change_of(key_figure)
    return found


def change_of(key_figure):
    own, last_year = key_figure.figures.own.number, key_figure.figures.last_year.number
    texts = (
        shown(key_figure.figures.last_year, key_figure.form),
        shown(key_figure.figures.own, key_figure.form),
    )
    if key_figure.form == PERCENT:
        size = abs(points(last_year, own))
        if size < CHANGE_IN_POINTS:
            return []
        verb = "rose" if own > last_year else "fell"
        bold = f"{key_figure.name} {verb} from {texts[0]} to {texts[1]}, by {figure(size)} points."
    else:
        decimals = DECIMALS[key_figure.form]
        before, now = rounded(last_year, decimals), rounded(own, decimals)
        words = compared_in_words(before, now)
        if not words.startswith(("rose", "fell")) or not before:
            return []
        size = abs(now - before) * 100 / before
        bold = f"{key_figure.name} {words}, from {texts[0]} to {texts[1]}."
    beside = key_figure.figures.england
    england = f"England {shown(beside, key_figure.form)}." if beside.is_shown else ""
    finding = Finding(bold, f"{england} {key_figure.consists_of}".strip(), key_figure.section)
    question = question_about(key_figure, "the change since last year")
    return [Candidate("b", Decimal(size), finding, question, key_figure.code)]


def question_about(key_figure, what):
    return key_figure.question or f"{key_figure.name}: which services account for {what}?"


def ended(figures):
    """Areas that were commissioned jointly last year and are not this year."""
    if isinstance(figures.trust, Lacking):
        return []
    reasons = dict(figures.trust.ended_reasons)
    found = []
    for row in figures.trust.joint:
        if row.has_ended:
            reason = f"Reason given: {reasons[row.area]}." if row.area in reasons else "No reason was given."
            finding = Finding(
                f"Joint commissioning has ended: {row.area}.",
                f"{reason} {england_does(row.england)}".strip(),
                "joint-commissioning",
            )
            question = f"{row.area}: how is it commissioned now?"
            found.append(Candidate("d", row.england.number or Decimal(0), finding, question))
    return found


def england_does(share):
    return f"{percent(share.number)} of authorities commission it jointly." if share.is_shown else ""


def differing_answers(figures):
    """Duties answered with No, and answers that two thirds of England do not share."""
    if isinstance(figures.trust, Lacking):
        return []
    found = [missing_seat(row) for row in figures.trust.board if row.has_duty and row.on == NO]
    found += [
        unlike_england(
            f"{row.area}: {'commissioned jointly' if row.joint == YES else 'not commissioned jointly'}",
            row.joint,
            row.england,
        )
        for row in figures.trust.joint
        if not row.has_ended
    ]
    found += [
        unlike_england(f"{row.name}: {row.own.lower()}", row.own, row.england)
        for row in (figures.trust.strategy, figures.trust.needs)
    ]
    return [candidate for candidate in found if candidate]


def missing_seat(row):
    share = f"It had one on {percent(row.on_board.number)} of Boards." if row.on_board.is_shown else ""
    finding = Finding(f"{sentence(row.agency)} had no seat on the Children’s Trust Board.", share, "trust")
    strength = 100 + (row.on_board.number or 0)  # a duty goes before other answers
    return Candidate(
        "c", Decimal(strength), finding, f"{sentence(row.agency)}: is a seat on the Board planned?"
    )


def unlike_england(words, answer, england):
    """A candidate where fewer than a third of England answered the same; None otherwise."""
    if not england.is_shown or answer not in (YES, NO):
        return None
    share = rounded(england.number)
    if (answer == NO and share >= MOST_ANSWER_SO) or (answer == YES and share <= FEW_ANSWER_SO):
        finding = Finding(
            f"{words}.", f"{percent(share)} of the authorities compared answered yes.", "joint-commissioning"
        )
        return Candidate("c", abs(share - 50), finding, f"{words}: is this to stay so?")
    return None
