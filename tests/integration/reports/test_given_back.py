"""The figure that a lead gets back while colleagues still answer."""

from datetime import date
from decimal import Decimal

import pytest

from accounts import tenancy
from questionnaires.models import DefinitionVersion, Pin, Response
from reports.given_back import Bar, given_back
from reports.models import AreaFigure
from tests.factories import AnnualReturnFactory, CollectionFactory, PartFactory, ServiceEntryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def annual_return(organisation):
    return AnnualReturnFactory(organisation=organisation, collection=CollectionFactory(year=2009))


@pytest.fixture
def answered(annual_return):
    """Make a service with these waits of new cases: ``answered({"w1": 8, "w3": 4}, progress="complete")``."""
    version = DefinitionVersion.objects.create(key="service", number=1, sha256="x", content={})
    pin = Pin.objects.create(
        collection=annual_return.collection,
        definition_version=version,
        key="service",
        part_kind="services",
        respondents=["LA"],
    )
    part = PartFactory(organisation=annual_return.organisation, annual_return=annual_return, kind="services")

    def answer(waits, progress="complete"):
        entry = ServiceEntryFactory(organisation=annual_return.organisation, annual_return=annual_return)
        with tenancy.scope(annual_return.organisation):
            Response.objects.create(
                organisation=annual_return.organisation,
                part=part,
                pin=pin,
                service_entry=entry,
                progress=progress,
                cells={f"SVC-F07|{wait}|n": {"v": count} for wait, count in waits.items()},
            )

    return answer


def figures_of(collection, level, area, authorities=5, **waits):
    AreaFigure.objects.bulk_create(
        AreaFigure(
            collection=collection,
            measure="new_case_wait",
            item=wait,
            level=level,
            area_code=area,
            area_name=area,
            value=n,
            respondents=authorities,
        )
        for wait, n in waits.items()
    )


def test_own_share_stands_beside_region_and_england_of_the_published_year(annual_return, answered, lead):
    published = CollectionFactory(year=2008, published_on=date(2009, 4, 23))
    figures_of(published, "region", "North West", w1=40, w2=40, w3=20)
    figures_of(published, "england", "England", w1=50, w4=50)
    answered({"w1": 6, "w2": 3, "w5": 3, "wNK": 50})

    with tenancy.scope(annual_return.organisation):
        given = given_back(annual_return, lead)

    assert given.services == 1
    assert given.compared_with == published
    assert given.bars == (
        Bar("Trafford", Decimal(75), own=True),
        Bar("North West", Decimal(80)),
        Bar("England", Decimal(50)),
    )


def test_services_in_progress_do_not_count(annual_return, answered, lead):
    answered({"w1": 60}, progress="in_progress")

    with tenancy.scope(annual_return.organisation):
        assert given_back(annual_return, lead) is None


def test_nine_children_are_too_few(annual_return, answered, lead):
    answered({"w1": 9})

    with tenancy.scope(annual_return.organisation):
        assert given_back(annual_return, lead) is None


def test_unpublished_figures_are_not_compared_with(annual_return, answered, lead):
    figures_of(annual_return.collection, "england", "England", w1=100)
    answered({"w1": 10})

    with tenancy.scope(annual_return.organisation):
        given = given_back(annual_return, lead)

    assert given.bars == (Bar("Trafford", Decimal(100), own=True),)


def test_four_statements_whatever_the_number_of_services(
    annual_return, answered, lead, django_assert_max_num_queries
):
    for _ in range(3):
        answered({"w1": 10})
    _ = lead.active_memberships
    with tenancy.scope(annual_return.organisation), django_assert_max_num_queries(4):
        given_back(annual_return, lead)


def test_four_authorities_are_no_comparison(annual_return, answered, lead):
    published = CollectionFactory(year=2008, published_on=date(2009, 4, 23))
    figures_of(published, "region", "North West", authorities=4, w1=100)
    figures_of(published, "england", "England", w1=100)
    answered({"w1": 10})

    with tenancy.scope(annual_return.organisation):
        given = given_back(annual_return, lead)

    assert [bar.name for bar in given.bars] == ["Trafford", "England"]
