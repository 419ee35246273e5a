"""The sandbox from the front page on, wide and on a phone, with and without scripts, and by keyboard alone."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.browser.keyboard import ways
from tests.browser.pages import PHONE, WIDE
from tests.factories import CollectionFactory

CAMHS = "/sandbox/primary-care-trust/service-08/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def coming(transactional_db):
    """The registers, and a collection that comes after the one that is being answered."""
    CollectionFactory(year=2010)
    call_command("load_reference", verbosity=0)


def keep(visitor):
    """Wait until what was typed is kept; without scripts press the button for it."""
    if visitor.scripts:
        visitor.page.keyboard.press("Tab")
        visitor.page.wait_for_timeout(450)  # a script sends 350 ms after the last change
        visitor.page.wait_for_load_state("networkidle")
    else:
        visitor.page.locator(".closing button[value='here']").click()
    visitor.look()
    expect(visitor.page.locator("#saved")).to_contain_text("Kept at")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_visitor_tries_a_questionnaire_and_leaves_nothing(person, scripts, size):
    visitor = person(scripts=scripts, size=size)
    visitor.open("/")
    visitor.follow("Try the questions")
    visitor.follow("Primary care trust")
    visitor.follow("08 ", within=visitor.page.locator("main"))
    assert visitor.path() == CAMHS
    visitor.follow("F Activity", within=visitor.page.locator("main"))

    asked = visitor.page.locator("[name='SVC-F03']")
    expect(asked).to_have_count(0)
    visitor.choose("SVC-F00", "yes")
    keep(visitor)
    expect(asked).to_have_count(1)

    visitor.fill(**{"SVC-F02": "10", "SVC-F03": "20"})
    keep(visitor)
    expect(visitor.page.locator("#q-SVC-F03")).to_contain_text("Error:")

    visitor.press("Fill with example data")
    expect(visitor.page.locator("#q-SVC-F03 .problem-error")).to_have_count(0)
    visitor.click(visitor.page.locator(f".breadcrumbs a[href='{CAMHS}']"))
    expect(visitor.page.locator("main .page-head")).to_contain_text("Complete")

    visitor.press("Clear this questionnaire")
    visitor.sees("This questionnaire is empty again.")
    visitor.sees("answers missing")
    visitor.open("/sandbox/")
    visitor.press("Clear everything now")
    visitor.sees("is gone")


@ways((True, WIDE), (True, PHONE), (False, WIDE), (False, PHONE))
def test_a_section_is_tried_with_the_keyboard_alone(typist, scripts, size):
    visitor = typist(scripts=scripts, size=size)
    visitor.open("/sandbox/")
    visitor.follow_by_key("Primary care trust")
    visitor.follow_by_key("08 ")
    visitor.follow_by_key("F Activity")

    visitor.press_by_key("Fill with example data")
    visitor.sees("Every open question now has an invented answer.")
    example = visitor.page.locator("[name='SVC-F01']").input_value()
    own = str(int(example) + 1)
    visitor.answer_by_key({"SVC-F01": own})
    assert visitor.path() == f"{CAMHS}G/"

    visitor.open(f"{CAMHS}F/")
    expect(visitor.page.locator("[name='SVC-F01']")).to_have_value(own)
