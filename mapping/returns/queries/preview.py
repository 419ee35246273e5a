"""The preview of an import as its page shows it, and what the page sends back."""

import re
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from mapping.returns.classification import classification
from mapping.returns.importing.columns import FIELDS
from mapping.returns.importing.plan import Group, ImportPlan, Outcome, PlannedRow, Same

SHOWN_AT_FIRST = 5
PAGE_LENGTH = 50
EXCERPT_CHARACTERS = 190
QUOTED = re.compile("“([^”]+)”")

# Group -> title, sign of look.STATES, and the consequence in words.
GROUPS = {
    Group.TO_ADD: ("To add", "complete", ""),
    Group.CHOICE_NEEDED: ("Your choice needed", "unusual", "Left out until you choose a category."),
    Group.DUPLICATE_IN_LIST: (
        "Already on your list?",
        "duplicate",
        "Left out unless you say that it is another service.",
    ),
    Group.DUPLICATE_IN_FILE: (
        "Twice in the file?",
        "duplicate",
        "The first of a pair stays, these are left out unless you tick them.",
    ),
    Group.NOT_CHILDREN: ("Probably not a children’s service", "not_asked", "Left out unless you tick them."),
    Group.REFUSED: ("Cannot be taken", "error", "Correct these rows in your file and import it again."),
}


@dataclass(frozen=True)
class Column:
    """A column of the file: the name of its select, what is chosen there, and the first cell that says something."""

    name: str
    heading: str
    field: str
    sample: str


@dataclass(frozen=True)
class Row:
    """One row as the page shows it: name and text with the words that led to the category marked."""

    planned: PlannedRow
    name: str
    text: str
    why: str
    second: str
    is_ticked: bool
    choices: list[tuple[str, str]]  # codes with labels of the buttons beside it
    same: str
    category: str  # what the select shows

    @property
    def number(self):
        return self.planned.number


@dataclass(frozen=True)
class Section:
    """One group of rows with its title; ``hidden``: how many more it has than are shown."""

    group: Group
    title: str
    sign: str
    consequence: str
    count: int
    rows: list[Row]
    hidden: int

    @property
    def heading(self):
        return f"{self.title} {self.count:,}" if self.title.endswith("?") else f"{self.title}: {self.count:,}"


@dataclass(frozen=True)
class Preview:
    plan: ImportPlan
    columns: list[Column]
    sections: list[Section]
    chips: list[dict]
    showing: str
    page: object
    added: int
    updated: int

    @property
    def left_out(self):
        return len(self.plan.rows) - self.added - self.updated

    @property
    def button(self):
        """``Add 9 services, update 1``"""
        parts = []
        if self.added:
            parts.append(f"Add {self.added:,} service{'' if self.added == 1 else 's'}")
        if self.updated:
            parts.append(f"{'update' if parts else 'Update'} {self.updated:,}")
        return ", ".join(parts) or "Add the ticked rows"

    @property
    def categories(self):
        return classification().categories.values()

    @property
    def fields(self):
        return FIELDS.items()


def preview_of(plan, show, number=None):
    """What the page shows: the first rows of every group, or page ``number`` of the group ``show``."""
    show = show if show in GROUPS else ""
    page = Paginator(plan.in_group(Group(show)), PAGE_LENGTH).get_page(number) if show else None
    groups = [Group(show)] if show else [group for group, count in plan.counts.items() if count]
    return Preview(
        plan=plan,
        columns=_columns(plan),
        sections=[_section(plan, group, page) for group in groups],
        chips=_chips(plan, show),
        showing=show,
        page=page,
        added=len(plan.with_outcome(Outcome.ADDED)),
        updated=len(plan.with_outcome(Outcome.UPDATED)),
    )


def _columns(plan):
    columns = []
    for position, heading in enumerate(plan.table.headings):
        cells = (row[position] for row in plan.table.rows)
        sample = next((cell for cell in cells if cell), "")
        columns.append(Column(f"column-{position}", heading, plan.columns.get(heading, ""), sample[:60]))
    return columns


def _section(plan, group, page):
    title, sign, consequence = GROUPS[group]
    rows = plan.in_group(group)
    shown = list(page) if page else rows[:SHOWN_AT_FIRST]
    hidden = 0 if page else len(rows) - len(shown)
    return Section(group, title, sign, consequence, len(rows), [_row(row) for row in shown], hidden)


def _chips(plan, show):
    chips = [{"value": "", "label": "All", "count": len(plan.rows), "current": not show}]
    for group, count in plan.counts.items():
        if count:
            chips.append(
                {"value": group.value, "label": GROUPS[group][0], "count": count, "current": group == show}
            )
    return chips


def _row(row):
    suggestion = row.suggestion
    spans = suggestion.words if suggestion else ()
    return Row(
        planned=row,
        name=_marked(row.name, [span for span in spans if span.field == "name"]),
        text=_excerpt(
            row.values.get("description", ""), [span for span in spans if span.field == "description"]
        ),
        why=_why(row, spans),
        second=str(classification().categories[suggestion.second])
        if suggestion and suggestion.second
        else "",
        is_ticked=row.outcome is Outcome.ADDED,
        choices=_buttons(row),
        same=_same(row),
        category=_shown_category(row),
    )


def _shown_category(row):
    """A row that needs a choice shows none until one has been made."""
    waits = row.group is Group.CHOICE_NEEDED and row.outcome is not Outcome.ADDED
    return "" if waits else row.category


def _buttons(row):
    """The likeliest categories of a row that has none yet, as buttons."""
    if row.group is not Group.CHOICE_NEEDED or row.outcome is Outcome.ADDED or not row.suggestion:
        return []
    return [(code, str(classification().categories[code])) for code in row.suggestion.candidates[:2]]


def _same(row):
    if row.outcome is Outcome.UPDATED:
        return Same.UPDATE
    return Same.DIFFERENT if row.outcome is Outcome.ADDED else Same.KEEP


def _why(row, spans):
    """The words that led to it, each once; where the row is not simply added, the reason with its words marked."""
    words = {span.text.lower(): span.text for span in reversed(spans)}
    if row.group is Group.TO_ADD and words:
        marked = format_html_join(
            ", ", '<span class="cue">{}</span>', ((word,) for word in reversed(words.values()))
        )
        return format_html("{}{}", marked, "".join(f". {note}" for note in row.notes))
    return _quotes_marked(" ".join([row.reason, *row.notes]))


def _quotes_marked(text):
    """A sentence whose “quoted words” are marked instead."""
    pieces = QUOTED.split(text)
    return mark_safe(  # noqa: S308 - every piece is escaped
        "".join(
            format_html('<span class="cue">{}</span>' if at % 2 else "{}", piece)
            for at, piece in enumerate(pieces)
        )
    )


def _marked(text, spans, start=0, end=None):
    """Part of a text with its spans marked, as HTML."""
    end = len(text) if end is None else end
    pieces, at = [], start
    for span in sorted(spans, key=lambda span: span.start):
        if at <= span.start and span.end <= end:
            pieces.append(
                format_html(
                    '{}<span class="cue">{}</span>', text[at : span.start], text[span.start : span.end]
                )
            )
            at = span.end
    pieces.append(format_html("{}", text[at:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece was escaped


def _excerpt(text, spans):
    """The piece of a description around the first word that counted, cut between words."""
    if len(text) <= EXCERPT_CHARACTERS:
        return _marked(text, spans)
    first = min((span.start for span in spans), default=0)
    start = 0 if first < EXCERPT_CHARACTERS // 2 else text.rfind(" ", 0, max(first - 60, 1)) + 1
    end = text.rfind(" ", start, start + EXCERPT_CHARACTERS)
    end = end if end > start else min(start + EXCERPT_CHARACTERS, len(text))
    before = "…" if start else ""
    after = "…" if end < len(text) else ""
    return format_html("{}{}{}", before, _marked(text, spans, start, end), after)


# -- What the page sends back ---------------------------------------------------------------------------------


def choices_of(post, plan):
    """Row number -> what was chosen otherwise than the plan has it, for the rows that the page showed."""
    shown = {int(number) for number in post.get("rows", "").split(",") if number.isdecimal()}
    chosen = {}
    for row in plan.rows:
        if row.number in shown and (choice := _choice(post, row)):
            chosen[row.number] = choice
    return chosen | _pressed(post)


def _choice(post, row):
    choice = {}
    if row.group is Group.REFUSED:
        return choice
    if row.group is Group.DUPLICATE_IN_LIST:
        same = post.get(f"same-{row.number}", "")
        if same in list(Same) and same != _same(row):
            choice["same"] = same
    else:
        ticked = f"add-{row.number}" in post
        if ticked != (row.outcome is Outcome.ADDED):
            choice["add"] = ticked
    category = post.get(f"category-{row.number}", "")
    if category in classification().categories and category != _shown_category(row):
        # A category chosen for a row means that it is wanted, even where nobody ticked it too.
        choice |= {"category": category} | ({} if row.group is Group.DUPLICATE_IN_LIST else {"add": True})
    elif category == "" and row.outcome is Outcome.ADDED and f"category-{row.number}" in post:
        choice["add"] = False
    return choice


def _pressed(post):
    """The button beside a row: ``18:11`` takes a category, ``18:`` leaves the row out."""
    number, _, code = post.get("choose", "").partition(":")
    if not number.isdecimal():
        return {}
    if code in classification().categories:
        return {int(number): {"category": code, "add": True}}
    return {int(number): {"add": False}}


def columns_of(post, plan):
    """Heading -> field, for the columns that were matched otherwise than the plan has them."""
    changed = {}
    for column in _columns(plan):
        field = post.get(column.name)
        if field is not None and field != column.field and (field in FIELDS or field == ""):
            changed[column.heading] = field
    return changed


def without_category(post, plan):
    """Rows that the page sent back as ticked and that cannot be added: they have no category yet."""
    return [row for row in plan.rows if f"add-{row.number}" in post and row.outcome is not Outcome.ADDED]
