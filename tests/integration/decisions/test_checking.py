"""The check page: everything between now and submitting, where it is, and who owes it."""

import re
from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import tenancy
from mapping.returns import actions
from questionnaires.actions import Given
from questionnaires.models import Delegation
from tests.factories import InvitationFactory
from tests.integration.decisions.conftest import FULL_SERVICE
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(client, lead, this_year):
    """``check(only="errors")``: the page as the lead sees it."""

    def get(user=lead, **query):
        return sign_in(client, user).get(this_year.url("check"), query)

    return get


def names(response):
    return [line.name for line in response.context["page"]]


def shown(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def delegate(this_year, entry, *, to=None, section="", due=None, invitation=None):
    with tenancy.scope(this_year.organisation):
        Delegation.objects.create(
            organisation=this_year.organisation,
            annual_return=this_year.annual_return,
            response=this_year.response(entry),
            section=section,
            to=to,
            invitation=invitation,
            due_on=due,
            by=this_year.lead,
        )


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("lead", 200),
        ("director", 200),
        ("contributor", 403),
        ("outsider", 404),
        ("helpdesk", 403),
        ("support_worker", 403),
        ("analyst", 403),
        ("national", 403),
        ("visitor", 302),
    ],
)
def test_check_page_admits_leads_and_directors(client, people, this_year, role, status):
    assert sign_in(client, people[role]).get(this_year.url("check")).status_code == status


def test_no_return_is_not_found(client, lead, this_year, last_year):
    with tenancy.scope(this_year.organisation):
        last_year.annual_return.parts.all().delete()
        last_year.annual_return.delete()

    assert sign_in(client, lead).get(last_year.url("check")).status_code == 404


# -- What is listed ---------------------------------------------------------------------------------


def test_missing_and_wrong_answers_are_listed_by_section(check, this_year):
    entry = this_year.add_service("Sale team", {"SVC-F01": {"v": 10}, "SVC-F05": {"v": 11}})
    this_year.add_service("Urmston team", {"SVC-F01": {"v": 10}})
    response = check()

    wrong, gaps = response.context["page"].object_list[:2]
    section = next(section for section in wrong.sections if section.key == "F")
    (finding,) = section.findings
    address = reverse(
        "questionnaires:section",
        kwargs={
            "organisation": "trafford",
            "collection": "2009-10",
            "response": this_year.response(entry).pk,
            "section": "F",
        },
    )
    assert (wrong.name, section.title, section.errors, finding.sign) == ("Sale team", "Activity", 1, "error")
    assert finding.url.startswith(f"{address}#")
    assert finding.text.startswith("Children waiting: ")
    assert (gaps.name, gaps.count("missing")) == ("Urmston team", 1)
    assert "1 missing" in shown(response)


def test_unusual_figures_want_an_explanation(check, this_year, last_year, at):
    old = unusual_last_year(last_year, at)
    entry = this_year.add_service("Team", service=old.service, carried_from=old)
    this_year.answer({"SVC-F01": {"v": 300}, "SVC-F05": {"v": 20}}, service_entry=entry)

    response = check()

    (line,) = [line for line in response.context["page"] if line.name == "Team"]
    assert line.count("unusual") == 1
    assert [finding.sign for section in line.sections for finding in section.findings] == ["unusual"]
    assert response.context["step"].title == "Explain 1 unusual figure"


def unusual_last_year(last_year, at):
    at(date(2009, 1, 14))
    entry = last_year.add_service("Team", FULL_SERVICE)
    at(date(2010, 1, 14))
    return entry


def test_service_without_response_is_not_started_and_nobody_asked(check, this_year):
    this_year.add_service("Sale team")

    response = check()

    assert names(response) == ["Children's Trust", "Sale team"]
    assert "No one asked yet" in shown(response)
    assert [chip["label"] for chip in response.context["chips"]] == [
        "All that is left",
        "Not started",
        "No one asked yet",
    ]


def test_closed_and_merged_services_owe_nothing(check, this_year):
    this_year.add_service("Play bus", status="closed")
    this_year.add_service("Old team", status="merged")

    assert names(check()) == ["Children's Trust"]


def test_owners_are_named_with_their_dates(check, this_year, contributor):
    entry = this_year.add_service("Sale team", {"SVC-F01": {"v": 10}})
    other = this_year.add_service("Urmston team", {"SVC-F01": {"v": 10}})
    delegate(this_year, entry, to=contributor, due=date(2010, 1, 8))
    invitation = InvitationFactory(organisation=this_year.organisation, name="Sam Reed")
    delegate(this_year, other, section="F", invitation=invitation, due=date(2010, 2, 1))

    page = shown(check())

    assert "With Priya Nair, due 8 January" in page
    assert "6 days late" in page
    assert "With Sam Reed, due 1 February" in page


def test_what_was_taken_back_is_owed_by_nobody(check, this_year, contributor):
    entry = this_year.add_service("Sale team", {"SVC-F01": {"v": 10}})
    delegate(this_year, entry, to=contributor)
    with tenancy.scope(this_year.organisation):
        Delegation.objects.update(taken_back_at="2010-01-10T10:00Z")

    response = check()

    assert "Priya Nair" not in shown(response)
    assert response.context["page"][0].is_unasked


def test_list_to_confirm_is_said(check, this_year):
    this_year.add_service("Team", FULL_SERVICE)
    this_year.answer({"CTQB2|b01|on": {"v": "yes"}, "CTQB2|b02|on": {"v": "no"}})
    this_year.submit("organisation")

    response = check()

    assert "The list to confirm" in shown(response)
    assert response.context["step"].title == "Say that your list of services is complete"


# -- Choosing ---------------------------------------------------------------------------------------


@pytest.fixture
def mixed(this_year, contributor):
    """One service wrong, one with a gap that is late, one not started, one complete."""
    this_year.add_service("Wrong", {"SVC-F01": {"v": 10}, "SVC-F05": {"v": 11}})
    gap = this_year.add_service("Gap", {"SVC-F01": {"v": 10}})
    this_year.add_service("New")
    this_year.add_service("Done", FULL_SERVICE)
    delegate(this_year, gap, to=contributor, due=date(2010, 1, 8))
    return this_year


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Wrong", "Gap", "Children's Trust", "New"]),
        ({"only": "errors"}, ["Wrong"]),
        ({"only": "missing"}, ["Gap"]),
        ({"only": "late"}, ["Gap"]),
        ({"only": "not_started"}, ["Children's Trust", "New"]),
        ({"only": "unasked"}, ["Wrong", "Children's Trust", "New"]),
        ({"only": "complete"}, ["Done"]),
        ({"only": "unusual"}, []),
        ({"person": "Priya Nair"}, ["Gap"]),
        ({"person": "Priya Nair", "only": "errors"}, []),
        ({"only": "nonsense"}, ["Wrong", "Gap", "Children's Trust", "New"]),
        ({"person": "Nobody at all"}, ["Wrong", "Gap", "Children's Trust", "New"]),
    ],
)
def test_lines_are_chosen_by_kind_and_person(check, mixed, query, expected):
    assert names(check(**query)) == expected


def test_chips_count_what_they_show(check, mixed):
    chips = {chip["label"]: chip["count"] for chip in check().context["chips"]}

    assert chips == {
        "All that is left": 4,
        "Errors": 1,
        "Missing": 1,
        "Not started": 2,
        "No one asked yet": 3,
        "Late": 1,
        "Complete": 1,
    }


def test_twenty_lines_a_page(check, this_year):
    for number in range(22):
        this_year.add_service(f"Team {number:02d}")

    first, second = check(), check(page="2")

    assert (len(names(first)), len(names(second))) == (20, 3)
    assert not set(names(first)) & set(names(second))


# -- The next step ----------------------------------------------------------------------------------


def step_of(response):
    step = response.context["step"]
    return (step.title, step.action) if step else None


def test_errors_come_first(check, mixed):
    assert step_of(check()) == ("Correct 1 error", "Go to the first error")


def test_complete_part_is_to_be_submitted(check, this_year):
    this_year.complete()

    assert step_of(check()) == ("The services part is complete", "Submit the services part")


def test_one_filled_button(check, this_year):
    this_year.complete()

    page = check().content.decode()

    assert re.findall(r'<(?:a|button) class="button"[^>]*>([^<]+)', page) == ["Submit the services part"]


def test_director_is_led_to_what_waits(check, director, this_year):
    assert step_of(check(director)) == ("Nothing waits for you", "")
    this_year.complete().submit()

    assert step_of(check(director)) == ("Decide about the services part", "Read and decide")


def test_lead_waits_for_the_director(check, director, this_year):
    this_year.complete().submit()
    this_year.submit("organisation")

    assert step_of(check()) == ("With Helen Marsden for sign-off", "")


def test_closed_data_entry_is_said(check, this_year, at):
    this_year.add_service("Team", {"SVC-F01": {"v": 10}})
    at(date(2010, 3, 1))

    page = shown(check())

    assert "Answers cannot be changed now." in page
    assert "Data entry closed on 28 February 2010." in page


def test_sent_back_part_shows_that(check, director, this_year):
    this_year.complete().submit()
    with tenancy.scope(this_year.organisation):
        actions.send_back(this_year.part(), by=director, note="Count again.")

    page = shown(check())
    assert "Services: sent back with this note “Count again.” Helen Marsden, 14 January 2010" in page


# -- Speed ------------------------------------------------------------------------------------------


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


PAGES = [
    ("lead", "check"),
    ("director", "check"),
    ("lead", "submit"),
    ("lead", "sign_off"),
    ("director", "sign_off"),
    ("director", "explanations"),
    ("director", "decisions"),
]


def test_queries_do_not_grow_with_services(client, people, this_year, last_year, at, contributor):
    counts = {page: [] for page in PAGES}
    for more in (1, 2, 97):
        grow(this_year, last_year, at, contributor, more)
        for role, name in PAGES:
            url = this_year.url(name, None if name == "check" else "services")
            sign_in(client, people[role]).get(url)  # definitions are read once a process
            counts[role, name].append(queries_of(client, url))

    assert {page: len(set(found)) for page, found in counts.items()} == dict.fromkeys(PAGES, 1)
    assert max(found[0] for found in counts.values()) <= 30


@pytest.fixture(autouse=True)
def _postcodes(monkeypatch):
    """The register of postcodes as it is in memory once somebody has read it."""
    known = {"M33": frozenset({"E08000009"})}
    monkeypatch.setattr(import_module("questionnaires.queries.reading"), "outcodes", lambda: known)


def grow(this_year, last_year, at, contributor, number):
    """Add services with answers in both years, an explained figure, a gap, somebody asked."""
    for _ in range(number):
        at(date(2009, 1, 14))
        old = last_year.add_service("Team", FULL_SERVICE)
        at(date(2010, 1, 14))
        entry = this_year.add_service("Team", service=old.service, carried_from=old)
        this_year.answer({"SVC-F01": {"v": 300}}, service_entry=entry)
        this_year.answer(
            {}, service_entry=entry, reasons={("F-S1", "SVC-F01"): Given("A second team joined.")}
        )
        delegate(this_year, entry, to=contributor, due=date(2010, 1, 8))
