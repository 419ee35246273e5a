"""What all ways of writing answers share: saving, opening, back-loads and the demonstration's data.

Nothing here but those that evaluate again writes to the database: callers save what they get, one by one or many
at once.
"""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q

from questionnaires.cells import says_same, value_of
from questionnaires.evaluation import carried_forward, evaluate
from questionnaires.models import Explanation, Origin, Reason, Response, Revision
from questionnaires.queries.earlier import earlier_of_many
from questionnaires.queries.reading import (
    context_of,
    explanations_of,
    listed_peers,
    questionnaire_of,
    responses,
    version_of,
)

BATCH = 500
SUMMARY = [
    "progress",
    "sections",
    "hard_count",
    "soft_open_count",
    "missing_count",
    "checked_version_id",
]
SAVED = ["cells", "version", "saved_at", "saved_by", *SUMMARY]


def stamped(cells, origin):
    """Stored cells with ``origin`` as theirs."""
    return {cell: {**value_of(stored), "o": origin.value} for cell, stored in cells.items()}


def carried_over(questionnaire, earlier):
    """The cells that a response starts from, with the origin *carried*.

    Texts keep in ``y`` the first year of the collection in which they were given (for GS7: read old texts again).
    """
    cells = stamped(carried_forward(questionnaire, earlier.own), Origin.CARRIED)
    for cell, stored in cells.items():
        question = questionnaire.questions.get(cell)
        if question and question.type in ("text", "long"):
            stored["y"] = earlier.own[cell].get("y", int(earlier.year[:4]))
    return cells


def differing(response, cells, origin):
    """The cells whose value differs from what is kept: cell id -> (kept, new with its origin or None)."""
    changed = {}
    for cell, stored in cells.items():
        kept = response.cells.get(cell)
        if not says_same(kept, stored):
            changed[cell] = (kept, {**stored, "o": origin.value} if stored else None)
    return changed


def take_in(response, changed, *, by, at, origin):
    """Change the cells of a response (``changed`` as from ``differing``); returns its next Revision."""
    for cell, (_, new) in changed.items():
        if new is None:
            response.cells.pop(cell, None)
        else:
            response.cells[cell] = new
    response.version += 1
    return Revision(
        organisation_id=response.organisation_id,
        response=response,
        number=response.version,
        changed={cell: list(pair) for cell, pair in changed.items()},
        origin=origin,
        by=by,
        at=at,
    )


@dataclass(frozen=True)
class Given:
    """What somebody says about an unusual answer: a Reason, words, or both; neither takes it back."""

    text: str = ""
    reason: str = ""

    def explains(self, problem):
        """Whether it is enough: words are, and a reason that speaks for itself where the rule wants no more."""
        speaks = self.reason not in ("", Reason.OTHER) and not problem.words_wanted
        return bool(self.text) or speaks


def explanation_of(response, problem, given, *, by, at):
    """The Explanation that a Given makes of a Problem."""
    rule, cell = problem.key
    return Explanation(
        organisation_id=response.organisation_id,
        response=response,
        rule=rule,
        cell=cell,
        reason=given.reason,
        text=given.text,
        given_for=problem.given_for if given.explains(problem) else "",
        by=by,
        at=at,
    )


def record_summary(response, evaluation):
    """Set the summary columns of a response."""
    response.progress = evaluation.progress.value
    response.sections = {key: asdict(state) for key, state in evaluation.sections.items()}
    response.hard_count = sum(state.hard for state in evaluation.sections.values())
    response.soft_open_count = sum(state.soft_open for state in evaluation.sections.values())
    response.missing_count = len(evaluation.missing) + len(evaluation.unconfirmed)
    response.checked_version_id = version_of(response)


def summarise(response, context):
    """Evaluate a response in ``context`` and set its summary columns."""
    explanations = explanations_of(response) if response.pk else {}
    record_summary(response, evaluate(questionnaire_of(response), response.cells, context, explanations))


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
        summarise(response, context_of(response))
        response.save(update_fields=SUMMARY)


@transaction.atomic
def evaluate_services_again(annual_return):
    """Bring the summaries of all services of a list in line after a change that concerns each of them."""
    rows = responses().select_for_update(of=("self",)).order_by("pk")
    found = list(rows.filter(service_entry__annual_return=annual_return))
    if not found:
        return
    earlier_for = earlier_of_many(found[0].part, found[0].pin, [one.service_entry for one in found])
    peers = listed_peers(annual_return.pk)
    for response in found:
        earlier = earlier_for(response.service_entry, questionnaire_of(response))
        summarise(response, context_of(response, earlier=earlier, listed=peers))
    Response.objects.bulk_update(found, SUMMARY, batch_size=BATCH)


@transaction.atomic
def evaluate_organisation_again(annual_return):
    """Bring the summaries of what an organisation says about itself in line after a change of its list."""
    rows = responses().select_for_update(of=("self",)).order_by("pk")
    for response in rows.filter(part__annual_return=annual_return, service_entry=None):
        summarise(response, context_of(response))
        response.save(update_fields=SUMMARY)
