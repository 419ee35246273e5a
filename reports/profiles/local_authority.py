"""A local authority profile from facts: what was signed off, or for a draft what the answers say now."""

from django.conf import settings

from mapping.returns.models import PartKind
from mapping.returns.workflow import Decision
from reports.profiles import service_figures as services
from reports.profiles.figures import (
    NO_RETURN,
    Authority,
    Collection,
    Comparators,
    Expected,
    Gap,
    Lacking,
    LocalAuthorityFigures,
    ReturnLine,
    Status,
    Value,
)
from reports.profiles.key_figures import has_little_data, key_figures
from reports.profiles.outline import local_authority_document
from reports.profiles.protection import Protection
from reports.profiles.render import exercise
from reports.profiles.sources import read_sources
from reports.profiles.trust_figures import trust
from reports.wording import counted, figure, percent, sentence

DEMONSTRATION = (
    "Figures and answers in this document are invented; they say nothing about any real organisation. "
    "Names of authorities, regions and child populations are real."
)
QUESTIONNAIRES = {PartKind.SERVICES: "service", PartKind.ORGANISATION: "childrens_trust"}
SECTIONS = {
    ("services",): "sections 2 to 4",
    ("organisation",): "section 5",
    ("organisation", "services"): "sections 2 to 5",
}
STANDING = {
    "open": "It has not been submitted.",
    "submitted": "It has been submitted and waits for the director.",
    "sent_back": "The director has sent it back.",
    "signed_off": "Its answers do not say it.",
}
MANY_NOT_KNOWN_PERCENT = 10  # a breakdown with more not known is named as a weakness
NOT_NUMBERS = ("NK", "NC")


def profile_document(authority, collection, *, moment, is_draft, day, release=1):
    """The Document of a profile, ready for ``render_pdf``.

    moment: the real time whose facts (or, for a draft, answers) it shows. day: the day of the exercise on which a
    draft was asked for; a final one bears the day of its last sign-off, if there is any.
    Raises sources.NotOnRegister.
    """
    sources = read_sources(authority, collection, moment=moment, is_draft=is_draft)
    return local_authority_document(figures_of(sources, _status(sources, day, release)))


def _status(sources, day, release):
    if sources.is_draft:
        return Status(day)
    signed_off = sorted(sources.year.signed_off.values(), key=lambda signed: signed.day)
    if not signed_off:
        return Status(day, release)
    return Status(signed_off[-1].day, release, signed_off[-1].day, signed_off[-1].post)


def figures_of(sources, status):
    """LocalAuthorityFigures of what was read."""
    year, protection = sources.year, Protection(is_on=not sources.is_draft)
    has_services = year.has_services
    return LocalAuthorityFigures(
        exercise=exercise(),
        authority=_authority(sources),
        collection=_collection(sources),
        status=status,
        hexagons=sources.hexagons,
        returns=_return_lines(sources),
        comparators=_comparators(sources),
        key_figures=key_figures(sources, protection),
        categories=services.category_lines(sources, protection) if has_services else _no_services(sources),
        tier_shares=services.tier_shares(sources),
        sector_shares=services.sector_shares(sources),
        services=services.service_lines(year),
        workforce=services.workforce(sources, protection) if year.has_staff else _no_staff(sources),
        activity=services.activity(sources, protection) if year.has_activity else _no_activity(sources),
        trust=trust(sources) if year.has_trust else _no_trust(sources),
        expected=_expected(sources),
        gaps=_gaps(sources, protection),
        weaknesses=_weaknesses(sources),
        can_be_said=_can_be_said(sources),
    )


def _authority(sources):
    authority, region = sources.authority, sources.authority.region
    return Authority(
        authority.code,
        authority.name,
        authority.full_name,
        region.gss_code,
        region.name,
        sources.children,
        sources.population_year,
    )


def _collection(sources):
    demonstration = DEMONSTRATION if settings.DEMONSTRATION else ""
    return Collection(
        sources.collection.name, sources.last_year.name, sources.collection.census_date, demonstration
    )


# The return


def _return_lines(sources):
    parts = {part.kind: part for part in sources.parts}
    lines = tuple(_return_line(sources, parts[kind]) for kind in QUESTIONNAIRES if kind in parts)
    return lines or (ReturnLine("Return of this collection", 0, 0, None, "No return"),)


def _return_line(sources, part):
    year, kind = sources.year, PartKind(part.kind)
    signed = year.signed_off.get(part.kind)
    responses = year.response_facts(QUESTIONNAIRES[kind])
    owed, complete = part.owed, part.complete
    if signed and not sources.is_draft:
        owed, complete = len(responses), sum(fact.choice == "complete" for fact in responses)
    name = (
        f"Services, {figure(owed)} listed" if kind == PartKind.SERVICES else "Children’s Trust questionnaire"
    )
    state = _state(part, signed, responses, owed, complete)
    return ReturnLine(name, owed, complete, signed.day if signed else None, state)


def _state(part, signed, responses, owed, complete):
    """Complete or not, and the share of questions that were owed and answered (R06)."""
    words = "Complete" if owed == complete else f"{figure(complete)} of {figure(owed)} complete"
    if not owed:
        words = "Nothing listed"
    if not signed:
        words = f"{Decision(part.decision).label}; {words[:1].lower()}{words[1:]}"
    if not responses:
        return words
    answered = sum(fact.number for fact in responses) / max(owed, len(responses))
    return f"{words}; {percent(answered // 1)} of questions answered"  # never all while one is missing


def _comparators(sources):
    comparison = sources.comparison
    parts = (
        ("Services signed off", comparison.returned),
        ("Children’s Trust questionnaire signed off", comparison.answered_trust),
    )
    return tuple(
        Comparators(name, len(comparison.of_region(codes)), len(codes), comparison.eligible)
        for name, codes in parts
    )


# Sections without figures


def _why(sources, part):
    """Why a part gives no figures, by how its return stands."""
    standing = next((one for one in sources.parts if one.kind == part), None)
    if standing is None:
        return "There is no return for this collection."
    if sources.is_draft:
        return "Nothing has been answered yet."
    first = (
        "That part of the return is signed off."
        if part in sources.year.signed_off
        else "That part of the return is not signed off."
    )
    return f"{first} {STANDING[standing.decision]}"


def _lacking(sources, part, *, lead, would_be, known=()):
    verb = "answered" if sources.is_draft else "signed off"
    return Lacking(
        lead=f"There are no figures on {lead}, because none have been {verb}.",
        why=_why(sources, part),
        would_be=would_be,
        does_not_mean="Not that there is nothing to count. Tables of England show this authority as "
        "“no return”, never as zero.",
        who_can_change="The mapping lead, by answering and submitting; the director, by signing off.",
        known=known if sources.last_year.has_services else (),
    )


def _known(sources, *lines):
    """(figure, last year, this year) of what last year's return said."""
    last, protection = sources.last_year, Protection(is_on=not sources.is_draft)
    return tuple((name, protection.people(last.number(measure)), NO_RETURN) for name, measure in lines)


def _no_services(sources):
    return _lacking(
        sources,
        PartKind.SERVICES,
        lead="services",
        would_be="Services by category, access tier and provider, beside those of other authorities.",
        known=(("Services", Value(len(sources.last_year.services), ""), NO_RETURN),),
    )


def _no_staff(sources):
    return _lacking(
        sources,
        PartKind.SERVICES,
        lead="staff",
        would_be="Staff in post, vacant posts and agency staff by staff group, and staff for every 100,000 children.",
        known=_known(sources, ("Staff in post, WTE", "wte")),
    )


def _no_activity(sources):
    return _lacking(
        sources,
        PartKind.SERVICES,
        lead="children",
        would_be="Children on caseloads, seen, new and waiting; how long they waited and how old they are.",
        known=_known(sources, ("Children on caseloads", "caseload"), ("Children waiting", "waiting")),
    )


def _no_trust(sources):
    why = _why(sources, PartKind.ORGANISATION)
    if sources.trust is None:
        why = "The questionnaire on Children’s Trusts was not part of this collection."
    return Lacking(
        lead="There are no answers about the Children’s Trust.",
        why=why,
        would_be="Who sits on the Board, at which level; what is commissioned jointly; the needs assessment.",
        does_not_mean="Not that there is no Board and no joint work.",
        who_can_change="The mapping lead, by answering and submitting; the director, by signing off.",
    )


# What is missing


def _expected(sources):
    return (_own_line(sources), *(_partner_line(partner) for partner in sources.partners))


def _own_line(sources):
    owed = {part.kind for part in sources.parts if part.kind in QUESTIONNAIRES}
    missing = sorted(owed - sources.year.signed_off.keys())
    name = sources.authority.full_name
    if not owed:
        return Expected(name, "No return", "Services and Children’s Trust answers", "Sections 2 to 5")
    if not missing:
        return Expected(name, "Signed off", "Nothing", "Nothing")
    names = {"services": "services, staff, children", "organisation": "Children’s Trust answers"}
    changes = "Figures may change" if sources.is_draft else f"No figures in {SECTIONS[tuple(missing)]}"
    return Expected(name, "Not signed off", sentence("; ".join(names[kind] for kind in missing)), changes)


def _partner_line(partner):
    if partner.state == "Signed off":
        return Expected(partner.name, partner.state, "Nothing", "Nothing")
    return Expected(
        partner.name,
        partner.state,
        "Its services, staff and children",
        "Nothing here: NHS services are not in this profile",
    )


def _gaps(sources, protection):
    year = sources.year
    state = "not answered" if sources.is_draft else "no return"
    gaps = [
        Gap(name, state, _why(sources, part))
        for name, part, is_there in (
            ("2 Services", PartKind.SERVICES, year.has_services),
            ("3 Workforce", PartKind.SERVICES, year.has_staff),
            ("4 Children and activity", PartKind.SERVICES, year.has_activity),
            ("5 Children’s Trust", PartKind.ORGANISATION, year.has_trust),
        )
        if not is_there
    ]
    for key_figure in key_figures(sources, protection) if year.has_services else ():
        if key_figure.figures.own.mark in ("*", "<5", "<1"):
            gaps.append(Gap(f"1 {key_figure.name}", "held back", key_figure.why_not))
    return tuple(gaps)


def _weaknesses(sources):
    """What weakens the figures, one sentence each."""
    year = sources.year
    lines = [_unknown_statements(year), _without_staff(year)]
    lines += [_not_known(year, *breakdown) for breakdown in BREAKDOWNS]
    return tuple(line for line in lines if line)


BREAKDOWNS = (
    ("The age", "caseload_age", "aNK", "children on caseloads"),
    ("The ethnic group", "caseload_ethnic_group", "Z", "children on caseloads"),
    ("The wait", "new_case_wait", "wNK", "new cases"),
)


def _unknown_statements(year):
    count = sum(fact.state in NOT_NUMBERS for fact in year.facts)
    if not count:
        return ""
    verbs = ("was", "is") if count == 1 else ("were", "are")
    answers = sentence(counted(count, "answer"))
    return f"{answers} {verbs[0]} “not known” or not collected, and {verbs[1]} in no sum."


def _without_staff(year):
    missing = sum(not year.answered(service, "wte") for service in year.services)
    if not missing or not year.has_staff:
        return ""
    return f"{sentence(counted(missing, 'service'))} gave no figures on staff."


def _not_known(year, what, measure, item, of_whom):
    """A breakdown with many not known; the share is of children whose breakdown was given."""
    total = sum(number for (name, _), number in year.numbers.items() if name == measure)
    unknown = year.number(measure, item) or 0
    if total < 10 or unknown * 100 < MANY_NOT_KNOWN_PERCENT * total:
        return ""
    return f"{what} is not known for {percent(unknown * 100 / total)} of the {of_whom}."


def _can_be_said(sources):
    """For an authority with little data: what its few answers say."""
    year = sources.year
    if not has_little_data(sources) or not year.has_services:
        return ()
    lines = services.category_lines(sources, Protection(is_on=True))
    groups = dict.fromkeys(line.group for line in lines if line.services)
    names = [group[:1].lower() + group[1:] for group in groups]
    said = [f"There is at least one service for {'; '.join(names)}."]
    if all(year.answered(service, "wte") for service in year.services):
        said.append("All services gave figures on their staff.")
    return tuple(said)
