"""Reminding people and setting dates for many services at once, from the list."""

from datetime import date

import pytest

from accounts import tenancy
from accounts.models import Invitation, Message
from questionnaires import actions
from questionnaires.models import Delegation, Response

PAGES = "/trafford/returns/2009-10/"


@pytest.fixture
def services(annual_return, organisation, collections, lead):
    """The responses of both services on the list."""
    with tenancy.scope(organisation):
        part, pin = annual_return.parts.get(kind="services"), collections[1].pins.get(key="service")
        entries = annual_return.service_entries.select_related("annual_return__organisation")
        return [actions.open_response(part, pin, by=lead, service_entry=entry) for entry in entries]


@pytest.fixture
def give(organisation, services, lead):
    """``give(to=person)`` asks somebody to answer both services; ``give(email=...)`` invites them to."""

    def ask(responses=services, **asked):
        with tenancy.scope(organisation):
            return actions.delegate(responses, actions.Asked(**asked), by=lead)

    return ask


@pytest.fixture
def chosen(services):
    return {"chosen": [response.service_entry_id for response in services]}


def told(organisation, person):
    with tenancy.scope(organisation):
        return list(Message.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True))


def rows(organisation):
    with tenancy.scope(organisation):
        return list(Delegation.objects.order_by("pk").select_related("to", "invitation"))


def test_page_shows_who_is_reminded_and_sends_nothing(client, lead, organisation, contributor, give, chosen):
    give(to=contributor)
    before = told(organisation, contributor)
    client.force_login(lead)

    page = client.get(f"{PAGES}nudge/", chosen)

    assert [row.person for row in page.context["asked"]] == [str(contributor)] * 2
    assert told(organisation, contributor) == before


def test_each_person_is_reminded_in_one_message_and_once_a_day(
    client, lead, organisation, contributor, colleague, give, chosen, services, at
):
    give(to=contributor)
    give(services[:1], to=colleague)
    client.force_login(lead)

    first = client.post(f"{PAGES}nudge/", chosen, follow=True)
    again = client.post(f"{PAGES}nudge/", chosen, follow=True)

    assert told(organisation, contributor)[1:] == ["2 services still wait for your answers"]
    assert told(organisation, colleague)[1:] == [f"{services[0]} still waits for your answers"]
    assert "were reminded, each in one message" in first.content.decode()
    assert "Reminded earlier today and left in peace" in again.content.decode()
    assert [row.nudged_at.date() for row in rows(organisation)] == [date(2010, 1, 14)] * 3
    at(date(2010, 1, 15))
    client.post(f"{PAGES}nudge/", chosen)
    assert len(told(organisation, contributor)) == 3


def test_reminded_of_one_service_means_left_in_peace_about_the_other(
    organisation, contributor, lead, give, services
):
    first, second = give(to=contributor)

    with tenancy.scope(organisation):
        actions.nudge(first, by=lead)
        assert actions.nudge_all([second], by=lead) == ([], [str(contributor)])
    assert len(told(organisation, contributor)) == 2


def test_invited_person_gets_the_invitation_once_more(organisation, give, lead):
    given = give(email="new@trafford.gov.uk")

    with tenancy.scope(organisation):
        earlier = Invitation.objects.get().token_hash
        assert actions.nudge_all(given, by=lead) == (["new@trafford.gov.uk"], [])
        assert Invitation.objects.get().token_hash != earlier


def test_nobody_is_reminded_of_what_is_complete(
    client, lead, organisation, contributor, give, chosen, services
):
    give(to=contributor)
    with tenancy.scope(organisation):
        Response.objects.update(progress="complete")
    client.force_login(lead)

    page = client.post(f"{PAGES}nudge/", chosen, follow=True)

    assert "has not finished" in page.content.decode()
    assert len(told(organisation, contributor)) == 1


def test_date_is_set_for_all_and_told_once_to_each(client, lead, organisation, contributor, give, chosen):
    give(to=contributor)
    client.force_login(lead)

    page = client.post(f"{PAGES}due/", {**chosen, "due_on": "5 February 2010"}, follow=True)

    assert [row.due_on for row in rows(organisation)] == [date(2010, 2, 5)] * 2
    assert told(organisation, contributor)[1:] == ["Please answer by 5 February 2010: 2 services"]
    assert "2 services are due on 5 February 2010 now" in page.content.decode()
    client.post(f"{PAGES}due/", {**chosen, "due_on": "5 February 2010"})
    assert len(told(organisation, contributor)) == 2


def test_empty_date_takes_it_away(client, lead, organisation, contributor, give, chosen):
    give(to=contributor, due_on=date(2010, 2, 1))
    client.force_login(lead)

    client.post(f"{PAGES}due/", {**chosen, "due_on": ""})

    assert [row.due_on for row in rows(organisation)] == [None, None]


@pytest.mark.parametrize(
    ("day", "words"), [("1 March 2010", "Data entry closes on"), ("13 January 2010", "That day has passed")]
)
def test_date_must_be_within_data_entry(client, lead, organisation, contributor, give, chosen, day, words):
    give(to=contributor)
    client.force_login(lead)

    page = client.post(f"{PAGES}due/", {**chosen, "due_on": day})

    assert words in page.content.decode()
    assert [row.due_on for row in rows(organisation)] == [None, None]


@pytest.mark.parametrize("what", ["nudge", "due"])
def test_nothing_chosen_leads_back_with_a_word(client, lead, annual_return, what):
    client.force_login(lead)

    page = client.get(f"{PAGES}{what}/", follow=True)

    assert "Choose services" in page.content.decode()


@pytest.mark.parametrize("what", ["nudge", "due"])
def test_only_leads_may(client, contributor, outsider, give, chosen, what):
    give(to=contributor)

    client.force_login(contributor)
    assert client.post(f"{PAGES}{what}/", chosen).status_code == 403
    client.force_login(outsider)
    assert client.post(f"{PAGES}{what}/", chosen).status_code == 404


def test_list_offers_both(client, lead, services):
    client.force_login(lead)

    page = client.get(PAGES).content.decode()

    assert f'formaction="{PAGES}nudge/"' in page
    assert f'formaction="{PAGES}due/"' in page
