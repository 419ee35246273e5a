"""Reads for the page of results."""

from dataclasses import dataclass

from mapping.core import clock
from mapping.returns.models import Part
from reports.models import Document


@dataclass(frozen=True)
class Results:
    """final, draft: the newest of each to open; pending, failed: one that is not made; earlier: all others.

    can_be_made: what the return allows to be asked for: "final", "draft" or nothing.
    """

    final: Document | None
    draft: Document | None
    pending: Document | None
    failed: Document | None
    earlier: tuple[Document, ...]
    can_be_made: str


def documents_of(user, organisation, collection):
    """The documents of a collection that ``user`` may open as a member of ``organisation``, the newest first."""
    rows = Document.objects.openable_by(user).filter(
        readers__organisation=organisation, collection=collection
    )
    return rows.select_related("organisation", "collection", "asked_by").order_by("-asked_at", "-pk")


def results_of(user, organisation, collection):
    """Results of a collection, in two statements."""
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
        can_be_made=_can_be_made(user, organisation, collection, final),
    )


def _can_be_made(user, organisation, collection, final):
    """Of a return that is signed off the final profile, once; of any other a draft."""
    parts = Part.objects.visible_to(user).filter(organisation=organisation, collection=collection)
    decisions = set(parts.values_list("decision", flat=True))
    if not decisions or not organisation.is_local_authority:
        return ""
    if decisions != {"signed_off"}:
        return "draft"
    return "" if final else "final"


def is_unpublished(collection):
    """Whether downloads of the collection's figures are to be logged."""
    return not (collection.published_on and collection.published_on <= clock.today())


def step_words(document):
    """What is being done, in a sentence."""
    if document.status == Document.Status.WAITING:
        return "It waits for a free worker."
    return f"{document.step}."
