"""Joint services that others list: the partner says whether it takes part."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import organisation_page
from accounts.permissions import Permission, may
from mapping.returns import actions
from mapping.returns.forms import JointAnswerForm
from mapping.returns.models import JointRequest, Phase
from mapping.returns.queries.joint import requests_to
from mapping.returns.workflow import WrongStatus


@organisation_page(Permission.RETURN_READ)
def joint(request, organisation, collection):
    """What others ask this organisation to confirm, and what it has said."""
    asked = requests_to(request.user, organisation, collection)
    context = {
        "organisation": organisation,
        "collection": collection,
        "waiting": [one for one in asked if not hasattr(one, "answer")],
        "answered": [one for one in asked if hasattr(one, "answer")],
        "may_answer": _may_answer(request, organisation, collection),
        "crumbs": [_overview(organisation, collection)],
    }
    return render(request, "returns/joint.html", context)


@organisation_page(Permission.RETURN_SETUP)
def joint_answer(request, organisation, collection, joint):
    """Answer one request, or answer it otherwise than before."""
    rows = JointRequest.objects.visible_to(request.user).standing()
    rows = rows.select_related("lead_organisation", "organisation", "answer")
    asked = get_object_or_404(rows, partner=organisation, collection=collection, pk=joint)
    if not _may_answer(request, organisation, collection):
        raise Http404("the time to answer is over")
    form = JointAnswerForm(request.POST if request.method == "POST" else None, asked=asked)
    if form.is_valid():
        try:
            actions.answer_joint_request(asked, by=request.user, **form.answer)
        except WrongStatus as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{asked.organisation.name} sees your answer about {asked.name}.")
        return redirect(_list(organisation, collection))
    context = {
        "organisation": organisation,
        "collection": collection,
        "asked": asked,
        "form": form,
        "list_url": _list(organisation, collection),
        "crumbs": [
            _overview(organisation, collection),
            {"label": "Joint services", "url": _list(organisation, collection)},
        ],
    }
    return render(request, "returns/joint_answer.html", context)


def _may_answer(request, organisation, collection):
    return collection.phase != Phase.PUBLISHED and may(request.user, Permission.RETURN_SETUP, organisation)


def _list(organisation, collection):
    return reverse("returns:joint", kwargs={"organisation": organisation.slug, "collection": collection})


def _overview(organisation, collection):
    kwargs = {"organisation": organisation.slug, "collection": collection}
    return {"label": "Overview", "url": reverse("returns:overview_of", kwargs=kwargs)}
