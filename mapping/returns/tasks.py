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


@shared_task(name="returns.read_import")
def read_import(import_id, organisation_id):
    """Find the categories of an uploaded list that waits; each of its steps has a transaction of its own."""
    from mapping.returns.actions import read_import

    read_import(import_id, organisation_id)


@shared_task(name="returns.read_waiting_imports")
def read_waiting_imports():
    """Queue again every uploaded list that waits, that a worker left, or that failed and may be tried again."""
    from mapping.returns.actions import imports_due, queue_reading

    for import_id, organisation_id in imports_due():
        queue_reading(import_id, organisation_id)


@shared_task(name="returns.tell_new_leads")
def tell_new_leads():
    """Tell partners of joint services who had no lead when they were asked. Safe to run at any time."""
    from mapping.returns.actions import tell_new_leads

    tell_new_leads()
