"""Figures about an organisation that are compared with what its services add up to.

Whoever saves a service does not wait for that: a job compares after the commit. Where the broker is down it is not
made up for by a sweep, because whatever depends on the result compares again by itself: the page of the
questionnaire, the page of what is left, and submitting.
"""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from mapping.returns.workflow import UNLOCKED
from questionnaires.actions.writing import SUMMARY, summarise
from questionnaires.cells import split_cell_id
from questionnaires.queries.reading import codes_compared, context_of, is_compared, responses

log = logging.getLogger(__name__)
TASK = "questionnaires.compare_with_services"


def compare_after_commit(response, cells):
    """Have the organisation's figures compared again if ``cells``, just changed, are of a service and count there."""
    if response.service_entry_id:
        codes = {split_cell_id(cell)[0] for cell in cells}
        transaction.on_commit(lambda: _queue_if_compared(response, codes))


def _queue_if_compared(response, codes):
    if not codes & codes_compared(response.organisation, response.part.collection):
        return
    try:
        ids = [response.part.annual_return_id, response.organisation_id]
        current_app.send_task(TASK, args=ids, retry=False)
    except OperationalError:
        log.warning("return %s is not compared with its services now: the broker is down", ids[0])


@transaction.atomic
def compare_with_services(annual_return_id):
    """Bring the summaries in line that look at the services of a return; those of parts decided about stay."""
    rows = responses().select_for_update(of=("self",)).order_by("pk")
    own = rows.filter(part__annual_return=annual_return_id, service_entry=None)
    for response in own.filter(part__decision__in=[decision.value for decision in UNLOCKED]):
        if is_compared(response):
            summarise(response, context_of(response))
            response.save(update_fields=SUMMARY)
