"""Which column of a file is which field of a service, by its heading."""

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

FIELDS = {
    "name": "Name of the service",
    "description": "Description",
    "address": "Main address",
    "postcode": "Postcode",
    "telephone": "Public telephone",
    "email": "Public e-mail",
    "website": "Web page",
    "category": "Category",
    "reference": "Reference",
    "department": "Department",
    "locality": "Locality",
}

HEADINGS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("headings.yaml").read_text(encoding="utf-8")
)


def plain(heading: str) -> str:
    """A heading in small letters, with single spaces instead of signs: ``Tel. No:`` is ``tel no``."""
    return " ".join(re.sub(r"[\W_]+", " ", heading.lower()).split())


def heading_matches(row: Iterable[str]) -> bool:
    """Whether a row can be the headings: one cell names the service, or two are usual headings."""
    cells = {plain(cell) for cell in row}
    known = {heading for headings in HEADINGS.values() for heading in headings}
    return bool(cells & set(HEADINGS["name"])) or len(cells & known) > 1


def match_columns(headings: list[str], remembered: dict[str, str] | None = None) -> dict[str, str]:
    """Heading -> field for the headings that are understood; each field at most once.

    remembered: heading -> field (or ``""`` for *leave out*) as the user corrected it before; it comes first.
    """
    chosen = {plain(heading): field for heading, field in (remembered or {}).items()}
    mapping = {h: chosen[plain(h)] for h in headings if chosen.get(plain(h)) in FIELDS}
    free = [heading for heading in headings if plain(heading) not in chosen]
    for field, usual in HEADINGS.items():
        if field in mapping.values():
            continue
        ranked = sorted(
            (usual.index(plain(h)), position) for position, h in enumerate(free) if plain(h) in usual
        )
        if ranked:
            mapping[free[ranked[0][1]]] = field
    return {heading: mapping[heading] for heading in headings if heading in mapping}
