"""What the national team has looked at: how often the warnings of the present collection speak, and a trial of one."""

from questionnaires.models import CheckJob
from questionnaires.tuning.actions import ask, work_on

# A change of the caseload is asked about from two fifths on instead of a quarter.
TRIED = {"question": "SVC-F01", "rule": "F-S1", "tried": {"change_share": "0.4"}}


def count_checks(collection, *, by):
    """Count the warnings of a collection and try a threshold, as a worker would do it."""
    for kind, fields in ((CheckJob.Kind.COUNT, {}), (CheckJob.Kind.TRIAL, TRIED)):
        work_on(ask(collection, kind, by=by, **fields).pk)
