"""How large a figure of an example is likely to be, by question and cell: what ``likely.yaml`` says."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from questionnaires.sources import parsed

FILE = Path(__file__).with_suffix(".yaml")
WHOLE = "it"  # the key of a question that is no table
OWN = (
    "caseload",
    "staff",
)  # what a size may be a share of beside figures of the questionnaire: see Surroundings


class Likely(NamedTuple):
    """A figure from ``least`` to ``most``; with ``of``, that many times what this names."""

    least: float
    most: float
    of: str = ""


@cache
def sizes():
    """Question code -> {row, column or ``it``: Likely}."""
    return {
        code: {key: Likely(float(least), float(most), *of) for key, (least, most, *of) in cells.items()}
        for code, cells in parsed(FILE).items()
    }


def likely_size(code, *keys):
    """The Likely of a question's first row or column that has one; None where nothing is said of any."""
    of_question = sizes().get(code, {})
    return next((of_question[key] for key in keys if key in of_question), None)


def likely_size_of(cell):
    """The Likely of a cell: its row's before its column's."""
    return likely_size(cell.question.key, cell.row, cell.column or WHOLE)
