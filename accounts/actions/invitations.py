"""Inviting people by e-mail: colleagues, directors, and voluntary providers that a commissioner names."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts import emails
from accounts.actions.audit import record
from accounts.actions.errors import Refused
from accounts.actions.memberships import hold, join, leads_of, refuse_role
from accounts.actions.messages import tell, write_message
from accounts.actions.registrations import add_organisation
from accounts.models import Invitation, OrganisationKind, Role, User, hash_of
from accounts.queries import confirmed_addresses, providers_named


@transaction.atomic
def invite(organisation, *, email, role, by, name="", note=""):
    """Invite somebody to a role of the organisation, and return the Invitation; its mail is on the way.

    An open invitation of the same address is sent again, or replaced if it was to another role.
    Raises Refused where the person has the role already or may not take it.
    """
    known = User.objects.filter(email=email.lower()).first()
    if known:
        _refuse_known(organisation, known, role)
    earlier = _open_invitations(organisation).filter(email=email.lower(), provider_name="").first()
    if earlier and earlier.role == role:
        return send_again(earlier, by=by)
    if earlier:
        withdraw(earlier, by=by)
    return _send(
        Invitation(organisation=organisation, email=email.lower(), role=role, name=name, note=note), by
    )


def _refuse_known(organisation, user, role):
    refuse_role(organisation, user, role)
    present = user.memberships.filter(organisation=organisation, ended_at=None).first()
    if present and (present.role == role or role == Role.CONTRIBUTOR):
        raise Refused(f"{user.name} is {present.get_role_display().lower()} of {organisation.name} already.")


@transaction.atomic
def invite_provider(organisation, *, provider_name, email, by, provider=None, name="", note=""):
    """Invite a voluntary provider that the organisation pays for to list its services.

    provider: its Organisation if it is on the register; else one is made when the invitation is accepted.
    Raises Refused if the organisation is no commissioner, or the provider has a mapping lead already.
    """
    if organisation.kind not in {OrganisationKind.LOCAL_AUTHORITY, OrganisationKind.PCT}:
        raise Refused("Only local authorities and primary care trusts invite providers.")
    if provider and leads_of(provider):
        raise Refused(
            f"{provider.name} takes part already. Name it as the provider in your list of services."
        )
    return _send(
        Invitation(
            organisation=organisation,
            provider_name=provider.name if provider else provider_name,
            provider=provider,
            email=email.lower(),
            role=Role.LEAD,
            name=name,
            note=note,
        ),
        by,
    )


def _send(invitation, by):
    """Keep the invitation and mail it. Nobody knows a token yet: one is made as the mail goes out."""
    invitation.invited_by = by
    invitation.token_hash = hash_of(Invitation.new_token())
    invitation.save()
    organisation = invitation.organisation
    record("invited", user=by, organisation=organisation, person=invitation.email, role=invitation.role)
    _mail(invitation)
    return invitation


def _mail(invitation):
    letter = emails.invitation(invitation)
    write_message(
        invitation.organisation, invitation.email, letter["subject"], letter["body"], invitation=invitation
    )


def _open_invitations(organisation):
    return Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)


@transaction.atomic
def send_again(invitation, *, by):
    """Mail an unanswered invitation once more, for another 30 days; its earlier link stops working."""
    held = _held(invitation)
    if held.accepted_at or held.withdrawn_at:
        raise Refused("This invitation is accepted or withdrawn. Invite the person anew.")
    held.created_at = timezone.now()
    held.token_hash = hash_of(Invitation.new_token())
    held.save(update_fields=["created_at", "token_hash"])
    record("invited again", user=by, organisation=held.organisation, person=held.email, role=held.role)
    _mail(held)
    return held


@transaction.atomic
def withdraw(invitation, *, by):
    """Make the link of an invitation useless."""
    held = _held(invitation)
    if held.accepted_at:
        raise Refused(f"{held.email} has accepted already. End the membership instead.")
    held.withdrawn_at = held.withdrawn_at or timezone.now()
    held.save(update_fields=["withdrawn_at"])
    record("invitation withdrawn", user=by, organisation=held.organisation, person=held.email, role=held.role)
    return held


def _held(invitation):
    invitations = Invitation.objects.select_for_update(of=["self"])
    return invitations.select_related("organisation", "provider", "invited_by").get(pk=invitation.pk)


@transaction.atomic
def accept(invitation, *, by, post="", same_provider=None):
    """Take the role that one is invited to; returns the Membership.

    same_provider: for a provider that was not on the register when it was invited, the Organisation of
    the same name that the person says is theirs. Raises Refused if the link is used up, was sent to another
    address, or the role cannot be taken.
    """
    held = _held(invitation)
    if not held.is_open:
        raise Refused("This invitation was used, withdrawn, or is too old. Ask for a new one.")
    if held.email.lower() not in confirmed_addresses(by):
        raise Refused(f"This invitation was sent to {held.email}. Sign in with that address to accept it.")
    organisation = _joined_organisation(held, same_provider)
    hold(organisation)
    if held.is_of_provider and leads_of(organisation):
        raise Refused(
            f"{organisation.name} has a mapping lead already. Register for it, and they will hear of you."
        )
    membership = join(organisation, by, held.role, post=post)
    held.accepted_at, held.accepted_by = timezone.now(), by
    held.save(update_fields=["accepted_at", "accepted_by"])
    record("invitation accepted", user=by, organisation=organisation, role=membership.role)
    tell(held.organisation, [held.invited_by], **emails.invitation_accepted(held, membership))
    return membership


def _joined_organisation(invitation, same_provider):
    """Where the membership goes: the inviting organisation, or the provider, which may have to be made."""
    if not invitation.is_of_provider:
        return invitation.organisation
    if invitation.provider:
        return invitation.provider
    if same_provider:
        return providers_named(invitation.provider_name).get(pk=same_provider.pk)
    region = invitation.organisation.region
    return add_organisation(name=invitation.provider_name, kind=OrganisationKind.VOLUNTARY, region=region)


@transaction.atomic
def sign_up_and_accept(invitation, *, name, password, post="", same_provider=None):
    """Make an account for the invited address and accept; returns (User, Membership).

    The link came by mail, so it proves the address. Raises Refused if there is an account with that address.
    """
    email = invitation.email.lower()
    if User.objects.filter(email=email).exists():
        raise Refused(f"There is an account for {email} already. Sign in to accept.")
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user, accept(invitation, by=user, post=post, same_provider=same_provider)
