"""Finding a return and what may be done with it now."""

from mapping.returns.models import AnnualReturn, Part, ServiceEntry
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


def to_carry(annual_return):
    """How many of last year's services are not on this year's list."""
    return ServiceEntry.objects.to_carry_into(annual_return).count()


def other_years(user, annual_return):
    """The organisation's returns of other collections, newest first."""
    returns = AnnualReturn.objects.visible_to(user).filter(organisation=annual_return.organisation_id)
    return list(returns.exclude(pk=annual_return.pk).select_related("collection"))
