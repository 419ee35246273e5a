"""The collection that the demonstration plans for next autumn: there to try, and nowhere else."""

from datetime import date

import pytest

from accounts import tenancy
from mapping.returns.models import AnnualReturn, Collection
from questionnaires.loading import load_definitions
from reports.actions import compute_stale_figures
from reports.demo.coming import plan_next_collection
from tests.factories import CollectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def planned(db):
    """2009/10 is being answered, and the demonstration has planned 2010/11."""
    CollectionFactory(year=2009)
    load_definitions()
    plan_next_collection()


def test_it_is_2010_11_and_asks_the_same_questionnaires():
    coming, present = Collection.objects.get(year=2010), Collection.objects.get(year=2009)

    assert coming.registration_opens == date(2010, 10, 1)
    assert coming.published_on is None
    assert set(coming.pins.values_list("key", flat=True)) == set(present.pins.values_list("key", flat=True))


def test_planning_it_twice_changes_nothing():
    plan_next_collection()

    assert list(Collection.objects.values_list("year", flat=True)) == [2009, 2010]


def test_the_collection_that_is_being_answered_stays_the_current_one(client):
    assert Collection.objects.current().year == 2009
    assert "Timetable for 2009/10" in client.get("/").content.decode()


def test_no_figures_are_computed_before_its_registration_opens(at):
    assert [collection.year for collection in compute_stale_figures()] == [2009]

    at(date(2010, 10, 4))
    assert 2010 in [collection.year for collection in compute_stale_figures()]


def test_nobody_begins_a_return_before_its_registration_opens(client, organisation, lead):
    client.force_login(lead)

    answer = client.get("/trafford/returns/2010-11/")

    assert answer.status_code == 200
    with tenancy.scope(organisation):
        assert not AnnualReturn.objects.filter(collection__year=2010).exists()
