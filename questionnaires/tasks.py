"""Background jobs of questionnaires."""

from celery import shared_task


@shared_task(name="questionnaires.work_on_checks")
def work_on_checks(job_id):
    """Work for a while on a job that goes through the answers of a collection; it is queued again until it is done."""
    from questionnaires.tuning.actions import work_on

    work_on(job_id)


@shared_task(name="questionnaires.work_on_waiting_checks")
def work_on_waiting_checks():
    """Queue again every such job that waits, that a worker left, or that failed and may be tried again."""
    from questionnaires.tuning.actions import jobs_due, queue

    for job_id in jobs_due():
        queue(job_id)


@shared_task(name="questionnaires.make_peer_ranges")
def make_peer_ranges():
    """Ask for the figures of peers of closed collections in which something was decided since they were made."""
    from questionnaires.tuning.actions import ask_for_peers

    ask_for_peers()


@shared_task(name="questionnaires.check_across")
def check_across():
    """Run the rules across organisations where something has been decided since. Safe to run at any time."""
    from questionnaires.actions import check_stale_collections

    check_stale_collections()


@shared_task(name="questionnaires.compare_with_services")
def compare_with_services(annual_return_id, organisation_id):
    """Compare what an organisation says about itself with its services again. Safe to run at any time."""
    from accounts import tenancy
    from questionnaires.actions import compare_with_services

    with tenancy.scope(organisation_id):
        compare_with_services(annual_return_id)
