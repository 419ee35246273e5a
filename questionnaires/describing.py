"""A definition in words: what a condition says, how a question is answered, whether it must be.

Pure: for the book of questions and the catalogue of checks, which are made from the definitions and from nothing
else, so that they cannot say anything that is not asked.
"""

import re
from dataclasses import dataclass

from questionnaires import conditions
from questionnaires.rules import CHECKS, GLOBAL_RULES

RESPONDENTS = {
    "LA": "local authorities",
    "PCTC": "PCTs as commissioners",
    "PCTP": "PCTs as providers",
    "NHST": "NHS trusts",
    "VCS": "voluntary providers",
}
ANSWERS = {
    "one": "One of",
    "many": "Any of",
    "yn": "Yes or no",
    "yni": "Yes, in development or no",
    "whole_number": "Whole number",
    "dec2": "Number with up to two decimals",
    "money": "Whole pounds",
    "pct": "Per cent",
    "year": "Year",
    "text": "One line",
    "long": "Text",
    "date": "Date",
    "time": "Time of day",
    "email": "E-mail address",
    "url": "Web address",
    "phone": "Telephone number",
    "postcode": "Postcode",
    "area": "Area",
    "org": "Organisation",
    "service": "Service of the list",
    "computed": "Worked out for you",
    "table": "Table",
    "rows": "Table to which rows can be added",
}
NEEDS = {"yes": "Must be answered", "expected": "Expected", "no": "Optional"}
LAST_YEAR = {
    "prefilled": "Filled in with last year’s answer, to be confirmed",
    "shown": "Last year’s answer stands beside it",
    "hidden": "",
}
DIRECTORY = {
    "yes": "Shown in the public directory",
    "if_listed": "In the directory, if listing is agreed",
    "no": "",
}
PERIODS = {
    "census_date": "{census_date}",
    "month": "{month}",
    "half_year": "{half_year}",
    "prev_fy": "{prev_fy}, financial year",
    "this_fy": "{this_fy}, financial year",
    "acad_year": "{acad_year}, school year",
    "ni51_date": "{ni51_date}",
}
CODE = re.compile(r"^[A-Z]+(-[A-Z])?[0-9]+: ")  # with which the docstring of a check may begin
MANY_OPTIONS = 30  # a longer list is the register's or the classification's, and is told by its length


@dataclass(frozen=True)
class AnswerInWords:
    """How a question is answered: its kind, the limits of a figure, and the choices."""

    kind: str
    limits: str = ""
    choices: tuple[str, ...] = ()


def answer_words(question):
    """The AnswerInWords of a question, its unit among them."""
    kind = _kind(question)
    if question.unit and question.unit not in ("£", "%"):
        kind = f"{kind} ({question.unit})"
    return AnswerInWords(kind, _limits(question), _choices(question))


def column_words(column):
    """The AnswerInWords of a column; its head says the unit."""
    return AnswerInWords(_kind(column), _limits(column), _choices(column))


def _kind(field):
    kind = ANSWERS[field.type]
    return f"One or more {kind.lower()}s" if field.multiple else kind


def _limits(field):
    low, high = field.minimum, field.maximum
    if not field.kind.is_numeric or field.type == "computed" or (low is None and high is None):
        return ""
    if high is None:
        return f"from {low:,}"
    return f"up to {high:,}" if low is None else f"{low:,} to {high:,}"


def _choices(field):
    if field.type in ("yn", "yni"):
        return ()
    labels = tuple(option.label for option in field.options)
    if field.options_from:
        return ("the kinds of help of the service’s category", *labels)
    return labels if len(labels) <= MANY_OPTIONS else (f"{len(labels)} entries of the register",)


def need_words(question, questionnaire):
    """Whether a question must be answered: "Expected", "Expected if A11 is not Yes"."""
    needed = condition_words(question.needed_when, questionnaire)
    return f"{NEEDS[question.mandatory]} if {needed}" if needed else NEEDS[question.mandatory]


def period_words(question, words):
    """What date or period a question is about; ``words`` are those of ``Dates.words``. "" where none is named."""
    return PERIODS.get(question.at, "").format(**words)


def rule_words(rule, texts):
    """A rule in one sentence: its own text, the catalogue's (``texts``: rule id to text), or what its check says."""
    said = getattr(rule, "text", "") or texts.get(rule.id)
    if said:
        return said
    first = (CHECKS[rule.check].function.__doc__ or rule.check).partition("\n")[0].replace("``", "")
    own = CODE.sub("", first)
    return own[:1].upper() + own[1:]


def is_global(rule):
    """Whether every question of its kind carries the rule without being told (``rules.global_rules``)."""
    return rule.id in GLOBAL_RULES


# Conditions


def condition_words(condition, questionnaire):
    """A compiled condition in words for the middle of a sentence: "F00 is Yes"; "" for None."""
    if condition is None:
        return ""
    if isinstance(condition, conditions.Group):
        joint = " or " if condition.word == "any" else " and "
        return joint.join(_bracketed(part, questionnaire) for part in condition.parts)
    if isinstance(condition, conditions.Test):
        return _test_words(condition, questionnaire)
    return _who_words(condition)


def _bracketed(part, questionnaire):
    words = condition_words(part, questionnaire)
    return f"({words})" if isinstance(part, conditions.Group) else words


def _who_words(condition):
    if isinstance(condition, conditions.ServiceIn):
        return f"the list of services has {'one' if condition.wanted else 'none'} of this category"
    wanted = sorted(condition.wanted)
    if condition.attribute.startswith("organisation_type"):
        return "for " + _either(RESPONDENTS[code] for code in RESPONDENTS if code in wanted)
    return f"the authority is a {_either(word.replace('_', ' ') for word in wanted)}"


def _test_words(test, questionnaire):
    name, field = _named(test.of, questionnaire)
    if test.test == "answered":
        return f"{name} is {'' if test.wanted else 'not '}answered"
    if test.test == "count":
        return " and ".join(f"{name} has {_compared(word, number)}" for word, number in test.wanted.items())
    if test.test in ("at_least", "more_than"):
        limit = test.wanted
        shown = _named(limit, questionnaire)[0] if isinstance(limit, conditions.Reference) else f"{limit:,}"
        return f"{name} is {_compared(test.test, shown)}"
    wanted = test.wanted if isinstance(test.wanted, tuple) else (test.wanted,)
    is_not = "not " if test.test == "is_not" else ""
    return f"{name} is {is_not}{_either(_label(field, key) for key in wanted)}"


def _compared(word, number):
    return f"at least {number}" if word == "at_least" else f"more than {number}"


def _named(reference, questionnaire):
    """A reference as people see it, and its field: (F01, Field)."""
    question = questionnaire.questions.get(reference.question)
    if question is None:
        return reference.question, None
    column = question.column(reference.column)
    name = question.code if column is None else f"“{column.name}” of {question.code}"
    return (f"“{column.name}”" if column and reference.row == "same" else name), column or question


def _label(field, key):
    options = {option.key: option.label for option in field.options} if field else {}
    return options.get(key, str(key))


def _either(words):
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
