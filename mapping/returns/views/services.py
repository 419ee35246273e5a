"""The list of services: looking at it, adding, changing, closing, merging, and saying that it is complete."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import organisation_page
from accounts.permissions import Permission, may
from mapping.returns import actions
from mapping.returns.addresses import page
from mapping.returns.classification import classification
from mapping.returns.forms import (
    CategoryForm,
    CloseForm,
    MergeForm,
    PartnerFormSet,
    ServiceForm,
    StructureForm,
)
from mapping.returns.importing.suggest import suggest
from mapping.returns.models import Department, EntryForm, Locality, ServiceEntry
from mapping.returns.queries import directory
from mapping.returns.queries.joint import partner_states
from mapping.returns.queries.lists import and_, count
from mapping.returns.queries.returns import predecessors_of, respondents_of, to_carry, to_inherit
from mapping.returns.views.shared import crumbs, list_of
from mapping.returns.workflow import WrongStatus


@organisation_page(Permission.RETURN_READ)
def services(request, organisation, collection):
    """The list itself: what is on it, since when, and what has ended."""
    annual_return, part, closed_because = list_of(request, organisation, collection)
    entries = directory.entries_of(annual_return, request.user)
    context = {
        **_frame(request, annual_return, part, closed_because),
        "crumbs": crumbs(annual_return),
        "to_carry": None if closed_because else to_carry(annual_return),
        "to_inherit": [] if closed_because else to_inherit(annual_return),
        **directory.listed(entries, request.GET),
    }
    return render(request, "returns/services.html", context)


@organisation_page(Permission.RETURN_SETUP)
@require_POST
def services_carry(request, organisation, collection):
    """Bring last year's list over."""
    annual_return, _, _ = list_of(request, organisation, collection)
    try:
        of = to_carry(annual_return).of
        carried = actions.carry_list_forward(annual_return, by=request.user)
    except WrongStatus as refusal:
        messages.error(request, str(refusal))
    else:
        number = len(carried)
        messages.success(
            request,
            f"{number} service{'' if number == 1 else 's'} brought over from {of}. "
            "Now add what is new, and close what has ended.",
        )
    return _to_list(annual_return)


@organisation_page(Permission.RETURN_SETUP)
def services_inherit(request, organisation, collection):
    """Choose which services of a predecessor have become those of this organisation."""
    annual_return, part, closed_because = list_of(request, organisation, collection)
    offered = [] if closed_because else to_inherit(annual_return)
    if request.method == "POST":
        return _inherit(request, annual_return)
    context = {
        **_frame(request, annual_return, part, closed_because),
        "crumbs": crumbs(annual_return, "services"),
        "offered": offered,
        "predecessors": and_(predecessors_of(offered)),
        "is_first_time": not annual_return.service_entries.exists(),
    }
    return render(request, "returns/services_inherit.html", context)


def _inherit(request, annual_return):
    """Bring the ticked ones over."""
    chosen = [int(pk) for pk in request.POST.getlist("entry") if pk.isascii() and pk.isdigit()]
    try:
        entries = actions.inherit_list(annual_return, chosen, by=request.user)
    except WrongStatus as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{count(len(entries), 'service')} brought over with their history.")
    return _to_list(annual_return)


@organisation_page(Permission.RETURN_SETUP)
@require_POST
def services_confirm(request, organisation, collection):
    """Say that the list is complete, or open it again."""
    annual_return, part, _ = list_of(request, organisation, collection)
    try:
        if request.POST.get("decision") == "open":
            actions.unconfirm_list(part, by=request.user)
            messages.success(request, "The list is open again. Say so once it is complete.")
        else:
            actions.confirm_list(part, by=request.user)
            messages.success(request, "Your list of services is complete. You can open it again at any time.")
    except WrongStatus as refusal:
        messages.error(request, str(refusal))
    return _to_list(annual_return)


@organisation_page(Permission.RETURN_SETUP)
@require_POST
def services_form(request, organisation, collection):
    """Ask all services of a long list the short form, or the full one again."""
    annual_return, _, _ = list_of(request, organisation, collection)
    form = EntryForm.SHORT if request.POST.get("form") == EntryForm.SHORT else EntryForm.FULL
    try:
        changed = actions.choose_form(annual_return, form, by=request.user)
    except WrongStatus as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{count(changed, 'service')} changed to the {form.value} form.")
    return _to_list(annual_return)


# -- Adding ---------------------------------------------------------------------------------------------------


@organisation_page(Permission.RETURN_SETUP)
def service_add(request, organisation, collection):
    """Three short pages: the group, the category in it, the service."""
    annual_return, part, closed_because = list_of(request, organisation, collection)
    frame = {
        **_frame(request, annual_return, part, closed_because),
        "crumbs": crumbs(annual_return, "services"),
    }
    if closed_because:
        return render(request, "returns/closed.html", frame)
    category = _category(organisation, request.GET.get("category"))
    if category is None:
        return _pick(request, organisation, frame)
    instance = ServiceEntry(category=category.code, organisation=organisation, provider=organisation)
    form, partners = _forms(request, annual_return, instance)
    if form.is_valid() and partners.is_valid():
        fields = {**form.changes, "joint_with": partners.joint_with}
        new = actions.NewService(fields.pop("name"), category.code, fields)
        try:
            entry = actions.add_service(annual_return, new, by=request.user)
        except WrongStatus as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{entry.name} is on your list, with the reference {entry.reference}.")
        return _to_list(annual_return)
    return _form_page(request, frame, form, partners, category=category)


def _pick(request, organisation, frame, entry=None):
    """The two steps of the picker: first the group, then its categories with what belongs there."""
    respondents = respondents_of(organisation)
    groups = classification().by_group(respondents)
    chosen = next((pair for pair in groups if pair[0].key == request.GET.get("group")), None)
    context = {
        **frame,
        "groups": groups,
        "entry": entry,
        "is_authority": "LA" in respondents,
        **_suggested(request, organisation),
    }
    if chosen is None:
        return render(request, "returns/pick_group.html", context)
    context |= {
        "group": chosen[0],
        "categories": chosen[1],
        "form": CategoryForm(request.GET if "pick" in request.GET else None, organisation=organisation),
    }
    return render(request, "returns/pick_category.html", context)


def _suggested(request, organisation):
    """A category for what somebody wrote about the service, with the words that led to it."""
    about = request.GET.get("about", "").strip()[:2000]
    if not about:
        return {}
    suggestion = suggest("", about)
    codes = [suggestion.category, suggestion.second, *suggestion.candidates]
    fitting = [_category(organisation, code) for code in dict.fromkeys(codes) if code]
    return {
        "about": about,
        "suggestion": suggestion,
        "fitting": [category for category in fitting if category],
    }


def _category(organisation, code):
    """The category of that code if the organisation may enter it, or None."""
    open_categories = classification().open_to(respondents_of(organisation))
    return next((category for category in open_categories if category.code == code), None)


def _forms(request, annual_return, instance):
    data = _posted(request)
    form = ServiceForm(data, instance=instance, annual_return=annual_return)
    return form, PartnerFormSet(data, prefix="partners", initial=directory.partners_of(instance))


def _form_page(request, frame, form, partners, **context):
    organisation = frame["annual_return"].organisation
    context |= {
        **frame,
        "form": form,
        "partners": partners,
        "problems": [
            {"text": text, "target": partner[name].id_for_label}
            for partner in partners
            for name, texts in partner.errors.items()
            for text in texts
        ],
        "register": directory.neighbours_of(organisation),
    }
    return render(request, "returns/service_form.html", context)


# -- One service ----------------------------------------------------------------------------------------------


def _entry(request, annual_return, pk):
    entries = ServiceEntry.objects.visible_to(request.user).select_related(
        "service", "provider", "lead_organisation", "merged_into", "annual_return__organisation", "collection"
    )
    return get_object_or_404(entries, annual_return=annual_return, pk=pk)


def _opened(request, organisation, collection, pk):
    """What a page about one service begins with: the entry, the return, why it is closed, and the frame."""
    annual_return, part, closed_because = list_of(request, organisation, collection)
    entry = _entry(request, annual_return, pk)
    frame = {
        **_frame(request, annual_return, part, closed_because),
        "crumbs": crumbs(annual_return, "services"),
        "entry": entry,
    }
    return entry, annual_return, closed_because, frame


@organisation_page(Permission.RETURN_SETUP)
def service_edit(request, organisation, collection, entry):
    entry, annual_return, closed_because, frame = _opened(request, organisation, collection, entry)
    if closed_because:
        return render(request, "returns/closed.html", frame)
    if entry.is_gone:
        return render(request, "returns/service_gone.html", frame)
    form, partners = _forms(request, annual_return, entry)
    if form.is_valid() and partners.is_valid():
        changes = {**form.changes, "joint_with": partners.joint_with}
        _try(request, f"{changes['name']} is saved.", actions.edit_entry, entry, changes)
        return _to_list(annual_return)
    category = classification().categories[entry.category]
    said = partner_states([entry]).get(entry.pk, [])
    return _form_page(request, frame, form, partners, category=category, partner_states=said)


@organisation_page(Permission.RETURN_SETUP)
def service_category(request, organisation, collection, entry):
    """Choose another category, with the same picker as for a new service."""
    entry, annual_return, closed_because, frame = _opened(request, organisation, collection, entry)
    if closed_because:
        return render(request, "returns/closed.html", frame)
    if request.method == "POST":
        category = _category(organisation, request.POST.get("category"))
        if category is None:
            raise Http404("no such category")
        _try(
            request,
            f"{entry.name} is now {category}.",
            actions.edit_entry,
            entry,
            {"category": category.code},
        )
        return redirect(page("returns:service_edit", annual_return, entry=entry.pk))
    picked = _category(organisation, request.GET.get("category"))
    if picked:
        return render(request, "returns/category_confirm.html", {**frame, "category": picked})
    return _pick(request, organisation, frame, entry)


@organisation_page(Permission.RETURN_SETUP)
def service_close(request, organisation, collection, entry):
    entry, annual_return, closed_because, frame = _opened(request, organisation, collection, entry)
    if closed_because:
        return render(request, "returns/closed.html", frame)
    form = CloseForm(_posted(request), collection=collection)
    if form.is_valid():
        on = form.cleaned_data["on"]
        _try(
            request,
            f"{entry.name} closed on {on:%-d %B %Y}. It stays in your list.",
            actions.close_entry,
            entry,
            on=on,
        )
        return _to_list(annual_return)
    return render(request, "returns/service_close.html", {**frame, "form": form})


@organisation_page(Permission.RETURN_SETUP)
def service_merge(request, organisation, collection, entry):
    entry, annual_return, closed_because, frame = _opened(request, organisation, collection, entry)
    if closed_because:
        return render(request, "returns/closed.html", frame)
    form = MergeForm(_posted(request), entry=entry, initial={"into": request.GET.get("into")})
    if form.is_valid():
        into, on = form.cleaned_data["into"], form.cleaned_data["on"]
        words = f"{entry.name} is part of {into.name} from {on:%-d %B %Y}."
        _try(request, words, actions.merge_entry, entry, into, on=on)
        return _to_list(annual_return)
    other = (
        form.fields["into"]
        .queryset.filter(pk=_number(request.GET.get("into")))
        .select_related("service")
        .first()
    )
    return render(request, "returns/service_merge.html", {**frame, "form": form, "other": other})


@organisation_page(Permission.RETURN_SETUP)
@require_POST
def service_open_again(request, organisation, collection, entry):
    entry, annual_return, _, _ = _opened(request, organisation, collection, entry)
    _try(request, f"{entry.name} is open again.", actions.open_entry_again, entry)
    return _to_list(annual_return)


@organisation_page(Permission.RETURN_SETUP)
def service_remove(request, organisation, collection, entry):
    """Take a service that was added by mistake off the list."""
    entry, annual_return, closed_because, frame = _opened(request, organisation, collection, entry)
    if closed_because:
        return render(request, "returns/closed.html", frame)
    if request.method != "POST":
        return render(request, "returns/service_remove.html", frame)
    _try(request, f"{entry.name} is off your list.", actions.remove_entry, entry)
    return _to_list(annual_return)


# -- Departments and localities -------------------------------------------------------------------------------


@organisation_page(Permission.RETURN_SETUP)
def structure(request, organisation, collection):
    annual_return, part, closed_because = list_of(request, organisation, collection)
    models = {"departments": Department, "localities": Locality}
    initial = {name: "\n".join(map(str, model.objects.visible_to(request.user).filter(organisation=organisation)))
               for name, model in models.items()}  # fmt: skip
    form = StructureForm(_posted(request), initial=initial)
    if form.is_valid():
        for name, model in models.items():
            kept = actions.rename_structure(model, annual_return, form.cleaned_data[name])
            _tell_kept(request, name, kept, form.cleaned_data[name])
        messages.success(request, "Departments and localities are saved.")
        return _to_list(annual_return)
    frame = _frame(request, annual_return, part, closed_because)
    return render(
        request,
        "returns/structure.html",
        {**frame, "form": form, "crumbs": crumbs(annual_return, "services")},
    )


def _tell_kept(request, name, kept, wanted):
    """Say which ones stay because a service uses them."""
    if used := [str(place) for place in kept if str(place) not in wanted]:
        messages.warning(request, f"Services use {', '.join(used)}, so these {name} stay.")


# -- Shared ---------------------------------------------------------------------------------------------------


def _frame(request, annual_return, part, closed_because):
    return {
        "annual_return": annual_return,
        "organisation": annual_return.organisation,
        "collection": annual_return.collection,
        "part": part,
        "closed_because": closed_because,
        "is_lead": may(request.user, Permission.RETURN_SETUP, annual_return.organisation),
    }


def _try(request, words, action, entry, *args, **kwargs):
    """Do an action on an entry; say ``words`` once it is done, or why it cannot be done."""
    try:
        action(entry, *args, by=request.user, **kwargs)
    except WrongStatus as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)


def _posted(request):
    """What a form is bound to: nothing until it has been sent."""
    return request.POST if request.method == "POST" else None


def _to_list(annual_return):
    return redirect(page("returns:services", annual_return))


def _number(text):
    return int(text) if text and text.isdecimal() else None
