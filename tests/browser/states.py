"""The pages and states that ``./dev shots`` takes pictures of and the accessibility test checks.

All are of the demonstration: ``where`` is an address, or a function that finds one in its data and may name the
person as well.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from accounts import tenancy
from accounts.models import Membership, Role
from mapping.returns.models import AnnualReturn, Collection, Part
from questionnaires.models import Delegation, Response

VISITOR = ""
LEAD, CONTRIBUTOR, DIRECTOR = (
    "lead@trafford.example",
    "contributor@trafford.example",
    "director@trafford.example",
)
HELPDESK, SUPPORT_WORKER = "helpdesk@mapping.example", "northwest@mapping.example"
RETURN = "/trafford/returns/2009-10/"
THE_ORGANISATION = {"organisation": "trafford", "collection": "2009-10"}


@dataclass(frozen=True)
class State:
    """One page in one state. ``who``: the address of the person who looks; empty for a visitor.

    where: an address of the site, or a function that returns one, or (address of the person, address of the site).
    """

    name: str
    who: str
    where: str | Callable

    def find(self):
        """(address of the person, address of the site); raises LookupError where the data has no such state."""
        if isinstance(self.where, str):
            return self.who, self.where
        with tenancy.staff_reading("looking for states of the demonstration"):
            found = self.where()
        return found if isinstance(found, tuple) else (self.who, found)


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


def lead_of(organisation):
    return Membership.objects.active().filter(organisation=organisation, role=Role.LEAD).first().user.email


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


STATES = [
    State("home", VISITOR, "/"),
    State("gallery", VISITOR, "/gallery/"),
    State("sign in", VISITOR, "/accounts/login/"),
    State("make an account", VISITOR, "/accounts/signup/"),
    State("forgotten password", VISITOR, "/accounts/password/reset/"),
    State("find your organisation", VISITOR, "/register/"),
    State("no organisation found", VISITOR, "/register/?q=Atlantis"),
    State("register", VISITOR, "/register/for/manchester/"),
    State("tables", VISITOR, "/tables/"),
    State("table T01", VISITOR, "/tables/T01/"),
    State("table T09", VISITOR, "/tables/T09/"),
    State("table R02", VISITOR, "/tables/R02/"),
    State("sandbox", VISITOR, "/sandbox/"),
    State("sandbox, a primary care trust", VISITOR, "/sandbox/primary-care-trust/"),
    State("sandbox, a questionnaire", VISITOR, "/sandbox/primary-care-trust/service-08/"),
    State("sandbox, a section", VISITOR, "/sandbox/primary-care-trust/service-08/F/"),
    State("sandbox, a section with rows to add", VISITOR, "/sandbox/primary-care-trust/service-08/E/"),
    State("book of questions", VISITOR, "/questions/2009-10/"),
    State("questions about a service", VISITOR, "/questions/2009-10/service/"),
    State("all checks", VISITOR, "/questions/2009-10/checks/"),
    State("no such page", VISITOR, "/tables/nothing/"),
    State("overview of a lead", LEAD, RETURN),
    State("overview, errors only", LEAD, f"{RETURN}?only=errors"),
    State("overview of a director", DIRECTOR, RETURN),
    State("overview of a contributor", CONTRIBUTOR, RETURN),
    State("overview, submitted", VISITOR, overview_where("submitted return", parts__decision="submitted")),
    State("overview, sent back", VISITOR, overview_where("return sent back", parts__decision="sent_back")),
    State("overview, signed off", VISITOR, overview_where("signed-off return", parts__decision="signed_off")),
    State(
        "overview, declined", VISITOR, overview_where("return that was declined", declined_at__isnull=False)
    ),
    State("list of services", LEAD, f"{RETURN}services/"),
    State("list of services, nothing found", LEAD, f"{RETURN}services/?q=nothing-of-that-name"),
    State("pick a group", LEAD, f"{RETURN}services/add/"),
    State("a category suggested", LEAD, f"{RETURN}services/add/?about=help+for+young+carers"),
    State("pick a category", LEAD, f"{RETURN}services/add/?group=G2"),
    State("add a service", LEAD, f"{RETURN}services/add/?category=08"),
    State("edit a service", LEAD, page_of_entry("service_edit")),
    State("close a service", LEAD, page_of_entry("service_close")),
    State("merge a service", LEAD, page_of_entry("service_merge")),
    State("departments and localities", LEAD, f"{RETURN}services/structure/"),
    State("import, the file", LEAD, f"{RETURN}services/import/"),
    State("delegate", LEAD, delegation_page),
    State("organisation", LEAD, f"{RETURN}organisation/"),
    State("section with an error", LEAD, section_where("error", lambda section: section["hard"])),
    State("section to explain", LEAD, section_where("unusual answer", lambda section: section["soft_open"])),
    State(
        "section to confirm",
        LEAD,
        section_where("answers to confirm", lambda section: section.get("unconfirmed", 0) > 2),
    ),
    State(
        "section complete",
        LEAD,
        section_where("complete section", lambda section: section["progress"] == "complete"),
    ),
    State(
        "section not started",
        LEAD,
        section_where("section not begun", lambda section: section["progress"] == "not_started"),
    ),
    State("section of a contributor", CONTRIBUTOR, section_of_somebody_else),
    State("the Board", LEAD, section_of_trust("B")),
    State("needs assessment", LEAD, section_of_trust("C")),
    State("joint commissioning", LEAD, section_of_trust("E")),
    State("CAMHS", VISITOR, module_page("08", "CAM")),
    State("alternative education", VISITOR, module_page("19", "AEP")),
    State("front door", VISITOR, module_page("23", "FRD")),
    State("safeguarding", VISITOR, module_page("24", "SAF")),
    State("looked after children", VISITOR, module_page("25", "LAC")),
    State("disabled children", VISITOR, module_page("17", "DIS")),
    State("all answers", LEAD, page_of_response("full")),
    State("who changed what", LEAD, page_of_response("history")),
    State("two versions compared", LEAD, page_of_response("compare")),
    State("check", LEAD, f"{RETURN}check/"),
    State("submit, not complete", LEAD, f"{RETURN}services/submit/"),
    State("what the director sees", LEAD, f"{RETURN}services/sign-off/"),
    State("sign off", VISITOR, part_page("sign_off", "submitted", Role.DIRECTOR)),
    State("signed off", VISITOR, part_page("sign_off", "signed_off", Role.DIRECTOR)),
    State("explanations", VISITOR, part_page("explanations", "signed_off", Role.DIRECTOR)),
    State("decisions", VISITOR, part_page("decisions", "signed_off", Role.DIRECTOR)),
    State("sent back", VISITOR, part_page("submit", "sent_back", Role.LEAD)),
    State("decline", LEAD, f"{RETURN}decline/"),
    State("results", LEAD, f"{RETURN}results/"),
    State("people", LEAD, "/trafford/people/"),
    State("invite somebody", LEAD, "/trafford/people/invite/"),
    State("invite a provider", LEAD, "/trafford/people/invite-provider/"),
    State("you", LEAD, "/you/"),
    State("messages", LEAD, "/messages/"),
    State("second factor", LEAD, "/accounts/2fa/"),
    State("change the password", LEAD, "/accounts/password/change/"),
    State("registrations", HELPDESK, "/helpdesk/"),
    State("returns", HELPDESK, "/helpdesk/returns/?q=trafford"),
    State("one return", HELPDESK, "/helpdesk/returns/trafford/"),
    State("extend", HELPDESK, "/helpdesk/returns/trafford/extend/"),
    State("reopen", HELPDESK, "/helpdesk/returns/trafford/services/reopen/"),
    State("registrations of a region", SUPPORT_WORKER, "/helpdesk/"),
]
