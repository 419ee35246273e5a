"""Which organisations take part in the demonstration, and what the registers know of them."""

from dataclasses import dataclass, field
from functools import cached_property

import yaml
from django.conf import settings

from accounts.models import Organisation, PCTCoverage, Population, PostcodeArea

FIXTURES = settings.BASE_DIR / "fixtures" / "demo"


@dataclass(frozen=True)
class Area:
    """An authority with the places, postcodes and children that names and figures are made of."""

    authority: Organisation
    places: tuple[str, ...]
    outcodes: tuple[str, ...]
    children: int
    pct: Organisation | None

    @property
    def code(self):
        return self.authority.code


@dataclass
class Member:
    """An organisation that takes part: its area, the story it is given, how many services it lists.

    past: year -> signed_off, late, unfinished or none. now: where its return for 2009/10 stands. acts: its own director
    signs off what is past.
    """

    organisation: Organisation
    area: Area
    past: dict
    now: str
    services: int
    acts: bool = False
    cast: object = field(default=None)

    @cached_property
    def slug(self):
        return self.organisation.slug

    @property
    def list_of(self):
        """The kind of list of services it has, as ``services.yaml`` names it."""
        return self.organisation.trust_kind or self.organisation.kind


def members(only=None):
    """The Members of the demonstration, authorities first, each followed by its PCT and trusts.

    only: slugs of authorities, to have a small demonstration.
    """
    told = yaml.safe_load((FIXTURES / "authorities.yaml").read_text(encoding="utf-8"))
    chosen = {slug: story for slug, story in told.items() if only is None or slug in only}
    authorities = {o.slug: o for o in Organisation.objects.filter(slug__in=chosen).select_related("region")}
    return [
        member
        for slug, story in chosen.items()
        for member in _with_partners(authorities[slug], story, _area(authorities[slug], story))
    ]


def _area(authority, story):
    """What names and figures of an area are made of; an abolished authority takes those of its successors."""
    areas = [authority, *Organisation.objects.filter(successions_to_here__predecessor=authority)]
    found = Population.objects.filter(authority__in=areas, age_band="0-17").order_by("authority", "-year")
    newest = {row.authority_id: row.persons for row in reversed(found)}
    outcodes = PostcodeArea.objects.filter(main_authority__in=areas, main_share__gte=0.8).order_by("outcode")
    return Area(
        authority=authority,
        places=tuple(story["places"]),
        outcodes=tuple(outcodes.values_list("outcode", flat=True)),
        children=sum(newest.values()),
        pct=_pct(authority),
    )


def _pct(authority):
    """The PCT that covers the whole authority, if one does."""
    covering = PCTCoverage.objects.filter(authority=authority, coverage="whole").select_related("pct").first()
    return covering and covering.pct


def _with_partners(authority, story, area):
    yield Member(authority, area, story["past"], story["now"], story["services"], story.get("acts", False))
    for partner in _partners(area) if story["nhs"] != "none" else ():
        yield Member(partner, area, {2008: "signed_off"}, story["nhs"], services=99)
    if slug := story.get("voluntary"):
        provider = Organisation.objects.get(slug=slug)
        yield Member(provider, area, {2007: "signed_off"}, "in_progress", services=99)  # it missed 2008/09


def _partners(area):
    """The PCT, and trusts with headquarters in the area: one of each kind at most."""
    trusts = Organisation.objects.nhs_trusts().filter(
        headquarters_authority=area.authority, trust_speciality="", trust_kind__in=["acute", "mental_health"]
    )
    by_kind = {trust.trust_kind: trust for trust in trusts.order_by("-code")}
    return [organisation for organisation in (area.pct, *by_kind.values()) if organisation]
