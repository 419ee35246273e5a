"""One section in the hands of two people, of somebody with a keyboard only, and with the line gone."""

import pytest
from playwright.sync_api import expect

from accounts import tenancy
from accounts.models import Organisation, Role
from mapping.returns import actions
from mapping.returns.models import Collection, PartKind
from questionnaires.actions import open_response
from questionnaires.models import Response
from tests.people import PASSWORD, member

RETURN = "/trafford/returns/2009-10/"
POST, EMAIL = "SVC-A14", "SVC-A15"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registers")]


@pytest.fixture
def section(registers):
    """The address of section A of a service that nobody has answered yet, and two people who may."""
    trafford = Organisation.objects.get(slug="trafford")
    lead = member(trafford, Role.LEAD, "Ruth Ashworth")
    member(trafford, Role.DEPUTY, "Gareth Lloyd")
    with tenancy.scope(trafford):
        annual_return = actions.open_return(trafford, Collection.objects.get(year=2009))
        (entry,) = actions.add_services(annual_return, [actions.NewService("Talk shop", "08", {})], by=lead)
        part = annual_return.parts.get(kind=PartKind.SERVICES)
        pin = annual_return.collection.pins.get(key="service")
        response = open_response(part, pin, by=lead, service_entry=entry)
    return f"{RETURN}responses/{response.pk}/A/"


def kept():
    """The answers that the database holds now: code of a question -> value."""
    with tenancy.staff_reading("what was kept"):
        return {cell: stored["v"] for cell, stored in Response.objects.get().cells.items()}


def opened(person, role, section):
    somebody = person()
    somebody.sign_in(f"{role}@trafford.example", PASSWORD)
    somebody.open(section)
    return somebody


def test_two_people_keep_each_others_work_and_see_where_they_clash(person, section):
    lead, deputy = opened(person, "lead", section), opened(person, "deputy", section)

    lead.give({POST: "Team manager"})
    deputy.give({EMAIL: "manager@trafford.example"})
    assert kept() == {POST: "Team manager", EMAIL: "manager@trafford.example"}

    lead.give({EMAIL: "lead@trafford.example"})
    clash = lead.page.locator("#questions .clash")
    expect(clash).to_contain_text("Gareth Lloyd")
    expect(clash).to_contain_text("manager@trafford.example")
    expect(clash).to_contain_text("lead@trafford.example")
    assert kept()[EMAIL] == "manager@trafford.example"

    lead.page.locator(f"button[name='choose:{EMAIL}'][value='yours']").click()
    expect(clash).to_have_count(0)
    assert kept()[EMAIL] == "lead@trafford.example"


def test_a_lost_connection_is_told_and_nothing_typed_is_lost(person, section):
    lead = opened(person, "lead", section)
    lead.context.set_offline(True)
    lead.page.locator(f"[name='{POST}']").fill("Head of service")
    lead.page.keyboard.press("Tab")
    expect(lead.page.locator("#saved")).to_contain_text("Not saved since")
    expect(lead.page.locator("#saved-below")).to_contain_text("The connection is lost.")
    assert kept() == {}

    lead.context.set_offline(False)

    expect(lead.page.locator("#saved")).to_contain_text("Saved at")
    assert kept() == {POST: "Head of service"}


def test_a_section_is_answered_with_the_keyboard_alone(person, section):
    lead = opened(person, "lead", section)
    keyboard = lead.page.keyboard

    def reach(name):
        """Press Tab until that field has the focus."""
        for _ in range(80):
            keyboard.press("Tab")
            if lead.page.evaluate("document.activeElement.name") == name:
                return
        raise AssertionError(f"{name} cannot be reached with the keyboard")

    reach("SVC-A03")
    keyboard.press("Space")
    reach(POST)
    keyboard.type("Team manager")
    reach("SVC-A23")
    keyboard.press("Space")
    reach("go")
    expect(lead.page.locator("#saved")).to_contain_text("Saved at")
    while lead.page.evaluate("document.activeElement.value") != "on":
        keyboard.press("Tab")
    keyboard.press("Enter")
    lead.page.wait_for_url("**/B/")

    assert kept()[POST] == "Team manager"
    assert kept()["SVC-A23"] == "yes"
    assert len(kept()["SVC-A03"]) == 1
