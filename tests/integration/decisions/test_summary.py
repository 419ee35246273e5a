"""What the director reads: figures of two years, the list, the answers, what was unusual."""

import re
from datetime import date

import pytest

from accounts import tenancy
from accounts.models import Population, Succession
from mapping.returns import actions
from questionnaires.actions import Given
from reports.actions import compute_area_figures, handle_return_event
from tests.factories import OrganisationFactory, ServiceEntryFactory
from tests.integration.decisions.conftest import FULL_SERVICE, FULL_TRUST, open_year
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def summary(client, director, this_year):
    """The director's page of a part."""

    def get(kind="services", name="sign_off"):
        return sign_in(client, director).get(this_year.url(name, kind))

    return get


def shown(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sign_off_last_year(last_year, director, at):
    """Complete both parts of 2008/09 and sign them off, with facts and figures of areas, published."""
    at(date(2009, 1, 14))
    entry = last_year.add_service("Team", FULL_SERVICE)
    last_year.add_service("Play bus", FULL_SERVICE)
    last_year.confirm_list()
    last_year.answer(FULL_TRUST)
    with tenancy.scope(last_year.organisation):
        for kind in ("services", "organisation"):
            last_year.submit(kind)
            actions.sign_off(last_year.part(kind), by=director)
        for event in last_year.annual_return.events.filter(kind="signed_off"):
            handle_return_event(event)
    last_year.collection.published_on = date(2009, 5, 1)
    last_year.collection.save()
    compute_area_figures(last_year.collection)
    at(date(2010, 1, 14))
    return entry


@pytest.fixture
def two_years(this_year, last_year, director, at):
    """Last year's Team goes on with other figures, explained; its play bus has closed; a new team has opened."""
    this_year.organisation.years.create(year=2008, on_register=True, la_type=this_year.organisation.la_type)
    Population.objects.create(
        authority=this_year.organisation, year=2008, age_band="0-17", persons=20_000, source="Test"
    )
    old = sign_off_last_year(last_year, director, at)
    entry = this_year.add_service("Sale team", service=old.service, carried_from=old)
    this_year.answer({**FULL_SERVICE, "SVC-F01": {"v": 300}}, service_entry=entry)
    this_year.answer({}, service_entry=entry, reasons={("F-S1", "SVC-F01"): Given("A second team joined.")})
    with tenancy.scope(this_year.organisation):
        bus = last_year.annual_return.service_entries.select_related("service").get(name="Play bus")
    ServiceEntryFactory(
        annual_return=this_year.annual_return,
        name="Play bus",
        service=bus.service,
        carried_from=bus,
        status="closed",
        status_date=date(2009, 7, 31),
    )
    this_year.add_service("Detached youth work", FULL_SERVICE)
    this_year.confirm_list()
    this_year.answer({**FULL_TRUST, "CTQB2|b02|on": {"v": "yes"}})
    this_year.submit()
    return this_year


def figure(response, label):
    row = next(row for row in response.context["figures"].rows if row.label == label)
    return row.last, row.this, row.change, row.areas, row.is_explained


@pytest.fixture
def one_is_enough(monkeypatch):
    """Compare with the one authority there is; five are asked for."""
    monkeypatch.setattr("reports.decisions.queries.summary.FEWEST_AUTHORITIES", 1)


def test_fewer_than_five_authorities_are_no_comparison(summary, two_years):
    assert summary().context["figures"].areas == []


def test_figures_stand_beside_last_year_region_and_england(summary, two_years, one_is_enough):
    response = summary()

    assert figure(response, "Services in the list") == ("2", "2", "0", ("", ""), False)
    assert figure(response, "Children on the caseload") == ("200", "400", "+200", ("", ""), True)
    assert figure(response, "Caseload for each 10,000 under 18") == (
        "100",
        "200",
        "+100",
        ("100", "100"),
        False,
    )
    assert figure(response, "Vacant posts") == ("20%", "20%", "0 points", ("20%", "20%"), False)
    assert "North West and England: rates and shares of 2008/09" in shown(response)


def test_unpublished_figures_of_areas_are_not_shown(summary, two_years, last_year, one_is_enough):
    last_year.collection.published_on = None
    last_year.collection.save()

    response = summary()

    assert response.context["figures"].areas == []
    assert figure(response, "Children on the caseload")[:2] == ("200", "400")


def test_changes_of_the_list_are_named(summary, two_years):
    changes = summary().context["list_changes"]

    assert (changes.now, changes.before) == (2, 2)
    assert [(change.sign, change.label, change.names) for change in changes.changes] == [
        ("+1", "Opened", ["Detached youth work"]),
        ("−1", "Closed", ["Play bus, on 31 July 2009"]),
        ("1", "Renamed", ["Team is now Sale team"]),
    ]


def test_merged_and_dropped_services_are_named(summary, this_year, last_year, at):
    at(date(2009, 1, 14))
    old = [last_year.add_service(name) for name in ("North", "South", "East")]
    at(date(2010, 1, 14))
    south = this_year.add_service("South", service=old[1].service, carried_from=old[1])
    this_year.add_service(
        "North",
        service=old[0].service,
        carried_from=old[0],
        status="merged",
        merged_into=south.service,
        status_date=date(2009, 4, 1),
    )

    changes = summary().context["list_changes"].changes

    assert [(change.sign, change.label, change.names) for change in changes] == [
        ("−1", "Merged", ["North into South, on 1 April 2009"]),
        ("−1", "Not brought over", ["East"]),
    ]


def test_first_list_has_nothing_to_compare_with(summary, this_year):
    this_year.complete()

    assert "This is the first list of Trafford" in shown(summary())


def test_long_lists_of_changes_are_cut(summary, this_year, last_year, at):
    at(date(2009, 1, 14))
    last_year.add_service("Old")
    at(date(2010, 1, 14))
    for number in range(10):
        this_year.add_service(f"New {number}")

    opened = summary().context["list_changes"].changes[0]

    assert (opened.sign, len(opened.names), opened.rest) == ("+10", 8, 2)


@pytest.mark.parametrize("name", ["sign_off", "explanations"])
def test_unusual_figures_stand_with_their_reason(summary, two_years, name):
    response = summary(name=name)

    (unusual,) = response.context["summary"].unusual
    assert (unusual.name, unusual.label, unusual.last, unusual.this) == (
        "Sale team",
        "Children on the caseload",
        "100",
        "300",
    )
    assert "A second team joined. Ruth Ashworth, 14 January" in shown(response)
    assert unusual.url.endswith("/F/#SVC-F01")


def test_reason_that_no_longer_holds_is_not_shown(summary, two_years, director):
    with tenancy.scope(two_years.organisation):
        actions.send_back(two_years.part(), by=director, note="300?")
        entry = two_years.annual_return.service_entries.get(name="Sale team")
    two_years.answer({"SVC-F01": {"v": 100}}, service_entry=entry)

    response = summary()

    assert response.context["unusual"] == []
    assert "A second team joined." not in shown(response)


def test_ten_explanations_are_shown_and_all_have_a_page(summary, this_year, last_year, at, director):
    for number in range(11):
        at(date(2009, 1, 14))
        old = last_year.add_service(f"Team {number:02d}", FULL_SERVICE)
        at(date(2010, 1, 14))
        entry = this_year.add_service(f"Team {number:02d}", service=old.service, carried_from=old)
        this_year.answer({**FULL_SERVICE, "SVC-F01": {"v": 300}}, service_entry=entry)
        this_year.answer({}, service_entry=entry, reasons={("F-S1", "SVC-F01"): Given("It grew.")})

    first, whole = summary(), summary(name="explanations")

    assert len(first.context["unusual"]) == 10
    assert "All 11 explanations" in shown(first)
    assert len(whole.context["page"].object_list) == 11


def test_changed_answers_of_the_organisation_are_listed(summary, two_years, one_is_enough):
    response = summary("organisation")

    answers = response.context["answers"]
    assert [(answer.label, answer.row, answer.last, answer.this) for answer in answers.changed] == [
        ("Agencies on the Board", "Schools", "No", "Yes")
    ]
    assert (answers.same, answers.new) == (1, 0)
    assert figure(response, "Agencies on the Board") == ("1", "2", "+1", ("1.0", "1.0"), False)


def test_the_column_of_what_is_to_notice_is_left_out_where_nothing_is(summary, two_years, this_year):
    assert "To notice" in shown(summary())
    assert "To notice" not in shown(summary("organisation"))


def test_answers_without_last_year_are_not_called_changed(summary, this_year):
    this_year.complete()

    response = summary("organisation")

    assert response.context["answers"] is None
    assert "There are no earlier answers to compare with." in shown(response)


def test_quality_counts_answers_unknown_and_equal_to_last_year(summary, two_years, director):
    with tenancy.scope(two_years.organisation):
        actions.send_back(two_years.part(), by=director, note="Look again.")
        new = two_years.annual_return.service_entries.get(name="Detached youth work")
    two_years.answer({"SVC-F05": {"s": "NK"}}, service_entry=new)

    quality = dict(summary().context["quality"])

    # 6 of 6 questions; 1 of 8 cells not known; 3 of the 4 figures of both years are equal
    assert quality == {
        "Questions answered": "100%",
        "Not known or not collected": "13%",
        "Figures equal to last year’s": "75%",
    }


def test_preview_says_that_nothing_is_submitted(client, lead, this_year):
    this_year.add_service("Team", FULL_SERVICE)

    response = sign_in(client, lead).get(this_year.url("sign_off", "services"))

    assert "Not submitted yet. This is what your director will see." in shown(response)


def test_nothing_of_another_organisation_is_read(client, outsider, foreign_organisation, two_years):
    theirs = open_year(foreign_organisation, 2009, outsider)
    theirs.add_service("Barnet team", FULL_SERVICE)

    response = sign_in(client, outsider).get(theirs.url("sign_off", "services"))

    page = shown(response)
    assert figure(response, "Children on the caseload")[:2] == ("N/A", "100")
    assert not [name for name in ("Sale team", "A second team joined", "Ruth Ashworth") if name in page]


# -- What it compares with ------------------------------------------------------------------------------------


@pytest.fixture
def older_year(organisation, lead, at):
    """The return of 2006/07, of which nothing was signed off; the organisation missed the two years after it."""
    at(date(2007, 1, 14))
    found = open_year(organisation, 2006, lead)
    at(date(2010, 1, 14))
    return found


def test_a_service_that_missed_a_year_is_compared_with_the_last_that_was_answered(
    summary, this_year, older_year, last_year, at
):
    at(date(2007, 1, 14))
    old = older_year.add_service("Sale team", {**FULL_SERVICE, "SVC-F01": {"v": 90}})
    at(date(2009, 1, 14))
    known = last_year.add_service("Urmston team", FULL_SERVICE)
    at(date(2010, 1, 14))
    for entry, cases in ((old, 300), (known, 200)):
        now = this_year.add_service(entry.name, service=entry.service, carried_from=entry)
        this_year.answer({**FULL_SERVICE, "SVC-F01": {"v": cases}}, service_entry=now)
        this_year.answer({}, service_entry=now, reasons={("F-S1", "SVC-F01"): Given("It grew.")})

    response = summary()

    found = response.context["summary"]
    assert [(unusual.name, unusual.last, unusual.since) for unusual in found.unusual] == [
        ("Sale team", "90", "2006/07"),
        ("Urmston team", "100", ""),
    ]
    assert "Compared with the answers of 2008/09. Sale team: with those of 2006/07." in shown(response)


def test_figures_of_a_missed_year_are_those_signed_off_last(summary, this_year, older_year, director, at):
    at(date(2007, 1, 14))
    older_year.complete()
    with tenancy.scope(older_year.organisation):
        older_year.submit()
        actions.sign_off(older_year.part(), by=director)
        handle_return_event(older_year.annual_return.events.get(kind="signed_off"))
    at(date(2010, 1, 14))
    this_year.add_service("New team", FULL_SERVICE)

    response = summary()

    assert response.context["figures"].before == "2006/07"
    assert figure(response, "Children on the caseload")[:3] == ("100", "100", "0")
    assert "2006/07 is the last collection that was signed off." in shown(response)
    assert "1 service, 1 in 2006/07" in shown(response)


def test_counts_of_merged_services_stand_as_their_sum(summary, this_year, last_year, at):
    at(date(2009, 1, 14))
    old = [last_year.add_service(name, FULL_SERVICE) for name in ("North", "South")]
    at(date(2010, 1, 14))
    south = this_year.add_service("South", service=old[1].service, carried_from=old[1])
    north = this_year.add_service("North", service=old[0].service, carried_from=old[0])
    with tenancy.scope(this_year.organisation):
        actions.merge_entry(north, south, on=date(2009, 4, 1), by=this_year.lead)
    this_year.answer({**FULL_SERVICE, "SVC-F01": {"v": 300}}, service_entry=south)
    this_year.answer({}, service_entry=south, reasons={("F-S1", "SVC-F01"): Given("It grew.")})

    response = summary()

    (unusual,) = response.context["summary"].unusual
    assert (unusual.last, unusual.this) == ("200", "300")
    assert "South: its counts of 2008/09 include those of North." in shown(response)
    # Nothing was signed off, so the answers themselves are added up.
    assert figure(response, "Children on the caseload")[:3] == ("200", "300", "+100")
    assert "2008/09 was not signed off; its column adds up what the services of this list" in shown(response)


def test_a_successor_sees_what_its_predecessor_answered(summary, this_year, outsider, organisation, at):
    county = OrganisationFactory(name="Cheshire", on_register=[2008])
    at(date(2009, 1, 14))
    theirs = open_year(county, 2008, outsider)
    old = theirs.add_service("Crewe team", FULL_SERVICE)
    theirs.answer(FULL_TRUST)
    at(date(2010, 1, 14))
    Succession.objects.create(predecessor=county, successor=organisation, year=2009)
    with tenancy.scope(organisation):
        (entry,) = actions.inherit_list(this_year.annual_return, [old.pk], by=this_year.lead)
    this_year.answer({**FULL_SERVICE, "SVC-F01": {"v": 300}}, service_entry=entry)
    this_year.answer({**FULL_TRUST, "CTQB2|b02|on": {"v": "yes"}})

    services, trust = summary(), summary("organisation")

    assert services.context["figures"].before == "Cheshire, 2008/09"
    assert figure(services, "Children on the caseload")[:3] == ("100", "300", "")
    assert services.context["list_changes"].changes[0].names == ["Crewe team, from Cheshire"]
    assert dict(services.context["quality"])["Figures equal to Cheshire, 2008/09"] == "–"
    assert "Compared with the answers of Cheshire in 2008/09, which you took over from." in shown(services)
    (changed,) = trust.context["answers"].changed
    assert (changed.row, changed.last, changed.this) == ("Schools", "No", "Yes")
    assert "1 is as in Cheshire, 2008/09" in shown(trust)
