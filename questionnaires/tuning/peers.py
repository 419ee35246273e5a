"""The ranges of peers: of each category and question the ends between which nearly all services lay (GS6).

Taken from what was signed off. A question counts in a category where thirty services or more gave a figure; the ends
are figures that were given (nearest rank), so that money stays whole pounds.
"""

from decimal import ROUND_CEILING, Decimal

from django.core.cache import cache
from django.utils import timezone

from mapping.returns.classification import classification
from mapping.returns.models import Collection
from mapping.returns.workflow import Decision
from questionnaires.models import CheckJob, PeerRanges
from questionnaires.queries.peers import key_of
from questionnaires.queries.reading import questionnaire_of
from questionnaires.rules.thresholds import PEER_PERCENTS
from questionnaires.tuning import counting

FEWEST_SERVICES = 30
CHECK = "beyond_percentiles"


def collection_of(job):
    """Whose answers are gone through."""
    return job.collection


def answers(collection):
    """The responses about services of a collection that were signed off."""
    signed_off = counting.answers(collection).filter(part__decision=Decision.SIGNED_OFF.value)
    return signed_off.exclude(service_entry=None)


def begin(job):
    """What a job starts from: {category: {question: [figures as text]}}."""
    return {"figures": {}}


def step(job, found, state):
    """Add the figures of some responses."""
    for response in found:
        own = state["figures"].setdefault(response.service_entry.category, {})
        for question, number in figures_of(response):
            own.setdefault(question, []).append(str(number))


def make_ranges(collection):
    """Make the ranges of a collection at once, as a job does; needs to see all of its organisations."""
    job = CheckJob(collection=collection, kind=CheckJob.Kind.PEERS)
    state = begin(job)
    step(job, answers(collection).iterator(chunk_size=200), state)
    finish(job, state)


def figures_of(response):
    """(question, figure) of all that the response answers with a number and that is compared with peers."""
    questionnaire = questionnaire_of(response)
    for code, question in questionnaire.questions.items():
        stored = response.cells.get(code)
        if stored and "v" in stored and any(rule.check == CHECK for rule in question.rules):
            yield code, question.kind.value(stored)


def finish(job, state):
    """Write the ranges of all categories in place of those that were known."""
    for category in classification().categories:
        ranges = ranges_from(state["figures"].get(category, {}))
        PeerRanges.objects.update_or_create(
            collection=job.collection,
            category=category,
            defaults={"ranges": ranges, "made_at": timezone.now()},
        )
    state["figures"] = {}
    forget(job.collection)


def ranges_from(figures):
    """{question: {per cent: [lowest, highest]}} from {question: [figures as text]}, where there are enough."""
    enough = {q: sorted(map(Decimal, own)) for q, own in figures.items() if len(own) >= FEWEST_SERVICES}
    return {
        question: {str(percent): [str(end) for end in ends(own, percent)] for percent in PEER_PERCENTS}
        for question, own in enough.items()
    }


def ends(figures, percent):
    """The figures at the ``percent``-th and the (100 - ``percent``)-th percentile of sorted figures, nearest rank."""
    rank = int((Decimal(len(figures)) * percent / 100).to_integral_value(ROUND_CEILING))
    return figures[rank - 1], figures[len(figures) - rank]


def forget(collection):
    """Take from the cache what later collections compare with."""
    years = Collection.objects.filter(year__gt=collection.year).values_list("year", flat=True)
    cache.delete_many([key_of(year, code) for year in years for code in classification().categories])
