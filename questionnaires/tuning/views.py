"""Pages of the national team about the checks of a collection."""

from collections import Counter
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import staff_page
from accounts.permissions import Permission
from mapping.returns.classification import classification
from mapping.returns.models import Collection
from questionnaires.models import CheckJob
from questionnaires.rules import read_thresholds, tunable
from questionnaires.rules.thresholds import as_stored, read_value
from questionnaires.tuning import actions, rows, settings
from questionnaires.tuning.forms import ThresholdForm

LINES_A_PAGE = 50
VALUES_A_PAGE = 50
Kind = CheckJob.Kind

CHANGES = {
    "off": ("Switch it off", "It finds nothing at this question any more, in this collection only."),
    "general": ("Go by what holds for all questions", "What was set for this question alone is dropped."),
}


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_safe
def latest(request):
    """On to the checks of the collection that is being answered."""
    collection = Collection.objects.current()
    if collection is None:
        raise Http404("no collection yet")
    return redirect("questionnaires:checks_of", collection=collection)


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_safe
def checks(request, collection):
    """All soft rules by question: what they go by, how often they found something, and what came of it."""
    counted = rows.latest(collection, Kind.COUNT, status=CheckJob.Status.DONE)
    newest = rows.latest(collection, Kind.COUNT)
    lines = rows.lines_of(collection, counted)
    asked = {name: request.GET.get(name, "") for name in ("words", "only", "questionnaire")}
    found = rows.chosen(lines, **asked)
    context = {
        "collection": collection,
        "collections": Collection.objects.order_by("-year"),
        "counted": counted,
        "counting": newest if newest and not newest.finished_at else None,
        "applying": rows.latest(collection, Kind.APPLY, finished_at=None),
        "page": Paginator(found, LINES_A_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "filters": rows.FILTERS,
        "questionnaires": [
            (key, questionnaire.title) for key, questionnaire in rows.questionnaires_of(collection)
        ],
        "query": "".join(f"&{urlencode({name: value})}" for name, value in asked.items() if value),
        "has_rules": bool(lines),
    }
    return render(request, "questionnaires/tuning/checks.html", context)


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_POST
def count(request, collection):
    """Have it counted anew how often the checks find something."""
    actions.ask(collection, Kind.COUNT, by=request.user)
    return redirect("questionnaires:checks_of", collection=collection)


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_safe
def status(request, collection, job):
    """How far a job is: the piece that its page asks for again and again; without scripts the page itself."""
    found = get_object_or_404(CheckJob.objects.defer("state"), pk=job, collection=collection)
    whole = _page_of(found)
    if not request.headers.get("HX-Request"):
        return redirect(whole)
    response = render(
        request, "questionnaires/tuning/_progress.html", {"job": found, "collection": collection}
    )
    if not found.is_pending:
        response["HX-Redirect"] = whole
    return response


def _page_of(job):
    if job.kind == Kind.TRIAL:
        return reverse("questionnaires:trial", kwargs={"collection": job.collection, "job": job.pk})
    return reverse("questionnaires:checks_of", kwargs={"collection": job.collection})


@staff_page(Permission.COLLECTIONS_MANAGE)
def rule(request, collection, question, rule):
    """One rule at one question: what it goes by, a form to try something else, what was tried and changed before."""
    asked, found = _place_or_404(collection, question, rule)
    thresholds = read_thresholds(collection.thresholds)
    before = Collection.objects.before(collection)
    names = tunable(found, asked)
    form = ThresholdForm(
        request.POST if request.method == "POST" else None,
        names=names,
        in_force=rows.values_in_force(found, asked, thresholds),
    )
    if request.method == "POST" and names and before and form.is_valid():
        tried = {name: as_stored(value) for name, value in form.values.items()}
        job = actions.ask(collection, Kind.TRIAL, by=request.user, question=question, rule=rule, tried=tried)
        return redirect("questionnaires:trial", collection=collection, job=job.pk)
    counted = rows.latest(collection, Kind.COUNT, status=CheckJob.Status.DONE)
    context = {
        **_about(collection, asked, found, thresholds),
        "form": form,
        "names": names,
        "before": before,
        "counted": counted,
        "counts": counted and counted.state["counts"].get(f"{rule} {question}", (0, 0, 0)),
        "changes": rows.changes_of(collection, question, rule),
        "trials": rows.trials_of(collection, question, rule),
    }
    return render(request, "questionnaires/tuning/rule.html", context)


def _place_or_404(collection, question, rule):
    place = rows.place_of(collection, question, rule)
    if place is None:
        raise Http404("no such warning")
    return place


def _about(collection, question, rule, thresholds):
    """What each page about a rule shows of it."""
    own = thresholds.own(question.key, rule.id)
    return {
        "collection": collection,
        "question": question,
        "rule": rule,
        "words": rows.rule_words(rule, rows.texts_of_rules()),
        "goes_by": rows.goes_by(rule, question, thresholds),
        "is_own": bool(own),
        "is_off": thresholds.is_off(question.key, rule.id),
        "crumbs": _crumbs(collection),
    }


def _crumbs(collection, place=None):
    url = reverse("questionnaires:checks_of", kwargs={"collection": collection})
    crumbs = [{"label": f"Checks of {collection}", "url": url}]
    if place:
        question, rule = place
        kwargs = {"collection": collection, "question": question.key, "rule": rule.id}
        crumbs.append(
            {"label": f"{rule.id} at {question.code}", "url": reverse("questionnaires:check", kwargs=kwargs)}
        )
    return crumbs


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_safe
def trial(request, collection, job):
    """What a threshold would find in last year's answers, beside what today's finds."""
    found = _trial_or_404(collection, job)
    place = _place_or_404(collection, found.question, found.rule)
    values = found.state.get("values", []) if found.finished_at else []
    only = request.GET.get("only", "")
    shown = [value for value in values if only == "" or value[3] != value[4]]
    context = {
        **_about(collection, *place, read_thresholds(collection.thresholds)),
        "job": found,
        "before": Collection.objects.before(collection),
        "tried": rows.set_words(found.tried),
        "in_categories": _in_categories(values),
        "page": Paginator(shown, VALUES_A_PAGE).get_page(request.GET.get("page")),
        "only": only,
        "is_cut": len(values) >= actions.trying.MOST_VALUES,
        "query": f"&only={only}" if only else "",
        "crumbs": _crumbs(collection, place),
    }
    return render(request, "questionnaires/tuning/trial.html", context)


def _trial_or_404(collection, job):
    found = CheckJob.objects.filter(kind=Kind.TRIAL, collection=collection).select_related("by")
    return get_object_or_404(found, pk=job)


def _in_categories(values):
    """(category in words, found today, found by what is tried) of all categories in which either finds anything."""
    today = Counter(value[0] for value in values if value[3])
    tried = Counter(value[0] for value in values if value[4])
    names = classification().categories
    return [
        (f"{code} {names[code].name}" if code in names else "The organisation", today[code], tried[code])
        for code in sorted(today.keys() | tried.keys())
    ]


@staff_page(Permission.COLLECTIONS_MANAGE)
def switch_on(request, collection, job):
    """Make a threshold that was tried the one that counts in this collection, after a confirmation."""
    found = _trial_or_404(collection, job)
    place = _place_or_404(collection, found.question, found.rule)
    if not found.finished_at:
        messages.warning(request, "Wait for the trial: you see then what the threshold finds.")
        return redirect("questionnaires:trial", collection=collection, job=job)
    if request.method == "POST":
        values = {name: read_value(name, value) for name, value in found.tried.items()}
        settings.set_thresholds(collection, *place, values, by=request.user)
        return _changed(request, collection, place, "The new threshold counts from now on.")
    context = {
        **_about(collection, *place, read_thresholds(collection.thresholds)),
        "heading": "Switch on what you tried?",
        "text": f"{place[1].id} at {place[0].code} will go by this in {collection}: {rows.set_words(found.tried)}.",
        "button": "Switch it on",
        "crumbs": _crumbs(collection, place),
    }
    return render(request, "questionnaires/tuning/confirm.html", context)


@staff_page(Permission.COLLECTIONS_MANAGE)
def change(request, collection, question, rule, to):
    """Switch a rule off at a question, or back to what holds for all questions, after a confirmation."""
    place = _place_or_404(collection, question, rule)
    if to not in CHANGES:
        raise Http404("no such change")
    button, text = CHANGES[to]
    if request.method == "POST":
        if to == "off":
            settings.switch_off(collection, *place, by=request.user)
        else:
            settings.set_thresholds(collection, *place, {}, by=request.user)
        return _changed(request, collection, place, "That is changed.")
    context = {
        **_about(collection, *place, read_thresholds(collection.thresholds)),
        "heading": f"{button}?",
        "text": text,
        "button": button,
        "crumbs": _crumbs(collection, place),
    }
    return render(request, "questionnaires/tuning/confirm.html", context)


def _changed(request, collection, place, words):
    messages.success(request, f"{words} Responses that are still open are checked again in the background.")
    return redirect("questionnaires:check", collection=collection, question=place[0].key, rule=place[1].id)
