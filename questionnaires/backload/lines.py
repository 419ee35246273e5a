"""The lines of answer files: what they hold, and why some are refused."""

import csv
from dataclasses import dataclass

HEADER = ("collection", "organisation", "service", "question", "row", "column", "value")


@dataclass(frozen=True)
class Line:
    """One line of a file; ``number`` counts from 1, the header."""

    file: str
    number: int
    collection: str
    organisation: str
    service: str
    question: str
    row: str
    column: str
    value: str


@dataclass(frozen=True)
class Refusal:
    """Why a line cannot be taken."""

    file: str
    number: int
    reason: str

    def __str__(self):
        return f"{self.file}, line {self.number}: {self.reason}"


class Refused(Exception):
    """Some lines cannot be taken, so none was. ``refusals`` names each, in the order of the files."""

    def __init__(self, refusals):
        super().__init__(f"{len(refusals)} lines were refused")
        self.refusals = refusals


def read_lines(path):
    """The Lines of a CSV file in UTF-8. Raises Refused for another header or encoding."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return list(_lines(csv.reader(file, strict=True), path.name))
    except UnicodeDecodeError as error:
        raise Refused([Refusal(path.name, 1, "The file is not in UTF-8.")]) from error
    except csv.Error as error:
        raise Refused([Refusal(path.name, 1, f"The file is not a CSV file: {error}.")]) from error


def _lines(reader, name):
    header = next(reader, [])
    if tuple(header) != HEADER:
        raise Refused([Refusal(name, 1, f"The header has to be {','.join(HEADER)}.")])
    number = reader.line_num + 1
    for row in reader:
        if row and len(row) != len(HEADER):
            raise Refused([Refusal(name, number, f"{len(row)} columns instead of {len(HEADER)}.")])
        if row:
            yield Line(name, number, *(text.strip() for text in row))
        number = reader.line_num + 1
