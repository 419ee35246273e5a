"""What an organisation sees of one that it took over from: earlier collections, to read; nothing of this one."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts import tenancy
from accounts.models import Succession
from mapping.core.migration_operations import SUCCESSORS
from mapping.returns.models import AnnualReturn, Part, Service, ServiceEntry
from questionnaires.models import DefinitionVersion, Pin, Response, Revision
from tests.factories import (
    AnnualReturnFactory,
    CollectionFactory,
    OrganisationFactory,
    PartFactory,
    ServiceEntryFactory,
)

pytestmark = pytest.mark.django_db
SHOWN = [AnnualReturn, Part, ServiceEntry, Response]


@pytest.fixture
def cheshire():
    """It has a service with answers in 2008/09 and, though it should not, in 2009/10."""
    county = OrganisationFactory(name="Cheshire")
    for year in (2008, 2009):
        collection = CollectionFactory(year=year)
        version = DefinitionVersion.objects.create(key="service", number=year, sha256=str(year), content={})
        pin = Pin.objects.create(
            collection=collection,
            key="service",
            part_kind="services",
            definition_version=version,
            respondents=[],
        )
        annual_return = AnnualReturnFactory(organisation=county, collection=collection)
        part = PartFactory(annual_return=annual_return)
        entry = ServiceEntryFactory(annual_return=annual_return, name=f"Secret {year}")
        with tenancy.scope(county):
            Response.objects.create(
                organisation=county, part=part, pin=pin, service_entry=entry, cells={"SVC-F01": {"v": year}}
            )
    return county


@pytest.fixture
def successor(organisation, cheshire):
    """Trafford, which took over from Cheshire in 2009."""
    Succession.objects.create(predecessor=cheshire, successor=organisation, year=2009)
    return organisation


def years_of(model):
    """The collections of the rows of a table that are in sight."""
    way = {Response: "pin__collection__year"}.get(model, "collection__year")
    return sorted(model.objects.values_list(way, flat=True))


@pytest.mark.parametrize("model", SHOWN)
def test_a_successor_sees_the_years_before_and_nothing_of_this_one(successor, model):
    with tenancy.scope(successor):
        assert years_of(model) == [2008]


@pytest.mark.parametrize("model", SHOWN)
def test_others_see_nothing(successor, foreign_organisation, model):
    with tenancy.scope(foreign_organisation):
        assert years_of(model) == []


@pytest.mark.parametrize("model", SHOWN)
def test_a_predecessor_sees_nothing_of_its_successor(successor, cheshire, model):
    annual_return = AnnualReturnFactory(organisation=successor, collection=CollectionFactory(year=2008))
    PartFactory(annual_return=annual_return)
    ServiceEntryFactory(annual_return=annual_return)

    with tenancy.scope(cheshire):
        assert years_of(model) == [2008, 2009]


@pytest.mark.parametrize("model", SHOWN)
def test_what_is_inherited_is_read_only(successor, model):
    with tenancy.scope(successor):
        assert model.objects.update(organisation=successor) == 0
        assert not model.objects.select_for_update().exists()
        row = model.objects.get()
        row.pk = None
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            row.save()


def test_nothing_else_of_a_predecessor_is_in_sight(successor, cheshire, lead):
    with tenancy.scope(cheshire):
        response = Response.objects.get(pin__collection__year=2008)
        Revision.objects.create(
            organisation=cheshire, response=response, number=1, changed={}, origin="typed", by=lead,
            at=response.created_at,
        )  # fmt: skip

    with tenancy.scope(successor):
        assert not Revision.objects.exists()
        assert not Service.objects.exists()


def test_only_tables_that_successors_need_have_their_policy():
    with connection.cursor() as cursor:
        cursor.execute("SELECT polrelid::regclass::text FROM pg_policy WHERE polname = %s", [SUCCESSORS])
        tables = {table for (table,) in cursor.fetchall()}

    assert tables == {model._meta.db_table for model in SHOWN}


def test_lists_of_a_person_hold_own_rows_only(successor, lead):
    with tenancy.scope(successor):
        assert not any(model.objects.visible_to(lead).exists() for model in SHOWN)
        assert ServiceEntry.objects.inherited_by(successor).get().name == "Secret 2008"
        assert not ServiceEntry.objects.inherited_by(lead.organisation_ids[0] + 10**6).exists()


@pytest.mark.parametrize("role", ["lead", "director", "contributor", "outsider"])
def test_pages_tell_nothing_of_this_years_rows_of_a_predecessor(client, people, successor, role):
    own = AnnualReturnFactory(organisation=successor, collection=CollectionFactory(year=2009))
    PartFactory(annual_return=own)
    client.force_login(people[role])
    with tenancy.staff_reading("test"):
        entries = {
            entry.collection.year: entry.pk for entry in ServiceEntry.objects.select_related("collection")
        }

    offered = client.get("/trafford/returns/2009-10/services/inherit/").content.decode()
    this_year = client.get(f"/trafford/returns/2009-10/before/{entries[2009]}/")
    elsewhere = client.get("/cheshire/returns/2008-09/")

    assert ("Secret 2008" in offered) == (role == "lead")
    assert "Secret 2009" not in offered
    assert this_year.status_code == (403 if role == "contributor" else 404)
    assert elsewhere.status_code == 404
