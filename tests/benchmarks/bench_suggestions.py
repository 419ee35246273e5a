"""How often a suggested category is right, on a published directory and on invented services."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from mapping.returns.importing.suggest import Suggestion, Verdict, suggest

DATA = Path(__file__).resolve().parent.parent / "data"
DIRECTORY = DATA / "service_directories" / "trafford_mental_health_services.csv"
LABELS = DATA / "service_directories" / "trafford_mental_health_services.labels.csv"
INVENTED = DATA / "suggestions" / "invented_services.csv"


@dataclass(frozen=True)
class Labelled:
    """A service and the answers that are right for it: a code, ``none`` or ``unclear``."""

    name: str
    description: str
    best: str
    also: frozenset[str]

    @property
    def accepted(self) -> frozenset[str]:
        return self.also | {self.best}


def directory_rows() -> list[Labelled]:
    """The published directory with its labels, row by row."""
    pairs = zip(_rows(DIRECTORY), _rows(LABELS), strict=True)
    return [_labelled(row["name"], row["description"], label) for row, label in pairs]


def invented_rows(part: str) -> list[Labelled]:
    """The invented services of one part, ``tuning`` or ``held_out``."""
    return [_labelled(row["name"], row["description"], row) for row in _rows(INVENTED) if row["part"] == part]


def _rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _labelled(name: str, description: str, label: dict) -> Labelled:
    also = frozenset(filter(None, label["also_acceptable"].split(";")))
    return Labelled(name, description, label["category"], also)


@dataclass(frozen=True)
class Score:
    """Counts of services.

    with_category: have one; right: of these, suggested rightly; asked: of these, a question offers it.
    for_others: are not for children; offered: of these, given a category without a question.
    """

    with_category: int
    right: int
    asked: int
    for_others: int
    offered: int


def score(rows: list[Labelled]) -> Score:
    counts = Counter()
    for row in rows:
        counts.update(_outcomes(row, suggest(row.name, row.description)))
    return Score(**{name: counts[name] for name in Score.__dataclass_fields__})


def _outcomes(row: Labelled, suggestion: Suggestion) -> list[str]:
    if row.best == "none":
        return [
            "for_others",
            *(["offered"] if suggestion.category and suggestion.category not in row.also else []),
        ]
    if row.best == "unclear":
        return []
    if suggestion.category in row.accepted:
        return ["with_category", "right"]
    asked = suggestion.verdict is Verdict.CHOICE and row.accepted & set(suggestion.candidates)
    return ["with_category", *(["asked"] if asked else [])]


def run() -> None:
    """Print one line for each labelled list."""
    lists = {"published directory": directory_rows()}
    lists |= {f"invented, {part}": invented_rows(part) for part in ("tuning", "held_out", "later", "last")}
    for title, rows in lists.items():
        s = score(rows)
        print(
            f"suggestions, {title}: {s.right} of {s.with_category} right, "
            f"{s.asked} asked with the right one offered; "
            f"{s.offered} of {s.for_others} that are not for children offered a category"
        )


if __name__ == "__main__":
    run()
