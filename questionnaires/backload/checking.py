"""Which response each line belongs to, and whether its value is one that a person could have given on screen."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import Organisation
from mapping.returns.classification import classification
from mapping.returns.models import Collection, Service, ServiceEntry
from mapping.returns.roles import possible_roles
from questionnaires.answer_types import Invalid, Registers
from questionnaires.backload.lines import Line, Refusal, Refused
from questionnaires.case import category_options
from questionnaires.models import Pin
from questionnaires.queries import definition_of


@dataclass(frozen=True)
class Target:
    """The response that lines belong to; ``service`` is a reference, "" for the organisation itself."""

    collection: Collection
    organisation: Organisation
    service: str
    pin: Pin


@dataclass
class Filled:
    """What a file says of one response: cells as stored, fields of the service entry, and its first line."""

    first: Line
    cells: dict = field(default_factory=dict)
    fields: dict = field(default_factory=dict)


# Sorting into responses


class Registered:
    """What lines may name, read once: collections, organisations, areas, and who is asked which question."""

    def __init__(self):
        self.collections = {collection.name: collection for collection in Collection.objects.all()}
        everyone = list(Organisation.objects.exclude(code=None).select_related("region"))
        self.organisations = {organisation.code: organisation for organisation in everyone}
        self.names = {code: organisation.name for code, organisation in self.organisations.items()}
        self.areas = {o.code: o.name for o in everyone if o.is_local_authority}
        self._asked = {}

    def pin(self, collection, question):
        """The Pin of the questionnaire that asks a question in a collection, or None."""
        if collection.pk not in self._asked:
            pins = collection.pins.all()
            self._asked[collection.pk] = {code: pin for pin in pins for code in _codes_of(pin, collection)}
        return self._asked[collection.pk].get(question)


def _codes_of(pin, collection):
    return definition_of(pin.definition_version_id, collection.name).questions


def sorted_lines(lines, registered):
    """Target -> its Lines. Raises Refused with every line whose target cannot be found."""
    targets, refusals = defaultdict(list), []
    for line in lines:
        try:
            targets[_target(line, registered)].append(line)
        except Invalid as error:
            refusals.append(Refusal(line.file, line.number, str(error)))
    if refusals:
        raise Refused(refusals)
    return targets


def _target(line, registered):
    """The response that a line belongs to; raises Invalid with what is wrong about the line."""
    collection = registered.collections.get(line.collection)
    if collection is None:
        raise Invalid(f"There is no collection “{line.collection}”. Write it as 2009/10.")
    organisation = registered.organisations.get(line.organisation)
    if organisation is None:
        raise Invalid(f"No organisation has the GSS or ODS code “{line.organisation}”.")
    pin = registered.pin(collection, line.question)
    if pin is None:
        raise Invalid(f"“{line.question}” is not a question of {collection}.")
    if not set(possible_roles(organisation)) & set(pin.respondents):
        raise Invalid(f"{line.question} is not asked of a {organisation.get_kind_display().lower()}.")
    if (pin.part_kind == "services") != bool(line.service):
        raise Invalid(
            "Name the service by its reference."
            if not line.service
            else "This question is not about a service."
        )
    return Target(collection, organisation, line.service, pin)


# Checking what lines say


class Lists:
    """The services that the organisations of a file have already: identities and entries by reference."""

    def __init__(self, targets):
        organisations = {target.organisation.pk for target in targets}
        services = Service.objects.filter(organisation__in=organisations)
        self.services = {(service.organisation_id, service.reference): service for service in services}
        collections = {target.collection.pk for target in targets}
        entries = ServiceEntry.objects.filter(organisation__in=organisations, collection__in=collections)
        self.entries = {
            (entry.organisation_id, entry.collection_id, entry.service.reference): entry
            for entry in entries.select_related("service", "provider", "carried_from", "collection")
        }

    def entry(self, target):
        return self.entries.get((target.organisation.pk, target.collection.pk, target.service))

    def references(self, organisation):
        return {reference: reference for owner, reference in self.services if owner == organisation.pk}


def parsed(targets, registered, lists):
    """Target -> Filled, each value checked by its answer type as on screen.

    Missing answers are not held against anybody. Raises Refused with every line that cannot be kept.
    """
    filled, refusals, cells = {}, [], {}
    for target, lines in targets.items():
        reader = _Reader(target, registered, lists, cells)
        filled[target] = reader.read(lines)
        refusals += reader.refusals
    if refusals:
        raise Refused(sorted(refusals, key=lambda refusal: (refusal.file, refusal.number)))
    return filled


class _Reader:
    """Reads the lines of one response."""

    def __init__(self, target, registered, lists, cells):
        self.target, self.registered, self.lists = target, registered, lists
        self.entry = lists.entry(target) if target.service else None
        self.known_cells = cells
        self.refusals = []

    def read(self, lines):
        grouped = self._grouped(lines)
        filled = Filled(first=lines[0])
        self.options = self._category_options(grouped)
        for cell, of_cell in grouped.items():
            self._keep(filled, cell, of_cell)
        if self.target.service and self.entry is None:
            self._refuse_nameless(filled)
        return filled

    def _grouped(self, lines):
        """Cell -> its lines: several only where several choices can be made."""
        grouped = defaultdict(list)
        for line in lines:
            cell = self._cell(line)
            if cell is None:
                self._refuse(line, self._unknown_place(line))
            elif grouped[cell] and not _takes_several(cell.field):
                self._refuse(line, f"Line {grouped[cell][0].number} gives this answer already.")
            else:
                grouped[cell].append(line)
        return {cell: of_cell for cell, of_cell in grouped.items() if of_cell}

    def _cell(self, line):
        """The cell of a line; one column need not be named. Looked up once for all responses of a year."""
        key = (self.target.pin.pk, line.question, line.row, line.column)
        if key not in self.known_cells:
            questionnaire = _questionnaire(self.target)
            columns = questionnaire.question(line.question).columns
            column = line.column or (columns[0].key if len(columns) == 1 else "")
            self.known_cells[key] = questionnaire.cell(line.question, line.row, column)
        return self.known_cells[key]

    def _unknown_place(self, line):
        question = _questionnaire(self.target).question(line.question)
        if not question.is_table:
            return f"{line.question} has neither rows nor columns."
        return f"{line.question} has no row “{line.row}” with a column “{line.column}” in {self.target.collection}."

    def _keep(self, filled, cell, lines):
        raw = [line.value for line in lines] if _takes_several(cell.field) else lines[0].value
        try:
            value = cell.field.kind.parse(raw, cell.field, self._registers(cell))
        except Invalid as error:
            self._refuse(lines[0], str(error))
            return
        stored = cell.field.kind.stored(value)
        if cell.question.stored_in:
            self._keep_field(filled, cell, stored, lines[0])
        else:
            filled.cells[cell.id] = stored

    def _keep_field(self, filled, cell, stored, line):
        """An answer that the service entry keeps; of a table, a list of its rows."""
        name = cell.question.stored_in.rpartition(".")[2]
        value = stored.get("v") if stored else None
        if not self.target.service:
            self._refuse(line, f"{line.question} is kept in the register; change it there.")
        elif cell.column:
            filled.fields.setdefault(name, {}).setdefault(cell.row, {})[cell.column] = value
        else:
            filled.fields[name] = value

    def _registers(self, cell):
        if cell.field.type == "service":
            return Registers(services=self.lists.references(self.target.organisation))
        return Registers(
            areas=self.registered.areas,
            organisations=self.registered.names
            if cell.field.type == "org" and not cell.question.stored_in
            else None,
            category_options=self.options,
        )

    def _category_options(self, grouped):
        """The kinds of help of the category that the file, or else the list of services, gives."""
        given = next((lines[0].value for cell, lines in grouped.items() if cell.id == "SVC-A02"), "")
        code = given if given in classification().categories else self.entry.category if self.entry else ""
        return category_options(classification().categories.get(code))

    def _refuse_nameless(self, filled):
        missing = [label for name, label in NEEDED.items() if not filled.fields.get(name)]
        if missing and not self.refusals:
            self._refuse(
                filled.first,
                f"{self.target.organisation} has no service {self.target.service} in {self.target.collection}. "
                f"To add it, give its {' and '.join(missing)}.",
            )

    def _refuse(self, line, reason):
        self.refusals.append(Refusal(line.file, line.number, reason))


NEEDED: Mapping[str, str] = {"name": "name (SVC-A01)", "category": "category (SVC-A02)"}


def _takes_several(field):
    return field.type == "many" or field.multiple


def _questionnaire(target):
    return definition_of(target.pin.definition_version_id, target.collection.name)
