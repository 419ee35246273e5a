"""Soft rules found in a questionnaire, and thresholds with one more setting: pure."""

from dataclasses import replace

from questionnaires.rules.thresholds import read_value


def soft_rule(questionnaire, question, rule):
    """(Question, Rule) of a soft rule at a question; None where there is none."""
    asked = questionnaire.questions.get(question)
    found = (own for own in asked.rules if own.id == rule and own.severity == "soft") if asked else ()
    return next(((asked, own) for own in found), None)


def with_own(thresholds, question, rule, values):
    """The Thresholds with ``values`` (name -> stored value) for a rule at one question, which they switch on."""
    own = {name: read_value(name, value) for name, value in values.items()}
    rules = {**thresholds.questions.get(question, {}), rule: own}
    off = thresholds.off - {rule, f"{rule} {question}"}
    return replace(thresholds, questions={**thresholds.questions, question: rules}, off=off)
