"""Delegating, and that a contributor sees what was delegated and nothing else."""

from datetime import date
from io import BytesIO

import pytest
from allauth.account.models import EmailAddress
from pypdf import PdfReader

from accounts import actions as accounts
from accounts import tenancy
from accounts.actions import Refused
from accounts.models import Invitation, Message, Role, User
from questionnaires import actions
from questionnaires.actions import Given
from questionnaires.models import Delegation, Response
from questionnaires.queries.visibility import ELSEWHERE
from tests.integration.questionnaires.conftest import address
from tests.people import member

DELEGATE = "/trafford/returns/2009-10/delegate/"


def subjects(organisation, person):
    with tenancy.scope(organisation):
        return list(Message.objects.filter(recipient=person).values_list("subject", flat=True))


def test_a_contributor_sees_the_delegated_section_only(client, contributor, response, asked):
    asked("F")
    client.force_login(contributor)

    shown = client.get(address(response, "F")).content.decode()
    assert 'name="SVC-F01"' in shown
    assert address(response, "E") not in shown
    assert client.get(address(response, "E")).status_code == 404
    assert client.post(address(response, "E"), {"SVC-E03": "1"}).status_code == 404


def test_a_rule_message_tells_nothing_of_a_hidden_section(client, contributor, response, asked, saved, lead):
    saved(response, {"SVC-F01": 10, "SVC-C07": 900}, by=lead)  # C-S1: far more requests than children
    asked("C")
    client.force_login(lead)
    assert "(F01)" in client.get(address(response, "C")).content.decode()

    client.force_login(contributor)
    shown = client.get(address(response, "C")).content.decode()

    assert ELSEWHERE in shown
    assert "(F01)" not in shown


def test_the_total_of_a_hidden_section_is_not_told_by_a_breakdown(
    client, contributor, response, asked, saved, lead
):
    saved(response, {"SVC-F01": 148, "SVC-F03": 38}, by=lead)
    asked("B")
    client.force_login(contributor)

    shown = client.get(address(response, page="full")).content.decode()

    assert "B Who it is for" in shown
    assert "148" not in shown
    assert "F Activity" not in shown


def test_history_is_cut_down_to_the_delegated_section(client, contributor, response, asked, saved, lead):
    saved(response, {"SVC-F01": 148, "SVC-B03": 4}, by=lead)
    asked("B")
    client.force_login(contributor)

    shown = client.get(address(response, page="history")).content.decode()

    assert "Youngest age served" in shown
    assert "Children on the caseload" not in shown


def test_history_says_old_and_new_in_words(client, response, saved, lead):
    saved(response, {"SVC-B01": "specialist"}, by=lead)
    client.force_login(lead)

    shown = client.get(address(response, page="history"), {"question": "SVC-B01"}).content.decode()

    assert '<td data-label="Before">Targeted</td>' in shown
    assert '<td data-label="After" class="strong">Specialist</td>' in shown
    assert "Carried over from before" in shown


def test_two_versions_are_compared_as_far_as_the_reader_sees_them(
    client, contributor, response, asked, saved, lead
):
    first = saved(response, {"SVC-F01": 148, "SVC-B03": 4}, by=lead).response.version
    saved(response, {"SVC-B03": 5}, by=lead)
    last = saved(response, {"SVC-B03": 4, "SVC-F01": 150}, by=lead).response.version
    client.force_login(lead)
    versions = {"from": first, "to": last}

    shown = client.get(address(response, page="history/compare"), versions).content.decode()

    assert "1 answer differs between" in shown
    whole = client.get(address(response, page="history/compare")).content.decode()
    assert f"between the empty questionnaire and version {last}." in whole and "ersion 0" not in whole
    assert '<td data-label="Before">148</td>' in shown and ">150</td>" in shown
    assert (
        "No difference"
        in client.get(address(response, page="history/compare"), {"from": last, "to": last}).content.decode()
    )
    asked("B")
    client.force_login(contributor)
    shown = client.get(address(response, page="history/compare"), versions).content.decode()
    assert "No difference" in shown and ">150</td>" not in shown


def test_answers_of_a_table_are_compared_in_its_own_order(client, response, saved, lead):
    before = response.version
    hours = {"SVC-A19|tue|from": "09:00", "SVC-A19|fri|from": "09:00", "SVC-A19|tue|to": "16:00"}
    last = saved(response, hours, by=lead).response.version
    client.force_login(lead)

    page = client.get(
        address(response, page="history/compare"), {"from": before, "to": last}
    ).content.decode()

    found = [
        page.index(f"Opening hours, {cell}") for cell in ("Tuesday, From", "Tuesday, To", "Friday, From")
    ]
    assert found == sorted(found)


def test_answers_as_pdf_hold_what_the_reader_sees(client, contributor, response, asked, saved, lead):
    saved(response, {"SVC-F01": 148, "SVC-B03": 4}, by=lead)
    asked("B")
    texts = {}
    for person in (lead, contributor):
        client.force_login(person)
        content = client.get(address(response, page="answers.pdf").rstrip("/")).content
        texts[person] = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)

    assert "148 children" in texts[lead] and "Activity" in texts[lead]
    assert "148" not in texts[contributor] and "Who it is for" in texts[contributor]
    assert "only the sections that the reader answers" in texts[contributor]


def test_explanations_of_hidden_sections_are_not_listed(client, contributor, response, asked, saved, lead):
    (problem,) = [
        p for p in saved(response, {"SVC-F01": 300}, by=lead).evaluation.problems if p.rule == "F-S1"
    ]
    saved(response, {}, by=lead, reasons={problem.key: Given("A second team joined.")})
    asked("Z")
    client.force_login(contributor)

    assert "A second team joined." not in client.get(address(response, "Z")).content.decode()
    client.force_login(lead)
    assert "A second team joined." in client.get(address(response, "Z")).content.decode()


def test_taking_back_ends_what_the_contributor_sees(client, contributor, organisation, response, asked, lead):
    (delegation,) = asked()
    client.force_login(contributor)
    assert client.get(address(response, "F")).status_code == 200

    with tenancy.scope(organisation):
        actions.take_back(delegation, by=lead)

    assert client.get(address(response, "F")).status_code == 404
    with tenancy.scope(organisation):
        assert not Response.objects.visible_to(User.objects.get(pk=contributor.pk)).exists()


def test_opening_is_noted_once(client, contributor, organisation, response, asked, at):
    asked("F")
    client.force_login(contributor)
    client.get(address(response, "F"))
    at(date(2010, 1, 20))
    client.get(address(response, "F"))

    with tenancy.scope(organisation):
        assert Delegation.objects.get().opened_at.date() == date(2010, 1, 14)


def test_a_lead_delegates_services_that_nobody_has_opened(
    client, lead, contributor, organisation, annual_return
):
    client.force_login(lead)
    with tenancy.scope(organisation):
        chosen = list(annual_return.service_entries.values_list("pk", flat=True))
    sent = {"give": "yes", "chosen": chosen, "person": contributor.pk, "due_on": "5 February 2010"}

    answer = client.post(DELEGATE, sent)

    assert answer.status_code == 302
    with tenancy.scope(organisation):
        given = Delegation.objects.select_related("response")
        assert {row.response.service_entry_id for row in given} == set(chosen)
        assert {(row.to, row.section, row.due_on) for row in given} == {(contributor, "", date(2010, 2, 5))}
    assert subjects(organisation, contributor) == ["Ruth Ashworth asks you to answer about 2 services"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose a colleague or give an e-mail address"),
        (
            {"email": "new@trafford.example", "due_on": "1 March 2010"},
            "Data entry closes on 28 February 2010",
        ),
        ({"email": "new@trafford.example", "due_on": "1 January 2010"}, "That day has passed"),
    ],
)
def test_the_form_says_what_is_wrong(client, lead, response, organisation, sent, words):
    client.force_login(lead)
    answer = client.post(DELEGATE, {"give": "yes", "chosen": response.service_entry_id, **sent})

    assert words in answer.content.decode()
    with tenancy.scope(organisation):
        assert not Delegation.objects.exists()


def test_somebody_invited_gets_what_was_delegated_when_they_accept(organisation, response, lead, client):
    with tenancy.scope(organisation):
        asked = actions.Asked(email="New@Trafford.example", name="Tess Young", note="You know best.")
        actions.delegate([response], asked, sections=["F"], by=lead)
        invitation = Invitation.objects.get(email="new@trafford.example")
    assert invitation.role == Role.CONTRIBUTOR
    assert "Primary mental health team" in invitation.note
    person = User.objects.create_user("new@trafford.example", name="Tess Young")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    with tenancy.scope(organisation):
        accounts.accept(invitation, by=person)

    client.force_login(person)
    assert client.get(address(response, "F")).status_code == 200
    assert client.get(address(response, "E")).status_code == 404


def test_withdrawing_an_invitation_takes_back_what_was_delegated(organisation, response, lead):
    with tenancy.scope(organisation):
        (given,) = actions.delegate([response], actions.Asked(email="new@trafford.example"), by=lead)
        accounts.withdraw(given.invitation, by=lead)

        given.refresh_from_db()
        assert given.taken_back_at is not None


def test_a_director_cannot_be_asked_to_answer(organisation, response, lead, director):
    with pytest.raises(Refused), tenancy.scope(organisation):
        actions.delegate([response], actions.Asked(to=director), by=lead)


def test_nobody_is_nudged_twice_on_a_day(organisation, contributor, asked, lead, at):
    (delegation,) = asked("F")
    with tenancy.scope(organisation):
        actions.nudge(delegation, by=lead)
        with pytest.raises(Refused):
            actions.nudge(delegation, by=lead)
    at(date(2010, 1, 15))
    with tenancy.scope(organisation):
        actions.nudge(delegation, by=lead)

    told = [subject for subject in subjects(organisation, contributor) if "still waits" in subject]
    assert len(told) == 2


def test_handing_over_keeps_section_and_date(organisation, asked, lead, contributor):
    (delegation,) = asked("F")
    other = member(organisation, Role.DEPUTY, "Daniel Okafor")
    with tenancy.scope(organisation):
        Delegation.objects.update(due_on=date(2010, 2, 5))
        given = actions.hand_over(delegation, actions.Asked(to=other), by=lead)

        assert (given.to, given.section, given.due_on) == (other, "F", date(2010, 2, 5))
        assert list(Delegation.objects.standing()) == [given]


def test_the_delegate_page_lists_who_was_asked(client, lead, response, asked):
    asked("F")
    client.force_login(lead)
    shown = client.get(DELEGATE, {"response": response.pk}).content.decode()

    assert "Primary mental health team, section F" in shown
    assert "Take back" in shown


@pytest.mark.parametrize("what", ["nudge", "take-back", "hand-over"])
def test_only_leads_change_a_delegation(client, contributor, outsider, response, asked, what):
    (delegation,) = asked("F")
    url = f"/trafford/returns/2009-10/delegations/{delegation.pk}/{what}/"
    client.force_login(contributor)
    assert client.post(url).status_code == 403

    client.force_login(outsider)
    assert client.post(url).status_code == 404


def test_the_organisations_questionnaires_show_progress_and_who(
    client, lead, trust, organisation, contributor
):
    with tenancy.scope(organisation):
        actions.delegate([trust], actions.Asked(to=contributor), by=lead)
    client.force_login(lead)
    shown = client.get("/trafford/returns/2009-10/organisation/").content.decode()

    assert "Children's Trust questionnaire" in shown.replace("&#x27;", "'")
    assert "With Priya Nair." in shown


@pytest.mark.parametrize(("role", "made"), [("lead", True), ("director", False), ("contributor", False)])
def test_starting_makes_the_response_for_those_who_answer(client, people, organisation, entry, role, made):
    client.force_login(people[role])
    answer = client.get(f"/trafford/returns/2009-10/start/{entry.pk}/")

    with tenancy.scope(organisation):
        assert Response.objects.filter(service_entry=entry).exists() == made
    assert answer.status_code == (404 if role == "contributor" else 302)


def test_a_response_opens_at_the_first_section_with_something_to_do(client, lead, response, saved):
    saved(
        response, {"SVC-F01": 10, "SVC-F02": 5, "SVC-F03": 9}, by=lead
    )  # F-H2: more new cases than children seen
    client.force_login(lead)

    assert client.get(address(response)).url == address(response, "F")
