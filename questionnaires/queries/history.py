"""Who changed what of a response, in words, and all of its answers on one page."""

from dataclasses import dataclass

from django.utils import timezone

from questionnaires.cells import says_same, split_cell_id, value_of
from questionnaires.models import Origin, Revision
from questionnaires.queries.blocks import Sheet, blocks_of
from questionnaires.queries.reading import explanations_in_full
from questionnaires.queries.section import ShownContext, evaluation_of, seen_explanations
from questionnaires.queries.visibility import visible_evaluation

HOW = {
    Origin.TYPED: "",
    Origin.CARRIED: "Carried over from before",
    Origin.CONFIRMED: "Confirmed: still true",
    Origin.IMPORT: "Imported",
}
TAKEN_BACK = "To be confirmed again"


@dataclass(frozen=True)
class Change:
    """One cell that a save changed, in words; ``url`` leads to its field. ``is_kept``: it is what it was last year."""

    at: object
    code: str
    label: str
    before: str
    after: str
    how: str
    url: str
    is_kept: bool = False


@dataclass(frozen=True)
class Entry:
    """What somebody changed on one day without anybody else in between, as far as the reader sees it."""

    by: object
    at: object
    changes: list

    @property
    def parts(self):
        return parted(self.changes)


def parted(changes):
    """Changes in two lists: what somebody changed, and what was carried over or confirmed as it was."""
    return {
        "changed": [change for change in changes if not change.is_kept],
        "kept": [change for change in changes if change.is_kept],
    }


def revisions_of(opened):
    """The revisions of a response, latest first."""
    rows = Revision.objects.visible_to(opened.user).filter(response=opened.response)
    return rows.select_related("by").order_by("-number")


def entries_of(opened, revisions, *, section="", question=""):
    """Revisions (latest first) as Entries; those that changed nothing the reader sees, or asked for, are left out."""
    entries = []
    for revision in revisions:
        changes = [
            _change(opened, revision.at, cell, pair)
            for cell, pair in revision.changed.items()
            if _is_wanted(opened, cell, section, question)
        ]
        if changes and entries and _continues(entries[-1], revision):
            entries[-1].changes.extend(changes)
        elif changes:
            entries.append(Entry(revision.by, revision.at, changes))
    return entries


def _continues(entry, revision):
    days = [timezone.localtime(moment).date() for moment in (entry.at, revision.at)]
    return entry.by == revision.by and days[0] == days[1]


def _is_wanted(opened, cell, section, question):
    code = split_cell_id(cell)[0]
    asked = opened.questionnaire.questions.get(code)
    if asked is None or opened.section(asked.section) is None:
        return False
    return question in ("", code) and section in ("", asked.section)


def _change(opened, at, cell, pair):
    code, row, column = split_cell_id(cell)
    question = opened.questionnaire.question(code)
    answer_field = question.field_of(column) or question
    before, after = (
        answer_field.kind.shown(value_of(stored), answer_field, opened.registers) for stored in pair
    )
    found = question.row(row)
    row_name = found.name if found else f"Row {row.removeprefix('r')}" if row else ""
    parts = [question.name, row_name, answer_field.name if answer_field is not question else ""]
    return Change(
        at=at,
        code=question.code,
        label=", ".join(part for part in parts if part),
        before=before or "blank",
        after=after or "blank",
        how=_how(*pair),
        is_kept=bool(pair[1]) and pair[1]["o"] in (Origin.CARRIED, Origin.CONFIRMED),
        url=f"{opened.section_url(question.section)}#q-{code}",
    )


def _how(before, after):
    """How a cell came to be as it is, where nobody typed it."""
    origins = [kept["o"] if kept else "" for kept in (before, after)]
    return TAKEN_BACK if origins == [Origin.CONFIRMED, Origin.CARRIED] else HOW.get(origins[1], "")


def versions_of(opened):
    """The versions of a response that can be compared, latest first: (number, Revision)."""
    return [(revision.number, revision) for revision in revisions_of(opened)]


def differences(opened, first, second):
    """What changed from one version of a response to another, in words: Changes in the order of the questions.

    A cell that was changed and changed back in between is none.
    """
    low, high = sorted((first, second))
    revisions = list(revisions_of(opened).filter(number__gt=low, number__lte=high).order_by("number"))
    before, after, at = {}, {}, {}
    for revision in revisions:
        for cell, (old, new) in revision.changed.items():
            before.setdefault(cell, old)
            after[cell], at[cell] = new, revision.at
    cells = [
        cell
        for cell in after
        if not says_same(before[cell], after[cell]) and _is_wanted(opened, cell, "", "")
    ]
    cells.sort(key=_places(opened.questionnaire))
    return [_change(opened, at[cell], cell, (before[cell], after[cell])) for cell in cells]


def _places(questionnaire):
    """A key that sorts cells as the questionnaire has them: by question, row and column, added rows last."""
    order = {code: place for place, code in enumerate(questionnaire.questions)}

    def place(cell):
        code, row, column = split_cell_id(cell)
        question = questionnaire.questions[code]
        rows, columns = ([one.key for one in many] for many in (question.rows, question.columns))
        return (
            order[code],
            rows.index(row) if row in rows else len(rows),
            row,
            columns.index(column) if column in columns else len(columns),
        )

    return place


def whole_of(opened):
    """All that the reader sees of a response, section by section: (section, blocks that cannot be changed)."""
    explanations = explanations_in_full(opened.response)
    evaluation = visible_evaluation(
        evaluation_of(opened, explanations), opened.questionnaire, opened.sections
    )
    seen, context = seen_explanations(opened, explanations), ShownContext(opened)
    earlier = opened.earlier
    shown = []
    for section in opened.visible:
        sheet = Sheet(
            questionnaire=opened.questionnaire,
            section=section,
            answers=opened.response.cells,
            evaluation=evaluation,
            explanations=seen,
            earlier=earlier,
            registers=opened.registers,
            context=context,
            can_edit=False,
        )
        shown.append((section, evaluation.sections[section.key], blocks_of(sheet)))
    return shown
