"""Conditions: whether a question, a row or a mandatory cell applies, compiled from their YAML.

A condition is a mapping with one test about a question (``{question: SVC-F05, more_than: 0}``), about a
cell of the same row (``{column: covered, is: "yes"}``), about who answers (``{organisation_type: [LA]}``)
and which services they have (``{no_service_in: ["08"]}``), or a list of conditions under ``any`` or ``all``.

Over a blank or special answer ``is``, ``in`` and the comparisons are false and ``is_not`` is true. Where
several cells are meant (a list, a column over all rows), one of them is enough; ``is_not`` wants none.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

TESTS = ("is", "is_not", "in", "at_least", "more_than", "count", "answered")
GROUPS = ("any", "all")
WHO = {"organisation_type": "organisation_types", "authority_type": "authority_types"}
SERVICES = ("service_in", "no_service_in")


class BadCondition(ValueError):
    """A condition that cannot be read; the message names the part."""


@dataclass(frozen=True)
class Reference:
    """Which cells are meant: a question, or a column of it in one row, in the same row, or in all rows."""

    question: str
    row: str = ""
    column: str = ""

    def values(self, case, row):
        """The real values there, each item of a list on its own; blanks and special answers left out."""
        return case.values(self.question, row if self.row == "same" else self.row, self.column)


@dataclass(frozen=True)
class Test:
    """One test of the values of a reference."""

    of: Reference
    test: str
    wanted: Any

    def holds(self, case, row=""):
        values = self.of.values(case, row)
        if self.test == "is":
            return self.wanted in values
        if self.test == "is_not":
            return self.wanted not in values
        if self.test == "in":
            return any(value in self.wanted for value in values)
        if self.test == "answered":
            return bool(values) == self.wanted
        if self.test == "count":
            return all(_compares(len(values), name, limit) for name, limit in self.wanted.items())
        return self._compared(case, row, values)

    def _compared(self, case, row, values):
        limits = self.wanted.values(case, row) if isinstance(self.wanted, Reference) else (self.wanted,)
        return any(_compares(value, self.test, limit) for value in values for limit in limits)

    def questions(self):
        yield self.of
        if isinstance(self.wanted, Reference):
            yield self.wanted


@dataclass(frozen=True)
class Who:
    """A test of who answers: types of organisation (LA; a PCT may be PCTC and PCTP) or authority (county)."""

    attribute: str
    wanted: frozenset

    def holds(self, case, row=""):
        return not self.wanted.isdisjoint(getattr(case, self.attribute))

    def questions(self):
        return iter(())


@dataclass(frozen=True)
class ServiceIn:
    """A test of whether the organisation has an open service in a category: one of a list, or the row's."""

    categories: frozenset | None  # None: the category that the key of the row names
    wanted: bool

    def holds(self, case, row=""):
        categories = frozenset({row}) if self.categories is None else self.categories
        return self.wanted is not categories.isdisjoint(case.service_categories)

    def questions(self):
        return iter(())


@dataclass(frozen=True)
class Group:
    """Several conditions of which any, or all, must hold."""

    word: str
    parts: tuple

    def holds(self, case, row=""):
        results = (part.holds(case, row) for part in self.parts)
        return any(results) if self.word == "any" else all(results)

    def questions(self):
        for part in self.parts:
            yield from part.questions()


def compiled(source, own=""):
    """The condition that a mapping of a definition stands for; None for None.

    own: code of the question it belongs to, meant where the mapping names a column only. Raises BadCondition.
    """
    if source is None:
        return None
    keys = set(source)
    for word in GROUPS:
        if keys == {word}:
            return Group(word, tuple(compiled(part, own) for part in source[word]))
    for word, attribute in WHO.items():
        if keys == {word}:
            return Who(attribute, frozenset(_listed(source[word])))
    for word in SERVICES:
        if keys == {word}:
            categories = None if source[word] == "row" else frozenset(_listed(source[word]))
            return ServiceIn(categories, wanted=word == "service_in")
    tests = keys & set(TESTS)
    if len(tests) != 1 or not keys <= tests | {"question", "row", "column"}:
        raise BadCondition(f"cannot read the condition {dict(source)}")
    (test,) = tests
    return Test(reference(source, own), test, _wanted(test, source[test], own))


def reference(source, own=""):
    """The cells that a mapping's question, row and column name; a column alone is of the same row."""
    if "question" in source:
        return Reference(source["question"], source.get("row", ""), source.get("column", ""))
    if not own or "column" not in source:
        raise BadCondition(f"the condition {dict(source)} names no question")
    return Reference(own, "same", source["column"])


def _wanted(test, wanted, own):
    if test == "in":
        return tuple(_listed(wanted))
    if test == "answered":
        return wanted in (True, "yes")
    if test == "count":
        return {name: int(limit) for name, limit in wanted.items()}
    if test in ("at_least", "more_than"):
        return reference(wanted, own) if isinstance(wanted, dict) else Decimal(str(wanted))
    return wanted


def _listed(value):
    return value if isinstance(value, list | tuple) else [value]


def _compares(value, test, limit):
    if isinstance(value, str) or isinstance(limit, str):
        return False
    return value >= limit if test == "at_least" else value > limit
