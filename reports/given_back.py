"""What a lead gets back at once: one figure from the services that are complete, beside region and England."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import IntegerField, Sum
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from mapping.returns.models import Collection
from mapping.returns.workflow import Progress
from questionnaires.models import Response
from reports.models import AreaFigure, Level
from reports.profiles.comparison import FEWEST_AUTHORITIES

# Waits of the new cases of November (question F07): up to 4, 13, 18, 26 weeks and longer; "not known" left out.
WAITS = ("w1", "w2", "w3", "w4", "w5")
WITHIN_13_WEEKS = ("w1", "w2")
FEWEST_CHILDREN = 10


@dataclass(frozen=True)
class Bar:
    """One bar of the comparison: share in percent, exact."""

    name: str
    share: Decimal
    own: bool = False


@dataclass(frozen=True)
class GivenBack:
    """Share of new cases seen within 13 weeks (indicator A08i): own draft, then region and England of a year."""

    services: int
    bars: tuple[Bar, ...]
    compared_with: Collection | None


def given_back(annual_return, user):
    """The GivenBack of a return, from its current answers; None until enough children are counted in it.

    Four statements, whatever the number of services.
    """
    organisation = annual_return.organisation
    counted = _own_waits(annual_return, user)
    share = _share(counted)
    if share is None:
        return None
    compared_with = Collection.objects.published().order_by("-year").first()
    others = _bars_of_others(compared_with, organisation.region) if compared_with else ()
    return GivenBack(counted["services"], (Bar(organisation.name, share, own=True), *others), compared_with)


def _own_waits(annual_return, user):
    """How many children waited how long, summed over complete services, and how many services these are."""
    complete = Response.objects.visible_to(user).filter(
        part__annual_return=annual_return, progress=Progress.COMPLETE.value, service_entry__isnull=False
    )
    sums = {
        wait: Sum(Cast(KeyTextTransform("v", KeyTransform(f"SVC-F07|{wait}|n", "cells")), IntegerField()))
        for wait in WAITS
    }
    counted = {wait: total or 0 for wait, total in complete.aggregate(**sums).items()}
    return {**counted, "services": complete.count()}


def _bars_of_others(collection, region):
    """The bars of the region and of England, from the figures of a published collection."""
    areas = {Level.ENGLAND.value: "England"} | ({Level.REGION.value: region.name} if region else {})
    rows = AreaFigure.objects.filter(
        collection=collection,
        measure="new_case_wait",
        item__in=WAITS,
        respondents__gte=FEWEST_AUTHORITIES,
        level__in=areas,
        area_name__in=areas.values(),
    ).values_list("level", "item", "value")
    counted = {}
    for level, wait, value in rows:
        counted.setdefault(level, {})[wait] = value
    ordered = [level for level in (Level.REGION.value, Level.ENGLAND.value) if level in areas]
    shares = [(areas[level], _share(counted.get(level, {}))) for level in ordered]
    return tuple(Bar(name, share) for name, share in shares if share is not None)


def _share(counted):
    """The share seen within 13 weeks of those whose wait is known, in percent; None of too few children."""
    base = sum(counted.get(wait) or 0 for wait in WAITS)
    if base < FEWEST_CHILDREN:
        return None
    return Decimal(100 * sum(counted.get(wait) or 0 for wait in WITHIN_13_WEEKS)) / Decimal(base)
