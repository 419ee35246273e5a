"""Pages from checking to signing off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import organisation_page
from accounts.permissions import Permission, may
from mapping.returns import actions
from mapping.returns.actions.parts import why_not_now
from mapping.returns.addresses import page
from mapping.returns.queries.returns import parts_of
from mapping.returns.views.shared import crumbs, return_or_404
from mapping.returns.workflow import Action, Decision, WrongStatus
from questionnaires.actions import why_closed
from questionnaires.queries.findings import findings_of, gone_findings_of
from reports.decisions.forms import CheckFilterForm, DecisionForm, DeclineForm, SubmitForm
from reports.decisions.queries import check as left
from reports.decisions.queries import parts as reads
from reports.decisions.queries import summary as summaries

EXPLANATIONS_SHOWN = 10
CHANGES_SHOWN = 15
EXPLANATIONS_A_PAGE = 50


def _posted(request):
    """What a form is filled with: nothing while a page is only looked at."""
    return request.POST if request.method == "POST" else None


# -- Checking -------------------------------------------------------------------------------------------------


@organisation_page(Permission.RETURN_READ)
def check(request, organisation, collection):
    """All that stands between now and submitting, with links to the very field."""
    annual_return = return_or_404(request, organisation, collection)
    parts = parts_of(annual_return)
    for part in parts:
        part.annual_return, part.organisation = annual_return, organisation
    lines = left.lines_of(annual_return, parts, request.user)
    is_lead = may(request.user, Permission.RETURN_SUBMIT, organisation)
    names = reads.directors_of(organisation).names
    context = {
        "annual_return": annual_return,
        "organisation": organisation,
        "crumbs": crumbs(annual_return),
        "parts": [_part_row(part, is_lead) for part in parts],
        "sent_back": reads.sent_back(annual_return, parts, request.user),
        "closed_because": _why_all_closed(parts),
        "is_lead": is_lead,
        "findings": findings_of(request.user, annual_return),
        "gone_findings": gone_findings_of(request.user, annual_return),
        **_listed(request, lines),
    }
    if not annual_return.is_declined:
        if is_lead:
            context["step"] = left.step_of_lead(annual_return, parts, lines, names)
        else:
            context["step"] = left.step_of_director(annual_return, parts)
    return render(request, "reports/decisions/check.html", context)


def _part_row(part, is_lead):
    """A part with what is left in words, and the one thing to do about it."""
    url = page("reports:sign_off", part.annual_return, kind=part.kind)
    if part.is_unlocked:
        words, action = (
            reads.what_is_left(part),
            "What your director will see" if is_lead else "See it so far",
        )
        if is_lead and reads.is_ready(part):
            url, action = page("reports:submit", part.annual_return, kind=part.kind), "Submit it"
        return {"part": part, "left": words, "url": url, "action": action}
    is_waiting = part.decision == Decision.SUBMITTED and not is_lead
    return {
        "part": part,
        "left": [],
        "url": url,
        "action": "Read and decide" if is_waiting else "See the summary",
    }


def _why_all_closed(parts):
    """Why no open part takes answers now; empty while one does, or where none is open."""
    unlocked = [part for part in parts if part.is_unlocked]
    if not unlocked or any(part.takes_answers for part in unlocked):
        return ""
    return why_closed(unlocked[0])


def _listed(request, lines):
    """The lines that the address asks for, with what chooses among them."""
    form = CheckFilterForm(request.GET, left.people_of(lines))
    person, only = form.chosen("person"), form.chosen("only")
    found = left.found(lines, person)
    listed = Paginator(left.chosen(found, only), left.PAGE_LENGTH).get_page(request.GET.get("page"))
    left.with_findings(listed.object_list, request.user)
    return {
        "filters": form,
        "only": only,
        "chosen_person": person,
        "page": listed,
        "query": _query(request, "page"),
        "complete_count": sum(line.is_complete for line in lines),
        "line_count": len(lines),
        "chips": [
            {
                "label": left.FILTERS[key][0],
                "url": f"?only={key}{_query(request, 'page', 'only')}#left",
                "count": count,
                "current": key == only,
            }
            for key, count in left.counts_of(found).items()
        ],
    }


def _query(request, *without):
    """The query of this address without some of its words, to be appended: ``&person=...``."""
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return f"&{query.urlencode()}" if query else ""


# -- Submitting -----------------------------------------------------------------------------------------------


def _part_or_404(request, organisation, collection, kind):
    """(the part, all parts of its return), or 404 where the organisation owes none of that kind."""
    part, parts = reads.part_of(request.user, organisation, collection, kind)
    if part is None:
        raise Http404("no such part")
    return part, parts


@organisation_page(Permission.RETURN_SUBMIT)
def submit(request, organisation, collection, kind):
    """Hand a part to the director, with a note; afterwards the page says where it is."""
    part, parts = _part_or_404(request, organisation, collection, kind)
    form = SubmitForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit(part, by=request.user, note=form.cleaned_data["note"])
        except WrongStatus as problem:
            messages.error(request, f"Nothing was submitted. {problem}")
        else:
            names = reads.directors_of(organisation).names
            told = (
                f"{names} has been told."
                if names
                else "Invite your director: nobody is there yet to sign it off."
            )
            messages.success(request, f"The {kind.label.lower()} part has gone for sign-off. {told}")
        return redirect(page("reports:submit", part.annual_return, kind=kind))
    events = reads.events_of(part, request.user)
    context = {
        **_frame(part, parts, events),
        "form": form,
        "left": reads.what_is_left(part) if part.is_unlocked else [],
        "is_ready": reads.is_ready(part),
        "not_now": why_not_now(part, Action.SUBMIT) if part.is_unlocked else "",
        "directors": reads.directors_of(organisation),
        "invite_url": reverse("accounts:invite", kwargs={"organisation": organisation.slug}),
        "next_ready": next((other for other in parts if other.pk != part.pk and reads.is_ready(other)), None),
    }
    if context["is_ready"]:
        context["explained_count"] = len(summaries.summary_of(part, request.user).unusual)
    return render(request, "reports/decisions/submit.html", context)


def _frame(part, parts, events):
    """What every page of a part shows around its own."""
    return {
        "part": part,
        "annual_return": part.annual_return,
        "organisation": part.organisation,
        "name": part.get_kind_display().lower(),
        "crumbs": [
            *crumbs(part.annual_return),
            {"label": "Check and submit", "url": page("reports:check", part.annual_return)},
        ],
        "others": [other for other in parts if other.pk != part.pk],
        "events": events,
        "last": reads.last_decision(events),
        "submission": reads.last_submission(events),
    }


# -- Deciding -------------------------------------------------------------------------------------------------


@organisation_page(Permission.RETURN_DECIDE, Permission.RETURN_READ)
def sign_off(request, organisation, collection, kind):
    """The director's page; leads read the same without the box."""
    part, parts = _part_or_404(request, organisation, collection, kind)
    may_decide = may(request.user, Permission.RETURN_DECIDE, organisation)
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    events = reads.events_of(part, request.user)
    submission = reads.last_submission(events)
    form = DecisionForm(_posted(request), to=str(submission.by) if submission else "")
    if request.method == "POST" and form.is_valid():
        return _decide(request, part, form)
    is_due, profile = reads.profile_of(part, parts)
    context = {
        **_frame(part, parts, events),
        **_summary(part, request.user),
        "form": form,
        "may_decide": may_decide and part.decision == Decision.SUBMITTED,
        "is_director": may_decide,
        "not_now": why_not_now(part, Action.SIGN_OFF) if part.decision == Decision.SUBMITTED else "",
        "profile_is_due": is_due,
        "profile": profile,
        "is_being_made": is_due and (profile is None or profile.status in ("waiting", "making")),
        "is_last_part": all(other.pk == part.pk or other.decision == Decision.SIGNED_OFF for other in parts),
        "results_url": page("reports:documents", part.annual_return),
    }
    return render(request, "reports/decisions/sign_off.html", context)


def _decide(request, part, form):
    note, name = form.cleaned_data["note"], f"the {part.get_kind_display().lower()} part"
    try:
        if form.cleaned_data["decision"] == DecisionForm.SIGN_OFF:
            actions.sign_off(part, by=request.user, note=note)
            words = f"You have signed off {name}. {form.to} has been told; you get a confirmation by mail."
        else:
            actions.send_back(part, by=request.user, note=note)
            words = f"{name.capitalize()} has gone back. {form.to} has been told and can change the answers."
    except WrongStatus as problem:
        messages.error(request, f"Your decision was not taken. {_overtaken(request, part) or problem}")
    else:
        messages.success(request, words)
    return redirect(page("reports:sign_off", part.annual_return, kind=part.kind))


def _overtaken(request, part):
    """Who else has decided about the part since this person saw it, in words; empty if nobody has."""
    event = reads.last_decision(reads.events_of(part, request.user))
    if event is None or event.by == request.user:
        return ""
    return f"The part was {event.get_kind_display().lower()} by {event.by} in the meantime."


def _summary(part, user):
    summary = summaries.summary_of(part, user)
    answers = summaries.changed_answers(summary)
    return {
        "summary": summary,
        "figures": summaries.figures_of(summary, user),
        "list_changes": summaries.list_changes(summary, user),
        "answers": answers,
        "changes_first": answers.changed[:CHANGES_SHOWN] if answers else [],
        "changes_rest": answers.changed[CHANGES_SHOWN:] if answers else [],
        "unusual": summary.unusual[:EXPLANATIONS_SHOWN],
        "unusual_count": len(summary.unusual),
        "explanations_url": page("reports:explanations", part.annual_return, kind=part.kind),
        "quality": summaries.quality_of(summary).rows,
        "findings": findings_of(user, part.annual_return, part.kind),
    }


@organisation_page(Permission.RETURN_DECIDE, Permission.RETURN_READ)
def explanations(request, organisation, collection, kind):
    """Everything that was unusual in a part, with the reasons."""
    part, parts = _part_or_404(request, organisation, collection, kind)
    summary = summaries.summary_of(part, request.user)
    context = {
        **_frame(part, parts, []),
        "summary": summary,
        "page": Paginator(summary.unusual, EXPLANATIONS_A_PAGE).get_page(request.GET.get("page")),
    }
    url = page("reports:sign_off", part.annual_return, kind=kind)
    context["crumbs"].append({"label": f"{part.get_kind_display()} part", "url": url})
    return render(request, "reports/decisions/explanations.html", context)


@organisation_page(Permission.RETURN_READ, Permission.RETURN_EXTEND)
def decisions(request, organisation, collection, kind):
    """The history of a part: who decided what, when, with which note. The helpdesk reads it too."""
    part, parts = _part_or_404(request, organisation, collection, kind)
    context = _frame(part, parts, reads.events_of(part, request.user))
    if not may(request.user, Permission.RETURN_READ, organisation):
        context["crumbs"] = []  # staff have come from their own pages
    return render(request, "reports/decisions/decisions.html", context)


# -- Declining ------------------------------------------------------------------------------------------------


@organisation_page(Permission.RETURN_SUBMIT)
def decline(request, organisation, collection):
    """Take no part this year, or after all."""
    annual_return = return_or_404(request, organisation, collection)
    form = DeclineForm(_posted(request))
    if request.method == "POST" and (annual_return.is_declined or form.is_valid()):
        return _decline_or_join(request, annual_return, form)
    context = {
        "annual_return": annual_return,
        "organisation": organisation,
        "form": form,
        "crumbs": crumbs(annual_return),
    }
    return render(request, "reports/decisions/decline.html", context)


def _decline_or_join(request, annual_return, form):
    """Whichever of the two the return is not yet."""
    try:
        if annual_return.is_declined:
            actions.join_again(annual_return, by=request.user)
            words = f"{annual_return.organisation.name} takes part in {annual_return.collection} again."
        else:
            actions.decline(annual_return, by=request.user, reason=form.cleaned_data["reason"])
            words = "It is noted that you take no part. You can take this back on the same page."
    except WrongStatus as problem:
        messages.error(request, f"Nothing has changed. {problem}")
    else:
        messages.success(request, words)
    return redirect(page("reports:decline", annual_return))
