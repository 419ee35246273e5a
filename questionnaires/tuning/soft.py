"""Soft rules found in questionnaires, at one question and everywhere; thresholds with one more setting: pure."""

from dataclasses import dataclass, replace

from questionnaires.evaluation import SAME_FIGURES
from questionnaires.rules import CHECKS
from questionnaires.rules.thresholds import OF_ALL, read_value

OF_SECTIONS = ("same_figures_least",)  # what the one rule about whole sections goes by


@dataclass(frozen=True)
class Everywhere:
    """A soft rule wherever it holds. places: (Question, Rule); names: the settings of all questions it goes by.

    The rule about whole sections (GS4) has no places.
    """

    id: str
    places: tuple
    names: tuple[str, ...]

    @property
    def is_of_sections(self):
        return self.id == SAME_FIGURES


def rules_everywhere(questionnaires):
    """Rule id -> Everywhere, of the soft rules that several questions carry or that go by settings of all questions."""
    places = {}
    for questionnaire in questionnaires:
        for question in questionnaire.questions.values():
            for rule in question.rules:
                if rule.severity == "soft":
                    places.setdefault(rule.id, []).append((question, rule))
    found = {rule: Everywhere(rule, tuple(own), _settings(own)) for rule, own in places.items()}
    kept = {rule: one for rule, one in found.items() if one.names or len(one.places) > 1}
    if kept:
        kept[SAME_FIGURES] = Everywhere(SAME_FIGURES, (), OF_SECTIONS)
    return dict(sorted(kept.items()))


def _settings(places):
    """The settings of all questions that the checks of a rule go by, in the order in which people set them."""
    names = {name for _, rule in places for name in CHECKS[rule.check].settings}
    return tuple(name for name in OF_ALL if name in names)


def soft_rule(questionnaire, question, rule):
    """(Question, Rule) of a soft rule at a question; None where there is none."""
    asked = questionnaire.questions.get(question)
    found = (own for own in asked.rules if own.id == rule and own.severity == "soft") if asked else ()
    return next(((asked, own) for own in found), None)


def soft_rules(questionnaire, rule, names):
    """(Question, Rule) of all soft rules of that id, or that go by one of the settings ``names``, at any question."""
    return [
        (question, own)
        for question in questionnaire.questions.values()
        for own in question.rules
        if own.severity == "soft" and (own.id == rule or set(CHECKS[own.check].settings) & set(names))
    ]


def with_own(thresholds, question, rule, values):
    """The Thresholds with ``values`` (name -> stored value) for a rule at one question, which they switch on."""
    own = {name: read_value(name, value) for name, value in values.items()}
    rules = {**thresholds.questions.get(question, {}), rule: own}
    off = thresholds.off - {rule, f"{rule} {question}"}
    return replace(thresholds, questions={**thresholds.questions, question: rules}, off=off)


def with_general(thresholds, rule, values):
    """The Thresholds with ``values`` (name -> stored value) for all questions; they switch the rule on everywhere."""
    known = {name: read_value(name, value) for name, value in values.items()}
    return replace(thresholds, **known, off=thresholds.off - {rule})
