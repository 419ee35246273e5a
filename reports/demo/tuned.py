"""What the national team has asked for: how often the warnings of the present collection speak, and a trial of one."""

from questionnaires.models import CheckJob
from questionnaires.tuning.actions import ask

# A change of the caseload is asked about from two fifths on instead of a quarter.
TRIED = {"question": "SVC-F01", "rule": "F-S1", "tried": {"change_share": "0.4"}}


def ask_for_counts(collection, *, by):
    """Have the warnings of a collection counted and a threshold tried, by a worker as soon as there is one."""
    ask(collection, CheckJob.Kind.COUNT, by=by)
    ask(collection, CheckJob.Kind.TRIAL, by=by, **TRIED)
