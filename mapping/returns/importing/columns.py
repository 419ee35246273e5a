"""Which column of a file is which field of a service, by its heading."""

import re
from collections.abc import Iterable

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

# Headings as lists of services write them, in small letters without signs, the surest first.
HEADINGS = {
    "name": [
        "name", "service name", "name of service", "name of the service", "service", "service title", "title",
        "team name", "team", "name of team", "provider name", "setting name", "project name", "organisation name",
        "organisation", "organization", "establishmentname", "establishment name", "group name", "club name",
        "service or team", "service team", "servicename", "provision name", "activity name",
    ],
    "description": [
        "description", "service description", "description of service", "about", "about the service", "details",
        "service details", "what we do", "what they do", "summary", "information", "long description", "purpose",
        "overview", "notes", "comments", "what it offers", "remit",
    ],
    "address": [
        "address", "main address", "full address", "address 1", "address line 1", "address1", "street address",
        "location", "venue", "street", "premises", "base", "postal address", "venue address",
    ],
    "postcode": ["postcode", "post code", "postal code", "zip", "pcode", "pc", "venue postcode", "zip code"],
    "telephone": [
        "telephone", "phone", "tel", "telephone number", "phone number", "tel no", "telephone no", "contact number",
        "public telephone", "phone no", "contact telephone", "contact phone", "contact no", "landline", "mobile",
    ],
    "email": ["email", "e mail", "email address", "e mail address", "public e mail", "contact email", "public email"],
    "website": ["website", "web site", "url", "web page", "web address", "webpage", "web", "link", "website address", "site"],
    "category": ["category", "category code", "service category", "service type", "type of service", "classification"],
    "reference": [
        "reference", "ref", "id", "service id", "reference number", "ref no", "unique reference number", "urn",
        "record id", "service reference", "identifier", "code", "external id",
    ],
    "department": ["department", "directorate", "division", "section", "business unit", "service area", "service group"],
    "locality": ["locality", "area", "ward", "district", "neighbourhood", "town", "cluster", "patch"],
}  # fmt: skip


def plain(heading: str) -> str:
    """A heading in small letters, with single spaces instead of signs: ``Tel. No:`` is ``tel no``."""
    return " ".join(re.sub(r"[\W_]+", " ", heading.lower()).split())


def heading_matches(row: Iterable[str]) -> bool:
    """Whether a row of cells can be the headings: one names the service, or two are usual headings of anything."""
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
