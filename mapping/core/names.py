"""Organisations by what people call them: "Trafford Council", "NHS Trafford", "st helens pct".

Registers hold one short and one official name. What people type has other words for the kind of body, other capitals
and signs, or only a code. A name is therefore read as its kind, as far as it says one, and the place or house that it
is named after. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

AUTHORITY, PCT, TRUST = "local_authority", "pct", "nhs_trust"
# How alike two names are, from 0 to 1: from NEAR on one is offered in place of the other.
NEAR = 0.75
HOLDS_ALL = 0.95  # a name that holds all words of a text
WITHOUT_COMMON = 0.1  # less, where common words are left out
OTHER_KIND = 0.1  # less, where it is another kind of body
OFFERED = 3


@dataclass(frozen=True)
class Named:
    """An organisation and what it is called: ``name`` is the one that is offered, ``code`` the register's.

    kind: a value of ``OrganisationKind``. others: further names that are known.
    """

    key: str | int
    name: str
    kind: str
    code: str = ""
    others: tuple[str, ...] = ()


def called(text: str, known: Iterable[Named]) -> list[Named]:
    """Those that a text means: by code or name, else by kind and place; several where it does not tell them apart.

    A whole name comes before a short one, so that "Trafford" is the authority although a PCT has the name in its own.
    """
    known, wanted = list(known), plain(text)
    if not wanted:
        return []
    ways = (
        lambda one: one.code.casefold() == text.strip().casefold(),
        lambda one: plain(one.name) == wanted,
        lambda one: wanted in map(plain, one.others),
        lambda one: not readings(text).isdisjoint(_own_readings(one)),
    )
    for is_meant in ways:
        if found := [one for one in known if is_meant(one)]:
            return found
    return []


def nearest(text: str, known: Iterable[Named]) -> list[Named]:
    """Up to three whose names are most like a text, the likest first; [] where none is much like it."""
    wanted = readings(text)
    likeness = {one: max(_alike(wanted, _own_readings(one)), default=0.0) for one in known}
    near = [one for one, score in likeness.items() if score >= NEAR]
    return sorted(near, key=lambda one: (-likeness[one], one.name))[:OFFERED]


def _alike(wanted, own) -> Iterator[float]:
    """How alike each reading of a text is to each of a name, from 0 to 1; another kind of body is less alike."""
    for kind, place in wanted:
        for own_kind, own_place in own:
            score = max(
                _ratio(place, own_place),
                _ratio(_telling(place), _telling(own_place)) - WITHOUT_COMMON,
                HOLDS_ALL if _holds_all(own_place, place) else 0,
            )
            yield score if kind in ("", own_kind) else score - OTHER_KIND


def _ratio(one, other):
    matcher = SequenceMatcher(None, one, other)
    may_be = matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR
    return matcher.ratio() if may_be else 0


@lru_cache(maxsize=4096)
def _telling(place):
    """The words of a name that few others have; all of them where it has no such words."""
    words = place.split()
    return " ".join([word for word in words if word not in COMMON] or words)


def _holds_all(name, text):
    return set(text.split()) <= set(name.split())


COMMON = frozenset(
    "hospital university teaching healthcare health care general royal mental partnership".split()
)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A name for comparison: small letters, no signs, ``and`` for &, ``st`` for Saint, no article."""
    bare = text.casefold().replace("&", " and ").replace("'", "").replace("’", "")
    words = [SPELLED.get(word, word) for word in re.findall(r"[^\W_]+", bare)]
    return " ".join(word for word in words if word != "the").replace("health care", "healthcare")


SPELLED = {"saint": "st", "hospitals": "hospital", "upon": "on", "partnerships": "partnership"}


@lru_cache(maxsize=4096)
def readings(text: str) -> frozenset[tuple[str, str]]:
    """What a name may mean: pairs of kind and place; the kind is "" where the name says none."""
    whole = plain(text)
    found = {(kind, match["place"]) for kind, form in FORMS if (match := form.fullmatch(whole))}
    return frozenset(found or {("", whole)} if whole else ())


@lru_cache(maxsize=4096)
def _own_readings(one: Named) -> frozenset[tuple[str, str]]:
    """The pairs that mean a registered organisation: its kind is known, whatever its name says.

    Without its kind, a name of the NHS is as good ("Royal Free Hampstead"); an authority has a short one for that.
    """
    places = {place for name in (one.name, *one.others) for _, place in readings(name)}
    kinds = (one.kind,) if one.kind == AUTHORITY else (one.kind, "")
    return frozenset((kind, place) for place in places for kind in kinds)


_PLACE = r"(?P<place>.+?)"
_BODY = r"(?:metropolitan |royal |city |county |borough |district |unitary |local )*"
_OF = (
    r"(?:(?:metropolitan |royal |london )?(?:city|county|borough|council|lb)(?: council)? of "
    r"|council of isles of |corporation of |lb )"
)
# What names of each kind look like once they are plain. PCTs called themselves "NHS Devon" in 2009.
FORMS = tuple(
    (kind, re.compile(form))
    for kind, form in (
        (AUTHORITY, rf"{_OF}?{_PLACE} {_BODY}(?:council|authority|corporation|m?bc|mdc|cc|lb)"),
        (AUTHORITY, rf"{_OF}{_PLACE}"),
        (
            PCT,
            rf"(?:nhs )?{_PLACE}(?: city| county)?(?: teaching)? (?:t?pct|primary care trust|care trust(?: plus)?)",
        ),
        (PCT, rf"nhs {_PLACE}(?<! trust)(?<! pct)"),
        (TRUST, rf"{_PLACE}(?: nhs)?(?: foundation)? trust(?<!care trust)"),
        (TRUST, rf"{_PLACE} nhs(?: ft| trust)?"),
    )
)
