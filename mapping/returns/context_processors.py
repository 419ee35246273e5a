"""The bar under the header: where one can go from here, and where the collection stands."""

from django.urls import reverse

from accounts import tenancy
from accounts.permissions import Permission, may
from mapping.core import clock
from mapping.returns.models import AnnualReturn, Collection, Part, PartKind, Phase

# Words of an organisation's bar: label, page, permissions that show it, whether its address names the collection.
OF_ORGANISATION = [
    ("Overview", "returns:overview_of", (Permission.RETURN_READ, Permission.RETURN_ANSWER), True),
    ("Services", "returns:services", (Permission.RETURN_READ,), True),
    ("Organisation", "questionnaires:organisation", (Permission.RETURN_READ,), True),
    ("People", "accounts:people", (Permission.PEOPLE_MANAGE,), False),
    ("Check and submit", "reports:check", (Permission.RETURN_SUBMIT, Permission.RETURN_DECIDE), True),
    ("Results", "reports:documents", (Permission.DOCUMENT_READ,), True),
]
# Words of the bar of staff: label, page, the permission that shows it.
OF_STAFF = [
    ("Registrations", "helpdesk:registrations", Permission.RETURN_PROGRESS),
    ("Returns", "helpdesk:returns", Permission.RETURN_PROGRESS),
    ("Checks", "questionnaires:checks", Permission.COLLECTIONS_MANAGE),
    ("Tables and reports", "reports:tables", None),
    ("Registers and accounts", "admin:index", Permission.COLLECTIONS_MANAGE),
]
OF_VISITORS = [
    ("Home", "home"),
    ("Tables and reports", "reports:tables"),
    ("Sandbox", "questionnaires:sandbox"),
]

# Pages that belong to a word of the bar though their names do not say so.
BELONGS_TO = {
    "reports:submit": "reports:check",
    "reports:sign_off": "reports:check",
    "reports:decline": "reports:check",
    "reports:explanations": "reports:check",
    "reports:decisions": "reports:check",
    "questionnaires:start_questionnaire": "questionnaires:organisation",
    "questionnaires:delegate": "returns:overview_of",
    "questionnaires:sandbox_guise": "questionnaires:sandbox",
    "questionnaires:sandbox_sheet": "questionnaires:sandbox",
    "questionnaires:sandbox_section": "questionnaires:sandbox",
    "accounts:invite": "accounts:people",
    "reports:table": "reports:tables",
    "questionnaires:checks_of": "questionnaires:checks",
    "questionnaires:check": "questionnaires:checks",
    "questionnaires:checks_everywhere": "questionnaires:checks",
    "questionnaires:check_everywhere": "questionnaires:checks",
    "questionnaires:change_everywhere": "questionnaires:checks",
    "questionnaires:trial": "questionnaires:checks",
    "questionnaires:switch_on": "questionnaires:checks",
    "questionnaires:change_check": "questionnaires:checks",
    "helpdesk:return": "helpdesk:returns",
    "helpdesk:extend": "helpdesk:returns",
    "helpdesk:reopen": "helpdesk:returns",
}


def bar(request):
    """``navigation`` and ``phase`` of components/navigation.html."""
    match = getattr(request, "resolver_match", None)
    view_name = match.view_name if match else ""
    here = getattr(request, "belongs_to", "") or BELONGS_TO.get(view_name, view_name)
    organisation = getattr(request, "organisation", None)
    collection = (match and match.kwargs.get("collection")) or Collection.objects.current()
    if organisation is None:
        return {"navigation": _general(request, here), "phase": _phase(collection)}
    if collection is None:
        return {}
    return {
        "navigation": _of_organisation(request.user, organisation, collection, here),
        "phase": _phase(collection, _closes_on(organisation, collection)),
    }


def _phase(collection, closes_on=None):
    """Where a collection stands; the last day of data entry is the collection's own unless one is given."""
    if collection is None:
        return None
    return {
        "collection": collection.name,
        "sentence": phase_words(collection, closes_on or collection.entry_closes),
    }


def _general(request, here):
    """The bar of pages that belong to no organisation: members find the way back to their own there."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return [_item(label, name, here) for label, name in OF_VISITORS]
    if user.staff_role:
        return [
            _item(label, name, here)
            for label, name, permission in OF_STAFF
            if permission is None or may(user, permission)
        ]
    own = [membership.organisation for membership in user.active_memberships]
    returns = [
        _item(organisation.name, "returns:overview", here, organisation=organisation.slug)
        for organisation in own
    ]
    return [*returns, _item("Tables and reports", "reports:tables", here)]


def _of_organisation(user, organisation, collection, here):
    if here.startswith("returns:") and here != "returns:overview_of":
        here = "returns:services"  # every other page of returns is about the list
    left_out = set() if _owes_organisation_part(organisation, collection) else {"questionnaires:organisation"}
    return [
        _item(
            label,
            name,
            here,
            organisation=organisation.slug,
            **({"collection": collection} if of_collection else {}),
        )
        for label, name, permissions, of_collection in OF_ORGANISATION
        if name not in left_out and any(may(user, permission, organisation) for permission in permissions)
    ]


def _item(label, name, here, **kwargs):
    return {"label": label, "url": reverse(name, kwargs=kwargs), "current": here == name}


def _owes_organisation_part(organisation, collection):
    """Whether anything is asked of the organisation itself, as far as this page may know its return."""
    if not _may_read(organisation):
        return False
    parts = Part.objects.filter(organisation=organisation, collection=collection)
    return parts.filter(kind=PartKind.ORGANISATION).exists()


def _may_read(organisation):
    """Whether this page reads rows of the organisation; a page of refusal stands outside the scope."""
    declared = tenancy.current()
    return declared.staff or organisation.pk in (declared.organisations or ())


def _closes_on(organisation, collection):
    """The last day of data entry for this organisation, as far as this page may know its return."""
    if not _may_read(organisation):
        return collection.entry_closes
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
