"""Responses checked again that a change of the checks may have passed by.

A change of thresholds or of a definition has open responses checked again by a job (``tuning.applying``). It leaves
alone what is submitted, and somebody may be faster than it: a part is brought in line before it is submitted, and
when its answers may change again.
"""

from django.db import transaction
from django.db.models import Q

from mapping.returns.models import PartKind, ReturnEvent
from questionnaires.actions.writing import SUMMARY, evaluate_services_again, summarise
from questionnaires.models import CheckJob
from questionnaires.queries.reading import context_of, responses


def recheck_before_submitting(part):
    """Check a part again while a job of its collection has not been everywhere yet."""
    if _changes(part).filter(finished_at=None).exists():
        evaluate_part_again(part)


def recheck_unlocked(part):
    """Check a part again, just sent back or reopened, if the checks have changed since it was submitted."""
    submitted = ReturnEvent.objects.filter(part=part, kind=ReturnEvent.Kind.SUBMITTED)
    locked_at = submitted.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    is_later = Q(finished_at=None) | Q(finished_at__gte=locked_at) if locked_at else Q()
    if _changes(part).filter(is_later).exists():
        evaluate_part_again(part)


def _changes(part):
    return CheckJob.objects.filter(collection=part.collection_id, kind=CheckJob.Kind.APPLY)


@transaction.atomic
def evaluate_part_again(part):
    """Bring the summaries of all responses of a part in line."""
    if part.kind == PartKind.SERVICES:
        evaluate_services_again(part.annual_return)
        return
    rows = responses().select_for_update(of=("self",)).filter(part=part).order_by("pk")
    for response in rows:
        summarise(response, context_of(response))
        response.save(update_fields=SUMMARY)
