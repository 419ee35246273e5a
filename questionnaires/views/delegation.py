"""Pages on which leads ask others to answer."""

from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import organisation_page
from accounts.actions import Refused
from accounts.permissions import Permission
from mapping.returns.addresses import page as address_of
from mapping.returns.models import PartKind
from mapping.returns.queries.returns import return_of
from mapping.returns.workflow import Progress
from questionnaires import actions
from questionnaires.forms import DelegateForm, DueForm
from questionnaires.models import Delegation, Response
from questionnaires.queries.lists import (
    asked_about,
    delegations_of,
    entries_chosen,
    part_of,
    pin_of,
    response_of,
    sections_to_give,
    those_who_answer,
)


@organisation_page(Permission.RETURN_DELEGATE)
@rate_limit(action="invite")
def delegate(request, organisation, collection):
    """Give services or questionnaires, whole or by section, to somebody; see who has been asked for them."""
    annual_return = return_of(request.user, organisation, collection)
    if annual_return is None:
        raise Http404("no return")
    wanted = _wanted(request, annual_return)
    if wanted is None or not wanted.names:
        messages.info(request, "Choose the services first, then ask somebody to answer them.")
        return redirect(_services(annual_return))
    form = _form(request, organisation, annual_return, wanted)
    if request.method == "POST" and form.is_valid():
        if done := _delegate(request, form, wanted):
            return redirect(done)
    asked = delegations_of(annual_return, request.user, wanted.present)
    context = {
        "organisation": organisation,
        "form": form,
        "wanted": wanted,
        "asked": asked,
        "annual_return": annual_return,
        "cancel_url": wanted.back,
        "crumbs": [{"label": "Overview", "url": address_of("returns:overview_of", annual_return)}],
    }
    return render(request, "questionnaires/delegate.html", context)


class Wanted:
    """What is to be given: services of the list, a questionnaire of the organisation, or one response."""

    def __init__(self, annual_return, kind, pin, entries, back):
        self.part = part_of(annual_return, kind)
        self.pin, self.entries, self.back = pin, entries, back
        self.names = [entry.name for entry in entries] if pin.key == "service" else [pin.title]
        found = Response.objects.filter(part=self.part, pin=pin)
        self.present = found.filter(service_entry__in=entries) if pin.key == "service" else found

    def responses(self, by):
        """The responses, made where nobody has opened them yet."""
        return actions.open_responses(self.part, self.pin, self.entries or [None], by=by)


def _wanted(request, annual_return):
    """What the address names: ?chosen= entries, ?questionnaire= key, or ?response= id; None for nothing."""
    sent = request.POST if request.method == "POST" else request.GET
    services = _services(annual_return)
    own = address_of("questionnaires:organisation", annual_return)
    if found := response_of(request.user, annual_return, sent.get("response", "")):
        entries = [found.service_entry] if found.service_entry_id else []
        back = address_of("questionnaires:response", annual_return, response=found.pk)
        return Wanted(annual_return, found.part.kind, found.pin, entries, back)
    if key := sent.get("questionnaire"):
        pin = pin_of(annual_return, key)
        is_owed = pin and pin.part_kind == PartKind.ORGANISATION
        return Wanted(annual_return, PartKind.ORGANISATION, pin, [], own) if is_owed else None
    pin = pin_of(annual_return, "service")
    entries = entries_chosen(annual_return, request.user, sent.getlist("chosen"))
    return Wanted(annual_return, PartKind.SERVICES, pin, entries, services) if pin and entries else None


def _services(annual_return):
    """Where services are chosen and show who was asked: the list on the overview."""
    return f"{address_of('returns:overview_of', annual_return)}#services"


def _form(request, organisation, annual_return, wanted):
    return DelegateForm(
        request.POST if "give" in request.POST else None,
        people=those_who_answer(organisation),
        sections=sections_to_give(wanted.part, wanted.pin, wanted.entries),
        latest=_latest(annual_return),
        initial={"sections": request.GET.getlist("section")},
    )


def _latest(annual_return, collection=None):
    """The last day of data entry of a return."""
    closes = (collection or annual_return.collection).entry_closes
    return max(closes, annual_return.extended_to or closes)


def _delegate(request, form, wanted):
    """Ask them; returns where to go, or None with the reason at the form."""
    try:
        sections = form.cleaned_data.get("sections") or [""]
        given = actions.delegate(
            wanted.responses(request.user), form.asked, sections=sections, by=request.user
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    count = len(wanted.names)
    what = wanted.names[0] if count == 1 else f"{count} services"
    messages.success(request, f"{given[0].person} is asked to answer {what}.")
    return wanted.back


def _delegation_or_404(request, organisation, collection, delegation):
    rows = Delegation.objects.visible_to(request.user).standing().select_related(*Delegation.WITH_NAMES)
    return get_object_or_404(
        rows, pk=delegation, organisation=organisation, annual_return__collection=collection
    )


@organisation_page(Permission.RETURN_DELEGATE)
@require_POST
def nudge(request, organisation, collection, delegation):
    """Remind somebody."""
    found = _delegation_or_404(request, organisation, collection, delegation)
    try:
        actions.nudge(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{found.person} has been reminded of {found.response}.")
    return redirect(_back(found))


@organisation_page(Permission.RETURN_DELEGATE)
@require_POST
def take_back(request, organisation, collection, delegation):
    """Ask somebody no longer."""
    found = _delegation_or_404(request, organisation, collection, delegation)
    try:
        actions.take_back(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{found.person} is asked about {found.response} no longer.")
    return redirect(_back(found))


@organisation_page(Permission.RETURN_DELEGATE)
@rate_limit(action="invite")
def hand_over(request, organisation, collection, delegation):
    """Ask somebody else instead."""
    found = _delegation_or_404(request, organisation, collection, delegation)
    form = DelegateForm(
        request.POST or None,
        people=[person for person in those_who_answer(organisation) if person.pk != found.to_id],
        latest=_latest(found.annual_return, collection),
        initial={"due_on": found.due_on},
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.hand_over(found, form.asked, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"{given.person} is asked to answer {found.response} instead of {found.person}."
            )
            return redirect(_back(found))
    context = {"organisation": organisation, "form": form, "delegation": found, "back": _back(found)}
    return render(request, "questionnaires/hand_over.html", context)


def _back(delegation):
    """The page that lists who was asked for the same."""
    page = address_of("questionnaires:delegate", delegation.annual_return)
    return f"{page}?response={delegation.response_id}"


@organisation_page(Permission.RETURN_DELEGATE)
def nudge_chosen(request, organisation, collection):
    """Remind those who are asked to answer the chosen services and have not finished; seen before it is sent."""
    annual_return, asked = _asked_about_chosen(request, organisation, collection)
    waiting = [row for row in asked if row.response.progress != Progress.COMPLETE]
    back = address_of("returns:overview_of", annual_return)
    if not waiting:
        messages.info(request, "Choose services that somebody has been asked to answer and has not finished.")
        return redirect(back)
    if request.method == "POST":
        try:
            _say_who_was_reminded(request, *actions.nudge_all(waiting, by=request.user))
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    context = _chosen_context(organisation, annual_return, waiting)
    return render(request, "questionnaires/nudge_chosen.html", context)


def _say_who_was_reminded(request, reminded, left_in_peace):
    if reminded:
        messages.success(request, f"{_all_of(reminded)} reminded, each in one message.")
    if left_in_peace:
        messages.warning(request, f"Reminded earlier today and left in peace: {', '.join(left_in_peace)}.")


def _all_of(names):
    """``Priya Nair was``, ``Priya Nair and Mark Dunne were``."""
    return f"{names[0]} was" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} were"


@organisation_page(Permission.RETURN_DELEGATE)
def due_chosen(request, organisation, collection):
    """Set the day by which the chosen services are to be answered, for all who have been asked."""
    annual_return, asked = _asked_about_chosen(request, organisation, collection)
    back = address_of("returns:overview_of", annual_return)
    if not asked:
        messages.info(request, "Choose services that somebody has been asked to answer.")
        return redirect(back)
    form = DueForm(request.POST if request.method == "POST" else None, latest=_latest(annual_return))
    if form.is_valid():
        due_on = form.cleaned_data["due_on"]
        actions.set_due_date(asked, due_on, by=request.user)
        day = f"due on {due_on:%-d %B %Y}" if due_on else "without a due date"
        count = len({row.response_id for row in asked})
        messages.success(request, f"{count} service{' is' if count == 1 else 's are'} {day} now.")
        return redirect(back)
    context = {**_chosen_context(organisation, annual_return, asked), "form": form}
    return render(request, "questionnaires/due_chosen.html", context)


def _asked_about_chosen(request, organisation, collection):
    """The return, and who has been asked about the services of ?chosen=."""
    annual_return = return_of(request.user, organisation, collection)
    if annual_return is None:
        raise Http404("no return")
    sent = request.POST if request.method == "POST" else request.GET
    return annual_return, asked_about(annual_return, request.user, sent.getlist("chosen"))


def _chosen_context(organisation, annual_return, asked):
    overview = address_of("returns:overview_of", annual_return)
    return {
        "organisation": organisation,
        "annual_return": annual_return,
        "asked": asked,
        "chosen": sorted({row.response.service_entry_id for row in asked}),
        "cancel_url": overview,
        "crumbs": [{"label": "Overview", "url": overview}],
    }
