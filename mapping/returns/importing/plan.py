"""What an import would do with each row of a file: preview, command and report all read this plan.

Nothing is saved here; an action saves a plan in one transaction.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from mapping.returns.classification import Category, classification
from mapping.returns.importing.duplicates import Difference, Index, ListedService, Marks, differences
from mapping.returns.importing.reading import MAX_ROWS, Table
from mapping.returns.importing.rows import FileRow, ListFile, key_of, read_list
from mapping.returns.importing.suggest import Suggestion, Verdict, suggest


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

    def decided(self, choice: Choice, open_categories: Collection[str]) -> "PlannedRow":
        """The row as the user decided it; a category that is not open to the organisation is not taken."""
        if self.group is Group.REFUSED:
            return self
        category = choice.category if choice.category in open_categories else self.category
        ready = category in open_categories
        if self.group is Group.DUPLICATE_IN_LIST and choice.same in (Same.UPDATE, Same.KEEP):
            outcome = Outcome.UPDATED if choice.same is Same.UPDATE else Outcome.LEFT_OUT
            return replace(self, outcome=outcome)
        if choice.add is False:
            return replace(self, outcome=LEFT_OUT_AS[self.group])
        wanted = choice.add or choice.same is Same.DIFFERENT or (choice.category and self.listed is None)
        if wanted and ready:
            return replace(self, category=category, outcome=Outcome.ADDED)
        return replace(self, category=category) if choice.category and ready else self


@dataclass(frozen=True)
class ImportPlan:
    """The plan of a whole file. ``columns``: heading -> field; without one for the name there are no rows.

    undecided: each row as it stands before anybody has chosen. choices: row number -> what the user decided.
    """

    table: Table
    columns: dict[str, str]
    undecided: list[PlannedRow]
    open_categories: frozenset[str]
    choices: dict[int, Choice] = field(default_factory=dict)

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

    @cached_property
    def rows(self) -> list[PlannedRow]:
        """Every row as the user decided it, in the order of the file."""
        return [
            row.decided(self.choices[row.number], self.open_categories) if row.number in self.choices else row
            for row in self.undecided
        ]

    def decided(self, choices: dict[int, Choice]) -> "ImportPlan":
        """The plan of the same file with other choices."""
        return replace(self, choices=choices)

    def in_group(self, group: Group) -> list[PlannedRow]:
        return [row for row in self.rows if row.group is group]

    def with_outcome(self, outcome: Outcome) -> list[PlannedRow]:
        return [row for row in self.rows if row.outcome is outcome]


def plan_import(
    content: bytes,
    filename: str,
    *,
    remembered: dict[str, str] | None = None,
    max_rows: int = MAX_ROWS,
    **others,
) -> ImportPlan:
    """Read a file and plan what to do with each row; raises reading.UnreadableFile.

    remembered: heading -> field as corrected before. others: see plan_list.
    """
    return plan_list(read_list(content, filename, remembered=remembered, max_rows=max_rows), **others)


def plan_list(
    listing: ListFile,
    *,
    existing: Collection[ListedService] = (),
    respondents: Collection[str],
    choices: dict[int, Choice] | None = None,
    suggestions: dict[str, Suggestion] | None = None,
) -> ImportPlan:
    """Plan what to do with each row of a file that has been read.

    existing: the organisation's list.
    respondents: what the organisation is (``LA``, ``PCTP``...); it may enter the categories open to these.
    choices: row number -> what the user decided.
    suggestions: key of a text -> what was suggested for it before; other texts are read now, 1 to 2 ms each.
    """
    open_categories = frozenset(category.code for category in classification().open_to(set(respondents)))
    planner = _Planner(list(existing), open_categories, suggestions or {})
    for row in listing.rows:
        planner.add(row)
    return ImportPlan(listing.table, listing.columns, planner.finished(), open_categories, choices or {})


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
        self,
        existing: list[ListedService],
        open_categories: frozenset[str],
        suggestions: dict[str, Suggestion],
    ):
        self.suggestions, self.open_categories = suggestions, open_categories
        self.by_reference = {service.reference: service for service in existing if service.reference}
        self.on_list, self.in_file = Index(), Index()
        for service in existing:
            self.on_list.add(service, Marks.of(service.name, service.postcode, service.telephone))
        self.rows: dict[int, PlannedRow] = {}

    def add(self, row: FileRow) -> None:
        if row.problem:
            self.rows[row.number] = PlannedRow(
                row.number, row.values, Group.REFUSED, Outcome.REFUSED, row.problem
            )
            return
        marks = Marks.of(row.values["name"], row.values.get("postcode", ""), row.values.get("telephone", ""))
        twins = tuple(sorted(self.in_file.find(marks)))
        self.in_file.add(row.number, marks)
        self.rows[row.number] = self._compared(self._suggested(row), twins, marks)

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

    def _suggested(self, row: FileRow) -> PlannedRow:
        """The row in the group that its text leads to."""
        suggestion = self._suggestion(row)
        group = {
            Verdict.SUGGESTED: Group.TO_ADD,
            Verdict.CHOICE: Group.CHOICE_NEEDED,
            Verdict.NOT_CHILDREN: Group.NOT_CHILDREN,
        }[suggestion.verdict]
        category, reason = suggestion.category or "", suggestion.reason
        outcome = Outcome.ADDED if group is Group.TO_ADD else LEFT_OUT_AS[group]
        if category and category not in self.open_categories:
            group, outcome, reason = Group.CHOICE_NEEDED, Outcome.REFUSED, _not_open(category)
        return PlannedRow(row.number, row.values, group, outcome, reason, category, suggestion, row.notes)

    def _suggestion(self, row: FileRow) -> Suggestion:
        """From the category that the file gives, else from its text: what was found before, or read now."""
        if row.category:
            return Suggestion(Verdict.SUGGESTED, "The file gives this category.", category=row.category)
        suggestion = self.suggestions.get(key_of(row.text)) or suggest(*row.text)
        length = len(row.values.get("description", ""))
        inside = tuple(span for span in suggestion.words if span.field == "name" or span.end <= length)
        return replace(suggestion, words=inside)

    def _compared(self, row: PlannedRow, twins: tuple[int, ...], marks: Marks) -> PlannedRow:
        """The row moved to the doubles where the list or an earlier row possibly has it."""
        found = self.on_list.find(marks)
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
