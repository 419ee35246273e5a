"""What journeys find in the database: an organisation with its people, and a questionnaire half answered."""

from random import Random

from accounts import tenancy
from accounts.models import Organisation, Role
from mapping.returns import actions
from mapping.returns.models import Collection
from questionnaires.actions import Given, open_response, save_cells
from questionnaires.actions.delegations import Asked, delegate
from questionnaires.filling import Surroundings, fill
from questionnaires.models import Response
from questionnaires.queries import context_of, questionnaire_of
from questionnaires.queries.registers import registers_of
from tests.browser.keyboard import REASON, typed
from tests.people import member

TEAM = "Talk shop"
TRAFFORD = "E08000009"
SEED = 1


class Office:
    """An organisation with a return of 2009/10, its lead Ruth Ashworth and Priya Nair, who manages the service."""

    def __init__(self, slug):
        self.organisation = Organisation.objects.get(slug=slug)
        self.lead = member(self.organisation, Role.LEAD, "Ruth Ashworth")
        self.manager = member(self.organisation, Role.CONTRIBUTOR, "Priya Nair")
        with tenancy.scope(self.organisation):
            self.annual_return = self.open_return(2009)

    def open_return(self, year):
        return actions.open_return(self.organisation, Collection.objects.get(year=year))

    def scope(self):
        return tenancy.scope(self.organisation)

    def response_of_service(self, category):
        """The response about a new service, which the manager is asked to answer."""
        with self.scope():
            (entry,) = actions.add_services(
                self.annual_return, [actions.NewService(TEAM, category)], by=self.lead
            )
            response = self._opened("service", entry)
            delegate([response], Asked(self.manager), by=self.lead)
        return response

    def response_of_organisation(self, key):
        with self.scope():
            return self._opened(key)

    def carried_response(self, category):
        """The response about a service that was answered in full a year ago."""
        with self.scope():
            last = self.open_return(2008)
            fields = {"organisation": self.organisation, "collection": last.collection, "name": TEAM}
            owners = {"provider": self.organisation, "lead_organisation": self.organisation}
            service = self.organisation.services.create(reference="S0001")
            entry = last.service_entries.create(service=service, category=category, **fields, **owners)
            before = self._opened("service", entry)
            cells = {cell: {**kept, "o": "typed"} for cell, kept in example(before).answers.items()}
            # 2008/09 is closed: nobody could answer it today.
            Response.objects.filter(pk=before.pk).update(cells=cells)
            actions.carry_list_forward(self.annual_return, by=self.lead)
            response = self._opened("service", self.annual_return.service_entries.get())
            delegate([response], Asked(self.manager), by=self.lead)
        return response

    def _opened(self, key, entry=None):
        annual_return = entry.annual_return if entry else self.annual_return
        pin = annual_return.collection.pins.get(key=key)
        part = annual_return.parts.get(kind=pin.part_kind)
        return open_response(part, pin, by=self.lead, service_entry=entry)

    def left_to_type(self, response, section):
        """Answer a response but for one section; returns what is left as somebody types it, cell to text."""
        with self.scope():
            questionnaire, filled = questionnaire_of(response), example(response)
            own = {question.key for question in questionnaire.section(section).questions}
            left = {cell: kept for cell, kept in filled.answers.items() if cell.partition("|")[0] in own}
            rest = {cell: kept for cell, kept in filled.answers.items() if cell not in left}
            reasons = {
                key: Given(REASON) for key in filled.explanations if key[1].partition("|")[0] not in own
            }
            save_cells(response, rest, seen_version=response.version, by=self.manager, reasons=reasons)
            return typed(left, questionnaire, registers_of(response))

    def to_type(self, response):
        """Answers to all that an organisation is asked, as somebody types them: cell to text."""
        with self.scope():
            return typed(example(response).answers, questionnaire_of(response), registers_of(response))

    def kept(self, response):
        """The response as the database holds it now."""
        with self.scope():
            return Response.objects.get(pk=response.pk)


def example(response):
    """Complete example answers to a response."""
    around = Surroundings(areas=(TRAFFORD,))
    return fill(questionnaire_of(response), context_of(response), Random(SEED), around=around)
