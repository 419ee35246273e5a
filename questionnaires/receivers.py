"""What this app does when a lower layer says that something has changed."""


def evaluate_changed_entry(sender, entry, **kwargs):
    """What is asked depends on fields of the entry: its response is evaluated again at once."""
    from questionnaires.actions import evaluate_again  # models are not loaded when this module is

    evaluate_again(entry)


def evaluate_services(sender, annual_return, **kwargs):
    """The full and the short form ask for different things: the responses of all services are evaluated again."""
    from questionnaires.actions import evaluate_services_again

    evaluate_services_again(annual_return)


def evaluate_organisation(sender, annual_return, **kwargs):
    """What an organisation is asked about itself depends on its list: those responses are evaluated again at once."""
    from questionnaires.actions import evaluate_organisation_again

    evaluate_organisation_again(annual_return)


def check_before_submitting(sender, part, **kwargs):
    """What is submitted has been checked by what holds now, also where the queue was down.

    That of the organisation has been compared with the services as they stand.
    """
    from mapping.returns.models import PartKind
    from questionnaires.actions import compare_with_services, recheck_before_submitting

    recheck_before_submitting(part)
    if part.kind == PartKind.ORGANISATION:
        compare_with_services(part.annual_return_id)


def check_unlocked(sender, event, **kwargs):
    """Answers that may change again are held against the checks of today."""
    from mapping.returns.models import ReturnEvent
    from questionnaires.actions import recheck_unlocked

    if event.kind in {ReturnEvent.Kind.SENT_BACK, ReturnEvent.Kind.REOPENED}:
        recheck_unlocked(event.part)


def settle_invitation(sender, instance, **kwargs):
    """Who accepts an invitation gets what their address was asked to answer."""
    if not (instance.accepted_by_id or instance.withdrawn_at):
        return
    from accounts import tenancy
    from questionnaires import actions

    with tenancy.scope(instance.organisation_id):
        actions.settle_invitation(instance)
