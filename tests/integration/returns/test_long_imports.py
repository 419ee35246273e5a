"""A list that is too long to be read while somebody waits: a job finds its categories, the page says how far it is."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tenancy
from accounts.models import Message
from mapping.returns.actions import reading
from mapping.returns.importing.suggest import suggest
from mapping.returns.models import ServiceEntry, ServiceImport
from mapping.returns.queries import imports as reads
from mapping.returns.querysets import MOST_ATTEMPTS
from mapping.returns.tasks import read_waiting_imports

Status = ServiceImport.Status
WORDS = "Homework help and play for children of all ages in the hall of ward"


def long_list(rows):
    """A file in which every row has a text of its own."""
    lines = [f"Youth club {number},{WORDS} {number}. {WORDS * 5}" for number in range(1, rows + 1)]
    return "\n".join(["Name,Description", *lines]).encode()


@pytest.fixture
def upload(client, lead, annual_return, address):
    """``upload(rows)`` sends a list of so many rows as the lead and gives the page that it leads to."""

    def send(rows):
        client.force_login(lead)
        file = SimpleUploadedFile("directory.csv", long_list(rows))
        return client.post(address("import"), {"file": file}, follow=True)

    return send


@pytest.fixture
def kept(organisation):
    """``kept()`` is the import as it stands in the database; ``kept(field=...)`` changes it before."""

    def read(**changes):
        with tenancy.scope(organisation):
            if changes:
                ServiceImport.objects.update(**changes)
            return ServiceImport.objects.get()

    return read


@pytest.fixture
def preview_url(kept, address):
    return lambda: address("import_preview", pk=kept().pk)


@pytest.fixture
def _short_lists_wait(monkeypatch):
    """More than two rows are a long list."""
    monkeypatch.setattr(reads, "TEXTS_AT_ONCE", 2)


def test_short_list_is_shown_at_once(upload, kept):
    page = upload(20)

    assert page.context["preview"].added == 20
    assert (kept().status, kept().suggestions) == (Status.READY, {})


@pytest.mark.usefixtures("_short_lists_wait")
def test_long_list_waits_and_says_how_far_it_is(upload, kept, client, address):
    page = upload(3)

    waiting = kept()
    assert (waiting.status, waiting.texts, waiting.texts_done) == (Status.WAITING, 3, 0)
    assert "0 of 3 rows" in page.content.decode()
    assert '<meta http-equiv="refresh" content="10">' in page.content.decode()
    piece = client.get(address("import_status", pk=waiting.pk), headers={"HX-Request": "true"})
    assert "0 of 3 rows" in piece.content.decode()
    assert "<html" not in piece.content.decode()


@pytest.mark.usefixtures("_short_lists_wait")
def test_what_the_job_found_is_what_the_page_would_have_found(upload, kept, client, preview_url, address):
    upload(3)

    reading.read_import(kept().pk, kept().organisation_id)

    done = kept()
    assert (done.status, done.texts_done, done.attempts) == (Status.READY, 3, 1)
    suggest.cache_clear()
    shown = client.get(preview_url()).context["preview"]
    assert suggest.cache_info().misses == 0
    with tenancy.scope(done.organisation_id):
        listing = reads.file_of(done)
    assert [row.suggestion.reason for row in shown.plan.rows] == [
        suggest(*row.text).reason for row in listing.rows
    ]
    assert [row.suggestion.words for row in shown.plan.rows] == [
        suggest(*row.text).words for row in listing.rows
    ]
    piece = client.get(address("import_status", pk=done.pk), headers={"HX-Request": "true"})
    assert piece["HX-Refresh"] == "true"


@pytest.mark.usefixtures("_short_lists_wait")
def test_who_uploaded_is_told_once(upload, kept, lead, preview_url):
    upload(3)

    reading.read_import(kept().pk, kept().organisation_id)
    reading.read_import(kept().pk, kept().organisation_id)

    with tenancy.scope(kept().organisation_id):
        told = Message.objects.get(subject="Your list directory.csv has been read")
    assert (told.recipient, told.link) == (lead, preview_url())
    assert kept().attempts == 1


@pytest.mark.usefixtures("_short_lists_wait")
def test_other_columns_are_read_by_a_job_again(upload, kept, client, preview_url):
    upload(3)
    reading.read_import(kept().pk, kept().organisation_id)

    page = client.post(preview_url(), {"column-1": "", "do": "columns"}, follow=True)

    assert "0 of 3 rows" in page.content.decode()
    reading.read_import(kept().pk, kept().organisation_id)
    assert client.get(preview_url()).context["preview"].plan.columns == {"Name": "name"}


@pytest.mark.usefixtures("_short_lists_wait")
def test_rows_left_out_and_choices_wait_for_the_job(
    upload, client, kept, preview_url, address, annual_return
):
    upload(3)

    file = client.get(address("import_left_out", pk=kept().pk))
    saved = client.post(preview_url(), {"do": "save", "rows": "1", "add-1": "1"})

    assert file.url == preview_url()
    assert saved.url == preview_url()
    with tenancy.scope(annual_return.organisation):
        assert not ServiceEntry.objects.exists()


@pytest.mark.usefixtures("_short_lists_wait")
def test_failure_is_shown_and_tried_again(upload, kept, client, preview_url, monkeypatch):
    upload(3)

    def fails(*text):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(reading, "suggest", fails)
        with pytest.raises(MemoryError):
            reading.read_import(kept().pk, kept().organisation_id)

    assert kept().status == Status.FAILED
    assert "tried again by itself" in client.get(preview_url()).content.decode()
    assert reading.imports_due() == []  # not at once
    kept(heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert reading.imports_due() == [(kept().pk, kept().organisation_id)]
    kept(attempts=MOST_ATTEMPTS)
    assert reading.imports_due() == []
    assert "tried five times" in client.get(preview_url()).content.decode()
    client.post(preview_url(), {"do": "again"})
    assert (kept().status, kept().attempts) == (Status.WAITING, 0)


@pytest.mark.usefixtures("_short_lists_wait")
def test_list_that_stops_the_worker_again_and_again_is_given_up(upload, kept):
    upload(3)
    kept(status=Status.READING, attempts=MOST_ATTEMPTS, heartbeat_at=timezone.now() - timedelta(minutes=2))

    reading.read_import(kept().pk, kept().organisation_id)

    assert (kept().status, kept().suggestions) == (Status.FAILED, {})


def test_a_slower_worker_that_lost_the_row_changes_nothing(upload, kept, organisation, monkeypatch):
    monkeypatch.setattr(reads, "TEXTS_AT_ONCE", 2)
    upload(3)

    def is_slow(*text):
        kept(claim="00000000-0000-0000-0000-000000000001")  # another has taken the row over meanwhile
        return suggest(*text)

    monkeypatch.setattr(reading, "suggest", is_slow)
    reading.read_import(kept().pk, organisation.pk)

    assert (kept().status, kept().texts_done, kept().suggestions) == (Status.READING, 0, {})


def test_preview_of_a_long_list_takes_the_queries_of_a_short_one(upload, kept, client, preview_url):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(preview_url())
        return len(captured)

    upload(3)
    few = queries()
    kept(content=long_list(400))

    assert queries() == few


def test_only_pages_of_a_group_are_shown(upload, client, preview_url):
    upload(120)

    first = client.get(preview_url()).context["preview"]
    group = client.get(preview_url(), {"show": "to_add", "page": "3"}).context["preview"]

    assert [(len(section.rows), section.hidden) for section in first.sections] == [(5, 115)]
    assert [row.number for row in group.sections[0].rows] == list(range(101, 121))


def test_saving_many_takes_the_queries_of_few_and_shows_the_first(
    upload, kept, client, preview_url, annual_return
):
    upload(60)
    with CaptureQueriesContext(connection) as sixty:
        page = client.post(preview_url(), {"do": "save"}, follow=True)
    text = page.content.decode()
    with tenancy.scope(annual_return.organisation):
        assert ServiceEntry.objects.count() == 60
        ServiceImport.objects.all().delete()

    upload(3)
    with CaptureQueriesContext(connection) as three:
        client.post(
            preview_url(), {"do": "save", "rows": "1,2,3", "same-1": "different", "same-2": "different"}
        )

    assert "60 services added" in text
    assert "And 10 more" in text
    assert len(three) <= len(sixty)


# With a real worker


def wait_until(is_true, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "the worker did not get so far"
        time.sleep(0.02)


def test_killed_worker_leaves_nothing_half_read_and_another_takes_over(
    transactional_db, start_worker, upload, kept, client, preview_url
):
    first = start_worker()
    upload(3_000)
    wait_until(lambda: kept().texts_done)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    left = kept()
    assert (left.status, left.suggestions) == (Status.READING, {})
    assert 0 < left.texts_done < left.texts == 3_000

    kept(heartbeat_at=timezone.now() - timedelta(minutes=5))  # its silence has lasted long enough
    start_worker()
    read_waiting_imports.delay()
    wait_until(lambda: kept().status == Status.READY)

    done = kept()
    assert (done.attempts, done.texts_done, len(done.suggestions)) == (2, 3_000, 3_000)
    assert client.get(preview_url()).context["preview"].added == 3_000
    reading.queue_reading(done.pk, done.organisation_id)
    read_waiting_imports.delay()
    time.sleep(1)
    assert kept().attempts == 2
