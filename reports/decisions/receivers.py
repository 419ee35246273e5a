"""Who hears of what happens to a return.

Every decision is an event, whoever takes it and on whichever page, so the telling hangs on the event: the messages
are written in its transaction and go out once that has committed. A back-load tells nobody.
"""

from accounts.actions import tell
from accounts.actions.memberships import leads_of
from accounts.models import Membership
from mapping.returns.models import ReturnEvent
from reports.decisions import emails

Kind = ReturnEvent.Kind


def tell_of_event(sender, event, **kwargs):
    """Write the messages that follow from an event; nobody is told what they have done themselves, but for
    the confirmation of a sign-off."""
    organisation = event.annual_return.organisation
    for name, letter, recipients in _letters(event, organisation):
        others = [user for user in recipients if user != event.by or letter is emails.confirmation]
        tell(organisation, others, **letter(event), key=f"event {event.pk} {name}")


def _letters(event, organisation):
    """(name, letter, recipients) of each message about an event."""
    leads, directors = leads_of, _directors_of
    if event.kind == Kind.SUBMITTED:
        return [("submitted", emails.submitted, directors(organisation))]
    if event.kind == Kind.SENT_BACK:
        return [("sent back", emails.sent_back, [*leads(organisation), *directors(organisation)])]
    if event.kind == Kind.SIGNED_OFF:
        told = [*leads(organisation), *directors(organisation)]
        return [("signed off", emails.signed_off, told), ("confirmation", emails.confirmation, [event.by])]
    if event.kind == Kind.REOPENED:
        return [("reopened", emails.reopened, [*leads(organisation), *directors(organisation)])]
    if event.kind == Kind.DECLINED:
        return [("declined", emails.declined, [*leads(organisation), *directors(organisation)])]
    if event.kind == Kind.JOINED_AGAIN:
        return [("joined again", emails.joined_again, [*leads(organisation), *directors(organisation)])]
    if event.kind == Kind.EXTENDED:
        return [("extended", emails.extended, leads(organisation))]
    return []


def _directors_of(organisation):
    directors = Membership.objects.directors().filter(organisation=organisation)
    return [membership.user for membership in directors.select_related("user").order_by("created_at")]
