"""The list of services: adding, changing, closing and merging, for one service or for a whole list."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from mapping.core import clock
from mapping.returns.actions.joint import ask_partners
from mapping.returns.actions.parts import unconfirm_list
from mapping.returns.models import EntryForm, EntryStatus, Part, PartKind, Phase, Service, ServiceEntry
from mapping.returns.querysets import LONG_LIST
from mapping.returns.signals import entry_changed, forms_chosen, list_changed
from mapping.returns.workflow import WrongStatus

# What a lead may change of an entry; the rest follows from closing, merging and carrying forward.
EDITABLE = {
    "name", "category", "sector", "provider", "provider_name", "lead_organisation", "joint_with", "status",
    "is_zero_cost", "merged_into", "status_date", "form", "department", "locality", "listing",
}  # fmt: skip

# What the questions about the organisation depend on: categories without a service, whether it provides any itself.
OWED_BY = {"category", "status", "sector", "provider"}

# Rows that an entry refers to and that its next year's entry refers to as well.
CARRIED_ROWS = ("provider", "lead_organisation", "department", "locality")
CARRIED_FIELDS = ("sector", "provider_name", "joint_with", "is_zero_cost", "form", "listing")


@dataclass(frozen=True)
class NewService:
    """A service to be added: the fields of its entry that are known, and last year's entry if it has one.

    continues_id: of the service of a predecessor that it was.
    """

    name: str
    category: str
    fields: dict = field(default_factory=dict)
    service: Service | None = None
    carried_from: ServiceEntry | None = None
    continues_id: int | None = None


def add_service(annual_return, new, *, by):
    """Add one service to the list and return its entry."""
    return add_services(annual_return, [new], by=by)[0]


@transaction.atomic
def add_services(annual_return, news, *, by):
    """Add services to the list of a return, all or none; returns their entries in the same order."""
    part = hold_list(annual_return, by=by)
    services = _services_for(part.organisation, news)
    defaults = {"sector": "inhouse", "provider": part.organisation, "lead_organisation": part.organisation}
    entries = ServiceEntry.objects.bulk_create(
        ServiceEntry(
            organisation=part.organisation,
            collection=part.collection,
            annual_return=annual_return,
            service=service,
            name=new.name,
            category=new.category,
            carried_from=new.carried_from,
            **{**defaults, **new.fields},
        )
        for service, new in zip(services, news, strict=True)
    )
    ask_partners(entries)
    list_changed.send(ServiceEntry, annual_return=annual_return)
    return entries


def _services_for(organisation, news):
    """The identity of each new service: its present one, or a new one with the next free reference."""
    number = _highest_number(organisation)
    services = []
    for new in news:
        if new.service is None:
            number += 1
        fresh = Service(organisation=organisation, reference=f"S{number:04d}", continues_id=new.continues_id)
        services.append(new.service or fresh)
    Service.objects.bulk_create([service for service in services if service.pk is None])
    return services


def _highest_number(organisation):
    numbered = Service.objects.filter(organisation=organisation, reference__regex=r"^S\d+$")
    highest = numbered.aggregate(n=Max(Cast(Substr("reference", 2), IntegerField())))
    return highest["n"] or 0


@transaction.atomic
def edit_entry(entry, changes, *, by):
    """Change fields of an entry. ``changes``: field name -> value, of those in EDITABLE only."""
    if unknown := changes.keys() - EDITABLE:
        raise ValueError(f"not fields of an entry that may change: {sorted(unknown)}")
    _refuse_outside_set_up(_held_part_of(entry.annual_return))
    for name, value in changes.items():
        setattr(entry, name, value)
    entry.save(update_fields=sorted(changes))
    ask_partners([entry])
    entry_changed.send(ServiceEntry, entry=entry)
    if changes.keys() & OWED_BY:
        list_changed.send(ServiceEntry, annual_return=entry.annual_return)
    return entry


@transaction.atomic
def choose_form(annual_return, form, *, by):
    """Ask all open services of a long list the full or the short form; returns how many had the other one.

    Raises WrongStatus where the list is closed, or too short for the short form. What was answered is kept.
    """
    part = _held_part_of(annual_return)
    _refuse_outside_set_up(part)
    entries = annual_return.service_entries.open()
    if form == EntryForm.SHORT and not entries.is_long():
        raise WrongStatus(f"The short form is for lists of more than {LONG_LIST} services.")
    changed = entries.exclude(form=form).update(form=form)
    forms_chosen.send(ServiceEntry, annual_return=annual_return)
    return changed


@transaction.atomic
def close_entry(entry, *, on, by):
    """The service has closed since last year; only its closing date is still asked."""
    hold_list(entry.annual_return, by=by)
    Service.objects.filter(pk=entry.service_id).update(merged_into=None)
    return edit_entry(entry, {"status": EntryStatus.CLOSED, "status_date": on, "merged_into": None}, by=by)


@transaction.atomic
def merge_entry(entry, into, *, on, by):
    """The service has become part of ``into``, an open entry of the same list. Raises WrongStatus otherwise."""
    if into.pk == entry.pk or into.is_gone or into.annual_return_id != entry.annual_return_id:
        raise WrongStatus("Choose another service that is open and on the same list.")
    hold_list(entry.annual_return, by=by)
    Service.objects.filter(pk=entry.service_id).update(merged_into=into.service)
    changes = {"status": EntryStatus.MERGED, "status_date": on, "merged_into": into.service}
    return edit_entry(entry, changes, by=by)


@transaction.atomic
def open_entry_again(entry, *, by):
    """Take the closing or merging of this year back."""
    hold_list(entry.annual_return, by=by)
    Service.objects.filter(pk=entry.service_id).update(merged_into=None)
    return edit_entry(entry, {"status": EntryStatus.OPEN, "status_date": None, "merged_into": None}, by=by)


@transaction.atomic
def remove_entry(entry, *, by):
    """Take an entry that was added by mistake off the list; raises WrongStatus once it has answers or a past."""
    hold_list(entry.annual_return, by=by)
    if entry.carried_from_id or entry.responses.exclude(version=0).exists():
        raise WrongStatus("This service has answers or was mapped last year. Close it instead.")
    service = entry.service
    if service.merged_from.exists():
        raise WrongStatus("Another service was merged into this one. Open that one again first.")
    entry.delete()
    service.delete()
    list_changed.send(ServiceEntry, annual_return=entry.annual_return)


@transaction.atomic
def carry_list_forward(annual_return, *, by):
    """Put the open services of the organisation's last list that are not on this one yet on it.

    That is last year's list, or an older one where the organisation missed a year. Returns the new entries.
    """
    last_list = ServiceEntry.objects.to_carry_into(annual_return).select_related("service", *CARRIED_ROWS)
    return add_services(
        annual_return, [_carried(entry) for entry in last_list.order_by("service__reference")], by=by
    )


def _carried(entry):
    return NewService(
        name=entry.name,
        category=entry.category,
        fields={name: getattr(entry, name) for name in (*CARRIED_ROWS, *CARRIED_FIELDS)},
        service=entry.service,
        carried_from=entry,
    )


@transaction.atomic
def inherit_list(annual_return, chosen, *, by):
    """Put services of predecessors on the list of their successor; returns the new entries.

    chosen: ids of entries that ``to_inherit_into`` offers; others are left out. Each becomes a service of the
    successor's own that says which one it continues. Departments and localities stay behind: they were the
    predecessor's structure.
    """
    offered = ServiceEntry.objects.to_inherit_into(annual_return).filter(pk__in=chosen)
    offered = offered.select_related("provider", "lead_organisation").order_by("name", "pk")
    return add_services(annual_return, [_inherited(entry, annual_return) for entry in offered], by=by)


def _inherited(entry, annual_return):
    """An entry of a predecessor as a new service; what the predecessor provided or led, the successor does now."""
    fields = {name: getattr(entry, name) for name in CARRIED_FIELDS}
    for name in ("provider", "lead_organisation"):
        taken_over = getattr(entry, f"{name}_id") == entry.organisation_id
        fields[name] = annual_return.organisation if taken_over else getattr(entry, name)
    return NewService(
        name=entry.name,
        category=entry.category,
        fields=fields,
        carried_from=entry,
        continues_id=entry.service_id,
    )


@transaction.atomic
def rename_structure(model, annual_return, names):
    """Make the departments or localities of an organisation be ``names``; those in use stay. Returns those kept."""
    organisation = annual_return.organisation
    wanted = {name.strip() for name in names if name.strip()}
    present = set(model.objects.filter(organisation=organisation).values_list("name", flat=True))
    model.objects.bulk_create(
        [model(organisation=organisation, name=name) for name in sorted(wanted - present)]
    )
    model.objects.filter(organisation=organisation, entries=None).exclude(name__in=wanted).delete()
    return model.objects.filter(organisation=organisation)


def hold_list(annual_return, *, by):
    """The services part, held for a change of its list; a confirmed list has to be confirmed again."""
    part = _held_part_of(annual_return)
    _refuse_outside_set_up(part)
    return unconfirm_list(part, by=by) if part.list_confirmed_at else part


def _held_part_of(annual_return):
    """The services part, held so that nobody decides about it until the transaction ends."""
    parts = Part.objects.select_for_update(of=["self"])
    parts = parts.select_related("annual_return", "collection", "organisation")
    part = parts.filter(annual_return=annual_return, kind=PartKind.SERVICES).first()
    if part is None:
        raise WrongStatus(f"{annual_return} has no services part.")
    return part


def why_list_is_closed(part):
    """Why the list of a services part cannot change now, in words for its lead; empty while it can.

    It may change from registration until data entry has closed for the organisation.
    """
    if not part.is_unlocked:
        return f"The services part is {part.get_decision_display().lower()}; its list cannot change."
    if part.annual_return.is_declined:
        return "This organisation has declined to take part in this collection."
    if part.collection.phase == Phase.BEFORE_REGISTRATION:
        return f"Set-up begins on {part.collection.registration_opens:%-d %B %Y}."
    if clock.today() > part.closes_on:
        return f"Data entry closed on {part.closes_on:%-d %B %Y}. Ask the helpdesk for more time."
    return ""


def _refuse_outside_set_up(part):
    if reason := why_list_is_closed(part):
        raise WrongStatus(reason)
