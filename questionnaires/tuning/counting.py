"""How often each soft rule finds something in a collection, is explained, and is followed by a correction."""

from mapping.returns.querysets import GONE
from questionnaires.evaluation import evaluate
from questionnaires.queries.reading import (
    context_of,
    explanations_of,
    listed_peers,
    questionnaire_of,
    responses,
)
from questionnaires.tuning.corrections import corrections


def collection_of(job):
    """Whose answers are gone through."""
    return job.collection


def answers(collection):
    """All responses of a collection that anybody has answered."""
    rows = responses().filter(part__collection=collection, version__gt=0)
    return rows.exclude(service_entry__status__in=GONE)


def begin(job):
    """What a job starts from."""
    return {"counts": {}, "responses": 0}


def step(job, found, state):
    """Add some responses of one return: ``counts`` holds {"rule question": [found, explained, corrected]}."""
    for response, context in with_contexts(found):
        state["responses"] += 1
        for place, amounts in counts_of(response, context).items():
            before = state["counts"].get(place, [0, 0, 0])
            state["counts"][place] = [a + b for a, b in zip(before, amounts, strict=True)]


def with_contexts(found):
    """Responses of one organisation, each with its Context; the list of services is read once a return."""
    peers = {}
    for response in found:
        listed = None
        if response.service_entry_id:
            key = response.service_entry.annual_return_id
            listed = peers[key] = peers.get(key) or listed_peers(key)
        yield response, context_of(response, listed=listed)


def counts_of(response, context):
    """{"rule question": [found, explained, corrected]} of one response; each warning at a cell counts once."""
    questionnaire = questionnaire_of(response)
    given = explanations_of(response)

    def problems_of(cells):
        return evaluate(questionnaire, cells, context, given).problems

    standing = {p.key: p for p in problems_of(response.cells) if p.reason_wanted}
    ended = corrections(response.cells, response.revisions.order_by("-number"), problems_of)
    counts = {}
    for (rule, _), problem in standing.items():
        _add(counts, rule, problem.question, [1, int(problem.explained), 0])
    for key in ended.keys() - standing.keys():
        _add(counts, key[0], ended[key], [1, 0, 1])
    return counts


def _add(counts, rule, question, amounts):
    place = f"{rule} {question}"
    counts[place] = [a + b for a, b in zip(counts.get(place, [0, 0, 0]), amounts, strict=True)]


def finish(job, state):
    """What is left to be done at the end: nothing, the page reads the state."""
