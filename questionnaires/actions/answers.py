"""Opening responses and saving answers so that nobody's work is lost."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from mapping.core import clock
from mapping.returns.workflow import WrongStatus
from questionnaires.answer_types import Invalid
from questionnaires.cells import cell_id, split_cell_id
from questionnaires.definition import next_row
from questionnaires.evaluation import Evaluation, carried_forward, evaluate
from questionnaires.models import Explanation, Origin, Response, Revision
from questionnaires.queries.reading import (
    context_of,
    explanations_in_full,
    last_year_of,
    questionnaire_of,
    responses,
)
from questionnaires.queries.status import why_closed


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
def open_response(part, pin, *, by, service_entry=None):
    """The response of ``part`` to a pinned questionnaire, made with last year's answers if it is not there yet.

    Carried answers stand with the origin *carried* and count as missing until confirmed; what an imported
    directory said of the service stands with the origin *import*.
    """
    found = responses().filter(part=part, pin=pin, service_entry=service_entry).first()
    if found:
        return found
    response, made = Response.objects.get_or_create(
        part=part, pin=pin, service_entry=service_entry, defaults={"organisation_id": part.organisation_id}
    )
    response = responses().get(pk=response.pk)
    if made:
        _start_from_what_is_known(response, by=by)
    return response


def _start_from_what_is_known(response, *, by):
    """Last year's answers and the imported directory's, as the response's first cells."""
    questionnaire, last_year = questionnaire_of(response), last_year_of(response)
    known = _stamped(_from_listing(response.service_entry, questionnaire), Origin.IMPORT)
    known |= _stamped(carried_forward(questionnaire, last_year), Origin.CARRIED)
    if known:
        response.cells = known
        _write_revision(
            response, {cell: [None, kept] for cell, kept in known.items()}, by=by, origin=Origin.CARRIED
        )
    context = context_of(response, last_year=last_year)
    record_summary(response, evaluate(questionnaire, response.cells, context))
    response.save(update_fields=SAVED)


# Which answer a column of an imported directory is.
LISTING = {
    "description": "SVC-A05",
    "telephone": "SVC-A16",
    "email": "SVC-A17",
    "website": "SVC-A18",
    "name": "SVC-D01|r1|name",
    "address": "SVC-D01|r1|address",
    "postcode": "SVC-D01|r1|postcode",
}


def _from_listing(entry, questionnaire):
    """Answers that an imported directory gives already; what is not a valid answer is left to people."""
    if entry is None or not entry.listing:
        return {}
    known = {**entry.listing, "name": entry.name if entry.listing.get("postcode") else ""}
    read = {
        cell: _read(questionnaire.cell(*split_cell_id(cell)), known.get(name))
        for name, cell in LISTING.items()
    }
    return {cell: stored for cell, stored in read.items() if stored}


def _read(cell, text):
    """The stored answer that a text of a directory is; None where it is none, or nothing asks for it."""
    if cell is None:
        return None
    try:
        return cell.field.kind.stored(cell.field.kind.parse(text, cell.field))
    except Invalid:
        return None


def _stamped(cells, origin):
    return {cell: {**stored, "o": origin.value} for cell, stored in cells.items()}


@transaction.atomic
def save_cells(response, cells, *, seen_version, by, origin=Origin.TYPED, reasons=None):
    """Save cells as the response's next revision, all or none; returns the response and its Evaluation.

    cells: cell id -> stored value (``{"v": ...}`` or ``{"s": ...}``) or None for blank; what is unchanged costs
    nothing and keeps its origin.
    seen_version: the version that the cells were read at. What others have changed since stays if it touched other
    cells; if it touched these, raises StaleAnswers naming them.
    reasons: (rule, cell id) -> why an unusual answer is right; "" takes a reason back.
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
    reasons=None,
    origin=Origin.TYPED,
):
    """Save what can be saved of a page, beside what others have saved meanwhile; returns Saved.

    cells, reasons: as for ``save_cells``. Cells that somebody else has changed too are not saved: theirs stays and
    ``Saved.clashes`` names them. A row added on both sides is kept twice.
    seen_version: the version that the page showed; seen_versions: cell id -> version, for cells that showed another.
    whole_page: the page sent all of its cells, touched or not; what it shows as before is then no change of theirs.
    confirmed: cells carried over from last year of which somebody says that they still hold.
    Raises WrongStatus while the part takes no answers.
    """
    response = _held_for_saving(response)
    seen = {cell: (seen_versions or {}).get(cell, seen_version) for cell in cells}
    cells = _beside_new_rows(response, cells, seen_version, by=by)
    seen = {cell: seen.get(cell, seen_version) for cell in cells}
    changed = _differing(response, cells, origin)
    clashes = {}
    if changed and response.version > min(seen.values()):
        changed, clashes = _merged(response, changed, seen, by=by, whole_page=whole_page)
    changed |= _confirmed(response, set(confirmed) - changed.keys() - clashes.keys())
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
    if not held.part.takes_answers:
        raise WrongStatus(why_closed(held.part))
    if hasattr(response, "last_year_cells"):
        held.last_year_cells = response.last_year_cells
    return held


def _differing(response, cells, origin):
    """The cells whose value differs from what is kept: cell id -> (kept, new with its origin or None)."""
    changed = {}
    for cell, stored in cells.items():
        kept = response.cells.get(cell)
        if value_of(kept) != value_of(stored):
            changed[cell] = (kept, {**stored, "o": origin.value} if stored else None)
    return changed


def value_of(stored):
    """A stored cell without its origin; None for blank."""
    return {key: stored[key] for key in ("v", "s") if key in stored} if stored else None


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
    untouched = {
        cell for cell, value in shown.items() if whole_page and value_of(value) == value_of(changed[cell][1])
    }
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
        question = questionnaire.questions[code]
        if (
            question.is_repeatable
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
    """Those of ``cells`` that were carried over, as changes to the origin *confirmed*."""
    carried = [cell for cell in sorted(cells) if response.cells.get(cell, {}).get("o") == Origin.CARRIED]
    return {
        cell: (response.cells[cell], {**response.cells[cell], "o": Origin.CONFIRMED.value})
        for cell in carried
    }


def _kept(response, changed, reasons, *, by, origin):
    """Write what a save changed and recompute where the response stands; returns Evaluation and Explanations."""
    for cell, (_, new) in changed.items():
        if new is None:
            response.cells.pop(cell, None)
        else:
            response.cells[cell] = new
    if changed:
        only_confirmed = all(new and new["o"] == Origin.CONFIRMED for _, new in changed.values())
        _write_revision(response, changed, by=by, origin=Origin.CONFIRMED if only_confirmed else origin)
    return _evaluated(response, reasons, by=by, touched=bool(changed or reasons))


def _write_revision(response, changed, *, by, origin):
    response.version += 1
    Revision.objects.create(
        organisation_id=response.organisation_id,
        response=response,
        number=response.version,
        changed={cell: list(pair) for cell, pair in changed.items()},
        origin=origin,
        by=by,
        at=clock.now(),
    )


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


def given_for(explanations):
    """Explanations as ``evaluate`` takes them: (rule, cell) -> what they were given for."""
    return {key: explanation.given_for for key, explanation in explanations.items()}


def _explain(response, evaluation, reasons, explanations, *, by):
    """Keep or take back the reasons for unusual answers; brings ``explanations`` in line. True if any changed."""
    wanted = {p.key: p for p in evaluation.problems if p.key in reasons and p.reason_wanted}
    texts = {key: reasons[key].strip() for key in wanted}
    new = [
        _explanation(response, wanted[key], text, by)
        for key, text in texts.items()
        if text and not _stands(explanations.get(key), text, wanted[key])
    ]
    gone = [explanations.pop(key) for key, text in texts.items() if not text and key in explanations]
    if new:
        Explanation.objects.bulk_create(
            new,
            update_conflicts=True,
            unique_fields=["response", "rule", "cell"],
            update_fields=["text", "given_for", "by", "at"],
        )
        explanations |= {(explanation.rule, explanation.cell): explanation for explanation in new}
    if gone:
        Explanation.objects.filter(pk__in=[explanation.pk for explanation in gone]).delete()
    return bool(new or gone)


def _stands(explanation, text, problem):
    """Whether that is said already, and of the same figures: it stays as its author gave it."""
    return explanation and explanation.text == text and explanation.given_for == problem.given_for


def _explanation(response, problem, text, by):
    rule, cell = problem.key
    return Explanation(
        organisation_id=response.organisation_id,
        response=response,
        rule=rule,
        cell=cell,
        text=text,
        given_for=problem.given_for,
        by=by,
        at=clock.now(),
    )


def record_summary(response, evaluation):
    """Set the summary columns of a response, without writing it."""
    response.progress = evaluation.progress.value
    response.sections = {key: asdict(state) for key, state in evaluation.sections.items()}
    response.hard_count = sum(state.hard for state in evaluation.sections.values())
    response.soft_open_count = sum(state.soft_open for state in evaluation.sections.values())
    response.missing_count = len(evaluation.missing) + len(evaluation.unconfirmed)


SUMMARY = ["progress", "sections", "hard_count", "soft_open_count", "missing_count"]
SAVED = ["cells", "version", "saved_at", "saved_by", *SUMMARY]


@transaction.atomic
def evaluate_again(service_entry):
    """Bring summaries in line after a change of the fields that the models keep of a service entry.

    Those of the entry itself, and of others on the list that its name or provider may have made right or wrong.
    """
    rows = responses().select_for_update(of=("self",)).order_by("pk")
    of_others = Q(service_entry__name__iexact=service_entry.name) | Q(sections__A__hard__gt=0)
    of_others |= Q(sections__A__soft_open__gt=0)
    same_list = rows.filter(service_entry__annual_return=service_entry.annual_return_id)
    for response in same_list.filter(Q(service_entry=service_entry) | of_others):
        explanations = explanations_in_full(response)
        context = context_of(response)
        record_summary(
            response, evaluate(questionnaire_of(response), response.cells, context, given_for(explanations))
        )
        response.save(update_fields=SUMMARY)
