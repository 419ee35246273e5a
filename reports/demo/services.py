"""The lists of services: names from ``services.yaml`` with the places of an area."""

from dataclasses import dataclass
from functools import cache

import yaml

from mapping.returns.actions import NewService
from mapping.returns.models import EntryForm
from reports.demo.places import FIXTURES


@dataclass(frozen=True)
class Kind:
    """A service as the fixture tells it. option: the kind of help (A03). hidden: not for the public directory.

    short: answered in the short form.
    """

    name: str
    category: str
    option: str
    provider: str = ""
    hidden: bool = False
    short: bool = False


@cache
def _templates():
    return yaml.safe_load((FIXTURES / "services.yaml").read_text(encoding="utf-8"))


def kinds_for(member):
    """The Kinds that an organisation lists, as many as its story says, each place named once."""
    places = {}
    kinds = []
    for template in _templates()[member.list_of]:
        for _ in range(template.get("times", 1)):
            kinds.append(_kind(template, member.area, places))
    return [kind for kind in kinds if kind][: member.services]


def _kind(template, area, places):
    """The next service of a template; None once all places have theirs."""
    name = template["name"]
    if "{place}" in name:
        number = places.get(name, 0)
        if number == len(area.places):
            return None
        places[name] = number + 1
        name = name.format(place=area.places[number])
    provider = template.get("provider", "").format(area=area.authority.name)
    more = {key: template[key] for key in ("hidden", "short") if key in template}
    return Kind(name, template["category"], template["option"], provider, **more)


def new_service(kind, member, structure):
    """A Kind as the list of services takes it.

    structure: the organisation's (departments, localities).
    """
    departments, localities = structure
    fields = {"department": _of(departments, kind.category), "locality": _named_in(kind.name, localities)}
    if kind.short:
        fields["form"] = EntryForm.SHORT
    if kind.provider:
        fields |= {"provider": None, "provider_name": kind.provider, "sector": "voluntary"}
    return NewService(kind.name, kind.category, fields)


def _of(departments, category):
    return departments[int(category) % len(departments)] if departments else None


def _named_in(name, localities):
    return next((locality for locality in localities if name.startswith(locality.name)), None)
