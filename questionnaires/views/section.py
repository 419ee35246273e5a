"""The page of one section: shown whole, saved as a whole without scripts, cell by cell with them."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render

from accounts.access import organisation_page
from accounts.permissions import Permission, may
from mapping.returns.addresses import page as address_of
from mapping.returns.queries.lists import and_
from mapping.returns.workflow import WrongStatus
from questionnaires import actions, presence
from questionnaires.actions import Clash
from questionnaires.cells import value_of
from questionnaires.forms import extra_rows, read_section
from questionnaires.queries.section import (
    find_response,
    know_addresses,
    opened,
    section_page,
)
from questionnaires.views.showing import by_script, has_clash, next_address, state, whole_page


def open_or_404(request, organisation, collection, pk):
    """The response of an address as this person has opened it; 404 for one they may not see."""
    found = find_response(request.user, organisation, collection, pk)
    if found is None:
        raise Http404("no such response")
    request.belongs_to = _list_of(found)  # what the navigation shows as current
    return opened(found, request.user)


def _list_of(response):
    """The name of the page that lists a response."""
    return "returns:services" if response.service_entry_id else "questionnaires:organisation"


@organisation_page(Permission.RETURN_ANSWER, Permission.RETURN_READ)
def section(request, organisation, collection, response, section):
    here = open_or_404(request, organisation, collection, response)
    shown = here.section(section)
    if shown is None:
        return not_asked(request, here, section)
    if request.method == "POST":
        return _save(request, here, shown)
    actions.note_opened(row for row in here.asked if row.to_id == request.user.pk and _is_of(row, section))
    page = section_page(here, shown, rows=extra_rows(request.GET, shown))
    return _state(request, page) if by_script(request) else _page(request, page)


def not_asked(request, here, section=""):
    """The page of a section that somebody was asked to answer and that has fallen away, or of all of theirs; or 404."""
    own = sorted(
        {row.section for row in here.asked if row.to_id == request.user.pk and section in ("", row.section)}
    )
    if not own:
        raise Http404("no such section")
    if by_script(request):
        return JsonResponse({"refused": f"Section {and_(own)} is not asked any more."}, status=409)
    context = {
        "here": here,
        "organisation": here.response.organisation,
        "sections": and_(own),
        "count": len(own),
        "leave_url": here.leave_url,
    }
    return render(request, "questionnaires/not_asked.html", context)


def _is_of(delegation, section):
    return delegation.section in ("", section)


def _save(request, here, shown):
    """Keep what can be kept; what cannot comes back in its field, a clash with both values."""
    if not here.can_answer:
        raise PermissionDenied
    posted = read_section(request.POST, here.questionnaire, shown, here.response, here.registers)
    before = here.response.cells
    try:
        saved = actions.merge_cells(
            here.response,
            posted.cells,
            seen_version=posted.seen_version,
            seen_versions=posted.seen_versions,
            whole_page=posted.whole_page,
            confirmed=posted.confirmed,
            unconfirmed=posted.unconfirmed,
            reasons=posted.reasons,
            by=request.user,
        )
    except WrongStatus as refusal:
        return _refused(request, here, shown, str(refusal))
    know_addresses(saved.response)
    here = replace(here, response=saved.response)
    page = section_page(
        here,
        shown,
        evaluation=saved.evaluation,
        explanations=saved.explanations,
        invalid=posted.invalid,
        clashes=saved.clashes | _waiting(posted, before, saved.response),
        rows=posted.rows,
    )
    if by_script(request):
        return _state(request, page)
    if posted.invalid or has_clash(page):
        return _page(request, page)
    return redirect(next_address(request, page, posted))


def _page(request, page):
    here = page.opened
    around = {"organisation": here.response.organisation, "crumbs": crumbs_of(here)}
    return whole_page(
        request, page, others=_others(request, page), links=links_of(here, page.section), **around
    )


def _state(request, page):
    return state(request, page, others=_others(request, page), links=links_of(page.opened, page.section))


def _others(request, page):
    """Who else is in the section now, by name."""
    if not page.opened.can_edit:
        return []
    return presence.others_here(page.response.pk, page.section.key, request.user)


def _waiting(posted, before, response):
    """Clashes that nobody has chosen in yet: own values of cells that stand as the page showed them."""
    waiting = {}
    for cell, mine in posted.mine.items():
        touched = cell in posted.cells and value_of(posted.cells[cell]) != value_of(before.get(cell))
        if not touched and value_of(mine) != value_of(response.cells.get(cell)):
            last = response.revisions.filter(changed__has_key=cell).select_related("by").first()
            theirs = response.cells.get(cell)
            waiting[cell] = Clash(theirs, mine, last and last.by, last and last.at)
    return waiting


def _refused(request, here, shown, reason):
    """Answers are not taken any more: say why, with what was typed still on the page of a script."""
    if by_script(request):
        return JsonResponse({"refused": reason}, status=409)
    messages.error(request, f"Nothing was saved. {reason}")
    return redirect(here.section_url(shown.key))


def crumbs_of(here):
    """The way down to a response."""
    annual_return = here.response.part.annual_return
    crumbs = [{"label": "Overview", "url": address_of("returns:overview_of", annual_return)}]
    if may(here.user, Permission.RETURN_READ, here.response.organisation):
        label = "Services" if here.response.service_entry_id else "Organisation"
        crumbs.append({"label": label, "url": address_of(_list_of(here.response), annual_return)})
    crumbs.append({"label": str(here.response), "url": here.url("questionnaires:full")})
    return crumbs


def links_of(here, section):
    """Links below the list of sections."""
    links = [
        {"label": "Who changed what", "url": f"{here.url('questionnaires:history')}?section={section.key}"},
        {"label": "All answers on one page", "url": here.url("questionnaires:full")},
    ]
    if may(here.user, Permission.RETURN_DELEGATE, here.response.organisation):
        address = address_of("questionnaires:delegate", here.response.part.annual_return)
        links.append(
            {
                "label": "Give this section to a colleague",
                "url": f"{address}?response={here.response.pk}&section={section.key}",
            }
        )
    return links
