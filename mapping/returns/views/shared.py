"""What several pages of a return begin with."""

from django.http import Http404

from mapping.returns import actions
from mapping.returns.addresses import page
from mapping.returns.queries.returns import return_of, services_part_of


def return_or_404(request, organisation, collection):
    """The organisation's return, or 404 where it has none for this collection."""
    found = return_of(request.user, organisation, collection)
    if found is None:
        raise Http404("no return for this collection")
    return found


def list_of(request, organisation, collection):
    """The return, its services part, and why its list cannot change now (empty while it can)."""
    annual_return = return_or_404(request, organisation, collection)
    part = services_part_of(annual_return)
    if part is None:
        raise Http404("this return owes no services")
    return annual_return, part, actions.why_list_is_closed(part)


def crumbs(annual_return, *names):
    """Breadcrumbs from the overview down: ``crumbs(annual_return, "services")``."""
    levels = {
        "overview": ("Overview", "returns:overview_of"),
        "services": ("Services", "returns:services"),
        "import": ("Import a list", "returns:import"),
    }
    return [
        {"label": label, "url": page(name, annual_return)}
        for label, name in (levels[level] for level in ("overview", *names))
    ]
