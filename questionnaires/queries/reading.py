"""Reading responses and what their evaluation looks at beside the answers."""

import time
from functools import lru_cache

from accounts.models import OrganisationKind, PostcodeArea
from mapping.core import clock
from mapping.returns.classification import classification
from mapping.returns.models import ServiceEntry
from mapping.returns.roles import possible_roles, roles_of
from questionnaires.cells import split_cell_id
from questionnaires.definition import load
from questionnaires.evaluation import Context, Peer, asked_sections
from questionnaires.models import DefinitionVersion, Explanation, Origin, Response
from questionnaires.queries import earlier as before
from questionnaires.queries import peers
from questionnaires.queries.about import (
    CATEGORIES_PROVIDED,
    categories_provided,
    compared_with_services,
    fields_of_organisation,
    residents_compared,
    sums_of_services,
)
from questionnaires.rules import read_thresholds
from questionnaires.wording import Dates, worded

# Some kinds of help (residential schools, for one) count their activity over the half year.
KINDS_OF_HELP = "SVC-A03"
# What a service entry and a response need beside themselves, joined into their own statement.
RELATED_TO_ENTRY = (
    "service", "provider", "lead_organisation", "merged_into", "carried_from", "organisation",
)  # fmt: skip
RELATED = (
    "organisation", "pin", "part__collection", "part__annual_return",
    *(f"service_entry__{name}" for name in RELATED_TO_ENTRY),
)  # fmt: skip


def responses():
    """All responses, each with its organisation, part, pin and service entry in one statement."""
    return Response.objects.select_related(*RELATED)


def questionnaire_of(response):
    """The worded Questionnaire that a response answers; kept in memory for each version, year and period."""
    collection, entry = response.part.collection, response.service_entry
    ticked = response.cells.get(KINDS_OF_HELP, {}).get("v") or []
    period = classification().categories[entry.category].period_for(set(ticked)) if entry else "month"
    dates = tuple(sorted(collection.dates.items()))
    return _worded(version_of(response), collection.name, dates, period)


def version_of(response):
    """The id of the definition version by which a response is read.

    That which its collection asks; once its part is decided about, that by which it was checked last: what is
    signed off stays as it was.
    """
    if response.checked_version_id and not response.part.is_unlocked:
        return response.checked_version_id
    return response.pin.definition_version_id


@lru_cache(maxsize=64)
def _worded(version_id, year, dates, activity_period):
    return worded(definition_of(version_id, year), _dates(dict(dates)), activity_period=activity_period)


@lru_cache(maxsize=64)
def definition_of(version_id, year):
    """The Questionnaire of a definition version as a collection ("2009/10") asks it, placeholders unfilled."""
    return load(DefinitionVersion.objects.values_list("content", flat=True).get(pk=version_id), year)


def dates_of(collection):
    """The Dates of a collection, as its wording prints them."""
    return _dates(collection.dates)


def _dates(dates):
    """A collection's dates as the definitions name them."""
    return Dates(
        census=dates["census_date"][0],
        month=dates["month"],
        half_year=dates["half_year"],
        prev_fy=dates["prev_fy"],
        this_fy=dates["this_fy"],
        acad_year=dates["acad_year"],
        ni51_date=dates["ni51_date"][0],
    )


def context_of(response, *, earlier=None, listed=None):
    """The Context in which the answers of ``response`` are evaluated.

    earlier, listed: as ``earlier_of`` and ``listed_peers`` have them, where the caller has read them already.
    """
    collection, entry = response.part.collection, response.service_entry
    earlier = earlier or earlier_of(response)
    if listed is None and entry:
        listed = listed_peers(entry.annual_return_id)
    return Context(
        **_who_answers(response),
        dates=_dates(collection.dates),
        today=clock.today(),
        service_categories=frozenset() if entry else open_categories(response.part.annual_return_id),
        last_year=earlier.compared,
        last_time=earlier.then,
        service_sums=_service_sums(response),
        populations=residents_compared(questionnaire_of(response), response.cells),
        peers=tuple(peer for peer in listed if peer.key != str(entry.pk)) if entry else (),
        outcodes=outcodes(),
        thresholds=read_thresholds(collection.thresholds),
        percentiles=peers.ranges_for(collection, entry.category) if entry else {},
        unconfirmed=frozenset(
            cell for cell, kept in response.cells.items() if kept.get("o") == Origin.CARRIED
        ),
        carried_years={
            cell: collection.year - kept["y"] for cell, kept in response.cells.items() if "y" in kept
        },
    )


def _who_answers(response):
    """The fields of a Context that say who answers about what; sections are asked by these and the answers."""
    entry = response.service_entry
    return {
        "year": response.part.collection.name,
        "organisation_types": _roles_of(response),
        "authority_type": response.organisation.la_type,
        "category": classification().categories[entry.category] if entry else None,
        "form": entry.form if entry else "full",
        "entry": kept_fields(response),
    }


def sections_of(response):
    """The Sections that a response is asked, in order; a section of another category or role is none of them."""
    context = Context(**_who_answers(response))
    return asked_sections(questionnaire_of(response), response.cells, context)


def _roles_of(response):
    """In which roles an organisation answers: about a service in any that it may have, about itself as it is now."""
    if response.service_entry_id:
        return frozenset(possible_roles(response.organisation))
    return roles_of(response.organisation, response.part.collection)


def is_compared(response):
    """Whether a response is about the organisation and some of it is compared with what its services add up to."""
    return not response.service_entry_id and bool(compared_with_services(questionnaire_of(response)))


def _service_sums(response):
    """What the organisation's own services add up to, as far as its questionnaire is compared with that."""
    if not is_compared(response):
        return {}
    collection = response.part.collection
    service = collection.pins.get(key="service").definition_version_id
    names = compared_with_services(questionnaire_of(response))
    return sums_of_services(response.part.annual_return, _summed(service, collection.name, names))


def _summed(service_version, year, names):
    """What has to be summed for each figure of a service that is compared: a cell, or a column of a table."""
    questions = definition_of(service_version, year).questions
    return {name: getattr(questions.get(name), "formula", "") or name for name in names}


def codes_compared(organisation, collection):
    """Codes of the service questions with whose sums an organisation of this kind is compared, as a frozenset.

    Which versions the collection asks is read each time, for another process may have pinned others meanwhile.
    """
    asked = collection.pins.filter(respondents__overlap=list(possible_roles(organisation)))
    versions = dict(asked.values_list("key", "definition_version_id"))
    service = versions.pop("service", None)
    return _codes_compared(collection.name, service, tuple(sorted(versions.values())))


@lru_cache(maxsize=64)
def _codes_compared(year, service_version, versions):
    """Kept in memory: a version never changes."""
    names = set().union(*(compared_with_services(definition_of(version, year)) for version in versions))
    summed = _summed(service_version, year, names) if names else {}
    return frozenset(split_cell_id(cell)[0] for cell in summed.values())


def open_categories(annual_return_id):
    """The categories in which an organisation lists a service that is open."""
    entries = ServiceEntry.objects.filter(annual_return=annual_return_id)
    return frozenset(entry.category for entry in entries.only("category", "status") if not entry.is_gone)


def earlier_of(response):
    """What a response starts from and is compared with: its Earlier."""
    return before.earlier_of(response, questionnaire_of(response))


def kept_fields(response):
    """What models keep of what a response is about, a service or the organisation: field of ``stored_in`` -> value."""
    if response.service_entry_id:
        return fields_of(response.service_entry)
    organisation, collection = response.organisation, response.part.collection
    questions, kept = questionnaire_of(response).questions.values(), {}
    if any(question.stored_in for question in questions):
        kept = fields_of_organisation(organisation, collection)
    if any(question.shows == CATEGORIES_PROVIDED for question in questions):
        kept[CATEGORIES_PROVIDED] = categories_provided(organisation, collection)
    return kept


def fields_of(entry):
    """What the models keep of a service entry, under the names that ``stored_in`` uses, as JSON values."""
    return {
        "name": entry.name,
        "category": entry.category,
        "category_last_year": entry.carried_from.category if entry.carried_from_id else "",
        "sector": entry.sector,
        "provider": _provider_of(entry),
        "provider_sector": _sector_of(entry.provider, entry.organisation_id) if entry.provider else "",
        "organisation": key_of(entry.organisation),
        "lead_organisation": key_of(entry.lead_organisation) if entry.lead_organisation else "",
        "joint_with": entry.joint_with,
        "status": entry.status,
        "is_zero_cost": {True: "yes", False: "no"}.get(entry.is_zero_cost, ""),
        "merged_into": entry.merged_into.reference if entry.merged_into else "",
        "status_date": entry.status_date.isoformat() if entry.status_date else "",
    }


def key_of(organisation):
    """What an organisation is called in answers: its GSS or ODS code, or its slug where it has none."""
    return organisation.code or organisation.slug


def _sector_of(provider, organisation_id):
    """The sector that a provider of the register belongs to, seen from the organisation that enters the service."""
    if provider.pk == organisation_id:
        return "inhouse"
    return {
        OrganisationKind.LOCAL_AUTHORITY: "la",
        OrganisationKind.PCT: "nhs",
        OrganisationKind.NHS_TRUST: "nhs",
        OrganisationKind.VOLUNTARY: "voluntary",
    }[provider.kind]


def listed_peers(annual_return_id):
    """The services on one list, as far as rules compare with them; of its own a context takes the others only."""
    rows = ServiceEntry.objects.filter(annual_return=annual_return_id).select_related("provider")
    rows = rows.only("name", "status", "provider_name", "provider__code", "provider__slug")
    return [peer_of(entry) for entry in rows]


def peer_of(entry):
    """A service entry as the rules of others compare with it."""
    return Peer(str(entry.pk), entry.name, _provider_of(entry), not entry.is_gone)


def _provider_of(entry):
    """Who provides a service: the key of an organisation of the register, or a name outside it."""
    return key_of(entry.provider) if entry.provider else entry.provider_name


def explanations_of(response):
    """What has been explained, (rule, cell) to the values it was explained for."""
    rows = Explanation.objects.filter(response=response.pk).values_list("rule", "cell", "given_for")
    return {(rule, cell): given_for for rule, cell, given_for in rows}


def explanations_in_full(response):
    """The Explanations of a response by (rule, cell), each with the person who gave it."""
    rows = Explanation.objects.filter(response=response.pk).select_related("by")
    return {(explanation.rule, explanation.cell): explanation for explanation in rows}


def given_for(explanations):
    """Explanations as ``evaluate`` takes them: (rule, cell) -> what they were given for."""
    return {key: explanation.given_for for key, explanation in explanations.items()}


OUTCODES_KEPT_SECONDS = 600
_outcodes = {"known": {}, "read_at": 0.0}


def outcodes():
    """The first halves of all postcodes, each with the GSS codes of the authorities it lies in.

    Kept in memory for ten minutes once the register is loaded, for another process may load it anew.
    """
    now = time.monotonic()
    if not _outcodes["known"] or now - _outcodes["read_at"] > OUTCODES_KEPT_SECONDS:
        _outcodes.update(known=_read_outcodes(), read_at=now)
    return _outcodes["known"]


def _read_outcodes():
    return {
        outcode: frozenset({main, *areas})
        for outcode, main, areas in PostcodeArea.objects.values_list(
            "outcode", "main_authority__code", "authorities"
        )
    }
