"""The public front page: what mapping is, where the collection stands, when what happens."""

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import tenancy
from accounts.access import public_page
from accounts.models import Membership, Organisation, Role
from accounts.permissions import Permission, may
from mapping.core import clock
from mapping.returns.models import AnnualReturn, Collection, Part
from reports.queries import FRONT_ITEM, FRONT_TABLE, front_map

SECONDS_KEPT = 60


@public_page
def home(request):
    """Visitors see the front page; who is signed in goes on to their own work."""
    if request.user.is_authenticated:
        return redirect(*_own_page(request.user))
    collection = Collection.objects.current()
    context = {
        "collection": collection,
        "counts": cache.get_or_set(f"home-{collection.slug}", lambda: _counts(collection), SECONDS_KEPT)
        if collection
        else None,
        "map": cache.get_or_set("home-map", _map_or_nothing, SECONDS_KEPT),
        "now": clock.now(),
        "steps": _steps(collection) if collection else [],
        "map_url": f"{reverse('reports:table', kwargs={'code': FRONT_TABLE})}?item={FRONT_ITEM}",
        "helpdesk": settings.HELPDESK,
    }
    return render(request, "home.html", context)


def _map_or_nothing():
    """The map, or False where nothing is published: the cache cannot tell None from nothing kept."""
    return front_map() or False


def _own_page(user):
    """Where somebody's work begins, as arguments of ``redirect``."""
    if may(user, Permission.RETURN_PROGRESS):
        return ("helpdesk:registrations",)
    if user.staff_role:
        return ("reports:tables",)
    if user.active_memberships:
        return (f"/{user.active_memberships[0].organisation.slug}/",)
    return ("accounts:you",)


def _counts(collection):
    """How many organisations were asked, have a mapping lead, have begun, have signed off a part."""
    asked = Organisation.objects.on_register(collection.year)
    leads = Membership.objects.active().filter(organisation=OuterRef("pk"), role__in=[Role.LEAD, Role.DEPUTY])
    with tenancy.staff_reading("counts of the public front page"):
        started = AnnualReturn.objects.filter(collection=collection, parts__responses__isnull=False)
        signed_off = Part.objects.filter(collection=collection).signed_off()
        return {
            "asked": asked.count(),
            "registered": asked.filter(Exists(leads)).count(),
            "started": started.values("organisation").distinct().count(),
            "signed_off": signed_off.values("organisation").distinct().count(),
        }


def _steps(collection):
    """The timetable with today in its place: dicts of when, words and kind (past, now, coming)."""
    steps = [
        (collection.registration_opens, "Registration opens"),
        (collection.entry_opens, "Data entry opens"),
        (collection.census_date, "Census date for staff and caseloads"),
        (collection.entry_closes, "Data entry closes"),
    ]
    if collection.published_on:
        steps.append((collection.published_on, "Tables and profiles"))
    today = clock.today()
    past = [_step(day, words, "past") for day, words in steps if day <= today]
    coming = [_step(day, words, "coming") for day, words in steps if day > today]
    return [*past, _step(today, collection.phase.label, "now"), *coming]


def _step(day, words, kind):
    return {"when": f"{day.day} {day:%B}", "words": words, "kind": kind}
