"""Saving answers so that nobody's work is lost."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from mapping.core import clock
from mapping.returns.workflow import WrongStatus
from questionnaires.actions.comparing import compare_after_commit
from questionnaires.actions.writing import (
    SAVED,
    differing,
    explanation_of,
    record_summary,
    take_in,
)
from questionnaires.cells import cell_id, says_same, split_cell_id
from questionnaires.definition import next_row
from questionnaires.evaluation import Evaluation, evaluate
from questionnaires.models import Explanation, Origin, Response
from questionnaires.queries.reading import (
    context_of,
    explanations_in_full,
    given_for,
    questionnaire_of,
    responses,
)
from questionnaires.queries.status import why_closed, why_not_owed


@dataclass(frozen=True)
class Clash:
    """A cell that two people changed: stored values or None for blank; ``by`` and ``at`` are of theirs."""

    theirs: dict | None
    mine: dict | None
    by: Any
    at: datetime


@dataclass(frozen=True)
class Saved:
    """What a save came to. ``explanations``: (rule, cell) -> Explanation, as they stand now."""

    response: Response
    evaluation: Evaluation
    explanations: dict
    clashes: dict[str, Clash] = field(default_factory=dict)


class StaleAnswers(Exception):
    """Somebody else has changed some of the same cells since the page was opened; nothing of the save was kept.

    ``clashes``: cell id -> Clash.
    """

    def __init__(self, clashes):
        super().__init__(f"{len(clashes)} cells were changed by somebody else")
        self.clashes = clashes


@transaction.atomic
def save_cells(response, cells, *, seen_version, by, origin=Origin.TYPED, reasons=None):
    """Save cells as the response's next revision, all or none; returns the response and its Evaluation.

    cells: cell id -> stored value (``{"v": ...}`` or ``{"s": ...}``) or None for blank; what is unchanged costs
    nothing and keeps its origin.
    seen_version: the version that the cells were read at. What others have changed since stays if it touched other
    cells; if it touched these, raises StaleAnswers naming them.
    reasons: (rule, cell id) -> Given, why an unusual answer is right; an empty one takes it back.
    Raises WrongStatus while the part takes no answers.
    """
    saved = merge_cells(response, cells, seen_version=seen_version, by=by, origin=origin, reasons=reasons)
    if saved.clashes:
        raise StaleAnswers(saved.clashes)
    return saved.response, saved.evaluation


@transaction.atomic
def merge_cells(
    response,
    cells,
    *,
    seen_version,
    by,
    seen_versions=None,
    whole_page=False,
    confirmed=(),
    unconfirmed=(),
    reasons=None,
    origin=Origin.TYPED,
):
    """Save what can be saved of a page, beside what others have saved meanwhile; returns Saved.

    cells, reasons: as for ``save_cells``. Cells that somebody else has changed too are not saved: theirs stays and
    ``Saved.clashes`` names them. A row added on both sides is kept twice.
    seen_version: the version that the page showed; seen_versions: cell id -> version, for cells that showed another.
    whole_page: the page sent all of its cells, touched or not; what it shows as before is then no change of theirs.
    confirmed: cells carried over from last year of which somebody says that they still hold; those that are not
    asked yet wait until somebody sees them. unconfirmed: cells of which that was said and is taken back.
    Raises WrongStatus while the part takes no answers.
    """
    response = _held_for_saving(response)
    seen = {cell: (seen_versions or {}).get(cell, seen_version) for cell in cells}
    cells = _beside_new_rows(response, cells, seen_version, by=by)
    seen = {cell: seen.get(cell, seen_version) for cell in cells}
    changed = differing(response, cells, origin)
    clashes = {}
    if changed and response.version > min(seen.values()):
        changed, clashes = _merged(response, changed, seen, by=by, whole_page=whole_page)
    changed |= _confirmed(response, set(confirmed) - changed.keys() - clashes.keys())
    changed |= _restamped(response, set(unconfirmed) - changed.keys(), Origin.CONFIRMED, Origin.CARRIED)
    evaluation, explanations = _kept(response, changed, reasons or {}, by=by, origin=origin)
    return Saved(response, evaluation, explanations, clashes)


def confirm_cells(response, cells, *, by):
    """Say of cells carried over from last year that they still hold; others are left as they are."""
    saved = merge_cells(response, {}, seen_version=response.version, confirmed=cells, by=by)
    return saved.response, saved.evaluation


def _held_for_saving(response):
    """The response, held against other savers, and its part against a decision, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM returns_part WHERE id = %s FOR SHARE", [response.part_id])
    held = responses().select_for_update(of=("self",)).get(pk=response.pk)
    if reason := why_closed(held.part) or why_not_owed(held):
        raise WrongStatus(reason)
    if hasattr(response, "earlier_rows"):
        held.earlier_rows = response.earlier_rows
    return held


def _merged(response, changed, seen, *, by, whole_page):
    """Part what a page changed into what can be saved and what clashes with somebody else's work.

    ``changed``: as from ``_differing``; ``seen``: cell id -> the version it was shown at.
    """
    oldest = min(seen[cell] for cell in changed)
    since = response.revisions.filter(number__gt=oldest).select_related("by").order_by("number")
    shown, theirs = {}, {}
    for revision in since:
        for cell in changed.keys() & revision.changed.keys():
            if revision.number > seen[cell]:
                shown.setdefault(cell, revision.changed[cell][0])
                if revision.by_id != by.pk:
                    theirs[cell] = revision
    untouched = {cell for cell, value in shown.items() if whole_page and says_same(value, changed[cell][1])}
    clashes = {
        cell: Clash(changed[cell][0], changed[cell][1], revision.by, revision.at)
        for cell, revision in theirs.items()
        if cell not in untouched
    }
    return {c: pair for c, pair in changed.items() if c not in untouched and c not in clashes}, clashes


def _beside_new_rows(response, cells, seen_version, *, by):
    """The cells, those of a row that somebody else has added under the same key meanwhile moved to the next key."""
    if response.version <= seen_version:
        return cells
    questionnaire, moved = questionnaire_of(response), dict(cells)
    since = list(response.revisions.filter(number__gt=seen_version).order_by("-number"))
    for code, row in sorted({split_cell_id(cell)[:2] for cell, stored in cells.items() if stored}):
        question = questionnaire.questions.get(code)
        if (
            question is not None  # it may have gone with a new version since the page was opened
            and question.is_repeatable
            and question.row(row) is None
            and _is_new_row(response, code, row, since, by)
        ):
            free = next_row(question, {**response.cells, **moved})
            for cell in [c for c in moved if split_cell_id(c)[:2] == (code, row)]:
                moved[cell_id(code, free, split_cell_id(cell)[2])] = moved.pop(cell)
    return moved


def _is_new_row(response, code, row, since, by):
    """Whether others alone have added the row by the revisions ``since`` (latest first)."""
    prefix = f"{code}|{row}|"
    shown = {cell: kept for cell, kept in response.cells.items() if cell.startswith(prefix)}
    authors = set()
    for revision in since:
        before = {cell: pair[0] for cell, pair in revision.changed.items() if cell.startswith(prefix)}
        shown |= before
        authors |= {revision.by_id} if before else set()
    return bool(authors) and by.pk not in authors and not any(shown.values())


def _confirmed(response, cells):
    """Those of ``cells`` that were carried over and are asked, as changes to the origin *confirmed*."""
    carried = _restamped(response, cells, Origin.CARRIED, Origin.CONFIRMED)
    if not carried:
        return {}
    asked = evaluate(questionnaire_of(response), response.cells, context_of(response)).asked
    shown = {cell.id for cells_of_question in asked.values() for cell in cells_of_question}
    return {cell: pair for cell, pair in carried.items() if cell in shown}


def _restamped(response, cells, old, new):
    """Those of ``cells`` that have the origin ``old``, as changes to the origin ``new``."""
    kept = {cell: response.cells[cell] for cell in sorted(cells) if cell in response.cells}
    return {cell: (one, {**one, "o": new.value}) for cell, one in kept.items() if one["o"] == old}


def _kept(response, changed, reasons, *, by, origin):
    """Write what a save changed and recompute where the response stands; returns Evaluation and Explanations."""
    if changed:
        origins = {new["o"] if new else "" for _, new in changed.values()}
        origin = next((one for one in (Origin.CONFIRMED, Origin.CARRIED) if origins == {one}), origin)
        take_in(response, changed, by=by, at=clock.now(), origin=origin).save()
        compare_after_commit(response, changed)
    return _evaluated(response, reasons, by=by, touched=bool(changed or reasons))


def _evaluated(response, reasons, *, by, touched):
    """Evaluate the response, take in the reasons given, and write down where it stands."""
    questionnaire, context = questionnaire_of(response), context_of(response)
    explanations = explanations_in_full(response)
    evaluation = evaluate(questionnaire, response.cells, context, given_for(explanations))
    if _explain(response, evaluation, reasons, explanations, by=by):
        evaluation = evaluate(questionnaire, response.cells, context, given_for(explanations))
    record_summary(response, evaluation)
    if touched:
        response.saved_at, response.saved_by = clock.now(), by
        response.save(update_fields=SAVED)
    return evaluation, explanations


def _explain(response, evaluation, reasons, explanations, *, by):
    """Keep or take back the reasons for unusual answers; brings ``explanations`` in line. True if any changed."""
    wanted = {p.key: p for p in evaluation.problems if p.key in reasons and p.reason_wanted}
    said = {key: reasons[key] for key in wanted}
    new = [
        explanation_of(response, wanted[key], given, by=by, at=clock.now())
        for key, given in said.items()
        if (given.text or given.reason) and not _stands(explanations.get(key), given, wanted[key])
    ]
    nothing = [key for key, given in said.items() if not (given.text or given.reason)]
    gone = [explanations.pop(key) for key in nothing if key in explanations]
    if new:
        Explanation.objects.bulk_create(
            new,
            update_conflicts=True,
            unique_fields=["response", "rule", "cell"],
            update_fields=["reason", "text", "given_for", "by", "at"],
        )
        explanations |= {(explanation.rule, explanation.cell): explanation for explanation in new}
    if gone:
        Explanation.objects.filter(pk__in=[explanation.pk for explanation in gone]).delete()
    return bool(new or gone)


def _stands(explanation, given, problem):
    """Whether that is said already, and of the same figures: it stays as its author gave it."""
    is_said = explanation and (explanation.text, explanation.reason) == (given.text, given.reason)
    return is_said and explanation.given_for in (problem.given_for, "")
