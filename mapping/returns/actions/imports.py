"""Taking a file of services over: kept with the choices made, then saved in one transaction, undone if need be."""

from django.db import transaction
from django.utils import timezone

from mapping.returns.actions.services import (
    NewService,
    add_services,
    edit_entry,
    hold_list,
)
from mapping.returns.importing.columns import FIELDS
from mapping.returns.importing.plan import Outcome
from mapping.returns.models import ColumnMatch, Department, Locality, Service, ServiceEntry, ServiceImport
from mapping.returns.workflow import WrongStatus

LISTING = ("description", "address", "postcode", "telephone", "email", "website")
CONTACT = ("address", "postcode", "telephone", "email", "website")
STRUCTURE = {"department": Department, "locality": Locality}


def start_import(annual_return, *, file_name, content, by):
    """Keep an uploaded file, which somebody has found readable, until it is taken over or dropped."""
    return ServiceImport.objects.create(
        organisation=annual_return.organisation,
        collection=annual_return.collection,
        by=by,
        file_name=file_name[-200:],
        content=content,
    )


@transaction.atomic
def keep_choices(service_import, *, rows, columns):
    """Keep what somebody chose on the preview.

    rows: row number -> what differs from the plan (category, add, same), merged into what is kept already.
    columns: heading -> field ("" leaves it out); remembered for the organisation's next file.
    """
    for number, choice in rows.items():
        kept = service_import.choices.setdefault(str(number), {})
        kept.update(choice)
    service_import.save(update_fields=["choices"])
    for heading, field in columns.items():
        if field in FIELDS or field == "":
            ColumnMatch.objects.update_or_create(
                organisation=service_import.organisation, heading=heading[:120], defaults={"field": field}
            )


@transaction.atomic
def take_over(service_import, annual_return, plan, *, by):
    """Save the plan of an import, all or nothing, and keep what was done so that it can be undone."""
    held = ServiceImport.objects.select_for_update().get(pk=service_import.pk)
    if held.done_at:
        raise WrongStatus("This file has been taken over already.")
    added, updated = add_planned(annual_return, plan, by=by)
    held.done_at = timezone.now()
    held.outcome = {
        "added": [entry.pk for entry in added],
        "updated": updated,
        "left_out": len(plan.rows) - len(added) - len(updated),
    }
    held.suggestions = {}  # megabytes that nobody needs any more
    held.save(update_fields=["done_at", "outcome", "suggestions"])
    return held


def add_planned(annual_return, plan, *, by):
    """Add and update what the plan says; the caller's transaction makes it all or nothing.

    Returns the entries added, and for each entry updated its key with the listing it had before.
    """
    rows = plan.with_outcome(Outcome.ADDED)
    structure = {name: _named(name, model, annual_return, rows) for name, model in STRUCTURE.items()}
    news = [NewService(row.name, row.category, _fields(row.values, structure)) for row in rows]
    added = add_services(annual_return, news, by=by) if news else []
    return added, _update_listed(annual_return, plan.with_outcome(Outcome.UPDATED), by=by)


def _fields(values, structure):
    listing = {name: values[name] for name in LISTING if values.get(name)}
    named = {name: places[values[name][:120]] for name, places in structure.items() if values.get(name)}
    return {"listing": listing, **named}


def _named(field, model, annual_return, rows):
    """Departments or localities by name, those that the rows name for the first time added."""
    wanted = {row.values[field][:120] for row in rows if row.values.get(field)}
    places = model.objects.filter(organisation=annual_return.organisation)
    missing = wanted - set(places.values_list("name", flat=True))
    model.objects.bulk_create(
        model(organisation=annual_return.organisation, name=name) for name in sorted(missing)
    )
    return {place.name: place for place in places.filter(name__in=wanted)}


def _update_listed(annual_return, rows, *, by):
    """Give services that are on the list already the address and contacts of the file."""
    by_reference = {row.listed.reference: row.values for row in rows}
    entries = annual_return.service_entries.filter(service__reference__in=by_reference).select_related(
        "service", "annual_return"
    )
    before = {}
    for entry in entries:
        values = by_reference[entry.reference]
        before[str(entry.pk)] = entry.listing
        contact = {name: values[name] for name in CONTACT if values.get(name)}
        edit_entry(entry, {"listing": {**entry.listing, **contact}}, by=by)
    return before


@transaction.atomic
def undo_import(service_import, annual_return, *, by):
    """Take back what an import has just added and updated. Raises WrongStatus once one of them has answers."""
    held = ServiceImport.objects.select_for_update().get(pk=service_import.pk)
    if not held.done_at or held.outcome.get("undone"):
        raise WrongStatus("There is nothing to undo.")
    hold_list(annual_return, by=by)
    entries = ServiceEntry.objects.filter(pk__in=held.outcome["added"])
    _refuse_used(entries)
    services = list(entries.values_list("service", flat=True))
    entries.delete()
    Service.objects.filter(pk__in=services).delete()
    for entry in annual_return.service_entries.filter(pk__in=held.outcome["updated"]):
        edit_entry(entry, {"listing": held.outcome["updated"][str(entry.pk)]}, by=by)
    held.outcome["undone"] = True
    held.save(update_fields=["outcome"])
    return len(services)


def _refuse_used(entries):
    answered = entries.filter(responses__version__gt=0).values_list("name", flat=True)
    if names := sorted(set(answered)):
        raise WrongStatus(f"{_some(names)} answers by now. Remove the services you do not want one by one.")
    merged = entries.filter(service__merged_from__isnull=False)
    if merged.exists():
        raise WrongStatus("Another service was merged into one of them. Open that one again first.")
    if entries.filter(carried_to__isnull=False).exists():
        raise WrongStatus("They are on next year's list by now.")


def _some(names):
    """``Talkshop has``, ``Talkshop and 2 more have``."""
    return f"{names[0]} has" if len(names) == 1 else f"{names[0]} and {len(names) - 1} more have"
