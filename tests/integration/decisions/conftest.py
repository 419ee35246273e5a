"""A return of two years, small enough to complete: three figures a service, one table of the Children's Trust."""

from dataclasses import dataclass
from datetime import date

import pytest

from accounts import tenancy
from mapping.returns import actions
from mapping.returns.models import AnnualReturn, Part
from questionnaires.actions import open_response, save_cells
from questionnaires.models import DefinitionVersion, Pin, Response
from tests.factories import CollectionFactory, ServiceEntryFactory

SERVICE = {
    "key": "service",
    "code": "SVC",
    "title": "Service questionnaire",
    "part": "services",
    "respondents": ["LA"],
    "sections": [
        {
            "key": "E",
            "title": "Workforce",
            "questions": [
                {
                    "key": "SVC-E01",
                    "label": "Staff in post",
                    "type": "table",
                    "rows": [
                        {"key": "nu_hv", "label": "Health visitor"},
                        {"key": "ot", "label": "Therapist"},
                    ],
                    "columns": [
                        {"key": "wte", "label": "WTE", "type": "dec2", "measure": "wte"},
                        {"key": "vac", "label": "Vacant", "type": "dec2", "measure": "vacancies"},
                    ],
                    "mandatory": "no",
                    "last_year": "shown",
                }
            ],
        },
        {
            "key": "F",
            "title": "Activity",
            "questions": [
                {
                    "key": "SVC-F01",
                    "label": "Children on the caseload",
                    "type": "whole_number",
                    "mandatory": "yes",
                    "last_year": "shown",
                    "measure": "caseload",
                    "rules": [{"id": "F-S1", "severity": "soft", "check": "differs_from_last_year"}],
                },
                {
                    "key": "SVC-F05",
                    "label": "Children waiting",
                    "type": "whole_number",
                    "mandatory": "yes",
                    "last_year": "shown",
                    "measure": "waiting",
                    "rules": [{"id": "F-H9", "severity": "hard", "check": "at_most", "of": "SVC-F01"}],
                },
            ],
        },
    ],
}
TRUST = {
    "key": "childrens_trust",
    "code": "CTQ",
    "title": "Children's Trust",
    "part": "organisation",
    "respondents": ["LA"],
    "sections": [
        {
            "key": "B",
            "title": "The Board",
            "questions": [
                {
                    "key": "CTQB2",
                    "label": "Agencies on the Board",
                    "type": "table",
                    "rows": [{"key": "b01", "label": "Police"}, {"key": "b02", "label": "Schools"}],
                    "columns": [{"key": "on", "label": "On the Board", "type": "yn", "measure": "board_on"}],
                    "mandatory": "yes",
                    "last_year": "shown",
                }
            ],
        }
    ],
}
FULL_SERVICE = {
    "SVC-E01|nu_hv|wte": {"v": "8.00"},
    "SVC-E01|nu_hv|vac": {"v": "2.00"},
    "SVC-F01": {"v": 100},
    "SVC-F05": {"v": 20},
}
FULL_TRUST = {"CTQB2|b01|on": {"v": "yes"}, "CTQB2|b02|on": {"v": "no"}}


def pinned(collection, content, number=1):
    version, _ = DefinitionVersion.objects.get_or_create(
        key=content["key"], number=number, defaults={"sha256": content["key"][:64], "content": content}
    )
    kwargs = {"part_kind": content["part"], "respondents": ["LA"]}
    return Pin.objects.get_or_create(
        collection=collection, key=content["key"], defaults={"definition_version": version, **kwargs}
    )[0]


@dataclass
class ReturnOfYear:
    """One organisation's return in one collection, with short ways to fill it in."""

    annual_return: AnnualReturn
    pins: dict
    lead: object

    @property
    def organisation(self):
        return self.annual_return.organisation

    @property
    def collection(self):
        return self.annual_return.collection

    def part(self, kind="services"):
        """The part as the database has it now."""
        with tenancy.scope(self.organisation):
            return (
                Part.objects.with_progress()
                .select_related("annual_return", "collection")
                .get(annual_return=self.annual_return, kind=kind)
            )

    def add_service(self, name, cells=None, **fields):
        """List a service and answer it; ``cells`` None leaves it without a response."""
        entry = ServiceEntryFactory(annual_return=self.annual_return, name=name, **fields)
        if cells is not None:
            self.answer(cells, service_entry=entry)
        return entry

    def answer(self, cells, *, service_entry=None, reasons=None, key=None):
        """Save cells as the lead; the collection must be in data entry."""
        key = key or ("service" if service_entry else "childrens_trust")
        part = self.part(self.pins[key].part_kind)
        with tenancy.scope(self.organisation):
            response = open_response(part, self.pins[key], by=self.lead, service_entry=service_entry)
            response, _ = save_cells(
                response, cells, seen_version=response.version, by=self.lead, reasons=reasons
            )
        return response

    def response(self, service_entry=None):
        with tenancy.scope(self.organisation):
            return Response.objects.get(part__annual_return=self.annual_return, service_entry=service_entry)

    def confirm_list(self):
        with tenancy.scope(self.organisation):
            actions.confirm_list(self.part(), by=self.lead)

    def complete(self, services=1):
        """Fill everything in: so many services, the list confirmed, the Children's Trust answered."""
        for number in range(services):
            self.add_service(f"Team {number}", FULL_SERVICE)
        self.confirm_list()
        self.answer(FULL_TRUST)
        return self

    def submit(self, kind="services", note=""):
        with tenancy.scope(self.organisation):
            return actions.submit(self.part(kind), by=self.lead, note=note)

    def url(self, name, kind=None):
        """The address of one of our pages."""
        from django.urls import reverse

        where = {"organisation": self.organisation.slug, "collection": self.collection}
        return reverse(f"reports:{name}", kwargs={**where, **({"kind": kind} if kind else {})})


def open_year(organisation, year, lead):
    collection = CollectionFactory(year=year)
    pins = {content["key"]: pinned(collection, content) for content in (SERVICE, TRUST)}
    with tenancy.scope(organisation):
        annual_return = actions.open_return(organisation, collection)
    return ReturnOfYear(annual_return, pins, lead)


@pytest.fixture
def this_year(organisation, lead):
    """The return of 2009/10: both parts open, nothing answered."""
    return open_year(organisation, 2009, lead)


@pytest.fixture
def last_year(organisation, lead, at):
    """The return of 2008/09, open on a day of its own data entry; ``at`` it is the present day again afterwards."""
    at(date(2009, 1, 14))
    found = open_year(organisation, 2008, lead)
    at(date(2010, 1, 14))
    return found
