"""What an import would do with each row of a file: preview, command and report all read this plan.

Nothing is saved here; an action saves a plan in one transaction.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mapping.returns.classification import Category, classification
from mapping.returns.importing.columns import match_columns
from mapping.returns.importing.duplicates import Difference, Index, ListedService, differences
from mapping.returns.importing.reading import MAX_ROWS, Table, read
from mapping.returns.importing.suggest import Suggestion, Verdict, suggest

NAME_CHARACTERS = 200
DESCRIPTION_CHARACTERS = 2_000
POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})", re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
WEBSITE = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)


class Group(StrEnum):
    """Where the preview shows a row."""

    TO_ADD = "to_add"
    CHOICE_NEEDED = "choice_needed"
    DUPLICATE_IN_LIST = "duplicate_in_list"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    NOT_CHILDREN = "not_children"
    REFUSED = "refused"


class Outcome(StrEnum):
    """What becomes of a row, as the report names it."""

    ADDED = "added"
    UPDATED = "updated"
    LEFT_OUT = "left_out"  # the user unticked it, or said that the list is right as it is
    NO_CATEGORY = "no_category"
    NOT_CHILDREN = "not_children"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class Same(StrEnum):
    """The user's answer to: is it the same service as the one on the list?"""

    UPDATE = "update"
    KEEP = "keep"
    DIFFERENT = "different"


LEFT_OUT_AS = {
    Group.TO_ADD: Outcome.LEFT_OUT,
    Group.CHOICE_NEEDED: Outcome.NO_CATEGORY,
    Group.DUPLICATE_IN_LIST: Outcome.DUPLICATE,
    Group.DUPLICATE_IN_FILE: Outcome.DUPLICATE,
    Group.NOT_CHILDREN: Outcome.NOT_CHILDREN,
    Group.REFUSED: Outcome.REFUSED,
}


@dataclass(frozen=True)
class Choice:
    """What the user decided about a row; None means not decided."""

    category: str | None = None
    add: bool | None = None
    same: Same | None = None


@dataclass(frozen=True)
class PlannedRow:
    """One row of the file and what would become of it.

    number: 1 for the first row after the headings. values: field -> text, cleaned.
    category: what it would be saved with, or what was suggested. notes: what was left out or cut, in words.
    twins: numbers of rows that are possibly the same; listed: the service of the list that possibly is.
    """

    number: int
    values: dict[str, str]
    group: Group
    outcome: Outcome
    reason: str
    category: str = ""
    suggestion: Suggestion | None = None
    notes: tuple[str, ...] = ()
    twins: tuple[int, ...] = ()
    listed: ListedService | None = None
    compared: tuple[Difference, ...] = ()

    @property
    def name(self) -> str:
        return self.values.get("name", "")


@dataclass(frozen=True)
class ImportPlan:
    """The plan of a whole file. ``columns``: heading -> field; without one for the name there are no rows."""

    table: Table
    columns: dict[str, str]
    rows: list[PlannedRow] = field(default_factory=list)

    @property
    def needs_name_column(self) -> bool:
        return "name" not in self.columns.values()

    @property
    def counts(self) -> dict[Group, int]:
        counted = Counter(row.group for row in self.rows)
        return {group: counted[group] for group in Group}

    @property
    def same_in_file(self) -> list[PlannedRow]:
        """Every row that has a possible double in the file, the first of each pair too."""
        return [row for row in self.rows if row.twins]

    def in_group(self, group: Group) -> list[PlannedRow]:
        return [row for row in self.rows if row.group is group]

    def with_outcome(self, outcome: Outcome) -> list[PlannedRow]:
        return [row for row in self.rows if row.outcome is outcome]


def plan_import(
    content: bytes,
    filename: str,
    *,
    existing: Collection[ListedService] = (),
    remembered: dict[str, str] | None = None,
    respondents: Collection[str],
    choices: dict[int, Choice] | None = None,
    max_rows: int = MAX_ROWS,
) -> ImportPlan:
    """Read a file and plan what to do with each row; raises reading.UnreadableFile.

    existing: the organisation's list. remembered: heading -> field as corrected before.
    respondents: what the organisation is (``LA``, ``PCTP``...); it may enter the categories open to these.
    choices: row number -> what the user decided.
    """
    table = read(content, filename, max_rows=max_rows)
    columns = match_columns(table.headings, remembered)
    plan = ImportPlan(table, columns)
    if plan.needs_name_column:
        return plan
    planner = _Planner(list(existing), frozenset(respondents), choices or {})
    fields = [columns.get(heading) for heading in table.headings]
    for number, cells in enumerate(table.rows, 1):
        raw = {name: cell for name, cell in zip(fields, cells, strict=True) if name}
        planner.add(number, raw, table.formulas.get(number, []))
    return replace(plan, rows=planner.finished())


def report_rows(plan: ImportPlan) -> list[dict[str, str]]:
    """One line for each row of the file: ``row``, ``name``, ``outcome``, ``category``, ``reason``."""
    return [
        {
            "row": str(row.number),
            "name": row.name,
            "outcome": row.outcome,
            "category": row.category,
            "reason": " ".join([row.reason, *row.notes]).strip(),
        }
        for row in plan.rows
    ]


class _Planner:
    """Puts rows into groups one after the other; the first of a pair stays, the second is possibly double."""

    def __init__(
        self, existing: list[ListedService], respondents: frozenset[str], choices: dict[int, Choice]
    ):
        self.choices = choices
        self.open_categories = {category.code for category in classification().open_to(set(respondents))}
        self.by_reference = {service.reference: service for service in existing if service.reference}
        self.on_list, self.in_file = Index(), Index()
        for service in existing:
            self.on_list.add(service, service.name, service.postcode, service.telephone)
        self.rows: dict[int, PlannedRow] = {}

    def add(self, number: int, raw: dict[str, str], formulas: list[str]) -> None:
        values, notes = _cleaned(raw)
        if problem := _problem(values, formulas):
            self.rows[number] = PlannedRow(number, values, Group.REFUSED, Outcome.REFUSED, problem)
            return
        contact = (values["name"], values.get("postcode", ""), values.get("telephone", ""))
        twins = tuple(sorted(self.in_file.find(*contact)))
        self.in_file.add(number, *contact)
        row = self._suggested(number, values, notes)
        row = self._compared(row, twins, contact)
        self.rows[number] = self._decided(row)

    def finished(self) -> list[PlannedRow]:
        """The rows in order, the first of each pair told of the second."""
        for number, row in list(self.rows.items()):
            for first in row.twins:
                other = self.rows[first]
                if number not in other.twins and first < number:
                    note = _same_as(values=other.values, twin=row)
                    self.rows[first] = replace(
                        other, twins=(*other.twins, number), notes=(*other.notes, note)
                    )
        return list(self.rows.values())

    def _suggested(self, number: int, values: dict[str, str], notes: list[str]) -> PlannedRow:
        """The row in the group that its text leads to."""
        suggestion = _from_file(values) or _from_text(values)
        group = {
            Verdict.SUGGESTED: Group.TO_ADD,
            Verdict.CHOICE: Group.CHOICE_NEEDED,
            Verdict.NOT_CHILDREN: Group.NOT_CHILDREN,
        }[suggestion.verdict]
        category, reason = suggestion.category or "", suggestion.reason
        outcome = Outcome.ADDED if group is Group.TO_ADD else LEFT_OUT_AS[group]
        if category and category not in self.open_categories:
            group, outcome, reason = Group.CHOICE_NEEDED, Outcome.REFUSED, _not_open(category)
        return PlannedRow(number, values, group, outcome, reason, category, suggestion, tuple(notes))

    def _compared(self, row: PlannedRow, twins: tuple[int, ...], contact: tuple[str, str, str]) -> PlannedRow:
        """The row moved to the doubles where the list or an earlier row possibly has it."""
        found = self.on_list.find(*contact)
        listed = self.by_reference.get(row.values.get("reference", "")) or (found[0] if found else None)
        if listed:
            reason = f"Possibly “{listed.name}”, which is on your list."
            compared = tuple(differences(row.values, listed))
            row = replace(
                row,
                group=Group.DUPLICATE_IN_LIST,
                listed=listed,
                compared=compared,
                reason=reason,
                twins=twins,
            )
        elif twins:
            reason = f"{_same_as(values=row.values, twin=self.rows[twins[0]])} {row.reason}"
            row = replace(row, group=Group.DUPLICATE_IN_FILE, twins=twins, reason=reason)
        else:
            return row
        return replace(row, outcome=Outcome.DUPLICATE)

    def _decided(self, row: PlannedRow) -> PlannedRow:
        """The row as the user decided it; a category that is not open to the organisation is not taken."""
        choice = self.choices.get(row.number, Choice())
        category = choice.category if choice.category in self.open_categories else row.category
        ready = category in self.open_categories
        if row.group is Group.DUPLICATE_IN_LIST and choice.same in (Same.UPDATE, Same.KEEP):
            outcome = Outcome.UPDATED if choice.same is Same.UPDATE else Outcome.LEFT_OUT
            return replace(row, outcome=outcome)
        if choice.add is False:
            return replace(row, outcome=LEFT_OUT_AS[row.group])
        wanted = choice.add or choice.same is Same.DIFFERENT or (choice.category and row.listed is None)
        if wanted and ready:
            return replace(row, category=category, outcome=Outcome.ADDED)
        return replace(row, category=category) if choice.category and ready else row


def _from_file(values: dict[str, str]) -> Suggestion | None:
    """The category that the file itself gives, by its code or name; None where it gives none that we know."""
    given = values.get("category", "").strip().lower()
    if not given:
        return None
    for category in classification().categories.values():
        names = {category.code, category.code.lstrip("0"), str(category), category.name}
        if given in {name.lower() for name in names}:
            return Suggestion(Verdict.SUGGESTED, "The file gives this category.", category=category.code)
    return None


def _from_text(values: dict[str, str]) -> Suggestion:
    """The suggestion from name and description; a category of others' making is read along with them."""
    description, theirs = values.get("description", ""), values.get("category", "")
    suggestion = suggest(values["name"], f"{description} {theirs}".strip() if theirs else description)
    inside = tuple(span for span in suggestion.words if span.field == "name" or span.end <= len(description))
    return replace(suggestion, words=inside)


def _not_open(code: str) -> str:
    category: Category = classification().categories[code]
    types = [classification().respondents[key].name for key in category.respondents]
    return f"It looks like {category}, which these enter: {', '.join(types)}."


def _same_as(*, values: dict[str, str], twin: PlannedRow) -> str:
    places = [
        " ".join((one.get("address", "") + one.get("postcode", "")).lower().split())
        for one in (values, twin.values)
    ]
    where = "the same address" if places[0] == places[1] else "another address"
    likeness = "Same name" if values["name"].lower() == twin.name.lower() else "Nearly the same name"
    return f"{likeness} as row {twin.number}, {where}."


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
