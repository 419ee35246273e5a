"""Reads of the national team's pages about what holds for all questions, rule by rule; none writes."""

from dataclasses import dataclass

from questionnaires.describing import rule_words
from questionnaires.rules import read_thresholds
from questionnaires.rules.thresholds import said_of
from questionnaires.tuning.rows import questionnaires_of, texts_of_rules
from questionnaires.tuning.soft import rules_everywhere


@dataclass(frozen=True)
class RuleLine:
    """A soft rule wherever it holds, with what it goes by at all questions and how often it found something."""

    everywhere: object
    words: str
    goes_by: list
    is_off: bool
    is_set: bool
    others: int  # questions for which something of their own is set
    counts: tuple | None

    @property
    def id(self):
        return self.everywhere.id

    @property
    def questions(self):
        return len(self.everywhere.places)


def rule_lines_of(collection, counted):
    """The RuleLines of a collection, by rule. counted: as for ``lines_of``."""
    found = rules_everywhere([questionnaire for _, questionnaire in questionnaires_of(collection)])
    return [_rule_line(everywhere, collection, counted) for everywhere in found.values()]


def rule_line_of(collection, rule, counted):
    """The RuleLine of one rule, or None where no such rule is set for all questions."""
    lines = rule_lines_of(collection, counted)
    return next((line for line in lines if line.id == rule), None)


def _rule_line(everywhere, collection, counted):
    thresholds = read_thresholds(collection.thresholds)
    counts = counted.state["counts"] if counted else None
    amounts = [counts.get(place, (0, 0, 0)) for place in _places(everywhere, counts)] if counted else []
    return RuleLine(
        everywhere=everywhere,
        words=_words_everywhere(everywhere),
        goes_by=[said_of(name, value) for name, value in in_general(everywhere, thresholds).items()],
        is_off=everywhere.id in thresholds.off,
        is_set=any(name in collection.thresholds for name in everywhere.names),
        others=sum(_is_own(question, rule, thresholds) for question, rule in everywhere.places),
        counts=tuple(map(sum, zip((0, 0, 0), *amounts, strict=True))) if counted else None,
    )


def _places(everywhere, counts):
    """The places of a rule as counts name them; the rule about sections is counted at their first figures."""
    if everywhere.is_of_sections:
        return [place for place in counts if place.startswith(f"{everywhere.id} ")]
    return [f"{rule.id} {question.key}" for question, rule in everywhere.places]


def _words_everywhere(everywhere):
    """A rule in one sentence; where its checks differ, that of the first question."""
    known = texts_of_rules().get(everywhere.id)
    return known or rule_words(everywhere.places[0][1], {})


def _is_own(question, rule, thresholds):
    return bool(thresholds.own(question.key, rule.id)) or f"{rule.id} {question.key}" in thresholds.off


def in_general(everywhere, thresholds):
    """What a rule goes by at all questions: name -> Decimal, int or pair."""
    return {name: getattr(thresholds, name) for name in everywhere.names}


def sharing(collection, everywhere):
    """The ids of the other rules that go by the same settings: a change of them changes those too."""
    found = rules_everywhere([questionnaire for _, questionnaire in questionnaires_of(collection)])
    own = set(everywhere.names)
    return [rule for rule, one in found.items() if rule != everywhere.id and own & set(one.names)]
