"""Thresholds of soft rules: what a collection sets for all questions or for one, and what it switches off.

The one place that reads ``Collection.thresholds``::

    {"change_share": 0.3,                                                           # of all questions
     "questions": {"SVC-F01": {"GS1": {"change_share": 0.4, "change_least": 10}}},  # of one question and rule
     "off": ["GS7", "GS6 SVC-F09"]}                                                 # everywhere, or at one question
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

# How many per cent of the services at each end may count as unlike their peers (GS6).
PEER_PERCENTS = (1, 2, 5, 10)


class InvalidThresholds(ValueError):
    """Settings that cannot be read; the message says which and why, for people."""


@dataclass(frozen=True)
class Setting:
    """What one threshold means.

    label: what it is called in a form. said: when the rule speaks, {} being its value. kind: share (0 to 1, shown
    in %), number, whole, range or level (of peers).
    """

    label: str
    said: str
    kind: str = "number"


SETTINGS = {
    "change_share": Setting(
        "Differs from last year by more than (%)", "more than {} from last year", "share"
    ),
    "change_least": Setting("and by more than (number)", "more than {} from last year"),
    "not_known_share": Setting("Not known: more than (%)", "more than {} not known", "share"),
    "pay_per_wte": Setting("Usual pay for each WTE (£)", "pay for each WTE outside £{}", "range"),
    "text_years": Setting("A text may stand unchanged for (years)", "texts older than {} years", "whole"),
    "same_figures_least": Setting(
        "Figures that must all be the same", "{} figures or more, all as last year", "whole"
    ),
    "peer_percent": Setting(
        "Unlike its peers: the highest and lowest (%)", "the highest and lowest {} of its category", "level"
    ),
    "usual": Setting("Usual range", "outside {}", "range"),
}
# Arguments of rules that definitions write; any other is called by its own name.
ARGUMENTS = {
    "low": Setting("Lowest that is usual", "below {}"),
    "high": Setting("Highest that is usual", "above {}"),
    "times": Setting("Times the other figure", "more than {} times the other figure"),
    "count": Setting("At least (number)", "at least {}"),
    "few": Setting("Fewer than", "fewer than {}"),
    "points": Setting("Moves by at least (points)", "{} points or more"),
    "value": Setting("More than", "more than {}"),
    "more_than": Setting("More than", "more than {}"),
    "at_most": Setting("At most", "more than {}"),
    "at_least": Setting("At least", "less than {}"),
    "percent_at_most": Setting("At most (%)", "more than {}%"),
    "percent_at_least": Setting("At least (%)", "less than {}%"),
}


@dataclass(frozen=True)
class Thresholds:
    """Settings of a collection (instruments, 0.5 and the rules of each section).

    questions: code to rule to what is set for that question alone. off: rules that do not run, "GS7" everywhere
    or "GS6 SVC-F09" at one question.
    """

    change_share: Decimal = Decimal("0.25")
    change_least: Decimal = Decimal(5)
    not_known_share: Decimal = Decimal("0.20")
    pay_per_wte: tuple[Any, Any] = (12_000, 120_000)
    text_years: int = 2
    same_figures_least: int = 3
    peer_percent: int = 1
    questions: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    off: frozenset[str] = frozenset()

    def own(self, question, rule):
        """What is set for a rule at one question alone, by name; {} for nearly all."""
        return self.questions.get(question, {}).get(rule, {})

    def is_off(self, question, rule):
        """Whether a soft rule does not run at a question."""
        return rule in self.off or f"{rule} {question}" in self.off


OF_ALL = tuple(name for name in SETTINGS if name != "usual")


def read_thresholds(stored):
    """``Collection.thresholds`` as Thresholds; raises InvalidThresholds."""
    unknown = set(stored) - {*OF_ALL, "questions", "off"}
    if unknown:
        raise InvalidThresholds(f"There is no threshold called {sorted(unknown)[0]}.")
    questions = {
        code: {rule: _own(settings) for rule, settings in rules.items()}
        for code, rules in _mapping(stored.get("questions", {})).items()
    }
    off = stored.get("off", [])
    if not isinstance(off, list) or not all(isinstance(name, str) for name in off):
        raise InvalidThresholds("What is switched off is a list of rules.")
    general = {name: read_value(name, stored[name]) for name in OF_ALL if name in stored}
    return Thresholds(**general, questions=questions, off=frozenset(off))


def _mapping(value):
    if not isinstance(value, Mapping) or not all(isinstance(rules, Mapping) for rules in value.values()):
        raise InvalidThresholds("Thresholds of questions are given as question, rule, name and value.")
    return value


def _own(settings):
    return {name: read_value(name, value) for name, value in _named(settings).items()}


def _named(settings):
    if not isinstance(settings, Mapping):
        raise InvalidThresholds("Thresholds of a rule are given by name.")
    return settings


def meaning_of(name):
    """The Setting of a threshold."""
    named = name.replace("_", " ")
    return SETTINGS.get(name) or ARGUMENTS.get(name) or Setting(named.capitalize(), named + " {}")


def kind_of(name):
    """The kind of a threshold; arguments of rules are numbers."""
    return meaning_of(name).kind


def label_of(name):
    """What a form calls a threshold."""
    return meaning_of(name).label


def said_of(name, value):
    """When a rule speaks by a threshold: more than 25% from last year."""
    return meaning_of(name).said.format(words_of(name, value))


def in_their_order(names):
    """Names of thresholds in the order in which people set them; a JSON field of the database keeps none."""
    order = [*SETTINGS, *ARGUMENTS]
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))


def read_value(name, value):
    """One threshold as Python has it: Decimal, int or a pair; raises InvalidThresholds."""
    kind = kind_of(name)
    if kind == "range":
        return _range(name, value)
    number = _number(name, value)
    if kind == "share" and not 0 < number <= 1:
        raise InvalidThresholds(f"{label_of(name)}: give more than 0 and at most 100.")
    if kind == "level" and number not in PEER_PERCENTS:
        raise InvalidThresholds(f"{label_of(name)}: choose one of {', '.join(map(str, PEER_PERCENTS))}.")
    if kind in ("whole", "level"):
        return _whole(name, number)
    if name == "change_least" and number < 0:
        raise InvalidThresholds(f"{label_of(name)}: give 0 or more.")
    return number


def _range(name, value):
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidThresholds(f"{label_of(name)}: give a lowest and a highest figure.")
    low, high = (_number(name, end) for end in value)
    if low > high:
        raise InvalidThresholds(f"{label_of(name)}: the lowest figure is above the highest.")
    return low, high


def _whole(name, number):
    if number != int(number) or number < 1:
        raise InvalidThresholds(f"{label_of(name)}: give a whole number from 1.")
    return int(number)


def _number(name, value):
    """A number as whole number or Decimal."""
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise InvalidThresholds(f"{label_of(name)}: give a number.")
    return int(number) if number == int(number) else number


def as_stored(value):
    """A threshold as JSON: numbers that are not whole as text, so that they stay what was typed."""
    if isinstance(value, tuple):
        return [as_stored(end) for end in value]
    return value if isinstance(value, int) else str(value)


def words_of(name, value):
    """A threshold as people read it: 40%; 10; 12,000 to 120,000."""
    if isinstance(value, tuple):
        return " to ".join(f"{end:,}" for end in value)
    if kind_of(name) == "share":
        return f"{(Decimal(value) * 100).normalize():f}%"
    return f"{value}%" if kind_of(name) == "level" else f"{value:,}"
