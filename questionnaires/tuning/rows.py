"""Reads of the national team's pages about checks; every one of them is of staff, none writes."""

from dataclasses import dataclass
from functools import lru_cache

from questionnaires.describing import rule_words
from questionnaires.examples import examples_of
from questionnaires.models import CheckJob, Pin, ThresholdChange
from questionnaires.queries.reading import definition_of
from questionnaires.rules import in_force, read_thresholds, tunable
from questionnaires.rules.thresholds import in_their_order, read_value, said_of
from questionnaires.tuning.soft import soft_rule

FILTERS = {
    "": "All",
    "found": "Found something",
    "set": "Set for one question",
    "off": "Switched off",
}


@dataclass(frozen=True)
class Line:
    """A soft rule at a question with what it goes by and how often it found something (None: not counted yet)."""

    questionnaire: str
    question: object
    rule: object
    words: str
    thresholds: object
    is_own: bool
    is_off: bool
    found: int | None
    explained: int | None
    corrected: int | None

    @property
    def goes_by(self):
        """When it speaks, by each of its thresholds."""
        return goes_by(self.rule, self.question, self.thresholds)

    @property
    def searched(self):
        return f"{self.question.code} {self.question.key} {self.question.name} {self.rule.id} {self.words}".lower()


def lines_of(collection, counted):
    """The Lines of all soft rules of a collection, in the order of its questionnaires.

    counted: a finished CheckJob of the kind *count*, or None.
    """
    thresholds = read_thresholds(collection.thresholds)
    counts = counted.state["counts"] if counted else None
    return [
        _line(key, question, rule, thresholds, counts)
        for key, questionnaire in questionnaires_of(collection)
        for question in questionnaire.questions.values()
        for rule in question.rules
        if rule.severity == "soft"
    ]


def questionnaires_of(collection):
    """(key, Questionnaire) of all that a collection asks."""
    pins = Pin.objects.filter(collection=collection).order_by("part_kind", "key")
    return [(pin.key, definition_of(pin.definition_version_id, collection.name)) for pin in pins]


def _line(key, question, rule, thresholds, counts):
    found = (None, None, None)
    if counts is not None:
        found = counts.get(f"{rule.id} {question.key}", (0, 0, 0))
    return Line(
        questionnaire=key,
        question=question,
        rule=rule,
        words=rule_words(rule, texts_of_rules()),
        thresholds=thresholds,
        is_own=bool(thresholds.own(question.key, rule.id)),
        is_off=thresholds.is_off(question.key, rule.id),
        found=found[0],
        explained=found[1],
        corrected=found[2],
    )


@lru_cache(maxsize=1)
def texts_of_rules():
    """Rule to the sentence that its first example has for it."""
    texts = {}
    for example in examples_of():
        if example.text:
            texts.setdefault(example.rule, example.text)
    return texts


def goes_by(rule, question, thresholds):
    """When a rule speaks at a question, by each of its thresholds as they are in force, in words."""
    values = values_in_force(rule, question, thresholds)
    return [said_of(name, value) for name, value in values.items()]


def values_in_force(rule, question, thresholds):
    """The thresholds of a rule at a question, as they are in force: name -> Decimal, int or pair."""
    known = in_force(rule, question, thresholds)
    if known.get("usual", ()) is None:
        known["usual"] = question.usual
    return {name: read_value(name, known[name]) for name in tunable(rule, question)}


@dataclass(frozen=True)
class Value:
    """A value that a trial found: its category, that of the year before, by which threshold, at which question."""

    category: str
    value: str
    last: str
    by_today: bool
    by_tried: bool
    question: str = ""

    @property
    def is_different(self):
        return self.by_today != self.by_tried


def values_of(job):
    """The Values that a finished trial keeps."""
    return [Value(*value) for value in job.state.get("values", [])] if job.finished_at else []


def question_names(collection):
    """Question -> ``F01 Children on the caseload`` of all that a collection asks."""
    return {
        key: f"{question.code} {question.name}"
        for _, questionnaire in questionnaires_of(collection)
        for key, question in questionnaire.questions.items()
    }


def chosen(lines, *, words="", only="", questionnaire=""):
    """The lines that somebody looks for, what finds most first where only such are wanted."""
    tests = {
        "found": lambda line: bool(line.found),
        "set": lambda line: line.is_own,
        "off": lambda line: line.is_off,
    }
    kept = [line for line in lines if questionnaire in ("", line.questionnaire)]
    kept = [line for line in kept if all(word in line.searched for word in words.lower().split())]
    if only in tests:
        kept = [line for line in kept if tests[only](line)]
    return sorted(kept, key=lambda line: -line.found) if only == "found" else kept


def place_of(collection, question, rule):
    """(Question, Rule) of an address; None where the collection has no such soft rule."""
    for _, questionnaire in questionnaires_of(collection):
        if found := soft_rule(questionnaire, question, rule):
            return found
    return None


def latest(collection, kind, **conditions):
    """The newest job of a kind, or None."""
    return CheckJob.objects.filter(collection=collection, kind=kind, **conditions).first()


def changes_of(collection, question, rule):
    """What was changed for a rule at a question ("" for all), latest first: (change, before, after in words)."""
    rows = ThresholdChange.objects.filter(collection=collection, question=question, rule=rule).select_related(
        "by"
    )
    nothing = "as for all questions" if question else "as a collection starts"
    return [(change, set_words(change.before, nothing), set_words(change.after, nothing)) for change in rows]


def set_words(stored, nothing="as for all questions"):
    """What was set for a rule, in words: ``more than 40% from last year``; for {} ``nothing``."""
    if stored.get("off"):
        return "switched off"
    words = [said_of(name, read_value(name, stored[name])) for name in in_their_order(stored)]
    return "; ".join(words) or nothing


def trials_of(collection, question, rule):
    """The last trials of a rule at a question, "" for all: (job, what was tried in words)."""
    found = CheckJob.objects.filter(
        collection=collection, kind=CheckJob.Kind.TRIAL, question=question, rule=rule
    )
    return [(job, set_words(job.tried)) for job in found.select_related("by").defer("state")[:10]]
