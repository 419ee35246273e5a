"""Answers in bulk, from files of earlier years: read, checked as on screen, written all or not at all.

A line says what one cell holds: ``collection,organisation,service,question,row,column,value``. Lines are first
sorted into responses (`sorted_lines`), then parsed against the definitions (`parsed`), then written by a few
statements for each response and none for each line (`load_answers`).
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from accounts import tenancy
from accounts.models import Organisation, User
from mapping.core import clock
from mapping.returns.actions import open_return, record_event
from mapping.returns.classification import classification
from mapping.returns.models import Collection, Part, PartKind, ReturnEvent, Service, ServiceEntry
from mapping.returns.workflow import Decision
from questionnaires.actions import SAVED, record_summary
from questionnaires.answer_types import Invalid, Registers
from questionnaires.evaluation import category_options, evaluate
from questionnaires.models import Origin, Pin, Response, Revision
from questionnaires.queries import context_of, definition_of, explanations_of, questionnaire_of

HEADER = ("collection", "organisation", "service", "question", "row", "column", "value")
SYSTEM_ACCOUNT = "back-load@system.invalid"
BATCH = 500


@dataclass(frozen=True)
class Line:
    """One line of a file; ``number`` counts from 1, the header."""

    file: str
    number: int
    collection: str
    organisation: str
    service: str
    question: str
    row: str
    column: str
    value: str


@dataclass(frozen=True)
class Refusal:
    """Why a line cannot be taken."""

    file: str
    number: int
    reason: str

    def __str__(self):
        return f"{self.file}, line {self.number}: {self.reason}"


class Refused(Exception):
    """Some lines cannot be taken, so none was. ``refusals`` names each, in the order of the files."""

    def __init__(self, refusals):
        super().__init__(f"{len(refusals)} lines were refused")
        self.refusals = refusals


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


@dataclass(frozen=True)
class Outcome:
    """What a back-load wrote (or would write): responses, changed cells, the events of parts it signed off."""

    lines: int
    responses: int
    changed: int
    events: tuple[ReturnEvent, ...]
    collections: tuple[Collection, ...]


# Reading


def read_lines(path):
    """The Lines of a CSV file in UTF-8. Raises Refused for another header or encoding."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return list(_lines(csv.reader(file, strict=True), path.name))
    except UnicodeDecodeError as error:
        raise Refused([Refusal(path.name, 1, "The file is not in UTF-8.")]) from error
    except csv.Error as error:
        raise Refused([Refusal(path.name, 1, f"The file is not a CSV file: {error}.")]) from error


def _lines(reader, name):
    header = next(reader, [])
    if tuple(header) != HEADER:
        raise Refused([Refusal(name, 1, f"The header has to be {','.join(HEADER)}.")])
    number = reader.line_num + 1
    for row in reader:
        if row and len(row) != len(HEADER):
            raise Refused([Refusal(name, number, f"{len(row)} columns instead of {len(HEADER)}.")])
        if row:
            yield Line(name, number, *(text.strip() for text in row))
        number = reader.line_num + 1


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
    if organisation.kind not in pin.respondents:
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
            for entry in entries.select_related("service", "provider", "carried_from")
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


# Writing


@transaction.atomic
def load_answers(lines, *, by=None, sign_off=False, note="", keep=True):
    """Write the answers of Lines, all or none, and sign the parts off that they fill if ``sign_off``.

    by: the account that answers for it, or else the system's. keep=False checks and writes everything, then takes it
    back (a dry run). Returns the Outcome; the events are for the caller to handle. Raises Refused.
    """
    by = by or system_account()
    registered = Registered()
    targets = sorted_lines(lines, registered)
    with tenancy.scope(*{target.organisation for target in targets}):
        lists = Lists(targets)
        filled = parsed(targets, registered, lists)
        parts = _parts_of(filled, sign_off)
        _write_entries(filled, parts, lists, registered)
        changed = _write_responses(filled, parts, lists, by=by, compared=not sign_off)
        events = _sign_off(parts, by=by, note=note) if sign_off else ()
    if not keep:
        transaction.set_rollback(True)
    return Outcome(
        lines=len(lines),
        responses=len(filled),
        changed=changed,
        events=tuple(events),
        collections=tuple({target.collection for target in filled}),
    )


def system_account():
    """The account of back-loads without a person: it has no password and is not active, so nobody signs in as it."""
    account, made = User.objects.get_or_create(
        email=SYSTEM_ACCOUNT, defaults={"name": "Back-load", "is_system": True, "is_active": False}
    )
    if made:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    return account


def _parts_of(filled, sign_off):
    """(organisation, collection, kind) -> the Part, held for this transaction; returns are opened where needed.

    Raises Refused, by the first line of each, for parts that take no answers: submitted, signed off by a director, or
    of a return that was declined. A part that a back-load signed off takes a further back-load.
    """
    wanted = {_part_key(target): one.first for target, one in reversed(filled.items())}
    for organisation, collection in {(t.organisation, t.collection) for t in filled}:
        open_return(organisation, collection)
    held = (
        Part.objects.filter(
            organisation__in={key[0] for key in wanted}, collection__in={key[1] for key in wanted}
        )
        .select_for_update(of=("self",))
        .select_related("annual_return", "collection", "organisation")
        .order_by("pk")
    )
    parts = {
        key: part for part in held if (key := (part.organisation_id, part.collection_id, part.kind)) in wanted
    }
    loaded = _signed_off_by_back_load(parts.values()) if sign_off else set()
    refusals = [
        Refusal(wanted[key].file, wanted[key].number, reason)
        for key, part in parts.items()
        if (reason := _why_not(part, loaded))
    ]
    if refusals:
        raise Refused(sorted(refusals, key=lambda refusal: (refusal.file, refusal.number)))
    return parts


def _part_key(target):
    return target.organisation.pk, target.collection.pk, target.pin.part_kind


def _signed_off_by_back_load(parts):
    """Ids of the parts whose latest decision was a back-load."""
    decisions = ReturnEvent.objects.filter(part__in=parts, kind__in=DECISIONS).order_by("recorded_at", "pk")
    latest = dict(decisions.values_list("part", "kind"))
    return {part for part, kind in latest.items() if kind == ReturnEvent.Kind.BACK_LOADED}


DECISIONS = ("submitted", "sent_back", "signed_off", "back_loaded", "reopened")


def _why_not(part, loaded):
    if part.annual_return.is_declined:
        return f"{part.organisation} declined to take part in {part.collection}."
    if not part.is_unlocked and part.pk not in loaded:
        decision = part.get_decision_display().lower()
        whose = f"{part.organisation} for {part.collection}"
        return f"The {part.kind} part of {whose} is {decision}: its answers are locked."
    return ""


def _write_entries(filled, parts, lists, registered):
    """Add the services that the file names and the lists lack; keep the fields of all of them."""
    new = {target: one for target, one in filled.items() if target.service and lists.entry(target) is None}
    _add_identities(new, lists)
    _add_entries(new, parts, lists)
    for target, one in filled.items():
        if one.fields:
            _set_fields(lists.entry(target), one.fields, lists, registered)
    touched = [lists.entry(target) for target, one in filled.items() if one.fields]
    ServiceEntry.objects.bulk_update(touched, ENTRY_FIELDS, batch_size=BATCH)


ENTRY_FIELDS = (
    "name", "category", "sector", "provider", "provider_name", "lead_organisation", "joint_with", "status",
    "is_zero_cost", "merged_into", "status_date",
)  # fmt: skip


def _add_identities(new, lists):
    """A Service for each reference that the organisation has not used yet."""
    wanted = {(target.organisation.pk, target.service) for target in new} - lists.services.keys()
    made = Service.objects.bulk_create(
        [Service(organisation_id=owner, reference=reference) for owner, reference in sorted(wanted)]
    )
    lists.services |= {(service.organisation_id, service.reference): service for service in made}


def _add_entries(new, parts, lists):
    """An entry for each service in its collection; fields that the file does not give are the organisation's own."""
    made = [
        ServiceEntry(
            organisation=target.organisation,
            collection=target.collection,
            annual_return=parts[_part_key(target)].annual_return,
            service=lists.services[target.organisation.pk, target.service],
            name=one.fields["name"],
            category=one.fields["category"],
            sector="inhouse",
            provider=target.organisation,
            lead_organisation=target.organisation,
        )
        for target, one in new.items()
    ]
    for entry in ServiceEntry.objects.bulk_create(made, batch_size=BATCH):
        lists.entries[entry.organisation_id, entry.collection_id, entry.service.reference] = entry


def _set_fields(entry, fields, lists, registered):
    """Put answers that the model keeps where it keeps them."""
    for name, value in fields.items():
        if name == "provider":
            entry.provider = registered.organisations.get(value)
            entry.provider_name = "" if entry.provider else value or ""
        elif name == "lead_organisation":
            entry.lead_organisation = registered.organisations.get(value)
        elif name == "merged_into":
            entry.merged_into = lists.services.get((entry.organisation_id, value))
        elif name == "joint_with":
            entry.joint_with = list(value.values())
        elif name == "is_zero_cost":
            entry.is_zero_cost = {"yes": True, "no": False}.get(value)
        else:
            setattr(entry, name, date.fromisoformat(value) if name == "status_date" and value else value)


def _write_responses(filled, parts, lists, *, by, compared):
    """Write the cells of every response with one revision each; returns how many cells have changed.

    A cell that the file does not list stays as it is, which is blank where nobody has answered it. compared: whether
    last year's answers and the other services count in where a response stands.
    """
    now, changed_cells = clock.now(), 0
    responses, revisions = [], []
    present = _present_responses(filled, parts)
    for target, one in filled.items():
        response = present.get(_response_key(target, parts, lists)) or _new_response(target, parts, lists)
        changed = _differences(response, one.cells)
        if changed:
            revisions.append(_revision(response, changed, by=by, at=now))
            changed_cells += len(changed)
        response.saved_at, response.saved_by = now, by
        _summarise(response, compared)
        responses.append(response)
    _write(responses, revisions)
    return changed_cells


def _present_responses(filled, parts):
    held = Response.objects.filter(part__in=parts.values(), pin__in={target.pin for target in filled})
    return {
        (response.part_id, response.pin_id, response.service_entry_id): response
        for response in held.select_for_update(of=("self",)).select_related(
            "organisation", "pin", "part__collection", "part__annual_return", "service_entry__service",
            "service_entry__provider", "service_entry__carried_from", "service_entry__organisation",
            "service_entry__lead_organisation", "service_entry__merged_into",
        )
    }  # fmt: skip


def _response_key(target, parts, lists):
    entry = lists.entry(target) if target.service else None
    return parts[_part_key(target)].pk, target.pin.pk, entry.pk if entry else None


def _new_response(target, parts, lists):
    return Response(
        organisation=target.organisation,
        part=parts[_part_key(target)],
        pin=target.pin,
        service_entry=lists.entry(target) if target.service else None,
    )


def _differences(response, cells):
    """Change the cells of a response; returns cell -> [kept, new] of those whose value differs."""
    changed = {}
    for cell, stored in cells.items():
        kept = response.cells.get(cell)
        if stored is None and kept:
            del response.cells[cell]
            changed[cell] = [kept, None]
        elif stored is not None and (
            kept is None or any(kept.get(key) != stored.get(key) for key in ("v", "s"))
        ):
            response.cells[cell] = {**stored, "o": Origin.IMPORT.value}
            changed[cell] = [kept, response.cells[cell]]
    return changed


def _revision(response, changed, *, by, at):
    response.version += 1
    return Revision(
        organisation_id=response.organisation_id,
        response=response,
        number=response.version,
        changed=changed,
        origin=Origin.IMPORT,
        by=by,
        at=at,
    )


def _summarise(response, compared):
    """Recompute where a response stands, as every save does."""
    context = context_of(response) if compared else context_of(response, last_year={}, peers=())
    explanations = explanations_of(response) if response.pk else {}
    record_summary(response, evaluate(questionnaire_of(response), response.cells, context, explanations))


def _write(responses, revisions):
    new = [response for response in responses if response.pk is None]
    Response.objects.bulk_create(new, batch_size=BATCH)
    Response.objects.bulk_update([r for r in responses if r not in new], SAVED, batch_size=BATCH)
    Revision.objects.bulk_create(revisions, batch_size=BATCH)


def _sign_off(parts, *, by, note):
    """Sign every part off in the name of ``by``, with an event that says it was a back-load."""
    now = clock.now()
    for part in parts.values():
        part.decision, part.decided_at = Decision.SIGNED_OFF.value, now
        if part.kind == PartKind.SERVICES and part.list_confirmed_at is None:
            part.list_confirmed_at, part.list_confirmed_by = now, by
    fields = ["decision", "decided_at", "list_confirmed_at", "list_confirmed_by"]
    Part.objects.bulk_update(parts.values(), fields, batch_size=BATCH)
    return [
        record_event(part.annual_return, ReturnEvent.Kind.BACK_LOADED, by=by, part=part, note=note)
        for part in parts.values()
    ]
