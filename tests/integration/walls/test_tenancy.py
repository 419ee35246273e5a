"""What a transaction may see and write, with two organisations that both have rows."""

import pytest
from django.db import ProgrammingError, transaction

from accounts import tenancy
from accounts.models import Organisation, OrganisationKind
from mapping.returns.models import AnnualReturn, Collection

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """Two organisations, each with a return of the same collection."""
    collection = Collection.objects.create(
        year=2009,
        registration_opens="2009-10-01",
        entry_opens="2009-11-01",
        census_date="2009-11-30",
        entry_closes="2010-02-28",
    )
    organisations = [
        Organisation.objects.create(kind=OrganisationKind.PCT, name=name, slug=name, code=name)
        for name in ("one", "two")
    ]
    with tenancy.scope(*organisations):
        for organisation in organisations:
            AnnualReturn.objects.create(organisation=organisation, collection=collection)
    return organisations


def test_reading_without_a_scope_raises(two):
    with pytest.raises(ProgrammingError, match="no scope"), transaction.atomic():
        list(AnnualReturn.objects.all())


def test_a_scope_shows_its_own_rows_only(two):
    with tenancy.scope(two[0]):
        assert [r.organisation for r in AnnualReturn.objects.all()] == [two[0]]


def test_an_empty_scope_shows_nothing(two):
    with tenancy.scope():
        assert AnnualReturn.objects.count() == 0


def test_scopes_nest_and_the_outer_one_comes_back(two):
    with tenancy.scope(two[0]):
        with tenancy.scope(two[1]):
            assert AnnualReturn.objects.get().organisation == two[1]
        assert AnnualReturn.objects.get().organisation == two[0]


def test_rows_of_others_are_not_written(two):
    with tenancy.scope(two[0]):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            AnnualReturn.objects.create(organisation=two[1], collection=Collection.objects.get())
        changed = AnnualReturn.objects.filter(organisation=two[1]).update(declined_reason="not ours")

    assert changed == 0


def test_staff_read_everything_and_write_nothing(two):
    with tenancy.staff_reading("test"):
        assert AnnualReturn.objects.count() == 2
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            AnnualReturn.objects.update(declined_reason="changed")


def test_staff_write_in_the_scope_of_one_organisation(two):
    with tenancy.staff_reading("test"), tenancy.scope(two[1]):
        assert AnnualReturn.objects.update(declined_reason="changed") == 1


def test_an_error_inside_a_scope_leaves_the_outer_one_standing(two):
    with tenancy.scope(two[0]):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), tenancy.scope(two[1]):
            1 / 0  # noqa: B018
        assert AnnualReturn.objects.get().organisation == two[0]


def test_pages_of_people_are_kept_by_no_proxy(client, lead):
    client.force_login(lead)

    assert client.get("/you/")["Cache-Control"] == "private, no-cache"
    client.logout()
    assert not client.get("/tables/").has_header("Cache-Control")
