"""A whole year's work in a real browser, with a real worker: from registering to the profile as PDF."""

import re
import time
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts import tenancy
from accounts.models import Organisation, User
from mapping.returns.models import AnnualReturn, PartKind
from questionnaires.actions import Given, open_response, save_cells
from tests.browser.answers import SERVICE, TRUST
from tests.browser.keyboard import REASON
from tests.browser.pages import PHONE, WIDE
from tests.browser.prepared import example
from tests.people import PASSWORD, TOTP_SECRET

DIRECTORY = Path("tests/data/service_directories/trafford_mental_health_services.csv")
TEAM = "Short Help Team"
RETURN = "/trafford/returns/2009-10/"
LEAD, COLLEAGUE, DIRECTOR = "ruth@ashworth.example", "priya@nair.example", "helen@marsden.example"
NEW_PASSWORD = "blue-kettle-and-snow"
LINK = re.compile(r"https?://\S+")
PATIENCE_SECONDS = 90

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registers", "worker")]


def link_in(text):
    return LINK.search(text).group().rstrip(".")


@pytest.mark.parametrize(
    ("scripts", "size"), [(True, WIDE), (False, PHONE)], ids=["scripts", "no_scripts_phone"]
)
def test_an_organisation_goes_from_registering_to_its_profile(person, helpdesk, mails, scripts, size):
    def newcomer():
        return person(scripts=scripts, size=size)

    desk = newcomer()
    desk.sign_in(helpdesk.email, PASSWORD, TOTP_SECRET, at=time.time())
    lead = registered(newcomer(), desk, mails)
    build_list(lead)
    colleague = delegated(lead, newcomer(), mails)
    colleague_answers(colleague)
    lead_answers(lead)
    director = confirmed_director(lead, desk, newcomer(), mails)
    submit(lead)
    sign_off(director)
    open_profile(director)


def registered(lead, desk, mails):
    """A mapping lead whom the helpdesk has approved."""
    lead.open("/")
    lead.open("/register/")
    lead.fill(q="Trafford")
    lead.press("Search")
    lead.follow_to("/register/for/trafford/")
    lead.fill(post="Performance manager")
    lead.press("Continue")
    lead.fill(email=LEAD, password1=NEW_PASSWORD, name="Ruth Ashworth")
    lead.press("Make an account")
    lead.open(link_in(mails(LEAD)))
    lead.press("Yes, confirm it")
    desk.open("/helpdesk/")
    desk.press("Approve Ruth Ashworth")
    desk.sees("Ruth Ashworth is now the mapping lead of Trafford")
    lead.open("/")
    assert lead.path() == RETURN
    return lead


def build_list(lead):
    """Two services of a published directory and one by hand, of which one has closed; the list is complete."""
    lead.open(f"{RETURN}services/")
    lead.follow("Import a list")
    lead.page.locator("input[type=file]").set_input_files(DIRECTORY)
    lead.click(lead.page.locator("main form button"))
    lead.press_value("show", "to_add")
    boxes = lead.page.locator("input[name^='add-']").all()
    for box in boxes[2:]:
        box.uncheck()
    for box in boxes[:2]:
        row = box.get_attribute("name").removeprefix("add-")
        lead.page.locator(f"select[name='category-{row}']").select_option("08")
    lead.press_value("do", "save")
    lead.sees("2 services")
    add_by_hand(lead)
    close_first_imported(lead)
    lead.press("The list is complete")
    lead.sees("Your list of services is complete.")


def add_by_hand(lead):
    lead.open(f"{RETURN}services/")
    lead.follow("Add a service")
    lead.follow_to("?group=G2")
    lead.choose("category", "08")
    lead.press("Go on")
    lead.fill(name=TEAM)
    lead.choose("sector", "inhouse")
    lead.press("Add to the list")
    lead.sees(f"{TEAM} is on your list")


def close_first_imported(lead):
    lead.follow(re.compile(f"^Close (?!{TEAM})"))
    lead.fill(on="31/8/2009")
    lead.press("Close the service")
    lead.sees("It stays in your list.")


def delegated(lead, colleague, mails):
    """A colleague, invited by mail, who has been asked to answer for the team and nothing else."""
    lead.open(RETURN)
    lead.page.get_by_role("checkbox", name=TEAM).check()
    lead.press_value("do", "delegate")
    lead.fill(email=COLLEAGUE, name="Priya Nair", due_on="5/2/2010")
    lead.press("Ask them")
    lead.sees("Priya Nair is asked to answer")
    colleague.open(link_in(mails(COLLEAGUE)))
    colleague.fill(name="Priya Nair", password=NEW_PASSWORD)
    colleague.press("Accept the invitation")
    assert colleague.path() == RETURN
    return colleague


def colleague_answers(colleague):
    """All sections of one service, with an error, an unusual answer with its reason, and a special answer."""
    colleague.follow(TEAM)
    colleague.answer(SERVICE)
    colleague.give(SERVICE | {"SVC-B03": "18", "SVC-B01": "universal"})
    expect(colleague.page.locator(".problem-error").first).to_be_visible()
    colleague.give({"SVC-B03": "5"})
    expect(colleague.page.locator(".problem-error")).to_have_count(0)
    reason = colleague.page.locator("#questions textarea[name^='reason']")
    colleague.give({reason.get_attribute("name"): "Any young person may come, without a referral."})
    colleague.go_on()
    colleague.answer_all(SERVICE | {"SVC-C07": "NK!"})
    expect(colleague.page.get_by_role("row", name=TEAM)).to_contain_text("Complete")


def lead_answers(lead):
    """The other service that is open, and the questions about the Children's Trust; the rest is answered already."""
    lead.open(f"{RETURN}?only=not_started")
    lead.click(lead.page.locator("#services th[scope='row'] a"))
    lead.answer_all(SERVICE)
    answered_already("organisation", "local_authority", "ni51")
    lead.open(f"{RETURN}organisation/")
    lead.follow(re.compile("Trust questionnaire"))
    lead.answer_all(TRUST)


def answered_already(*keys):
    """Complete answers to questionnaires that have a journey of their own, saved by the lead."""
    organisation, person = Organisation.objects.get(slug="trafford"), User.objects.get(email=LEAD)
    with tenancy.scope(organisation):
        annual_return = AnnualReturn.objects.get(organisation=organisation, collection__year=2009)
        part = annual_return.parts.get(kind=PartKind.ORGANISATION)
        for key in keys:
            response = open_response(part, annual_return.collection.pins.get(key=key), by=person)
            filled = example(response)
            reasons = {cell: Given(REASON) for cell in filled.explanations}
            save_cells(response, filled.answers, seen_version=response.version, by=person, reasons=reasons)


def confirmed_director(lead, desk, director, mails):
    """A director, invited by the lead and confirmed by the helpdesk."""
    lead.open("/trafford/people/invite/")
    lead.fill(email=DIRECTOR, name="Helen Marsden")
    lead.choose("role", "director")
    lead.press("Send the invitation")
    director.open(link_in(mails(DIRECTOR)))
    director.fill(name="Helen Marsden", password=NEW_PASSWORD)
    director.press("Accept the invitation")
    director.sees("The helpdesk will confirm you as director")
    desk.open("/helpdesk/")
    desk.press("Confirm Helen Marsden")
    director.open("/")
    assert director.path() == RETURN
    return director


def submit(lead):
    """Nothing is left, so both parts go to the director."""
    lead.open(f"{RETURN}check/")
    for part in ("services", "organisation"):
        lead.open(f"{RETURN}{part}/submit/")
        lead.press(f"Submit the {part} part")
        lead.sees("Submitted")


def sign_off(director):
    for part in ("services", "organisation"):
        director.open(f"{RETURN}{part}/sign-off/")
        director.choose("decision", "sign_off")
        director.press("Confirm my decision")
        director.sees("Signed off")


def open_profile(director):
    """The worker makes it meanwhile; the page says when it is there."""
    director.open(f"{RETURN}results/")
    link = director.page.get_by_role("link", name="Local authority profile, PDF")
    expect(link).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    director.look()
    with director.page.expect_download() as download:
        link.click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF")
    assert len(PdfReader(BytesIO(content)).pages) > 3
