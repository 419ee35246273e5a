"""Invented services, staff and children of some authorities, as lines for ``import_answers``.

The figures hold together (parts add up to their wholes) and differ by authority and year in a fixed way.
"""

import csv
from pathlib import Path

HEADER = ("collection", "organisation", "service", "question", "row", "column", "value")
# Trafford and five other authorities of the North West, so that the region can be compared with.
NORTH_WEST = ("E08000009", "E08000001", "E08000003", "E08000006", "E08000007", "E08000010")
KINDS = (
    # category, tier, sector, holds cases, staff group
    ("08", "targeted", "inhouse", True, "ps_clin"),
    ("11", "targeted", "voluntary", True, "th_couns"),
    ("14", "universal", "inhouse", False, "ey_prac"),
    ("15", "targeted", "social_ent", True, "sc_fsw"),
    ("17", "specialist", "nhs", True, "sc_sw"),
    ("22", "universal", "private", False, "yo_yw"),
    ("23", "specialist", "inhouse", True, "sc_sw"),
)
AGES = ("a0", "a1_4", "a5_9", "a10_14", "a15", "a16_17", "a18_24", "aNK")
WAITS = ("w1", "w2", "w3", "w4", "w5", "wNK")


def write(path, *, collections=("2008/09", "2009/10"), authorities=NORTH_WEST, services=14):
    """Write the answers; returns ``path``."""
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(lines(collections, authorities, services))
    return path


def lines(collections, authorities, services):
    for year, collection in enumerate(collections):
        for place, authority in enumerate(authorities):
            for number in range(services):
                for question, row, column, value in answers(number, place, year):
                    yield collection, authority, f"S{number + 1:04d}", question, row, column, value


def answers(number, place, year):
    """(question, row, column, value) of one service."""
    category, tier, sector, holds, staff = KINDS[number % len(KINDS)]
    yield "SVC-A01", "", "", f"Service {number + 1} of category {category}"
    yield "SVC-A02", "", "", category
    yield "SVC-A06", "", "", sector
    yield "SVC-A10", "", "", "open"
    yield "SVC-A11", "", "", "no"
    yield "SVC-B01", "", "", tier
    yield "SVC-B03", "", "", number % 5
    yield "SVC-B04", "", "", 18
    yield from _staff(staff, number, place, year)
    yield "SVC-F00", "", "", "yes" if holds else "no"
    if holds:
        yield from _children(number, place, year)


def _staff(group, number, place, year):
    wte = 6 + number + place + 2 * year
    for key, share in ((group, wte), ("mg_admin", 1.5)):
        yield "SVC-E01", key, "wte", share
        yield "SVC-E01", key, "heads", round(share) + 1
        yield "SVC-E01", key, "vac", 0.5 + place % 3 * 0.25
    yield "SVC-E03", "", "", 0.5
    yield "SVC-E04", "", "", 0.5


def _children(number, place, year):
    caseload = 40 + 7 * number + 5 * place + 6 * year
    seen, new, waiting = caseload * 3 // 4, caseload // 5, caseload // 8
    for question, value in (("F01", caseload), ("F02", seen), ("F03", new), ("F04", 3), ("F05", waiting)):
        yield f"SVC-{question}", "", "", value
    yield from _breakdown("SVC-F06", WAITS, waiting, (4, 3, 1, 1, 0, 1))
    yield from _breakdown("SVC-F07", WAITS, new, (5, 4, 1, 1, 1, 0))
    yield from _breakdown("SVC-F09", AGES, caseload, (1, 3, 6, 8, 2, 3, 1, 1))


def _breakdown(question, items, whole, weights):
    """A whole dealt out by weights; what is left over goes to the first."""
    parts = [whole * weight // sum(weights) for weight in weights]
    parts[0] += whole - sum(parts)
    for item, part in zip(items, parts, strict=True):
        yield question, item, "n", part
