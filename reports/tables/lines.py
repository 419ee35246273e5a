"""What a published table is made of: requests, figures to choose from, and tidy lines. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reports.figures import Amount
from reports.wording import rounded, share_of

NOT_ASKED = "N/A"
NO_RETURN = "no return"
NOTHING_TO_DIVIDE = "\N{EN DASH}"
MARKS = {
    NOT_ASKED: "not asked or not known in that collection, or the area was not there",
    NO_RETURN: "the authority did not answer",
    NOTHING_TO_DIVIDE: "nothing to divide: nobody answered",
}
PERCENT, COUNT, POINTS, ANSWER = "percent", "count", "points", "answer"
NONE = Amount()


@dataclass(frozen=True)
class Line:
    """One figure as readers see it; the fields are the columns of the tidy CSV, in this order."""

    table: str
    item: str
    item_label: str
    collection: str
    level: str
    area_code: str
    area_name: str
    measure: str
    value: int | str
    base: int | str = ""
    unit: str = PERCENT
    note: str = ""


@dataclass(frozen=True)
class Area:
    code: str
    name: str


@dataclass(frozen=True)
class Item:
    """A row of a table: its label, and which collections ask it, and ask its level."""

    key: str
    label: str
    asked_in: frozenset[str] = frozenset()
    level_asked_in: frozenset[str] = frozenset()
    group: str = ""


@dataclass(frozen=True)
class Figures:
    """The figures that a table is made of, for the collections, level and set that were asked for.

    amounts: (collection, measure, item, area code) -> Amount. members: collection -> codes of the authorities
    whose answers are in them. items: rows of the table. areas: collection -> areas of the level.
    """

    collections: tuple[str, ...]
    level: str
    areas: Mapping[str, tuple[Area, ...]]
    amounts: Mapping[tuple[str, str, str, str], Amount]
    items: tuple[Item, ...] = ()
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def amount(self, collection, measure, item, area):
        return self.amounts.get((collection, measure, item, area), NONE)


@dataclass(frozen=True)
class Measure:
    """A column: its key in files, its words on pages."""

    key: str
    label: str
    unit: str = PERCENT


@dataclass(frozen=True)
class Table:
    """A published table. ``lines`` makes its tidy lines from Figures; ``needs`` names the area figures it reads.

    questionnaire: the one whose respondents it is about; empty for tables about taking part.
    question: the code of the question whose rows are its items. part: the part of the return it is about, if one.
    row_name: what a row is.
    """

    code: str
    title: str
    subject: str
    measures: tuple[Measure, ...]
    needs: tuple[str, ...]
    lines: Callable[[Figures], list[Line]]
    questionnaire: str = ""
    question: str = ""
    part: str = ""
    row_name: str = "Type of organisation"
    how_to_read: tuple[str, ...] = ()

    @property
    def is_about_answers(self):
        """Whether the common set of authorities can be asked for: it holds for answers, not for response rates."""
        return bool(self.questionnaire)


@dataclass(frozen=True)
class Value:
    """A shown value with its base, unit and note."""

    value: int | str
    base: int | str = ""
    unit: str = PERCENT
    note: str = ""


def share(amount):
    """The share of an amount in whole percent, rounded half up; a dash where there is nothing to divide by."""
    if amount.value is None:
        return Value(NOT_ASKED, note="The register does not say who is eligible.")
    exact = share_of(amount.value, amount.base)
    return Value(NOTHING_TO_DIVIDE if exact is None else int(rounded(exact)), int(amount.base))


def count(number, base):
    return Value(int(number), int(base), COUNT)


def not_asked(collection, unit=PERCENT):
    """The mark for what a collection does not ask."""
    return Value(NOT_ASKED, unit=unit, note=f"Not asked in {collection}.")


def answer(is_yes, base=1):
    """The answer of one authority itself."""
    return Value("yes" if is_yes else "no", base, ANSWER)


def no_return():
    return Value(NO_RETURN, unit=ANSWER)


def change(before, now):
    """The difference of two shares as shown, in points; N/A where one of them is missing."""
    if isinstance(before.value, int) and isinstance(now.value, int):
        return Value(now.value - before.value, unit=POINTS)
    return Value(NOT_ASKED, unit=POINTS, note="One of the collections has no figure.")


def line(table, item, collection, figures, area, measure, value):
    """The tidy line of a value."""
    return Line(
        table=table,
        item=item.key,
        item_label=item.label,
        collection=collection,
        level=figures.level,
        area_code=area.code,
        area_name=area.name,
        measure=measure,
        value=value.value,
        base=value.base,
        unit=value.unit,
        note=value.note,
    )


def is_figure(value):
    """Whether a shown value is a number and not a mark or an answer."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
