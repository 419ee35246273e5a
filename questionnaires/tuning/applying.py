"""After a change of thresholds: responses that may still change are checked again, so that lists tell the truth."""

from mapping.returns.workflow import UNLOCKED
from questionnaires.actions.writing import SUMMARY, summarise
from questionnaires.queries.reading import responses
from questionnaires.tuning import counting


def collection_of(job):
    """Whose answers are gone through."""
    return job.collection


def answers(collection):
    """The responses of parts whose answers are not locked; what was submitted stays as it was submitted."""
    return counting.answers(collection).filter(part__decision__in=[decision.value for decision in UNLOCKED])


def begin(job):
    """What a job starts from."""
    return {"changed": 0}


def step(job, found, state):
    """Bring the summaries of some responses of one organisation in line; needs its scope."""
    held = responses().select_for_update(of=("self",)).order_by("pk")
    held = held.filter(pk__in=[response.pk for response in found])
    for response, context in counting.with_contexts(held):
        before = [getattr(response, name) for name in SUMMARY]
        summarise(response, context)
        if before != [getattr(response, name) for name in SUMMARY]:
            response.save(update_fields=SUMMARY)
            state["changed"] += 1


def finish(job, state):
    """Nothing is left to be done at the end."""
