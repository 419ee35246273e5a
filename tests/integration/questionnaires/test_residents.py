"""The residents that a service's children are compared with."""

import pytest

from accounts.models import Population
from questionnaires.queries.about import residents_compared
from tests.factories import OrganisationFactory
from tests.unit.questionnaires.helpers import number, small

AREAS = {"key": "T1", "label": "Areas", "type": "area", "multiple": "yes"}
COMPARED = {
    "id": "R1",
    "severity": "soft",
    "check": "population_share_outside",
    "band": [0, 4],
    "areas": "T1",
    "low": 60,
    "high": 120,
}
QUESTIONNAIRE = small(AREAS, number("T2", rules=[COMPARED]))


@pytest.fixture
def areas(db):
    """Two authorities; of the first an older estimate and another age band are known too."""
    first, second = OrganisationFactory(code="E1"), OrganisationFactory(code="E2")
    for authority, year, band, persons in (
        (first, 2015, "0-4", 60),
        (first, 2014, "0-4", 50),
        (first, 2015, "0-17", 200),
        (second, 2015, "0-4", 40),
    ):
        Population.objects.create(
            authority=authority, year=year, age_band=band, persons=persons, source="test"
        )
    return ["E1", "E2"]


def test_residents_are_the_newest_of_the_areas_served(areas):
    found = residents_compared(QUESTIONNAIRE, {"T1": {"v": areas}, "T2": {"v": 90}})

    assert found == {"E1": {"0-4": 60}, "E2": {"0-4": 40}}
    assert residents_compared(QUESTIONNAIRE, {"T1": {"v": ["E2"]}, "T2": {"v": 90}}) == {"E2": {"0-4": 40}}


def test_nothing_is_read_where_nothing_is_compared(areas, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert residents_compared(QUESTIONNAIRE, {"T1": {"v": areas}}) == {}
