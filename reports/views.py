"""Published tables: a page, and the same figures as files."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import public_page
from accounts.actions import audit
from accounts.models import Region
from mapping.returns.models import Phase
from reports import queries
from reports.forms import TableForm
from reports.tables import TABLES
from reports.tables.files import FORMATS, TYPES


@public_page
def tables(request):
    """The list of tables, by subject."""
    groups = [{"name": name, "tables": [TABLES[code] for code in codes]} for name, codes in queries.SUBJECTS]
    return render(request, "reports/tables/index.html", {"groups": groups})


@public_page
def table(request, code):
    """One table as sentence, table, chart and map."""
    found = _table_or_404(code)
    collections = queries.readable_collections(found, request.user)
    crumbs = [{"label": "Tables and reports", "url": reverse("reports:tables")}]
    if not collections:
        return render(request, "reports/tables/none.html", {"table": found, "crumbs": crumbs})
    form = _form(request, found, collections)
    page = queries.table_page(queries.table_reader(found, form, collections, request.user), form)
    return render(
        request,
        "reports/tables/table.html",
        {"table": found, "form": form, "page": page, "crumbs": crumbs, "query": request.GET.urlencode()},
    )


@public_page
def table_download(request, code, format):
    """The lines of a table, for the areas and collections that its page shows, as CSV, XLSX or JSON."""
    found = _table_or_404(code)
    collections = queries.readable_collections(found, request.user)
    if format not in FORMATS or not collections:
        raise Http404("no such file")
    form = _form(request, found, collections)
    reader = queries.table_reader(found, form, collections, request.user)
    _log_unpublished(request.user, found, reader.collections)
    content = FORMATS[format](found, queries.table_lines(reader, form))
    response = HttpResponse(content, content_type=TYPES[format])
    name = f"{found.code}-{'-'.join(collection.slug for collection in reader.collections)}.{format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _table_or_404(code):
    if code not in TABLES:
        raise Http404("no such table")
    return TABLES[code]


def _form(request, found, collections):
    """The filters of a page; an address with a choice that does not exist shows the usual one."""
    options = {
        "table": found,
        "collections": collections,
        "regions": list(Region.objects.all()),
        "items": queries.items_of(found, collections),
    }
    form = TableForm(request.GET, **options)
    if not form.is_valid():
        form = TableForm({}, **options)
        form.is_valid()
    return form


def _log_unpublished(user, found, collections):
    """Who took figures away before they were published is kept."""
    unpublished = [collection.name for collection in collections if collection.phase != Phase.PUBLISHED]
    if unpublished:
        audit.record("downloaded unpublished table", user=user, table=found.code, collections=unpublished)
