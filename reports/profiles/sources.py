"""Reads what a local authority profile is made from, as it was known at one moment.

Facts never change and a set says from when until when it counted, so the same moment gives the same profile.
Nothing here runs a query for each service.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts import tenancy
from accounts.models import Membership, Organisation
from accounts.models.registers import Hexagon as HexagonRow
from accounts.models.registers import OrganisationYear, PartnershipKind, PartnershipMember
from mapping.returns.models import AnnualReturn, Collection, EntryStatus, Part, ServiceEntry
from mapping.returns.roles import POSSIBLE
from questionnaires.models import Pin
from questionnaires.queries import NOTHING, context_of, questionnaire_of
from reports import queries
from reports.charts import Hexagon
from reports.facts import facts_of
from reports.figures import Returns, area_figures
from reports.models import Fact, FactSet
from reports.profiles.comparison import Comparison
from reports.profiles.own import ListedService, OwnFact, OwnYear, SignOff

YEARS_OF_TREND = 3
TAKES_PEOPLE = (EntryStatus.OPEN, EntryStatus.OPENED, "")
OWN_SECTOR = "inhouse"


class NotOnRegister(ValueError):
    """The authority was not on the register of the collection, so it has no profile there."""


@dataclass(frozen=True)
class Partner:
    """An organisation of the Children's Trust area. state: Signed off, Not signed off, Declined, No return."""

    name: str
    kind: str
    state: str


@dataclass(frozen=True)
class PartState:
    """A part of the return as it stands: responses owed and complete, and what was decided."""

    kind: str
    owed: int
    complete: int
    decision: str


@dataclass(frozen=True)
class Sources:
    """Everything that is read. years: up to three collections of the authority, oldest first."""

    authority: Organisation
    collection: Collection
    is_draft: bool
    children: int | None
    population_year: int
    years: tuple[OwnYear, ...]
    comparison: Comparison
    partners: tuple[Partner, ...]
    parts: tuple[PartState, ...]
    hexagons: tuple[Hexagon, ...]
    trust: object  # the Children's Trust Questionnaire of the collection, or None
    trust_last_year: object
    organisation_names: dict[str, str]

    @property
    def year(self):
        return self.years[-1]

    @property
    def last_year(self):
        """The collection before this one, empty where there was none or the authority did not exist."""
        return self.years[-2] if len(self.years) > 1 else OwnYear("")


def read_sources(authority, collection, *, moment: datetime, is_draft):
    """Sources of a profile of ``authority`` with what was signed off at ``moment`` (real time).

    A draft takes this collection's own answers as they were at that moment, whether or not they are signed off.
    Raises NotOnRegister.
    """
    if not OrganisationYear.objects.filter(
        organisation=authority, year=collection.year, on_register=True
    ).exists():
        raise NotOnRegister(f"{authority} is not on the register of {collection}.")
    with tenancy.scope(authority):
        years, parts = _own(authority, collection, moment, is_draft)
    with tenancy.staff_reading(f"figures of others for the profile of {authority}, {collection}"):
        comparison = _comparison(authority, collection, moment)
        partners = _partners(authority, collection, moment)
    population = authority.populations.filter(age_band=queries.UNDER_18S).order_by("-year").first()
    last = Collection.objects.before(collection)
    trust = queries.questionnaire_of(collection, queries.TRUST)
    return Sources(
        authority=authority,
        collection=collection,
        is_draft=is_draft,
        children=population.persons if population else None,
        population_year=population.year if population else collection.year,
        years=years,
        comparison=comparison,
        partners=partners,
        parts=parts,
        hexagons=_hexagons(collection),
        trust=trust,
        trust_last_year=queries.questionnaire_of(last, queries.TRUST) if last else None,
        organisation_names=_names_of_partners(years[-1]),
    )


# The authority's own


def _own(authority, collection, moment, is_draft):
    """(its years, oldest first; the parts of this year's return)."""
    wanted = Collection.objects.filter(
        year__gt=collection.year - YEARS_OF_TREND, year__lte=collection.year
    ).order_by("year")
    collections = list(wanted)
    facts = _facts_by_collection(authority, collections, moment)
    services = _services_by_collection(authority, collections)
    signed_off = _sign_offs(authority, collections, moment)
    asked = set(
        OrganisationYear.objects.filter(organisation=authority, on_register=True).values_list(
            "year", flat=True
        )
    )
    parts = _parts(authority, collection)
    drafted = collection.pk if is_draft else None
    if is_draft:
        facts[collection.pk] = _current_facts(parts, moment)
    years = [
        _year(one, facts[one.pk], services[one.pk], signed_off[one.pk], one.year in asked, one.pk == drafted)
        for one in collections
    ]
    return tuple(years), tuple(_part_state(part) for part in parts)


def _year(collection, facts, services, signed_off, is_asked, is_draft):
    """Of a draft all services on the list, else those that the facts speak of."""
    spoken_of = {fact.entry for fact in facts}
    listed = tuple(service for service in services if is_draft or service.id in spoken_of)
    return OwnYear(collection.name, is_asked, listed, tuple(facts), signed_off)


def _facts_by_collection(authority, collections, moment):
    found = defaultdict(list)
    rows = (
        Fact.objects.as_of(moment)
        .filter(organisation=authority, collection__in=collections)
        .filter(Q(service_entry=None) | Q(service_entry__status__in=TAKES_PEOPLE))
        .order_by("pk")
    )
    fields = ("collection", "service_entry", "measure", "item", "state", "number", "choice")
    for collection, *fact in rows.values_list(*fields).iterator():
        found[collection].append(OwnFact(*fact))
    return found


def _services_by_collection(authority, collections):
    """The services that took people, by collection, in the order of their names."""
    found = defaultdict(list)
    entries = ServiceEntry.objects.filter(
        organisation=authority, collection__in=collections, status__in=TAKES_PEOPLE
    ).select_related("service", "provider")
    for entry in entries:
        provider = _provider(authority, entry)
        found[entry.collection_id].append(
            ListedService(entry.pk, entry.service.reference, entry.name, entry.category, provider)
        )
    return found


def _provider(authority, entry):
    if entry.provider:
        return entry.provider.name
    if entry.provider_name:
        return entry.provider_name
    return authority.name if entry.sector == OWN_SECTOR else entry.get_sector_display() or "not stated"


def _sign_offs(authority, collections, moment):
    """collection -> part -> SignOff, of the fact sets that counted at ``moment``."""
    sets = FactSet.objects.counting_at(moment).filter(organisation=authority, collection__in=collections)
    sets = list(sets.select_related("part", "event"))
    posts = dict(
        Membership.objects.filter(
            organisation=authority, user__in=[one.event.by_id for one in sets]
        ).values_list("user", "post")
    )
    found = defaultdict(dict)
    for one in sets:
        day = one.event.at.astimezone().date()
        found[one.collection_id][one.part.kind] = SignOff(day, posts.get(one.event.by_id, ""))
    return found


def _parts(authority, collection):
    return list(
        Part.objects.with_progress()
        .filter(organisation=authority, collection=collection)
        .select_related("annual_return", "collection", "organisation")
    )


def _part_state(part):
    return PartState(part.kind, part.listed, part.complete, part.decision)


def _current_facts(parts, moment):
    """What the answers of some parts said at ``moment``, as OwnFacts, by the same way as at a sign-off."""
    return [
        OwnFact(response.service_entry_id, fact.measure, fact.item, fact.state, fact.number, fact.choice)
        for part in parts
        for response in queries.answers_at(part.pk, moment)
        if response.service_entry_id is None or response.service_entry.status in TAKES_PEOPLE
        for fact in facts_of(
            questionnaire_of(response), response.cells, context_of(response, earlier=NOTHING, listed=())
        )
    ]


# Others; all of these run under staff reading


def _comparison(authority, collection, moment):
    """The figures of all areas from the facts that counted at ``moment``."""
    places = queries.places_of(collection)
    figures = area_figures(
        [place for place in places if place.is_authority],
        queries.answers_of(collection, moment=moment),
        Returns(),
    )
    region = authority.region
    return Comparison(
        region=region.gss_code if region else "",
        amounts={key: amount for key, (_, amount) in figures.items()},
        regions={
            place.areas["authority"][0]: place.areas.get("region", ("",))[0]
            for place in places
            if place.is_authority
        },
    )


def _partners(authority, collection, moment):
    """The other organisations of the Children's Trust area that owe a return, and how far it is."""
    members = PartnershipMember.objects.filter(
        partnership__kind=PartnershipKind.CHILDRENS_TRUST,
        partnership__authority=authority,
        partnership__year=collection.year,
    ).exclude(organisation=authority)
    organisations = Organisation.objects.filter(pk__in=members.values("organisation")).order_by(
        "kind", "name", "pk"
    )
    owed = _owed_parts(collection)
    signed = defaultdict(set)
    sets = FactSet.objects.counting_at(moment).filter(collection=collection, organisation__in=organisations)
    for organisation, kind in sets.values_list("organisation", "part__kind"):
        signed[organisation].add(kind)
    returns = AnnualReturn.objects.filter(collection=collection, organisation__in=organisations)
    declined = dict(returns.values_list("organisation", "declined_at"))
    return tuple(
        Partner(
            one.full_name, one.get_kind_display(), _state(one.pk, owed[one.kind], signed[one.pk], declined)
        )
        for one in organisations
        if owed[one.kind]
    )


def _owed_parts(collection):
    """kind of organisation -> the parts that it owes."""
    pins = list(Pin.objects.filter(collection=collection).values_list("part_kind", "respondents"))
    return {
        kind: {part for part, respondents in pins if set(respondents) & set(roles)}
        for kind, roles in POSSIBLE.items()
    }


def _state(organisation, owed, signed, declined):
    if owed <= signed:
        return "Signed off"
    if organisation not in declined:
        return "No return"
    return "Declined" if declined[organisation] else "Not signed off"


# Registers


def _hexagons(collection):
    """The cells of the authorities of the collection's year."""
    used = "2008" if collection.year < 2009 else "2009"
    cells = HexagonRow.objects.filter(used_in_list__in=["both", used]).select_related("authority__region")
    return tuple(
        Hexagon(cell.authority.code, cell.authority.name, cell.q, cell.r, cell.authority.region.name)
        for cell in cells
        if cell.authority.region
    )


def _names_of_partners(year):
    """code -> name of the organisations that joint commissioning names."""
    codes = {fact.item.partition(" ")[2] for fact in year.facts if fact.measure == "joint_partner"}
    return dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))
