"""Cells: the unit that is answered, stored, merged, revised, imported and marked.

A cell is named by question, row and column, as text ``F01``, ``E01|nu_hv|wte`` or ``F08||n``.
What it holds is JSON: ``{"v": value}``, or ``{"s": "NK"}`` for a special answer; a blank cell is absent.
"""

from enum import StrEnum

SEPARATOR = "|"


class Special(StrEnum):
    """An answer that stands for a value that cannot be given; never a zero."""

    NOT_KNOWN = "NK"
    NOT_COLLECTED = "NC"
    DOES_NOT_APPLY = "NA"

    @property
    def label(self):
        return SPECIAL_LABELS[self]


SPECIAL_LABELS = {
    Special.NOT_KNOWN: "Not known",
    Special.NOT_COLLECTED: "Not collected",
    Special.DOES_NOT_APPLY: "Does not apply",
}


def cell_id(question, row="", column=""):
    """The name of a cell as text: ``cell_id("E01", "nu_hv", "wte") == "E01|nu_hv|wte"``."""
    if column:
        return f"{question}|{row}|{column}"
    return f"{question}|{row}" if row else question


def split_cell_id(text):
    """Question, row and column of a cell's name, each "" where there is none."""
    question, _, rest = text.partition(SEPARATOR)
    row, _, column = rest.partition(SEPARATOR)
    return question, row, column


def value_of(stored):
    """A stored cell without its origin; None for blank."""
    return {key: stored[key] for key in ("v", "s") if key in stored} if stored else None


def says_same(stored, other):
    """Whether two stored cells say the same: in which order several options were chosen says nothing."""
    return _in_order(value_of(stored)) == _in_order(value_of(other))


def _in_order(said):
    is_list = bool(said) and isinstance(said.get("v"), list)
    return {"v": sorted(said["v"])} if is_list else said
