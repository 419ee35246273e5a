"""Which questionnaires an organisation owes: it follows from its type, the register's flags and its list."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection

from accounts import tenancy
from accounts.actions import Refused
from accounts.models import OrganisationYear, Role
from mapping.returns import actions as returns
from mapping.returns.actions import NewService
from mapping.returns.models import Part
from mapping.returns.queries.asked import asked_of
from mapping.returns.roles import roles_of
from mapping.returns.workflow import WrongStatus
from questionnaires import actions, tasks
from questionnaires.actions import Asked, comparing
from questionnaires.loading import load_definitions
from questionnaires.models import DefinitionVersion, Pin, Response
from questionnaires.queries import context_of
from questionnaires.queries.lists import questionnaires_of
from tests.factories import (
    CollectionFactory,
    NHSTrustFactory,
    OrganisationFactory,
    PCTFactory,
    VoluntaryProviderFactory,
)
from tests.people import member

ASKED = {
    "service": ("services", ["LA", "NHST", "PCTC", "PCTP", "VCS"]),
    "organisation": ("organisation", ["LA", "NHST", "PCTC", "PCTP"]),
    "local_authority": ("organisation", ["LA"]),
    "childrens_trust": ("organisation", ["LA"]),
    "pct_commissioner": ("organisation", ["PCTC"]),
    "nhs_provider": ("organisation", ["NHST", "PCTP"]),
}
QUESTION = {"key": "Q1", "label": "Anything?", "type": "text", "mandatory": "yes"}


@pytest.fixture
def collection(db):
    """2009/10 with a small questionnaire under each of the real keys."""
    collection = CollectionFactory(year=2009)
    for key, (part, respondents) in ASKED.items():
        sections = [{"key": "A", "title": "A", "questions": [QUESTION]}]
        content = {"key": key, "code": "T", "title": key, "part": part, "respondents": respondents}
        version = DefinitionVersion.objects.create(
            key=key, number=1, sha256=key, content={**content, "sections": sections}
        )
        Pin.objects.create(
            collection=collection,
            key=key,
            part_kind=part,
            respondents=respondents,
            definition_version=version,
        )
    return collection


@pytest.fixture
def opened(collection):
    """``opened(organisation)`` is its return, with a lead of its own."""

    def make(organisation):
        with tenancy.scope(organisation):
            return returns.open_return(organisation, collection), member(organisation, Role.LEAD, "Jo Clarke")

    return make


def owed(annual_return, lead):
    """The questionnaires that the page of the organisation lists, and how many its part counts."""
    with tenancy.scope(annual_return.organisation):
        titles = [line.title for line in questionnaires_of(annual_return, lead)]
        part = Part.objects.with_progress().get(annual_return=annual_return, kind="organisation")
    return titles, part.listed


def flags(organisation, **known):
    OrganisationYear.objects.update_or_create(
        organisation=organisation, year=2009, defaults={"on_register": True, **known}
    )


@pytest.mark.parametrize(
    ("factory", "titles"),
    [
        (OrganisationFactory, ["organisation", "childrens_trust", "local_authority"]),
        (NHSTrustFactory, ["organisation", "nhs_provider"]),
        (PCTFactory, ["organisation", "pct_commissioner"]),
    ],
)
def test_each_type_owes_its_questionnaires(opened, factory, titles):
    assert owed(*opened(factory())) == (titles, len(titles))


def test_a_voluntary_provider_owes_its_services_only(opened):
    charity = VoluntaryProviderFactory()
    annual_return, _ = opened(charity)

    with tenancy.scope(charity):
        assert list(annual_return.parts.values_list("kind", flat=True)) == ["services"]


@pytest.mark.parametrize(
    ("known", "roles"),
    [
        ({}, {"PCTC"}),
        ({"child_health_provider": True}, {"PCTC", "PCTP"}),
        ({"camhs_provider": True, "child_health_provider": False}, {"PCTC", "PCTP"}),
        ({"camhs_provider": False, "child_health_provider": False}, {"PCTC"}),
        ({"commissioner": False}, {"PCTP"}),
        ({"commissioner": True}, {"PCTC"}),
    ],
)
def test_the_register_says_in_which_roles_a_pct_answers(opened, collection, known, roles):
    pct = PCTFactory()
    opened(pct)
    flags(pct, **known)

    with tenancy.scope(pct):
        assert roles_of(pct, collection) == roles


def test_flags_of_another_year_say_nothing(opened, collection):
    pct = PCTFactory(on_register=[2008])
    OrganisationYear.objects.update(child_health_provider=True, commissioner=False)
    opened(pct)

    with tenancy.scope(pct):
        assert roles_of(pct, collection) == {"PCTC"}


def test_a_pct_answers_as_provider_once_its_list_has_a_service_of_its_own(opened):
    pct = PCTFactory()
    annual_return, lead = opened(pct)
    with tenancy.scope(pct):
        (entry,) = returns.add_services(annual_return, [NewService("Health visiting", "02")], by=lead)

    both = ["organisation", "nhs_provider", "pct_commissioner"]
    assert owed(annual_return, lead) == (both, 3)

    with tenancy.scope(pct):
        returns.edit_entry(entry, {"provider": NHSTrustFactory(), "sector": "nhs"}, by=lead)
    assert owed(annual_return, lead) == (["organisation", "pct_commissioner"], 2)


def test_a_closed_service_makes_no_provider(opened, collection):
    pct = PCTFactory()
    annual_return, lead = opened(pct)
    with tenancy.scope(pct):
        (entry,) = returns.add_services(annual_return, [NewService("Health visiting", "02")], by=lead)
        returns.close_entry(entry, on=collection.census_date, by=lead)

        assert roles_of(pct, collection) == {"PCTC"}


def test_the_list_changes_nothing_where_the_register_knows(opened, collection):
    pct = PCTFactory()
    flags(pct, child_health_provider=False, camhs_provider=False)
    annual_return, lead = opened(pct)
    with tenancy.scope(pct):
        returns.add_services(annual_return, [NewService("Health visiting", "02")], by=lead)

        assert roles_of(pct, collection) == {"PCTC"}


def test_answers_to_what_is_no_longer_owed_are_kept_and_count_for_nothing(opened, collection):
    pct = PCTFactory()
    annual_return, lead = opened(pct)
    with tenancy.scope(pct):
        (entry,) = returns.add_services(annual_return, [NewService("Health visiting", "02")], by=lead)
        part = annual_return.parts.get(kind="organisation")
        pin = collection.pins.get(key="nhs_provider")
        response = actions.open_response(part, pin, by=lead)
        actions.merge_cells(
            response, {"Q1": {"v": "Yes"}}, seen_version=0, by=lead, reasons=None, whole_page=False
        )
        before = Part.objects.with_progress().with_problems().get(pk=part.pk)
        returns.edit_entry(entry, {"provider": NHSTrustFactory(), "sector": "nhs"}, by=lead)
        after = Part.objects.with_progress().with_problems().get(pk=part.pk)
        response.refresh_from_db()

    assert (before.listed, before.complete) == (3, 1)
    assert (after.listed, after.complete) == (2, 0)
    assert response.cells["Q1"]["v"] == "Yes"


def test_a_questionnaire_that_is_not_owed_cannot_be_opened(client, opened):
    pct = PCTFactory(slug="oldham-pct")
    annual_return, lead = opened(pct)
    client.force_login(lead)
    here = "/oldham-pct/returns/2009-10/start"

    assert client.get(f"{here}/nhs_provider/").status_code == 404
    with tenancy.scope(pct):
        returns.add_services(annual_return, [NewService("Health visiting", "02")], by=lead)
    assert client.get(f"{here}/nhs_provider/").status_code == 302


def test_a_pct_may_enter_services_in_either_role_and_answers_as_what_it_is(opened, collection):
    pct = PCTFactory()
    annual_return, lead = opened(pct)
    with tenancy.scope(pct):
        (entry,) = returns.add_services(
            annual_return,
            [NewService("Health visiting", "02", {"provider": NHSTrustFactory(), "sector": "nhs"})],
            by=lead,
        )
        services, own = annual_return.parts.get(kind="services"), annual_return.parts.get(kind="organisation")
        of_service = actions.open_response(
            services, collection.pins.get(key="service"), by=lead, service_entry=entry
        )
        of_pct = actions.open_response(own, collection.pins.get(key="pct_commissioner"), by=lead)

        assert context_of(of_service).organisation_types == {"PCTC", "PCTP"}
        assert context_of(of_pct).organisation_types == {"PCTC"}


def test_pins_of_before_take_the_roles_of_their_definitions(collection):
    Pin.objects.update(respondents=["pct", "nhs_trust"])
    migration = import_module("questionnaires.migrations.0003_pins_name_roles")

    with connection.cursor() as cursor:
        cursor.execute(migration.ROLES_OF_DEFINITIONS)

    assert {pin.key: pin.respondents for pin in Pin.objects.all()} == {
        key: respondents for key, (_, respondents) in ASKED.items()
    }


GAPS = {
    "key": "Q1",
    "label": "Why is there none?",
    "type": "table",
    "rows": [{"key": code, "label": code, "when": {"no_service_in": "row"}} for code in ("02", "03")],
    "columns": [{"key": "why", "label": "Why", "type": "text", "mandatory": "yes"}],
    "mandatory": "yes",
}
STAFF = {"key": "Q2", "label": "Staff", "type": "dec2"} | {
    "rules": [
        {"id": "S1", "severity": "soft", "check": "differs_from_services", "of": "Q1", "percent_at_most": 5}
    ]
}


@pytest.fixture
def about_itself(opened, collection):
    """The response of an authority about itself, which asks for gaps in the list and for all staff."""
    sections = [{"key": "A", "title": "A", "questions": [GAPS, STAFF]}]
    version = DefinitionVersion.objects.get(key="organisation")
    content = {**version.content, "sections": sections}
    other = DefinitionVersion.objects.create(key="organisation", number=2, sha256="other", content=content)
    Pin.objects.filter(key="organisation").update(definition_version=other)
    annual_return, lead = opened(OrganisationFactory(slug="trafford"))
    with tenancy.scope(annual_return.organisation):
        part = annual_return.parts.get(kind="organisation")
        pin = collection.pins.get(key="organisation")
        yield actions.open_response(part, pin, by=lead), annual_return, lead


def test_an_empty_category_is_asked_about_as_long_as_it_is_empty(about_itself, collection):
    response, annual_return, lead = about_itself
    counts = []

    (entry,) = returns.add_services(annual_return, [NewService("Health visiting", "02")], by=lead)
    for change in (
        lambda: None,
        lambda: returns.close_entry(entry, on=collection.census_date, by=lead),
        lambda: returns.open_entry_again(entry, by=lead),
        lambda: returns.remove_entry(entry, by=lead),
    ):
        change()
        response.refresh_from_db()
        counts.append(response.missing_count)

    assert counts == [1, 2, 1, 2]


def test_figures_are_compared_with_the_services_that_the_organisation_provides(about_itself, collection):
    response, annual_return, lead = about_itself
    others = {"provider": NHSTrustFactory(), "sector": "nhs"}
    news = [NewService("One", "02"), NewService("Two", "03"), NewService("Bought", "04", others)]
    entries = returns.add_services(annual_return, news, by=lead)
    part = annual_return.parts.get(kind="services")
    made = actions.open_responses(part, collection.pins.get(key="service"), entries, by=lead)
    for row, amount in zip(made, ("10.50", "4.25", "100.00"), strict=True):
        Response.objects.filter(pk=row.pk).update(cells={"Q1": {"v": amount}})

    assert context_of(response).service_sums == {"Q1": Decimal("14.75")}


@pytest.fixture
def compared(about_itself, collection):
    """The response about itself, which gives 10 WTE, and that of a service of its own, which nobody has answered."""
    response, annual_return, lead = about_itself
    (entry,) = returns.add_services(annual_return, [NewService("One", "02")], by=lead)
    part = annual_return.parts.get(kind="services")
    service = actions.open_response(part, collection.pins.get(key="service"), by=lead, service_entry=entry)
    actions.save_cells(response, {"Q2": {"v": "10.00"}, "Q1|03|why": {"v": "None"}}, seen_version=0, by=lead)
    return response, service, lead


@pytest.fixture
def queued(monkeypatch):
    """What was queued: arguments of each job that compares."""
    jobs = []
    monkeypatch.setattr(
        comparing.current_app, "send_task", lambda name, args, **options: jobs.append((name, args))
    )
    return jobs


def unusual(response):
    response.refresh_from_db()
    return response.soft_open_count


def test_a_job_compares_with_the_services_after_their_figures_have_changed(
    compared, queued, django_capture_on_commit_callbacks
):
    response, service, lead = compared

    with django_capture_on_commit_callbacks(execute=True):
        actions.save_cells(service, {"Q1": {"v": "20.00"}}, seen_version=0, by=lead)

    ((name, ids),) = queued
    assert name == tasks.compare_with_services.name
    assert unusual(response) == 0
    tasks.compare_with_services(*ids)
    tasks.compare_with_services(*ids)
    assert unusual(response) == 1


def test_a_version_pinned_meanwhile_by_another_process_counts_at_once(
    compared, queued, collection, django_capture_on_commit_callbacks
):
    response, service, lead = compared
    with django_capture_on_commit_callbacks(execute=True):
        actions.save_cells(service, {"Q1": {"v": "20.00"}}, seen_version=0, by=lead)
    queued.clear()
    first = DefinitionVersion.objects.get(key="organisation", number=1)  # which compares nothing
    Pin.objects.filter(collection=collection, key="organisation").update(definition_version=first)

    with django_capture_on_commit_callbacks(execute=True):
        actions.save_cells(service, {"Q1": {"v": "21.00"}}, seen_version=1, by=lead)

    assert queued == []


def test_what_nobody_compares_queues_nothing(compared, queued, django_capture_on_commit_callbacks):
    response, _, lead = compared

    with django_capture_on_commit_callbacks(execute=True):
        actions.save_cells(response, {"Q2": {"v": "11.00"}}, seen_version=response.version, by=lead)

    assert queued == []


def test_what_is_submitted_has_been_compared_although_no_job_ran(compared):
    response, service, lead = compared
    pins = Pin.objects.filter(part_kind="organisation").exclude(key="organisation")
    pins.delete()
    part = Part.objects.with_progress().get(pk=response.part_id)
    assert part.progress == "complete"
    actions.save_cells(service, {"Q1": {"v": "20.00"}}, seen_version=0, by=lead)

    with pytest.raises(WrongStatus):
        returns.submit(part, by=lead)


def test_a_part_that_is_decided_about_is_not_compared_again(compared):
    response, service, lead = compared
    actions.save_cells(service, {"Q1": {"v": "20.00"}}, seen_version=0, by=lead)
    Part.objects.filter(pk=response.part_id).update(decision="signed_off")

    actions.compare_with_services(response.part.annual_return_id)

    assert unusual(response) == 0


@pytest.fixture
def opened_before(collection):
    """A trust's return, opened before the collection asked anything."""
    trust = NHSTrustFactory()
    with tenancy.scope(trust):
        Pin.objects.all().delete()
        return returns.open_return(trust, collection)


def kinds_of_parts(annual_return):
    with tenancy.scope(annual_return.organisation):
        return list(annual_return.parts.values_list("kind", flat=True))


def test_a_return_gets_the_parts_that_new_questionnaires_make_it_owe(opened_before):
    assert kinds_of_parts(opened_before) == []

    load_definitions()
    load_definitions()

    assert "services" in kinds_of_parts(opened_before)


def test_a_return_of_a_published_collection_stays_as_it_is(opened_before, collection):
    collection.published_on = collection.entry_opens
    collection.save()

    load_definitions()

    assert kinds_of_parts(opened_before) == []


def test_what_is_no_longer_owed_is_no_longer_asked(opened, collection):
    pct = PCTFactory()
    annual_return, lead = opened(pct)
    helper = member(pct, Role.CONTRIBUTOR, "Priya Nair")
    with tenancy.scope(pct):
        (entry,) = returns.add_services(annual_return, [NewService("Health visiting", "02")], by=lead)
        part = annual_return.parts.get(kind="organisation")
        response = actions.open_response(part, collection.pins.get(key="nhs_provider"), by=lead)
        actions.delegate([response], Asked(to=helper), sections=[""], by=lead)
        before = [asked.name for asked in asked_of(annual_return, helper)]
        returns.edit_entry(entry, {"provider": NHSTrustFactory(), "sector": "nhs"}, by=lead)

        assert (before, asked_of(annual_return, helper)) == (["nhs_provider"], [])


def test_what_is_no_longer_owed_can_be_read_and_not_changed(client, opened, collection):
    pct = PCTFactory(slug="oldham-pct")
    annual_return, lead = opened(pct)
    with tenancy.scope(pct):
        (entry,) = returns.add_services(annual_return, [NewService("Health visiting", "02")], by=lead)
        part = annual_return.parts.get(kind="organisation")
        response = actions.open_response(part, collection.pins.get(key="nhs_provider"), by=lead)
        (given,) = actions.delegate([response], Asked(to=lead), by=lead)
        actions.save_cells(response, {"Q1": {"v": "Yes"}}, seen_version=0, by=lead)
        returns.edit_entry(entry, {"provider": NHSTrustFactory(), "sector": "nhs"}, by=lead)
    client.force_login(lead)
    url = f"/oldham-pct/returns/2009-10/responses/{response.pk}/A/"

    page = client.get(url)
    client.post(url, {"version": 1, "Q1": "No"})

    assert "does not owe this questionnaire any more" in page.content.decode()
    with tenancy.scope(pct):
        response.refresh_from_db()
        assert response.cells["Q1"]["v"] == "Yes"
        with pytest.raises(Refused, match="does not owe this questionnaire any more"):
            actions.nudge(given, by=lead)
