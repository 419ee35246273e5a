"""Every write of documents. The row is the truth of the job; the queue only says that there is something to do.

A worker claims the row, makes the document outside of any transaction, writes the file, and says so in the row in one
transaction. Killed at any point it leaves a row whose heartbeat stops, which the sweep gives to another.
"""

import hashlib
import logging
import uuid

from celery import current_app
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import tenancy
from accounts.actions import tell
from accounts.models import Membership
from mapping.core import clock
from mapping.returns.models import AnnualReturn, ReturnEvent
from reports.actions import SIGN_OFFS
from reports.documents import store
from reports.models import Document, DocumentKind, DocumentReader, FactSet
from reports.profiles.local_authority import profile_document
from reports.profiles.render import render_pdf
from reports.querysets import MOST_ATTEMPTS

log = logging.getLogger(__name__)

PROFILE = DocumentKind.LOCAL_AUTHORITY_PROFILE
Status = Document.Status
STEPS = ("Reading the figures", "Laying out the pages", "Keeping the file")
TASK = "reports.make_document"


class NoDocument(ValueError):
    """There is no such document for this organisation, in words for whoever asked."""


# Asking


@transaction.atomic
def ask_for_profile(organisation, collection, *, by):
    """The profile as it stands: of a return that is signed off the final one, else a draft of today's answers.

    Asking twice gives the same document while it waits or is being made. Raises NoDocument for organisations
    without a profile of their own.
    """
    if not organisation.is_local_authority:
        raise NoDocument("Profiles of this kind are made for local authorities.")
    annual_return = AnnualReturn.objects.filter(organisation=organisation, collection=collection).first()
    if annual_return is None:
        raise NoDocument(f"There is no return for {collection} yet.")
    return _final_of(annual_return) or _draft_of(organisation, collection, by)


def _draft_of(organisation, collection, by):
    if pending := _pending_draft(organisation, collection):
        return pending
    try:
        with transaction.atomic():
            return _ask(organisation, collection, is_draft=True, asked_by=by)
    except IntegrityError:  # somebody asked in the same moment
        return _pending_draft(organisation, collection)


def _pending_draft(organisation, collection):
    drafts = Document.objects.filter(
        organisation=organisation, collection=collection, kind=PROFILE, is_draft=True
    )
    return drafts.filter(status__in=[Status.WAITING, Status.MAKING]).first()


def _ask(organisation, collection, **fields):
    """Write the row with its reader, the organisation itself, and tell a worker after the commit."""
    document = Document.objects.create(
        organisation=organisation, collection=collection, kind=PROFILE, steps=len(STEPS), **fields
    )
    DocumentReader.objects.create(organisation=organisation, document=document)
    _queue_after_commit(document)
    return document


def _queue_after_commit(document):
    transaction.on_commit(lambda: queue(document.pk, document.organisation_id))


def queue(document_id, organisation_id):
    """Tell a worker now; while the broker is down the row waits for the sweep."""
    try:
        current_app.send_task(TASK, args=[document_id, organisation_id], retry=False)
    except OperationalError:
        log.warning("document %s waits: the broker is down", document_id)


def follow_return_event(event):
    """Ask for the final profile if this sign-off was the last that the return owed.

    Runs in the scope of the organisation after facts have been written. A back-load of earlier years makes no
    profiles by itself: whoever wants one asks for it.
    """
    if event.kind == ReturnEvent.Kind.SIGNED_OFF and event.organisation.is_local_authority:
        _final_of(event.annual_return)


@transaction.atomic
def _final_of(annual_return):
    """The final profile of a return of which every part is signed off, asked for if it is not there; else None.

    Of two last sign-offs at the same time the second to come sees the facts of both, as the return is held; the
    document is the later event's.
    """
    annual_return = AnnualReturn.objects.select_for_update().get(pk=annual_return.pk)
    last = _last_sign_off(annual_return)
    if last is None:
        return None
    organisation, collection = annual_return.organisation, annual_return.collection
    finals = Document.objects.filter(
        organisation=organisation, collection=collection, kind=PROFILE, is_draft=False
    )
    there = finals.filter(event=last).first()
    return there or _ask(organisation, collection, event=last, number=finals.count() + 1, on_day=_day(last))


def _last_sign_off(annual_return):
    """The latest sign-off of a return of which every part is signed off and has its facts, else None."""
    parts = list(annual_return.parts.all())
    sets = FactSet.objects.filter(part__in=parts, superseded_at=None, event__kind__in=SIGN_OFFS)
    with_facts = set(sets.values_list("part", flat=True))
    if not parts or any(part.decision != "signed_off" or part.pk not in with_facts for part in parts):
        return None
    return ReturnEvent.objects.filter(fact_sets__in=sets).order_by("-recorded_at", "-pk").first()


def _day(event):
    return event.at.astimezone().date()


@transaction.atomic
def try_again(document):
    """Make a document that failed wait once more, with all attempts before it; a draft shows the answers of now."""
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.status != Status.FAILED:
        return held
    if held.is_draft and (pending := _pending_draft(held.organisation, held.collection)):
        return pending
    held.status, held.attempts, held.failure = Status.WAITING, 0, ""
    if held.is_draft:
        held.asked_at, held.on_day = timezone.now(), clock.today()
    held.save(update_fields=["status", "attempts", "failure", "asked_at", "on_day"])
    _queue_after_commit(held)
    return held


@transaction.atomic
def make_lost_file_again(document):
    """Make a document wait whose file the store has lost: its row knows all that is needed to make it again."""
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.status == Status.MADE:
        held.status, held.attempts = Status.WAITING, 0
        held.save(update_fields=["status", "attempts"])
        _queue_after_commit(held)
    return held


# Making


def make_document(document_id, organisation_id):
    """Make one document, unless another worker has it or it is made already; safe to run at any time.

    Opens its own transactions, so that everybody sees how far it is.
    """
    document = claim(document_id, organisation_id)
    if document is None:
        return
    try:
        content = render_pdf(_content_of(document))
        _note_step(document, 2)
        keep(document, content)
    except Exception as problem:  # whatever it is, the page must say so; it is raised for the log
        fail(document, problem)
        raise


def claim(document_id, organisation_id):
    """The Document, now being made by this worker, or None if there is nothing to do."""
    now = timezone.now()
    with tenancy.scope(organisation_id):
        due = Document.objects.due(now).filter(pk=document_id)
        document = (
            due.select_for_update(skip_locked=True, of=("self",))
            .select_related("organisation__region", "collection", "asked_by")
            .first()
        )
        if document is None:
            return None
        if document.attempts >= MOST_ATTEMPTS:
            _give_up(document)
            return None
        document.status, document.heartbeat_at, document.claim = Status.MAKING, now, uuid.uuid4()
        document.attempts += 1
        document.step, document.steps_done, document.failure = STEPS[0], 0, ""
        document.save()
        return document


def _give_up(document):
    document.status, document.claim = Status.FAILED, None
    document.failure = document.failure or "The job was interrupted again and again."
    document.save(update_fields=["status", "claim", "failure"])


def _content_of(document):
    """The Document of pages, as of the moment at which it was asked for."""
    with tenancy.scope(document.organisation_id):
        content = profile_document(
            document.organisation,
            document.collection,
            moment=document.asked_at,
            is_draft=document.is_draft,
            day=document.on_day,
            release=document.number,
        )
    _note_step(document, 1)
    return content


def _note_step(document, done):
    """Say how far it is; the heartbeat goes on."""
    with tenancy.scope(document.organisation_id):
        _mine(document).update(step=STEPS[done], steps_done=done, heartbeat_at=timezone.now())


def _mine(document):
    """The row, if this worker still has it."""
    return Document.objects.filter(pk=document.pk, claim=document.claim)


def keep(document, content):
    """Write the file and say in the row that it is made, with its hash; tell those who wait for it."""
    sha256 = hashlib.sha256(content).hexdigest()
    key = store.key_of(document, sha256)
    store.write(key, content)
    store.remove_unfinished(document.organisation_id, older_than=document.heartbeat_at.timestamp() - 3600)
    with tenancy.scope(document.organisation_id):
        is_made = _mine(document).update(
            status=Status.MADE,
            step="",
            steps_done=len(STEPS),
            claim=None,
            made_at=timezone.now(),
            file=key,
            sha256=sha256,
            size=len(content),
        )
        if is_made:
            _tell_readers(document)


def fail(document, problem):
    """Note why it was not made; the sweep tries again until it has been tried five times."""
    log.warning("document %s was not made: %s", document.pk, problem)
    with tenancy.scope(document.organisation_id):
        _mine(document).update(
            status=Status.FAILED, claim=None, failure=in_words(problem), heartbeat_at=timezone.now()
        )


def in_words(problem):
    """A failure as its readers can understand it; the log has the rest."""
    if isinstance(problem, OSError):
        return "The file could not be kept: the store did not take it."
    return "The document could not be laid out from these figures."


def _tell_readers(document):
    """A final profile is told to leads and directors, a draft to whoever asked; each only once."""
    organisation, collection = document.organisation, document.collection
    link = reverse("reports:documents", kwargs={"organisation": organisation.slug, "collection": collection})
    if document.is_draft:
        people, what = [document.asked_by], f"Your draft profile for {collection} is ready"
    else:
        members = Membership.objects.filter(organisation=organisation).select_related("user")
        people = [membership.user for membership in (*members.leads(), *members.directors())]
        what = f"The profile of {organisation} for {collection} is ready"
    body = f"{what}, as a PDF of your own figures beside those of your region and England."
    tell(organisation, filter(None, people), what, body, link=link, key=f"document {document.pk}")


def documents_due():
    """(document id, organisation id) of all that a worker should take up, the oldest first."""
    with tenancy.staff_reading("sweep of documents that wait"):
        due = Document.objects.due(timezone.now()).order_by("asked_at")
        return list(due.values_list("pk", "organisation_id")[:200])
