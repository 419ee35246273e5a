"""Every write to answers and to who is asked for them."""

from dataclasses import asdict

from django.db import connection, transaction

from mapping.core import clock
from mapping.returns.workflow import WrongStatus
from questionnaires.evaluation import carried_forward, evaluate
from questionnaires.models import Explanation, Origin, Response, Revision
from questionnaires.queries import context_of, explanations_of, last_year_of, questionnaire_of, responses


class StaleAnswers(Exception):
    """Somebody else has changed some of the same cells since the page was opened.

    ``clashes``: cell id -> (their stored value or None, who, when). Nothing of the save was kept.
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
    _record(
        response, evaluate(questionnaire, response.cells, context_of(response, last_year=last_year)), by=None
    )


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
    return {cell: {"v": known[name]} for name, cell in LISTING.items() if known.get(name)}


def _stamped(cells, origin):
    return {cell: {**stored, "o": origin.value} for cell, stored in cells.items()}


@transaction.atomic
def save_cells(response, cells, *, seen_version, by, origin=Origin.TYPED, reasons=None):
    """Save cells as the response's next revision; returns the response and its Evaluation.

    cells: cell id -> stored value (``{"v": ...}`` or ``{"s": ...}``) or None for blank, for what the page or
    upload showed; what is unchanged costs nothing and keeps its origin.
    seen_version: the version the page was opened at. What others have changed since stays if it touched other
    cells; if it touched these, raises StaleAnswers naming them and saves nothing.
    reasons: (rule, cell id) -> why an unusual answer is right; "" takes a reason back.
    Raises WrongStatus while the part takes no answers.
    """
    response = _held_for_saving(response)
    changed = _differing(response, cells, origin)
    if changed and response.version > seen_version:
        _refuse_clashes(response, changed, seen_version)
    return _kept(response, changed, reasons or {}, by=by, origin=origin)


@transaction.atomic
def confirm_cells(response, cells, *, by):
    """Say of cells carried over from last year that they still hold; others are left as they are."""
    response = _held_for_saving(response)
    carried = [cell for cell in cells if response.cells.get(cell, {}).get("o") == Origin.CARRIED]
    changed = {
        cell: (response.cells[cell], {**response.cells[cell], "o": Origin.CONFIRMED.value})
        for cell in carried
    }
    return _kept(response, changed, {}, by=by, origin=Origin.CONFIRMED)


def _held_for_saving(response):
    """The response, held against other savers, and its part against a decision, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM returns_part WHERE id = %s FOR SHARE", [response.part_id])
    held = responses().select_for_update(of=("self",)).get(pk=response.pk)
    if not held.part.takes_answers:
        raise WrongStatus(why_closed(held.part))
    return held


def why_closed(part):
    """Why a part takes no answers now, in words for the person who tried."""
    if part.annual_return.is_declined:
        return "Your organisation has declined to take part in this collection."
    if not part.is_unlocked:
        return f"The {part.kind} part is {part.get_decision_display().lower()}. You can read the answers but not change them."
    if clock.today() < part.collection.entry_opens:
        return f"Data entry opens on {part.collection.entry_opens:%-d %B %Y}."
    return f"Data entry closed on {part.closes_on:%-d %B %Y}. Ask the helpdesk if you need more time."


def _differing(response, cells, origin):
    """The cells whose value differs from what is kept: cell id -> (kept, new with its origin or None)."""
    changed = {}
    for cell, stored in cells.items():
        kept = response.cells.get(cell)
        if _value(kept) != _value(stored):
            changed[cell] = (kept, {**stored, "o": origin.value} if stored else None)
    return changed


def _value(stored):
    return None if stored is None else {key: stored[key] for key in ("v", "s") if key in stored}


def _refuse_clashes(response, changed, seen_version):
    """Raise StaleAnswers if somebody has changed any of these cells since ``seen_version``."""
    clashes = {}
    since = response.revisions.filter(number__gt=seen_version).select_related("by").order_by("number")
    for revision in since:
        for cell in changed.keys() & revision.changed.keys():
            clashes[cell] = (response.cells.get(cell), revision.by, revision.at)
    if clashes:
        raise StaleAnswers(clashes)


def _kept(response, changed, reasons, *, by, origin):
    """Write what a save changed and recompute where the response stands; returns both."""
    for cell, (_, new) in changed.items():
        if new is None:
            response.cells.pop(cell, None)
        else:
            response.cells[cell] = new
    if changed:
        _write_revision(response, changed, by=by, origin=origin)
    return response, _evaluated(response, reasons, by=by, touched=bool(changed or reasons))


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
    explanations = explanations_of(response)
    evaluation = evaluate(questionnaire, response.cells, context, explanations)
    if _explain(response, evaluation, reasons, explanations, by=by):
        evaluation = evaluate(questionnaire, response.cells, context, explanations)
    _record(response, evaluation, by=by if touched else None)
    return evaluation


def _explain(response, evaluation, reasons, explanations, *, by):
    """Keep or take back the reasons for unusual answers; brings ``explanations`` in line. True if any changed."""
    given = {
        problem.key: problem
        for problem in evaluation.problems
        if problem.key in reasons and problem.reason_wanted
    }
    for (rule, cell), problem in given.items():
        if text := reasons[rule, cell].strip():
            Explanation.objects.update_or_create(
                response=response,
                rule=rule,
                cell=cell,
                defaults={
                    "organisation_id": response.organisation_id,
                    "text": text,
                    "given_for": problem.given_for,
                    "by": by,
                    "at": clock.now(),
                },
            )
            explanations[rule, cell] = problem.given_for
        elif explanations.pop((rule, cell), None) is not None:
            Explanation.objects.filter(response=response, rule=rule, cell=cell).delete()
    return bool(given)


def _record(response, evaluation, *, by):
    """Write the summary of an evaluation to the response, and who saved it."""
    record_summary(response, evaluation)
    if by is not None:
        response.saved_at, response.saved_by = clock.now(), by
    response.save(update_fields=SAVED)


def record_summary(response, evaluation):
    """Set the summary columns of a response, without writing it."""
    response.progress = evaluation.progress.value
    response.sections = {key: asdict(state) for key, state in evaluation.sections.items()}
    response.hard_count = sum(state.hard for state in evaluation.sections.values())
    response.soft_open_count = sum(state.soft_open for state in evaluation.sections.values())
    response.missing_count = len(evaluation.missing) + len(evaluation.unconfirmed)


SAVED = [
    "cells", "version", "progress", "sections", "hard_count", "soft_open_count", "missing_count", "saved_at",
    "saved_by",
]  # fmt: skip


def evaluate_again(service_entry):
    """Bring the responses of a service entry in line after a change of the fields that the models keep."""
    for response in responses().filter(service_entry=service_entry):
        _evaluated(response, {}, by=None, touched=False)
