"""What checks go by at all questions at once, unless something else is set for one of them."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_page
from accounts.permissions import Permission
from mapping.returns.models import Collection
from questionnaires.rules import read_thresholds
from questionnaires.tuning import rows, settings
from questionnaires.tuning.forms import ThresholdForm
from questionnaires.tuning.rule_rows import in_general, rule_lines_of
from questionnaires.tuning.views.shared import (
    about_everywhere,
    ask_for_trial,
    changed,
    counted,
    crumbs_of,
    everywhere_url,
    line_or_404,
    others_of,
)

CHANGES = {
    "off": (
        "Switch it off everywhere",
        "It finds nothing at any question any more, in this collection only.",
    ),
    "on": ("Switch it on again", "It finds something again wherever it is not switched off at one question."),
    "start": (
        "Go back to what collections start with",
        "What was set for all questions is dropped. What is set for one question stays.",
    ),
}


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_safe
def everywhere(request, collection):
    """The soft rules that several questions carry, or that go by settings of all questions."""
    count = counted(collection)
    context = {
        "collection": collection,
        "counted": count,
        "lines": rule_lines_of(collection, count),
        "applying": rows.latest(collection, "apply", finished_at=None),
        "crumbs": crumbs_of(collection),
    }
    return render(request, "questionnaires/tuning/everywhere.html", context)


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request, collection, rule):
    """One rule at all questions: what it goes by, a form to try something else, what was tried and changed before."""
    line, before = line_or_404(collection, rule), Collection.objects.before(collection)
    names = line.everywhere.names
    form = ThresholdForm(
        request.POST if request.method == "POST" else None,
        names=names,
        in_force=in_general(line.everywhere, read_thresholds(collection.thresholds)),
    )
    if request.method == "POST" and names and before and form.is_valid():
        return ask_for_trial(request, collection, form, question="", rule=rule)
    context = {
        **about_everywhere(collection, line),
        "form": form,
        "names": names,
        "before": before,
        "counted": counted(collection),
        **others_of(collection, line),
        "changes": rows.changes_of(collection, "", rule),
        "trials": rows.trials_of(collection, "", rule),
        "crumbs": crumbs_of(collection, is_everywhere=True),
    }
    return render(request, "questionnaires/tuning/rule_everywhere.html", context)


@staff_page(Permission.COLLECTIONS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, collection, rule, to):
    """Switch a rule off or on at all questions, or back to what collections start with, after a confirmation."""
    line = line_or_404(collection, rule)
    if to not in CHANGES:
        raise Http404("no such change")
    button, text = CHANGES[to]
    if request.method == "POST":
        WRITES[to](collection, line.everywhere, by=request.user)
        return changed(request, everywhere_url(collection, rule), f"{rule}: that is changed.")
    shown = about_everywhere(collection, line)
    context = {
        **shown,
        "heading": f"{button}?",
        "text": text,
        "button": button,
        **(others_of(collection, line) if to == "start" else {}),
        "crumbs": crumbs_of(collection, is_everywhere=True, here=shown),
    }
    return render(request, "questionnaires/tuning/confirm.html", context)


WRITES = {
    "off": settings.switch_off_everywhere,
    "on": settings.switch_on_everywhere,
    "start": settings.start_again,
}
