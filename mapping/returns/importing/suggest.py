"""A category for a service from its name and description, with the words that led to it.

Two questions are asked one after the other. *Is it for children, young people or parents?* weighs the words
and ages that say so against those that speak of adults. *Which category?* adds up the terms found for each
category: a term in the name counts twice, and the distance to the second best decides between a suggestion
and a question. ``docs/reference/category-suggestions.md`` explains it to users; the words are in
``vocabulary.yaml``.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

import yaml

from mapping.returns.importing.ages import AgeRange, ages_in
from mapping.returns.importing.words import Match, Phrases, Span, stem

VOCABULARY = Path(__file__).with_name("vocabulary.yaml")

WEIGHTS = {"alone": 6, "asks": 4, "strong": 4, "fair": 2, "slight": 1}
NAME_COUNTS = 2
ENOUGH_FOR_CATEGORY = 2
MARGIN = 1.15  # the best must be this many times the second best, or the choice is the user's
CANDIDATES = 3
SURE, NEARLY, HARDLY = 3, 2, 1  # weight of a word that speaks for children
SUGGESTIONS_KEPT = 1_000  # of a small file that somebody is working on: its plan is made again on every page
READ_AT_MOST = 2_000  # characters of a description; the rest adds nothing but time

# Which longer terms hide shorter ones in them: "family carers" is no family, "appropriate adult" no adult.
HIDES = {
    "neutral": {"children", "families", "slight", "category"},
    "adults": {"children", "families", "slight", "category", "adults", "older"},
    "older": {"children", "families", "slight", "category", "adults", "older"},
    "not_adult": {"adults", "older"},
    "children": {"children", "families", "slight"},
    "families": {"children", "families", "slight"},
    "slight": {"children", "families", "slight"},
    "category": {"category"},
}


class Verdict(StrEnum):
    SUGGESTED = "suggested"
    CHOICE = "choice"
    NOT_CHILDREN = "not_children"


@dataclass(frozen=True)
class Suggestion:
    """What the text of one row leads to.

    category: the code suggested, or None; second: the next best, if any.
    candidates: codes to choose from where the verdict is a choice, best first; may be empty.
    reason: one sentence for the user. words: what led to it, to be underlined in the text.
    """

    verdict: Verdict
    reason: str
    category: str | None = None
    second: str | None = None
    candidates: tuple[str, ...] = ()
    words: tuple[Span, ...] = ()

    def as_json(self) -> list:
        """The same as lists and texts, short, to be kept with a file."""
        spans = [[span.field, span.start, span.end, span.text] for span in self.words]
        return [self.verdict, self.reason, self.category, self.second, self.candidates, spans]

    @classmethod
    def from_json(cls, kept: list) -> "Suggestion":
        verdict, reason, category, second, candidates, spans = kept
        words = tuple(Span(*span) for span in spans)
        return cls(Verdict(verdict), reason, category, second, tuple(candidates), words)


@dataclass(frozen=True)
class _Term:
    """Where a phrase belongs: ``kind`` is a list of the audience or ``category``."""

    kind: str
    category: str = ""
    strength: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The words of ``vocabulary.yaml``, ready to be looked for.

    together: terms written ``a & b``, as (parts, category, strength).
    """

    phrases: Phrases
    terms: dict[str, list[_Term]]
    together: list[tuple[tuple[str, ...], str, str]]
    ages: dict[str, dict[str, int]]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of this version of the site."""
    raw = yaml.safe_load(VOCABULARY.read_text(encoding="utf-8"))
    terms: dict[str, list[_Term]] = defaultdict(list)
    together = []
    for kind, phrases in raw["audience"].items():
        for phrase in phrases:
            terms[phrase].append(_Term(kind))
    for code, strengths in raw["categories"].items():
        for strength, phrases in strengths.items():
            for phrase in phrases:
                parts = tuple(part.strip() for part in phrase.split(" & "))
                if len(parts) > 1:
                    together.append((parts, code, strength))
                else:
                    terms[phrase].append(_Term("category", code, strength))
    wanted = [*terms, *(part for parts, _, _ in together for part in parts)]
    return Vocabulary(Phrases(wanted), dict(terms), together, raw["ages"])


@dataclass
class _Audience:
    """What the row says about whom it is for."""

    for_children: list[tuple[int, Span]] = field(default_factory=list)
    for_adults: list[tuple[str, Span]] = field(default_factory=list)  # (why, where)
    young_ages: list[AgeRange] = field(default_factory=list)
    adult_ages: list[AgeRange] = field(default_factory=list)

    def strength(self, where: str | None = None) -> int:
        """The strongest word for children, a second one adding to weak ones; in one field or anywhere."""
        weights = [weight for weight, span in self.for_children if where in (None, span.field)]
        weights += [SURE for age in self.young_ages if where in (None, age.span.field)]
        return max(weights, default=0)

    def adults_named(self, where: str) -> bool:
        return any(span.field == where for _, span in self.for_adults)


@lru_cache(maxsize=SUGGESTIONS_KEPT)
def suggest(name: str, description: str = "") -> Suggestion:
    """Suggest a category for a service; see Suggestion."""
    texts = {"name": name, "description": description[:READ_AT_MOST]}
    words = vocabulary()
    found = [match for where, text in texts.items() for match in words.phrases.find(where, text)]
    ages = [age for where, text in texts.items() for age in ages_in(where, text)]
    by_kind = _visible(found, words)
    scores, spans = _scores(found, by_kind["category"], ages, words)
    audience = _audience(by_kind, ages, scores)
    return _decide(audience, scores, spans)


def _visible(found: list[Match], words: Vocabulary) -> dict[str, list[tuple[Match, _Term]]]:
    """Matches by kind, without those that a longer one hides."""
    placed = [(match, term) for match in found for term in words.terms.get(match.term, ())]
    kept: dict[str, list] = {kind: [] for kind in HIDES}
    for match, term in placed:
        hidden = any(term.kind in HIDES[other.kind] and longer.hides(match) for longer, other in placed)
        if not hidden:
            kept[term.kind].append((match, term))
    return kept


@dataclass
class _Scores:
    """Points of each category; terms that say by themselves that children are served, or ask."""

    points: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    alone: list[tuple[str, Span]] = field(default_factory=list)
    asks: dict[str, Span] = field(default_factory=dict)

    def ranked(self) -> list[str]:
        """Codes from most to fewest points; equal points in the order of the codes."""
        return sorted((code for code in self.points), key=lambda code: (-self.points[code], code))


@dataclass(frozen=True)
class _Hit:
    """A term that counts for a category, and where it stands."""

    category: str
    strength: str
    places: tuple[Span, ...]

    @property
    def points(self) -> int:
        in_name = all(place.field == "name" for place in self.places)
        return WEIGHTS[self.strength] * (NAME_COUNTS if in_name else 1)


def _scores(
    found: list[Match], matches: list[tuple[Match, _Term]], ages: list[AgeRange], words: Vocabulary
) -> tuple[_Scores, dict[str, list[Span]]]:
    """Points by category and the places that gave them."""
    scores, spans = _Scores(), defaultdict(list)
    for hit in [*_hits(matches), *_hits_together(found, words)]:
        scores.points[hit.category] += hit.points
        spans[hit.category] += hit.places
        if hit.strength == "alone":
            scores.alone.append((hit.category, hit.places[0]))
        if hit.strength == "asks":
            scores.asks.setdefault(hit.category, hit.places[0])
    for age in ages:
        for category, points in words.ages.get(_age_group(age), {}).items():
            scores.points[category] += points
            spans[category].append(age.span)
    return scores, spans


def _hits(matches: list[tuple[Match, _Term]]) -> Iterable[_Hit]:
    """One hit for the same words in the same field, however often they are said: the strongest."""
    best: dict[tuple, _Hit] = {}
    for match, term in matches:
        hit = _Hit(term.category, term.strength, (match.span,))
        key = (term.category, match.span.field, stem(match.span.text))
        if key not in best or hit.points > best[key].points:
            best[key] = hit
    return best.values()


def _hits_together(found: list[Match], words: Vocabulary) -> Iterable[_Hit]:
    """The strongest ``a & b`` term of each category; its parts may stand in different fields."""
    first: dict[str, Span] = {}
    for match in found:
        first.setdefault(match.term, match.span)
    best: dict[str, _Hit] = {}
    for parts, category, strength in words.together:
        if all(part in first for part in parts):
            hit = _Hit(category, strength, tuple(first[part] for part in parts))
            if category not in best or hit.points > best[category].points:
                best[category] = hit
    return best.values()


def _age_group(age: AgeRange) -> str:
    if age.oldest is None:
        return ""
    if age.oldest <= 5:
        return "under_6"
    if age.youngest >= 16 and age.oldest <= 25:
        return "sixteen_plus"
    return "teenage" if age.youngest >= 10 and age.oldest <= 25 else ""


def _audience(by_kind: dict, ages: list[AgeRange], scores: _Scores) -> _Audience:
    audience = _Audience()
    for kind, weight in (("children", SURE), ("families", NEARLY), ("slight", HARDLY)):
        audience.for_children += [(weight, match.span) for match, _ in by_kind[kind]]
    audience.for_children += [(SURE, span) for _, span in scores.alone]
    for kind, why in (("adults", "for adults"), ("older", "for older people")):
        audience.for_adults += [(why, match.span) for match, _ in by_kind[kind]]
    audience.young_ages = [age for age in ages if age.is_young]
    audience.for_children += [(NEARLY, age.span) for age in ages if age.is_young_adult]
    audience.adult_ages = [age for age in ages if age.is_adult]
    return audience


def _decide(audience: _Audience, scores: _Scores, spans: dict[str, list[Span]]) -> Suggestion:
    """Put the two answers together."""
    ranked = scores.ranked()
    if refusal := _for_adults(audience):
        return refusal
    if _is_mixed(audience):
        return _choice(
            ranked, spans, audience, "names children and adults alike", "children and adults are both named"
        )
    if audience.strength() >= NEARLY or _two_hints(audience):
        return _category(audience, scores, ranked, spans)
    if scores.asks:
        return _choice(
            _asking_first(scores, ranked), spans, audience, "", "no child, parent or family is named"
        )
    return Suggestion(Verdict.NOT_CHILDREN, "No child, parent or family is named.")


def _two_hints(audience: _Audience) -> bool:
    """Two different weak words, such as domestic abuse and *their families*, make one good one."""
    return len({span.text.lower() for weight, span in audience.for_children if weight == HARDLY}) > 1


def _for_adults(audience: _Audience) -> Suggestion | None:
    """The refusal where the text speaks of adults and not, or hardly, of children; else None."""
    in_name, anywhere = audience.strength("name"), audience.strength()
    if audience.adult_ages and not audience.young_ages and anywhere < SURE:
        age = audience.adult_ages[0]
        return _not_children("in effect for adults", [age.span])
    only_adults_in_name = audience.adults_named("name") and in_name < NEARLY
    only_adults_anywhere = bool(audience.for_adults) and anywhere < SURE and in_name < NEARLY
    if (only_adults_in_name and not audience.young_ages) or only_adults_anywhere:
        why, span = audience.for_adults[0]
        return _not_children(why, [span])
    return None


def _not_children(why: str, spans: list[Span]) -> Suggestion:
    words = ", ".join(span.text for span in spans)
    return Suggestion(Verdict.NOT_CHILDREN, f"“{words}”: {why}", words=tuple(spans))


def _is_mixed(audience: _Audience) -> bool:
    """Whether adults are named beside children, and the name does not say that children are meant."""
    if audience.strength("name") >= SURE or audience.young_ages:
        return False
    older = any(why == "for older people" for why, _ in audience.for_adults)
    return bool(audience.adult_ages) or older


def _category(audience: _Audience, scores: _Scores, ranked: list[str], spans: dict) -> Suggestion:
    """A suggestion where one category stands out, else a choice between the best."""
    points = [scores.points[code] for code in ranked]
    if not points or points[0] < ENOUGH_FOR_CATEGORY:
        return _choice(ranked, spans, audience, "", "what the service does is not told")
    second = ranked[1] if len(ranked) > 1 and points[1] >= ENOUGH_FOR_CATEGORY else None
    if second and points[0] < MARGIN * points[1]:
        return _choice(ranked, spans, audience, "", f"{ranked[0]} and {second} fit equally well")
    words = _tidy([*spans[ranked[0]], *_audience_spans(audience)])
    reason = ", ".join(dict.fromkeys(span.text for span in words))
    return Suggestion(Verdict.SUGGESTED, reason, category=ranked[0], second=second, words=words)


def _audience_spans(audience: _Audience) -> list[Span]:
    strongest = audience.strength()
    return [age.span for age in audience.young_ages] + [
        s for weight, s in audience.for_children if weight == strongest
    ]


def _asking_first(scores: _Scores, ranked: list[str]) -> list[str]:
    return [code for code in ranked if code in scores.asks]


def _choice(ranked: list[str], spans: dict, audience: _Audience, label: str, why: str) -> Suggestion:
    """A question to the user, with up to three categories to choose from."""
    candidates = tuple(ranked[:CANDIDATES])
    words = _tidy(spans[candidates[0]] if candidates else _audience_spans(audience))
    found = ", ".join(dict.fromkeys(span.text for span in words))
    fits = (
        f"“{found}” fits {candidates[0]}, but {why}."
        if candidates and found
        else f"{why[0].upper()}{why[1:]}."
    )
    second = candidates[1] if len(candidates) > 1 else None
    return Suggestion(Verdict.CHOICE, fits, second=second, candidates=candidates, words=words)


def _tidy(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in reading order, the name first, without any that lies in or across an earlier, longer one."""
    longest_first = sorted(
        set(spans), key=lambda span: (span.field != "name", span.start - span.end, span.start)
    )
    kept: list[Span] = []
    for span in longest_first:
        if not any(span.field == k.field and span.start < k.end and k.start < span.end for k in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: (span.field != "name", span.start)))
