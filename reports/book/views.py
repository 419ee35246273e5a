"""The questions of a collection: for everybody, without signing in."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import public_page
from mapping.returns.models import Collection
from reports.book import files
from reports.book.checks import SEVERITIES, checks_of
from reports.book.contents import book_of
from reports.book.workbook import as_workbook
from reports.profiles.render import exercise

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@public_page
def latest(request):
    """On to the questions of the collection that is being answered, or of the newest one."""
    collection = Collection.objects.current() or get_object_or_404(Collection.objects.order_by("-year")[:1])
    return redirect("reports:book", collection=collection)


@public_page
def book(request, collection):
    """The questionnaires of a collection, with the book as files."""
    found = book_of(collection)
    context = {
        "collection": collection,
        "book": found,
        "collections": Collection.objects.order_by("-year"),
        "pdf": files.present(found),
    }
    return render(request, "reports/book/index.html", context)


@public_page
def questionnaire(request, collection, key):
    """All questions of one questionnaire on a page."""
    found = book_of(collection)
    entry = next((entry for entry in found.questionnaires if entry.key == key), None)
    if entry is None:
        raise Http404("no such questionnaire")
    context = {"collection": collection, "entry": entry, "crumbs": _crumbs(collection)}
    return render(request, "reports/book/questionnaire.html", context)


def _crumbs(collection):
    address = reverse("reports:book", kwargs={"collection": collection})
    return [{"label": f"Questions of {collection.name}", "url": address}]


@public_page
def checks(request, collection):
    """The catalogue of all checks, by words, questionnaire and severity."""
    words, severity = request.GET.get("q", "").strip(), request.GET.get("severity", "")
    of, entries = request.GET.get("of", ""), checks_of(collection)
    titles = list(dict.fromkeys(title for entry in entries for title in entry.questionnaires))
    shown = [
        entry
        for entry in entries
        if entry.says(words) and severity in ("", entry.severity) and (not of or of in entry.questionnaires)
    ]
    context = {
        "collection": collection,
        "entries": shown,
        "total": len(entries),
        "titles": titles,
        "severities": SEVERITIES,
        "chosen": {"q": words, "severity": severity, "of": of},
        "crumbs": _crumbs(collection),
    }
    return render(request, "reports/book/checks.html", context)


@public_page
def workbook(request, collection):
    """The book as a workbook."""
    content = as_workbook(book_of(collection), exercise())
    return _file(content, XLSX, f"questions-{collection.slug}.xlsx")


@public_page
def pdf(request, collection):
    """The book as a PDF; where a worker has not made it yet, a page that waits for it."""
    found = book_of(collection)
    content = files.read(found)
    if content is None:
        files.ask_for(collection)
        return render(request, "reports/book/waiting.html", {"collection": collection}, status=202)
    return _file(content, "application/pdf", f"questions-{collection.slug}.pdf")


def _file(content, content_type, name):
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
