"""The service classification in memory: categories, their groups and the lists that go with them.

Read from ``classification.yaml`` beside this file; pure, knows neither models nor requests.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("classification.yaml")


class ClassificationError(ValueError):
    """The classification file contradicts itself."""


@dataclass(frozen=True)
class Item:
    """One entry of a list such as the sectors: its key, its name and a hint (may be empty)."""

    key: str
    name: str
    hint: str = ""
    heading: str = ""  # staff groups: the profession they are listed under
    reported_as: str = ""  # sectors: the sector that reports fold it into, if any
    bands: tuple[str, ...] = ()  # population groups: age bands of the child population register


@dataclass(frozen=True)
class Exclusion:
    """What does not belong to a category, and the code of the category where it does (empty: nowhere)."""

    text: str
    category: str = ""


@dataclass(frozen=True)
class Category:
    """One kind of service. Codes are two digits (``09``); options: code (``09.02``) to label (``ADHD``)."""

    code: str
    name: str
    group: str
    additional: str
    tier: str
    outcomes: tuple[str, ...]  # Every Child Matters, the main one first
    modules: tuple[str, ...]
    respondents: tuple[str, ...]  # types of organisation that may enter it
    population: str
    definition: str
    include: tuple[str, ...]
    exclude: tuple[Exclusion, ...]
    options: dict[str, str]
    staff_groups: tuple[str, ...]  # rows of the workforce table; others are behind "add another"
    blocks: tuple[str, ...] = ()  # parts of a module that apply, where not all do
    activity_period: str = "month"
    half_year_options: tuple[str, ...] = ()
    collectability: int | None = None
    also_known_as: tuple[str, ...] = ()
    census_priority: bool = False
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def activity_is_expected_only(self) -> bool:
        """Whether a blank in the activity section only warns: these are hard to collect (score below 6)."""
        return self.collectability is not None and self.collectability < 6

    def period_for(self, options: set[str]) -> str:
        """``month`` or ``half_year``: the period that activity is counted over, given the ticked options."""
        return "half_year" if options & set(self.half_year_options) else self.activity_period


@dataclass(frozen=True)
class Classification:
    """All categories by code, and each list by key, in the order of the file."""

    categories: dict[str, Category]
    groups: dict[str, Item]
    tiers: dict[str, Item]
    sectors: dict[str, Item]
    outcomes: dict[str, Item]
    respondents: dict[str, Item]
    additional_services: dict[str, Item]
    population_groups: dict[str, Item]
    staff_groups: dict[str, Item]

    def open_to(self, respondents: set[str]) -> list[Category]:
        """Categories that an organisation of these types (``LA``, ``NHST``...) may enter, in order."""
        return [category for category in self.categories.values() if respondents & set(category.respondents)]

    def by_group(self, respondents: set[str]) -> list[tuple[Item, list[Category]]]:
        """Groups with their categories, for the two-step picker; groups without any are left out."""
        open_categories = self.open_to(respondents)
        pairs = (
            (group, [category for category in open_categories if category.group == key])
            for key, group in self.groups.items()
        )
        return [(group, categories) for group, categories in pairs if categories]


@cache
def classification() -> Classification:
    """The classification of this version of the site; raises ClassificationError if the file is wrong."""
    return read_classification(FILE.read_text(encoding="utf-8"))


def read_classification(text: str) -> Classification:
    """Read YAML text shaped as ``classification.yaml``; raises ClassificationError where a key is unknown."""
    raw = yaml.safe_load(text)
    categories = raw.pop("categories")
    lists = {name: _items(entries) for name, entries in raw.items()}
    by_code = {code: _category(code, entry, lists) for code, entry in categories.items()}
    for category in by_code.values():
        _check(category, by_code, lists)
    return Classification(categories=by_code, **lists)


def _items(entries: dict) -> dict[str, Item]:
    return {
        key: Item(key=key, **{**entry, "bands": tuple(entry.get("bands", ()))})
        for key, entry in entries.items()
    }


def _category(code: str, entry: dict, lists: dict) -> Category:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
    }
    values["exclude"] = tuple(Exclusion(**exclusion) for exclusion in entry["exclude"])
    values["staff_groups"] = tuple(_expanded(entry["staff_groups"], lists["staff_groups"]))
    return Category(code=code, **values)


def _expanded(patterns: list[str], known: dict) -> list[str]:
    """Replace each ``md_*`` by the keys that start with ``md_``, each key once, in the order first named."""
    keys = []
    for pattern in patterns:
        if pattern.endswith("*"):
            keys += [key for key in known if key.startswith(pattern[:-1])]
        else:
            keys.append(pattern)
    return list(dict.fromkeys(keys))


def _check(category: Category, categories: dict, lists: dict) -> None:
    """Raise ClassificationError where a category names a key that no list or category has."""
    named = {
        "groups": [category.group],
        "additional_services": [category.additional],
        "tiers": [category.tier],
        "outcomes": category.outcomes,
        "respondents": category.respondents,
        "population_groups": [category.population],
        "staff_groups": category.staff_groups,
    }
    unknown = [f"{name}: {key}" for name, keys in named.items() for key in keys if key not in lists[name]]
    unknown += [
        f"exclude: {e.category}" for e in category.exclude if e.category and e.category not in categories
    ]
    unknown += [f"option: {key}" for key in category.options if not key.startswith(f"{category.code}.")]
    unknown += [f"option: {key}" for key in category.half_year_options if key not in category.options]
    if unknown:
        raise ClassificationError(f"category {category.code} names what is not there: {', '.join(unknown)}")
