"""Importing a list: upload, preview that saves nothing, one transaction, and a way back."""

import csv
import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import organisation_page
from accounts.permissions import Permission
from mapping.returns import actions
from mapping.returns.addresses import page
from mapping.returns.forms import UploadForm
from mapping.returns.importing.plan import Outcome, report_rows
from mapping.returns.importing.reading import UnreadableFile, read
from mapping.returns.models import ServiceEntry, ServiceImport
from mapping.returns.queries import imports as reads
from mapping.returns.queries.preview import GROUPS, choices_of, columns_of, preview_of, without_category
from mapping.returns.queries.returns import to_carry
from mapping.returns.spreadsheets import safe_cell
from mapping.returns.views.shared import crumbs, list_of
from mapping.returns.workflow import WrongStatus

SHOWN_OF_RESULT = 50  # services; the list itself has them all


@organisation_page(Permission.RETURN_SETUP)
def import_list(request, organisation, collection):
    """Step 1: the file. It is kept with the import; nothing of it reaches the list yet."""
    annual_return, part, closed_because = list_of(request, organisation, collection)
    frame = _frame(annual_return, closed_because, "services")
    if closed_because:
        return render(request, "returns/closed.html", frame)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            read(content, file.name)
        except UnreadableFile as problem:
            form.add_error("file", str(problem))
        else:
            kept = actions.start_import(annual_return, file_name=file.name, content=content, by=request.user)
            return _to("returns:import_preview", kept, annual_return)
    context = {**frame, "form": form, "to_carry": to_carry(annual_return)}
    return render(request, "returns/import.html", context)


@organisation_page(Permission.RETURN_SETUP)
def import_preview(request, organisation, collection, pk):
    """Step 2: every row, by what would become of it. Each button keeps what was chosen on the page."""
    annual_return, kept, closed_because = _kept(request, organisation, collection, pk)
    frame = _frame(annual_return, closed_because, "services", "import")
    if kept.done_at:
        return _to("returns:import_result", kept, annual_return)
    if closed_because:
        return render(request, "returns/closed.html", frame)
    plan = None if kept.is_pending else reads.plan_of(annual_return, kept)
    if plan is None:
        return _not_read_yet(request, annual_return, kept, frame)
    if request.method == "POST":
        return _sent_back(request, annual_return, kept, plan, frame)
    preview = preview_of(plan, request.GET.get("show", ""), request.GET.get("page"))
    return render(request, "returns/import_preview.html", {**frame, "kept": kept, "preview": preview})


def _not_read_yet(request, annual_return, kept, frame):
    """A list so long that a job reads it: how far that is. The job is asked for where nobody has asked yet.

    That is after the upload, and after columns were matched otherwise, here or on the preview of another file.
    """
    if kept.status == ServiceImport.Status.READY or request.POST.get("do") == "again":
        kept = actions.ask_for_reading(kept)
    if request.method == "POST":
        return _to("returns:import_preview", kept, annual_return)
    return render(request, "returns/import_reading.html", {**frame, "kept": kept})


@organisation_page(Permission.RETURN_SETUP)
def import_status(request, organisation, collection, pk):
    """How far the reading is: a piece of the page for htmx, which loads the whole page again once it is done."""
    annual_return, kept, _ = _kept(request, organisation, collection, pk)
    if not request.htmx:
        return _to("returns:import_preview", kept, annual_return)
    if not kept.is_pending:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"organisation": organisation, "collection": collection, "kept": kept}
    return render(request, "returns/_import_reading.html", context)


def _sent_back(request, annual_return, kept, plan, frame):
    """Keep what was chosen on the page, then do what its button says."""
    rows, columns = choices_of(request.POST, plan), columns_of(request.POST, plan)
    if rows or columns:
        actions.keep_choices(kept, rows=rows, columns=columns)
        plan = reads.plan_of(annual_return, kept) if columns else plan.decided(reads.choices_kept(kept))
    if plan is None:  # the columns give other texts, which a job has to read first
        return _to("returns:import_preview", kept, annual_return)
    if "count" in request.POST:  # static/js/import.js
        context = {**frame, "preview": preview_of(plan, ""), "kept": kept}
        return render(request, "returns/_import_closing.html", context)
    if unready := without_category(request.POST, plan):
        numbers = ", ".join(str(row.number) for row in unready)
        rows = f"Row {numbers} is" if len(unready) == 1 else f"Rows {numbers} are"
        messages.warning(request, f"{rows} ticked but without a category. Choose one for each that you want.")
    elif request.POST.get("do") == "save":
        return _save(request, annual_return, kept, plan)
    return _shown_again(request, annual_return, kept)


def _save(request, annual_return, kept, plan):
    """Take the plan over as it stands with everything that was just chosen."""
    if not plan.with_outcome(Outcome.ADDED) and not plan.with_outcome(Outcome.UPDATED):
        messages.error(request, "Nothing is chosen: tick the rows that you want on your list.")
        return _to("returns:import_preview", kept, annual_return)
    try:
        actions.take_over(kept, annual_return, plan, by=request.user)
    except WrongStatus as refusal:
        messages.error(request, str(refusal))
        return redirect(page("returns:services", annual_return))
    return _to("returns:import_result", kept, annual_return)


def _shown_again(request, annual_return, kept):
    """The page again, at the group of rows that was asked for."""
    show = request.POST.get("show", request.POST.get("showing", ""))
    number = request.POST.get("turn", request.POST.get("page", ""))
    anchor = "" if request.POST.get("do") == "columns" else "#rows"
    query = f"?show={show}&page={number}{anchor}" if show in GROUPS else anchor
    return redirect(page("returns:import_preview", annual_return, pk=kept.pk) + query)


@organisation_page(Permission.RETURN_SETUP)
def import_left_out(request, organisation, collection, pk):
    """The rows that do not reach the list, as a file with the reason in a column."""
    annual_return, kept, _ = _kept(request, organisation, collection, pk)
    plan = reads.plan_of(annual_return, kept)
    if kept.done_at or plan is None:
        return _to("returns:import_preview", kept, annual_return)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_left_out_name(kept.file_name)}"'
    writer = csv.writer(response)
    writer.writerow(["row", *map(safe_cell, plan.table.headings), "outcome", "reason"])
    for line in report_rows(plan):
        if line["outcome"] not in (Outcome.ADDED, Outcome.UPDATED):
            cells = plan.table.rows[int(line["row"]) - 1]
            writer.writerow([line["row"], *map(safe_cell, cells), line["outcome"], safe_cell(line["reason"])])
    return response


def _left_out_name(file_name):
    stem = re.sub(r"[^\w-]+", "_", file_name.rsplit(".", 1)[0])
    return f"{stem}_left_out.csv"


@organisation_page(Permission.RETURN_SETUP)
def import_result(request, organisation, collection, pk):
    """What was added and updated, with a way back while nobody has answered."""
    annual_return, kept, closed_because = _kept(request, organisation, collection, pk)
    if not kept.done_at:
        return _to("returns:import_preview", kept, annual_return)
    entries = ServiceEntry.objects.visible_to(request.user).filter(annual_return=annual_return)
    context = {
        **_frame(annual_return, closed_because, "services"),
        "kept": kept,
        "added": entries.filter(pk__in=kept.outcome["added"]).select_related("service")[:SHOWN_OF_RESULT],
        "more": max(len(kept.outcome["added"]) - SHOWN_OF_RESULT, 0),
        "updated": len(kept.outcome["updated"]),
    }
    return render(request, "returns/import_result.html", context)


@organisation_page(Permission.RETURN_SETUP)
@require_POST
def import_undo(request, organisation, collection, pk):
    annual_return, kept, _ = _kept(request, organisation, collection, pk)
    try:
        number = actions.undo_import(kept, annual_return, by=request.user)
    except WrongStatus as refusal:
        messages.error(request, str(refusal))
        return _to("returns:import_result", kept, annual_return)
    messages.success(
        request, f"The import is undone: {number} service{'' if number == 1 else 's'} taken off again."
    )
    return redirect(page("returns:services", annual_return))


def _kept(request, organisation, collection, pk):
    annual_return, _, closed_because = list_of(request, organisation, collection)
    kept = reads.import_of(request.user, organisation, collection, pk)
    if kept is None:
        raise Http404("no such import")
    return annual_return, kept, closed_because


def _frame(annual_return, closed_because, *levels):
    return {
        "annual_return": annual_return,
        "organisation": annual_return.organisation,
        "collection": annual_return.collection,
        "closed_because": closed_because,
        "crumbs": crumbs(annual_return, *levels),
    }


def _to(name, kept, annual_return):
    return redirect(page(name, annual_return, pk=kept.pk))
