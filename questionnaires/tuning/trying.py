"""A threshold tried on last year's answers: what it would find, beside what today's finds."""

from dataclasses import replace

from mapping.returns.models import Collection
from questionnaires.case import Case
from questionnaires.cells import Special, split_cell_id
from questionnaires.evaluation import SAME_FIGURES
from questionnaires.queries.peers import ranges_of
from questionnaires.queries.reading import questionnaire_of
from questionnaires.rules import NotCheckable, is_number, plain, read_thresholds, run, same_figures
from questionnaires.rules.base import figure
from questionnaires.tuning import counting
from questionnaires.tuning.soft import soft_rule, soft_rules, with_general, with_own

MOST_VALUES = 5000


def collection_of(job):
    """Whose answers are gone through: those of the collection before."""
    return Collection.objects.before(job.collection)


def answers(collection):
    """All responses of a collection that anybody has answered."""
    return counting.answers(collection)


def begin(job):
    """What a job starts from.

    asked, checkable, today, tried: numbers of responses. categories, questions: by code, how many values today's and
    the tried threshold find. values: [category, value, last year's, is found today, is found by what is tried,
    question] for each that either finds.
    """
    amounts = {"asked": 0, "checkable": 0, "today": 0, "tried": 0}
    return {**amounts, "categories": {}, "questions": {}, "values": []}


def step(job, found, state):
    """Try the threshold on some responses of one organisation."""
    today = read_thresholds(job.collection.thresholds)
    peers = ranges_of(collection_of(job))
    for response, context in counting.with_contexts(found):
        trial = _Trial(job, questionnaire_of(response))
        category = response.service_entry.category if response.service_entry_id else ""
        context = replace(context, percentiles=peers.get(category, {}))
        cases = [
            Case(trial.questionnaire, response.cells, replace(context, thresholds=known))
            for known in (today, trial.thresholds(today))
        ]
        if trial.is_asked(cases[0]):
            _note(state, category, cases[0], *(trial.found(case) for case in cases))


class _Trial:
    """What a job tries in one questionnaire: at one question, or at all that the setting counts for."""

    def __init__(self, job, questionnaire):
        self.job, self.questionnaire = job, questionnaire
        self.is_of_sections = not job.question and job.rule == SAME_FIGURES
        self.places = self._places()

    def _places(self):
        if self.job.question:
            place = soft_rule(self.questionnaire, self.job.question, self.job.rule)
            return [place] if place else []
        return soft_rules(self.questionnaire, self.job.rule, self.job.tried)

    def thresholds(self, today):
        """Today's Thresholds with what is tried."""
        if self.job.question:
            return with_own(today, self.job.question, self.job.rule, self.job.tried)
        return with_general(today, self.job.rule, self.job.tried)

    def is_asked(self, case):
        """Whether a case is asked any of what the trial looks at."""
        if self.is_of_sections:
            return bool(case.context.last_year)
        return any(question.key in case.asked for question, _ in self.places)

    def found(self, case):
        """(first cells of what is found, whether anything could be checked)."""
        if self.is_of_sections:
            return _in_sections(case)
        found = [_found(case, place) for place in self.places if place[0].key in case.asked]
        return set().union(*(cells for cells, _ in found)), any(checkable for _, checkable in found)


def _in_sections(case):
    """What the rule about whole sections finds: the first figure of each."""
    is_off = case.context.thresholds.is_off("", SAME_FIGURES)
    found = [same_figures(case, section) for section in case.sections]
    return {cells[0] for cells in found if cells and not is_off}, True


def _found(case, place):
    """(the first cells of what a rule finds, whether it could be checked): a blank question cannot."""
    question, rule = place
    found, is_checkable = run(case, question, rule)
    is_off = case.context.thresholds.is_off(question.key, rule.id)
    is_answered = question.is_computed or any(
        case.value(cell.id) is not None for cell in case.asked[question.key]
    )
    return set() if is_off else {finding.cells[0] for finding in found}, is_checkable and is_answered


def _note(state, category, case, by_today, by_tried):
    """Take in what today's and the tried threshold found in one response."""
    (today, _), (tried, is_checkable) = by_today, by_tried
    state["asked"] += 1
    state["checkable"] += is_checkable
    state["today"] += bool(today)
    state["tried"] += bool(tried)
    for cell in sorted(today | tried):
        question = case.questionnaire.question(split_cell_id(cell)[0])
        amounts = [int(cell in today), int(cell in tried)]
        for kind, key in (("categories", category), ("questions", question.key)):
            known = state[kind].get(key, [0, 0])
            state[kind][key] = [known[0] + amounts[0], known[1] + amounts[1]]
        if len(state["values"]) < MOST_VALUES:
            value, last = _words(case, question, cell)
            state["values"].append([category, value, last, *map(bool, amounts), question.key])


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
