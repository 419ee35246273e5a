"""Reads for the page of results."""

from dataclasses import dataclass

from mapping.core import clock
from reports.models import Document


@dataclass(frozen=True)
class Results:
    """newest: the final document, or the draft, to open; pending or failed: the one that is not made; earlier: others."""

    final: Document | None
    draft: Document | None
    pending: Document | None
    failed: Document | None
    earlier: tuple[Document, ...]


def documents_of(user, organisation, collection):
    """The documents of a collection that ``user`` may open as a member of ``organisation``, the newest first."""
    rows = Document.objects.openable_by(user).filter(
        readers__organisation=organisation, collection=collection
    )
    return rows.select_related("organisation", "collection", "asked_by").order_by("-asked_at", "-pk")


def results_of(user, organisation, collection):
    """Results of a collection, in one statement."""
    found = list(documents_of(user, organisation, collection))
    made = [document for document in found if document.status == Document.Status.MADE]
    final = next((document for document in made if not document.is_draft), None)
    draft = next((document for document in made if document.is_draft), None)
    newest = found[0] if found else None
    return Results(
        final=final,
        draft=draft,
        pending=next((document for document in found if document.is_pending), None),
        failed=newest if newest and newest.status == Document.Status.FAILED else None,
        earlier=tuple(document for document in made if document not in (final, draft)),
    )


def is_unpublished(collection):
    """Whether downloads of the collection's figures are to be logged."""
    return not (collection.published_on and collection.published_on <= clock.today())


def step_words(document):
    """What is being done, in a sentence."""
    if document.status == Document.Status.WAITING:
        return "It waits for a free worker."
    return f"{document.step}."
