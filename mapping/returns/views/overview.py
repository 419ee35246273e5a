"""The overview of a return: for leads and directors the whole, for contributors what they were asked to do."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render

from accounts.access import organisation_page
from accounts.permissions import Permission, may
from mapping.returns import actions
from mapping.returns.addresses import page
from mapping.returns.forms import ListFilterForm
from mapping.returns.models import Collection, Phase
from mapping.returns.queries import overview as reads
from mapping.returns.queries.asked import asked_of
from mapping.returns.queries.attention import attention
from mapping.returns.queries.lists import FILTERS, PAGE_LENGTH, counts_of
from mapping.returns.queries.returns import other_years, return_of
from mapping.returns.queries.steps import list_is_open, next_step


@organisation_page(Permission.RETURN_READ, Permission.RETURN_ANSWER)
def overview(request, organisation):
    """The organisation's return of the current collection."""
    collection = Collection.objects.current()
    if collection is None:
        return render(request, "returns/no_collection.html", status=404)
    return redirect("returns:overview_of", organisation=organisation.slug, collection=collection)


@organisation_page(Permission.RETURN_READ, Permission.RETURN_ANSWER)
def overview_of(request, organisation, collection):
    annual_return = return_of(request.user, organisation, collection)
    if annual_return is None and _opens_here(request.user, organisation, collection):
        actions.open_return(organisation, collection)
        annual_return = return_of(request.user, organisation, collection)
    if annual_return is None:
        return render(
            request, "returns/not_begun.html", {"organisation": organisation, "collection": collection}
        )
    if may(request.user, Permission.RETURN_READ, organisation):
        return _whole(request, annual_return)
    return _asked(request, annual_return)


def _opens_here(user, organisation, collection):
    """A lead's first visit opens the return, from registration until the figures are published."""
    is_time = collection.phase not in (Phase.BEFORE_REGISTRATION, Phase.PUBLISHED)
    return is_time and may(user, Permission.RETURN_SETUP, organisation)


def _whole(request, annual_return):
    role = request.user.membership_of(annual_return.organisation).role
    found = reads.overview_of(annual_return, request.user, role)
    is_lead = may(request.user, Permission.RETURN_SETUP, annual_return.organisation)
    context = {
        **_frame(request, annual_return),
        "overview": found,
        "step": next_step(found),
        "parts": reads.part_rows(found),
        "attention": attention(found),
        "dates": reads.dates(found),
        "events": list(reversed(found.events))[:4],
        "is_lead": is_lead,
        "works_on_list": is_lead and list_is_open(found),
        **_list(request, annual_return, found.lines),
    }
    return render(request, "returns/overview.html", context)


def _list(request, annual_return, lines):
    """The list of services with its filters: what the address asks for, counted, sorted and cut into pages."""
    form = ListFilterForm(request.GET, lines)
    wanted = form.wanted
    found = wanted.found(lines)
    shown = wanted.chosen(found)
    length = len(shown) or 1 if request.GET.get("all") else PAGE_LENGTH
    cut = Paginator(shown, length).get_page(request.GET.get("page"))
    for line in cut:
        line.url = page("questionnaires:start", annual_return, entry=line.entry.pk)
    return {
        "form": form,
        "chips": _chips(request, found, wanted.only),
        "page": cut,
        "rest": _rest(request, "page", "all"),
        "all_url": f"?all=1{_rest(request, 'page', 'all')}#services",
        "is_filtered": bool(wanted.search or wanted.category or wanted.person or wanted.only),
        "delegate_url": page("questionnaires:delegate", annual_return),
        "bulk_actions": _bulk_actions(annual_return),
    }


def _bulk_actions(annual_return):
    """What can be done with all chosen services: each button leads to a page that takes ``?chosen=``."""
    nudge, due = (page(f"questionnaires:{name}_chosen", annual_return) for name in ("nudge", "due"))
    return [
        {"name": "do", "value": "delegate", "label": "Delegate"},
        {"name": "do", "value": "nudge", "label": "Nudge", "url": nudge},
        {"name": "do", "value": "due", "label": "Set a due date", "url": due},
    ]


def _chips(request, found, only):
    rest = _rest(request, "page", "only")
    counts = counts_of(found)
    return [
        {
            "label": FILTERS[key][0],
            "url": f"?only={key}{rest}#services",
            "count": count,
            "current": key == only,
        }
        for key, count in counts.items()
    ]


def _rest(request, *without):
    """The address's own query without some of its words, to be appended: ``&q=team``."""
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return f"&{query.urlencode()}" if query else ""


def _asked(request, annual_return):
    asked = asked_of(annual_return, request.user)
    todo = [one for one in asked if one.progress != "complete" and one.is_open]
    context = {
        **_frame(request, annual_return),
        "asked": asked,
        "first": todo[0] if todo else None,
        "todo": todo,
    }
    return render(request, "returns/asked.html", context)


def _frame(request, annual_return):
    return {
        "annual_return": annual_return,
        "organisation": annual_return.organisation,
        "collection": annual_return.collection,
        "years": [
            {
                "label": f"Return for {other.collection}",
                "url": page("returns:overview_of", other),
            }
            for other in other_years(request.user, annual_return)
        ],
    }
