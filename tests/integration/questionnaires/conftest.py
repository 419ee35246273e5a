"""A CAMHS team of Trafford with last year's answers, and the real definitions."""

import pytest

from accounts import tenancy
from accounts.models import Role
from mapping.returns import actions as returns
from mapping.returns.actions import NewService
from questionnaires import actions
from questionnaires.loading import load_definitions
from questionnaires.models import Response
from questionnaires.queries import responses
from tests.factories import CollectionFactory
from tests.people import member

LAST_YEAR = {
    "SVC-A03": {"v": ["08.01"]},
    "SVC-A14": {"v": "Team manager"},
    "SVC-A23": {"v": "no"},
    "SVC-B01": {"v": "targeted"},
    "SVC-F00": {"v": "yes"},
    "SVC-F01": {"v": 141},
    "SVC-F02": {"v": 126},
    "SVC-F03": {"v": 24},
    "SVC-F20": {"v": "system"},
}


@pytest.fixture
def collections(db):
    """2008/09 and 2009/10, asking the real questionnaires."""
    both = CollectionFactory(year=2008), CollectionFactory(year=2009)
    load_definitions()
    return both


@pytest.fixture
def annual_return(organisation, collections, lead):
    """Trafford's return of 2009/10: the team of last year and a second service are on its list."""
    with tenancy.scope(organisation):
        last = returns.open_return(organisation, collections[0])
        present = returns.open_return(organisation, collections[1])
        team = NewService("Primary mental health team", "08", {"sector": "inhouse"})
        entry = _listed(last, team)
        response = actions.open_response(
            last.parts.get(kind="services"),
            collections[0].pins.get(key="service"),
            by=lead,
            service_entry=entry,
        )
        Response.objects.filter(pk=response.pk).update(
            cells={cell: {**stored, "o": "typed"} for cell, stored in LAST_YEAR.items()}
        )
        returns.carry_list_forward(present, by=lead)
        returns.add_service(present, NewService("Youth offending team", "20", {"sector": "inhouse"}), by=lead)
    return present


def _listed(annual_return, new):
    """An entry on the list of a collection that has closed: nobody could add it today."""
    service = annual_return.organisation.services.create(reference="S0001")
    return annual_return.service_entries.create(
        organisation=annual_return.organisation,
        collection=annual_return.collection,
        service=service,
        name=new.name,
        category=new.category,
        provider=annual_return.organisation,
        lead_organisation=annual_return.organisation,
        **new.fields,
    )


@pytest.fixture
def entry(annual_return, organisation):
    with tenancy.scope(organisation):
        return annual_return.service_entries.select_related("annual_return__organisation").get(
            name="Primary mental health team"
        )


@pytest.fixture
def response(entry, organisation, collections, lead):
    """The team's response, just opened: last year's answers are carried over."""
    with tenancy.scope(organisation):
        part = entry.annual_return.parts.get(kind="services")
        pin = collections[1].pins.get(key="service")
        return actions.open_response(part, pin, by=lead, service_entry=entry)


@pytest.fixture
def trust(annual_return, organisation, collections, lead):
    """The response to the Children's Trust questionnaire."""
    with tenancy.scope(organisation):
        part = annual_return.parts.get(kind="organisation")
        pin = collections[1].pins.get(key="childrens_trust")
        return actions.open_response(part, pin, by=lead)


@pytest.fixture
def colleague(organisation):
    """A second person who leads, to work beside the first."""
    return member(organisation, Role.DEPUTY, "Daniel Okafor")


@pytest.fixture
def fresh(organisation):
    """``fresh(response)`` reads a response as it stands."""

    def read(response):
        with tenancy.scope(organisation):
            return responses().get(pk=response.pk)

    return read


@pytest.fixture
def saved(organisation, fresh):
    """``saved(response, {cell: value}, by=person)`` saves values as the page at the latest version would."""

    def save(response, values, *, by, reasons=None, seen=None):
        cells = {cell: None if value is None else {"v": value} for cell, value in values.items()}
        version = fresh(response).version if seen is None else seen
        with tenancy.scope(organisation):
            return actions.merge_cells(
                response, cells, seen_version=version, by=by, reasons=reasons, whole_page=False
            )

    return save


@pytest.fixture
def asked(organisation, response, lead, contributor):
    """``asked("F")`` delegates sections of the response to the contributor; none for the whole."""

    def ask(*sections):
        with tenancy.scope(organisation):
            return actions.delegate(
                [response], actions.Asked(to=contributor), sections=sections or ("",), by=lead
            )

    return ask


def address(response, section="", page=""):
    """The address of a response's page."""
    here = f"/trafford/returns/2009-10/responses/{response.pk}/"
    return f"{here}{section or page}/" if section or page else here
