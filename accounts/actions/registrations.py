"""Becoming the mapping lead of an organisation: by an address of its own, or through the helpdesk."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts import emails, tenancy
from accounts.actions.audit import record
from accounts.actions.errors import Refused
from accounts.actions.memberships import hold, join, leads_of, refuse_role
from accounts.actions.messages import tell
from accounts.models import EmailDomain, Organisation, OrganisationRequest, Registration, Role
from accounts.queries import confirmed_addresses

Status = Registration.Status


@transaction.atomic
def register(organisation, *, by, post, note=""):
    """Ask for ``by`` to become the mapping lead, and return the Registration with what has come of it.

    Unconfirmed address: waits for that. A lead is there: referred to them. Registered domain: approved at
    once. All else waits for the helpdesk. Raises Refused for staff, directors, leads, and who asked already.
    """
    with tenancy.scope(organisation):
        hold(organisation)
        refuse_role(organisation, by, Role.LEAD)
        if by in leads_of(organisation):
            raise Refused(f"You lead the return of {organisation.name} already.")
        mine = Registration.objects.filter(organisation=organisation, user=by)
        if mine.filter(status__in=[Status.UNCONFIRMED, Status.WAITING]).exists():
            raise Refused(
                f"You have registered for {organisation.name} already. The helpdesk will answer by mail."
            )
        registration = Registration.objects.create(organisation=organisation, user=by, post=post, note=note)
        _settle(registration)
    return registration


def settle_registrations(user):
    """Decide what waited for the person's address to be confirmed; returns their Registrations."""
    with tenancy.staff_reading(f"registrations of {user.email}, who has confirmed an address"):
        waiting = list(
            Registration.objects.filter(user=user, status=Status.UNCONFIRMED).select_related("organisation")
        )
    for registration in waiting:
        with tenancy.scope(registration.organisation):
            hold(registration.organisation)
            _settle(registration)
    return waiting


def _settle(registration):
    """Refer, approve or leave to the helpdesk; the organisation is held and in scope."""
    organisation = registration.organisation
    addresses = confirmed_addresses(registration.user)
    if not addresses:
        return
    leads = leads_of(organisation)
    own = [a for a in addresses if EmailDomain.objects.owned_by(organisation, a).exists()]
    if leads:
        _refer(registration, leads[0])
    elif own:
        _approve(registration, by=None, reason=f"{own[0]} is an address of the organisation.")
    else:
        _decide(registration, Status.WAITING)


def _decide(registration, status, *, by=None, reason=""):
    registration.status, registration.reason, registration.decided_by = status, reason, by
    if status != Status.WAITING:
        registration.decided_at = timezone.now()
    registration.save()


def _refer(registration, lead):
    """Send whoever came second to whoever came first, and tell both."""
    _decide(registration, Status.REFERRED, reason=f"{lead.name} is the mapping lead.")
    organisation = registration.organisation
    tell(organisation, [registration.user], **emails.registration_referred(registration, lead))
    tell(organisation, [lead], **emails.lead_asked(registration))


def _approve(registration, *, by, reason):
    """Make the person the lead, and send others who wait for the same organisation to them."""
    organisation, user = registration.organisation, registration.user
    join(organisation, user, Role.LEAD, post=registration.post)
    _decide(registration, Status.APPROVED, by=by, reason=reason)
    record(
        "registration approved", user=by or user, organisation=organisation, person=user.email, reason=reason
    )
    tell(organisation, [user], **emails.registration_approved(registration))
    others = Registration.objects.filter(organisation=organisation, status=Status.WAITING)
    for other in others.select_related("organisation", "user"):
        _refer(other, user)


@transaction.atomic
def approve(registration, *, by):
    """Approve, for the helpdesk, what waits for it. Refers instead if a lead is there by now.

    Raises Refused where somebody has decided already or the person has become director meanwhile.
    """
    with tenancy.scope(registration.organisation):
        hold(registration.organisation)
        held = _still_waiting(registration)
        leads = leads_of(held.organisation)
        if leads:
            _refer(held, leads[0])
        else:
            _approve(held, by=by, reason="Approved by the helpdesk.")
    return held


@transaction.atomic
def decline(registration, *, by, reason):
    """Decline what waits, with a reason that the person is told."""
    with tenancy.scope(registration.organisation):
        hold(registration.organisation)
        held = _still_waiting(registration)
        _decide(held, Status.DECLINED, by=by, reason=reason)
        person = held.user.email
        record("registration declined", user=by, organisation=held.organisation, person=person, reason=reason)
        tell(held.organisation, [held.user], **emails.registration_declined(held))
    return held


def _still_waiting(registration):
    held = Registration.objects.select_related("organisation", "user").get(pk=registration.pk)
    if held.status != Status.WAITING:
        raise Refused(f"This registration is decided already: {held.get_status_display().lower()}.")
    return held


def request_organisation(*, by, name, kind, post, note=""):
    """Ask the helpdesk to add an organisation to the register. Raises Refused for staff."""
    if by.staff_role:
        raise Refused("Staff accounts take no part for an organisation. Use an account of your own for that.")
    return OrganisationRequest.objects.create(user=by, name=name, kind=kind, post=post, note=note)


@transaction.atomic
def add_requested(request, *, by, answer="", **fields):
    """Add the organisation to the register, with these ``fields``; who asked becomes its mapping lead."""
    held = _unanswered(request)
    organisation = add_organisation(**fields)
    _answer(held, by=by, answer=answer or f"{organisation.name} was added to the register.")
    with tenancy.scope(organisation):
        record("organisation added", user=by, organisation=organisation, asked_by=held.user.email)
        registration = Registration.objects.create(organisation=organisation, user=held.user, post=held.post)
        _approve(registration, by=by, reason="The organisation was added at this person's request.")
    return organisation


@transaction.atomic
def decline_request(request, *, by, answer):
    """Answer why the organisation is not added. It goes by mail at once: it is in nobody's messages."""
    held = _unanswered(request)
    _answer(held, by=by, answer=answer)
    record("organisation request declined", user=by, name=held.name, asked_by=held.user.email)
    transaction.on_commit(lambda: emails.send_request_answer(held), robust=True)


def _unanswered(request):
    held = (
        OrganisationRequest.objects.select_for_update(of=["self"]).select_related("user").get(pk=request.pk)
    )
    if held.answered_at:
        raise Refused("Somebody has answered this request already.")
    return held


def _answer(request, *, by, answer):
    request.answer, request.answered_by, request.answered_at = answer, by, timezone.now()
    request.save()


def add_organisation(*, name, kind, region=None, code="", la_type=""):
    """Add an organisation to the register under an address of its own."""
    return Organisation.objects.create(
        name=name, kind=kind, region=region, code=code or None, la_type=la_type, slug=_free_slug(name)
    )


# First words of addresses of the site itself; an organisation's address must not begin with one.
_TAKEN = {
    "accounts",
    "admin",
    "demonstration",
    "gallery",
    "healthz",
    "helpdesk",
    "invitation",
    "messages",
    "register",
    "static",
    "tables",
    "you",
}


def _free_slug(name):
    """An address for the organisation that neither another one nor the site itself has."""
    base = slugify(name)[:110] or "organisation"
    taken = _TAKEN | set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)
