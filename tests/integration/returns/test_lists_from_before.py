"""Lists that begin with an older one: of a missed year, or of an organisation that another took over from."""

import pytest
from django.conf import settings

from accounts import tenancy
from accounts.loading.reference import load_reference
from accounts.models import Organisation, Role
from mapping.returns import actions
from mapping.returns.models import Department, ServiceEntry
from mapping.returns.queries.returns import to_carry, to_inherit
from tests.factories import AnnualReturnFactory, CollectionFactory, PartFactory, ServiceEntryFactory
from tests.people import member

pytestmark = pytest.mark.django_db


def test_after_a_missed_year_the_last_list_is_brought_over(organisation, annual_return, lead):
    older = AnnualReturnFactory(organisation=organisation, collection=CollectionFactory(year=2006))
    before = AnnualReturnFactory(organisation=organisation, collection=CollectionFactory(year=2007))
    dropped = ServiceEntryFactory(annual_return=older, name="Dropped")
    kept = ServiceEntryFactory(annual_return=before, name="Kept")
    assert dropped.service != kept.service

    with tenancy.scope(organisation):
        offered = to_carry(annual_return)
        carried = actions.carry_list_forward(annual_return, by=lead)

        assert (offered.count, offered.of) == (1, "2007/08")
        assert [(entry.name, entry.carried_from) for entry in carried] == [("Kept", kept)]
        assert not to_carry(annual_return)


@pytest.fixture
def registers():
    """The real registers, in which Cheshire became two authorities in 2009."""
    load_reference(settings.BASE_DIR / "fixtures" / "reference")
    return {one.name: one for one in Organisation.objects.filter(name__startswith="Cheshire")}


@pytest.fixture
def county(registers):
    """Cheshire's list of 2008/09: what it ran itself, what a charity did, and what has closed."""
    cheshire = registers["Cheshire"]
    last = AnnualReturnFactory(organisation=cheshire, collection=CollectionFactory(year=2008))
    with tenancy.scope(cheshire):
        department = Department.objects.create(organisation=cheshire, name="County Hall")
    ServiceEntryFactory(
        annual_return=last, name="Crewe team", provider=cheshire, lead_organisation=cheshire,
        department=department, sector="inhouse",
    )  # fmt: skip
    ServiceEntryFactory(annual_return=last, name="Ellesmere Port project", provider_name="A charity")
    ServiceEntryFactory(annual_return=last, name="Closed team", status="closed")
    return cheshire


@pytest.fixture
def east(registers, county):
    """Cheshire East's lead and return of 2009/10."""
    organisation = registers["Cheshire East"]
    annual_return = AnnualReturnFactory(organisation=organisation, collection=CollectionFactory(year=2009))
    PartFactory(annual_return=annual_return)
    return member(organisation, Role.LEAD, "Jo East"), annual_return


def test_each_successor_chooses_its_services_from_its_predecessors(client, east, county):
    lead, annual_return = east
    client.force_login(lead)
    here = "/cheshire-east/returns/2009-10/"

    overview = client.get(here)
    offered = client.get(f"{here}services/inherit/")
    chosen = [entry.pk for entry in offered.context["offered"] if entry.name == "Crewe team"]
    client.post(f"{here}services/inherit/", {"entry": [*chosen, "999999", "x"]})

    assert "Choose your services from those of Cheshire" in overview.content.decode()
    assert [entry.name for entry in offered.context["offered"]] == ["Crewe team", "Ellesmere Port project"]
    with tenancy.scope(annual_return.organisation):
        entry = ServiceEntry.objects.select_related("service", "provider").get(annual_return=annual_return)
        assert (entry.name, entry.reference, entry.sector) == ("Crewe team", "S0001", "inhouse")
        assert (entry.carried_from_id, entry.service.continues_id) == (
            chosen[0],
            entry.carried_from.service_id,
        )
        assert entry.provider == entry.lead_organisation == annual_return.organisation
        assert entry.department is None
        assert [one.name for one in to_inherit(annual_return)] == ["Ellesmere Port project"]
    listed = client.get(f"{here}services/").content.decode()
    assert "From Cheshire" in listed


def test_both_successors_may_go_on_with_one_service(east, registers, county):
    lead, of_east = east
    west = registers["Cheshire West and Chester"]
    of_west = AnnualReturnFactory(organisation=west, collection=CollectionFactory(year=2009))
    PartFactory(annual_return=of_west)
    for annual_return in (of_east, of_west):
        with tenancy.scope(annual_return.organisation):
            all_of_them = [entry.pk for entry in to_inherit(annual_return)]
            brought = actions.inherit_list(annual_return, all_of_them, by=lead)
            assert [entry.name for entry in brought] == ["Crewe team", "Ellesmere Port project"]
            assert actions.inherit_list(annual_return, all_of_them, by=lead) == []


def test_the_year_after_its_own_list_is_carried_and_the_predecessors_no_more_offered(east):
    lead, annual_return = east
    organisation = annual_return.organisation
    following = AnnualReturnFactory(organisation=organisation, collection=CollectionFactory(year=2010))
    with tenancy.scope(organisation):
        (crewe, _) = to_inherit(annual_return)
        (entry,) = actions.inherit_list(annual_return, [crewe.pk], by=lead)

        assert list(ServiceEntry.objects.to_carry_into(following)) == [entry]
        assert to_inherit(following) == []
