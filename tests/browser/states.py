"""The pages and states that ``./dev shots`` takes pictures of and the accessibility test checks.

All are of the demonstration: ``where`` is an address, or a function that finds one in its data and may name the
person as well.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts import tenancy
from accounts.models import Role
from tests.browser.finding import (
    CHECKS,
    CONTRIBUTOR,
    RETURN,
    changes_of_cell,
    delegation_page,
    document_page,
    entry_of_predecessor,
    finding_page,
    half_confirmed_section,
    module_page,
    overview_where,
    page_of_entry,
    page_of_response,
    part_page,
    questionnaire_page,
    request_page,
    section_after_a_merger,
    section_after_a_missed_year,
    section_in_short_form,
    section_of_predecessor,
    section_of_somebody_else,
    section_of_trust,
    section_where,
    trial_page,
)

VISITOR = ""
LEAD, DIRECTOR = "lead@trafford.example", "director@trafford.example"
LEAD_OF_PCT, LEAD_OF_PROVIDER = "lead@traffordpct.example", "lead@bridgewatertrust.example"
LEAD_OF_SUCCESSOR = "lead@cheshireeast.example"
HELPDESK, SUPPORT_WORKER = "helpdesk@mapping.example", "northwest@mapping.example"
NATIONAL = "national@mapping.example"
SUCCESSOR = "cheshire-east"
SUCCESSOR_RETURN = f"/{SUCCESSOR}/returns/2009-10/"


@dataclass(frozen=True)
class State:
    """One page in one state. ``who``: the address of the person who looks; empty for a visitor.

    where: an address of the site, or a function that returns one, or (address of the person, address of the site).
    press: the name of a button that leads from there to the state.
    """

    name: str
    who: str
    where: str | Callable
    press: str = ""

    def find(self):
        """(address of the person, address of the site); raises LookupError where the data has no such state."""
        if isinstance(self.where, str):
            return self.who, self.where
        with tenancy.staff_reading("looking for states of the demonstration"):
            found = self.where()
        return found if isinstance(found, tuple) else (self.who, found)


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
    State(
        "sandbox, a section with examples",
        VISITOR,
        "/sandbox/local-authority/service-20/F/",
        press="Fill with example data",
    ),
    State("sandbox, a section with rows to add", VISITOR, "/sandbox/primary-care-trust/service-08/E/"),
    State("book of questions", VISITOR, "/questions/2009-10/"),
    State("questions about a service", VISITOR, "/questions/2009-10/service/"),
    State("questions of the coming collection", VISITOR, "/questions/2010-11/childrens_trust/"),
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
    State("services to take over", LEAD_OF_SUCCESSOR, f"{SUCCESSOR_RETURN}services/inherit/"),
    State("list of a successor", LEAD_OF_SUCCESSOR, f"{SUCCESSOR_RETURN}services/"),
    State("answers of a predecessor", LEAD_OF_SUCCESSOR, entry_of_predecessor(SUCCESSOR)),
    State("joint services of others", LEAD_OF_PCT, "/trafford-pct/returns/2009-10/joint-services/"),
    State("overview of a partner", LEAD_OF_PCT, "/trafford-pct/returns/2009-10/"),
    State("a joint service to answer", LEAD_OF_PCT, request_page(waiting=True)),
    State("a joint service answered", LEAD_OF_PCT, request_page(waiting=False)),
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
    State("section half confirmed", LEAD, half_confirmed_section),
    State("section after a merger", LEAD, section_after_a_merger),
    State("section after a missed year", LEAD_OF_PROVIDER, section_after_a_missed_year),
    State("section from a predecessor", LEAD_OF_SUCCESSOR, section_of_predecessor(SUCCESSOR)),
    State("section in the short form", LEAD, section_in_short_form),
    State("section of a contributor", CONTRIBUTOR, section_of_somebody_else),
    State("the organisation", VISITOR, questionnaire_page("organisation", "ORG")),
    State("safeguarding of the organisation", VISITOR, questionnaire_page("organisation", "SGO")),
    State("closing questions", VISITOR, questionnaire_page("organisation", "END")),
    State("leadership of an authority", VISITOR, questionnaire_page("local_authority", "A")),
    State("functions of an authority", VISITOR, questionnaire_page("local_authority", "C")),
    State("vision and plan", LEAD, section_of_trust("A")),
    State("the Board", LEAD, section_of_trust("B")),
    State("needs assessment", LEAD, section_of_trust("C")),
    State("integrated delivery", LEAD, section_of_trust("D")),
    State("joint commissioning", LEAD, section_of_trust("E")),
    State("NI 51", VISITOR, questionnaire_page("ni51", "A")),
    State("leadership of a PCT", VISITOR, questionnaire_page("pct_commissioner", "A")),
    State("commissioning by a PCT", VISITOR, questionnaire_page("pct_commissioner", "C")),
    State("CAMHS of a PCT", VISITOR, questionnaire_page("pct_commissioner", "D")),
    State("NHS provider", VISITOR, questionnaire_page("nhs_provider", "NHP")),
    State("NHS trust", VISITOR, questionnaire_page("nhs_provider", "NHST")),
    State("provider arm of a PCT", VISITOR, questionnaire_page("nhs_provider", "PCTP")),
    State("maternity", VISITOR, module_page("01", "MAT")),
    State("CAMHS", VISITOR, module_page("08", "CAM")),
    State("alternative education", VISITOR, module_page("19", "AEP")),
    State("front door", VISITOR, module_page("23", "FRD")),
    State("safeguarding", VISITOR, module_page("24", "SAF")),
    State("looked after children", VISITOR, module_page("25", "LAC")),
    State("disabled children", VISITOR, module_page("17", "DIS")),
    State("all answers", LEAD, page_of_response("full")),
    State("who changed what", LEAD, page_of_response("history")),
    State("two versions compared", LEAD, page_of_response("compare")),
    State("history of an answer", LEAD, changes_of_cell),
    State("found beside other organisations", VISITOR, finding_page(explained=False)),
    State("found and explained", VISITOR, finding_page(explained=True)),
    State("check", LEAD, f"{RETURN}check/"),
    State("submit, not complete", LEAD, f"{RETURN}services/submit/"),
    State("what the director sees", LEAD, f"{RETURN}services/sign-off/"),
    State("sign off", VISITOR, part_page("sign_off", "submitted", Role.DIRECTOR)),
    State("signed off", VISITOR, part_page("sign_off", "signed_off", Role.DIRECTOR)),
    State("explanations", VISITOR, part_page("explanations", "signed_off", Role.DIRECTOR)),
    State("decisions", VISITOR, part_page("decisions", "signed_off", Role.DIRECTOR)),
    State("sent back", VISITOR, part_page("submit", "sent_back", Role.LEAD)),
    State("decline", LEAD, f"{RETURN}decline/"),
    State("results of a signed-off return", VISITOR, document_page),
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
    State("checks of a collection", NATIONAL, CHECKS),
    State("checks that found something", NATIONAL, f"{CHECKS}?only=found"),
    State("one check", NATIONAL, f"{CHECKS}SVC-F01/F-S1/"),
    State("trial of a threshold", NATIONAL, trial_page()),
    State("switch a threshold on", NATIONAL, trial_page("switch-on/")),
    State("switch a check off", NATIONAL, f"{CHECKS}SVC-F01/F-S1/off/"),
    State("settings for all questions", NATIONAL, f"{CHECKS}all/"),
    State("a check at all questions", NATIONAL, f"{CHECKS}all/GS1/"),
    State("switch a check off everywhere", NATIONAL, f"{CHECKS}all/GS1/off/"),
]
