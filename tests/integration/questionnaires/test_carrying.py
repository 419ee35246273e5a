"""Last year as a starting point: over missed years, merged services and predecessors, and in the short form."""

import re
from datetime import date

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
from tests.people import sign_in


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


def test_a_text_that_was_carried_for_more_than_two_years_is_to_be_read_again(
    earlier, goes_on, start, organisation, lead, saved
):
    old = {"v": "Team manager", "o": "confirmed", "y": 2006}
    response = start(goes_on(earlier("Sale team", {"SVC-A14": old, "SVC-B01": {"v": "targeted"}})))
    with tenancy.scope(organisation):
        _, evaluation = actions.confirm_cells(response, ["SVC-A14", "SVC-B01"], by=lead)
        kept = Response.objects.get(pk=response.pk).cells
    changed = saved(response, {"SVC-A14": "Head of service"}, by=lead)

    assert kept["SVC-A14"] == {"v": "Team manager", "o": "confirmed", "y": 2006}
    assert kept["SVC-B01"] == {"v": "targeted", "o": "confirmed"}
    assert [problem.message for problem in evaluation.problems if problem.rule == "GS7"] == [
        "This text is 3 years old. Read it again and change what is out of date."
    ]
    assert "GS7" not in {problem.rule for problem in changed.evaluation.problems}


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
    # of the part and of the service
    assert overview.count(f"{waiting} of {filled} answers to confirm") == 2
    assert "to confirm</span>" in section


@pytest.mark.parametrize(
    ("role", "url"),
    [
        ("lead", "/trafford/returns/2009-10/services/"),
        ("lead", "/trafford/returns/2009-10/check/"),
        ("lead", "/trafford/returns/2009-10/delegate/?response={response}"),
        ("lead", "/trafford/returns/2009-10/nudge/?chosen={entry}"),
        ("lead", "/trafford/returns/2009-10/due/?chosen={entry}"),
        ("contributor", "/trafford/returns/2009-10/"),
        ("helpdesk", "/helpdesk/returns/trafford/"),
    ],
)
def test_every_list_says_how_much_is_to_be_confirmed(client, response, people, fresh, asked, role, url):
    asked()
    states = fresh(response).sections.values()
    waiting, filled = (sum(section[what] for section in states) for what in ("unconfirmed", "filled"))
    sign_in(client, people[role])

    page = client.get(url.format(response=response.pk, entry=response.service_entry_id))

    assert f"{waiting} of {filled} answers to confirm" in page.content.decode()


def test_a_list_of_a_section_that_was_asked_counts_that_section(client, response, people, fresh, asked):
    asked("A")
    state = fresh(response).sections["A"]
    client.force_login(people["contributor"])

    page = client.get("/trafford/returns/2009-10/").content.decode()

    assert 0 < state["unconfirmed"] < sum(s["unconfirmed"] for s in fresh(response).sections.values())
    assert f"{state['unconfirmed']} of {state['filled']} answers to confirm" in page


def test_what_has_closed_is_not_to_be_confirmed(client, response, lead, organisation, entry):
    with tenancy.scope(organisation):
        returns.close_entry(entry, on=date(2009, 6, 1), by=lead)
    client.force_login(lead)

    for url in ("/trafford/returns/2009-10/", "/trafford/returns/2009-10/services/"):
        assert "answers to confirm" not in client.get(url).content.decode()


def test_a_confirmation_is_taken_back_for_a_question_or_the_section(client, response, lead, fresh):
    client.force_login(lead)
    here = address(response, "A")

    def press(**button):
        return client.post(here, {"version": fresh(response).version, **button}, follow=True).content.decode()

    def origins():
        return {cell: fresh(response).cells[cell]["o"] for cell in ("SVC-A14", "SVC-A23")}

    whole = press(confirm="*")
    assert origins() == {"SVC-A14": "confirmed", "SVC-A23": "confirmed"}
    assert "answers confirmed as last year." in whole

    press(unconfirm="SVC-A14")
    assert origins() == {"SVC-A14": "carried", "SVC-A23": "confirmed"}
    history = client.get(address(response, page="history")).content.decode()
    assert "To be confirmed again" in history

    press(confirm="*")
    press(unconfirm="*")
    assert origins() == {"SVC-A14": "carried", "SVC-A23": "carried"}


def test_a_section_is_confirmed_as_far_as_it_shows(client, earlier, goes_on, start, lead, fresh, saved):
    response = start(goes_on(earlier("Sale team", {"SVC-D06": {"v": "yes"}, "SVC-D07": {"v": ["health"]}})))
    saved(response, {"SVC-D06": "no"}, by=lead)  # with whom the base is shared is not asked then
    client.force_login(lead)

    client.post(address(response, "D"), {"version": fresh(response).version, "confirm": "*"})
    assert fresh(response).cells["SVC-D07"]["o"] == "carried"

    saved(response, {"SVC-D06": "yes"}, by=lead)
    page = client.get(address(response, "D")).content.decode()
    assert "From last year, to confirm" in page


def test_the_order_in_which_options_were_kept_changes_nothing(client, earlier, goes_on, start, lead, fresh):
    response = start(goes_on(earlier("Sale team", {"SVC-D02": {"v": ["school", "home"]}})))
    client.force_login(lead)

    client.post(
        address(response, "D"), {"version": response.version, "SVC-D02": ["home", "school"], "go": "here"}
    )

    assert fresh(response).cells["SVC-D02"]["o"] == "carried"
    assert "Changed since last year" not in client.get(address(response, "D")).content.decode()


def test_a_staff_group_of_last_year_stands_in_the_table_at_once(client, earlier, goes_on, start, lead):
    staff = {"SVC-E01|nu_mid|wte": {"v": "1.50"}, "SVC-E01|nu_hv|wte": {"v": "0.00"}}
    response = start(goes_on(earlier("Sale team", staff)))
    client.force_login(lead)

    page = client.get(address(response, "E")).content.decode()

    assert 'name="SVC-E01|nu_mid|wte"' in page  # no staff group of this category, but somebody worked there
    assert 'name="SVC-E01|nu_hv|wte"' not in page


def test_tables_show_the_change_of_each_figure(client, earlier, goes_on, start, lead, saved):
    staff = {"SVC-E01|ps_clin|wte": "2.00", "SVC-E01|ps_clin|heads": "3", "SVC-E01|ps_clin|vac": "1.00"}
    last = {cell: {"v": int(text) if cell.endswith("heads") else text} for cell, text in staff.items()}
    response = start(goes_on(earlier("Sale team", last)))
    saved(
        response,
        {"SVC-E01|ps_clin|wte": "2.50", "SVC-E01|ps_clin|heads": 3, "SVC-E01|ps_clin|vac": "0.50"},
        by=lead,
    )
    client.force_login(lead)

    page = " ".join(re.sub(r"<[^>]+>", " ", client.get(address(response, "E")).content.decode()).split())

    assert "+0.50 (+25%)" in page
    assert "Last year 3, no change" in page
    assert "Last year 1.00, −0.50 (−50%)" in page


def test_the_list_of_sections_says_what_is_to_be_confirmed_beside_an_error(client, response, lead, saved):
    saved(response, {"SVC-F02": 10, "SVC-F03": 20}, by=lead)  # more new than all
    client.force_login(lead)

    section = next(
        one for one in client.get(address(response, "F")).context["page"].list if one["code"] == "F"
    )

    assert (section["note"].partition(" ")[2], section["also"]) == ("error", "2 to confirm")


def test_history_keeps_what_was_confirmed_apart_from_what_was_changed(
    client, response, lead, saved, organisation
):
    with tenancy.scope(organisation):
        actions.confirm_cells(response, ["SVC-A14"], by=lead)
    saved(response, {"SVC-A23": "yes"}, by=lead)
    client.force_login(lead)

    for page in ("history", "history/compare"):
        shown = client.get(address(response, page=page)).content.decode()
        changed, kept = shown.split('<details class="kept">')
        assert "carried over or confirmed as before" in kept
        assert "Public directory" in changed
        assert "Team manager" in kept
        assert "Team manager" not in changed
