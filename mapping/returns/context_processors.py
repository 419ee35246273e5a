"""The bar under the header: where one can go from here, and where the collection stands."""

from django.urls import reverse

from accounts import tenancy
from accounts.permissions import Permission, may
from mapping.core import clock
from mapping.returns.models import AnnualReturn, Collection, Phase

# Words of an organisation's bar: label, page, permissions that show it, whether its address names the collection.
OF_ORGANISATION = [
    ("Overview", "returns:overview_of", (Permission.RETURN_READ, Permission.RETURN_ANSWER), True),
    ("Services", "returns:services", (Permission.RETURN_READ,), True),
    ("Organisation", "questionnaires:organisation", (Permission.RETURN_READ,), True),
    ("People", "accounts:people", (Permission.PEOPLE_MANAGE,), False),
    ("Check and submit", "reports:check", (Permission.RETURN_SUBMIT, Permission.RETURN_DECIDE), True),
    ("Results", "reports:documents", (Permission.DOCUMENT_READ,), True),
]
OF_STAFF = [("Registrations", "helpdesk:registrations"), ("Tables", "reports:tables")]
OF_EVERYBODY = [("Published tables", "reports:tables")]

# Pages that belong to a word of the bar though their names do not say so.
BELONGS_TO = {
    "reports:submit": "reports:check",
    "reports:sign_off": "reports:check",
    "reports:decline": "reports:check",
    "reports:explanations": "reports:check",
    "reports:decisions": "reports:check",
    "questionnaires:start_questionnaire": "questionnaires:organisation",
    "questionnaires:delegate": "returns:overview_of",
    "accounts:invite": "accounts:people",
    "reports:table": "reports:tables",
}


def bar(request):
    """``navigation`` and ``phase`` of components/navigation.html."""
    match = getattr(request, "resolver_match", None)
    view_name = match.view_name if match else ""
    here = getattr(request, "belongs_to", "") or BELONGS_TO.get(view_name, view_name)
    organisation = getattr(request, "organisation", None)
    if organisation is None:
        return {"navigation": _general(request, here)}
    collection = match.kwargs.get("collection") or Collection.objects.current()
    if collection is None:
        return {}
    return {
        "navigation": _of_organisation(request.user, organisation, collection, here),
        "phase": {
            "collection": collection.name,
            "sentence": phase_words(collection, _closes_on(organisation, collection)),
        },
    }


def _general(request, here):
    user = getattr(request, "user", None)
    staff = user is not None and user.is_authenticated and user.staff_role
    return [_item(label, name, here) for label, name in (OF_STAFF if staff else OF_EVERYBODY)]


def _of_organisation(user, organisation, collection, here):
    if here.startswith("returns:") and here != "returns:overview_of":
        here = "returns:services"  # every other page of returns is about the list
    return [
        _item(
            label,
            name,
            here,
            organisation=organisation.slug,
            **({"collection": collection} if of_collection else {}),
        )
        for label, name, permissions, of_collection in OF_ORGANISATION
        if any(may(user, permission, organisation) for permission in permissions)
    ]


def _item(label, name, here, **kwargs):
    return {"label": label, "url": reverse(name, kwargs=kwargs), "current": here == name}


def _closes_on(organisation, collection):
    """The last day of data entry for this organisation, as far as this page may know its return."""
    declared = tenancy.current()
    if not declared.staff and organisation.pk not in (declared.organisations or ()):
        return collection.entry_closes  # a page of refusal, outside the scope
    extended = AnnualReturn.objects.filter(organisation=organisation, collection=collection)
    return extended.values_list("extended_to", flat=True).first() or collection.entry_closes


def phase_words(collection, closes_on):
    """Where a collection stands, in one sentence with a date and the days left."""
    phase, today = collection.phase, clock.today()
    if phase == Phase.PUBLISHED:
        return f"Published {collection.published_on:%-d %B %Y}"
    if phase in (Phase.DATA_ENTRY, Phase.CLOSED) and today <= closes_on:
        return f"Data entry closes {closes_on:%-d %B}: {_left(closes_on)}"
    if phase == Phase.CLOSED:
        return f"Data entry closed {closes_on:%-d %B}"
    if phase == Phase.REGISTRATION:
        return f"Data entry opens {collection.entry_opens:%-d %B}: {_left(collection.entry_opens)}"
    return f"Registration opens {collection.registration_opens:%-d %B}"


def _left(day):
    days = (day - clock.today()).days
    return {0: "today is the last day", 1: "1 day left"}.get(days, f"{days} days left")
