"""Finding a return and what may be done with it now."""

from dataclasses import dataclass

from django.db.models import Count, Max

from mapping.returns.models import AnnualReturn, Part, ServiceEntry, name_of
from mapping.returns.roles import possible_roles


def respondents_of(organisation):
    """The roles (``LA``, ``PCTP``...) in which the organisation may enter services, as a set."""
    return set(possible_roles(organisation))


def return_of(user, organisation, collection):
    """The organisation's return of a collection as ``user`` may see it, or None."""
    returns = AnnualReturn.objects.visible_to(user).select_related("organisation", "collection")
    return returns.filter(organisation=organisation, collection=collection).first()


def services_part_of(annual_return):
    """The part that holds the list of services, or None for a return that owes none."""
    parts = Part.objects.select_related("annual_return", "collection", "organisation", "list_confirmed_by")
    return parts.filter(annual_return=annual_return, kind="services").first()


def parts_of(annual_return):
    """All parts of a return with progress and problems, services first."""
    order = {"services": 0, "finance": 1, "organisation": 2}
    parts = Part.objects.filter(annual_return=annual_return).select_related("annual_return", "collection")
    return sorted(parts.with_progress().with_problems(), key=lambda part: order[part.kind])


@dataclass(frozen=True)
class ToCarry:
    """How many services of the last list are not on this one, and of which year ("2008/09") that list is."""

    count: int = 0
    year: str = ""
    is_last_year: bool = True

    def __bool__(self):
        return self.count > 0

    @property
    def of(self):
        """``last year``, or ``2006/07`` where the organisation missed a year."""
        return "last year" if self.is_last_year else self.year


def to_carry(annual_return):
    """What of the organisation's last list is not on this year's."""
    rows = ServiceEntry.objects.to_carry_into(annual_return)
    found = rows.aggregate(count=Count("pk"), year=Max("collection__year"))
    if not found["count"]:
        return ToCarry()
    is_last_year = found["year"] == annual_return.collection.year - 1
    return ToCarry(found["count"], name_of(found["year"]), is_last_year)


def to_inherit(annual_return):
    """The services of predecessors that the successor may bring over: entries, by predecessor and name."""
    rows = ServiceEntry.objects.to_inherit_into(annual_return).select_related("organisation", "collection")
    return list(rows.order_by("organisation__name", "category", "name", "pk"))


def other_years(user, annual_return):
    """The organisation's returns of other collections, newest first."""
    returns = AnnualReturn.objects.visible_to(user).filter(organisation=annual_return.organisation_id)
    return list(returns.exclude(pk=annual_return.pk).select_related("collection"))


def predecessors_of(entries):
    """The names of the organisations that entries are of, each once."""
    return list(dict.fromkeys(str(entry.organisation) for entry in entries))
