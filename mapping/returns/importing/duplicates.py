"""Services that are possibly the same: within a file, and between a file and the list there is.

Two are possibly the same if their names are (but for case, signs, small words or one letter of a long
word), or if one name is the other with something added and telephone or postcode agree. Whether they are is
for the user to say.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

SMALL_WORDS = {"the", "ltd", "limited", "cic", "plc", "llp", "charity", "of", "for", "a", "an", "at", "in"}
LONG_WORD = 5  # letters; a slip in a shorter word may be another word
COMPARED = {
    "name": "Name",
    "telephone": "Telephone",
    "address": "Address",
    "postcode": "Postcode",
    "website": "Web page",
}


@dataclass(frozen=True)
class ListedService:
    """A service on the organisation's list. ``since``: the first collection it was in (``2008/09``)."""

    reference: str
    name: str
    category: str = ""
    description: str = ""
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    email: str = ""
    website: str = ""
    since: str = ""


@dataclass(frozen=True)
class Difference:
    """One line of the comparison side by side."""

    label: str
    in_file: str
    on_list: str
    differs: bool


def plain_name(name: str) -> str:
    """A name by which equal services are found: small letters, no signs, no small words."""
    words = re.findall(r"[^\W_]+", name.lower().replace("&", " and ").replace("'", "").replace("’", ""))
    telling = [word for word in words if word not in SMALL_WORDS]
    return " ".join(telling or words)


def plain_postcode(postcode: str) -> str:
    return re.sub(r"\W", "", postcode).upper()


def plain_telephone(telephone: str) -> str:
    """Digits only, ``+44`` as ``0``; empty if too few to tell."""
    digits = re.sub(r"\D", "", telephone)
    digits = "0" + digits[2:].lstrip("0") if digits.startswith("44") else digits
    return digits if len(digits) >= 9 else ""


@dataclass(frozen=True)
class Marks:
    """What a service is found by, worked out once for all comparisons with it.

    slips: its plain name, and that without one letter of a long word. contacts: its postcode and telephone.
    """

    plain: str
    words: frozenset[str]
    slips: tuple[str, ...]
    contacts: tuple[str, ...]

    @classmethod
    def of(cls, name: str, postcode: str = "", telephone: str = "") -> "Marks":
        plain = plain_name(name)
        contacts = filter(None, (plain_postcode(postcode), plain_telephone(telephone)))
        return cls(plain, frozenset(plain.split()), _slips(plain), tuple(contacts))


class Index:
    """Services by what makes two possibly the same; keys are whatever the caller knows them by."""

    def __init__(self) -> None:
        self._by_name: dict[str, list] = defaultdict(list)
        self._by_slip: dict[str, list[str]] = defaultdict(list)
        self._by_contact: dict[str, list] = defaultdict(list)

    def add(self, key, marks: Marks) -> None:
        if marks.plain not in self._by_name:
            for slip in marks.slips:
                self._by_slip[slip].append(marks.plain)
        self._by_name[marks.plain].append(key)
        for contact in marks.contacts:
            self._by_contact[contact].append((marks.words, key))

    def find(self, marks: Marks) -> list:
        """Keys of the services that are possibly this one, the likeliest first."""
        keys = list(self._by_name.get(marks.plain, ()))
        for slip in marks.slips:
            for other in self._by_slip.get(slip, ()):
                if _is_slip(marks.plain, other):
                    keys += self._by_name[other]
        for contact in marks.contacts:
            found = self._by_contact.get(contact, ())
            keys += [key for other, key in found if _is_longer_form(marks.words, other)]
        return list(dict.fromkeys(keys))


def _is_longer_form(words: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one name is the other with words added; no numbers: "Team 2" is no form of "Team"."""
    if not (words <= other or other <= words):
        return False
    return min(len(words), len(other)) > 1 and not any(word.isdigit() for word in words ^ other)


def _slips(plain: str) -> tuple[str, ...]:
    """The name, and the name without one letter of a long word: names one slip apart share one of these."""
    slips, start = [plain], 0
    for word in plain.split():
        if len(word) >= LONG_WORD and not any(letter.isdigit() for letter in word):
            slips += [plain[:at] + plain[at + 1 :] for at in range(start, start + len(word))]
        start += len(word) + 1
    return tuple(dict.fromkeys(slips))


def _is_slip(plain: str, other: str) -> bool:
    """Whether the two differ in one letter, more, less or other, of one long word."""
    words, others = plain.split(), other.split()
    if plain == other or len(words) != len(others):
        return False
    unlike = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(unlike) == 1 and _one_letter_apart(*unlike[0])


def _one_letter_apart(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    if len(long) - len(short) > 1 or len(short) < LONG_WORD - 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]


def differences(values: dict[str, str], listed: ListedService) -> list[Difference]:
    """A row of the file beside a service of the list, for every field that either has."""
    lines = []
    for field, label in COMPARED.items():
        in_file, on_list = values.get(field, ""), getattr(listed, field)
        if in_file or on_list:
            lines.append(
                Difference(label, in_file, on_list, _plain(field, in_file) != _plain(field, on_list))
            )
    return lines


def _plain(field: str, text: str) -> str:
    if field == "postcode":
        return plain_postcode(text)
    return (
        plain_telephone(text) or text if field == "telephone" else " ".join(text.split()).rstrip("/").lower()
    )
