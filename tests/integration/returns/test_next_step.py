from datetime import date

import pytest

from accounts import tenancy
from mapping.returns import actions
from mapping.returns.models import Part, ReturnEvent
from tests.factories import ServiceEntryFactory


@pytest.fixture
def overview(client, lead, address):
    """``overview()`` opens the overview as the lead, or as another, and gives what it shows."""

    def show(user=lead):
        client.force_login(user)
        return client.get(address("overview_of")).context

    return show


@pytest.fixture
def decide(organisation, annual_return, director):
    """``decide("submitted")`` sets the decision of every part; ``decide("sent_back", "services")`` of one."""

    def to(decision, kind=None, note=""):
        with tenancy.scope(organisation):
            parts = Part.objects.filter(annual_return=annual_return)
            parts = parts.filter(kind=kind) if kind else parts
            parts.update(decision=decision)
            if note:
                event = ReturnEvent.Kind.SENT_BACK
                actions.record_event(annual_return, event, by=director, part=parts.get(), note=note)

    return to


def confirm(organisation, lead):
    with tenancy.scope(organisation):
        actions.confirm_list(Part.objects.get(kind="services"), by=lead)


def test_empty_list_is_imported(overview, annual_return):
    step = overview()["step"]

    assert (step.title, step.action) == ("Build your list of services", "Import a list")


def test_empty_list_is_brought_over_from_last_year(overview, annual_return, last_return):
    ServiceEntryFactory(annual_return=last_return)

    assert overview()["step"].title == "Bring the 1 service of last year over"


def test_list_is_confirmed_before_anybody_is_asked(overview, organisation, lead, listed):
    listed("Homestart", "Talkshop")
    before = overview()["step"].title
    confirm(organisation, lead)

    assert before == "Say that your list of services is complete"
    assert overview()["step"].title == "Give 2 services to the people who know"


def test_unusual_figures_are_explained_once_nothing_is_wrong(overview, organisation, lead, listed, responded):
    (entry,) = listed("Homestart")
    responded(entry, progress="in_progress", soft_open_count=1)
    confirm(organisation, lead)

    step = overview()["step"]

    assert step.title == "Explain 1 unusual figure in 1 service"
    assert step.url.endswith(f"/start/{entry.pk}/")


def test_most_urgent_service_comes_next(
    overview, organisation, lead, contributor, listed, responded, delegated
):
    early, late = listed("Homestart", "Talkshop")
    delegated(responded(early, progress="in_progress"), to=contributor, due_on=date(2010, 2, 1))
    delegated(responded(late, progress="in_progress"), to=contributor, due_on=date(2010, 1, 4))
    confirm(organisation, lead)

    page = overview()

    assert page["step"].text == "The most urgent is Talkshop."
    assert [(one.label, one.strong, one.under) for one in page["attention"]] == [
        ("Late", "Talkshop", "With Priya Nair.")
    ]
    assert page["dates"][0] == {"term": "1 February", "words": "1 service due from colleagues"}


def test_complete_part_is_submitted(overview, organisation, lead, listed, responded):
    responded(*listed("Homestart"), progress="complete")
    confirm(organisation, lead)

    step = overview()["step"]

    assert step.title == "Submit services for sign-off"
    assert step.url.endswith("/services/submit/")


def test_part_that_was_sent_back_comes_first_with_its_note(overview, decide, listed, responded):
    responded(*listed("Homestart"), progress="in_progress", hard_count=1)
    decide("sent_back", "services", note="Count Talkshop once.")

    page = overview()

    assert page["step"].title == "Services was sent back"
    assert page["step"].text == "Helen Marsden: “Count Talkshop once.”"
    assert [one.label for one in page["attention"]] == ["Sent back", "Errors"]


def test_submitted_parts_wait_for_the_director(overview, decide, director, listed):
    listed("Homestart")
    decide("submitted")

    of_lead, of_director = overview(), overview(director)

    assert of_lead["attention"] == []
    assert of_lead["step"].title == "With Helen Marsden for sign-off"
    assert [row.left for row in of_lead["parts"]] == [[("With Helen Marsden for sign-off", "")]] * 2
    assert of_director["step"].title == "Decide about services"
    assert of_director["parts"][0].left[0][1].endswith("/services/sign-off/")


def test_signed_off_return_leads_to_its_results(overview, decide, director, listed):
    listed("Homestart")
    decide("signed_off")

    assert overview()["step"].title == "Your return is signed off"
    assert overview(director)["step"].url.endswith("/results/")


def test_after_closing_nothing_can_be_done(overview, at, listed, responded):
    responded(*listed("Homestart"), progress="in_progress", hard_count=1)
    at(date(2010, 3, 1))

    step = overview()["step"]

    assert (step.title, step.url) == ("Data entry has closed", "")


def test_complete_part_can_be_submitted_after_closing(overview, at, organisation, lead, listed, responded):
    responded(*listed("Homestart"), progress="complete")
    confirm(organisation, lead)
    at(date(2010, 3, 1))

    assert overview()["step"].title == "Submit services for sign-off"


def test_possible_doubles_are_shown_until_the_list_is_confirmed(overview, organisation, lead, listed):
    listing = {"telephone": "0161 911 8650", "postcode": "M33 7ZF"}
    listed("Talkshop Sale", "Talkshop Sale Trafford", listing=listing)

    (double,) = [one for one in overview()["attention"] if one.sign == "duplicate"]
    confirm(organisation, lead)

    assert double.strong == "Talkshop Sale and Talkshop Sale Trafford"
    assert double.under == "Same telephone, same postcode M33 7ZF"
    assert not [one for one in overview()["attention"] if one.sign == "duplicate"]
