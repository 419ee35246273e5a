"""Reads for facts, figures and tables. What a public page reads holds figures of areas only, never facts."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from django.db.models import Count, Max, Q, Sum

from accounts.models import LocalAuthorityType, OrganisationKind, Population, Region
from accounts.models.registers import OrganisationYear, StrategicHealthAuthority
from mapping.returns.models import AnnualReturn, Collection, EntryStatus
from questionnaires.models import DefinitionVersion, Pin
from questionnaires.queries import definition_of
from reports.facts import ANSWERED, RESPONSE
from reports.figures import (
    BY_CATEGORY,
    CHOICES_OF_AUTHORITIES,
    COUNTED_BY,
    ENGLAND,
    SUMS,
    Amount,
    Answers,
    Place,
    Returns,
    Row,
    by_area,
)
from reports.models import AreaFigure, Fact, FactSet, Level
from reports.tables.lines import Area, Figures, Item
from reports.tables.taking_part import ITEMS

TRUST = "childrens_trust"
UNDER_18S = "0-17"
TAKES_PEOPLE = (EntryStatus.OPEN, EntryStatus.OPENED, "")


# The register of a collection


def places_of(collection):
    """The organisations on the register of a collection, as Places with the areas they count in."""
    under_18s = dict(Population.objects.newest(UNDER_18S).values_list("authority", "persons"))
    years = (
        OrganisationYear.objects.filter(year=collection.year, on_register=True)
        .exclude(organisation__kind=OrganisationKind.VOLUNTARY)
        .select_related("organisation__region", "organisation__strategic_health_authority")
        .order_by("organisation__name", "organisation")
    )
    return [_place(year, under_18s) for year in years]


def _place(year, under_18s):
    organisation = year.organisation
    areas = {Level.ENGLAND.value: ENGLAND}
    if organisation.region:
        areas[Level.REGION.value] = (organisation.region.gss_code, organisation.region.name)
    if authority := organisation.strategic_health_authority:
        areas[Level.SHA.value] = (authority.ods_code, authority.name)
    if organisation.is_local_authority:
        areas[Level.LA_TYPE.value] = (year.la_type, LocalAuthorityType(year.la_type).label)
        areas[Level.AUTHORITY.value] = (organisation.code, organisation.name)
    return Place(
        organisation=organisation.pk,
        kind=organisation.kind,
        areas=areas,
        under_18s=under_18s.get(organisation.pk),
        commissioner=year.commissioner,
        child_health_provider=year.child_health_provider,
        camhs_provider=year.camhs_provider,
    )


def areas_of(level, places):
    """The areas of a level that have organisations, in the order of published tables."""
    present = {place.areas[level] for place in places if level in place.areas}
    order = {area: number for number, area in enumerate(_areas_in_order(level, present))}
    return tuple(Area(code, name) for code, name in sorted(present, key=order.get))


def _areas_in_order(level, present):
    if level == Level.REGION:
        return Region.objects.values_list("gss_code", "name")
    if level == Level.SHA:
        return StrategicHealthAuthority.objects.values_list("ods_code", "name")
    if level == Level.LA_TYPE:
        return LocalAuthorityType.choices
    return sorted(present, key=lambda area: area[1])


# What facts say; all of these run under staff reading


def answers_of(collection):
    """The current facts of a collection, summed for each organisation by the database in three statements."""
    current = Fact.objects.latest().filter(collection=collection)
    taking = current.filter(Q(service_entry=None) | Q(service_entry__status__in=TAKES_PEOPLE))
    return Answers(
        choices=_choices(taking),
        numbers=_numbers(taking),
        categories=_categories(taking),
        asked=_asked(collection),
        trust_respondents=frozenset(
            current.filter(measure=RESPONSE, item=TRUST).values_list("organisation", flat=True)
        ),
    )


def _choices(facts):
    """Choices of organisation-level questions, and of services by what they are counted by."""
    counted = facts.filter(Q(service_entry=None) | Q(measure__in=COUNTED_BY), number=None)
    found = defaultdict(dict)
    rows = counted.values_list("organisation", "measure", "item", "choice").annotate(n=Count("pk"))
    for organisation, measure, item, choice, n in rows.order_by():
        found[organisation, measure, item][choice] = n
    return found


def _numbers(facts):
    rows = (
        facts.filter(service_entry__isnull=False, state=ANSWERED, number__isnull=False, area="")
        .exclude(measure=RESPONSE)
        .values_list("organisation", "measure", "item")
        .annotate(total=Sum("number"), n=Count("pk"))
        .order_by()
    )
    return {(organisation, measure, item): (total, n) for organisation, measure, item, total, n in rows}


def _categories(facts):
    rows = (
        facts.filter(service_entry__isnull=False, state=ANSWERED, measure__in=set(BY_CATEGORY) & set(SUMS))
        .values_list("organisation", "measure", "service_entry__category")
        .annotate(total=Sum("number"))
        .order_by()
    )
    return {(organisation, measure, category): total for organisation, measure, category, total in rows}


def _asked(collection):
    """measure -> the items that the Children's Trust questionnaire of the collection asks; {} where it has none."""
    questionnaire = questionnaire_of(collection, TRUST)
    asked = {}
    for question in questionnaire.questions.values() if questionnaire else ():
        for _, cells in question.fixed_cells:
            for cell in cells:
                if measure := cell.field.measure or question.measure:
                    asked.setdefault(measure, []).append(cell.row)
        options = [option.key for option in question.options]
        if question.measure in CHOICES_OF_AUTHORITIES:
            asked[f"{question.measure} options"] = options
        elif question.type == "many" and question.measure:
            asked[question.measure] = options
    return {measure: tuple(items) for measure, items in asked.items()}


def questionnaire_of(collection, key):
    """The Questionnaire that a collection pins under ``key``, or None."""
    pin = Pin.objects.filter(collection=collection, key=key).only("definition_version_id").first()
    return definition_of(pin.definition_version_id, collection.name) if pin else None


@lru_cache(maxsize=8)
def _content(version_id):
    return DefinitionVersion.objects.values_list("content", flat=True).get(pk=version_id)


def returns_of(collection):
    """Who has a return, and who has signed off what, as Returns."""
    sets = FactSet.objects.filter(collection=collection, superseded_at=None)
    by_kind = defaultdict(set)
    for organisation, kind in sets.values_list("organisation", "part__kind"):
        by_kind[kind].add(organisation)
    registered = AnnualReturn.objects.filter(collection=collection).values_list("organisation", flat=True)
    return Returns(
        registered=frozenset(registered),
        responded=frozenset().union(*by_kind.values()),
        finance=frozenset(by_kind["finance"]),
        services=frozenset(by_kind["services"]),
    )


def newest_change(collection):
    """When facts or returns of a collection last changed, in real time; None where there are none."""
    moments = FactSet.objects.filter(collection=collection).aggregate(made=Max("made_at"), gone=Max("superseded_at"))
    opened = AnnualReturn.objects.filter(collection=collection).aggregate(at=Max("created_at"))
    return max(filter(None, [*moments.values(), opened["at"]]), default=None)


# What tables show


def table_figures(table, collections, *, level, only_common, user=None):
    """The Figures of a table for Collections in order of years; of the areas that ``user`` may read, or of all.

    only_common: authorities that answered in every collection shown, instead of all that answered in each.
    """
    rows = AreaFigure.objects.readable_by(user) if user else AreaFigure.objects.all()
    rows = rows.filter(collection__in=collections)
    places = {collection.name: places_of(collection) for collection in collections}
    members = members_of(rows) if table.is_about_answers else {}
    if only_common and table.is_about_answers:
        members = _common(members, collections)
        amounts = _amounts_of_members(rows, table, level, members, places)
    else:
        amounts = _amounts(rows, table, level)
    return Figures(
        collections=tuple(collection.name for collection in collections),
        level=level,
        areas={year: areas_of(level, found) for year, found in places.items()},
        amounts=amounts,
        items=items_of(table, collections),
        members=members,
    )


def members_of(rows):
    """collection -> codes of the authorities that answered the Children's Trust questionnaire."""
    answered = rows.filter(measure="answered", item=TRUST, level=Level.AUTHORITY, value=1)
    members = defaultdict(frozenset)
    for year, code in answered.values_list("collection__year", "area_code"):
        members[_name(year)] |= {code}
    return members


def _name(year):
    return Collection(year=year).name


def _common(members, collections):
    """The authorities that answered in all of the collections that ask, for each that asks.

    A collection without the questionnaire takes nobody away from the others.
    """
    asking = [collection.name for collection in collections if collection.pins.filter(key=TRUST).exists()]
    sets = [members.get(year, frozenset()) for year in asking]
    common = frozenset.intersection(*sets) if sets else frozenset()
    return dict.fromkeys(asking, common)


FIELDS = ("collection__year", "measure", "item", "area_code", "value", "base", "respondents")


def _amounts(rows, table, level):
    found = rows.filter(measure__in=table.needs, level=level).values_list(*FIELDS)
    return {
        (_name(year), measure, item, code): Amount(value, base, respondents)
        for year, measure, item, code, value, base, respondents in found.iterator()
    }


def _amounts_of_members(rows, table, level, members, places):
    """The figures of some authorities only, added up from their own to the areas of a level."""
    own = _amounts(rows, table, Level.AUTHORITY)
    amounts = {}
    for year, codes in members.items():
        ids = {place.areas[Level.AUTHORITY][0]: place.organisation for place in places[year] if place.is_authority}
        of_year = [
            Row(ids[code], measure, item, _of_member(table, code, codes, amount))
            for (name, measure, item, code), amount in own.items()
            if name == year and code in ids and (code in codes or "answered" in table.needs)
        ]
        for (measure, item, at, code), (_, amount) in by_area(of_year, places[year]).items():
            if at == level:
                amounts[year, measure, item, code] = amount
    return amounts


def _of_member(table, code, codes, amount):
    """An authority's own amount; for R05 the question is whether it is in the set at all."""
    if "answered" not in table.needs:
        return amount
    return Amount(Decimal(code in codes), amount.base, amount.respondents)


def items_of(table, collections):
    """The rows of a table: those of its question in any year, or the types of organisation."""
    if not table.question:
        asking = _collections_with(table.part, collections)
        return tuple(replace(item, asked_in=asking) for item in ITEMS[table.code])
    questionnaires = {
        collection.name: questionnaire
        for collection in collections
        if (questionnaire := questionnaire_of(collection, table.questionnaire))
    }
    return tuple(
        _item(table, key, label, questionnaires) for key, label in _rows_of_all_years(table.questionnaire, table.question)
    )


def _collections_with(part, collections):
    """The names of the collections that have a part of the return; of all where no part is meant."""
    if not part:
        return frozenset(collection.name for collection in collections)
    years = Pin.objects.filter(collection__in=collections, part_kind=part).values_list("collection__year", flat=True)
    return frozenset(map(_name, years))


def _item(table, key, label, questionnaires):
    asked, level_asked = set(), set()
    for year, questionnaire in questionnaires.items():
        columns = _columns_asked(questionnaire.questions.get(table.question), key)
        if columns:
            asked.add(year)
        if "level" in columns:
            level_asked.add(year)
    return Item(key, label, frozenset(asked), frozenset(level_asked))


def _columns_asked(question, row):
    """The columns of a row that are asked; of a question without rows itself, the one without a name."""
    cells = [cell for fixed, cells in question.fixed_cells for cell in cells] if question else []
    return {cell.column for cell in cells if not question.is_table or cell.row == row}


def _rows_of_all_years(key, code):
    """The rows of a question in the newest version of its definition, whatever year asks them, as (key, label);
    a question without rows is its own one row.
    """
    version = DefinitionVersion.objects.filter(key=key).order_by("-number").values_list("pk", flat=True).first()
    sections = _content(version)["sections"] if version else ()
    for question in (question for section in sections for question in section["questions"]):
        if question["key"] == code:
            own = {"key": code, "label": question.get("short") or question["label"]}
            return [(row["key"], row["label"]) for row in question.get("rows") or [own]]
    return []
