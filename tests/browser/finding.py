"""Where in the demonstration's data a state stands: addresses of pages, and who looks at them.

Each function gives an address, or (address of the person, address of the site), or is given what to look for and
returns such a function. They raise LookupError where the data has no such state.
"""

from django.db.models import Q
from django.urls import reverse

from accounts.models import Membership, Role
from mapping.returns.models import AnnualReturn, Collection, JointRequest, Part, ServiceEntry
from questionnaires.models import CheckJob, Delegation, Finding, Response

CONTRIBUTOR = "contributor@trafford.example"
RETURN = "/trafford/returns/2009-10/"
CHECKS = "/checks/2009-10/"
THE_ORGANISATION = {"organisation": "trafford", "collection": "2009-10"}


def first(rows, what):
    """The first row, or LookupError saying what the data lacks."""
    found = rows.first()
    if found is None:
        raise LookupError(f"the demonstration has no {what}")
    return found


def current():
    return Collection.objects.current()


def section_where(what, holds):
    """The first section of Trafford whose summary fulfils ``holds``: a function of its progress and counts."""

    def find():
        rows = Response.objects.filter(organisation__slug="trafford", part__collection=current()).order_by(
            "pk"
        )
        for response in rows:
            for key, section in sorted(response.sections.items()):
                if holds(section):
                    return section_address(response, key)
        raise LookupError(f"the demonstration has no {what}")

    return find


def section_address(response, key):
    owner = {"organisation": response.organisation.slug, "collection": "2009-10"}
    return reverse("questionnaires:section", kwargs={**owner, "response": response.pk, "section": key})


def section_of_somebody_else():
    """A section that the contributor has been asked to answer."""
    asked = first(
        Delegation.objects.standing().filter(to__email=CONTRIBUTOR), "delegation to the contributor"
    )
    return section_address(asked.response, asked.section or "B")


def section_of_trust(key):
    def find():
        rows = Response.objects.filter(
            organisation__slug="trafford", part__collection=current(), pin__key="childrens_trust"
        )
        return section_address(first(rows, "response of the Children's Trust"), key)

    return find


def module_page(category, key):
    """The page of a module, about a service of somebody in that category that has been answered, seen by a lead."""

    def find():
        leads = Membership.objects.active().filter(role=Role.LEAD).values("organisation")
        rows = Response.objects.filter(
            part__collection=current(), service_entry__category=category, organisation__in=leads
        )
        response = first(rows.order_by("-version", "pk"), f"response about a service of category {category}")
        return lead_of(response.organisation_id), section_address(response, key)

    return find


def questionnaire_page(key, section):
    """A complete section about an organisation itself, one that can still be changed if there is any."""

    def find():
        leads = Membership.objects.active().filter(role=Role.LEAD).values("organisation")
        rows = Response.objects.filter(part__collection=current(), pin__key=key, organisation__in=leads)
        answered = rows.filter(**{f"sections__{section}__progress": "complete"})
        response = first(
            answered.order_by("part__decision", "-version", "pk"), f"response to {key}, {section}"
        )
        return lead_of(response.organisation_id), section_address(response, section)

    return find


def lead_of(organisation):
    return Membership.objects.active().filter(organisation=organisation, role=Role.LEAD).first().user.email


def half_confirmed_section():
    """A section of Trafford's some of whose answers of last year have been confirmed and some have not."""
    rows = Response.objects.filter(organisation__slug="trafford", part__collection=current())
    for response in rows.order_by("pk"):
        for key, section in sorted(response.sections.items()):
            kept = [v["o"] for cell, v in response.cells.items() if cell.startswith(f"SVC-{key}")]
            if section.get("unconfirmed", 0) > 2 and kept.count("confirmed") > 2:
                return section_address(response, key)
    raise LookupError("the demonstration has no section that is half confirmed")


def section_after_a_merger():
    """The children of a service into which another one merged."""
    merged = ServiceEntry.objects.filter(organisation__slug="trafford", collection=current(), status="merged")
    into = first(merged, "merged service").merged_into_id
    rows = Response.objects.filter(part__collection=current(), service_entry__service=into)
    return section_address(first(rows, "response of a merged service"), "F")


def section_after_a_missed_year():
    """A section of a provider that did not take part last year."""
    rows = Response.objects.filter(
        part__collection=current(), organisation__slug="bridgewater-young-peoples-trust", version__gt=0
    )
    response = first(rows.order_by("progress", "pk"), "response after a missed year")
    return section_address(response, "A")


def section_in_short_form():
    rows = Response.objects.filter(
        organisation__slug="trafford", part__collection=current(), service_entry__form="short"
    )
    return section_address(first(rows.order_by("pk"), "response in the short form"), "F")


def entry_of_predecessor(organisation):
    """All answers about a service that a predecessor ran."""

    def find():
        entries = ServiceEntry.objects.filter(organisation__slug=organisation, carried_from__isnull=False)
        taken_over = entries.filter(service__continues__isnull=False).order_by("pk")
        entry = first(taken_over, "service that was taken over").carried_from_id
        return f"/{organisation}/returns/2009-10/before/{entry}/"

    return find


def section_of_predecessor(organisation):
    """A section that starts from the answers of a predecessor."""

    def find():
        rows = Response.objects.filter(
            organisation__slug=organisation, service_entry__service__continues__isnull=False, version__gt=0
        )
        return section_address(first(rows.order_by("pk"), "response about a service taken over"), "F")

    return find


def request_page(waiting):
    """The page on which a partner answers a request to confirm a joint service, or has answered it."""

    def find():
        asked = JointRequest.objects.standing().filter(answer__isnull=waiting)
        request = first(asked.filter(partner__slug="trafford-pct").order_by("pk"), "joint service")
        return f"/trafford-pct/returns/2009-10/joint-services/{request.pk}/"

    return find


def finding_page(explained):
    """What a rule across organisations found, seen by the lead of the organisation."""

    def find():
        rows = Finding.objects.filter(~Q(explanation="") if explained else Q(explanation=""), gone_at=None)
        found = first(rows.select_related("organisation").order_by("rule", "pk"), "finding")
        kwargs = {"organisation": found.organisation.slug, "collection": "2009-10", "finding": found.pk}
        return lead_of(found.organisation_id), reverse("questionnaires:finding", kwargs=kwargs)

    return find


def trial_page(after=""):
    def find():
        trials = CheckJob.objects.filter(kind=CheckJob.Kind.TRIAL, collection=current())
        return f"{CHECKS}trials/{first(trials, 'trial of a threshold').pk}/{after}"

    return find


def changes_of_cell():
    """The history of one question that was changed twice."""
    rows = Response.objects.filter(
        organisation__slug="trafford",
        part__collection=current(),
        service_entry__name__startswith="Short breaks",
    )
    response = first(rows, "response that two people changed")
    kwargs = {**THE_ORGANISATION, "response": response.pk}
    return f"{reverse('questionnaires:history', kwargs=kwargs)}?question=SVC-E07"


def document_page():
    """The documents of an organisation that has signed off."""
    parts = Part.objects.filter(decision="signed_off", collection=current(), kind="services")
    part = first(parts.select_related("organisation").order_by("organisation__slug"), "part signed off")
    return lead_of(part.organisation_id), f"/{part.organisation.slug}/returns/2009-10/results/"


def page_of_response(name):
    """A page about a whole response that somebody has begun."""

    def find():
        rows = Response.objects.filter(
            organisation__slug="trafford",
            part__collection=current(),
            version__gt=1,
            service_entry__isnull=False,
        )
        response = first(rows.order_by("pk"), "response that was begun")
        return reverse(f"questionnaires:{name}", kwargs={**THE_ORGANISATION, "response": response.pk})

    return find


def page_of_entry(name):
    def find():
        entries = AnnualReturn.objects.get(
            organisation__slug="trafford", collection=current()
        ).service_entries
        entry = first(entries.filter(status="open").order_by("pk"), "open service")
        return reverse(f"returns:{name}", kwargs={**THE_ORGANISATION, "entry": entry.pk})

    return find


def delegation_page():
    entries = AnnualReturn.objects.get(organisation__slug="trafford", collection=current()).service_entries
    return f"{RETURN}delegate/?chosen={first(entries.filter(status='open'), 'open service').pk}"


def part_page(name, decision, role):
    """A page about a part that stands so, seen by the lead or director of its organisation."""

    def find():
        leads = Membership.objects.active().filter(role=role).values("organisation")
        rows = Part.objects.filter(decision=decision, collection=current(), organisation__in=leads)
        part = first(
            rows.select_related("organisation").order_by("-organisation__slug", "kind"), f"{decision} part"
        )
        person = Membership.objects.active().filter(organisation=part.organisation, role=role).first().user
        kwargs = {"organisation": part.organisation.slug, "collection": "2009-10", "kind": part.kind}
        return person.email, reverse(f"reports:{name}", kwargs=kwargs)

    return find


def overview_where(what, **conditions):
    """The overview of a lead whose return stands so."""

    def find():
        leads = Membership.objects.active().filter(role=Role.LEAD).values("organisation")
        rows = AnnualReturn.objects.filter(collection=current(), organisation__in=leads, **conditions)
        found = first(rows.select_related("organisation").order_by("-organisation__slug"), what)
        person = (
            Membership.objects.active().filter(organisation=found.organisation, role=Role.LEAD).first().user
        )
        return person.email, f"/{found.organisation.slug}/returns/2009-10/"

    return find
