"""Reads for facts, figures and tables. What a public page reads holds figures of areas only, never facts."""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Q, Sum

from accounts.models import (
    Hexagon,
    HexagonList,
    LocalAuthorityType,
    Organisation,
    OrganisationKind,
    Population,
    Region,
    Succession,
)
from accounts.models.registers import OrganisationYear, StrategicHealthAuthority
from mapping.returns.models import AnnualReturn, Collection, EntryStatus, Part, Phase
from questionnaires.models import DefinitionVersion, Pin, Revision
from questionnaires.queries import definition_of, responses
from reports.charts import Hexagon as HexagonOnMap
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
)
from reports.models import AreaFigure, Fact, FactSet, Level
from reports.tables import TABLES, pages
from reports.tables.lines import Area, Figures, Item
from reports.tables.taking_part import ITEMS

TRUST = "childrens_trust"
UNDER_18S = "0-17"
TAKES_PEOPLE = (EntryStatus.OPEN, EntryStatus.OPENED, "")


# What responses said at some moment


def answers_at(part_id, moment):
    """The responses that a part owes, with cells and version as they stood at ``moment``, later revisions undone."""
    part = Part.objects.select_related("annual_return__organisation", "annual_return__collection").get(
        pk=part_id
    )
    found = responses().filter(part=part_id, pin__in=Pin.objects.owed(part.annual_return))
    found = list(found.select_related("service_entry__carried_from").order_by("pk"))
    by_id = {response.pk: response for response in found}
    later = Revision.objects.filter(response__in=found, recorded_at__gt=moment).order_by("-number")
    for revision in later:
        _undo(by_id[revision.response_id], revision)
    return found


def _undo(response, revision):
    response.version = revision.number - 1
    for cell, (old, _) in revision.changed.items():
        if old is None:
            response.cells.pop(cell, None)
        else:
            response.cells[cell] = old


# The register of a collection


def places_of(collection):
    """The organisations on the register of a collection, as Places with the areas they count in."""
    return register_of(
        collection, dict(Population.objects.newest(UNDER_18S).values_list("authority", "persons"))
    )


def register_of(collection, under_18s):
    """The same with the populations of authorities (id -> residents aged 0 to 17) that the caller knows."""
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


def answers_of(collection, moment=None):
    """The facts of a collection, summed for each organisation by the database in three statements.

    Those that count now, or those that counted at ``moment`` (real time).
    """
    facts = Fact.objects.as_of(moment) if moment else Fact.objects.latest()
    current = facts.filter(collection=collection)
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
    moments = FactSet.objects.filter(collection=collection).aggregate(
        made=Max("made_at"), gone=Max("superseded_at")
    )
    opened = AnnualReturn.objects.filter(collection=collection).aggregate(at=Max("created_at"))
    return max(filter(None, [*moments.values(), opened["at"]]), default=None)


# What tables show


class TableReader:
    """Reads what one table needs for some collections, once, and gives its Figures at any level.

    collections: in order of years. only_common: authorities that answered in every collection shown, instead of all
    that answered in each. user: figures that may be read by that person; None reads all.
    """

    def __init__(self, table, collections, *, only_common, user=None):
        rows = AreaFigure.objects.readable_by(user) if user else AreaFigure.objects.all()
        self.table, self.collections = table, collections
        self.names = tuple(collection.name for collection in collections)
        self.only_common = only_common and table.is_about_answers
        self._rows = rows.filter(collection__in=collections)

    def figures(self, level):
        return Figures(
            collections=self.names,
            level=level,
            areas={year: areas_of(level, found) for year, found in self._places.items()},
            amounts=self._of_members(level) if self.table.is_about_answers else self._stored(level),
            items=self.items,
            members=self.members,
        )

    @cached_property
    def items(self):
        return items_of(self.table, self.collections)

    @cached_property
    def members(self):
        """collection -> codes of the authorities whose answers are shown."""
        if not self.table.is_about_answers:
            return {}
        answered = self._rows.filter(measure="answered", item=TRUST, level=Level.AUTHORITY, value=1)
        found = defaultdict(set)
        for year, code in answered.values_list("collection__year", "area_code"):
            found[_name(year)].add(code)
        if self.only_common:
            return _in_all(found, self._asking)
        return found

    @cached_property
    def _asking(self):
        """The collections that ask the questionnaire; one without it takes nobody away from the others."""
        pins = Pin.objects.filter(collection__in=self.collections, key=self.table.questionnaire)
        return [_name(year) for year in pins.values_list("collection__year", flat=True)]

    @cached_property
    def _places(self):
        return {collection.name: register_of(collection, {}) for collection in self.collections}

    @cached_property
    def _own(self):
        """The answers of each authority."""
        return self._stored(Level.AUTHORITY)

    def _stored(self, level):
        found = self._rows.filter(measure__in=self.table.needs, level=level).values_list(*FIELDS)
        return {
            (_name(year), measure, item, code): Amount(value, base, respondents)
            for year, measure, item, code, value, base, respondents in found
        }

    def _of_members(self, level):
        """The answers of the authorities shown, added up to the areas of a level."""
        areas = {
            (year, place.areas[Level.AUTHORITY][0]): place.areas.get(level)
            for year, places in self._places.items()
            for place in places
            if place.is_authority
        }
        amounts = {}
        for (year, measure, item, code), amount in self._own.items():
            is_member = code in self.members.get(year, ())
            if area := areas.get((year, code)):
                if measure == "answered":  # R05 asks of every authority whether it is among them
                    amount = replace(amount, value=Decimal(is_member))
                elif not is_member:
                    continue
                amounts.setdefault((year, measure, item, area[0]), Amount()).add(amount)
        return amounts


def _in_all(members, asking):
    """The authorities that answered in each of the collections, for each of them."""
    sets = [members.get(year, set()) for year in asking]
    return dict.fromkeys(asking, frozenset(set.intersection(*sets) if sets else ()))


FIELDS = ("collection__year", "measure", "item", "area_code", "value", "base", "respondents")


def _name(year):
    return Collection(year=year).name


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
        _item(table, key, label, questionnaires)
        for key, label in _rows_of_all_years(table.questionnaire, table.question)
    )


def _collections_with(part, collections):
    """The names of the collections that have a part of the return; of all where no part is meant."""
    if not part:
        return frozenset(collection.name for collection in collections)
    years = Pin.objects.filter(collection__in=collections, part_kind=part).values_list(
        "collection__year", flat=True
    )
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
    version = (
        DefinitionVersion.objects.filter(key=key).order_by("-number").values_list("pk", flat=True).first()
    )
    sections = _content(version)["sections"] if version else ()
    for question in (question for section in sections for question in section["questions"]):
        if question["key"] == code:
            own = {"key": code, "label": question.get("short") or question["label"]}
            return [(row["key"], row["label"]) for row in question.get("rows") or [own]]
    return []


# Pages


SUBJECTS = (
    ("Taking part", ("R01", "R02", "R03", "R04", "R05")),
    ("Children's Trusts", ("T01", "T08", "T09")),
)
LEVEL_NAMES = {
    Level.REGION: "Region",
    Level.SHA: "Strategic health authority",
    Level.LA_TYPE: "Type of authority",
    Level.AUTHORITY: "Local authority",
}


@dataclass(frozen=True)
class TablePage:
    """What the page of a table shows beside its filters."""

    finding: str
    sources: list[str]
    table: pages.PageTable
    chart: pages.Drawing
    chart_for_phones: pages.Drawing
    map: pages.Map
    choice: pages.Choice
    is_unpublished: bool


def readable_collections(table, user):
    """The collections with figures of a table that ``user`` may read, oldest first: published ones, or all for
    analysts; of a table about answers, those that ask its questionnaire.
    """
    found = Collection.objects.filter(pk__in=AreaFigure.objects.readable_by(user).values("collection"))
    if table.is_about_answers:
        found = found.filter(pins__key=table.questionnaire)
    return list(found)


def table_reader(table, form, collections, user):
    """The TableReader for what a form asks for."""
    names = {form.cleaned_data["compare"], form.cleaned_data["year"]}
    shown = [collection for collection in collections if collection.name in names]
    only_common = len(shown) > 1 and form.cleaned_data.get("returns") == "common"
    return TableReader(table, shown, only_common=only_common, user=user)


def table_lines(reader, form):
    """The tidy lines that a form asks for."""
    lines = reader.table.lines(reader.figures(form.level))
    if form.level == Level.AUTHORITY:  # those of both lists in one order
        lines = sorted(lines, key=lambda line: line.area_name)
    if not form.region_slug:
        return lines
    authorities = Organisation.objects.local_authorities().filter(region__slug=form.region_slug)
    codes = set(authorities.values_list("code", flat=True))
    return [line for line in lines if line.area_code in codes]


def table_page(reader, form):
    """Everything a page of a table shows, as a TablePage."""
    table, lines = reader.table, pages.Lines(table_lines(reader, form))
    england = pages.Lines(table.lines(reader.figures(Level.ENGLAND)))
    choice = _choice_of(form, reader)
    where = dict(form.fields["areas"].choices)[form.cleaned_data["areas"]]
    label = england.items.get(choice.item, "")
    of_answers = form.level == Level.AUTHORITY
    charted, charted_as = (
        (england, replace(choice, item="", of_answers=False)) if of_answers else (lines, choice)
    )
    bars = pages.bars(table, charted, charted_as)
    return TablePage(
        finding=pages.finding(
            table, bars, choice, where="England" if of_answers or not label else f"{label}, {where}"
        ),
        sources=_sources(reader),
        table=pages.page_table(
            table,
            lines,
            choice,
            caption=f"Table {table.code}. {table.title}{f': {label}' if label else ''}, {where}, {choice.now}",
            head=LEVEL_NAMES.get(form.level, table.row_name),
            totals=_totals(reader, form, england),
        ),
        chart=pages.drawing(bars, width=740, label_width=420),
        chart_for_phones=pages.drawing(bars, width=320, label_width=0),
        map=_map(reader, form.cleaned_data["item"], england.items),
        choice=choice,
        is_unpublished=any(collection.phase != Phase.PUBLISHED for collection in reader.collections),
    )


def _choice_of(form, reader):
    item = form.cleaned_data["item"] if form.level != Level.ENGLAND else ""
    earlier = reader.names[0] if len(reader.names) > 1 else ""
    return pages.Choice(reader.names[-1], earlier, item, of_answers=form.level == Level.AUTHORITY)


def _sources(reader):
    """As of when, and from how many of how many."""
    latest = reader.collections[-1]
    is_published = latest.phase == Phase.PUBLISHED
    released = f"published {latest.published_on:%-d %B %Y}" if is_published else "not published yet"
    sources = [f"Collection {latest.name}, {released}"]
    if reader.table.is_about_answers:
        expected = len(reader.figures(Level.AUTHORITY).areas[latest.name])
        which = "answered in both years" if reader.only_common else "answered"
        sources.append(f"{len(reader.members.get(latest.name, ()))} of {expected} authorities {which}")
    return sources


def _totals(reader, form, england):
    """The larger areas at the foot of a table by area: the region, then England."""
    if form.level == Level.ENGLAND:
        return []
    larger = [england]
    if form.region_slug:
        code = Region.objects.get(slug=form.region_slug).gss_code
        of_regions = reader.table.lines(reader.figures(Level.REGION))
        larger.insert(0, pages.Lines([line for line in of_regions if line.area_code == code]))
    return larger


def _map(reader, item, labels):
    """The answers of all authorities to one row in the latest collection."""
    main = reader.table.measures[0].key
    answers = {
        line.area_code: line.value
        for line in reader.table.lines(reader.figures(Level.AUTHORITY))
        if (line.item, line.collection, line.measure) == (item, reader.names[-1], main)
    }
    hexagons = _hexagons(answers)
    return pages.answer_map(hexagons, answers, item=labels.get(item, ""), collection=reader.names[-1])


def _hexagons(codes):
    """The cells of the authorities with these codes; a county divided in 2009 fills those of its successors."""
    before = {
        succession.successor_id: succession.predecessor
        for succession in Succession.objects.filter(predecessor__code__in=codes).select_related("predecessor")
    }
    cells = Hexagon.objects.exclude(used_in_list=HexagonList.BEFORE_2009)
    found = []
    for cell in cells.select_related("authority__region"):
        authority = cell.authority if cell.authority.code in codes else before.get(cell.authority_id)
        if authority:
            region = cell.authority.region.name if cell.authority.region else ""
            found.append(HexagonOnMap(authority.code, authority.name, cell.q, cell.r, region))
    return found


# The front page

FRONT_TABLE, FRONT_ITEM = "T09", "j01"  # CAMHS


def front_map():
    """The map of the front page: where child mental health is commissioned jointly, in the newest collection that
    is published and has answers; None where there is none.
    """
    table = TABLES[FRONT_TABLE]
    published = [
        collection
        for collection in readable_collections(table, AnonymousUser())
        if collection.phase == Phase.PUBLISHED
    ]
    if not published:
        return None
    reader = TableReader(table, published[-1:], only_common=False, user=AnonymousUser())
    labels = {item.key: item.label for item in reader.items}
    return _map(reader, FRONT_ITEM, labels) if FRONT_ITEM in labels else None
