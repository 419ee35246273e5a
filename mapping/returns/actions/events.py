"""What happened to a return, written down for good and told to those who act on it."""

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from mapping.core import clock
from mapping.returns.models import ReturnEvent
from mapping.returns.signals import event_recorded


def record_event(annual_return, kind, *, by, part=None, note="", detail=None):
    """Write a ReturnEvent, tell who listens to ``event_recorded``, and call its consumers after the commit.

    Whoever listens writes in the same transaction, so what they write is there exactly if the event is.
    A consumer that cannot be reached now hears of it from the sweep (``tasks.deliver_events``).
    """
    event = ReturnEvent.objects.create(
        organisation_id=annual_return.organisation_id,
        annual_return=annual_return,
        part=part,
        kind=kind,
        by=by,
        note=note,
        detail=detail or {},
        at=clock.now(),
    )
    event_recorded.send(ReturnEvent, event=event)
    transaction.on_commit(lambda: deliver(event.pk, event.organisation_id))
    return event


def deliver(event_id, organisation_id):
    """Queue one event for each of its consumers, by the name of their task."""
    for task in settings.RETURN_EVENT_TASKS:
        try:
            current_app.send_task(task, args=[event_id, organisation_id], retry=False)
        except OperationalError:
            return  # the broker is down: the event lacks its receipt, so the sweep delivers it
