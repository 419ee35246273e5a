"""A return in data entry, with a list of services and the questionnaire that the collection asks about each."""

import pytest
from django.urls import reverse

from accounts import tenancy
from mapping.returns import actions
from questionnaires.models import DefinitionVersion, Delegation, Pin, Response
from tests.factories import AnnualReturnFactory, CollectionFactory


@pytest.fixture
def last_collection(db):
    return CollectionFactory(year=2008)


@pytest.fixture
def collection(last_collection):
    """2009/10, which asks authorities the service questionnaire and one about the organisation."""
    collection = CollectionFactory(year=2009)
    for key, part in (("service", "services"), ("trust", "organisation")):
        version = DefinitionVersion.objects.create(
            key=key, number=1, sha256=key, content={"title": f"Questionnaire {key}"}
        )
        Pin.objects.create(
            collection=collection,
            key=key,
            part_kind=part,
            respondents=["LA"],
            definition_version=version,
        )
    return collection


@pytest.fixture
def annual_return(organisation, collection):
    with tenancy.scope(organisation):
        return actions.open_return(organisation, collection)


@pytest.fixture
def last_return(organisation, last_collection):
    return AnnualReturnFactory(organisation=organisation, collection=last_collection)


@pytest.fixture
def listed(annual_return, lead):
    """``listed("Homestart", "Talkshop")`` puts services on the list and gives their entries."""

    def add(*names, **fields):
        with tenancy.scope(annual_return.organisation):
            news = [actions.NewService(name, "15", fields) for name in names]
            return actions.add_services(annual_return, news, by=lead)

    return add


@pytest.fixture
def responded(annual_return, collection):
    """``responded(entry, progress="complete", ...)`` makes the entry's response."""

    def make(entry, **fields):
        with tenancy.scope(entry.organisation):
            part = annual_return.parts.get(kind="services")
            pin = collection.pins.get(key="service")
            return Response.objects.create(
                organisation=entry.organisation, part=part, pin=pin, service_entry=entry, **fields
            )

    return make


@pytest.fixture
def delegated(annual_return, lead):
    """``delegated(response, to=user, due_on=...)`` asks somebody to answer."""

    def make(response, **fields):
        with tenancy.scope(response.organisation):
            return Delegation.objects.create(
                organisation=response.organisation,
                annual_return=annual_return,
                response=response,
                by=lead,
                **fields,
            )

    return make


@pytest.fixture
def address(organisation, collection):
    """``address("services")`` is that page of the return; ``address("service_edit", entry=7)``."""

    def of(name, **kwargs):
        return reverse(
            f"returns:{name}", kwargs={"organisation": organisation.slug, "collection": collection, **kwargs}
        )

    return of
