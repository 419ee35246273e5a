"""Background jobs of reports: each takes ids, opens its scope and calls one action; safe to run twice."""

from celery import shared_task


@shared_task(name="reports.handle_return_event")
def handle_return_event(event_id, organisation_id):
    """Write or set aside facts after a decision about a part, and ask for the profile after the last one."""
    from accounts import tenancy
    from mapping.returns.models import ReturnEvent
    from reports.actions import handle_return_event
    from reports.documents.actions import follow_return_event

    with tenancy.scope(organisation_id):
        event = ReturnEvent.objects.filter(pk=event_id).select_related("part", "organisation").first()
        if event:  # rolled back since: there is nothing to do
            handle_return_event(event)
            follow_return_event(event)


@shared_task(name="reports.compute_stale_figures")
def compute_stale_figures():
    """Compute the figures of the collections in which something has changed, once for all changes of a minute."""
    from reports.actions import compute_stale_figures

    compute_stale_figures()


@shared_task(name="reports.make_document")
def make_document(document_id, organisation_id):
    """Make a document that waits; each of its steps has a transaction of its own."""
    from reports.documents.actions import make_document

    make_document(document_id, organisation_id)


@shared_task(name="reports.make_waiting_documents")
def make_waiting_documents():
    """Queue again every document that waits, that a worker left, or that failed and may be tried again."""
    from reports.documents.actions import documents_due, queue

    for document_id, organisation_id in documents_due():
        queue(document_id, organisation_id)


@shared_task(name="reports.make_book")
def make_book(collection_id):
    """Make the book of a collection's questions as PDF, unless it is there."""
    from mapping.returns.models import Collection
    from reports.book import files

    files.make(Collection.objects.get(pk=collection_id))


@shared_task(name="reports.make_missing_books")
def make_missing_books():
    """Make the books that are not there: of a new collection, or of definitions that were corrected."""
    from mapping.returns.models import Collection
    from reports.book import files

    for collection in Collection.objects.order_by("-year"):
        files.make(collection)
