"""The lists of services over three years: how they begin, are carried forward and change."""

from datetime import date

from django.db.models import Q

from mapping.returns.actions import (
    add_services,
    carry_list_forward,
    close_entry,
    edit_entry,
    inherit_list,
    merge_entry,
    open_return,
)
from mapping.returns.models import Department, EntryStatus, Locality, ServiceEntry
from reports.demo.days import on
from reports.demo.services import kinds_for, new_service

DEPARTMENTS = (
    "Children's social care", "Commissioning and performance", "Early intervention", "Education and learning",
)  # fmt: skip
CHANGING = 14  # a list this long changes from year to year: one service opens in each year after its first
FIRST, LAST = 2007, 2009
TAKEN_OVER = 8  # so many services of a predecessor are on the list of its successor already


class Lists:
    """The entries of each organisation by year, and what kind of service each is."""

    def __init__(self):
        self.returns = {}
        self.entries = {}
        self.kinds = {}

    def open(self, member, collection, day):
        """The organisation registers on a day."""
        with on(day):
            annual_return = open_return(member.organisation, collection)
        parts = {part.kind: part for part in annual_return.parts.select_related("collection", "organisation")}
        for part in parts.values():
            part.annual_return = annual_return
        self.returns[member.slug, collection.year] = annual_return, parts
        self.entries[member.slug, collection.year] = []
        return annual_return, parts

    def set_up(self, member, collection, day):
        """This year's list: the one before if there is one, with what is new, closed and merged."""
        annual_return, _ = self.returns[member.slug, collection.year]
        with on(day):
            if any(self.entries.get((member.slug, year)) for year in range(FIRST, collection.year)):
                listed = self._carried(member, annual_return, collection.year)
            else:
                listed = self._begun(member, annual_return, collection.year)
        self.entries[member.slug, collection.year] = listed
        return listed

    def kind_of(self, entry):
        return self.kinds[entry.service_id]

    def open_entries(self, member, year):
        """The entries that owe answers."""
        return [entry for entry in self.entries[member.slug, year] if not entry.is_gone]

    def _begun(self, member, annual_return, year):
        """A first list; a successor takes over some services of its predecessor and has not looked at the others."""
        offered = ServiceEntry.objects.to_inherit_into(annual_return).order_by("service__reference")
        elsewhere = ~Q(locality=None) & ~Q(locality__name__in=member.area.places)
        chosen = [entry.pk for entry in offered.exclude(elsewhere)[:TAKEN_OVER]]
        inherited = inherit_list(annual_return, chosen, by=member.cast.lead)
        for entry in inherited:
            self.kinds[entry.service_id] = self.kinds[entry.carried_from.service_id]
        known = {entry.name for entry in (*inherited, *offered)}
        kinds = kinds_for(member)
        to_come = LAST - year if len(kinds) >= CHANGING else 0
        fresh = [kind for kind in kinds[: len(kinds) - to_come] if kind.name not in known]
        return inherited + self._added(member, annual_return, fresh)

    def _added(self, member, annual_return, kinds, **more):
        structure = self._structure(member)
        news = [new_service(kind, member, structure) for kind in kinds]
        for new in news:
            new.fields.update(more)
        return self.added(annual_return, news, kinds, by=member.cast.lead)

    def added(self, annual_return, news, kinds, *, by):
        """New services on a list, each of its kind; returns their entries."""
        entries = add_services(annual_return, news, by=by)
        self.kinds.update({entry.service_id: kind for entry, kind in zip(entries, kinds, strict=True)})
        return entries

    def _structure(self, member):
        """The organisation's departments and localities, made when its first list is."""
        organisation = member.organisation
        if not organisation.is_local_authority:
            return [], []
        if not organisation.departments.exists():
            Department.objects.bulk_create(
                Department(organisation=organisation, name=name) for name in DEPARTMENTS
            )
            Locality.objects.bulk_create(
                Locality(organisation=organisation, name=place) for place in member.area.places
            )
        return list(organisation.departments.all()), list(organisation.localities.all())

    def _carried(self, member, annual_return, year):
        listed = list(carry_list_forward(annual_return, by=member.cast.lead))
        kinds = kinds_for(member)
        if len(kinds) < CHANGING:
            return listed
        new = kinds[len(kinds) - 1 - (LAST - year)]
        opened = {"status": EntryStatus.OPENED, "status_date": date(year, 9, 1)}
        listed += self._added(member, annual_return, [new], **opened)
        if year == 2008:
            close_entry(listed[-4], on=date(2008, 7, 31), by=member.cast.lead)
        else:
            self._end_some(listed, member)
        return listed

    def _end_some(self, listed, member):
        """In 2009 one service merges into another of its kind, and one stops for some time."""
        pairs = ((e, into) for e in reversed(listed[:-1]) for into in listed if e.category == into.category)
        merged, into = next((e, into) for e, into in pairs if e is not into)
        merge_entry(merged, into, on=date(2009, 6, 30), by=member.cast.lead)
        if len(listed) > 2 * CHANGING:
            edit_entry(listed[-8], {"status": EntryStatus.SUSPENDED}, by=member.cast.lead)
