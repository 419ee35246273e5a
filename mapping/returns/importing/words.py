"""Finding the terms of the vocabulary in a text, with the place of each so that a page can underline it.

A term is a phrase of words as ``vocabulary.yaml`` describes them; a word in capitals (``SEN``) is found
only in capitals, because in small letters it is another word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

TOKEN = re.compile(r"[^\W_]+(?:'[a-z]+)?|[+&]", re.IGNORECASE)
SPELLED = {"+": "plus", "&": "and"}
IRREGULAR = {"children": "child", "childrens": "child", "paeds": "paediatric", "peds": "paediatric"}
LONGEST_GAP = 3  # words that ``...`` may stand for
PREFIX_LENGTH = 3  # letters by which terms that begin with ``xyz*`` are looked up


@dataclass(frozen=True)
class Token:
    """A word of a text: its stem, and where it stands."""

    stem: str
    start: int
    end: int
    capitals: bool


@dataclass(frozen=True)
class Span:
    """Where a term was found: ``field`` is ``name`` or ``description``, then positions in that text."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Match:
    """A term found in one field."""

    term: str
    span: Span

    def hides(self, other: "Match") -> bool:
        """Whether the other lies inside this one and is shorter."""
        mine, theirs = self.span, other.span
        inside = mine.field == theirs.field and mine.start <= theirs.start and theirs.end <= mine.end
        return inside and (mine.end - mine.start) > (theirs.end - theirs.start)


@cache
def stem(word: str) -> str:
    """The word without plural or possessive, in small letters: ``Babies`` is ``baby``."""
    word = word.lower().removesuffix("'s").removesuffix("'")
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def tokens(text: str) -> list[Token]:
    """The words of a text in order; ``+`` and ``&`` count as words."""
    found = TOKEN.finditer(text.replace("’", "'"))
    return [_token(match.group(), match.start(), match.end()) for match in found]


def _token(word: str, start: int, end: int) -> Token:
    return Token(stem(SPELLED.get(word, word)), start, end, capitals=word.isupper())


@dataclass(frozen=True)
class _Word:
    """One place of a phrase: the stems it accepts, or a beginning, or a gap."""

    stems: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    capitals: bool = False
    gap: bool = False

    def accepts(self, token: Token) -> bool:
        if self.capitals and not token.capitals:
            return False
        return token.stem in self.stems or token.stem.startswith(self.prefixes or ("\0",))


def _word(written: str) -> _Word:
    if written == "...":
        return _Word(gap=True)
    alternatives = written.split("|")
    return _Word(
        stems=frozenset(stem(word) for word in alternatives if not word.endswith("*")),
        prefixes=tuple(word[:-1].lower() for word in alternatives if word.endswith("*")),
        capitals=written.isupper(),
    )


class Phrases:
    """A set of phrases that can be looked for all at once."""

    def __init__(self, phrases: Iterable[str]):
        self._by_stem: dict[str, list] = defaultdict(list)
        self._by_prefix: dict[str, list] = defaultdict(list)
        for phrase in dict.fromkeys(phrases):
            self._add(phrase, tuple(_word(written) for written in phrase.replace("-", " ").split()))

    def _add(self, phrase: str, words: tuple[_Word, ...]) -> None:
        for first in words[0].stems:
            self._by_stem[first].append((phrase, words))
        for prefix in words[0].prefixes:
            self._by_prefix[prefix[:PREFIX_LENGTH]].append((phrase, words))

    def find(self, field: str, text: str) -> list[Match]:
        """Every phrase that occurs in the text, with its place; phrases may overlap."""
        words = tokens(text)
        matches = []
        for position, token in enumerate(words):
            for phrase, wanted in self._starting_with(token):
                end = _end_of(wanted, words, position)
                if end is not None:
                    start, stop = token.start, words[end - 1].end
                    matches.append(Match(phrase, Span(field, start, stop, text[start:stop])))
        return matches

    def _starting_with(self, token: Token) -> list:
        return self._by_stem.get(token.stem, []) + self._by_prefix.get(token.stem[:PREFIX_LENGTH], [])


def _end_of(wanted: tuple[_Word, ...], words: list[Token], position: int) -> int | None:
    """The position after the phrase if it stands at ``position``, else None; gaps are short."""
    if not wanted:
        return position
    if wanted[0].gap:
        ends = (_end_of(wanted[1:], words, position + skipped) for skipped in range(LONGEST_GAP + 1))
        return next((end for end in ends if end is not None), None)
    if position < len(words) and wanted[0].accepts(words[position]):
        return _end_of(wanted[1:], words, position + 1)
    return None
