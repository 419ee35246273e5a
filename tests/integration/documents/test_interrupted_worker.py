"""A real worker is killed while it lays pages out: another makes the document, once, with the same bytes."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import tenancy
from accounts.models import Organisation, Role
from mapping.returns.models import Collection
from reports.documents import actions, store
from reports.models import Document
from reports.tasks import make_waiting_documents
from tests.integration.documents.conftest import load_begun_return
from tests.people import member


def wait_until(is_true, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "the worker did not get so far"
        time.sleep(0.02)


@pytest.fixture
def asked(transactional_db, tmp_path):
    """A draft of Trafford’s profile that is asked for and queued."""
    load_begun_return(tmp_path)
    trafford = Organisation.objects.get(code="E08000009")
    lead = member(trafford, Role.LEAD, "Ruth Ashworth")
    with tenancy.scope(trafford):
        return actions.ask_for_profile(trafford, Collection.objects.get(year=2009), by=lead)


def fresh(document):
    with tenancy.scope(document.organisation_id):
        return Document.objects.get(pk=document.pk)


def test_killed_worker_leaves_nothing_half_made_and_another_takes_over(start_worker, asked, settings):
    first = start_worker()
    wait_until(lambda: fresh(asked).steps_done == 1)  # it lays the pages out now
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    left = fresh(asked)
    assert (left.status, left.file) == (Document.Status.MAKING, "")
    assert list(settings.FILES_DIR.rglob("*.pdf")) == []

    with tenancy.scope(asked.organisation_id):  # its silence has lasted long enough
        Document.objects.filter(pk=asked.pk).update(heartbeat_at=timezone.now() - timedelta(days=1))
    start_worker()
    make_waiting_documents.delay()
    wait_until(lambda: fresh(asked).status == Document.Status.MADE)

    made = fresh(asked)
    assert made.attempts == 2
    assert [path.read_bytes() for path in settings.FILES_DIR.rglob("*.pdf")] == [store.read(made.file)]
    with tenancy.scope(asked.organisation_id):
        Document.objects.filter(pk=asked.pk).update(status=Document.Status.WAITING)
    actions.queue(asked.pk, asked.organisation_id)
    wait_until(lambda: fresh(asked).attempts == 3 and fresh(asked).status == Document.Status.MADE)
    assert fresh(asked).sha256 == made.sha256
    assert len(list(settings.FILES_DIR.rglob("*.pdf"))) == 1
