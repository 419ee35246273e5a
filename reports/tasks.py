"""Background jobs of reports: each takes ids, opens its scope and calls one action; safe to run twice."""

from celery import shared_task


@shared_task(name="reports.handle_return_event")
def handle_return_event(event_id, organisation_id):
    """Write or set aside facts after a decision about a part."""
    from accounts import tenancy
    from mapping.returns.models import ReturnEvent
    from reports.actions import handle_return_event

    with tenancy.scope(organisation_id):
        event = ReturnEvent.objects.filter(pk=event_id).select_related("part").first()
        if event:  # rolled back since: there is nothing to do
            handle_return_event(event)


@shared_task(name="reports.compute_stale_figures")
def compute_stale_figures():
    """Compute the figures of the collections in which something has changed, once for all changes of a minute."""
    from reports.actions import compute_stale_figures

    compute_stale_figures()
