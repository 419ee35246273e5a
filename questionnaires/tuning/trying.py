"""A threshold tried on last year's answers: what it would find, beside what today's finds."""

from dataclasses import replace

from mapping.returns.models import Collection
from questionnaires.case import Case
from questionnaires.cells import Special
from questionnaires.queries.peers import ranges_of
from questionnaires.queries.reading import questionnaire_of
from questionnaires.rules import NotCheckable, is_number, plain, read_thresholds, run
from questionnaires.rules.base import figure
from questionnaires.tuning import counting
from questionnaires.tuning.soft import soft_rule, with_own

MOST_VALUES = 5000


def collection_of(job):
    """Whose answers are gone through: those of the collection before."""
    return Collection.objects.before(job.collection)


def answers(collection):
    """All responses of a collection that anybody has answered."""
    return counting.answers(collection)


def begin(job):
    """What a job starts from.

    asked, checkable, today, tried: numbers of responses. values: [category, value, last year's, is found today, is
    found by what is tried] for each that either finds.
    """
    return {"asked": 0, "checkable": 0, "today": 0, "tried": 0, "values": []}


def step(job, found, state):
    """Try the threshold on some responses of one organisation."""
    today = read_thresholds(job.collection.thresholds)
    tried = with_own(today, job.question, job.rule, job.tried)
    peers = ranges_of(collection_of(job))
    for response, context in counting.with_contexts(found):
        place = soft_rule(questionnaire_of(response), job.question, job.rule)
        if place:
            category = response.service_entry.category if response.service_entry_id else ""
            context = replace(context, percentiles=peers.get(category, {}))
            _try(state, response, context, category, place, (today, tried))


def _try(state, response, context, category, place, thresholds):
    question, _ = place
    cases = [
        Case(questionnaire_of(response), response.cells, replace(context, thresholds=known))
        for known in thresholds
    ]
    if question.key not in cases[0].asked:
        return
    state["asked"] += 1
    (by_today, _), (by_tried, is_checkable) = (_found(case, place) for case in cases)
    state["checkable"] += is_checkable
    state["today"] += bool(by_today)
    state["tried"] += bool(by_tried)
    for cell in sorted(by_today | by_tried):
        if len(state["values"]) < MOST_VALUES:
            value, last = _words(cases[0], question, cell)
            state["values"].append([category, value, last, cell in by_today, cell in by_tried])


def _found(case, place):
    """(the first cells of what a rule finds, whether it could be checked): a blank question cannot."""
    question, rule = place
    found, is_checkable = run(case, question, rule)
    is_off = case.context.thresholds.is_off(question.key, rule.id)
    is_answered = question.is_computed or any(
        case.value(cell.id) is not None for cell in case.asked[question.key]
    )
    return set() if is_off else {finding.cells[0] for finding in found}, is_checkable and is_answered


def _words(case, question, cell):
    """A value and that of the year before as people read them."""
    try:
        last = case.last_number(cell)
    except NotCheckable:
        last = None
    return _shown(case.figure(cell), question), _shown(last, question)


def _shown(value, question):
    if value is None:
        return ""
    if isinstance(value, Special):
        return value.label
    return figure(plain(value), question) if is_number(value) else counted(value)


def counted(value):
    """An answer that is no number: how long a text is, or the keys that were chosen; texts may name people."""
    return ", ".join(value) if isinstance(value, tuple) else f"{len(str(value))} characters"


def finish(job, state):
    """What only the tried threshold finds comes first, then what only today's does."""
    state["values"].sort(key=lambda value: (value[3], not value[4]))
