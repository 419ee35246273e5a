"""What the pages about one check share: finding it, its address, what is shown of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from mapping.returns.queries.lists import and_
from questionnaires.models import CheckJob
from questionnaires.rules import read_thresholds
from questionnaires.rules.thresholds import as_stored
from questionnaires.tuning import actions, rows
from questionnaires.tuning.rule_rows import rule_line_of, sharing

Kind, Status = CheckJob.Kind, CheckJob.Status


def counted(collection):
    """The newest finished count of a collection, or None."""
    return rows.latest(collection, Kind.COUNT, status=Status.DONE)


# One check at one question


def place_or_404(collection, question, rule):
    """(Question, Rule) of an address."""
    place = rows.place_of(collection, question, rule)
    if place is None:
        raise Http404("no such warning")
    return place


def about(collection, place):
    """What each page about a check at a question shows of it."""
    question, rule = place
    thresholds = read_thresholds(collection.thresholds)
    return {
        "collection": collection,
        "question": question,
        "rule_id": rule.id,
        "place_words": f"{question.code} {question.name}",
        "words": rows.rule_words(rule, rows.texts_of_rules()),
        "goes_by": rows.goes_by(rule, question, thresholds),
        "is_own": bool(thresholds.own(question.key, rule.id)),
        "is_off": thresholds.is_off(question.key, rule.id),
        "back_url": check_url(collection, place),
    }


def check_url(collection, place):
    """The address of the page of a check at a question."""
    kwargs = {"collection": collection, "question": place[0].key, "rule": place[1].id}
    return reverse("questionnaires:check", kwargs=kwargs)


# One check wherever it holds


def line_or_404(collection, rule):
    """The RuleLine of an address."""
    line = rule_line_of(collection, rule, counted(collection))
    if line is None:
        raise Http404("no such warning at several questions")
    return line


def about_everywhere(collection, line):
    """What each page about a check wherever it holds shows of it."""
    return {
        "collection": collection,
        "line": line,
        "rule_id": line.id,
        "place_words": "all questions",
        "words": line.words,
        "goes_by": line.goes_by,
        "is_off": line.is_off,
        "back_url": everywhere_url(collection, line.id),
    }


def others_of(collection, line):
    """The other rules that go by the same settings, and their names in words."""
    found = sharing(collection, line.everywhere)
    return {"sharing": found, "others": and_(found)}


def everywhere_url(collection, rule):
    """The address of the page of a check wherever it holds."""
    return reverse("questionnaires:check_everywhere", kwargs={"collection": collection, "rule": rule})


# All of them


def crumbs_of(collection, *, is_everywhere=False, here=None):
    """The way down to a page about a check. here: what each such page shows of it, for those below its own page."""
    kwargs = {"collection": collection}
    crumbs = [{"label": f"Checks of {collection}", "url": reverse("questionnaires:checks_of", kwargs=kwargs)}]
    if is_everywhere:
        url = reverse("questionnaires:checks_everywhere", kwargs=kwargs)
        crumbs.append({"label": "Settings for all questions", "url": url})
    if here:
        name = here["question"].code if "question" in here else "all questions"
        crumbs.append({"label": f"{here['rule_id']} at {name}", "url": here["back_url"]})
    return crumbs


def ask_for_trial(request, collection, form, **place):
    """Have the thresholds of a valid form tried, and on to the page of the trial."""
    tried = {name: as_stored(value) for name, value in form.values.items()}
    job = actions.ask(collection, Kind.TRIAL, by=request.user, tried=tried, **place)
    return redirect("questionnaires:trial", collection=collection, job=job.pk)


def changed(request, url, words):
    """Back to the page of a check that was changed."""
    messages.success(request, f"{words} Responses that are still open are checked again in the background.")
    return redirect(url)
