"""Who holds which role in an organisation: joining, handing over, ending, confirming directors."""

from django.db import transaction
from django.utils import timezone

from accounts import emails
from accounts.actions.audit import record
from accounts.actions.errors import Refused
from accounts.actions.messages import tell
from accounts.models import Membership, Organisation, Role

# A role that includes the ones before it; a director stands outside, for nobody both submits and signs off.
_RANKS = [Role.CONTRIBUTOR, Role.DEPUTY, Role.LEAD]


def hold(organisation):
    """Let one transaction at a time decide who leads ``organisation``."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def join(organisation, user, role, *, post=""):
    """Give ``user`` the role, or leave them the higher one that they hold; returns the Membership.

    Raises Refused for staff, and where lead and director would be one person. The organisation must be held.
    """
    refuse_role(organisation, user, role)
    present = user.memberships.filter(organisation=organisation, ended_at=None).first()
    if present is None:
        present = Membership(user=user, organisation=organisation, role=role, post=post)
    elif role in _RANKS and _RANKS.index(present.role) < _RANKS.index(role):
        present.role = role
    present.post = post or present.post
    present.save()
    return present


def refuse_role(organisation, user, role):
    """Raise Refused if ``user`` may not take this role beside what they are already."""
    if user.staff_role:
        raise Refused("Staff accounts take no part for an organisation. Use an account of your own for that.")
    present = user.memberships.filter(organisation=organisation, ended_at=None).first()
    if present and (present.role == Role.DIRECTOR) != (role == Role.DIRECTOR):
        raise Refused(
            f"{user.name} is {present.get_role_display().lower()} of {organisation.name} and cannot be "
            f"{Role(role).label.lower()} as well: whoever signs off must not be one who answers and submits. "
            "End the present role first."
        )


def ended(membership):
    """Close the membership; the row stays as history."""
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])


@transaction.atomic
def end_membership(membership, *, by):
    """End somebody's part in an organisation and tell them. Raises Refused for its mapping lead."""
    organisation = membership.organisation
    hold(organisation)
    membership.refresh_from_db()
    if membership.ended_at:
        raise Refused(f"{membership.user.name} takes no part any more.")
    if membership.role == Role.LEAD:
        raise Refused("A return cannot be without a mapping lead. Hand the lead over first.")
    ended(membership)
    record(
        "membership ended",
        user=by,
        organisation=organisation,
        person=membership.user.email,
        role=membership.role,
    )
    tell(organisation, [membership.user], **emails.membership_ended(membership, by))


@transaction.atomic
def hand_over(membership, *, by):
    """Make a contributor or deputy the mapping lead; the present leads become deputies."""
    organisation = membership.organisation
    hold(organisation)
    membership.refresh_from_db()
    if membership.ended_at or membership.role not in {Role.CONTRIBUTOR, Role.DEPUTY}:
        raise Refused("The lead goes to a contributor or a deputy.")
    leads = Membership.objects.active().filter(organisation=organisation, role=Role.LEAD)
    told = [lead.user for lead in leads.select_related("user")] + [membership.user]
    leads.update(role=Role.DEPUTY)
    membership.role = Role.LEAD
    membership.save(update_fields=["role"])
    record("lead handed over", user=by, organisation=organisation, to=membership.user.email)
    tell(organisation, told, **emails.lead_handed_over(membership, by))


@transaction.atomic
def confirm_director(membership, *, by):
    """Confirm, for the helpdesk, that this person directs the organisation; they and the leads hear of it."""
    _waiting_director(membership)
    membership.confirmed_at = timezone.now()
    membership.save(update_fields=["confirmed_at"])
    organisation = membership.organisation
    record("director confirmed", user=by, organisation=organisation, person=membership.user.email)
    tell(organisation, [membership.user, *leads_of(organisation)], **emails.director_confirmed(membership))


@transaction.atomic
def decline_director(membership, *, by, reason):
    """End the membership of somebody who is not the director; the leads are told why."""
    _waiting_director(membership)
    ended(membership)
    organisation = membership.organisation
    record(
        "director declined", user=by, organisation=organisation, person=membership.user.email, reason=reason
    )
    told = [membership.user, *leads_of(organisation)]
    tell(organisation, told, **emails.director_declined(membership, reason))


def _waiting_director(membership):
    """Hold the row and refuse if somebody has decided about this director in the meantime."""
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if held.ended_at or not held.waits_for_confirmation:
        raise Refused("Somebody has decided about this director already.")


def leads_of(organisation):
    """The people who lead the organisation's return: the lead first, then deputies."""
    leads = organisation.memberships.leads().select_related("user").order_by("created_at")
    return [m.user for m in sorted(leads, key=lambda m: m.role != Role.LEAD)]
