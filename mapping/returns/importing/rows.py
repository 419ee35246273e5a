"""The rows of a file with their columns matched and their cells tidied, before anything is made of them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from mapping.returns.classification import classification
from mapping.returns.importing.columns import match_columns
from mapping.returns.importing.reading import MAX_ROWS, Table, read

NAME_CHARACTERS = 200
DESCRIPTION_CHARACTERS = 2_000
POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})", re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
WEBSITE = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)


@dataclass(frozen=True)
class FileRow:
    """One row. number: 1 for the first row after the headings. values: field -> text, as it would be saved.

    notes: what was left out or cut, in words. problem: why it cannot be taken, or nothing.
    """

    number: int
    values: dict[str, str]
    notes: tuple[str, ...]
    problem: str

    @property
    def category(self) -> str:
        """The code of the category that the file itself gives by code or name; empty if it gives none of ours."""
        return _category_named(self.values.get("category", "").strip().lower())

    @property
    def text(self) -> tuple[str, str]:
        """Name and description to find a category from; a category of others' making is read along with them."""
        description, theirs = self.values.get("description", ""), self.values.get("category", "")
        return self.values["name"], f"{description} {theirs}".strip() if theirs else description


@dataclass(frozen=True)
class ListFile:
    """A file that has been read. ``columns``: heading -> field; without one for the name there are no rows."""

    table: Table
    columns: dict[str, str]
    rows: list[FileRow]

    def texts(self) -> dict[str, tuple[str, str]]:
        """Every text that a category has to be suggested for, once, by its key."""
        asking = (row.text for row in self.rows if not row.problem and not row.category)
        return {key_of(text): text for text in asking}


def read_list(
    content: bytes, filename: str, *, remembered: dict[str, str] | None = None, max_rows: int = MAX_ROWS
) -> ListFile:
    """Read a file and match its columns; raises reading.UnreadableFile.

    remembered: heading -> field as corrected before.
    """
    table = read(content, filename, max_rows=max_rows)
    columns = match_columns(table.headings, remembered)
    if "name" not in columns.values():
        return ListFile(table, columns, [])
    fields = [columns.get(heading) for heading in table.headings]
    rows = []
    for number, cells in enumerate(table.rows, 1):
        raw = {name: cell for name, cell in zip(fields, cells, strict=True) if name}
        values, notes = _cleaned(raw)
        problem = _problem(values, table.formulas.get(number, []))
        rows.append(FileRow(number, values, tuple(notes), problem))
    return ListFile(table, columns, rows)


def key_of(text: tuple[str, str]) -> str:
    """A short name of a text, the same in every process."""
    return blake2b("\0".join(text).encode(), digest_size=12).hexdigest()


@lru_cache(maxsize=1_000)  # a file names the same few categories again and again
def _category_named(given: str) -> str:
    if not given:
        return ""
    for category in classification().categories.values():
        names = {category.code, category.code.lstrip("0"), str(category), category.name}
        if given in {name.lower() for name in names}:
            return category.code
    return ""


def _problem(values: dict[str, str], formulas: list[str]) -> str:
    """Why the row cannot be taken, or nothing."""
    if formulas:
        return f"The cell under “{formulas[0]}” holds a formula. Paste its value in its place."
    if not values.get("name"):
        return "The row has no name of a service."
    if len(values["name"]) > NAME_CHARACTERS:
        return f"The name is longer than {NAME_CHARACTERS} characters."
    return ""


def _cleaned(raw: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Values as they would be saved, and a note for each that was cut or left out."""
    values = {name: text for name, text in raw.items() if text}
    notes = []
    if len(values.get("description", "")) > DESCRIPTION_CHARACTERS:
        values["description"] = values["description"][:DESCRIPTION_CHARACTERS]
        notes.append(f"The description was cut after {DESCRIPTION_CHARACTERS:,} characters.")
    for name, tidy, what in (
        ("postcode", _tidy_postcode, "a postcode"),
        ("email", _tidy_email, "an e-mail address"),
        ("website", _tidy_website, "a web address"),
    ):
        if name in values and not (tidied := tidy(values[name])):
            notes.append(f"“{values.pop(name)}” is not {what} and was left out.")
        elif name in values:
            values[name] = tidied
    return values, notes


def _tidy_postcode(text: str) -> str:
    match = POSTCODE.fullmatch(text)
    return f"{match[1]} {match[2]}".upper() if match else ""


def _tidy_email(text: str) -> str:
    return text if EMAIL.fullmatch(text) else ""


def _tidy_website(text: str) -> str:
    address = text if "://" in text else f"http://{text}"
    return address if WEBSITE.fullmatch(address) and len(address) <= NAME_CHARACTERS else ""
