"""Handing a part over: what it needs, who hears of it, and that its answers are locked from then on."""

from datetime import date

import pytest

from accounts import tenancy
from accounts.models import Membership, Message
from mapping.returns import actions
from mapping.returns.models import AnnualReturn, ReturnEvent
from mapping.returns.workflow import WrongStatus
from questionnaires.actions import save_cells
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def messages_of(user):
    with tenancy.scope(*user.organisation_ids):
        return list(Message.objects.filter(recipient=user).order_by("pk"))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("lead", 200),
        ("director", 403),
        ("contributor", 403),
        ("outsider", 404),
        ("helpdesk", 403),
        ("support_worker", 403),
        ("analyst", 403),
        ("national", 403),
        ("visitor", 302),
    ],
)
def test_submit_page_admits_leads_only(client, people, this_year, role, status):
    assert sign_in(client, people[role]).get(this_year.url("submit", "services")).status_code == status


@pytest.mark.parametrize(
    ("role", "status"),
    [("director", 403), ("contributor", 403), ("outsider", 404), ("helpdesk", 403), ("visitor", 302)],
)
def test_others_cannot_submit(client, people, this_year, role, status):
    this_year.complete()

    response = sign_in(client, people[role]).post(this_year.url("submit", "services"))

    assert response.status_code == status
    assert this_year.part().decision == "open"


def test_submitting_locks_the_part_and_tells_the_director(client, lead, director, this_year):
    this_year.complete()

    response = sign_in(client, lead).post(
        this_year.url("submit", "services"), {"note": "Staff came over in April."}, follow=True
    )

    assert this_year.part().decision == "submitted"
    assert this_year.part("organisation").decision == "open"
    assert "Helen Marsden has been told." in response.content.decode()
    assert "The answers of this part are locked." in response.content.decode()
    (message,) = messages_of(director)
    assert message.subject == "Trafford: the services part of 2009/10 waits for your decision"
    assert "“Staff came over in April.”" in message.body
    assert message.link == this_year.url("sign_off", "services")
    assert messages_of(lead) == []


def test_submission_is_an_event_for_good(client, lead, this_year):
    this_year.complete()

    sign_in(client, lead).post(this_year.url("submit", "services"), {"note": "Firm."})

    with tenancy.scope(this_year.organisation):
        event = ReturnEvent.objects.get(kind="submitted")
    assert (event.by, event.note, event.part_id) == (lead, "Firm.", this_year.part().pk)


def test_submitting_twice_tells_the_director_once(client, lead, director, this_year):
    this_year.complete()
    sign_in(client, lead).post(this_year.url("submit", "services"))

    response = client.post(this_year.url("submit", "services"), follow=True)

    assert "Nothing was submitted. A part that is submitted cannot be submitted." in response.content.decode()
    assert len(messages_of(director)) == 1


def test_incomplete_part_is_not_submitted(client, lead, this_year):
    this_year.add_service("Team", {"SVC-F01": {"v": 10}})
    sign_in(client, lead)

    page = client.get(this_year.url("submit", "services")).content.decode()
    response = client.post(this_year.url("submit", "services"), follow=True)

    assert "It is not complete yet." in page
    assert "1 missing" in page
    assert "<textarea" not in page
    assert "Nothing was submitted. The part is not complete yet." in response.content.decode()
    assert this_year.part().decision == "open"


def test_part_is_complete_only_with_the_list_confirmed(client, lead, this_year):
    this_year.complete()
    with tenancy.scope(this_year.organisation):
        actions.unconfirm_list(this_year.part(), by=lead)

    page = sign_in(client, lead).get(this_year.url("submit", "services")).content.decode()

    assert "The list to confirm" in page
    assert "It is not complete yet." in page


def test_without_a_director_the_page_says_so(client, lead, this_year):
    this_year.complete()

    page = sign_in(client, lead).get(this_year.url("submit", "services")).content.decode()

    assert "Nobody can sign it off yet." in page
    assert "/trafford/people/invite/" in page


def test_director_who_waits_for_the_helpdesk_is_named_but_not_told(client, lead, director, this_year):
    Membership.objects.filter(user=director).update(confirmed_at=None)
    this_year.complete()
    sign_in(client, lead)

    page = client.get(this_year.url("submit", "services")).content.decode()
    client.post(this_year.url("submit", "services"))

    assert "The helpdesk has not confirmed Helen Marsden as director yet." in page
    with tenancy.scope(this_year.organisation):
        assert not Message.objects.exists()


def test_the_next_complete_part_is_offered(client, lead, this_year):
    this_year.complete()

    response = sign_in(client, lead).post(this_year.url("submit", "services"), follow=True)

    assert "Submit the organisation part as well" in response.content.decode()


@pytest.mark.parametrize("kind", ["finance"])
def test_part_that_is_not_owed_is_not_found(client, lead, this_year, kind):
    assert sign_in(client, lead).get(this_year.url("submit", kind)).status_code == 404


# -- When ------------------------------------------------------------------------------------------


def submitted_on(this_year, at, day):
    """The decision after an attempt to submit on a day."""
    at(day)
    try:
        return this_year.submit().decision
    except WrongStatus as problem:
        return str(problem)


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        (date(2009, 10, 15), "Data entry has not begun: it opens on 1 November 2009."),
        (date(2009, 11, 1), "submitted"),
        (date(2010, 2, 28), "submitted"),
        (date(2010, 3, 10), "submitted"),
        (
            date(2010, 6, 1),
            "The figures of this collection are published. Ask the helpdesk to reopen the part.",
        ),
    ],
)
def test_parts_are_submitted_from_data_entry_to_publication(this_year, at, day, outcome):
    this_year.complete()
    publish(this_year, date(2010, 5, 1))

    assert submitted_on(this_year, at, day) == outcome


def publish(this_year, day):
    this_year.collection.published_on = day
    this_year.collection.save()


def save_figure(this_year, figure):
    response = this_year.response(this_year.annual_return.service_entries.first())
    with tenancy.scope(this_year.organisation):
        return save_cells(
            response, {"SVC-F01": {"v": figure}}, seen_version=response.version, by=this_year.lead
        )


def first_figure(this_year):
    with tenancy.scope(this_year.organisation):
        return this_year.response(this_year.annual_return.service_entries.first()).cells["SVC-F01"]["v"]


def attempt(this_year, figure):
    """The figure after an attempt to save, or why it was not saved."""
    with tenancy.scope(this_year.organisation):
        try:
            save_figure(this_year, figure)
        except WrongStatus as problem:
            return str(problem)
    return first_figure(this_year)


def test_answers_are_locked_once_submitted_and_open_once_sent_back(this_year, director):
    this_year.complete().submit()

    assert attempt(this_year, 101) == (
        "The services part is submitted. You can read the answers but not change them."
    )
    with tenancy.scope(this_year.organisation):
        actions.send_back(this_year.part(), by=director, note="Count again.")
    assert attempt(this_year, 102) == 102


def test_answers_of_another_part_stay_open(this_year):
    this_year.complete().submit()

    response = this_year.answer({"CTQB2|b02|on": {"v": "yes"}})

    assert response.cells["CTQB2|b02|on"]["v"] == "yes"


def test_sent_back_after_closing_leaves_ten_working_days(this_year, director, at):
    this_year.complete().submit()
    at(date(2010, 3, 5))  # a Friday
    with tenancy.scope(this_year.organisation):
        actions.send_back(this_year.part(), by=director, note="Count again.")

    at(date(2010, 3, 19))
    assert attempt(this_year, 110) == 110
    at(date(2010, 3, 20))
    assert attempt(this_year, 111) == (
        "Data entry closed on 19 March 2010. Ask the helpdesk if you need more time."
    )
    assert this_year.submit().decision == "submitted"


def test_extension_moves_the_last_day_and_tells_the_lead(this_year, helpdesk, at, lead):
    this_year.complete()
    with tenancy.scope(this_year.organisation):
        actions.extend(this_year.annual_return, until=date(2010, 3, 12), reason="Snow", by=helpdesk)

    at(date(2010, 3, 12))
    assert attempt(this_year, 104) == 104
    at(date(2010, 3, 13))
    assert attempt(this_year, 105).startswith("Data entry closed on 12 March 2010.")
    (message,) = messages_of(lead)
    assert message.subject == "Trafford: more time for 2009/10"
    assert "until 12 March 2010" in message.body


def test_part_reopened_after_publication_can_be_submitted_and_signed_off_again(
    this_year, director, helpdesk, at
):
    this_year.complete().submit()
    with tenancy.scope(this_year.organisation):
        actions.sign_off(this_year.part(), by=director)
    publish(this_year, date(2010, 5, 1))
    at(date(2010, 6, 1))
    with tenancy.scope(this_year.organisation):
        actions.reopen(this_year.part(), by=helpdesk, note="Two services were counted twice.")

    assert attempt(this_year, 108) == 108
    assert this_year.submit().decision == "submitted"
    with tenancy.scope(this_year.organisation):
        assert actions.sign_off(this_year.part(), by=director).decision == "signed_off"


# -- Declining -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [("lead", 200), ("director", 403), ("contributor", 403), ("outsider", 404), ("helpdesk", 403)],
)
def test_decline_page_admits_leads_only(client, people, this_year, role, status):
    assert sign_in(client, people[role]).get(this_year.url("decline")).status_code == status


def is_declined(this_year):
    with tenancy.scope(this_year.organisation):
        return AnnualReturn.objects.get(pk=this_year.annual_return.pk).is_declined


def test_declining_needs_a_reason_and_an_agreement(client, lead, this_year):
    response = sign_in(client, lead).post(this_year.url("decline"), {"reason": " "})

    assert set(response.context["form"].errors) == {"reason", "is_agreed"}
    assert not is_declined(this_year)


def test_declining_can_be_taken_back(client, lead, director, this_year):
    sign_in(client, lead)

    client.post(this_year.url("decline"), {"reason": "No staff for it.", "is_agreed": "on"})
    assert is_declined(this_year)
    page = client.get(this_year.url("check")).content.decode()
    client.post(this_year.url("decline"))

    assert "Your organisation takes no part this year." in page
    assert not is_declined(this_year)
    assert [message.subject for message in messages_of(director)] == [
        "Trafford takes no part in 2009/10",
        "Trafford takes part in 2009/10 after all",
    ]


def test_no_declining_once_a_part_is_submitted(client, lead, this_year):
    this_year.complete().submit()

    response = sign_in(client, lead).post(
        this_year.url("decline"), {"reason": "No staff.", "is_agreed": "on"}, follow=True
    )

    assert "A part has been submitted already." in response.content.decode()
    assert not is_declined(this_year)


@pytest.mark.parametrize("was_declined", [False, True])
def test_taking_part_does_not_change_after_publication(client, lead, this_year, at, was_declined):
    if was_declined:
        with tenancy.scope(this_year.organisation):
            actions.decline(this_year.annual_return, by=lead, reason="No staff.")
    publish(this_year, date(2010, 5, 1))
    at(date(2010, 5, 2))

    response = sign_in(client, lead).post(
        this_year.url("decline"), {"reason": "No staff.", "is_agreed": "on"}, follow=True
    )

    assert "Nothing has changed. The figures of this collection are published." in response.content.decode()
    assert is_declined(this_year) == was_declined
