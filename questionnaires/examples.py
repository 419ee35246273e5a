"""Examples of rules: for each, answers that it lets pass and answers in which it finds something.

They stand in ``definitions/examples/``, a list in each file; the tests evaluate them, and the public catalogue
shows them beside the rules.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from mapping.returns.classification import classification
from questionnaires.evaluation import Context, Peer, evaluate
from questionnaires.sources import FOLDER, parsed
from questionnaires.wording import Dates

EXAMPLES = FOLDER / "examples"
ACROSS = EXAMPLES / "across.yaml"  # of rules across organisations, read by ``across_examples``


class BadExample(ValueError):
    """An example that cannot be read; the message names the file, the line and the word."""


@dataclass(frozen=True)
class Situation:
    """Answers, cell to JSON, and what is known beside them: fields of `Context` by name."""

    answers: Mapping[str, dict] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """A rule at a question: the situation that passes and the one that fails; text: the rule in a sentence."""

    rule: str
    question: str
    text: str
    passes: Situation
    fails: Situation
    where: str = ""  # file and line

    def is_found(self, situation, questionnaire):
        """Whether the rule finds something at the question in a situation."""
        context = Context(
            **{"year": questionnaire.year, "dates": Dates.of(questionnaire.year)} | dict(situation.known)
        )
        problems = evaluate(questionnaire, situation.answers, context).problems
        return any((problem.rule, problem.question) == (self.rule, self.question) for problem in problems)


def examples_of(folder=EXAMPLES):
    """All Examples of a folder, in the order of files and lines; raises BadExample and yaml.YAMLError."""
    paths = sorted(path for path in Path(folder).glob("*.yaml") if path.name != ACROSS.name)
    return [example_of(source, path) for path in paths for source in parsed(path)]


@functools.cache
def rule_texts():
    """What each rule says in a sentence, by its id."""
    return {example.rule: example.text for example in examples_of() if example.text}


def example_of(source, path):
    """One Example of a file."""
    where = f"{path.name}:{source.line}"
    wanted = {"rule", "question", "passes", "fails"}
    if not wanted <= set(source) <= wanted | {"text", "given"}:
        raise BadExample(f"{where}: an example has rule, question, text, given, passes and fails")
    given = source.get("given", {})
    try:
        passes, fails = (situation_of(merged(given, source[name])) for name in ("passes", "fails"))
    except KeyError as error:
        raise BadExample(f"{where}: a situation has no {error}") from error
    return Example(source["rule"], source["question"], source.get("text", ""), passes, fails, where)


def merged(given, own):
    """What holds in both situations with what holds in one of them, mappings merged."""
    both = dict(given)
    for name, value in own.items():
        is_added = isinstance(value, Mapping) and isinstance(both.get(name), Mapping)
        both[name] = {**both[name], **value} if is_added else value
    return both


def situation_of(source):
    """The Situation of a mapping as authors write it; raises KeyError for a word that means nothing."""
    known: dict[str, Any] = {}
    for name, value in source.items():
        if name != "answers":
            known |= KNOWN[name](value)
    if "category" in source:
        known["entry"] = {"category": source["category"]} | known.get("entry", {})
    return Situation(stored_answers(source.get("answers", {})), known)


def stored_answers(source):
    return {cell: stored(value) for cell, value in source.items()}


def stored(value):
    """The JSON that an answer is stored as: ``{special: NK}``, a key, a number, a text or a list."""
    if isinstance(value, Mapping):
        return {"s": value["special"]}
    return {"v": str(value) if isinstance(value, float) else value}


def decimals(source):
    return {cell: Decimal(str(value)) for cell, value in source.items()}


# What a situation may say beside its answers, and the fields of the context that this is.
KNOWN: dict[str, Callable[[Any], dict[str, Any]]] = {
    "category": lambda code: {"category": classification().categories[code]},
    "organisation_type": lambda roles: {"organisation_types": frozenset(roles)},
    "authority_type": lambda kind: {"authority_type": kind},
    "service_categories": lambda codes: {"service_categories": frozenset(codes)},
    "form": lambda form: {"form": form},
    "entry": lambda kept: {"entry": dict(kept)},
    "last_year": lambda answers: {"last_year": stored_answers(answers)},
    "service_sums": lambda sums: {"service_sums": decimals(sums)},
    "populations": lambda areas: {"populations": areas},
    "outcodes": lambda known: {"outcodes": {code: frozenset(areas) for code, areas in known.items()}},
    "peers": lambda peers: {"peers": tuple(Peer(**peer) for peer in peers)},
    "carried_years": lambda years: {"carried_years": dict(years)},
    "percentiles": lambda ends: {"percentiles": {code: {1: tuple(pair)} for code, pair in ends.items()}},
    "today": lambda day: {"today": date.fromisoformat(day)},
}
