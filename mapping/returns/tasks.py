"""Background jobs of returns."""

from celery import shared_task


@shared_task(name="returns.deliver_events")
def deliver_events():
    """Queue again every event that one of its consumers has not handled. Safe to run at any time."""
    from accounts import tenancy
    from mapping.returns.actions import deliver
    from mapping.returns.models import ReturnEvent

    with tenancy.staff_reading("sweep of undelivered events"):
        waiting = list(ReturnEvent.objects.undelivered().values_list("pk", "organisation_id")[:500])
    for event_id, organisation_id in waiting:
        deliver(event_id, organisation_id)
