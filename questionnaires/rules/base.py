"""What all checks share: how one is registered and run, its findings, thresholds, and words for figures."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from questionnaires.cells import split_cell_id

TELL = "If it is right, tell readers why."
CORRECT_ONE = "Correct one of the two."


class NotCheckable(Exception):
    """A figure that a check needs is blank or a special answer."""


@dataclass(frozen=True)
class Finding:
    """What a check found: the cells concerned, the first one where it is shown, and a message for people."""

    cells: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Check:
    """A named check, with the names of its arguments and which of them refer to cells.

    settings: arguments that no definition writes, for the collection sets them (`thresholds.SETTINGS`).
    """

    name: str
    function: Callable
    required: frozenset[str]
    optional: frozenset[str]
    references: tuple[str, ...]
    columns: tuple[str, ...]
    settings: tuple[str, ...] = ()


CHECKS: dict[str, Check] = {}


def check(references=(), columns=(), settings=()):
    """Register a function as a named check; its further parameters are the arguments of the rule."""

    def register(function):
        parameters = list(inspect.signature(function).parameters.values())[2:]
        parameters = [p for p in parameters if p.name not in settings]
        required = frozenset(p.name for p in parameters if p.default is p.empty)
        optional = frozenset(p.name for p in parameters) - required
        CHECKS[function.__name__] = Check(
            function.__name__,
            function,
            required,
            optional,
            tuple(references),
            tuple(columns),
            tuple(settings),
        )
        return function

    return register


def findings(case, question, rule):
    """What a rule finds in a case; nothing where it is not checkable, or switched off."""
    if rule.severity == "soft" and case.context.thresholds.is_off(question.key, rule.id):
        return []
    return run(case, question, rule)[0]


def run(case, question, rule):
    """(what a rule finds in a case, whether all figures were there that it needed), switched off or not."""
    found = CHECKS[rule.check].function(case, question, **in_force(rule, question, case.context.thresholds))
    results = []
    try:
        results.extend(found)
    except NotCheckable:
        return results, bool(results)
    return results, True


def in_force(rule, question, thresholds):
    """What a rule goes by at a question: its arguments, the collection's settings, those of the question alone."""
    settings = {name: getattr(thresholds, name, None) for name in CHECKS[rule.check].settings}
    return {**settings, **rule.arguments, **thresholds.own(question.key, rule.id)}


def tunable(rule, question):
    """The names of what may be set for a soft rule at a question; () for one without thresholds."""
    if rule.severity != "soft":
        return ()
    settings = [name for name in CHECKS[rule.check].settings if name != "usual" or question.usual]
    written = [name for name, value in rule.arguments.items() if is_number(value) or isinstance(value, float)]
    return (*settings, *written)


def listed(value):
    return value if isinstance(value, list | tuple) else (value,)


# Words for figures


def figure(value, field=None):
    """A number as a message shows it: 1,234; £1,234; 12.5%."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,f}"
    kind = field.type if field else ""
    if kind == "money":
        return f"£{text}"
    return f"{text}%" if kind == "pct" else text


def measured(value, field):
    """A figure with the unit of what is measured and not counted, if its name does not say it: 220.00 WTE."""
    says_unit = field.type != "dec2" or field.unit.casefold() in field.name.casefold()
    return figure(value, field) if says_unit else f"{figure(value, field)} {field.unit}"


def noun(field):
    """A label for the middle of a sentence: the first letter small unless an abbreviation starts it."""
    name = field.name.rstrip("?")
    return name if name[:2].isupper() or not name else name[0].lower() + name[1:]


def coded(case, reference):
    """A cell in words with its code: children seen (F02)."""
    question_key, row, column = split_cell_id(reference)
    question = case.questionnaire.question(question_key)
    field = question.field_of(column) or question
    name = noun(question) if field is question or row == "*" else noun(field)
    if row == "*" and len(question.columns) > 1:
        name = f"{noun(field)} in all"
    elif named := question.row(row):
        name = f"{noun(field)}, {noun(named)}"
    return f"{name} ({question.code})"


def change_words(now, before, last_time):
    """ "14 more than last year (up 58%)"; last_time: "last year", "in 2006/07"."""
    difference = now - before
    word, direction = ("more", "up") if difference > 0 else ("less", "down")
    share = f" ({direction} {percent(abs(difference), before)}%)" if before else ""
    return f"{figure(abs(difference))} {word} than {last_time}{share}"


def percent(part, whole):
    """A share as a whole per cent, rounded half up."""
    return int((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP))


def differs(now, before, change_share, change_least):
    """GS1: further away from last year than this share of it, and by more than this number."""
    distance = abs(now - before)
    return distance > change_share * before and distance > change_least


def is_number(value):
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def plain(number):
    """A number without needless decimals."""
    return int(number) if number == int(number) else number
