"""Explaining what a rule across organisations found."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import organisation_page
from accounts.permissions import Permission
from mapping.returns.addresses import page
from questionnaires.actions import explain_finding
from questionnaires.forms import FindingForm
from questionnaires.models import Finding
from questionnaires.queries.findings import RELATED, line_of


@organisation_page(Permission.RETURN_SUBMIT)
def finding(request, organisation, collection, finding):
    """Say why an answer is right although it does not fit what is mapped elsewhere; possible after sign-off too."""
    rows = Finding.objects.visible_to(request.user).select_related(*RELATED)
    found = get_object_or_404(
        rows, organisation=organisation, response__part__collection=collection, pk=finding
    )
    line, annual_return = line_of(found), found.response.part.annual_return
    if line is None:
        raise Http404("its question is not asked any more")
    check_url = page("reports:check", annual_return)
    if found.gone_at:
        messages.info(
            request, f"{line.name}, {line.label}: this does not hold any more. Nothing is left to explain."
        )
        return redirect(check_url)
    form = FindingForm(request.POST or None, initial={"explanation": found.explanation})
    if form.is_valid():
        explain_finding(found, form.cleaned_data["explanation"], by=request.user)
        messages.success(request, "Your explanation is kept beside what was found.")
        return redirect(check_url)
    context = {
        "organisation": organisation,
        "line": line,
        "form": form,
        "check_url": check_url,
        "crumbs": [
            {"label": "Overview", "url": page("returns:overview_of", annual_return)},
            {"label": "Check and submit", "url": check_url},
        ],
    }
    return render(request, "questionnaires/finding.html", context)
