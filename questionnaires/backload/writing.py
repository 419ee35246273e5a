"""Writes a back-load: a few statements for each response and none for each line."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts import tenancy
from accounts.models import User
from mapping.core import clock
from mapping.returns.actions import ask_partners, open_return, record_event
from mapping.returns.models import Collection, Part, PartKind, ReturnEvent, Service, ServiceEntry
from mapping.returns.workflow import Decision
from questionnaires.actions import SAVED, differing, summarise, take_in
from questionnaires.backload.checking import Lists, Registered, parsed, sorted_lines
from questionnaires.backload.lines import Refusal, Refused
from questionnaires.models import Origin, Response, Revision
from questionnaires.queries import NOTHING, context_of, responses

BATCH = 500


@dataclass(frozen=True)
class Outcome:
    """What a back-load wrote (or would write): responses, changed cells, the events of parts it signed off."""

    lines: int
    responses: int
    changed: int
    events: tuple[ReturnEvent, ...]
    collections: tuple[Collection, ...]


@transaction.atomic
def load_answers(lines, *, by=None, sign_off=False, note="", keep=True):
    """Write the answers of Lines, all or none, and sign the parts off that they fill if ``sign_off``.

    by: the account that answers for it, or else the system's. keep=False checks and writes everything, then takes it
    back (a dry run). Returns the Outcome; the events are for the caller to handle. Raises Refused.
    """
    by = by or User.objects.system_account()
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
    ask_partners(touched)


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
            entry.joint_with = [
                {"organisation": row["organisation"], "part": row.get("part") or ""}
                for row in value.values()
                if row.get("organisation")
            ]
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
    touched, revisions = [], []
    present = _present_responses(filled, parts)
    for target, one in filled.items():
        response = present.get(_response_key(target, parts, lists)) or _new_response(target, parts, lists)
        if changed := differing(response, one.cells, Origin.IMPORT):
            revisions.append(take_in(response, changed, by=by, at=now, origin=Origin.IMPORT))
            changed_cells += len(changed)
        response.saved_at, response.saved_by = now, by
        summarise(response, context_of(response, **({} if compared else {"earlier": NOTHING, "listed": ()})))
        touched.append(response)
    _write(touched, revisions)
    return changed_cells


def _present_responses(filled, parts):
    held = responses().filter(part__in=parts.values(), pin__in={target.pin for target in filled})
    return {
        (response.part_id, response.pin_id, response.service_entry_id): response
        for response in held.select_for_update(of=("self",))
    }


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


def _write(touched, revisions):
    present = [response for response in touched if response.pk]
    Response.objects.bulk_update(present, SAVED, batch_size=BATCH)
    Response.objects.bulk_create([r for r in touched if r.pk is None], batch_size=BATCH)
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
