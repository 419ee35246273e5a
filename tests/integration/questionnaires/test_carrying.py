"""Last year as a starting point: over missed years, merged services and predecessors, and in the short form."""

import pytest

from accounts import tenancy
from accounts.models import Succession
from mapping.returns import actions as returns
from mapping.returns.models import EntryStatus, ServiceEntry
from questionnaires import actions
from questionnaires.models import Origin, Response, Revision
from questionnaires.queries import context_of, earlier_of
from tests.factories import CollectionFactory, OrganisationFactory
from tests.integration.questionnaires.conftest import address


@pytest.fixture
def earlier(organisation, annual_return, collections):
    """``earlier("Sale team", {cell: stored}, year=2008)`` has a service answered in an earlier collection."""

    def answer(name, cells, *, year=2008, service=None, owner=organisation):
        collection = collections[0] if year == 2008 else CollectionFactory(year=year)
        pin = collections[0].pins.get(key="service")
        if year != 2008:
            pin.pk, pin.collection = None, collection
            pin.save()
        with tenancy.scope(owner):
            annual = returns.open_return(owner, collection)
            service = service or owner.services.create(reference=f"S9{owner.services.count():03d}")
            entry = annual.service_entries.create(
                organisation=owner, collection=collection, service=service, name=name, category="08"
            )
            part = annual.parts.get(kind="services")
            Response.objects.create(
                organisation=owner, part=part, pin=pin, service_entry=entry,
                cells={cell: {"o": "typed", **stored} for cell, stored in cells.items()},
            )  # fmt: skip
        return entry

    return answer


@pytest.fixture
def start(annual_return, organisation, collections, lead):
    """``start(entry)`` opens the questionnaire of 2009/10 about an entry."""

    def opened(entry):
        with tenancy.scope(organisation):
            part, pin = annual_return.parts.get(kind="services"), collections[1].pins.get(key="service")
            return actions.open_response(part, pin, by=lead, service_entry=entry)

    return opened


@pytest.fixture
def goes_on(annual_return, organisation, lead):
    """``goes_on(entry)`` puts the service of an earlier entry on this year's list."""

    def listed(entry):
        with tenancy.scope(organisation):
            new = returns.NewService(entry.name, "08", {}, service=entry.service, carried_from=entry)
            return returns.add_service(annual_return, new, by=lead)

    return listed


def test_the_last_year_that_was_answered_counts(client, earlier, goes_on, start, organisation, lead):
    older = earlier("Sale team", {"SVC-B01": {"v": "targeted"}, "SVC-F01": {"v": 60}}, year=2006)
    missed = earlier("Sale team", {"SVC-B01": {"v": "targeted", "o": "carried"}}, service=older.service)
    response = start(goes_on(missed))
    client.force_login(lead)

    page = client.get(address(response, "F")).content.decode()

    assert response.cells["SVC-B01"] == {"v": "targeted", "o": "carried"}
    with tenancy.scope(organisation):
        found = earlier_of(response)
        assert (found.year, found.label, found.is_last_year) == ("2006/07", "2006/07", False)
        assert found.compared["SVC-F01"]["v"] == 60
    assert "Last answered in 2006/07: those answers stand beside this year’s." in page


def test_answers_that_nobody_confirmed_last_year_are_not_carried_on(earlier, goes_on, start):
    last = earlier(
        "Sale team", {"SVC-F01": {"v": 60}, "SVC-B01": {"v": "targeted", "o": "carried"}}
    )  # fmt: skip

    response = start(goes_on(last))

    assert "SVC-B01" not in response.cells


def test_counts_of_merged_services_are_shown_as_the_sum_and_answers_start_from_its_own(
    client, earlier, goes_on, start, organisation, lead
):
    own = goes_on(
        earlier("Sale team", {"SVC-B01": {"v": "targeted"}, "SVC-F01": {"v": 60}, "SVC-F02": {"v": 5}})
    )
    other = goes_on(
        earlier("Urmston team", {"SVC-B01": {"v": "universal"}, "SVC-F01": {"v": 40}, "SVC-F02": {"s": "NK"}})
    )
    response = start(own)
    with tenancy.scope(organisation):
        returns.merge_entry(other, own, on=None, by=lead)
        found = earlier_of(response)
        compared = context_of(response).last_year
    client.force_login(lead)

    page = client.get(address(response, "F")).content.decode()

    assert found.merged == ("Urmston team",)
    assert (found.own["SVC-F01"]["v"], found.shown["SVC-F01"], compared["SVC-F01"]) == (
        60,
        {"v": 100},
        {"v": 100},
    )
    assert "SVC-F02" not in found.shown  # what one of them did not know is not known of both
    assert response.cells["SVC-B01"]["v"] == "targeted"
    assert found.shown["SVC-B01"]["v"] == "targeted"
    assert "The counts of 2008/09 are sums of this service and of Urmston team, which merged into it." in page


def test_a_service_merged_before_is_not_added_again(earlier, goes_on, start, organisation):
    last = earlier("Sale team", {"SVC-F01": {"v": 100}})
    before = earlier("Urmston team", {"SVC-F01": {"v": 40}}, year=2007)
    with tenancy.scope(organisation):
        ServiceEntry.objects.create(
            organisation=organisation, collection=last.collection, annual_return=last.annual_return,
            service=before.service, name="Urmston team", category="08",
            status=EntryStatus.MERGED, merged_into=last.service,
        )  # fmt: skip
    response = start(goes_on(last))

    with tenancy.scope(organisation):
        assert earlier_of(response).shown["SVC-F01"]["v"] == 100
        assert earlier_of(response).merged == ()


@pytest.fixture
def inherited(earlier, annual_return, organisation, lead):
    """A service of Cheshire, which Trafford took over from, brought over to this year's list."""
    county = OrganisationFactory(name="Cheshire", on_register=[2008])
    Succession.objects.create(predecessor=county, successor=organisation, year=2009)
    old = earlier(
        "Crewe team",
        {"SVC-B01": {"v": "targeted"}, "SVC-F00": {"v": "yes"}, "SVC-F01": {"v": 77}},
        owner=county,
    )
    with tenancy.scope(organisation):
        (entry,) = returns.inherit_list(annual_return, [old.pk], by=lead)
    return entry, old


def test_a_successor_starts_from_its_predecessors_answers(client, inherited, start, organisation, lead):
    response = start(inherited[0])
    client.force_login(lead)

    page = client.get(address(response, "F")).content.decode()

    assert response.cells["SVC-B01"] == {"v": "targeted", "o": "carried"}
    with tenancy.scope(organisation):
        found = earlier_of(response)
        assert (found.label, found.compared) == ("Cheshire, 2008/09", {})
        assert found.shown["SVC-F01"]["v"] == 77
    assert "those of Cheshire in 2008/09, which you took over from" in page
    assert "Cheshire, 2008/09" in page


def test_a_merged_service_brings_the_counts_of_the_one_that_it_continues(
    client, inherited, earlier, goes_on, start, organisation, lead
):
    own = goes_on(earlier("Sale team", {"SVC-F01": {"v": 60}, "SVC-F02": {"v": 5}}))
    response = start(own)
    with tenancy.scope(organisation):
        returns.merge_entry(inherited[0], own, on=None, by=lead)
        found = earlier_of(response)
    client.force_login(lead)

    page = client.get(address(response, "F")).content.decode()

    assert found.shown["SVC-F01"] == {"v": 137}
    assert found.own["SVC-F01"]["v"] == 60
    # A predecessor's count may be of a service that was divided: no rule compares with a sum that has it in it.
    assert found.compared == {"SVC-F02": found.own["SVC-F02"]}
    assert "sums of this service and of Crewe team (Cheshire), which merged into it" in page


def test_services_of_a_predecessor_that_merge_are_shown_as_their_sum(
    inherited, earlier, annual_return, start, organisation, lead
):
    county = inherited[1].organisation
    other = earlier("Nantwich team", {"SVC-F01": {"v": 23}}, owner=county)
    with tenancy.scope(organisation):
        (second,) = returns.inherit_list(annual_return, [other.pk], by=lead)
        returns.merge_entry(second, inherited[0], on=None, by=lead)
        response = start(inherited[0])
        found = earlier_of(response)

    assert (found.shown["SVC-F01"], found.own["SVC-F01"]["v"]) == ({"v": 100}, 77)
    assert (found.label, found.merged) == ("Cheshire, 2008/09", ("Nantwich team (Cheshire)",))


def test_a_successor_reads_all_answers_of_its_predecessor(client, inherited, people):
    codes = {}
    for role in ("lead", "director", "contributor", "outsider", "helpdesk"):
        client.force_login(people[role])
        page = client.get(f"/trafford/returns/2009-10/before/{inherited[1].pk}/")
        codes[role] = page.status_code
        if role == "lead":
            assert "77" in page.content.decode()

    assert codes == {"lead": 200, "director": 200, "contributor": 403, "outsider": 404, "helpdesk": 403}


def test_what_an_imported_directory_said_is_not_called_carried(annual_return, organisation, start, lead):
    with tenancy.scope(organisation):
        new = returns.NewService("Sale team", "08", {"listing": {"telephone": "0161 496 0000"}})
        entry = returns.add_service(annual_return, new, by=lead)
    response = start(entry)

    with tenancy.scope(organisation):
        assert Revision.objects.get(response=response).origin == Origin.IMPORT


def test_the_short_form_waits_only_for_what_it_asks(earlier, goes_on, start, organisation, lead, fresh):
    last = earlier(
        "Sale team", {"SVC-A23": {"v": "no"}, "SVC-A14": {"v": "Team manager"}, "SVC-B01": {"v": "targeted"}}
    )
    entry = goes_on(last)
    with tenancy.scope(organisation):
        ServiceEntry.objects.filter(pk=entry.pk).update(form="short")
        response = start(ServiceEntry.objects.get(pk=entry.pk))
        carried = {cell for cell, kept in response.cells.items() if kept["o"] == "carried"}
        _, evaluation = actions.confirm_cells(response, [], by=lead)

    asked = {cell for cell in carried if cell in evaluation.asked}
    assert set(evaluation.unconfirmed) == asked
    assert asked < carried


def test_responses_are_evaluated_again_when_the_whole_list_changes_form(
    annual_return, entry, organisation, start, lead
):
    response = start(entry)
    with tenancy.scope(organisation):
        news = [returns.NewService(f"Team {number}", "08") for number in range(50)]
        returns.add_services(annual_return, news, by=lead)
        waiting = Response.objects.get(pk=response.pk).missing_count

        returns.choose_form(annual_return, "short", by=lead)
        assert Response.objects.get(pk=response.pk).missing_count == waiting - 1  # A14, which it does not ask

        returns.choose_form(annual_return, "full", by=lead)
        assert Response.objects.get(pk=response.pk).missing_count == waiting


def test_the_short_form_shows_no_section_of_which_it_asks_nothing(
    client, earlier, goes_on, start, organisation, lead
):
    response = start(goes_on(earlier("Sale team", {"SVC-B01": {"v": "targeted"}})))
    before = set(response.sections)
    with tenancy.scope(organisation):
        ServiceEntry.objects.filter(pk=response.service_entry_id).update(form="short")
        actions.evaluate_again(ServiceEntry.objects.get(pk=response.service_entry_id))
        response.refresh_from_db()
    client.force_login(lead)

    page = client.get(address(response, "A")).content.decode()

    assert before - set(response.sections) == {"H"}
    assert "H Quality" not in page


def test_marks_tell_carried_confirmed_and_changed_apart_in_words(client, response, lead, saved, organisation):
    client.force_login(lead)
    before = client.get(address(response, "A")).content.decode()
    with tenancy.scope(organisation):
        actions.confirm_cells(response, ["SVC-A14"], by=lead)
    saved(response, {"SVC-A23": "yes", "SVC-F01": 153}, by=lead)

    after = client.get(address(response, "A")).content.decode()
    figures = client.get(address(response, "F")).content.decode()

    assert "From last year, to confirm" in before
    assert "Confirmed as last year" in after
    assert "Changed since last year" in after
    assert "+12 (+9%)" in figures


def test_one_row_of_a_table_is_confirmed_on_its_own(client, earlier, goes_on, start, lead, fresh):
    places = {f"SVC-D01|{row}|name": {"v": f"Clinic {row}"} for row in ("r1", "r2")}
    response = start(goes_on(earlier("Sale team", places)))
    client.force_login(lead)

    client.post(address(response, "D"), {"version": response.version, "confirm": "SVC-D01|r2"})

    cells = fresh(response).cells
    assert (cells["SVC-D01|r1|name"]["o"], cells["SVC-D01|r2|name"]["o"]) == ("carried", "confirmed")


def test_lists_say_how_much_is_to_be_confirmed(client, response, lead, fresh):
    client.force_login(lead)
    waiting = sum(section["unconfirmed"] for section in fresh(response).sections.values())
    filled = sum(section["filled"] for section in fresh(response).sections.values())

    overview = client.get("/trafford/returns/2009-10/").content.decode()
    section = client.get(address(response, "F")).content.decode()

    assert 0 < waiting <= filled
    assert f"{waiting} of {filled} answers to confirm" in overview
    assert "to confirm</span>" in section
