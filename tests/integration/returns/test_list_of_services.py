from datetime import date

import pytest

from accounts import tenancy
from mapping.returns import actions
from mapping.returns.models import Department, Part, Service, ServiceEntry
from mapping.returns.workflow import WrongStatus
from tests.factories import PartFactory, PCTFactory, ServiceEntryFactory, ServiceFactory
from tests.people import sign_in

FIELDS = {
    "name": "Homestart",
    "sector": "inhouse",
    "provided_by": "Trafford",
    "entered_by": "Trafford Council",
    "status": "open",
    "is_zero_cost": "no",
    "form": "full",
    "partners-TOTAL_FORMS": "2",
    "partners-INITIAL_FORMS": "0",
}
OF_ENTRY = ["service_edit", "service_category", "service_close", "service_merge", "service_remove"]


def entries_of(annual_return):
    with tenancy.scope(annual_return.organisation):
        return {entry.name: entry for entry in ServiceEntry.objects.filter(annual_return=annual_return)}


def messages_of(page):
    return [str(message) for message in page.context["messages"]]


# -- Walls ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["services", "service_add", "structure", "import", *OF_ENTRY])
@pytest.mark.parametrize(
    ("role", "code"),
    [("lead", 200), ("contributor", 403), ("outsider", 404), ("helpdesk", 403), ("visitor", 302)],
)
def test_pages_admit_those_who_may(client, people, listed, address, name, role, code):
    (entry,) = listed("Homestart")
    sign_in(client, people[role])

    page = client.get(address(name, entry=entry.pk) if name in OF_ENTRY else address(name))

    assert page.status_code == code


@pytest.mark.parametrize(
    "name", ["services_carry", "services_confirm", "services_form", "service_open_again", "service_remove"]
)
@pytest.mark.parametrize(("role", "code"), [("director", 403), ("contributor", 403), ("outsider", 404)])
def test_changes_are_refused_to_others(client, people, listed, annual_return, address, name, role, code):
    (entry,) = listed("Homestart")
    client.force_login(people[role])
    of_entry = name in ("service_open_again", "service_remove")

    page = client.post(address(name, entry=entry.pk) if of_entry else address(name))

    assert page.status_code == code
    assert list(entries_of(annual_return)) == ["Homestart"]


@pytest.mark.parametrize("name", OF_ENTRY)
def test_entry_of_another_organisation_is_not_found(
    client, lead, annual_return, foreign_organisation, address, name
):
    foreign = ServiceEntryFactory(annual_return__organisation=foreign_organisation)
    client.force_login(lead)

    assert client.get(address(name, entry=foreign.pk)).status_code == 404
    assert client.get(address(name, entry=foreign.pk + 999)).status_code == 404


def test_director_reads_the_list_without_changing_it(client, director, listed, address):
    listed("Homestart")
    client.force_login(director)

    text = client.get(address("services")).content.decode()

    assert "Homestart" in text
    assert "Add a service" not in text


# -- Adding and changing --------------------------------------------------------------------------------------


def test_picker_goes_from_the_group_to_the_category_to_the_service(client, lead, annual_return, address):
    client.force_login(lead)

    groups = client.get(address("service_add")).content.decode()
    categories = client.get(address("service_add") + "?group=G4").content.decode()
    nothing_picked = client.get(address("service_add") + "?group=G4&pick=1").content.decode()
    form = client.get(address("service_add") + "?group=G4&pick=1&category=15").content.decode()

    assert "?group=G4" in groups
    assert "?group=G1" not in groups  # maternity services are entered by trusts and PCTs
    assert "15 Family support" in categories
    assert "22 Youth work" not in categories
    assert "Choose the category that fits best." in nothing_picked
    assert "What is the name of the service?" in form


def test_picker_suggests_a_category_from_a_few_words(client, lead, annual_return, address):
    client.force_login(lead)

    page = client.get(address("service_add") + "?about=support+for+young+carers")

    assert "16" in [category.code for category in page.context["fitting"]]


def test_added_service_has_a_reference_and_is_on_the_list(client, lead, organisation, annual_return, address):
    client.force_login(lead)

    page = client.post(address("service_add") + "?category=15", FIELDS, follow=True)

    entry = entries_of(annual_return)["Homestart"]
    with tenancy.scope(organisation):
        assert (entry.reference, entry.category, entry.provider) == ("S0001", "15", organisation)
    assert messages_of(page) == ["Homestart is on your list, with the reference S0001."]


def test_category_that_others_enter_leads_back_to_the_picker(client, lead, annual_return, address):
    client.force_login(lead)

    page = client.post(address("service_add") + "?category=01", FIELDS)

    assert "What kind of service is it?" in page.content.decode()
    assert entries_of(annual_return) == {}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Give the name of the service."),
        ("name", "talkshop", "“talkshop” is on your list already."),
        ("entered_by", "Nobody", "“Nobody” is not on the register."),
        ("entered_by", "Traford", "“Traford” is not on the register. Is it Trafford Council?"),
        ("partners-0-organisation", "Nobody", "“Nobody” is not on the register. Ask the helpdesk to add it."),
        ("status", "opened", "Say on which day it opened."),
        ("status_date", "31/11/2009", "“31/11/2009” is not a date. Write it like 30/11/2009."),
    ],
)
def test_what_is_wrong_is_said_in_words(client, lead, annual_return, listed, address, field, value, message):
    listed("Talkshop")
    client.force_login(lead)

    page = client.post(address("service_add") + "?category=15", {**FIELDS, field: value})

    assert message in page.content.decode()
    assert list(entries_of(annual_return)) == ["Talkshop"]


def test_edit_changes_the_fields_of_the_entry(client, lead, organisation, annual_return, listed, address):
    pct = PCTFactory(name="Trafford PCT", code="5NR", official_name="Trafford Primary Care Trust")
    (entry,) = listed("Homestrat")
    with tenancy.scope(organisation):
        department = Department.objects.create(organisation=organisation, name="Family services")
        ServiceEntry.objects.filter(pk=entry.pk).update(form="short")
    client.force_login(lead)
    changes = {
        "sector": "voluntary",
        "provided_by": "Home-Start Trafford",
        "entered_by": "5nr",
        "status": "opened",
        "status_date": "1 September 2009",
        "department": department.pk,
        "is_zero_cost": "yes",
        "form": "full",
        "partners-0-organisation": "Trafford Primary Care Trust",
        "partners-0-part": "Health visitors",
    }

    client.post(address("service_edit", entry=entry.pk), {**FIELDS, **changes})

    entry = entries_of(annual_return)["Homestart"]
    with tenancy.scope(organisation):
        assert (entry.provider, entry.provider_name, entry.sector) == (
            None,
            "Home-Start Trafford",
            "voluntary",
        )
        assert (entry.lead_organisation, entry.department, entry.form) == (pct, department, "full")
        assert (entry.status, entry.status_date, entry.is_zero_cost) == ("opened", date(2009, 9, 1), True)
        assert entry.joint_with == [{"organisation": "5NR", "part": "Health visitors"}]


@pytest.mark.parametrize(("many", "offered"), [(50, False), (51, True)])
def test_short_form_is_offered_to_long_lists(client, lead, annual_return, listed, address, many, offered):
    entry, *_ = listed(*(f"Team {number}" for number in range(many)))
    client.force_login(lead)

    of_list = client.get(address("services")).content.decode()
    of_entry = client.get(address("service_edit", entry=entry.pk)).content.decode()
    client.post(address("service_edit", entry=entry.pk), {**FIELDS, "form": "short"})

    assert ("Short form for all" in of_list) is offered
    assert ("Which form of the questionnaire" in of_entry) is offered
    assert (entries_of(annual_return)["Homestart"].form == "short") is offered


def test_all_services_of_a_long_list_change_form_at_once(client, lead, annual_return, listed, address):
    listed(*(f"Team {number}" for number in range(51)))
    client.force_login(lead)

    page = client.post(address("services_form"), {"form": "short"}, follow=True)
    assert messages_of(page) == ["51 services changed to the short form."]
    assert {entry.form for entry in entries_of(annual_return).values()} == {"short"}

    client.post(address("services_form"), {"form": "full"})
    assert {entry.form for entry in entries_of(annual_return).values()} == {"full"}


def test_short_form_is_refused_to_a_short_list(client, lead, annual_return, listed, address):
    listed("Homestart")
    client.force_login(lead)

    page = client.post(address("services_form"), {"form": "short"}, follow=True)

    assert messages_of(page) == ["The short form is for lists of more than 50 services."]
    assert entries_of(annual_return)["Homestart"].form == "full"


def test_category_changes_after_a_look_at_what_follows(client, lead, annual_return, listed, address):
    (entry,) = listed("Homestart")
    client.force_login(lead)
    url = address("service_category", entry=entry.pk)

    question = client.get(f"{url}?group=G4&pick=1&category=16").content.decode()
    client.post(url, {"category": "16"})

    assert "answers that the new one does not ask for are kept" in question
    assert entries_of(annual_return)["Homestart"].category == "16"


# -- Closing, merging, removing -------------------------------------------------------------------------------


def test_closed_service_stays_with_its_date_and_can_be_opened_again(
    client, lead, annual_return, listed, address
):
    (entry,) = listed("Homestart")
    client.force_login(lead)

    client.post(address("service_close", entry=entry.pk), {"on": "31/8/2009"})

    closed = entries_of(annual_return)["Homestart"]
    assert (closed.status, closed.status_date) == ("closed", date(2009, 8, 31))

    client.post(address("service_open_again", entry=entry.pk))

    opened = entries_of(annual_return)["Homestart"]
    assert (opened.status, opened.status_date) == ("open", None)


@pytest.mark.parametrize(
    ("on", "message"),
    [
        ("", "Say on which day it closed."),
        ("1/3/2010", "This is after the end of data entry, 28 February 2010."),
    ],
)
def test_closing_needs_a_day_of_the_year(client, lead, annual_return, listed, address, on, message):
    (entry,) = listed("Homestart")
    client.force_login(lead)

    page = client.post(address("service_close", entry=entry.pk), {"on": on})

    assert message in page.content.decode()
    assert entries_of(annual_return)["Homestart"].status == "open"


def test_merged_service_names_the_other(client, lead, organisation, annual_return, listed, address):
    entry, into = listed("Talkshop", "Connexions")
    client.force_login(lead)

    client.post(address("service_merge", entry=entry.pk), {"into": into.pk, "on": "1/9/2009"})

    merged = entries_of(annual_return)["Talkshop"]
    with tenancy.scope(organisation):
        assert (merged.status, merged.merged_into, merged.service.merged_into) == (
            "merged", into.service, into.service,
        )  # fmt: skip


def test_service_does_not_merge_into_one_that_has_ended_or_is_foreign(
    client, lead, organisation, foreign_organisation, annual_return, listed, address
):
    entry, ended = listed("Talkshop", "Connexions")
    foreign = ServiceEntryFactory(annual_return__organisation=foreign_organisation)
    with tenancy.scope(organisation):
        actions.close_entry(ended, on=date(2009, 8, 31), by=lead)
    client.force_login(lead)

    for other in (entry, ended, foreign):
        client.post(address("service_merge", entry=entry.pk), {"into": other.pk, "on": "1/9/2009"})

    assert entries_of(annual_return)["Talkshop"].status == "open"


def test_service_added_by_mistake_is_removed(client, lead, organisation, annual_return, listed, address):
    (entry,) = listed("Homestart")
    client.force_login(lead)

    client.post(address("service_remove", entry=entry.pk))

    assert entries_of(annual_return) == {}
    with tenancy.scope(organisation):
        assert not Service.objects.exists()


def test_service_with_answers_is_not_removed(client, lead, annual_return, listed, responded, address):
    (entry,) = listed("Homestart")
    responded(entry, version=1)
    client.force_login(lead)

    page = client.post(address("service_remove", entry=entry.pk), follow=True)

    assert list(entries_of(annual_return)) == ["Homestart"]
    assert messages_of(page) == ["This service has answers or was mapped last year. Close it instead."]


def test_service_that_another_was_merged_into_is_not_removed(lead, organisation, annual_return, listed):
    entry, into = listed("Talkshop", "Connexions")
    with tenancy.scope(organisation):
        actions.merge_entry(entry, into, on=date(2009, 9, 1), by=lead)
        with pytest.raises(WrongStatus, match="merged into this one"):
            actions.remove_entry(into, by=lead)


# -- The whole list -------------------------------------------------------------------------------------------


def test_last_years_list_is_carried_forward_once(
    client, lead, organisation, annual_return, last_return, address
):
    PartFactory(annual_return=last_return)
    old = ServiceEntryFactory(annual_return=last_return, name="Homestart", category="15", sector="voluntary")
    ServiceEntryFactory(annual_return=last_return, name="Gone", status="closed")
    client.force_login(lead)
    before = client.get(address("services"))

    page = client.post(address("services_carry"), follow=True)
    again = client.post(address("services_carry"), follow=True)

    assert before.context["to_carry"].count == 1
    entries = entries_of(annual_return)
    assert list(entries) == ["Homestart"]
    with tenancy.scope(organisation):
        entry = entries["Homestart"]
        assert (entry.carried_from, entry.service, entry.sector) == (old, old.service, "voluntary")
    assert messages_of(page)[0].startswith("1 service brought over from last year.")
    assert messages_of(again)[0].startswith("0 services brought over")
    assert again.context["to_carry"].count == 0


def test_a_long_list_is_carried_forward_in_as_many_statements_as_a_short_one(
    lead, organisation, annual_return, last_return, django_assert_max_num_queries
):
    for _ in range(12):
        ServiceEntryFactory(annual_return=last_return, provider=organisation, lead_organisation=organisation)

    with tenancy.scope(organisation), django_assert_max_num_queries(14):
        carried = actions.carry_list_forward(annual_return, by=lead)

    assert len(carried) == 12


def test_list_is_confirmed_and_a_change_opens_it_again(
    client, lead, organisation, annual_return, listed, address
):
    listed("Homestart")
    client.force_login(lead)

    def confirmed_by():
        with tenancy.scope(organisation):
            return Part.objects.get(kind="services").list_confirmed_by

    client.post(address("services_confirm"))
    assert confirmed_by() == lead
    client.post(address("services_confirm"), {"decision": "open"})
    assert confirmed_by() is None
    client.post(address("services_confirm"))
    listed("Talkshop")
    assert confirmed_by() is None


def test_departments_in_use_stay(client, lead, organisation, annual_return, listed, address):
    with tenancy.scope(organisation):
        used = Department.objects.create(organisation=organisation, name="Family services")
        Department.objects.create(organisation=organisation, name="Old name")
    listed("Homestart", department=used)
    client.force_login(lead)

    page = client.post(
        address("structure"), {"departments": "Youth\n\n Schools ", "localities": "Sale"}, follow=True
    )

    with tenancy.scope(organisation):
        assert [str(one) for one in Department.objects.all()] == ["Family services", "Schools", "Youth"]
    assert messages_of(page)[0] == "Services use Family services, so these departments stay."


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2009, 9, 30), "Set-up begins on 1 October 2009."),
        (date(2010, 3, 1), "Data entry closed on 28 February 2010. Ask the helpdesk for more time."),
    ],
)
def test_list_is_closed_outside_its_time_and_says_why(
    client, lead, annual_return, listed, address, at, day, reason
):
    (entry,) = listed("Homestart")
    at(day)
    client.force_login(lead)

    shown = client.get(address("services")).content.decode()
    form = client.get(address("service_edit", entry=entry.pk)).content.decode()
    posted = client.post(address("service_close", entry=entry.pk), {"on": "1/9/2009"}).content.decode()

    assert reason in shown
    assert reason in form
    assert reason in posted
    assert entries_of(annual_return)["Homestart"].status == "open"


def test_submitted_part_locks_the_list(
    client, lead, organisation, annual_return, listed, last_return, address
):
    ServiceEntryFactory(annual_return=last_return, service=ServiceFactory(organisation=organisation))
    listed("Homestart")
    with tenancy.scope(organisation):
        Part.objects.filter(kind="services").update(decision="submitted")
    client.force_login(lead)

    page = client.post(address("services_carry"), follow=True)

    assert messages_of(page) == ["The services part is submitted; its list cannot change."]
    assert list(entries_of(annual_return)) == ["Homestart"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Homestart", "Talkshop", "Youth team"]),
        ("?only=new", ["Homestart", "Youth team"]),
        ("?only=gone", ["Talkshop"]),
        ("?q=S0003", ["Youth team"]),
        ("?q=trafford&only=new", ["Homestart", "Youth team"]),
        ("?only=nonsense&page=x", ["Homestart", "Talkshop", "Youth team"]),
    ],
)
def test_list_is_filtered(client, lead, organisation, listed, address, query, names):
    _, talkshop, _ = listed("Homestart", "Talkshop", "Youth team")
    with tenancy.scope(organisation):
        actions.close_entry(talkshop, on=date(2009, 8, 31), by=lead)
    client.force_login(lead)

    page = client.get(address("services") + query)

    assert [entry.name for entry in page.context["page"]] == names
