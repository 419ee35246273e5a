"""Finding categories for a long list, by a job. The row is the truth of the job; the queue only hurries it.

A worker claims the row, reads the texts outside of any transaction, says now and then how far it is, and writes all
that it found at once. Killed at any point it leaves a row whose heartbeat stops, which the sweep gives to another.
"""

import logging
import uuid

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import tenancy
from accounts.actions import tell
from mapping.returns import emails
from mapping.returns.importing.suggest import suggest
from mapping.returns.models import ServiceImport
from mapping.returns.queries.imports import file_of, unread_texts
from mapping.returns.querysets import MOST_ATTEMPTS

log = logging.getLogger(__name__)

TASK = "returns.read_import"
BATCH = 100  # texts between two words on how far it is: about a tenth of a second
Status = ServiceImport.Status


@transaction.atomic
def ask_for_reading(service_import):
    """Make an import wait for a worker, with all attempts before it; one that waits already goes on waiting."""
    held = ServiceImport.objects.select_for_update().get(pk=service_import.pk)
    if not held.is_pending:
        held.status, held.attempts, held.texts_done = Status.WAITING, 0, 0
        held.texts = len(unread_texts(held, file_of(held)))
        held.save(update_fields=["status", "attempts", "texts_done", "texts"])
        transaction.on_commit(lambda: queue_reading(held.pk, held.organisation_id))
    return held


def queue_reading(import_id, organisation_id):
    """Tell a worker now; while the broker is down the row waits for the sweep."""
    try:
        current_app.send_task(TASK, args=[import_id, organisation_id], retry=False)
    except OperationalError:
        log.warning("import %s waits: the broker is down", import_id)


def read_import(import_id, organisation_id):
    """Find the categories of one import, unless another worker has it or it is read; safe to run at any time."""
    service_import = _claim(import_id, organisation_id)
    if service_import is None:
        return
    try:
        _keep(service_import, _found(service_import))
    except Exception:  # whatever it is, the page must say so; it is raised for the log
        _note(service_import, status=Status.FAILED, claim=None)
        raise


def _claim(import_id, organisation_id):
    """The import, now read by this worker, or None if there is nothing to do."""
    now = timezone.now()
    with tenancy.scope(organisation_id):
        due = ServiceImport.objects.due(now).filter(pk=import_id)
        held = due.select_for_update(skip_locked=True, of=("self",)).select_related(
            "organisation", "collection", "by"
        )
        service_import = held.first()
        if service_import is None:
            return None
        if service_import.attempts >= MOST_ATTEMPTS:
            service_import.status, service_import.claim = Status.FAILED, None
        else:
            service_import.status, service_import.claim = Status.READING, uuid.uuid4()
            service_import.attempts += 1
        service_import.texts_done, service_import.heartbeat_at = 0, now
        service_import.save(update_fields=["status", "claim", "attempts", "texts_done", "heartbeat_at"])
    return service_import if service_import.claim else None


def _found(service_import):
    """Key -> suggestion as JSON, of every text of the file."""
    with tenancy.scope(service_import.organisation_id):
        listing = file_of(service_import)
    unread = unread_texts(service_import, listing)
    _note(service_import, texts=len(unread))
    found = {key: service_import.suggestions[key] for key in listing.texts().keys() - unread.keys()}
    texts = list(unread.items())
    for done in range(0, len(texts), BATCH):
        batch = texts[done : done + BATCH]
        found |= {key: suggest(*text).as_json() for key, text in batch}
        _note(service_import, texts_done=done + len(batch))
    return found


def _note(service_import, **fields):
    """Write how far it is; the heartbeat goes on. Returns whether this worker still has the row."""
    with tenancy.scope(service_import.organisation_id):
        mine = ServiceImport.objects.filter(pk=service_import.pk, claim=service_import.claim)
        return mine.update(heartbeat_at=timezone.now(), **fields)


@transaction.atomic
def _keep(service_import, found):
    """Write what was found, and tell whoever uploaded the list."""
    if _note(service_import, status=Status.READY, claim=None, suggestions=found):
        tell(service_import.organisation, [service_import.by], **emails.list_read(service_import))


def imports_due():
    """(import id, organisation id) of all that a worker should take up, the oldest first."""
    with tenancy.staff_reading("sweep of imports that wait"):
        due = ServiceImport.objects.due(timezone.now()).order_by("created_at")
        return list(due.values_list("pk", "organisation_id")[:200])
