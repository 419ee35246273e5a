"""What all checks share: how one is registered and run, its findings, thresholds, and words for figures."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from questionnaires.cells import split_cell_id

TELL = "If it is right, tell readers why in a few words."
CORRECT_ONE = "Correct one of the two."


class NotCheckable(Exception):
    """A figure that a check needs is blank or a special answer."""


@dataclass(frozen=True)
class Finding:
    """What a check found: the cells concerned, the first one where it is shown, and a message for people."""

    cells: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Thresholds:
    """Settings of a collection (instruments, 0.5 and the rules of each section)."""

    change_share: Decimal = Decimal("0.25")
    change_least: Decimal = Decimal(5)
    not_known_share: Decimal = Decimal("0.20")
    pay_per_wte: tuple[int, int] = (12_000, 120_000)
    text_years: int = 2
    same_figures_least: int = 3


@dataclass(frozen=True)
class Check:
    """A named check, with the names of its arguments and which of them refer to cells."""

    name: str
    function: Callable
    required: frozenset[str]
    optional: frozenset[str]
    references: tuple[str, ...]
    columns: tuple[str, ...]


CHECKS: dict[str, Check] = {}


def check(references=(), columns=()):
    """Register a function as a named check; its further parameters are the arguments of the rule."""

    def register(function):
        parameters = list(inspect.signature(function).parameters.values())[2:]
        required = frozenset(p.name for p in parameters if p.default is p.empty)
        optional = frozenset(p.name for p in parameters) - required
        CHECKS[function.__name__] = Check(
            function.__name__, function, required, optional, tuple(references), tuple(columns)
        )
        return function

    return register


def findings(case, question, rule):
    """What a rule finds in a case; nothing where it is not checkable."""
    found = CHECKS[rule.check].function(case, question, **rule.arguments)
    results = []
    try:
        results.extend(found)
    except NotCheckable:
        pass
    return results


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


def change_words(now, before):
    """ "14 more than last year (up 58%)"."""
    difference = now - before
    word, direction = ("more", "up") if difference > 0 else ("less", "down")
    share = f" ({direction} {percent(abs(difference), before)}%)" if before else ""
    return f"{figure(abs(difference))} {word} than last year{share}"


def percent(part, whole):
    """A share as a whole per cent, rounded half up."""
    return int((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP))


def differs(now, before, thresholds):
    """GS1: more than a quarter away from last year, and by more than five."""
    distance = abs(now - before)
    return distance > thresholds.change_share * before and distance > thresholds.change_least


def is_number(value):
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def plain(number):
    """A number without needless decimals."""
    return int(number) if number == int(number) else number
