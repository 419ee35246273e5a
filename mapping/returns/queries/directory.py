"""The list of services as its lead keeps it: what is on it, what is new, and what has ended."""

from urllib.parse import urlencode

from django.core.paginator import Paginator

from accounts.models import Organisation
from mapping.returns.models import EntryForm, ServiceEntry
from mapping.returns.queries.joint import partner_states
from mapping.returns.queries.lists import sections_of, to_confirm_words
from mapping.returns.querysets import LONG_LIST

PAGE_LENGTH = 50

FILTERS = {
    "": ("All", lambda entry: True),
    "new": ("New this year", lambda entry: entry.carried_from_id is None and not entry.is_gone),
    "carried": ("From before", lambda entry: entry.carried_from_id is not None and not entry.is_gone),
    "gone": ("Closed or merged", lambda entry: entry.is_gone),
}


def entries_of(annual_return, user):
    """Every entry of the list with what its line names; two queries, and two more where services are joint.

    ``merged_name`` of a merged one is what the service that took it over is called on this list; ``partners`` of a
    joint one are its PartnerStates; ``to_confirm`` says how many of its answers are still last year's.
    """
    rows = ServiceEntry.objects.visible_to(user).filter(annual_return=annual_return)
    related = (
        "service", "provider", "department", "locality", "merged_into",
        "carried_from__collection", "carried_from__organisation",
    )  # fmt: skip
    entries = list(rows.select_related(*related))
    names = {entry.service_id: entry.name for entry in entries}
    joint = [entry for entry in entries if entry.joint_with]
    partners = partner_states(joint) if joint else {}
    sections = sections_of(annual_return)
    for entry in entries:
        entry.to_confirm = "" if entry.is_gone else to_confirm_words(sections.get(entry.pk, []))
        entry.merged_name = names.get(entry.merged_into_id, "")
        entry.partners = partners.get(entry.pk, [])
    return entries


def listed(entries, asked):
    """What an address asks of the list (``q``, ``only``, ``page``, ``all``), as the page shows it."""
    words, only = asked.get("q", "").lower().split(), asked.get("only", "")
    only = only if only in FILTERS else ""
    found = [entry for entry in entries if all(word in _searched(entry) for word in words)]
    shown = [entry for entry in found if FILTERS[only][1](entry)]
    open_entries = [entry for entry in entries if not entry.is_gone]
    query = f"&{urlencode({'q': asked['q']})}" if words else ""
    return {
        "search": asked.get("q", ""),
        "total": len(entries),
        "open_total": len(open_entries),
        "short_total": sum(entry.form == EntryForm.SHORT for entry in open_entries),
        "may_be_short": len(open_entries) > LONG_LIST,
        "chips": [
            {"label": label, "url": f"?only={key}{query}", "count": count, "current": key == only}
            for key, (label, lets_through) in FILTERS.items()
            if (count := sum(map(lets_through, found))) or key == ""
        ],
        "page": Paginator(shown, len(shown) or 1 if asked.get("all") else PAGE_LENGTH).get_page(
            asked.get("page")
        ),
        "rest": f"&only={only}{query}",
        "all_url": f"?all=1&only={only}{query}",
        "has_places": any(entry.department_id or entry.locality_id for entry in entries),
        "categories": len({entry.category for entry in open_entries}),
    }


def _searched(entry):
    provider = entry.provider.name if entry.provider else entry.provider_name
    return f"{entry.name} {entry.category_label} {entry.reference} {provider}".lower()


def partners_of(entry):
    """``joint_with`` of an entry with each organisation's full name, for the form."""
    codes = [row["organisation"] for row in entry.joint_with]
    known = Organisation.objects.filter(code__in=codes) | Organisation.objects.filter(slug__in=codes)
    names = {key: one.full_name for one in known for key in (one.code, one.slug)} if codes else {}
    return [
        {"organisation": names.get(row["organisation"], row["organisation"]), "part": row["part"]}
        for row in entry.joint_with
    ]


def neighbours_of(organisation):
    """Full names of the organisations of the same region, to choose from; all others can be typed."""
    near = (
        Organisation.objects.filter(region=organisation.region)
        if organisation.region_id
        else Organisation.objects.none()
    )
    return sorted(one.full_name for one in near)
