"""Answers of 74 authorities behind the two published tables on Children's Trusts, as lines for ``import_answers``.

The counts are worked out from the printed percentages. Which authority gave which answer was never published, so the
authorities are chosen to fit the printed shares by region and type (32 unitary, 17 metropolitan, 13 London,
12 county) and the answers are dealt out in turn.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

REGISTER = Path(__file__).parents[2] / "fixtures" / "reference" / "local_authorities.csv"
HEADER = ("collection", "organisation", "service", "question", "row", "column", "value")
YEARS = ("2008/09", "2009/10")
AUTHORITIES = 74
ISLES_OF_SCILLY = "E06000053"
# Bedfordshire, Cheshire and the four that took over from them were not there in both years.
IN_ONE_YEAR = {"E10000001", "E10000004", "E06000049", "E06000050", "E06000055", "E06000056"}

# Region -> how many of each type are among the 74.
CHOSEN = {
    "E12000001": {"unitary": 3, "metropolitan": 2},
    "E12000002": {"unitary": 3, "metropolitan": 8, "county": 1},
    "E12000003": {"unitary": 2, "metropolitan": 4, "county": 1},
    "E12000004": {"unitary": 2, "county": 2},
    "E12000005": {"unitary": 2, "metropolitan": 3, "county": 1},
    "E12000006": {"unitary": 3, "county": 2},
    "E12000007": {"london_borough": 13},
    "E12000008": {"unitary": 7, "county": 3},
    "E12000009": {"unitary": 10, "county": 2},
}


@dataclass(frozen=True)
class Agency:
    """Counts of one row in one year; ``levels``: head, senior, other; None where the level is not asked."""

    no_response: int
    on: int
    levels: tuple[int, int, int] | None = (0, 0, 0)


# Row -> counts of 2008 and of 2009; None where the row was not asked.
BOARD = {
    "b01": (Agency(0, 74, (29, 40, 4)), Agency(0, 73, (18, 52, 2))),
    "b02": (Agency(0, 73, (54, 16, 1)), Agency(0, 73, (49, 20, 2))),
    "b03": (None, Agency(0, 72, None)),
    "b04": (Agency(1, 46, (25, 16, 3)), Agency(0, 67, (45, 16, 3))),
    "b05": (Agency(0, 63, (16, 40, 4)), Agency(1, 65, (25, 33, 6))),
    "b06": (Agency(1, 62, (33, 26, 0)), Agency(0, 61, (22, 34, 2))),
    "b07": (Agency(2, 26, (5, 17, 2)), Agency(2, 50, (8, 38, 0))),
    "b08": (Agency(1, 35, (8, 25, 2)), Agency(1, 42, (9, 30, 2))),
    "b09": (Agency(1, 69, (28, 36, 1)), None),
    "b10": (Agency(0, 63, (29, 26, 5)), None),
    "b11": (Agency(0, 74), Agency(0, 74)),
    "b12": (Agency(0, 14), Agency(0, 16)),
    "b14": (None, Agency(0, 53)),
    "b15": (None, Agency(2, 45)),
    "b16": (None, Agency(3, 44)),
    "b17": (None, Agency(1, 36)),
    "b18": (None, Agency(1, 36)),
    "b19": (None, Agency(1, 20)),
}
JOINT = {
    "j01": (67, 62), "j02": (66, 61), "j03": (None, 60), "j04": (55, 55), "j05": (50, 49), "j06": (47, 42),
    "j07": (43, 37), "j08": (39, 36), "j09": (35, 34), "j10": (None, 31), "j11": (30, 27), "j12": (None, 25),
    "j13": (14, 16), "j14": (19, 12),
}  # fmt: skip
STRATEGY = (57, 54)


def authorities():
    """The GSS codes of the 74."""
    with REGISTER.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] not in {ISLES_OF_SCILLY, *IN_ONE_YEAR}]
    return [
        row["code"]
        for region, types in CHOSEN.items()
        for la_type, number in types.items()
        for row in [row for row in rows if (row["region"], row["la_type"]) == (region, la_type)][:number]
    ]


def lines():
    """All lines of both years, as tuples in the order of HEADER."""
    codes = authorities()
    return [line for number, year in enumerate(YEARS) for line in _lines_of(year, number, codes)]


def _lines_of(year, number, codes):
    for turn, (row, counts) in enumerate(BOARD.items()):
        if counts[number]:
            yield from _board_lines(year, row, counts[number], _turned(codes, turn))
    for turn, (row, counts) in enumerate(JOINT.items()):
        if counts[number] is not None:
            yield from _yes_lines(year, "CTQE2", row, "joint", counts[number], _turned(codes, 3 * turn))
    yield from _yes_lines(year, "CTQE1", "", "", STRATEGY[number], codes)


def _turned(codes, turn):
    """The codes from another one on, so that not always the same authorities say yes."""
    start = 5 * turn % len(codes)
    return codes[start:] + codes[:start]


def _board_lines(year, row, agency, codes):
    """Yes with its level for the first, no for the next; the last ones leave the row blank."""
    levels = [
        level
        for level, n in zip(("head", "senior", "other"), agency.levels or (), strict=False)
        for _ in range(n)
    ]
    answering = codes[: AUTHORITIES - agency.no_response]
    for place, code in enumerate(answering):
        yield (year, code, "", "CTQB2", row, "on", "yes" if place < agency.on else "no")
    for code, level in zip(answering, levels, strict=False):
        yield (year, code, "", "CTQB2", row, "level", level)


def _yes_lines(year, question, row, column, yes, codes):
    for place, code in enumerate(codes):
        yield (year, code, "", question, row, column, "yes" if place < yes else "no")


def write(path):
    """Write the lines as a CSV file and return its path."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(lines())
    return path
