"""After a change of thresholds or of a definition: responses that may still change are checked again.

Lists and progress read the summaries that a check leaves with each response; what was submitted stays as it was
submitted, and is checked again when it is sent back or reopened (``questionnaires.actions.rechecking``).
"""

from django.db import connection

from mapping.returns.workflow import UNLOCKED
from questionnaires.actions.writing import SUMMARY, summarise
from questionnaires.queries.reading import responses
from questionnaires.tuning import counting


def collection_of(job):
    """Whose answers are gone through."""
    return job.collection


def answers(collection):
    """The responses of parts whose answers are not locked, those too that nobody has answered yet."""
    open_ones = [decision.value for decision in UNLOCKED]
    return responses().filter(part__collection=collection, part__decision__in=open_ones)


def begin(job):
    """What a job starts from."""
    return {"changed": 0}


def step(job, found, state):
    """Bring the summaries of some responses of one organisation in line; needs its scope."""
    found = list(found)
    _hold_parts({response.part_id for response in found})
    held = answers(job.collection).select_for_update(of=("self",)).order_by("pk")
    for response, context in counting.with_contexts(held.filter(pk__in=[one.pk for one in found])):
        before = [getattr(response, name) for name in SUMMARY]
        summarise(response, context)
        if before != [getattr(response, name) for name in SUMMARY]:
            response.save(update_fields=SUMMARY)
            state["changed"] += 1


def _hold_parts(ids):
    """Hold the parts as a save does, so that nobody submits them meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM returns_part WHERE id = ANY(%s) ORDER BY id FOR SHARE", [sorted(ids)])


def finish(job, state):
    """Nothing is left to be done at the end."""
