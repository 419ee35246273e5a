"""All checks of a collection by question, and how far the jobs about them are."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import staff_page
from accounts.permissions import Permission
from mapping.returns.models import Collection
from questionnaires.models import CheckJob
from questionnaires.tuning import actions, rows

LINES_A_PAGE = 50
Kind = CheckJob.Kind


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_safe
def latest(request):
    """On to the checks of the collection that is being answered."""
    collection = Collection.objects.current()
    if collection is None:
        raise Http404("no collection yet")
    return redirect("questionnaires:checks_of", collection=collection)


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_safe
def checks(request, collection):
    """All soft rules by question: what they go by, how often they found something, and what came of it."""
    counted = rows.latest(collection, Kind.COUNT, status=CheckJob.Status.DONE)
    newest = rows.latest(collection, Kind.COUNT)
    lines = rows.lines_of(collection, counted)
    asked = {name: request.GET.get(name, "") for name in ("words", "only", "questionnaire")}
    found = rows.chosen(lines, **asked)
    context = {
        "collection": collection,
        "collections": Collection.objects.order_by("-year"),
        "counted": counted,
        "counting": newest if newest and not newest.finished_at else None,
        "applying": rows.latest(collection, Kind.APPLY, finished_at=None),
        "page": Paginator(found, LINES_A_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "filters": rows.FILTERS,
        "questionnaires": [
            (key, questionnaire.title) for key, questionnaire in rows.questionnaires_of(collection)
        ],
        "query": "".join(f"&{urlencode({name: value})}" for name, value in asked.items() if value),
        "has_rules": bool(lines),
    }
    return render(request, "questionnaires/tuning/checks.html", context)


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_POST
def count(request, collection):
    """Have it counted anew how often the checks find something."""
    actions.ask(collection, Kind.COUNT, by=request.user)
    return redirect("questionnaires:checks_of", collection=collection)


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_safe
def status(request, collection, job):
    """How far a job is: the piece that its page asks for again and again; without scripts the page itself."""
    found = get_object_or_404(CheckJob.objects.defer("state"), pk=job, collection=collection)
    whole = _page_of(found)
    if not request.headers.get("HX-Request"):
        return redirect(whole)
    response = render(
        request, "questionnaires/tuning/_progress.html", {"job": found, "collection": collection}
    )
    if not found.is_pending:
        response["HX-Redirect"] = whole
    return response


def _page_of(job):
    if job.kind == Kind.TRIAL:
        return reverse("questionnaires:trial", kwargs={"collection": job.collection, "job": job.pk})
    return reverse("questionnaires:checks_of", kwargs={"collection": job.collection})
