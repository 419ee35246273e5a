"""Pages of the helpdesk: registrations, directors, requests for organisations, extensions, reopening."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import actions as people
from accounts import tenancy
from accounts.access import staff_page
from accounts.models import Membership, Organisation, OrganisationRequest, Registration, Role
from accounts.permissions import Permission, may
from mapping.helpdesk import actions, queries
from mapping.helpdesk.forms import AddOrganisationForm, ExtendForm, ReasonForm


@staff_page(Permission.RETURN_PROGRESS)
@require_safe
def registrations(request):
    """All that waits for a decision about people."""
    directors = list(queries.waiting_directors(request.user))
    inviters = queries.inviters_of(directors)
    for director in directors:
        director.inviter = inviters.get((director.organisation_id, director.user_id))
    context = {
        "registrations": queries.waiting_registrations(request.user),
        "directors": directors,
        "organisation_requests": queries.open_requests(),
        "undelivered": queries.undelivered_mails(request.user),
        "may_approve": may(request.user, Permission.REGISTRATIONS_APPROVE),
    }
    return render(request, "helpdesk/registrations.html", context)


@staff_page(Permission.REGISTRATIONS_APPROVE)
@require_POST
def approve(request, pk):
    registration = _registration(request, pk)

    def act():
        done = people.approve(registration, by=request.user)
        if done.status == Registration.Status.REFERRED:
            return f"{done.user.name} was sent to the mapping lead who is there by now."
        return f"{done.user.name} is now the mapping lead of {done.organisation.full_name}."

    return _try(request, act)


@staff_page(Permission.REGISTRATIONS_APPROVE)
def decline(request, pk):
    registration = _registration(request, pk)
    heading = (
        f"Decline the registration of {registration.user.name} for {registration.organisation.full_name}"
    )

    def act(reason):
        people.decline(registration, by=request.user, reason=reason)
        return f"{registration.user.name} was told that the registration is declined."

    return _with_reason(request, heading, "Decline the registration", act)


@staff_page(Permission.REGISTRATIONS_APPROVE)
@require_POST
def confirm_director(request, pk):
    director = _director(pk)

    def act():
        people.confirm_director(director, by=request.user)
        return f"{director.user.name} is confirmed as director of {director.organisation.full_name}."

    return _try(request, act)


@staff_page(Permission.REGISTRATIONS_APPROVE)
def decline_director(request, pk):
    director = _director(pk)

    def act(reason):
        people.decline_director(director, by=request.user, reason=reason)
        return f"{director.user.name} is not director; the mapping lead was told why."

    heading = f"Refuse {director.user.name} as director of {director.organisation.full_name}"
    return _with_reason(request, heading, "Refuse as director", act)


@staff_page(Permission.REGISTRATIONS_APPROVE)
def add_requested(request, pk):
    """Add the organisation that somebody asked for, and make them its mapping lead."""
    asked = get_object_or_404(OrganisationRequest, pk=pk)
    form = AddOrganisationForm(request.POST or None, initial={"name": asked.name, "kind": asked.kind})
    if not form.is_valid():
        context = {"form": form, "asked": asked, "crumbs": _crumbs()}
        return render(request, "helpdesk/add_organisation.html", context)

    def act():
        added = people.add_requested(asked, by=request.user, **form.cleaned_data)
        return f"{added.name} is on the register, and {asked.user.name} is its mapping lead."

    return _try(request, act)


@staff_page(Permission.REGISTRATIONS_APPROVE)
def decline_request(request, pk):
    asked = get_object_or_404(OrganisationRequest, pk=pk)

    def act(reason):
        people.decline_request(asked, by=request.user, answer=reason)
        return f"{asked.user.name} was told why {asked.name} is not added."

    return _with_reason(request, f"Do not add {asked.name}", "Send this answer", act)


@staff_page(Permission.RETURN_PROGRESS)
@require_safe
def returns(request):
    """Find the organisation whose return is to be extended or reopened."""
    words = request.GET.get("q", "")
    page = Paginator(queries.organisations_found(request.user, words), 25).get_page(request.GET.get("page"))
    return render(request, "helpdesk/returns.html", {"page": page, "words": words, "crumbs": _crumbs()})


@staff_page(Permission.RETURN_PROGRESS)
@require_safe
def annual_return(request, slug):
    found = _organisation(request, slug)
    current, parts, events = queries.current_return(found)
    context = {
        "found": found,
        "annual_return": current,
        "parts": parts,
        "events": events,
        "findings": queries.finding_counts(current),
        "may_extend": may(request.user, Permission.RETURN_EXTEND),
        "crumbs": [*_crumbs(), {"label": "Returns", "url": reverse("helpdesk:returns")}],
    }
    return render(request, "helpdesk/return.html", context)


@staff_page(Permission.RETURN_EXTEND)
def extend(request, slug):
    found = _organisation(request, slug)
    form = ExtendForm(request.POST or None)
    if form.is_valid():
        try:
            actions.extend(found, by=request.user, **form.cleaned_data)
        except people.Refused as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, f"Data entry of {found.full_name} is extended.")
            return redirect("helpdesk:return", slug=found.slug)
    context = {
        "form": form,
        "heading": f"Extend data entry of {found.full_name}",
        "button": "Extend data entry",
        "crumbs": _crumbs_of(found),
    }
    return render(request, "helpdesk/form.html", context)


@staff_page(Permission.RETURN_EXTEND)
def reopen(request, slug, kind):
    """Open a signed-off part again; the reason is kept with the event."""
    found = _organisation(request, slug)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.reopen(found, kind, reason=form.cleaned_data["reason"], by=request.user)
        except people.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The {kind} part of {found.full_name} is open again.")
            return redirect("helpdesk:return", slug=found.slug)
    context = {
        "form": form,
        "heading": f"Reopen the {kind} part of {found.full_name}",
        "button": "Reopen the part",
        "danger": True,
        "crumbs": _crumbs_of(found),
    }
    return render(request, "helpdesk/form.html", context)


def _organisation(request, slug):
    return get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)


def _registration(request, pk):
    """A registration of any organisation, in whatever state; the action says if it is decided already."""
    with tenancy.staff_reading(f"{request.user} decides about a registration"):
        rows = Registration.objects.visible_to(request.user).select_related("organisation", "user")
        return get_object_or_404(rows, pk=pk)


def _director(pk):
    directors = Membership.objects.filter(role=Role.DIRECTOR).select_related("organisation", "user")
    return get_object_or_404(directors, pk=pk)


def _with_reason(request, heading, button, act):
    """Ask for a reason, then act with it."""
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        return _try(request, lambda: act(form.cleaned_data["reason"]))
    context = {"form": form, "heading": heading, "button": button, "danger": True, "crumbs": _crumbs()}
    return render(request, "helpdesk/form.html", context)


def _try(request, act):
    """Act, say what came of it, and go back to what waits."""
    try:
        messages.success(request, act())
    except people.Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("helpdesk:registrations")


def _crumbs():
    return [{"label": "Registrations", "url": reverse("helpdesk:registrations")}]


def _crumbs_of(organisation):
    url = reverse("helpdesk:return", kwargs={"slug": organisation.slug})
    return [*_crumbs(), {"label": organisation.name, "url": url}]
