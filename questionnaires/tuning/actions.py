"""Going through all answers of a collection, organisation by organisation. The row is the truth of the job.

A worker claims the row and notes now and then what it has found and how far it is; after a while it gives the row back
and the queue goes on, so that a job of any length fits the time that a task may take. Killed at any point it leaves a
row whose heartbeat stops, which the sweep gives to another, to go on from the last note.
"""

import logging
import time
import uuid

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import tenancy
from mapping.core import clock
from mapping.returns.models import Collection, Phase, ReturnEvent
from mapping.returns.querysets import MOST_ATTEMPTS
from questionnaires.models import CheckJob
from questionnaires.tuning import applying, counting, peers, trying

log = logging.getLogger(__name__)

TASK = "questionnaires.work_on_checks"
NOTE_SECONDS = 1
KEEP_SECONDS = 20  # what was found is written down; a long job may have found some megabytes
SHIFT_SECONDS = 120
Kind, Status = CheckJob.Kind, CheckJob.Status
STEPS = {Kind.COUNT: counting, Kind.TRIAL: trying, Kind.APPLY: applying, Kind.PEERS: peers}
WRITING = {Kind.APPLY}  # the others only read


# Asking


@transaction.atomic
def ask(collection, kind, *, by=None, **fields):
    """A job that waits for a worker; one of the same kind that nobody has begun is given instead."""
    Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
    waiting = CheckJob.objects.filter(
        collection=collection, kind=kind, status=Status.WAITING, done=0, **fields
    )
    job = waiting.first() or CheckJob.objects.create(collection=collection, kind=kind, by=by, **fields)
    transaction.on_commit(lambda: queue(job.pk))
    return job


def ask_for_applying(collection, *, by=None):
    """Have open responses checked again after a change of thresholds, or of what the questionnaires ask."""
    return ask(collection, Kind.APPLY, by=by)


def queue(job_id):
    """Tell a worker now; while the broker is down the row waits for the sweep."""
    try:
        current_app.send_task(TASK, args=[job_id], retry=False)
    except OperationalError:
        log.warning("job %s waits: the broker is down", job_id)


def jobs_due():
    """Ids of all jobs that a worker should take up, the oldest first."""
    return list(CheckJob.objects.due(timezone.now()).order_by("created_at").values_list("pk", flat=True)[:50])


def ask_for_peers():
    """Ask for the figures of peers of closed collections in which something was decided since they were made."""
    for collection in Collection.objects.all():
        if collection.phase in (Phase.CLOSED, Phase.PUBLISHED) and _is_stale(collection):
            ask(collection, Kind.PEERS)


def _is_stale(collection):
    with tenancy.staff_reading(f"whether figures of peers are up to date, {collection}"):
        decided = ReturnEvent.objects.filter(annual_return__collection=collection, part__isnull=False)
        latest = decided.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    made = CheckJob.objects.filter(collection=collection, kind=Kind.PEERS).first()
    return latest is not None and (made is None or made.created_at < latest)


# Working


def work_on(job_id):
    """Work on a job for a while, unless another worker has it or it is done; safe to run at any time."""
    job = _claim(job_id)
    if job is None:
        return
    try:
        is_done = _work(job)
    except Exception:  # whatever it is, the page must say so; it is raised for the log
        _note(job, status=Status.FAILED, claim=None)
        raise
    if not is_done:
        queue(job.pk)


@transaction.atomic
def _claim(job_id):
    """The job, now this worker's, or None if there is nothing to do."""
    due = CheckJob.objects.due(timezone.now()).filter(pk=job_id).select_related("collection", "by")
    job = due.select_for_update(skip_locked=True, of=("self",)).first()
    if job is None:
        return None
    job.attempts += job.status != Status.WAITING or not job.done
    is_given_up = job.attempts > MOST_ATTEMPTS
    job.status, job.claim = (Status.FAILED, None) if is_given_up else (Status.RUNNING, uuid.uuid4())
    job.heartbeat_at = timezone.now()
    job.save(update_fields=["status", "claim", "attempts", "heartbeat_at"])
    return None if is_given_up else job


def _work(job):
    """Go through the organisations that are left; returns whether all are done."""
    steps = STEPS[job.kind]
    source = steps.collection_of(job)
    state = job.state or {"after": 0, "done": 0, **steps.begin(job)}
    left = _left(job, steps, source, state["after"]) if source else []
    pace = _Pace()
    for organisation_id, count in left:
        with _reach(job, organisation_id):
            found = steps.answers(source).filter(organisation=organisation_id).order_by("pk")
            steps.step(job, found.iterator(chunk_size=200), state)
        state["after"], state["done"] = organisation_id, state["done"] + count
        if pace.is_over(SHIFT_SECONDS):
            _note(job, status=Status.WAITING, claim=None, done=state["done"], state=state)
            return False
        if not _told(job, pace, state):
            return True  # another worker has it
    _finish(job, steps, state)
    return True


class _Pace:
    """How long ago things were done last."""

    def __init__(self):
        self.begun = time.monotonic()
        self.last = {}

    def is_over(self, seconds):
        return time.monotonic() - self.begun > seconds

    def is_due(self, name, seconds):
        """Whether it is time for something again; from now on it counts as done."""
        now = time.monotonic()
        if now - self.last.get(name, self.begun) < seconds:
            return False
        self.last[name] = now
        return True


def _told(job, pace, state):
    """Write how far it is, and now and then what was found, when it is time. False: another worker has the job."""
    if pace.is_due("keep", KEEP_SECONDS):
        return bool(_note(job, done=state["done"], state=state))
    return not pace.is_due("note", NOTE_SECONDS) or bool(_note(job, done=state["done"]))


def _left(job, steps, source, after):
    """(organisation id, how many responses) of those that are left, by id; tells the row how many there are in all."""
    with tenancy.staff_reading(f"{job}"):
        ids = list(steps.answers(source).order_by("organisation").values_list("organisation", flat=True))
    _note(job, total=len(ids))
    counts = {}
    for organisation_id in ids:
        counts[organisation_id] = counts.get(organisation_id, 0) + 1
    return [(organisation_id, count) for organisation_id, count in counts.items() if organisation_id > after]


def _reach(job, organisation_id):
    """What a step may see: the one organisation it writes for, or reading as staff."""
    if job.kind in WRITING:
        return tenancy.scope(organisation_id)
    return tenancy.staff_reading(f"{job}, one organisation")


@transaction.atomic
def _finish(job, steps, state):
    mine = CheckJob.objects.select_for_update().filter(pk=job.pk, claim=job.claim)
    if mine.exists():
        steps.finish(job, state)
        mine.update(
            status=Status.DONE,
            claim=None,
            done=state["done"],
            total=state["done"],
            state={**state, "ended": clock.now().isoformat()},
            finished_at=timezone.now(),
        )


def _note(job, **fields):
    """Write how far it is; the heartbeat goes on. Returns whether this worker still has the row."""
    mine = CheckJob.objects.filter(pk=job.pk, claim=job.claim)
    return mine.update(heartbeat_at=timezone.now(), **fields)
