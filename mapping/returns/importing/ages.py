"""Ages that a text names, such as ``aged 13 to 25``, ``under fives`` or ``18+``.

Numbers that are times, prices or counts are passed over: a number counts as an age only where the words
beside it say so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mapping.returns.importing.words import Span

ADULT = 18
OLDEST_YOUNG_PERSON = 25
WORKING_AGE_STARTS = 16  # "16 and over" is in effect a service for adults
NUMBER_WORDS = {
    "birth": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "fives": 5, "eight": 8, "eleven": 11,
    "elevens": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "sixteen": 16, "eighteen": 18,
    "nineteen": 19,
    "twenty-five": 25, "fifties": 50, "sixties": 60, "seventies": 70, "fifty": 50, "sixty": 60,
}  # fmt: skip

_NUMBER = (
    r"(?<![\d£$.:/-])(\d{1,2}|" + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)) + r")(?![\d.:/%]*\d)"
)
_NOT_A_TIME = r"(?!\s*(?:am|pm|noon|a\.m|p\.m|o'clock|mins?|minutes?|hours?|weeks?|days?|miles?)\b)"
_YEARS = r"\s*-?\s*(?:years?|yrs?|y)\b(?!'?\s+(?:of\s+)?experience)(?:[\s-]*(?:olds?|of\s+age))?"
_BEFORE = r"(?P<before>\b(?:aged?|ages|between|aged\s+between|aged\s+from|ages\s+of|the\s+ages\s+of)\s+)?"

RANGE = re.compile(
    _BEFORE + _NUMBER + r"(?:\s*(?:years?|yrs?|months?))?\s*(?:-|–|—|to|and|until)\s*"
    + r"(\d{1,2}|five|eleven|eighteen|nineteen)(?![\d:.]*\d)"
    + _NOT_A_TIME + r"(?P<after>" + _YEARS + r"|'?s\b|\s*months?\b)?",
    re.IGNORECASE,
)  # fmt: skip
UNDER = re.compile(
    r"(?P<before>\b(?:aged?|children|child|people|babies|infants|pupils|girls|boys|those|anyone|for|of|birth)\s+(?:\w+\s+)?)?"
    r"\b(?P<word>under|below|up\s+to|younger\s+than)(?P<age>\s+(?:the\s+)?aged?(?:\s+of)?)?\s+"
    + _NUMBER + _NOT_A_TIME
    + r"(?P<after>" + _YEARS + r"|'?s\b)?",
    re.IGNORECASE,
)  # fmt: skip
AND_UNDER = re.compile(_NUMBER + r"(?:" + _YEARS + r")?\s+(?:and|or)\s+(?:under|younger)\b", re.IGNORECASE)
OVER = re.compile(
    r"(?P<before>\b(?:aged?|people|persons?|adults|those|anyone|everyone|women|men|residents|patients)\s+(?:who\s+are\s+)?)?"
    r"\b(?:over|above|older\s+than)(?P<age>\s+(?:the\s+)?aged?(?:\s+of)?)?\s+" + _NUMBER + _NOT_A_TIME
    + r"(?P<after>" + _YEARS + r"|'?s\b)?",
    re.IGNORECASE,
)  # fmt: skip
AND_OVER = re.compile(
    r"(?:\baged?\s+)?"
    + _NUMBER
    + r"(?:\s*\+|(?:"
    + _YEARS
    + r")?\s*(?:of\s+age\s+)?(?:and|or)\s+(?:over|above|older|upwards|up)\b)",
    re.IGNORECASE,
)
YEAR_OLDS = re.compile(_NUMBER + r"\s*-?\s*(?:years?|yrs?)[\s-]*olds?\b", re.IGNORECASE)


@dataclass(frozen=True)
class AgeRange:
    """Ages served, in completed years; ``oldest`` is None where there is no upper end."""

    youngest: int
    oldest: int | None
    span: Span

    @property
    def is_young(self) -> bool:
        """Children or young people: starts below 16 or, ending by 25, below 18."""
        if self.oldest is None:
            return False
        return self.youngest < WORKING_AGE_STARTS or (
            self.youngest < ADULT and self.oldest <= OLDEST_YOUNG_PERSON
        )

    @property
    def is_young_adult(self) -> bool:
        return self.oldest is not None and self.youngest >= ADULT and self.oldest <= OLDEST_YOUNG_PERSON

    @property
    def is_adult(self) -> bool:
        """In effect for adults: from 16 or more with no upper end, or far beyond 25."""
        return self.youngest >= WORKING_AGE_STARTS and not self.is_young and not self.is_young_adult


def ages_in(field: str, text: str) -> list[AgeRange]:
    """The age ranges that a text names; in a name (``field`` is ``name``) a bare ``10-14`` counts too."""
    taken: list[tuple[int, int]] = []
    found = []
    for start, end, youngest, oldest in _candidates(text, bare_counts=field == "name"):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        found.append(AgeRange(youngest, oldest, Span(field, start, end, text[start:end])))
    return found


def _candidates(text: str, *, bare_counts: bool) -> Iterator[tuple[int, int, int, int | None]]:
    """(start, end, youngest, oldest) in the order of trust: what comes first wins where two overlap."""
    for match in RANGE.finditer(text):
        youngest, oldest = _years(match[2]), _years(match[3])
        counts = match["before"] or match["after"] or match[2].lower() == "birth" or bare_counts
        if counts and youngest < oldest:
            in_months = (match["after"] or "").strip().lower().startswith("month")
            yield (
                match.start(),
                match.end(),
                0 if in_months else youngest,
                oldest // 12 if in_months else oldest,
            )
    for match in AND_OVER.finditer(text):
        yield match.start(), match.end(), _years(match[1]), None
    for match in AND_UNDER.finditer(text):
        yield match.start(), match.end(), 0, _years(match[1])
    for match in UNDER.finditer(text):
        number = _years(match[4])
        bare = bare_counts and match["word"].lower() == "under"
        sure = match["after"] or match["age"] or match["before"] or bare or match[4].lower().endswith("s")
        if sure and 0 < number <= OLDEST_YOUNG_PERSON:
            yield match.start("word"), match.end(), 0, number - (match["word"].lower() == "under")
    for match in OVER.finditer(text):
        number = _years(match[3])
        sure = match["after"] or match["age"] or match["before"] or match[3].lower().endswith("s")
        if sure and number >= WORKING_AGE_STARTS:
            yield match.start(), match.end(), number, None
    for match in YEAR_OLDS.finditer(text):
        yield match.start(), match.end(), _years(match[1]), _years(match[1])


def _years(written: str) -> int:
    return NUMBER_WORDS[written.lower()] if written.lower() in NUMBER_WORDS else int(written)
