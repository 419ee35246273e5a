"""Pages about a whole response: opening it, all answers on one page, who changed what; and an organisation's list."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render

from accounts.access import organisation_page
from accounts.permissions import Permission, may
from mapping.returns.addresses import page as address_of
from mapping.returns.models import PartKind
from mapping.returns.queries.returns import return_of
from mapping.returns.workflow import Progress
from questionnaires import actions
from questionnaires.models import Response
from questionnaires.queries import section_to_open
from questionnaires.queries.history import (
    differences,
    entries_of,
    parted,
    revisions_of,
    versions_of,
    whole_of,
)
from questionnaires.queries.lists import entries_chosen, part_of, pin_of, questionnaires_of
from questionnaires.queries.section import find_inherited, opened_to_read
from questionnaires.views.section import crumbs_of, not_asked, open_or_404

REVISIONS_A_PAGE = 50


@organisation_page(Permission.RETURN_ANSWER, Permission.RETURN_READ)
def response(request, organisation, collection, response):
    """To the first section with something to do."""
    here = open_or_404(request, organisation, collection, response)
    key = section_to_open(here.response, here.visible)
    if key is None:
        return not_asked(request, here)
    return redirect(here.section_url(key))


@organisation_page(Permission.RETURN_ANSWER, Permission.RETURN_READ)
def full(request, organisation, collection, response):
    """All answers that the reader may see, to read and print."""
    here = open_or_404(request, organisation, collection, response)
    context = {
        "organisation": organisation,
        "here": here,
        "whole": whole_of(here),
        "crumbs": crumbs_of(here)[:-1],
    }
    return render(request, "questionnaires/full.html", context)


@organisation_page(Permission.RETURN_READ)
def inherited(request, organisation, collection, entry):
    """All answers about a service of a predecessor, for the organisation that took over from it."""
    annual_return = _return_or_404(request, organisation, collection)
    found = find_inherited(organisation, entry)
    if found is None:
        raise Http404("no such answers")
    here = opened_to_read(found, request.user)
    address = address_of("returns:services_inherit", annual_return)
    crumbs = [{"label": "Overview", "url": address_of("returns:overview_of", annual_return)}]
    if may(request.user, Permission.RETURN_SETUP, organisation):
        crumbs.append({"label": f"Services of {found.organisation}", "url": address})
    context = {"organisation": organisation, "here": here, "whole": whole_of(here), "crumbs": crumbs}
    return render(request, "questionnaires/full.html", context)


@organisation_page(Permission.RETURN_ANSWER, Permission.RETURN_READ)
def history(request, organisation, collection, response):
    """Who changed what, latest first; of one section or question if the address names it."""
    here = open_or_404(request, organisation, collection, response)
    section, question = request.GET.get("section", ""), request.GET.get("question", "")
    entries = entries_of(here, revisions_of(here), section=section, question=question)
    context = {
        "organisation": organisation,
        "here": here,
        "entries": Paginator(entries, REVISIONS_A_PAGE).get_page(request.GET.get("page")),
        "compare_url": here.url("questionnaires:compare"),
        "section": here.section(section),
        "question": here.questionnaire.questions.get(question) if entries else None,
        "query": "".join(
            f"&{name}={value}" for name, value in (("section", section), ("question", question)) if value
        ),
        "crumbs": crumbs_of(here),
    }
    return render(request, "questionnaires/history.html", context)


@organisation_page(Permission.RETURN_ANSWER, Permission.RETURN_READ)
def compare(request, organisation, collection, response):
    """What changed between two versions of the answers."""
    here = open_or_404(request, organisation, collection, response)
    versions = versions_of(here)
    first, second = _two_versions(request.GET, [number for number, _ in versions])
    changes = differences(here, first, second)
    context = {
        "organisation": organisation,
        "here": here,
        "versions": versions,
        "first": first,
        "second": second,
        "changes": changes,
        "parts": parted(changes),
        "heads": [f"Version {first}" if first else "Empty", f"Version {second}"],
        "crumbs": [
            *crumbs_of(here),
            {"label": "Who changed what", "url": here.url("questionnaires:history")},
        ],
    }
    return render(request, "questionnaires/compare.html", context)


def _two_versions(chosen, numbers):
    """The two versions of the address, the older first; without good ones the whole time."""
    latest = max(numbers, default=0)
    wanted = [chosen.get(name, "") for name in ("from", "to")]
    if all(number.isascii() and number.isdigit() for number in wanted):
        first, second = sorted(min(int(number), latest) for number in wanted)
        return first, second
    return 0, latest


@organisation_page(Permission.RETURN_READ)
def organisation(request, organisation, collection):
    """The questionnaires that the organisation answers about itself."""
    annual_return = _return_or_404(request, organisation, collection)
    lines = questionnaires_of(annual_return, request.user)
    context = {
        "organisation": organisation,
        "annual_return": annual_return,
        "lines": lines,
        "complete": sum(line.progress == Progress.COMPLETE for line in lines),
        "may_answer": may(request.user, Permission.RETURN_ANSWER, organisation),
        "may_delegate": may(request.user, Permission.RETURN_DELEGATE, organisation),
        "crumbs": [{"label": "Overview", "url": address_of("returns:overview_of", annual_return)}],
    }
    return render(request, "questionnaires/organisation.html", context)


def _return_or_404(request, organisation, collection):
    annual_return = return_of(request.user, organisation, collection)
    if annual_return is None:
        raise Http404("no return")
    return annual_return


@organisation_page(Permission.RETURN_ANSWER, Permission.RETURN_READ)
def start(request, organisation, collection, entry):
    """Open the questionnaire of a service, which is made when first opened."""
    annual_return = _return_or_404(request, organisation, collection)
    found = entries_chosen(annual_return, request.user, [str(entry)])
    if not found:
        raise Http404("no such service")
    return _open(request, annual_return, PartKind.SERVICES, "service", found[0])


@organisation_page(Permission.RETURN_ANSWER, Permission.RETURN_READ)
def start_questionnaire(request, organisation, collection, key):
    """Open a questionnaire of the organisation itself."""
    annual_return = _return_or_404(request, organisation, collection)
    return _open(request, annual_return, PartKind.ORGANISATION, key)


def _open(request, annual_return, kind, key, entry=None):
    """To the response; a lead's first visit makes it, others find it or nothing."""
    part, pin = part_of(annual_return, kind), pin_of(annual_return, key)
    if part is None or pin is None:
        raise Http404("not asked of this organisation")
    present = (
        Response.objects.visible_to(request.user).filter(part=part, pin=pin, service_entry=entry).first()
    )
    user, own = request.user, annual_return.organisation
    if (
        present is None
        and may(user, Permission.RETURN_READ, own)
        and may(user, Permission.RETURN_ANSWER, own)
    ):
        present = actions.open_response(part, pin, by=user, service_entry=entry)
    if present is None:
        if not may(user, Permission.RETURN_READ, own):
            raise Http404("not theirs to answer")
        messages.info(request, f"Nobody has started {entry or pin.title} yet.")
        return redirect(address_of("returns:overview_of", annual_return))
    return redirect(address_of("questionnaires:response", annual_return, response=present.pk))
