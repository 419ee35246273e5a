from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import tenancy
from mapping.returns import actions
from mapping.returns.models import AnnualReturn, Part
from questionnaires.models import Response
from tests.factories import AnnualReturnFactory, PartFactory, ServiceEntryFactory
from tests.people import sign_in


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("lead", 200),
        ("contributor", 200),
        ("director", 200),
        ("outsider", 404),
        ("helpdesk", 403),
        ("visitor", 302),
    ],
)
def test_overview_admits_members(client, people, annual_return, address, role, code):
    sign_in(client, people[role])

    assert client.get(address("overview_of")).status_code == code


def test_foreign_and_missing_organisations_are_the_same_answer(client, outsider, annual_return, collection):
    client.force_login(outsider)

    answers = [
        client.get(reverse("returns:overview_of", kwargs={"organisation": slug, "collection": collection}))
        for slug in ("trafford", "nowhere")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Trafford" not in answers[0].content.decode()


def test_organisation_address_leads_to_the_current_collection(client, lead, collection, address):
    client.force_login(lead)

    assert client.get("/trafford/").url == address("overview_of")


def test_first_visit_of_a_lead_opens_the_return(client, lead, organisation, collection, address):
    client.force_login(lead)

    client.get(address("overview_of"))

    with tenancy.scope(organisation):
        opened = AnnualReturn.objects.get()
        assert opened.collection == collection
        assert set(opened.parts.values_list("kind", flat=True)) == {"services", "organisation"}


def test_visit_of_a_director_does_not_open_the_return(client, director, organisation, collection, address):
    client.force_login(director)

    page = client.get(address("overview_of"))

    assert "There is no return yet" in page.content.decode()
    with tenancy.scope(organisation):
        assert not AnnualReturn.objects.exists()


def test_contributor_sees_only_what_was_delegated(
    client, contributor, lead, address, listed, responded, delegated
):
    own, secret, taken_back = listed("Young carers", "Secret service", "Former task")
    delegated(responded(own, progress="in_progress"), to=contributor, due_on=date(2010, 1, 8))
    delegated(responded(secret), to=lead)
    delegated(responded(taken_back), to=contributor, taken_back_at="2010-01-02T10:00Z")
    client.force_login(contributor)

    text = client.get(address("overview_of")).content.decode()

    assert "Young carers" in text
    assert "6 days late" in text
    assert "Secret service" not in text
    assert "Former task" not in text


def test_overview_counts_progress_and_problems(client, lead, address, listed, responded):
    first, second, third = listed("Homestart", "Talkshop", "Duty team")
    responded(first, progress="complete", version=1)
    responded(second, progress="in_progress", version=1, hard_count=2, soft_open_count=1)
    client.force_login(lead)

    page = client.get(address("overview_of"))

    parts = {row.part.kind: row for row in page.context["parts"]}
    assert (parts["services"].complete, parts["services"].in_progress, parts["services"].total) == (1, 1, 3)
    assert [words for words, _ in parts["services"].left] == ["2 errors", "1 to explain", "confirm the list"]
    assert page.context["step"].title == "Correct 2 errors in 1 service"
    assert {chip["label"]: chip["count"] for chip in page.context["chips"]} == {
        "All": 3, "With errors": 1, "To explain": 1, "No one asked": 1,
        "Not started": 1, "In progress": 1, "Complete": 1,
    }  # fmt: skip
    assert third.name in [one.strong for one in page.context["attention"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Talkshop", "Duty team", "Homestart"]),
        ("?only=complete", ["Homestart"]),
        ("?q=talk", ["Talkshop"]),
        ("?q=family", ["Talkshop", "Duty team", "Homestart"]),
        ("?q=nothing", []),
        ("?person=Priya Nair", ["Talkshop"]),
        ("?sort=name", ["Duty team", "Homestart", "Talkshop"]),
        ("?only=nonsense&sort=nonsense&page=99", ["Talkshop", "Duty team", "Homestart"]),
    ],
)
def test_list_is_filtered_searched_and_sorted(
    client, lead, contributor, address, listed, responded, delegated, query, names
):
    first, second, _ = listed("Homestart", "Talkshop", "Duty team")
    responded(first, progress="complete")
    delegated(responded(second, progress="in_progress"), to=contributor, due_on=date(2010, 1, 8))
    client.force_login(lead)

    page = client.get(address("overview_of") + query)

    assert [line.entry.name for line in page.context["page"]] == names


def test_pages_hold_twelve_and_all_shows_all(client, lead, address, listed):
    listed(*(f"Service {n:02d}" for n in range(14)))
    client.force_login(lead)

    assert len(client.get(address("overview_of")).context["page"]) == 12
    assert len(client.get(address("overview_of") + "?page=2").context["page"]) == 2
    assert len(client.get(address("overview_of") + "?all=1").context["page"]) == 14


@pytest.mark.parametrize("name", ["overview_of", "services"])
def test_pages_run_the_same_few_queries_for_any_number(
    client, lead, contributor, address, listed, responded, delegated, name
):
    delegated(responded(*listed("First")), to=contributor)
    client.force_login(lead)
    client.get(address(name))
    of_one = queries_of(client, address(name))
    for entry in listed(*(f"Another {n}" for n in range(30))):
        delegated(responded(entry), to=contributor)

    of_many = queries_of(client, address(name) + "?all=1")

    assert of_one == of_many
    assert of_many <= 30


def test_contributor_page_runs_the_same_few_queries(
    client, contributor, address, listed, responded, delegated
):
    delegated(responded(*listed("First")), to=contributor)
    client.force_login(contributor)
    client.get(address("overview_of"))
    of_one = queries_of(client, address("overview_of"))
    for entry in listed("Second", "Third"):
        delegated(responded(entry), to=contributor)

    assert queries_of(client, address("overview_of")) == of_one <= 30


def test_closed_services_owe_nothing(client, lead, organisation, address, listed, responded):
    kept, closed = listed("Homestart", "Talkshop")
    responded(kept, progress="complete", version=1)
    with tenancy.scope(organisation):
        actions.close_entry(closed, on=date(2009, 8, 31), by=lead)
        part = Part.objects.with_progress().get(kind="services")
        assert (part.listed, part.complete) == (1, 1)
    client.force_login(lead)

    page = client.get(address("overview_of"))

    assert [line.entry.name for line in page.context["page"]] == ["Homestart"]


def test_director_is_led_to_the_decision(client, director, organisation, annual_return, address):
    with tenancy.scope(organisation):
        annual_return.parts.filter(kind="services").update(decision="submitted")
    client.force_login(director)

    page = client.get(address("overview_of"))

    assert page.context["step"].title == "Decide about services"


def test_earlier_years_are_linked_and_can_be_read(client, lead, annual_return, last_return, address):
    PartFactory(annual_return=last_return)
    ServiceEntryFactory(annual_return=last_return, name="Old team")
    client.force_login(lead)

    years = client.get(address("overview_of")).context["years"]
    page = client.get(years[0]["url"])

    assert years[0]["label"] == "Return for 2008/09"
    assert "Old team" in page.content.decode()


def test_year_without_a_return_is_not_opened_by_reading(
    client, lead, organisation, last_collection, collection, at
):
    last_collection.published_on = date(2009, 4, 23)
    last_collection.save()
    client.force_login(lead)

    page = client.get(
        reverse("returns:overview_of", kwargs={"organisation": "trafford", "collection": last_collection})
    )

    assert "There is no return yet" in page.content.decode()
    with tenancy.scope(organisation):
        assert not AnnualReturn.objects.exists()


def test_answers_are_not_read_for_the_list(
    lead, organisation, annual_return, listed, responded, client, address
):
    responded(*listed("Homestart"), cells={"SVC-A05": {"v": "a long text"}})
    client.force_login(lead)

    with CaptureQueriesContext(connection) as captured:
        client.get(address("overview_of"))

    whole_documents = (
        f'"{Response._meta.db_table}"."cells",'  # a sum over some cells is taken by the database
    )
    assert not [query for query in captured if whole_documents in query["sql"]]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2009, 9, 1), "Registration opens 1 October"),
        (date(2009, 10, 31), "Data entry opens 1 November: 1 day left"),
        (date(2010, 1, 14), "Data entry closes 28 February: 45 days left"),
        (date(2010, 2, 28), "Data entry closes 28 February: today is the last day"),
        (date(2010, 3, 1), "Data entry closed 28 February"),
    ],
)
def test_phase_stands_on_every_page(client, lead, annual_return, address, at, day, words):
    at(day)
    client.force_login(lead)

    assert client.get(address("overview_of")).context["phase"]["sentence"] == words


def test_extension_shows_in_the_phase(client, lead, organisation, annual_return, address, helpdesk, at):
    with tenancy.scope(organisation):
        actions.extend(annual_return, until=date(2010, 3, 15), reason="Illness", by=helpdesk)
    at(date(2010, 3, 5))
    client.force_login(lead)

    phase = client.get(address("overview_of")).context["phase"]

    assert phase == {"collection": "2009/10", "sentence": "Data entry closes 15 March: 10 days left"}


def test_navigation_shows_what_the_person_may_open(client, lead, contributor, annual_return, address):
    client.force_login(contributor)
    of_contributor = client.get(address("overview_of")).context["navigation"]
    client.force_login(lead)
    of_lead = client.get(address("overview_of")).context["navigation"]

    assert [item["label"] for item in of_contributor] == ["Overview"]
    assert [item["label"] for item in of_lead][:2] == ["Overview", "Services"]
    assert [item["label"] for item in of_lead if item["current"]] == ["Overview"]


def test_declined_return_says_so(client, lead, organisation, annual_return, address):
    with tenancy.scope(organisation):
        actions.decline(annual_return, by=lead, reason="No capacity")
    client.force_login(lead)

    page = client.get(address("overview_of"))

    assert "No capacity" in page.context["step"].text


def test_declined_return_asks_for_nothing(client, lead, organisation, annual_return, address):
    client.force_login(lead)
    before = client.get(address("overview_of"))
    with tenancy.scope(organisation):
        actions.decline(annual_return, by=lead, reason="No capacity")

    after = client.get(address("overview_of"))

    assert any(row.left for row in before.context["parts"])
    assert not any(row.left for row in after.context["parts"])
    assert "Add a service" in before.content.decode()
    assert "Add a service" not in after.content.decode()


def test_return_of_another_organisation_is_not_listed_among_the_years(
    client, lead, annual_return, foreign_organisation, last_collection, address
):
    AnnualReturnFactory(organisation=foreign_organisation, collection=last_collection)
    client.force_login(lead)

    assert client.get(address("overview_of")).context["years"] == []
