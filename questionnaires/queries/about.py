"""What is known of an organisation beside its answers: from registers, accounts and its list of services."""

from decimal import Decimal

from accounts.models import OrganisationKind, PartnershipMember, Population, Role
from mapping.returns.classification import classification
from mapping.returns.roles import own_services, roles_of
from questionnaires.cells import split_cell_id
from questionnaires.models import Response

CATEGORIES_PROVIDED = "categories_provided"
ROLE_WORDS = {"PCTC": "commissioner", "PCTP": "provider"}


def fields_of_organisation(organisation, collection):
    """The fields that ``stored_in: organisation.<field>`` names, as JSON values, and what rules compare with.

    name_and_code, type, leads: texts. areas: GSS codes. lead_emails: addresses, for the rule of ORG04.
    """
    leads = _leads_of(organisation)
    return {
        "name_and_code": ", ".join(filter(None, [organisation.full_name, organisation.code])),
        "areas": areas_of(organisation, collection),
        "type": _type_of(organisation, collection),
        "leads": "\n".join(_lead_words(lead) for lead in leads),
        "lead_emails": [lead.user.email for lead in leads],
    }


def areas_of(organisation, collection):
    """The areas for which an organisation answers, as GSS codes: an authority's own, those that a PCT covers.

    A trust answers for the areas of the partnerships that it belongs to, at least for that of its headquarters.
    """
    if organisation.is_local_authority:
        return [organisation.code]
    if organisation.is_pct:
        return list(organisation.authorities_covered.values_list("authority__code", flat=True))
    member = PartnershipMember.objects.filter(organisation=organisation, partnership__year=collection.year)
    codes = member.values_list("partnership__authority__code", flat=True).order_by("partnership__authority")
    headquarters = organisation.headquarters_authority
    return list(dict.fromkeys(codes)) or ([headquarters.code] if headquarters else [])


def categories_provided(organisation, collection):
    """The names of the categories in which an organisation lists an open service that it provides itself, in order."""
    listed = own_services(organisation, collection.year).values_list("category", flat=True)
    known = classification().categories
    return [known[code].name for code in sorted(set(listed))]


def _type_of(organisation, collection):
    """``Local authority: London borough, London``; ``Primary care trust: commissioner and provider, North West``."""
    words = [organisation.get_la_type_display(), organisation.get_trust_kind_display()]
    if organisation.kind == OrganisationKind.PCT:
        roles = sorted(roles_of(organisation, collection))
        words = [" and ".join(ROLE_WORDS[role] for role in roles)]
    words.append(organisation.region.name if organisation.region else "")
    return ": ".join(filter(None, [organisation.get_kind_display(), ", ".join(filter(None, words))]))


def _leads_of(organisation):
    """The active memberships of the lead and the deputies, the lead first."""
    leads = organisation.memberships.leads().select_related("user")
    return sorted(leads, key=lambda lead: (lead.role != Role.LEAD, lead.user.name, lead.pk))


def _lead_words(lead):
    """``Jo Clarke, mapping lead, jo.clarke@trafford.example, 0161 496 0000``"""
    user = lead.user
    return ", ".join(filter(None, [user.name, lead.get_role_display().lower(), user.email, user.telephone]))


def compared_with_services(questionnaire):
    """The cells of the service questionnaire whose sums the rules of a questionnaire look at, as a set."""
    rules = [rule for question in questionnaire.questions.values() for rule in question.rules]
    return {rule.arguments["of"] for rule in rules if rule.check == "differs_from_services"}


def sums_of_services(annual_return, cells):
    """The sums over the open services that the organisation provides itself, by the names of ``cells``.

    cells: name -> the cell that is summed; ``SVC-E01|*|wte`` takes a column over all its rows.
    """
    own = own_services(annual_return.organisation_id, annual_return.collection.year)
    kept = Response.objects.filter(part__annual_return=annual_return, service_entry__in=own)
    answers = list(kept.values_list("cells", flat=True))
    return {name: sum(_numbers(answers, cell), start=Decimal(0)) for name, cell in cells.items()}


def _numbers(answers, reference):
    """The numbers that some responses hold in a cell, or in all rows of a column."""
    code, row, column = split_cell_id(reference)
    for cells in answers:
        for cell, stored in cells.items():
            is_meant = cell == reference or (row == "*" and split_cell_id(cell)[::2] == (code, column))
            if is_meant and "v" in stored:
                yield Decimal(str(stored["v"]))


def residents_compared(questionnaire, cells):
    """Residents that the rules of questions with an answer compare it with: GSS code of an area -> band -> persons.

    Nothing is read where no such question is answered. The newest estimates are taken, whatever the collection.
    """
    answered = (question for code, question in questionnaire.questions.items() if code in cells)
    rules = [
        rule for question in answered for rule in question.rules if rule.check == "population_share_outside"
    ]
    found = {}
    for rule in rules:
        band = "{}-{}".format(*rule.arguments["band"])
        areas = cells.get(rule.arguments["areas"], {}).get("v") or []
        rows = Population.objects.newest(band).filter(authority__code__in=areas)
        for area, persons in rows.values_list("authority__code", "persons"):
            found.setdefault(area, {})[band] = persons
    return found
