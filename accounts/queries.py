"""Reads about people and organisations, shaped for the pages that show them. Nothing here writes."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, Max, OuterRef, Q

from accounts import tenancy
from accounts.models import (
    Invitation,
    Membership,
    Message,
    Organisation,
    OrganisationKind,
    OrganisationYear,
    Registration,
    hash_of,
)


def confirmed_addresses(user):
    """The e-mail addresses that the person has proved to be theirs, in lower case, the main one first."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return [address.email.lower() for address in addresses]


def organisations_to_register():
    """Those that may take part now: on the register in its latest year, and voluntary providers."""
    latest = OrganisationYear.objects.aggregate(year=Max("year"))["year"]
    listed = OrganisationYear.objects.filter(organisation=OuterRef("pk"), year=latest, on_register=True)
    return Organisation.objects.filter(Q(kind=OrganisationKind.VOLUNTARY) | Exists(listed))


def organisations_matching(words="", kind="", region=None):
    """Organisations whose names hold all of ``words`` (or code is one); each condition may be empty."""
    found = organisations_to_register().select_related("region")
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word) | Q(official_name__icontains=word) | Q(code__iexact=word)
        )
    if kind:
        found = found.filter(kind=kind)
    if region:
        found = found.filter(region=region)
    return found.order_by("name", "pk")


def registrations_of(user):
    """All registrations of a person, of whatever organisation: they are not members of it yet."""
    with tenancy.staff_reading(f"{user.email} looks at their own registrations"):
        mine = Registration.objects.filter(user=user).select_related("organisation")
        return list(mine.order_by("-created_at"))


def registrants_without_invitation(organisation):
    """Those who were sent to the present lead and could be invited: neither members nor invited since."""
    members = Membership.objects.filter(user=OuterRef("user"), organisation=organisation, ended_at=None)
    invited = Invitation.objects.filter(
        organisation=organisation, email=OuterRef("user__email"), created_at__gte=OuterRef("decided_at")
    )
    referred = Registration.objects.filter(organisation=organisation, status=Registration.Status.REFERRED)
    return referred.filter(~Exists(members), ~Exists(invited)).select_related("user")


def members_of(organisation):
    """Memberships that have not ended, directors who wait for confirmation among them, in order of names."""
    present = organisation.memberships.filter(ended_at=None)
    return present.select_related("user").order_by("user__name", "pk")


def open_invitations(organisation):
    """Invitations that nobody has accepted, the newest first; those past their date among them."""
    waiting = Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)
    return waiting.select_related("invited_by")


def invitation_by_token(token):
    """The Invitation that the token opens, or None."""
    token_hash = hash_of(token)
    organisation_id = tenancy.organisation_of_invitation(token_hash)
    if organisation_id is None:
        return None
    with tenancy.scope(organisation_id):
        invitations = Invitation.objects.select_related("organisation", "provider", "invited_by")
        return invitations.get(token_hash=token_hash)


def providers_named(name):
    """Voluntary providers of this name, whatever its capitals and spaces."""
    return Organisation.objects.voluntary_providers().filter(name__iexact=" ".join(name.split()))


def providers_like(name):
    """Voluntary providers that could be meant by ``name``: one name holds the other; at most ten."""
    sought = " ".join(name.split()).casefold()
    providers = Organisation.objects.voluntary_providers().order_by("name")
    return [p for p in providers if sought in p.name.casefold() or p.name.casefold() in sought][:10]


def messages_for(user):
    """What the person was told, the newest first."""
    return Message.objects.visible_to(user).filter(recipient=user).select_related("organisation")
