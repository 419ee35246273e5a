"""What a threshold would find in last year's answers, and switching it on."""

from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_page
from accounts.permissions import Permission
from mapping.returns.classification import classification
from mapping.returns.models import Collection
from questionnaires.models import CheckJob
from questionnaires.rules.thresholds import read_value
from questionnaires.tuning import actions, rows, settings
from questionnaires.tuning.views.shared import (
    about,
    about_everywhere,
    changed,
    crumbs_of,
    line_or_404,
    others_of,
    place_or_404,
)

Kind = CheckJob.Kind
VALUES_A_PAGE = 50


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_safe
def trial(request, collection, job):
    """What a threshold would find in last year's answers, beside what today's finds."""
    found = _trial_or_404(collection, job)
    shown_of_rule = _tried_of(collection, found)
    values, only = rows.values_of(found), request.GET.get("only", "")
    shown = [value for value in values if not only or value.is_different]
    names = rows.question_names(collection)
    context = {
        **shown_of_rule,
        "job": found,
        "before": Collection.objects.before(collection),
        "tried": rows.set_words(found.tried),
        "in_categories": _in_categories(found.state.get("categories", {})),
        "in_questions": [] if found.question else _in_questions(found.state.get("questions", {}), names),
        "page": Paginator(_named(shown, names), VALUES_A_PAGE).get_page(request.GET.get("page")),
        "only": only,
        "is_cut": len(values) >= actions.trying.MOST_VALUES,
        "query": f"&only={only}" if only else "",
        "crumbs": _crumbs(collection, shown_of_rule),
    }
    return render(request, "questionnaires/tuning/trial.html", context)


def _named(values, names):
    """The Values with their questions in words."""
    return [replace(value, question=names.get(value.question, value.question)) for value in values]


def _tried_of(collection, job):
    """What a page about a trial shows of the rule: at one question, or everywhere."""
    if job.question:
        return about(collection, place_or_404(collection, job.question, job.rule))
    return about_everywhere(collection, line_or_404(collection, job.rule))


def _crumbs(collection, shown):
    return crumbs_of(collection, is_everywhere="line" in shown, here=shown)


def _trial_or_404(collection, job):
    found = CheckJob.objects.filter(kind=Kind.TRIAL, collection=collection).select_related("by")
    return get_object_or_404(found, pk=job)


def _in_categories(found):
    """(category in words, found today, found by what is tried) of all categories in which either finds anything."""
    names = classification().categories
    return [
        (f"{code} {names[code].name}" if code in names else "The organisation", *amounts)
        for code, amounts in sorted(found.items())
    ]


def _in_questions(found, names):
    """(question in words, found today, found by what is tried), in the order of the questionnaires."""
    order = {key: place for place, key in enumerate(names)}  # last year may have asked others
    return [
        (names.get(key, key), *found[key])
        for key in sorted(found, key=lambda key: order.get(key, len(order)))
    ]


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def switch_on(request, collection, job):
    """Make a threshold that was tried the one that counts in this collection, after a confirmation."""
    found = _trial_or_404(collection, job)
    shown = _tried_of(collection, found)
    if not found.finished_at:
        messages.warning(request, "Wait for the trial: you see then what the threshold finds.")
        return redirect("questionnaires:trial", collection=collection, job=job)
    if found.question and found.rule in collection.thresholds.get("off", []):
        messages.warning(request, f"{found.rule} is switched off at all questions: switch it on there first.")
        return redirect(shown["back_url"])
    if request.method == "POST":
        _set_tried(collection, found, by=request.user)
        return changed(request, shown["back_url"], "The new threshold counts from now on.")
    tried = rows.set_words(found.tried)
    context = {
        **shown,
        "heading": "Switch on what you tried?",
        "text": f"{found.rule} at {shown['place_words']} will go by this in {collection}: {tried}.",
        "amounts": found.state,
        **({} if found.question else others_of(collection, shown["line"])),
        "before": Collection.objects.before(collection),
        "button": "Switch it on",
        "crumbs": _crumbs(collection, shown),
    }
    return render(request, "questionnaires/tuning/confirm.html", context)


def _set_tried(collection, job, *, by):
    values = {name: read_value(name, value) for name, value in job.tried.items()}
    if job.question:
        place = place_or_404(collection, job.question, job.rule)
        settings.set_thresholds(collection, *place, values, by=by)
    else:
        settings.set_for_all(collection, line_or_404(collection, job.rule).everywhere, values, by=by)
