"""Opening responses: a questionnaire is there for whoever has to answer it, with what is known already."""

from django.db import transaction

from mapping.core import clock
from mapping.returns.models import Part, ServiceEntry
from questionnaires.actions.writing import BATCH, carried_over, stamped, summarise, take_in
from questionnaires.answer_types import Invalid
from questionnaires.cells import split_cell_id
from questionnaires.models import Origin, Response, Revision
from questionnaires.queries.earlier import earlier_of_many
from questionnaires.queries.reading import (
    RELATED_TO_ENTRY,
    context_of,
    listed_peers,
    questionnaire_of,
    responses,
)


def open_response(part, pin, *, by, service_entry=None):
    """The response of ``part`` to a pinned questionnaire, for a service or for the organisation itself."""
    return open_responses(part, pin, [service_entry], by=by)[0]


@transaction.atomic
def open_responses(part, pin, entries, *, by):
    """The responses of ``part`` to a pinned questionnaire, made with earlier answers where they are not there yet.

    entries: service entries of one return, or [None] for a questionnaire of the organisation; the responses come in
    their order. Carried answers stand with the origin *carried* and count as missing until confirmed; what an
    imported directory said of the service stands with the origin *import*. As many statements for 300 as for one.
    """
    found = _present(part, pin, entries)
    if missing := [entry for entry in entries if _key(entry) not in found]:
        Part.objects.select_for_update(no_key=True).get(pk=part.pk)  # so that two people do not make the same
        found |= _present(part, pin, missing)
        found |= _made(part, pin, [entry for entry in missing if _key(entry) not in found], by=by)
    return [found[_key(entry)] for entry in entries]


def _key(entry):
    return entry and entry.pk


def _present(part, pin, entries):
    """The responses that are there already: id of the service entry, or None -> Response."""
    rows = responses().filter(part=part, pin=pin)
    if None not in entries:
        rows = rows.filter(service_entry__in=entries)
    return {response.service_entry_id: response for response in rows}


def _made(part, pin, entries, *, by):
    """New responses by the id of their service entry, written with their first revisions."""
    chosen = ServiceEntry.objects.filter(pk__in=[entry.pk for entry in entries if entry])
    full = {entry.pk: entry for entry in chosen.select_related(*RELATED_TO_ENTRY)}
    made = {
        _key(entry): Response(
            organisation=part.organisation, part=part, pin=pin, service_entry=full.get(_key(entry))
        )
        for entry in entries
    }
    revisions = _begun(part, pin, made.values(), by=by)
    Response.objects.bulk_create(made.values(), batch_size=BATCH)
    Revision.objects.bulk_create(revisions, batch_size=BATCH)
    return made


def _begun(part, pin, new, *, by):
    """Fill new responses with what is known and evaluate them; returns the Revisions of those that got answers."""
    earlier_for = earlier_of_many(part, pin, [response.service_entry for response in new])
    peers, now, revisions = listed_peers(part.annual_return_id), clock.now(), []
    for response in new:
        entry, questionnaire = response.service_entry, questionnaire_of(response)
        earlier = earlier_for(entry, questionnaire)
        listed = stamped(_from_listing(entry, questionnaire), Origin.IMPORT)
        carried = carried_over(questionnaire, earlier)
        if known := listed | carried:
            changed = {cell: (None, kept) for cell, kept in known.items()}
            origin = Origin.CARRIED if carried else Origin.IMPORT
            revisions.append(take_in(response, changed, by=by, at=now, origin=origin))
        summarise(response, context_of(response, earlier=earlier, listed=peers))
    return revisions


# Which answer a column of an imported directory is.
LISTING = {
    "description": "SVC-A05",
    "telephone": "SVC-A16",
    "email": "SVC-A17",
    "website": "SVC-A18",
    "name": "SVC-D01|r1|name",
    "address": "SVC-D01|r1|address",
    "postcode": "SVC-D01|r1|postcode",
}


def _from_listing(entry, questionnaire):
    """Answers that an imported directory gives already; what is not a valid answer is left to people."""
    if entry is None or not entry.listing:
        return {}
    known = {**entry.listing, "name": entry.name if entry.listing.get("postcode") else ""}
    read = {
        cell: _read(questionnaire.cell(*split_cell_id(cell)), known.get(name))
        for name, cell in LISTING.items()
    }
    return {cell: stored for cell, stored in read.items() if stored}


def _read(cell, text):
    """The stored answer that a text of a directory is; None where it is none, or nothing asks for it."""
    if cell is None:
        return None
    try:
        return cell.field.kind.stored(cell.field.kind.parse(text, cell.field))
    except Invalid:
        return None
