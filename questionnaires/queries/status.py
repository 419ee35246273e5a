"""Whether answers are taken now, and whether what somebody was asked is still asked."""

from mapping.core import clock
from mapping.returns.roles import roles_of


def why_closed(part):
    """Why a part takes no answers now, in words for the person who tried; "" while it does."""
    if part.takes_answers:
        return ""
    if part.annual_return.is_declined:
        return "Your organisation has declined to take part in this collection."
    if not part.is_unlocked:
        decision = part.get_decision_display().lower()
        return f"The {part.kind} part is {decision}. You can read the answers but not change them."
    if clock.today() < part.collection.entry_opens:
        return f"Data entry opens on {part.collection.entry_opens:%-d %B %Y}."
    return f"Data entry closed on {part.closes_on:%-d %B %Y}. Ask the helpdesk if you need more time."


def why_not_owed(response):
    """Why a questionnaire about the organisation is not owed any more, in words; "" while it is, and of a service.

    The answers stay and count for nothing; they count again if the organisation is asked again.
    """
    if response.service_entry_id:
        return ""
    organisation, collection = response.organisation, response.part.collection
    if roles_of(organisation, collection).intersection(response.pin.respondents):
        return ""
    return (
        f"{organisation} does not owe this questionnaire any more, as its list of services and the register "
        "stand. The answers are kept and count for nothing, unless it is asked again."
    )


def why_not_asked(delegation):
    """Why there is nothing left to be answered of what somebody was asked, in words; "" while there is."""
    if not delegation.is_asked:
        return f"Section {delegation.section} of {delegation.response} is not asked any more."
    return why_not_owed(delegation.response)
