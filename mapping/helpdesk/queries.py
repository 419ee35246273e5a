"""What waits for the helpdesk, read as staff; regional support workers see their regions only."""

from accounts.models import (
    Invitation,
    Membership,
    Message,
    Organisation,
    OrganisationRequest,
    Registration,
    Role,
)
from mapping.returns.models import AnnualReturn, Collection, Part, ReturnEvent
from mapping.returns.queries.lists import share_to_confirm
from questionnaires.queries.findings import counts_of


def waiting_registrations(user):
    """Registrations that nobody has decided, the oldest first."""
    waiting = Registration.objects.visible_to(user).filter(status=Registration.Status.WAITING)
    return waiting.select_related("organisation__region", "user").order_by("created_at")


def waiting_directors(user):
    """Memberships of directors whom nobody has confirmed, the oldest first."""
    waiting = Membership.objects.filter(
        role=Role.DIRECTOR,
        confirmed_at=None,
        ended_at=None,
        organisation__in=Organisation.objects.visible_to(user),
    )
    return waiting.select_related("organisation__region", "user").order_by("created_at")


def inviters_of(directors):
    """Who invited these directors: (organisation id, user id) -> name of the inviter."""
    accepted = Invitation.objects.filter(
        role=Role.DIRECTOR, accepted_by__in=[director.user_id for director in directors]
    )
    rows = accepted.values_list("organisation_id", "accepted_by_id", "invited_by__name")
    return {(organisation, user): name for organisation, user, name in rows}


def open_requests():
    """Wishes to have an organisation added, the oldest first."""
    waiting = OrganisationRequest.objects.filter(answered_at=None)
    return waiting.select_related("user").order_by("created_at")


def undelivered_mails(user):
    """Messages whose mail was given up, the newest first; at most twenty."""
    failed = Message.objects.visible_to(user).filter(mail_status=Message.MailStatus.GIVEN_UP)
    return failed.select_related("organisation")[:20]


def organisations_found(user, words):
    """Organisations that the person may look at, by words of their name or by code."""
    found = Organisation.objects.visible_to(user).select_related("region")
    for word in words.split():
        found = found.filter(name__icontains=word) | found.filter(code__iexact=word)
    return found.order_by("name", "pk")


def current_return(organisation):
    """(return of the current collection or None, its parts with progress, its latest events).

    ``to_confirm`` of a part says how many of its answers are still last year's.
    """
    returns = AnnualReturn.objects.filter(organisation=organisation, collection=Collection.objects.current())
    annual_return = returns.select_related("collection", "organisation").first()
    parts = Part.objects.filter(annual_return=annual_return).with_progress().with_problems()
    parts = list(parts.select_related("collection", "annual_return"))
    for part in parts:
        part.to_confirm = share_to_confirm(part.unconfirmed, part.filled)
    events = ReturnEvent.objects.filter(annual_return=annual_return).select_related("by", "part")
    return (
        annual_return,
        parts,
        list(events.order_by("-recorded_at")[:20]),
    )


def finding_counts(annual_return):
    """(findings of rules across organisations, how many are explained) of a return; None without one."""
    return counts_of(annual_return) if annual_return else None
