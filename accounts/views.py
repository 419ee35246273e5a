"""Pages about people: registering, inviting, joining, one's own account and messages."""

from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import actions, queries, tenancy
from accounts.access import organisation_page, personal_page, public_page
from accounts.forms import (
    AcceptForm,
    InviteForm,
    InviteProviderForm,
    OrganisationRequestForm,
    RegisterForm,
    SameProviderForm,
    SearchForm,
    SignUpAndAcceptForm,
    SignUpSameProviderForm,
    YouForm,
)
from accounts.models import Invitation, Membership, OrganisationKind, Registration, User
from accounts.permissions import Permission, may
from accounts.signals import PENDING_REGISTRATION

A_PAGE = 25


# -- Registering -----------------------------------------------------------------------------------


@public_page
def register(request):
    """Find your organisation in the register."""
    form = SearchForm(request.GET)
    sought = form.cleaned_data if form.is_valid() else {}
    found = queries.organisations_matching(sought.get("q", ""), sought.get("kind", ""), sought.get("region"))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "has_searched": any(sought.values()),
        "query": f"&{query.urlencode()}" if query else "",
    }
    return render(request, "accounts/register.html", context)


@public_page
@rate_limit(action="register")
def register_for(request, slug):
    """Say who you are; an anonymous visitor goes on to make an account, and the registration follows it."""
    chosen = get_object_or_404(queries.organisations_to_register(), slug=slug)
    form = RegisterForm(request.POST or None, initial=_pending(request, chosen))
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/register_for.html", {"chosen": chosen, "form": form})
    if not request.user.is_authenticated:
        request.session[PENDING_REGISTRATION] = {"organisation": chosen.slug, **form.cleaned_data}
        return redirect("account_signup")
    try:
        registration = actions.register(chosen, by=request.user, **form.cleaned_data)
    except actions.Refused as refusal:
        notices.warning(request, str(refusal))
        return redirect("accounts:you")
    request.session.pop(PENDING_REGISTRATION, None)
    if registration.status == Registration.Status.APPROVED:
        notices.success(request, f"You are now the mapping lead of {chosen.full_name}.")
        return redirect("returns:overview", organisation=chosen.slug)
    return redirect("accounts:you")


def _pending(request, chosen):
    """What somebody who had to sign in first has filled in already."""
    pending = request.session.get(PENDING_REGISTRATION) or {}
    return pending if pending.get("organisation") == chosen.slug else {}


@personal_page
@rate_limit(action="organisation_request")
def request_organisation(request):
    """Ask for an organisation to be added to the register."""
    form = OrganisationRequestForm(request.POST or None, initial={"name": request.GET.get("q", "")})
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/request_organisation.html", {"form": form})
    try:
        actions.request_organisation(by=request.user, **form.cleaned_data)
    except actions.Refused as refusal:
        notices.warning(request, str(refusal))
    else:
        notices.success(request, "The helpdesk will look at your request and answer by mail.")
    return redirect("accounts:you")


# -- Invitations -----------------------------------------------------------------------------------


@public_page
@rate_limit(action="invitation")
def invitation(request, token):
    """Accept an invitation: signed in, or by making an account on the way."""
    invited = queries.invitation_by_token(token)
    if invited is None:
        raise Http404("no such invitation")
    context = {"invitation": invited, "refusal": _refusal(invited, request.user)}
    if context["refusal"]:
        return render(
            request, "accounts/invitation.html", context, status=410 if not invited.is_open else 200
        )
    form = _accept_form(request, invited)
    if form and form.is_valid():
        try:
            return _accepted(request, invited, form.cleaned_data)
        except actions.Refused as refusal:
            context["refusal"] = str(refusal)
    return render(request, "accounts/invitation.html", {**context, "form": form})


def _refusal(invited, user):
    """Why this person cannot accept, in words, or nothing."""
    if invited.accepted_at:
        return "This invitation has been accepted already. Sign in to go on."
    if invited.withdrawn_at:
        return (
            f"This invitation was withdrawn. Ask {invited.invited_by.name} if you think it was meant for you."
        )
    if not invited.is_open:
        return f"This invitation is too old. Ask {invited.invited_by.name} to send it again."
    if user.is_authenticated and invited.email.lower() not in queries.confirmed_addresses(user):
        return (
            f"This invitation was sent to {invited.email}, and you are signed in as {user.email}. "
            "Sign out and open the link again, or ask for an invitation to your own address."
        )
    return ""


def _accept_form(request, invited):
    """The form that fits: with name and password for a newcomer, with a choice where a provider of this name
    is on the register; None for somebody who has an account and must sign in first."""
    asks_which = invited.is_of_provider and not invited.provider
    asks_which = asks_which and queries.providers_named(invited.provider_name).exists()
    if request.user.is_authenticated:
        form_class = SameProviderForm if asks_which else AcceptForm
        form = form_class(request.POST or None)
        # Accepting needs no answer at all, so an empty form that was sent counts as one.
        form.is_bound = request.method == "POST"
    elif User.objects.filter(email=invited.email.lower()).exists():
        return None
    else:
        form_class = SignUpSameProviderForm if asks_which else SignUpAndAcceptForm
        form = form_class(request.POST or None, initial={"name": invited.name})
        form.email = invited.email
    if asks_which:
        same = queries.providers_named(invited.provider_name)
        form.fields["same_provider"].queryset = same
    return form


def _accepted(request, invited, answers):
    """Accept, sign a newcomer in, and go to what the person may open now."""
    with tenancy.scope(invited.organisation_id):
        if request.user.is_authenticated:
            membership = actions.accept(invited, by=request.user, **answers)
        else:
            user, membership = actions.sign_up_and_accept(invited, **answers)
            perform_login(request, user)
    joined = membership.organisation
    if membership.waits_for_confirmation:
        notices.success(
            request, f"Accepted. The helpdesk will confirm you as director of {joined.full_name}."
        )
        return redirect("accounts:you")
    role = membership.get_role_display().lower()
    notices.success(request, f"You are now {role} of {joined.full_name}.")
    return redirect("returns:overview", organisation=joined.slug)


# -- The people of an organisation -----------------------------------------------------------------


@organisation_page(Permission.PEOPLE_MANAGE, Permission.RETURN_READ)
def people(request, organisation):
    context = {
        "organisation": organisation,
        "members": queries.members_of(organisation),
        "invitations": queries.open_invitations(organisation),
        "registrants": queries.registrants_without_invitation(organisation),
        "may_manage": may(request.user, Permission.PEOPLE_MANAGE, organisation),
        "may_invite_providers": organisation.is_local_authority or organisation.is_pct,
    }
    return render(request, "accounts/people.html", context)


@organisation_page(Permission.PEOPLE_MANAGE)
@rate_limit(action="invite")
def invite(request, organisation):
    form = InviteForm(request.POST or None, initial={"role": request.GET.get("role", "")})
    if form.is_valid():
        try:
            invited = actions.invite(organisation, by=request.user, **form.cleaned_data)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            notices.success(request, f"The invitation to {invited.email} is on its way.")
            return _to_people(organisation)
    context = {"organisation": organisation, "form": form, "crumbs": _crumbs(organisation)}
    return render(request, "accounts/invite.html", context)


@organisation_page(Permission.PEOPLE_MANAGE)
@rate_limit(action="invite")
def invite_provider(request, organisation):
    """Invite a voluntary provider; one of a like name that the register has is offered first."""
    if organisation.kind not in {OrganisationKind.LOCAL_AUTHORITY, OrganisationKind.PCT}:
        raise Http404("only commissioners invite providers")
    form = InviteProviderForm(request.POST or None)
    like = queries.providers_like(request.POST.get("provider_name", "")) if form.is_bound else []
    if like:
        form.offer(like)
    if form.is_valid() and (not like or form.cleaned_data["which"]):
        answers = form.cleaned_data
        which = answers.pop("which", "new")
        provider = next((p for p in like if p.slug == which), None)
        try:
            invited = actions.invite_provider(organisation, by=request.user, provider=provider, **answers)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            notices.success(request, f"The invitation of {invited.provider_name} is on its way.")
            return _to_people(organisation)
    context = {"organisation": organisation, "form": form, "crumbs": _crumbs(organisation)}
    return render(request, "accounts/invite_provider.html", context)


@organisation_page(Permission.PEOPLE_MANAGE)
@require_POST
@rate_limit(action="invite")
def invite_registrant(request, organisation, registration):
    """Invite, with one button, somebody who registered for the organisation after its lead."""
    rows = Registration.objects.visible_to(request.user).select_related("user")
    asked = get_object_or_404(
        rows, organisation=organisation, pk=registration, status=Registration.Status.REFERRED
    )
    role = request.POST.get("role")
    return _try(
        request,
        organisation,
        lambda: actions.invite(
            organisation,
            email=asked.user.email,
            name=asked.user.name,
            role=role if role in {"contributor", "deputy"} else "contributor",
            by=request.user,
        ),
        f"The invitation to {asked.user.name} is on its way.",
    )


@organisation_page(Permission.PEOPLE_MANAGE)
@require_POST
@rate_limit(action="invite")
def send_again(request, organisation, invitation):
    found = _own_invitation(request, organisation, invitation)
    done = f"The invitation to {found.email} was sent again. Its earlier link no longer works."
    return _try(request, organisation, lambda: actions.send_again(found, by=request.user), done)


@organisation_page(Permission.PEOPLE_MANAGE)
def withdraw(request, organisation, invitation):
    """Withdraw an invitation, after asking."""
    found = _own_invitation(request, organisation, invitation)
    if request.method != "POST":
        context = {"organisation": organisation, "invitation": found, "crumbs": _crumbs(organisation)}
        return render(request, "accounts/withdraw.html", context)
    done = f"The invitation to {found.email} is withdrawn. Its link no longer works."
    return _try(request, organisation, lambda: actions.withdraw(found, by=request.user), done)


@organisation_page(Permission.PEOPLE_MANAGE)
def end_membership(request, organisation, membership):
    """End somebody's part in the organisation, after asking."""
    found = _own_membership(organisation, membership)
    if request.method != "POST":
        context = {"organisation": organisation, "membership": found, "crumbs": _crumbs(organisation)}
        return render(request, "accounts/end_membership.html", context)
    done = f"{found.user.name} no longer takes part for {organisation.name}."
    return _try(request, organisation, lambda: actions.end_membership(found, by=request.user), done)


@organisation_page(Permission.PEOPLE_MANAGE)
def hand_over(request, organisation, membership):
    """Make somebody else the mapping lead, after asking."""
    found = _own_membership(organisation, membership)
    if request.method != "POST":
        context = {"organisation": organisation, "membership": found, "crumbs": _crumbs(organisation)}
        return render(request, "accounts/hand_over.html", context)
    done = f"{found.user.name} is now the mapping lead of {organisation.name}."
    return _try(request, organisation, lambda: actions.hand_over(found, by=request.user), done)


def _own_invitation(request, organisation, pk):
    rows = Invitation.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, organisation=organisation, pk=pk)


def _own_membership(organisation, pk):
    rows = Membership.objects.filter(organisation=organisation, ended_at=None)
    return get_object_or_404(rows.select_related("organisation", "user"), pk=pk)


def _try(request, organisation, act, done):
    """Act, say how it went, and go back to the people of the organisation."""
    try:
        act()
    except actions.Refused as refusal:
        notices.warning(request, str(refusal))
    else:
        notices.success(request, done)
    return _to_people(organisation)


def _to_people(organisation):
    return redirect("accounts:people", organisation=organisation.slug)


def _crumbs(organisation):
    url = reverse("accounts:people", kwargs={"organisation": organisation.slug})
    return [{"label": "People", "url": url}]


# -- One's own pages -------------------------------------------------------------------------------


@personal_page
def you(request):
    """One's own account: name, roles, what waits, and the way to password and second factor."""
    form = YouForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        notices.success(request, "Saved.")
        return redirect("accounts:you")
    memberships = request.user.memberships.filter(ended_at=None).select_related("organisation")
    context = {
        "form": form,
        "memberships": memberships.order_by("organisation__name"),
        "registrations": queries.registrations_of(request.user),
        "requests": request.user.organisation_requests.order_by("-created_at"),
    }
    return render(request, "accounts/you.html", context)


@personal_page
def messages(request):
    """What one was told, unread first in weight but in order of time."""
    told = queries.messages_for(request.user)
    page = Paginator(told, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "unread": told.filter(read_at=None).count()}
    return render(request, "accounts/messages.html", context)


@personal_page
@require_POST
def message_open(request, message):
    """Mark one message as read and go where it points."""
    told = queries.messages_for(request.user).filter(pk=message)
    found = get_object_or_404(told)
    actions.mark_read(told)
    return redirect(found.link or "accounts:messages")


@personal_page
@require_POST
def messages_read(request):
    actions.mark_read(queries.messages_for(request.user))
    return redirect("accounts:messages")
