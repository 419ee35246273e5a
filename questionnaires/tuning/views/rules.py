"""One check at one question: what it goes by, tried with other figures, switched off and back."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import staff_page
from accounts.permissions import Permission
from mapping.returns.models import Collection
from questionnaires.rules import read_thresholds, tunable
from questionnaires.tuning import rows, settings
from questionnaires.tuning.forms import ThresholdForm
from questionnaires.tuning.rule_rows import rule_line_of
from questionnaires.tuning.views.shared import (
    about,
    ask_for_trial,
    changed,
    check_url,
    counted,
    crumbs_of,
    everywhere_url,
    place_or_404,
)

CHANGES = {
    "off": ("Switch it off", "It finds nothing at this question any more, in this collection only."),
    "general": ("Go by what holds for all questions", "What was set for this question alone is dropped."),
}


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request, collection, question, rule):
    """One rule at one question: what it goes by, a form to try something else, what was tried and changed before."""
    place = place_or_404(collection, question, rule)
    thresholds, before = read_thresholds(collection.thresholds), Collection.objects.before(collection)
    names, is_off_everywhere = tunable(place[1], place[0]), rule in thresholds.off
    form = ThresholdForm(
        request.POST if request.method == "POST" else None,
        names=names,
        in_force=rows.values_in_force(place[1], place[0], thresholds),
    )
    can_try = names and before and not is_off_everywhere
    if request.method == "POST" and can_try and form.is_valid():
        return ask_for_trial(request, collection, form, question=question, rule=rule)
    count = counted(collection)
    context = {
        **about(collection, place),
        "form": form,
        "names": names,
        "before": before,
        "counted": count,
        "counts": count and count.state["counts"].get(f"{rule} {question}", (0, 0, 0)),
        "is_off_everywhere": is_off_everywhere,
        "everywhere_url": everywhere_url(collection, rule) if rule_line_of(collection, rule, None) else "",
        "changes": rows.changes_of(collection, question, rule),
        "trials": rows.trials_of(collection, question, rule),
        "crumbs": crumbs_of(collection),
    }
    return render(request, "questionnaires/tuning/rule.html", context)


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, collection, question, rule, to):
    """Switch a rule off at a question, or back to what holds for all questions, after a confirmation."""
    place = place_or_404(collection, question, rule)
    if to not in CHANGES:
        raise Http404("no such change")
    button, text = CHANGES[to]
    if request.method == "POST":
        if to == "off":
            settings.switch_off(collection, *place, by=request.user)
            done = f"{rule} is switched off at {place[0].code}."
        else:
            settings.set_thresholds(collection, *place, {}, by=request.user)
            done = f"{rule} goes by what holds for all questions at {place[0].code}."
        return changed(request, check_url(collection, place), done)
    shown = about(collection, place)
    crumbs = crumbs_of(collection, here=shown)
    context = {**shown, "heading": f"{button}?", "text": text, "button": button, "crumbs": crumbs}
    return render(request, "questionnaires/tuning/confirm.html", context)
