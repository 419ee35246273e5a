"""Results of a return: profiles to open, one that is being made, and asking for a draft."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import organisation_page
from accounts.actions import audit
from accounts.permissions import Permission, may
from reports.documents import actions, queries, store
from reports.models import Document


@organisation_page(Permission.DOCUMENT_READ)
def documents(request, organisation, collection):
    """What has been made from the return, and how far the next document is."""
    results = queries.results_of(request.user, organisation, collection)
    context = {
        "organisation": organisation,
        "collection": collection,
        "results": results,
        "may_ask": organisation.is_local_authority
        and may(request.user, Permission.RETURN_SUBMIT, organisation),
        **_progress(results.pending),
    }
    return render(request, "reports/documents/results.html", context)


def _progress(document):
    return {"document": document, "step": queries.step_words(document) if document else ""}


@organisation_page(Permission.RETURN_SUBMIT)
@require_POST
def ask_draft(request, organisation, collection):
    """Ask for the profile of today's answers, or the final one of a return that is signed off."""
    try:
        document = actions.ask_for_profile(organisation, collection, by=request.user)
    except actions.NoDocument as reason:
        messages.error(request, str(reason))
        return _to_results(organisation, collection)
    if document.status == Document.Status.MADE:
        messages.info(request, "The final profile is made already.")
    return _to_results(organisation, collection)


@organisation_page(Permission.DOCUMENT_READ)
@require_POST
def try_document(request, organisation, collection, pk):
    """Make a document that failed wait again."""
    actions.try_again(_document_or_404(request, organisation, collection, pk))
    return _to_results(organisation, collection)


@organisation_page(Permission.DOCUMENT_READ)
def document_status(request, organisation, collection, pk):
    """How far a document is: a piece of the page for htmx, which loads the whole page again once it is done."""
    document = _document_or_404(request, organisation, collection, pk)
    if not request.htmx:
        return _to_results(organisation, collection)
    if not document.is_pending:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"organisation": organisation, "collection": collection, **_progress(document)}
    return render(request, "reports/documents/_progress.html", context)


@organisation_page(Permission.DOCUMENT_READ)
def document(request, organisation, collection, pk):
    """The file itself. What is not published yet is logged with who took it."""
    found = _document_or_404(request, organisation, collection, pk)
    if found.status != Document.Status.MADE:
        return _to_results(organisation, collection)
    try:
        content = store.read(found.file)
    except FileNotFoundError:
        actions.make_lost_file_again(found)
        messages.info(request, "The file was lost from the store and is being made again.")
        return _to_results(organisation, collection)
    if queries.is_unpublished(collection):
        audit.record("downloaded a document", user=request.user, organisation=organisation, document=found.pk)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{found.file_name}"',
            "Cache-Control": "private",
        },
    )


def _document_or_404(request, organisation, collection, pk):
    return get_object_or_404(queries.documents_of(request.user, organisation, collection), pk=pk)


def _to_results(organisation, collection):
    return redirect("reports:documents", organisation=organisation.slug, collection=collection)
